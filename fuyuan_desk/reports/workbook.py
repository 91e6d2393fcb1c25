"""The month book as an Excel file: a sheet for the summary and one for each table, with charts of the same figures."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.inspections.rules.figures import Rate, quantile
from fuyuan_desk.reports.catalogue import wording
from fuyuan_desk.reports.facts import BookFigures, Cell, ReportTable, Spread
from fuyuan_desk.reports.rules import tables as of
from fuyuan_desk.reports.rules.periods import as_of
from fuyuan_desk.reports.rules.summary import summary
from fuyuan_desk.reports.rules.words import FEW, MEDIAN, MOST, cell_text
from fuyuan_desk.workbook.writer import Sheet, SheetChart, Value, workbook_bytes

_HOUR = 60
_DRAWN = {of.ITEMS, of.ESTATES, of.ROUNDS_BY_ESTATE, of.ORGANISATIONS}
"""The tables whose first rate is drawn; of the findings it is what is open."""


def figure_sheets(figures: BookFigures) -> list[Sheet]:
    """Return the sheets, in Chinese as the paper; numbers are numbers, and each rate has its parts beside it."""
    words = wording()["summary"]
    with in_chinese():
        facts = (_fact(title, name, cell) for title, those in summary(figures) for name, cell in those)
        lead = [(words["as_of"], "", as_of(figures), None, None)]
        if figures.orders.organisations:
            lead.append((words["own_time"], "", wording()["own_time"], None, None))
        first = Sheet(words["title"], words["columns"], [*lead, *facts])
        shown = (*of.tables(figures), *((of.months(figures),) if figures.is_recorded else ()))
        return [first, *(_sheet(table) for table in shown)]


def _fact(title: str, name: str, cell: Cell) -> tuple[Value, ...]:
    if isinstance(cell, Rate):
        return (title, _("{what} (%)").format(what=name), *_values(cell))
    return title, name, cell if isinstance(cell, int) else cell_text(cell), None, None


def _sheet(table: ReportTable) -> Sheet:
    kinds = _kinds(table)
    headers = [
        header for title, kind in zip(table.columns, kinds, strict=True) for header in _headers(title, kind)
    ]
    rows = [[value for cell in row for value in _values(cell)] for row in table.rows]
    return Sheet(table.title, headers, rows, _charts(table, headers, kinds))


def _kinds(table: ReportTable) -> list[Cell]:
    """Return a cell of each column: all cells of a column are of one kind."""
    return list(table.rows[0])


def _headers(title: str, cell: Cell) -> list[str]:
    if isinstance(cell, Rate):
        return [
            _("{what} (%)").format(what=title),
            _("{what}: part").format(what=title),
            _("{what}: of").format(what=title),
        ]
    if isinstance(cell, Spread):
        unit = _("hours") if cell.in_minutes else _("days")
        most = _("at most") if cell.worst else _("90 % within")
        return [
            _("{what}: median ({unit})").format(what=title, unit=unit),
            _("{what}: {most} ({unit})").format(what=title, most=most, unit=unit),
            _("{what}: number").format(what=title),
        ]
    return [title]


def _values(cell: Cell) -> Iterator[Value]:
    if isinstance(cell, Rate):
        yield from (None if cell.share is None else round(cell.share * 100, 1), cell.part, cell.whole)
    elif isinstance(cell, Spread):
        values = cell.values
        most = values[-1] if cell.worst and values else quantile(values, MOST)
        # 90 % of a few values would be one value that looks like many
        told = most if cell.worst or len(values) >= FEW else None
        yield from (_number(cell, quantile(values, MEDIAN)), _number(cell, told), len(values))
    else:
        yield cell


def _number(spread: Spread, value: float | None) -> Value:
    return None if value is None else round(value / _HOUR if spread.in_minutes else value, 1)


def _charts(table: ReportTable, headers: Sequence[str], kinds: Sequence[Cell]) -> tuple[SheetChart, ...]:
    if table.key == of.FINDINGS:
        return (SheetChart(headers[3], 3, ""),)
    if table.key not in _DRAWN:
        return ()
    place = next(number for number, cell in enumerate(kinds) if isinstance(cell, Rate))
    return (SheetChart(headers[place], place, "%", 100),)


def write_figures(path: Path, figures: BookFigures, lead: Sequence[str]) -> None:
    """Write the workbook, each sheet with the lines `lead` of its stamp first."""
    write_atomically(path, workbook_bytes(figure_sheets(figures), lead))
