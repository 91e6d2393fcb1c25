"""A checklist as an Excel file, written and read back word for word."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isclose
from pathlib import Path

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.catalogue import WorkbookColumn, workbook_columns
from fuyuan_desk.inspections.rules.checklists import ItemFault, TypedItem, item_faults, tidied, tidy
from fuyuan_desk.workbook.reader import Sheet as ReadSheet
from fuyuan_desk.workbook.reader import Workbook, read_workbook
from fuyuan_desk.workbook.writer import Sheet, workbook_bytes

_LEAD = 12  # the heading stands below the lines of a stamp, not further down
_MOST_TOLD = 20


@dataclass(frozen=True)
class RowFault:
    """What was not understood: the row as Excel counts it, its column, and what to do."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class ReadChecklist:
    """The items of a file, none if any row was not understood."""

    items: tuple[TypedItem, ...]
    faults: tuple[RowFault, ...] = ()


def checklist_sheet(items: Sequence[TypedItem]) -> Sheet:
    """Return a checklist as a worksheet."""
    layout = workbook_columns()
    rows = [[_cell(column, item) for column in layout.columns] for item in map(tidied, items)]
    return Sheet(layout.sheet, [column.name for column in layout.columns], rows)


def write_checklist(path: Path, items: Sequence[TypedItem], lead: Sequence[str]) -> None:
    """Write a checklist with the lines `lead` of its export first."""
    write_atomically(path, workbook_bytes([checklist_sheet(items)], lead))


def _cell(column: WorkbookColumn, item: TypedItem) -> str:
    value = getattr(item, column.field)
    code = ("yes" if value else "no") if isinstance(value, bool) else value
    return column.words.get(code, code)


def read_checklist(
    path: Path, known: Sequence[TypedItem], new_key: Callable[[], str], is_known: Callable[[str], bool]
) -> ReadChecklist:
    """Read a checklist from a file; see `checklist_in`.

    Raises `InvalidInput` for a file that is no checklist, `Unusable` for one that cannot be read.
    """
    return checklist_in(read_workbook(path), known, new_key, is_known)


def checklist_in(
    book: Workbook, known: Sequence[TypedItem], new_key: Callable[[], str], is_known: Callable[[str], bool]
) -> ReadChecklist:
    """Return the checklist in a workbook.

    An item keeps its key, by which what failed is looked at again: the one in its row, or that of the item among those
    `known` that is worded alike; else it gets a new one. `is_known` tells known citations.
    """
    found = next(filter(None, map(_heading, book.sheets)), None)
    if found is None:
        names = "、".join(sorted(workbook_columns().needed))
        text = _(
            "The file {name} is no checklist: no row has the headings {columns}. Export one to see the form."
        )
        raise InvalidInput(text.format(name=book.path.name, columns=names))
    sheet, at, columns = found
    faults: list[RowFault] = []
    items: list[TypedItem] = []
    numbers: list[int] = []
    keys = {(item.group, item.text): item.key for item in map(tidied, known)}
    for number, row in enumerate(sheet.rows[at + 1 :], at + 2):
        cells = {column.field: (column, _text(row, place)) for place, column in columns.items()}
        if any(text for _column, text in cells.values()):
            item, wrong = _item(cells)
            faults += [replace(fault, row=number) for fault in wrong]
            items.append(
                item if item.key else replace(item, key=keys.pop((item.group, item.text), "") or new_key())
            )
            numbers.append(number)
    names_of = {column.field: column.name for column in columns.values()}
    faults += _row_faults(item_faults(items, is_known), numbers, names_of, {fault.row for fault in faults})
    return ReadChecklist(() if faults else tuple(items), tuple(faults))


def _heading(sheet: ReadSheet) -> tuple[ReadSheet, int, dict[int, WorkbookColumn]] | None:
    """Return the row of headings of a sheet and which column stands where, None if it has no such row."""
    layout = workbook_columns()
    by_name = {column.name: column for column in layout.columns}
    for at, row in enumerate(sheet.rows[:_LEAD]):
        names = [_text(row, place) for place in range(len(row))]
        if layout.needed <= set(names):
            return sheet, at, {place: by_name[name] for place, name in enumerate(names) if name in by_name}
    return None


def _text(row: Sequence[object], place: int) -> str:
    """Return a cell as a text; a number as it is read in the cell, 1 rather than 1.0 and 0.3 rather than 0.30…04."""
    value = row[place] if place < len(row) else None
    if value is None:
        return ""
    if isinstance(value, float):
        rounded = f"{value:.6f}".rstrip("0").rstrip(".")
        return rounded if isclose(value, float(rounded)) else f"{Decimal(repr(value)):f}"
    return tidy(str(value))


def _item(cells: Mapping[str, tuple[WorkbookColumn, str]]) -> tuple[TypedItem, list[RowFault]]:
    values: dict[str, str | bool] = {}
    faults = []
    for field, (column, text) in cells.items():
        if not column.words:
            values[field] = text
            continue
        codes = {word: code for code, word in column.words.items()}
        if text in codes:
            values[field] = codes[text]
        elif text:
            offered = _(", ").join(word for word in column.words.values() if word)
            said = _("“{text}” is none of: {words}. Write one of these.").format(text=text, words=offered)
            faults.append(RowFault(0, column.name, said))
    if "mandatory" in values:
        values["mandatory"] = values["mandatory"] == "yes"
    return tidied(TypedItem(**{"key": "", **values})), faults  # type: ignore[arg-type]  # texts but for one


def _row_faults(
    faults: Collection[ItemFault], rows: Sequence[int], names: Mapping[str, str], told: Collection[int]
) -> Iterator[RowFault]:
    """Yield the faults of items by row; a row whose words were not understood is told of once."""
    for fault in faults:
        row = rows[fault.place] if fault.place >= 0 else 0
        if row not in told or not row:
            yield RowFault(row, names.get(fault.field, ""), fault.message)


def told(faults: Sequence[RowFault]) -> str:
    """Return what was not understood in words, a line for each, the first ones if there are many."""
    lines = [_fault_text(fault) for fault in faults[:_MOST_TOLD]]
    more = len(faults) - len(lines)
    if more:
        lines.append(numbered(more, N_("and {n} more"), N_("and {n} more")))
    return "\n".join(lines)


def _fault_text(fault: RowFault) -> str:
    if not fault.row:
        return fault.message
    where = _("Row {n}").format(n=fault.row)
    return f"{where} {fault.column}: {fault.message}" if fault.column else f"{where}: {fault.message}"
