"""The month book on paper: summary, charts, tables of items and estates, signatures; wording in `resources/forms/`."""

from collections.abc import Iterator, Sequence
from typing import Any

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.formats.charts.layout import extent
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.paper import frame, table
from fuyuan_desk.paper.charts import BEST, draw_chart, ruler
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import FRAME, Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact
from fuyuan_desk.reports.catalogue import wording
from fuyuan_desk.reports.facts import MonthBook
from fuyuan_desk.reports.rules import charts, estate_rows, item_rows, summary

_SIZE, _ROW = 9.0, 6.4
_GAP = 4.0
_LEAST_CHART = 24.0
_SIGNING = 22.0
_ITEMS = (104.0, 18.0, 18.0)
_ESTATES = (76.0, 22.0, 18.0, 18.0)
_LABEL = 34.0


def month_book(book: MonthBook) -> Printed:
    """Draw the month book of a month or a year."""
    words = wording()
    with in_chinese():
        blocks = tuple(_blocks(book, words))
    title = words["titles"]["year" if book.period.month is None else "month"].format(
        year=book.period.year, month=book.period.month
    )
    made = book.made.astimezone()
    aside = words["made"].format(time=f"{made:%Y-%m-%d %H:%M}")
    sheet = frame.Sheet(book.office, title, None, blocks, words["note"], aside)
    return frame.print_sheets([sheet], title, book.office, made.date())


def _blocks(book: MonthBook, words: dict[str, Any]) -> Iterator[Block]:
    figures, whole = book.visits, Columns((frame.LEFT, frame.RIGHT))
    yield table.bar(whole, words["bars"]["summary"])
    scope = Fact(words["scope"]["label"], figures.estate or words["scope"]["all"], wide=True)
    yield from table.facts(
        (scope, *(Fact(label, text) for label, text in summary(figures))), frame.LEFT, frame.CONTENT, _LABEL
    )
    if not figures.visits:
        yield table.passage(
            Columns.of(frame.LEFT, _LABEL, frame.CONTENT - _LABEL), "", words["nothing"], _SIZE
        )
    for number, chart in enumerate(charts(figures)):
        yield _chart(number, chart)
    yield _space()
    yield from _table(words["tables"]["items"], item_rows(figures), _ITEMS)
    yield _space()
    yield from _table(words["tables"]["estates"], estate_rows(figures), _ESTATES)
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


def _table(words: dict[str, Any], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> Iterator[Block]:
    columns = Columns.of(frame.LEFT, *widths, frame.CONTENT - sum(widths))
    yield table.bar(columns, words["title"])
    yield table.head(columns, words["columns"], words["title"])
    for row in rows:
        yield _row(columns, [str(value) for value in row], words["title"])


def _row(columns: Columns, texts: Sequence[str], section: str) -> Block:
    height = max(
        table.room(text, Style.SANS, _SIZE, columns.span(index)[1], _ROW) for index, text in enumerate(texts)
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)

    def own(drawing: Drawing, y: float) -> None:
        for index, text in enumerate(texts):
            x, width = columns.span(index)
            drawing.cell(x, y, width, height, text, Style.SANS, _SIZE, "left" if index == 0 else "right")

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
