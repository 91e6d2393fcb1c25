"""Rows that name nobody: their home is imported, what else they say is kept as a row not imported; pure functions."""

from collections.abc import Mapping, Sequence

from fuyuan_desk.core.packed import Rows, long_list
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.no_names import Said, said_by
from fuyuan_desk.roster.reading.people import is_name
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterRow
from fuyuan_desk.roster.reading.whose import is_former, is_somebody_else


def with_unheld(rows: Rows[RosterRow], tables: Sequence[Table]) -> tuple[Rows[RosterRow], list[Problem]]:
    """Return the rows, with a faulty one more for each that names nobody but tells of people, and what is told.

    Remarks, contacts and tags are a household's. What unknown columns say of homes without a household is told once a
    sheet; so are sheets that name nobody at all. Tables without a column of names are told at their columns.
    """
    columns = {table.sheet: column for table in tables for column in table.of("name")}
    silent = {row.sheet for row in rows if not row.name and not row.fault and row.sheet in columns}
    if not silent:
        return rows, []
    naming = {row.sheet for row in rows if row.name}
    found: Rows[RosterRow] = long_list(len(rows))
    problems: list[Problem] = []
    rest: dict[str, list[int]] = {}
    for row in rows:
        found.append(row)
        if row.name or row.fault or row.sheet not in naming or row.sheet not in columns:
            continue
        if _says_of_people(row):
            problems.append(_problem(row, columns[row.sheet], _kept()))
            found.append(row._replace(fault=_kept()))
        elif _words(row):
            rest.setdefault(row.sheet, []).append(row.row)
    return found, [
        *problems,
        *_about_rest(rest, columns),
        *_about_nobody(rows, silent - naming, columns),
    ]


def _kept() -> str:
    return _(
        "Nobody is named here, so only the home was imported. What else stands in this row is kept with it: enter the "
        "holder, or note it elsewhere."
    )


def _problem(row: RosterRow, column: Column, message: str) -> Problem:
    return Problem(row.sheet, row.row, column.letter, "", message, WARNING, column.field, row.home)


def _about_rest(rest: Mapping[str, Sequence[int]], columns: Mapping[str, Column]) -> list[Problem]:
    return [
        Problem(
            sheet,
            numbers[0],
            columns[sheet].letter,
            "",
            numbered(
                len(numbers),
                N_("In {n} row nobody is named; what its unknown columns say is not imported."),
                N_(
                    "In {n} rows nobody is named, from this one on; what their unknown columns say is not imported."
                ),
            ),
            INFO,
        )
        for sheet, numbers in rest.items()
    ]


def _about_nobody(rows: Rows[RosterRow], sheets: set[str], columns: Mapping[str, Column]) -> list[Problem]:
    message = _("No row names anybody; the homes are imported without households, and nothing about people.")
    first: dict[str, RosterRow] = {}
    for row in rows if sheets else ():
        if row.sheet in sheets:
            first.setdefault(row.sheet, row)
    return [Problem(sheet, row.row, columns[sheet].letter, "", message) for sheet, row in first.items()]


def _words(row: RosterRow) -> list[str]:
    """Return the parts of the remarks but for what says why nobody is named: 空关, 未售."""
    parts = filter(None, row.remarks.split("；"))
    return [part for part in parts if said_by(part) not in (Said.VACANT, Said.STATE)]


def _says_of_people(row: RosterRow) -> bool:
    return bool(row.contact or row.tags) or any(map(_is_of_people, _words(row)))


def _is_of_people(part: str) -> bool:
    title, colon, text = part.partition("：")
    return not colon or is_former(title) or is_somebody_else(title) or is_name(text)
