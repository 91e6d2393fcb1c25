"""Charts of the sample office for the tour: each kind of chart, on the screen and on paper, of data that it has.

The grid of states is the room chart, which the tour shows on its own page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.rules.housing import Tenure, label
from fuyuan_desk.estates.service.units import list_units
from fuyuan_desk.formats.charts.data import (
    Bar,
    Bars,
    Chart,
    Curve,
    HeatMap,
    Lane,
    Point,
    Series,
    Span,
    Timeline,
)
from fuyuan_desk.formats.charts.shapes import UNKNOWN, Box, Look, Pattern, Tone
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.job import Tour
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.service.queries import case_detail, list_cases

_ALL = -1
_HEIGHT, _GAP = 58.0, 4.0  # mm, of a chart on paper


def walk(tour: Tour) -> Iterator[Path]:
    """Show bars, curve, heat map and timeline in one picture and on one sheet."""
    from PySide6.QtWidgets import QGridLayout, QWidget

    from fuyuan_desk.widgets.charts.chart_view import ChartView

    board = QWidget()
    board.setProperty("role", "page")
    grid = QGridLayout(board)
    grid.setContentsMargins(24, 16, 24, 16)
    grid.setSpacing(24)
    for number, chart in enumerate(charts(tour)):
        view = ChartView()
        view.set_chart(chart)
        grid.addWidget(view, number // 2, number % 2)
    yield tour.picture("charts", board)
    board.close()
    with in_chinese():
        made = charts(tour)
    yield tour.paper("charts", sheet(made, tour.desk.seat.today()))


def charts(tour: Tour) -> tuple[Chart, ...]:
    """Return the charts of the open office."""
    today = tour.desk.seat.today()
    units = tour.ask(lambda seat: list_units(seat, UnitQuery(), 0, 100_000)).rows
    cases = tour.ask(lambda seat: list_cases(seat, None, 0, _ALL)).rows
    visits = tour.ask(lambda seat: list_visits(seat, None, 0, _ALL)).rows
    started = next(row.id for row in cases if row.fields.status == CaseStatus.UNDER_WAY)
    case = tour.ask(lambda seat: case_detail(seat, started))
    of_case = BookQuery(facets={"subject_kind": SubjectKind.RENOVATION.value, "subject_id": started})
    visited = tour.ask(lambda seat: list_visits(seat, of_case, 0, _ALL)).rows
    return (
        homes_by_tenure([row.tenure for row in units]),
        cases_filed([row.fields.registered_on for row in cases], today),
        visits_by_weekday([row.fields.at.astimezone().date() for row in visits]),
        course_of(case, [row.fields.at.astimezone().date() for row in visited], today),
    )


def homes_by_tenure(tenures: Sequence[str]) -> Bars:
    """Count homes by tenure; those whose tenure nobody entered are counted as unknown."""
    counts = Counter(tenures)
    bars = [Bar(tenure.value, label(tenure), counts[tenure.value], Look(Tone.INFO)) for tenure in Tenure]
    known = {tenure.value for tenure in Tenure}
    unknown = sum(count for tenure, count in counts.items() if tenure not in known)
    return Bars(
        _("Homes by tenure"),
        (*bars, Bar("", _("Not entered"), unknown, UNKNOWN)),
        empty=_("No home yet"),
        unit=_("homes"),
    )


def cases_filed(days: Sequence[date], today: date) -> Curve:
    """Add up the renovations filed, month by month up to this one."""
    counts = Counter((day.year, day.month) for day in days)
    month, last = min(counts, default=(today.year, today.month)), (today.year, today.month)
    points: list[Point] = []
    total = 0
    while month <= last:
        total += counts[month]
        points.append(Point(month, len(points), f"{month[0]}-{month[1]:02}", total))
        month = (month[0] + month[1] // 12, month[1] % 12 + 1)
    return Curve(
        _("Renovations filed"),
        (Series(_("Filed so far"), Look(Tone.ACCENT), tuple(points)),),
        unit=_("cases"),
    )


def visits_by_weekday(days: Sequence[date]) -> HeatMap:
    """Count visits by month and day of the week."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    counts = Counter((day.year, day.month, day.weekday()) for day in days)
    months = sorted({(year, month) for year, month, _weekday in counts})
    return HeatMap(
        _("Visits by day of the week"),
        tuple(f"{year}-{month:02}" for year, month in months),
        names,
        tuple(tuple(counts[(*month, weekday)] for weekday in range(7)) for month in months),
        empty=_("No visit yet"),
        unit=_("visits"),
    )


def course_of(case: CaseDetail, visits: Sequence[date], today: date) -> Timeline:
    """Draw the period of a renovation, its work so far, and the visits to it."""
    planned = Span("planned", _("Period"), case.starts_on, case.ends_on, Look(Tone.NEUTRAL, Pattern.RISING))
    work: tuple[Span, ...] = ()
    if case.started_on is not None:
        work = (Span("work", _("Work"), case.started_on, case.closed_on, Look(Tone.INFO)),)
    lanes = (
        Lane(_("Period"), (planned,)),
        Lane(_("Work"), work),
        Lane(_("Visits"), tuple(Span(day, f"{day:%m-%d}", day, day, Look(Tone.ACCENT)) for day in visits)),
    )
    first, last = min(case.registered_on, case.starts_on, *visits), max(case.ends_on, today, *visits)
    title = _("Course of {number}").format(number=case.number)
    return Timeline(title, lanes, first, last, today)


def sheet(made: Sequence[Chart], day: date) -> bytes:
    """Draw charts below each other on A4."""
    from fuyuan_desk.paper import frame
    from fuyuan_desk.paper.charts import draw_chart
    from fuyuan_desk.paper.drawing import Drawing
    from fuyuan_desk.paper.flow import Block

    def nothing(drawing: Drawing, y: float) -> None:
        """Draw nothing: no two sheets have the same chart."""

    def block(number: int, chart: Chart) -> Block:
        def own(drawing: Drawing, y: float) -> None:
            draw_chart(drawing, chart, Box(frame.LEFT, y + _GAP, frame.CONTENT, _HEIGHT))

        return Block(_HEIGHT + _GAP, ("chart", number), nothing, own)

    blocks: Any = tuple(block(number, chart) for number, chart in enumerate(made))
    title = _("Charts of the sample office")
    return frame.print_sheets([frame.Sheet("", title, None, blocks, "")], title, "", day).pdf
