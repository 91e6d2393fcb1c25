"""Interpreting a workbook as a roster: its tables, their columns, and the households in them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.packed import LONG, PackedList, Rows, long_list
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading import places
from fuyuan_desk.roster.reading.about_tables import about_columns, about_notes
from fuyuan_desk.roster.reading.apart import Found, keep_apart
from fuyuan_desk.roster.reading.blank_rooms import about_blank_rooms
from fuyuan_desk.roster.reading.cells import WORDS, Cell, text_of
from fuyuan_desk.roster.reading.choosing import chosen_twice
from fuyuan_desk.roster.reading.estate_parts import about_parts, about_several, without_own_parts
from fuyuan_desk.roster.reading.extras import offer_extras, with_tags
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, Column, field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.joined_tables import At, in_building_of_others, join_tables
from fuyuan_desk.roster.reading.lanes import about_lanes, with_streets
from fuyuan_desk.roster.reading.meetings import tell_meetings, tell_overlaps, unknown_columns
from fuyuan_desk.roster.reading.merge import merge_tables
from fuyuan_desk.roster.reading.naming import (
    about_areas,
    about_streets,
    about_titles,
    hints_of,
    listed_estates,
    name_estates,
    settle_addresses,
    within_titles,
    without_own_lanes,
)
from fuyuan_desk.roster.reading.parts import Survey, parts_of, survey
from fuyuan_desk.roster.reading.residents import word_for_residents
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, Problem, RosterRow
from fuyuan_desk.roster.reading.table_cells import MOST_PROBLEMS, more_than_listed
from fuyuan_desk.roster.reading.tables import HeaderBudget, find_other_layouts, find_tables, has_header
from fuyuan_desk.roster.reading.titles import is_house, renters_only
from fuyuan_desk.roster.reading.unheld import with_unheld
from fuyuan_desk.roster.reading.years import without_older_years
from fuyuan_desk.workbook.reader import Workbook

SAMPLE_ROWS = 10
_DECIDING = frozenset(("name", "unit", "address", "building"))
Mapping_ = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class TableView:
    """One table as interpreted, for display; row numbers as in Excel."""

    sheet: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    numbers: Sequence[int]
    rows: Sequence[Sequence[Cell]]

    @property
    def first_row(self) -> int:
        """The row number of the first household, as in Excel."""
        return self.numbers[0]

    @property
    def count(self) -> int:
        """The number of household rows."""
        return len(self.numbers)

    @property
    def sample(self) -> tuple[tuple[str, ...], ...]:
        """The first rows as texts, for display."""
        return tuple(
            tuple(text_of(row[column.index]) if column.index < len(row) else "" for column in self.columns)
            for row in self.rows[:SAMPLE_ROWS]
        )


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """A roster ready to be checked or imported, not yet in the store.

    `confirmed` is false if no row names the columns, or not those of names and rooms: they were guessed by content and
    must be confirmed. `folded` are the several estates that the roster itself names, if all its rows were put into one
    and this is not confirmed yet. `of_some`: the word of a title, sheet or file name that says that only some people
    are listed, such as 老年; "" for none. `joined` are the rows of other tables to which rows were joined, by these.
    `parts` are those of its estates that may be a part of one by their names.
    `is_estate_given`: a clerk named the estate, not the list.
    """

    file_name: str
    tables: tuple[TableView, ...]
    rows: Sequence[RosterRow]
    problems: tuple[Problem, ...]
    estates: tuple[str, ...]
    addresses: Mapping[str, str]
    confirmed: bool
    sheets: int
    folded: tuple[str, ...] = ()
    of_some: str = ""
    joined: Mapping[At, At] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    is_estate_given: bool = False

    @property
    def stated(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(column.field for table in self.tables for column in table.columns)


def understand(
    workbook: Workbook,
    estate_name: str = "",
    mapping: Mapping_ | None = None,
    progress: Progress | None = None,
    one_estate: bool = False,
    longest: int = LONG,
) -> RosterDraft:
    """Interpret a workbook as a roster.

    `estate_name` puts all rows into one estate, `one_estate` also those of a roster that names several; `mapping` sets
    fields by sheet name and 0-based column. Tables of more than `longest` rows are read in parts.
    Raises `InvalidInput` with instructions if the file contains no roster, or a field is set for several columns.
    """
    progress = progress or Progress()
    tables: list[Table] = []
    problems: list[Problem] = []
    budget = HeaderBudget(progress)
    for number, sheet in enumerate(workbook.sheets):
        progress.step(number, len(workbook.sheets), sheet.name)
        mapped = (mapping or {}).get(sheet.name)
        of_sheet, told = find_other_layouts(sheet.name, sheet.rows, sheet.merged, mapped)
        if not told:
            of_sheet = find_tables(
                sheet.name, sheet.rows, sheet.merged, mapped, sheet.long, budget, workbook.path.stem
            )
        tables += of_sheet
        problems += told
        if not of_sheet and not told:
            message = _("No roster was found on this sheet; it was skipped.")
            if has_header(sheet.rows, sheet.merged):
                message = _(
                    "This sheet names the columns of a roster, but has no rows below; it was skipped."
                )
            problems.append(Problem(sheet.name, 1, "A", sheet.name, message, INFO))
    if not tables:
        raise _no_roster(workbook, problems)
    for table in tables:
        _refuse_twice(table)
        table.of_residents = word_for_residents(table, workbook.path.stem)
        problems += about_blank_rooms(table)
    problems += offer_extras(tables, workbook, mapping)
    parts = [(table, part) for table in tables for part in parts_of(table, longest)]
    surveys: list[Survey] = []
    for table, part in parts:
        progress.step(len(surveys), len(parts) * 2, table.sheet)
        surveys.append(with_streets(survey(table, part), workbook.path.stem))
    _tell(problems, list(about_lanes(surveys, workbook.path.stem, bool(estate_name.strip()))))
    names, addresses, own, parts_named = name_estates(surveys, workbook, estate_name)
    problems += [*about_parts(parts_named), *about_several(surveys, names, estate_name.strip())]
    found = without_own_parts([one.found for one in surveys], names)
    written = "\n".join([workbook.path.stem, *(table.title for table in tables)])
    streets, lanes = settle_addresses(surveys, names, addresses, written)
    found = without_own_lanes(found, names, lanes)
    problems += about_areas(surveys, names, streets)
    hints = [hints_of(one.table, workbook, named.values()) for one, named in zip(surveys, names, strict=True)]
    hints, borrowed = in_building_of_others(surveys, found, hints)
    problems += borrowed
    found = within_titles(found, hints)
    problems += about_titles(surveys, found, hints)
    found = keep_apart(found, names, [hint[0] for hint in hints])
    rows: Rows[RosterRow] = long_list(sum(len(table.numbers) for table in tables), longest)
    for table in tables:
        problems += about_columns(table)
        _tell(problems, about_notes(table))
    for number, (surveyed, of_part) in enumerate(zip(surveys, found, strict=True)):
        progress.step(len(parts) + number, len(parts) * 2, surveyed.table.sheet)
        reader, of_table = surveyed.opened(), list(of_part)
        read = with_tags(reader, reader.read(of_table, names[number], streets, *hints[number]))
        reader.report_places(of_table)
        rows.extend(merge_tables(reader, read))
        named = partial(_with_buildings, surveyed.table, surveys, found, names)
        _tell(problems, _about_building(surveyed.table, read, named, not surveyed.rows.start))
        _tell(problems, reader.told(read))
    rows, older = without_older_years(rows, [sheet.name for sheet in workbook.sheets])
    settled, more = _whole_houses(rows)
    problems = [one for one in problems if not any(one.sheet == left.sheet for left in older)]
    problems += [*older, *more]
    problems += about_streets(settled, streets)
    settled, unheld = with_unheld(settled, tables)
    _tell(problems, unheld)
    joined = join_tables(settled, tables)
    settled = joined.rows
    _tell(problems, joined.problems)
    _tell(problems, list(tell_meetings(settled, unknown_columns(tables))))
    _tell(problems, list(tell_overlaps(settled)))
    if one_estate and len(own) > 1:
        message = _("The roster names {n} estates: {estates}. All rows were put into «{estate}».")
        message = message.format(n=len(own), estates=listed_estates(own), estate=estate_name)
        problems.append(Problem(tables[0].sheet, tables[0].numbers[0] + 1, "", "", message))
    elif (
        len(own) == 1
        and not streets
        and own[0] not in addresses.values()
        and places.same_estate(own[0]) != places.same_estate(estate_name)
    ):
        message = _("The roster calls the estate «{own}». Its rows were put into «{estate}».")
        message = message.format(own=own[0], estate=estate_name)
        problems.append(Problem(tables[0].sheet, tables[0].numbers[0] + 1, "", own[0], message, INFO))
    order = {name: index for index, name in enumerate(sheet.name for sheet in workbook.sheets)}
    problems.sort(key=lambda problem: (order.get(problem.sheet, len(order)), problem.row))
    return RosterDraft(
        file_name=workbook.path.name,
        tables=tuple(_view(table) for table in tables),
        rows=settled if isinstance(settled, PackedList) else tuple(settled),
        problems=tuple(problems),
        # "" for rows of which no estate is known: they are imported into none
        estates=tuple(dict.fromkeys(row.estate for row in settled if row.estate or not row.fault)),
        addresses={name: address for name, address in addresses.items() if address},
        confirmed=all((mapping or {}).get(table.sheet) or not _unsure(table) for table in tables),
        sheets=len({table.sheet for table in tables}),
        folded=() if one_estate or len(own) < 2 else own,
        of_some=_some_people(tables, workbook),
        joined=joined.to,
        parts=tuple(parts_named),
        is_estate_given=bool(estate_name.strip()),
    )


def _some_people(tables: Sequence[Table], workbook: Workbook) -> str:
    """Return the word for some people only, such as 老年, of the file, or of each sheet, its title or names."""
    words = paths.read_json(*WORDS)["some_people"]
    found = []
    for table in tables:
        title = f"{workbook.path.stem} {table.sheet} {table.title}"
        names = " ".join(column.title for column in table.of("name"))
        of_renters = (
            "" if table.of(OTHER_HOLDER + "name") else renters_only(title)
        )  # 房东, 租客: both are listed
        found.append(next((word for word in words if word in title + names), "") or of_renters)
    return found[0] if all(found) else ""


def _tell(problems: list[Problem], more: Sequence[Problem]) -> None:
    """Add the problems of a table, or a part of one, to those of the file, at most `MOST_PROBLEMS`."""
    room = max(MOST_PROBLEMS - len(problems), 0)
    problems += more[:room]
    if len(more) > room and len(problems) == MOST_PROBLEMS:
        problems.append(replace(more[room], message=more_than_listed()))


def _refuse_twice(table: Table) -> None:
    same = chosen_twice(table.columns)
    if same:
        letters = _(", ").join(column.letter for column in same)
        raise InvalidInput(
            _(
                "Sheet {sheet}: the columns {letters} all stand for “{field}”, which only one column can. "
                "Choose something else for the others, for instance “Add to the remarks”."
            ).format(sheet=table.sheet, letters=letters, field=field_label(same[0].field))
        )


def refuse_unconfirmed(draft: RosterDraft) -> None:
    """Raise `InvalidInput` for a roster whose guessed columns, or whose one estate for several, are not confirmed."""
    if draft.folded:
        raise InvalidInput(
            _(
                "{name} names {n} estates: {estates}. They would all become «{estate}». Import it without naming an "
                "estate, or confirm that all rows belong to this one (--one-estate)."
            ).format(
                name=draft.file_name,
                n=len(draft.folded),
                estates=listed_estates(draft.folded),
                estate=_(", ").join(draft.estates),
            )
        )
    if draft.confirmed:
        return
    raise InvalidInput(_unconfirmed(draft))


def estate_missing(draft: RosterDraft, of_all: str) -> str:
    """Return what to do about sheets that name no estate beside others that do, `of_all` if none does; else ""."""
    if all(draft.estates) or not any(draft.estates):
        return "" if any(draft.estates) else of_all
    sheets = dict.fromkeys(row.sheet for row in draft.rows if not row.estate and not row.fault)
    message = _(
        "{name} does not name the estate of each sheet: {sheets}. Write it above the rows there, then choose the file "
        "again."
    )
    return message.format(name=draft.file_name, sheets=_(", ").join(sheets))


def _unconfirmed(draft: RosterDraft) -> str:
    """Return why the columns of a draft must be confirmed, and what to do."""
    table = next(table for table in draft.tables if _unsure(table))
    guessed = _(", ").join(f"{column.letter} = {field_label(column.field)}" for column in _unsure(table))
    message = _(
        "Sheet {sheet} of {name} has no row that names its columns. Insert a first row such as "
        "门牌号, 室号, 姓名, 电话 – or choose the columns in the import window (guessed: {guessed})."
    )
    if table.header_rows:
        message = _(
            "Sheet {sheet} of {name} does not say in its titles which column contains names and rooms. Write titles "
            "such as 门牌号, 室号, 姓名 above the columns – or choose them in the import window (guessed: {guessed})."
        )
    return message.format(sheet=table.sheet, name=draft.file_name, guessed=guessed)


def _unsure(table: Table | TableView) -> list[Column]:
    """Return the columns that decide about names, rooms or buildings only by what their cells look like."""
    if not table.header_rows:
        return [column for column in table.columns if column.field]
    return [column for column in table.columns if column.guessed and column.field in _DECIDING]


def _no_roster(workbook: Workbook, problems: Sequence[Problem]) -> InvalidInput:
    why = next((problem for problem in problems if problem.severity == WARNING), None)
    if why is not None:
        message = _("Sheet {sheet} of {name}: {why}")
        return InvalidInput(message.format(sheet=why.sheet, name=workbook.path.name, why=why.message))
    if any(has_header(sheet.rows, sheet.merged) for sheet in workbook.sheets):
        message = _("{name} names the columns of a roster, but has no rows below. Choose the filled file.")
        return InvalidInput(message.format(name=workbook.path.name))
    return InvalidInput(
        _(
            "No roster was found in {name}: no row names columns such as 门牌号, 室号 and 姓名. "
            "Choose the file of the roster, or write the names of the columns above the first household."
        ).format(name=workbook.path.name)
    )


def _view(table: Table) -> TableView:
    header = tuple(number + 1 for number in table.header_rows)
    first, last = table.numbers[0] + 1, table.numbers[-1] + 1
    whole = range(first, last + 1)
    is_whole = len(whole) == len(table.numbers)
    numbers = whole if is_whole else [number + 1 for number in table.numbers]
    return TableView(table.sheet, header, tuple(table.columns), numbers, table.rows)


def _about_building(
    table: Table, rows: Sequence[RosterRow], named: Callable[[], Collection[str]], is_first: bool
) -> list[Problem]:
    """Return a problem for each row without a building, or one for them all if no row, title or sheet names one.

    `named` returns the estates of which rows of the table name a building.
    """
    alone = [row for row in rows if row.unit and row.building == row.estate and not row.fault]
    if not alone:
        return []
    if estates := named():
        message = _(
            "This row names no building, but others do: the room was put into one that is called as the estate. Enter "
            "the building."
        )
        column = next((column.letter for field in ("building", "unit") for column in table.of(field)), "")
        return [
            Problem(
                row.sheet,
                row.row,
                column,
                row.unit,
                message,
                field="building",
                home=row.home,
            )
            for row in alone
            if row.estate in estates and places.use_by_label(row.unit) is None
        ]
    if not is_first or len(alone) < len(rows) or is_house(alone[0].estate):
        return []
    message = _(
        "No building is named, so the rooms were put into one that is called «{estate}». If there are several, add a "
        "column with the building."
    )
    return [Problem(table.sheet, alone[0].row, "", "", message.format(estate=alone[0].estate))]


def _with_buildings(
    table: Table, surveys: Sequence[Survey], found: Found, names: Sequence[Mapping[str, str]]
) -> frozenset[str]:
    """Return the estates of which rows of a table, also in other parts of it, name a building."""
    return frozenset(
        named[estate]
        for one, of_part, named in zip(surveys, found, names, strict=True)
        if one.table is table
        for estate, building in {(place.estate, place.building) for place in of_part}
        if building and building != named[estate]
    )


def _whole_houses(rows: Rows[RosterRow]) -> tuple[Rows[RosterRow], list[Problem]]:
    """Treat a building without rooms as one unit; a missing room among others is a fault."""
    if all(row.unit for row in rows):
        return rows, []
    with_rooms = {(row.estate, row.building) for row in rows if row.unit}
    settled: Rows[RosterRow] = long_list(len(rows))
    problems = []
    for row in rows:
        if row.unit or row.fault:
            settled.append(row)
            continue
        if (row.estate, row.building) in with_rooms or row.building == row.estate:
            fault = _("The room or part is missing. Enter it, for example 501室 or 亭子间.")
            problems.append(Problem(row.sheet, row.row, "", row.building, fault, ERROR, home=row.home))
            settled.append(row._replace(fault=fault))
            continue
        message = _("No room or part is given; the household was assigned to the whole house.")
        whole = row._replace(unit=places.WHOLE_HOUSE)
        problems.append(Problem(row.sheet, row.row, "", row.building, message, WARNING, home=whole.home))
        settled.append(whole)
    return settled, problems
