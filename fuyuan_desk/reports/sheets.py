"""The month book and the list of what is not done on paper, with signatures; wording in `resources/forms/`."""

from collections.abc import Iterator, Sequence
from typing import Any

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.formats.charts.layout import extent
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.inspections.rules.not_done import SheetOut
from fuyuan_desk.paper import frame, table
from fuyuan_desk.paper.charts import BEST, draw_chart, ruler
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import FRAME, Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact
from fuyuan_desk.reports.catalogue import not_done_wording, wording
from fuyuan_desk.reports.facts import MonthBook, NotDone, ReportTable
from fuyuan_desk.reports.rules.charts import charts
from fuyuan_desk.reports.rules.periods import as_of
from fuyuan_desk.reports.rules.summary import summary
from fuyuan_desk.reports.rules.tables import tables
from fuyuan_desk.reports.rules.words import cell_text
from fuyuan_desk.workorders.facts import OpenOrder

_SIZE, _ROW = 9.0, 6.4
_GAP = 4.0
_LEAST_CHART = 24.0
_SIGNING = 22.0
_LABEL = 38.0
_NUMBER = 9.0
_PARTS = {
    "rounds": (_NUMBER, 24.0, 25.0, 27.0, 17.0, 17.0, 16.0, 15.0),
    "findings": (_NUMBER, 24.0, 26.0, 45.0, 17.0, 14.0, 22.0),
    "orders": (_NUMBER, 20.0, 26.0, 36.0, 28.0, 18.0, 18.0),
    "sheets": (_NUMBER, 28.0, 26.0, 34.0, 19.0, 17.0, 21.0),
}
"""The widths (mm) of the columns of the list of what is not done; the last one, to write in, takes the rest."""
_TO_WRITE = 9.0


def month_book(book: MonthBook) -> Printed:
    """Draw the month book of a month, a quarter or a year."""
    words = wording()
    with in_chinese():
        blocks = tuple(_blocks(book, words))
    title = _title(book, words)
    made = book.made.astimezone()
    aside = words["made"].format(time=f"{made:%Y-%m-%d %H:%M}")
    sheet = frame.Sheet(book.office, title, None, blocks, words["note"], aside)
    return frame.print_sheets([sheet], title, book.office, made.date())


def _title(book: MonthBook, words: dict[str, Any]) -> str:
    period = book.period
    kind = "month" if period.month is not None else "year" if period.quarter is None else "quarter"
    title: str = words["titles"][kind].format(year=period.year, month=period.month, quarter=period.quarter)
    return title


def _blocks(book: MonthBook, words: dict[str, Any]) -> Iterator[Block]:
    figures, whole = book.figures, Columns((frame.LEFT, frame.RIGHT))
    scope = (
        Fact(words["scope"]["label"], figures.estate or words["scope"]["all"], wide=True),
        Fact(words["scope"]["as_of"], as_of(figures), wide=True),
        *(
            [Fact(words["scope"]["own_time"], words["own_time"], wide=True)]
            if figures.orders.organisations
            else []
        ),
    )
    yield from table.facts(scope, frame.LEFT, frame.CONTENT, _LABEL)
    for title, facts in summary(figures):
        yield table.bar(whole, title)
        told = (Fact(name, cell_text(cell)) for name, cell in facts)
        yield from table.facts(told, frame.LEFT, frame.CONTENT, _LABEL)
    for number, chart in enumerate(charts(figures)):
        yield _chart(number, chart)
    for one in tables(figures):
        yield _space()
        yield from _table(one)
    yield _space()
    yield _signatures(words)


def _nothing(_drawing: Drawing, _y: float) -> None:
    """Draw nothing: no two books share a chart."""


def _chart(number: int, chart: Chart) -> Block:
    height = max(extent(chart, frame.CONTENT, _LEAST_CHART, ruler(BEST))[1], _LEAST_CHART)

    def own(drawing: Drawing, y: float) -> None:
        draw_chart(drawing, chart, Box(frame.LEFT, y + _GAP, frame.CONTENT, height))

    return Block(round(height + _GAP, 2), ("chart", number, round(height, 2)), _nothing, own)


def _space() -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        drawing.rule(frame.LEFT, y + _GAP, frame.RIGHT, y + _GAP, FRAME)  # the upper edge of what follows

    return Block(_GAP, ("space",), fixed, keep=True)


def _table(shown: ReportTable) -> Iterator[Block]:
    whole = sum(shown.widths)
    columns = Columns.of(frame.LEFT, *(frame.CONTENT * width / whole for width in shown.widths))
    yield table.bar(columns, shown.title)
    yield table.head(columns, shown.columns, shown.key)
    for row in shown.rows:
        texts = [cell_text(cell) for cell in row]
        yield _row(columns, texts, [isinstance(cell, str) for cell in row], shown.key)


def _row(
    columns: Columns, texts: Sequence[str], is_text: Sequence[bool], section: str, least: float = _ROW
) -> Block:
    height = max(
        table.room(text, Style.SANS, _SIZE, columns.span(index)[1], least) for index, text in enumerate(texts)
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = columns.span(index)
            side = "left" if is_text[index] else "right"
            drawing.cell(x, y, width, height, text, Style.SANS, _SIZE, side, pad=1.0)

    return Block(height, ("row", columns, round(height, 2)), fixed, own, section=section)


def _signatures(words: dict[str, Any]) -> Block:
    names = words["signatures"]
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(names)] * len(names))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, _SIGNING)
        for index, name in enumerate(names):
            x, width = columns.span(index)
            drawing.text(x + 1.6, y + 4.6, name, Style.SANS, table.LABEL)
            drawing.text(
                x + width - 2,
                y + _SIGNING - 2.2,
                words["signature_date"],
                Style.SANS,
                table.LABEL,
                "right",
            )

    return Block(_SIGNING, ("signatures",), fixed)


# --- what is not done


def not_done_sheet(found: NotDone) -> Printed:
    """Draw the list of what is not done: a part each for rounds, findings, orders and sheets that belong to it."""
    words = not_done_wording()
    made = found.made.astimezone()
    aside = words["made"].format(time=f"{made:%Y-%m-%d %H:%M}")
    with in_chinese():
        blocks = tuple(_not_done(found, words))
    sheet = frame.Sheet(found.office, words["title"], None, blocks, words["note"], aside)
    return frame.print_sheets([sheet], words["title"], found.office, made.date())


def _not_done(found: NotDone, words: dict[str, Any]) -> Iterator[Block]:
    scope, everything = words["scope"], words["scope"]["all"]
    told = (
        Fact(scope["estate"], found.estate or everything),
        Fact(scope["day"], found.day.isoformat()),
        Fact(scope["organisation"], found.organisation or everything),
        Fact(scope["person"], found.person or everything),
    )
    yield from table.facts(told, frame.LEFT, frame.CONTENT)
    for key, rows in not_done_rows(found, words).items():
        yield _space()
        yield from _part(key, rows, words)
    yield _space()
    yield _signatures(words)


def not_done_rows(found: NotDone, words: dict[str, Any]) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each part as texts, without their numbers; parts that do not belong to it are left out."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    if found.rounds is not None:
        rows["rounds"] = [
            (
                found.estates.get(one.estate_id, ""), one.place, one.plan, one.day.isoformat(),
                one.latest_on.isoformat(), _round_state((found.day - one.latest_on).days, words), one.lead,
            )
            for one in found.rounds
        ]  # fmt: skip
    if found.findings is not None:
        rows["findings"] = [
            (
                found.estates.get(one.estate_id, ""), one.place, one.text, one.begun.isoformat(),
                str((found.day - one.begun).days), found.orders_of.get(place, ""),
            )
            for place, one in enumerate(found.findings)
        ]  # fmt: skip
    rows["orders"] = [_order(one, found, words["orders"]) for one in found.orders]
    if found.sheets is not None:
        rows["sheets"] = [
            (
                one.number, found.estates.get(one.estate_id, ""), one.place, one.printed_on.isoformat(),
                one.lead or words["sheets"]["nobody"], _back_by(one, found, words["sheets"]),
            )
            for one in found.sheets
        ]  # fmt: skip
    return rows


def _round_state(late: int, words: dict[str, Any]) -> str:
    return str(words["rounds"]["missed"].format(days=late) if late > 0 else words["rounds"]["due"])


def _order(one: OpenOrder, found: NotDone, words: dict[str, Any]) -> tuple[str, ...]:
    due = _due(one, words)
    state = one.status.label
    if one.is_returned:
        state = words["returned"]
    elif one.paused_at is not None:
        state = words["paused"].format(state=state, day=one.paused_at.astimezone())
    if one.is_overdue:
        state = words["overdue"].format(state=state)
    place = f"{found.estates.get(one.estate_id, '')} {one.place}".strip()
    return one.number, place, one.title, f"{one.organisation} {one.person}".strip(), due, state


def _due(one: OpenOrder, words: dict[str, Any]) -> str:
    if one.due_at is not None:
        return f"{one.due_at.astimezone():%Y-%m-%d\n%H:%M}"
    return str(words["unknown" if one.paused_at is None else "stands"])


def _back_by(one: SheetOut, found: NotDone, words: dict[str, Any]) -> str:
    if one.back_by is None:
        return str(words["no_day"])
    late = (found.day - one.back_by).days
    return one.back_by.isoformat() + (words["late"].format(days=late) if late > 0 else "")


def _part(key: str, rows: Sequence[Sequence[str]], words: dict[str, Any]) -> Iterator[Block]:
    widths = _PARTS[key]
    columns = Columns.of(frame.LEFT, *widths, frame.CONTENT - sum(widths))
    title = words["bar"].format(title=words[key]["title"], count=len(rows))
    yield table.bar(columns, title)
    if not rows:
        yield table.passage(
            Columns.of(frame.LEFT, _NUMBER, frame.CONTENT - _NUMBER), "", words["nothing"], _SIZE
        )
        return
    yield table.head(columns, words[key]["columns"], key)
    for number, row in enumerate(rows, 1):
        texts = (str(number), *row, "")
        yield _row(columns, texts, [True] * len(texts), key, _TO_WRITE)
