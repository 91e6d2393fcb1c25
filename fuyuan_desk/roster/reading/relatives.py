"""People of a household in columns of their own, whose titles say what they are: 儿子姓名, 儿子身份证, 儿子电话."""

from collections.abc import Sequence
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.formats.names import name_fault
from fuyuan_desk.formats.phones import read_phones
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.co_owners import row_of
from fuyuan_desk.roster.reading.documents import read_papers
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.kin import Kin, read_kin
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.no_names import Said, said_by
from fuyuan_desk.roster.reading.people import NameCell, is_name
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow
from fuyuan_desk.roster.reading.side_people import KIN_REMARK
from fuyuan_desk.roster.reading.table_cells import plain
from fuyuan_desk.roster.reading.whose import (
    is_about,
    named_person,
    number_behind,
    numbered_person,
    relation_of,
    whose_number,
)

_NAME = "姓名"
# relations whose title says more than the code
_VAGUE = frozenset(("", "other", "staff", "relative"))


class _Own(NamedTuple):
    # the columns of somebody beside the holder
    phones: Sequence[Column]
    papers: Sequence[Column]
    remarks: Sequence[Column]


def with_relatives(reader: PersonCells, rows: list[RosterRow]) -> tuple[list[RosterRow], list[RosterRow]]:
    """Return rows with the people of columns of their own, each with her own telephone and document.

    Further renters beside an owner (租客2) are returned apart, each as a household of her own.
    """
    more: list[RosterRow] = []
    left = _Own(*(reader.table.of(field) for field in ("kin_phone", "kin_id", KIN_REMARK)))
    for name in reader.table.of("kin_name"):
        whom = named_person(name.title)
        own = _Own(*([one for one in columns if _is_of(one, whom)] for columns in left))
        relation = next((one for one in reader.table.of("kin_relation") if is_about(one.title, whom)), None)
        named = [_with_one(reader, number, row, name, relation, own) for number, row in enumerate(rows)]
        rows, renters = _parted(rows, named) if _rents(whom) else (named, [])
        more += renters
        left = _Own(
            *([one for one in columns if one not in hers] for columns, hers in zip(left, own, strict=True))
        )
    if any(left):
        rows = [_with_nobody(reader, number, row, left) for number, row in enumerate(rows)]
    return rows, more


def _rents(whom: str) -> bool:
    found = numbered_person(whom)
    return found is not None and found["renter"] is not None


def _parted(rows: Sequence[RosterRow], named: Sequence[RosterRow]) -> tuple[list[RosterRow], list[RosterRow]]:
    """Return the rows without the renters that `named` adds to the households of others, and a row for each of them."""
    kept, renters = [], []
    for row, more in zip(rows, named, strict=True):
        added = more.persons[len(row.persons) :]
        if added and row.role != HoldingRole.RENTER:
            flatmates = tuple(
                one._replace(relation=Relation.FLATMATE.value) if one.relation == Relation.CO_OWNER else one
                for one in added[1:]
            )
            renters.append(row_of(row, added[0], HoldingRole.RENTER.value)._replace(persons=flatmates))
            more = more._replace(persons=row.persons)
        kept.append(more)
    return kept, renters


def _is_of(column: Column, whom: str) -> bool:
    is_numbered = bool(number_behind(whom)) and is_about(column.title, whom)
    return is_numbered or whose_number(column.title) == whom


def _with_one(
    reader: PersonCells,
    number: int,
    row: RosterRow,
    name: Column,
    relation: Column | None,
    own: _Own,
) -> RosterRow:
    cell, whom = read_names(reader.cells(name)[number]), named_person(name.title)
    are_people = (
        len(cell.everybody) > 1 and not cell.doubt and all(is_name(one.name) for one in cell.everybody)
    )
    # of several people nobody knows whose number or document it is
    has_numbers = any(reader.cells(column)[number] for column in (*own.phones, *own.papers))
    if are_people and not (relation_of(whom) and has_numbers):
        first, *others = cell.everybody
        row = _named(reader, number, row, NameCell(first.name, first.note), whom, relation, own)
        relations = (one.relation or relation_of(whom) or _beside(row, whom) for one in others)
        persons = [
            RosterPerson(one.name, kin, remarks=one.note) for one, kin in zip(others, relations, strict=True)
        ]
        return row._replace(persons=(*row.persons, *persons))
    if _is_somebody(cell, whom):
        return _named(reader, number, row, cell, whom, relation, own)
    text = plain(reader.cells(name)[number])
    row = row._replace(
        remarks="；".join(filter(None, (row.remarks, f"{name.title}：{text}" if text else "")))
    )
    if cell.everybody and not are_people:
        reader.report(name, number, _("Not all of this are names; the rest was added to the remarks."))
    return _with_nobody(reader, number, row, own)


def _named(
    reader: PersonCells,
    number: int,
    row: RosterRow,
    cell: NameCell,
    whom: str,
    relation: Column | None,
    own: _Own,
) -> RosterRow:
    """Return a row with the person of a cell, and what stands in the columns behind it."""
    kin = read_kin(reader.cells(relation)[number]) if relation else Kin()
    person = RosterPerson(cell.name, kin.relation or relation_of(whom) or _beside(row, whom))
    notes = [whom if person.relation in _VAGUE else "", cell.note, kin.words]
    person = _with_phones(reader, number, person, own.phones, notes)
    person = _with_paper(reader, number, person, own.papers, notes)
    notes += reader.said_in(own.remarks, number, whom)
    person = person._replace(remarks="；".join(filter(None, notes)))
    return row._replace(persons=(*row.persons, person))


def _is_somebody(cell: NameCell, whom: str) -> bool:
    if cell.everybody or cell.doubt:
        return False
    # an owner may be a company or have a foreign name
    return is_name(cell.name) or (
        not relation_of(whom) and said_by(cell.name) is Said.NAME and not name_fault(cell.name)
    )


def _beside(row: RosterRow, whom: str) -> str:
    """Return what a second or third holder is to the first: 业主2, 承租人2."""
    numbered = numbered_person(whom)
    if not numbered:
        return ""
    # 姓名, 电话, 姓名, 电话 says of nobody that she owns
    owns = row.role == HoldingRole.OWNER or (not row.role and numbered["word"] != _NAME)
    return (Relation.CO_OWNER if owns else Relation.FLATMATE).value


def _with_nobody(reader: PersonCells, number: int, row: RosterRow, own: _Own) -> RosterRow:
    """Return a row with the telephones of somebody without a name as contacts, and what else is said of her.

    Her documents are left out and told.
    """
    for column in own.papers:
        if plain(reader.cells(column)[number]):
            reader.report_left_out(column, number, _("It is not clear whose number this is."))
    said = [
        f"{whose_number(column.title) or column.title}：{text}"
        for column in own.phones
        if (text := plain(reader.cells(column)[number]))
    ]
    return row._replace(
        contact="、".join(filter(None, (row.contact, *said))),
        remarks="；".join(filter(None, (row.remarks, *reader.said_in(own.remarks, number)))),
    )


def _with_phones(
    reader: PersonCells, number: int, person: RosterPerson, columns: Sequence[Column], notes: list[str]
) -> RosterPerson:
    """Return somebody with her telephones; what else their cells say is noted, doubtful ones are reported."""
    found: list[str] = []
    for column in columns:
        read = read_phones(text_of(reader.cells(column)[number]))
        for doubt in read.doubts:
            reader.report(column, number, doubt)
        notes.append(read.words)
        found += read.numbers
    return person._replace(phones=tuple(dict.fromkeys(found)))


def _with_paper(
    reader: PersonCells, number: int, person: RosterPerson, columns: Sequence[Column], notes: list[str]
) -> RosterPerson:
    """Return somebody with her documents; doubtful ones are reported."""
    found: list[tuple[str, str]] = []
    for column in columns:
        read = read_papers(reader.cells(column)[number])
        for doubt in read.doubts:
            reader.report(column, number, doubt)
        for doubt in read.lost:
            reader.report_left_out(column, number, doubt)
        notes.append(read.words)
        found += [(paper.kind.value, paper.number) for paper in read.papers]
    if not found:
        return person
    return person._replace(id_kind=found[0][0], id_number=found[0][1], papers=tuple(found[1:]))
