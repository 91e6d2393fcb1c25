"""What became of each cell of a roster's row, for display with personal data masked; pure functions."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, UnitUse
from fuyuan_desk.estates.rules.housing import label as housing_label
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.formats.names import half_width, mask_name
from fuyuan_desk.roster.reading.cells import Cell, is_blank, is_vacant, listed, text_of
from fuyuan_desk.roster.reading.headers import IGNORED, OTHER_HOLDER, Column, column_letter, field_label
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.reader import RosterDraft, TableView
from fuyuan_desk.roster.reading.rows import Problem, RosterPerson, RosterRow

HIDDEN = "***"
_PLACE = ("estate", "building", "entrance", "floor", "unit")
# columns of these add to the label of the building or the room
_ADDED = {"zone": "building", "sublane": "building", "part": "unit"}
_ADDRESSED = (*_PLACE, "address", "road", "lane", *_ADDED)
_WITH_FLOOR = frozenset(("floor", "unit", "address"))
# fields of which the value is told by the place, by the people or with the value of another
_TOLD_APART = frozenset((*_ADDRESSED, "name", "phone", "id", "remark", "contact", "vacant", "relation", ""))
_PLAIN_ID = 6  # a shorter document number may stand in any telephone
_NOT_KEPT = frozenset((IGNORED, "seq"))
_HUNDREDTHS = frozenset(("area", "inner_area", "fund_first", "fund_balance"))
# characters that an address gains or loses when it is read
_LOOSE = str.maketrans("", "", " \t\n()[]{}-_/.,:;*号室楼幢栋座层单元弄路#")


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell of a row: its column, its masked text, and what it became, such as “Room or part: 101室”.

    `index` is the 0-based column; `is_masked`: the text hides something; `problems` are the messages about the cell.
    """

    index: int
    title: str
    field: str
    text: str
    is_masked: bool
    became: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def name(self) -> str:
        """The column as it is called in the file: C 房号."""
        return f"{column_letter(self.index)} {self.title}".strip()


class _Line(NamedTuple):
    # a row of the file, the households that it became, and the fields that its cells give
    row: int
    cells: Sequence[Cell]
    households: Sequence[RosterRow]
    given: frozenset[str]


def without_unknown(cells: Sequence[CellReading]) -> tuple[CellReading, ...]:
    """Return cells of which those in a column that was not recognised show nothing, as it may name anybody."""
    return tuple(
        replace(cell, text=HIDDEN, is_masked=True) if cell.text and cell.field in ("", IGNORED) else cell
        for cell in cells
    )


def explain(
    draft: RosterDraft, sheet: str, row: int, problems: Sequence[Problem] | None = None
) -> tuple[CellReading, ...]:
    """Return what became of each cell of a row, the empty ones of known columns with nothing; () outside the tables.

    `row` is as in Excel; `problems` are those of the draft unless others are given.
    """
    tables = _tables(draft, sheet, row)
    if not tables:
        return ()
    told = _told(draft.problems if problems is None else problems, sheet, row)
    found: dict[int, CellReading] = {}
    for table, place in tables:
        written = table.rows[place]
        cells = _repeated(table, place)
        given = frozenset(
            column.field for column in table.columns if _text(cells, column.index) and column.field
        )
        line = _Line(row, cells, _households(draft, table, place, len(tables) > 1), given)
        for column in table.columns:
            text = _text(written, column.index)
            found[column.index] = _read(column, text, line, told.get(column.letter, ()))
        for index in range(len(cells)):
            if index not in found and _text(cells, index):
                found[index] = _outside(index, _text(cells, index))
    return tuple(found[index] for index in sorted(found))


def about_row(
    draft: RosterDraft, sheet: str, row: int, problems: Sequence[Problem] | None = None
) -> tuple[str, ...]:
    """Return sentences about the whole row: which household it became or joined, and what is told of no single cell."""
    tables = _tables(draft, sheet, row)
    if not tables:
        return (_("This row is not of a household: a title, the names of the columns, a total or a note."),)
    said = []
    for table, place in tables:
        for household in _households(draft, table, place, len(tables) > 1):
            home = " · ".join(
                filter(None, (household.home.address, _masked_name(household.name, household.is_company)))
            )
            if household.fault:
                said.append(_("Not imported: {home}").format(home=home or "–"))
            elif household.sheet != sheet:
                joined = _("Joined to row {row} of sheet {sheet}: {home}")
                said.append(joined.format(row=household.row, sheet=household.sheet, home=home))
            elif household.row != row:
                said.append(_("Joined to row {row}: {home}").format(row=household.row, home=home))
            else:
                said.append(home)
    told = _told(draft.problems if problems is None else problems, sheet, row)
    return tuple(dict.fromkeys((*said, *told.get("", ()))))


def _tables(draft: RosterDraft, sheet: str, row: int) -> list[tuple[TableView, int]]:
    found = []
    for table in draft.tables:
        if table.sheet == sheet:
            place = bisect_left(table.numbers, row)
            if place < len(table.numbers) and table.numbers[place] == row:
                found.append((table, place))
    return found


def _told(problems: Iterable[Problem], sheet: str, row: int) -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for one in problems:
        if one.row == row and one.sheet == sheet:
            told[one.column] = tuple(dict.fromkeys((*told.get(one.column, ()), one.message)))
    return told


# ---- the households of a row ----


def _households(draft: RosterDraft, table: TableView, place: int, is_beside: bool) -> Sequence[RosterRow]:
    """Return the households that a row became, or the one that it was joined to: of one with its name, or above."""
    row = table.numbers[place]
    sheet, row = draft.joined.get((table.sheet, row), (table.sheet, row))
    own = [one for one in draft.rows if one.row == row and one.sheet == sheet]
    texts = {_core(text_of(cell)) for cell in _own_cells(table, place)} if is_beside or not own else set()
    if own:
        of_table = [one for one in own if _core(one.name) in texts] if is_beside else own
        return of_table or own
    above = [one for one in draft.rows if one.sheet == table.sheet and one.row < row]
    named = [one for one in above if any(_core(person.name) in texts for person in one.persons)]
    return (named or above)[-1:]


def _repeated(table: TableView, place: int) -> list[Cell]:
    """Return a row's cells with those above in place of 〃 and 同上."""
    ditto = listed("ditto")
    cells = list(table.rows[place])
    for index, cell in enumerate(cells):
        above = place
        while above and cell in ditto:
            above -= 1
            row = table.rows[above]
            cell = row[index] if index < len(row) else ""
        cells[index] = cells[index] if cell in ("", None) else cell
    return cells


def _own_cells(table: TableView, place: int) -> list[Cell]:
    cells = table.rows[place]
    return [cells[column.index] for column in table.columns if column.index < len(cells)]


# ---- one cell ----


def _text(cells: Sequence[Cell], index: int) -> str:
    return text_of(cells[index]) if index < len(cells) else ""


def _outside(index: int, text: str) -> CellReading:
    # masked as what may be of anybody
    shown = masked_cell("", text)
    became = (_("not read: the column is outside the table"),)
    return CellReading(index, "", IGNORED, shown, shown != text, became, ())


def _read(column: Column, text: str, line: _Line, problems: tuple[str, ...]) -> CellReading:
    shown = " ".join(masked_cell(column.field, text).split())
    is_masked = masked_cell(column.field, text) != text
    became = tuple(dict.fromkeys(_became(column, _text(line.cells, column.index), line))) if text else ()
    title = " ".join(column.title.split())
    return CellReading(column.index, title, column.field, shown, is_masked, became, problems)


def _became(column: Column, text: str, line: _Line) -> list[str]:
    field = column.field
    if field in _NOT_KEPT:
        return [_("{field}: not kept").format(field=field_label(field))]
    found: list[str] = []
    for household in line.households:
        found += _places(field, text, household, line)
        found += _own_value(field, text, household, line)
        found += _people(field, text, household)
        found += _elsewhere(field, text, household)
    if found:
        return found
    if is_blank(text):
        return [_("taken as empty: {text}").format(text=text)]
    return [_("{field}: nothing of it is imported").format(field=field_label(field))]


def _places(field: str, text: str, household: RosterRow, line: _Line) -> list[str]:
    if field not in _ADDRESSED:
        return []
    found = []
    repeats = text in listed("ditto")
    for part in _PLACE:
        value = getattr(household, part)
        if not value or (part == "building" and value == household.estate and field != part):
            continue
        if part == "floor" and field not in _WITH_FLOOR:
            continue
        is_own = part in (field, _ADDED.get(field))
        if is_own or repeats or (part not in line.given and _overlaps(value, text)):
            found.append(_said(part, value))
    return found


def _own_value(field: str, text: str, household: RosterRow, line: _Line) -> list[str]:
    """Return the value that a cell gives the household, or the person whose row it is."""
    found = []
    person = _person_of(household, line)
    if household.row == line.row and (field == "vacant" or is_vacant(text)):
        found.append(_said("vacant", _("vacant") if household.vacant else _("not vacant")))
    if field == "relation" and person is not None and person.relation:
        found.append(_said(field, _label(Relation, person.relation)))
    if field in _TOLD_APART or field.startswith(OTHER_HOLDER):
        return found
    if person is None and household.row != line.row:
        return found  # a further line of the household above, which has its own cells
    value = _shown(field, getattr(person or household, field, None))
    if value:
        found.append(_said(field, value))
    if field == "tenure" and household.role and "role" not in line.given:
        found.append(_said("role", _label(HoldingRole, household.role)))
    return found


def _person_of(household: RosterRow, line: _Line) -> RosterPerson | None:
    """Return the person of a household to whom a row of her own belongs, None for the holder's row."""
    texts = {_core(text_of(cell)) for cell in line.cells}
    if _core(household.name) in texts:
        return None
    return next((person for person in household.persons if _core(person.name) in texts), None)


def _people(field: str, text: str, household: RosterRow) -> list[str]:
    """Return whose name, telephone and document a cell has: the holder's, or those of the others in the household."""
    holder = RosterPerson(
        household.name,
        id_kind=household.id_kind,
        id_number=household.id_number,
        phones=household.phones,
        papers=household.papers,
    )
    digits = "".join(filter(str.isalnum, half_width(text))).upper()
    found = []
    for person in (holder, *household.persons):
        name = _masked_name(person.name, household.is_company and person is holder)
        if person.name and _contains(text, person.name):
            found.append(_said("name", name) if person is holder else _person(person, name))
        whose = "" if person is holder else _(" ({name})").format(name=name)
        found += [
            _said("phone", masked_cell("phone", number) + whose)
            for number in person.phones
            if _digits(number) and _digits(number) in digits
        ]
        papers = (person.id_number, *(number for _kind, number in person.papers))
        found += [
            _said("id", masked_cell("id", number) + whose)
            for number in papers
            if number and number.upper() in digits and (len(number) >= _PLAIN_ID or field.endswith("id"))
        ]
    return found


def _person(person: RosterPerson, name: str) -> str:
    parts = (_label(Relation, person.relation) if person.relation else "", person.share)
    more = _(", ").join(filter(None, parts))
    return _("Person of the household: {name}").format(name=f"{name} {more}".strip())


def _elsewhere(field: str, text: str, household: RosterRow) -> list[str]:
    found = []
    rest = text.replace(household.name, "") if field == "name" else text
    remarks = (household.remarks, *(person.remarks for person in household.persons))
    if not is_blank(text) and any(_stands_in(rest, one) for one in remarks):
        found.append(_("added to the remarks"))
    if household.contact and text in household.contact:
        found.append(_said("contact", masked_cell("contact", household.contact)))
    if text in household.tags:
        found.append(_("Tag: {name}").format(name=text))
    pairs = (
        *household.other_ids,
        *household.unit_ids,
        *(pair for one in household.persons for pair in one.other_ids),
    )
    found += [_("Number in {system}").format(system=system) for system, number in pairs if number == text]
    return found


# ---- values as shown ----


def _said(field: str, value: str) -> str:
    return _("{name}: {value}").format(name=field_label(field), value=value)


def _masked_name(name: str, is_company: bool) -> str:
    return mask_name(name, is_company) if name else ""


def _label(codes: type[Any], stored: str) -> str:
    member = codes(stored)
    return str(member.label) if isinstance(member, Relation) else housing_label(member)


_CODES: dict[str, type[Any]] = {"tenure": Tenure, "use": UnitUse, "role": HoldingRole}


def _shown(field: str, value: object) -> str:
    """Return a value of a household as it is shown; "" for one that is not there or is told otherwise."""
    if value is None or value == "" or value == () or field in ("phones", "id_number"):
        return ""
    if field in _CODES:
        return _label(_CODES[field], str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in _HUNDREDTHS and isinstance(value, int):
        return f"{value / 100:,.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ""
    return masked_cell(field, str(value))


# ---- comparing a cell's text with what was read ----


def _core(text: str) -> str:
    return "".join(half_width(text).split()).translate(_LOOSE).upper()


def _digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _contains(text: str, value: str) -> bool:
    core = _core(value)
    return bool(core) and core in _core(text)


def _stands_in(text: str, remarks: str) -> bool:
    # a text of punctuation alone has no core
    core = _core(text)
    return core in _core(remarks) if core else bool(text.strip()) and text.strip() in remarks


def _overlaps(value: str, text: str) -> bool:
    """Return whether a part of a place stands in a cell: 302室 and 2栋 both do in 2-302."""
    core, cell = _core(value), _core(text)
    return bool(core) and (core in cell or (not cell.isascii() and core.lstrip("0") in cell))
