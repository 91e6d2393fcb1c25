"""Rows that were not imported, read again as a roster of their own after a clerk corrected them; pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.facts import Cell, TableColumns, UnimportedList
from fuyuan_desk.roster.reading.cells import WORDS
from fuyuan_desk.roster.reading.header_words import match_word
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.rows import ERROR
from fuyuan_desk.workbook.parser import Row
from fuyuan_desk.workbook.reader import Sheet, Workbook

_FIRST_ROW = 2  # below the headers, as in Excel
Place = tuple[str, int]


@dataclass(frozen=True)
class KeptDraft:
    """Rows read again, each with its place in the draft by its key in the store."""

    draft: RosterDraft
    places: Mapping[int, Place]

    def fault_of(self, key: int) -> str | None:
        """Return why a row cannot be imported, "" if it can, None if no household was found in it."""
        sheet, row = self.places[key]
        faults = [one.fault for one in self.draft.rows if (one.sheet, one.row) == (sheet, row)]
        return next(filter(None, faults), "") if faults else None


def read_kept(kept: UnimportedList, cells: Mapping[int, Sequence[Cell]]) -> KeptDraft:
    """Read the rows with these cells, by their key, with the columns as they were.

    Raises `InvalidInput` if no household is left in them.
    """
    sheets: list[Sheet] = []
    mapping: dict[str, dict[int, str]] = {}
    places: dict[int, Place] = {}
    for index, table in enumerate(kept.tables):
        of_table = [row.id for row in kept.rows if row.table == index and row.id in cells]
        if not of_table:
            continue
        name = _free_name(table.sheet, mapping)
        rows: list[Row] = [list(map(_as_read, cells[key])) for key in of_table]
        sheets.append(Sheet(name, [_titles(table), *rows]))
        mapping[name] = {number: field for number, (field, _title) in enumerate(table.columns)}
        places |= {key: (name, number) for number, key in enumerate(of_table, _FIRST_ROW)}
    draft = understand(Workbook(Path(kept.file_name), tuple(sheets)), mapping=mapping)
    return KeptDraft(_without_whole_houses(draft), places)


def _without_whole_houses(draft: RosterDraft) -> RosterDraft:
    """Return a draft in which a row without a room is faulty: alone it would be taken for a house without rooms."""
    alone = _("No room or part is given; the household was assigned to the whole house.")
    missing = _("The room or part is missing. Enter it, for example 501室 or 亭子间.")
    places = {(one.sheet, one.row) for one in draft.problems if one.message == alone}
    if not places:
        return draft
    return replace(
        draft,
        rows=tuple(
            row._replace(unit="", fault=missing) if (row.sheet, row.row) in places else row
            for row in draft.rows
        ),
        problems=tuple(
            replace(one, message=missing, severity=ERROR) if one.message == alone else one
            for one in draft.problems
        ),
    )


def only(kept: KeptDraft, keys: Sequence[int]) -> RosterDraft:
    """Return the draft with these rows alone, and with what is told of them."""
    wanted = {kept.places[key] for key in keys}
    rows = tuple(row for row in kept.draft.rows if (row.sheet, row.row) in wanted)
    problems = tuple(one for one in kept.draft.problems if (one.sheet, one.row) in wanted)
    estates = tuple(dict.fromkeys(row.estate for row in rows))
    return replace(kept.draft, rows=rows, problems=problems, estates=estates)


def _free_name(sheet: str, taken: Mapping[str, object]) -> str:
    number, name = 1, sheet
    while name in taken:
        number += 1
        name = f"{sheet} ({number})"
    return name


def _titles(table: TableColumns) -> Row:
    """Return headers that the reader recognises: a column's own, or the first word for its field."""
    words: Mapping[str, Sequence[str]] = paths.read_json(*WORDS)["columns"]
    return [
        title if match_word(title)[0] or field not in words else words[field][0]
        for field, title in table.columns
    ]


def _as_read(cell: Cell) -> str | float | int | bool:
    # a number that is kept whole was a float in the file
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
