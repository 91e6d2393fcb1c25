"""Cells beside a holder that name her again, with others: 产权人 张三, 居住人 张三、李四 or 张三夫妇."""

from collections.abc import Sequence

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.roster.reading.cells import listed
from fuyuan_desk.roster.reading.co_owners import as_person, row_of
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.people import Named, is_name
from fuyuan_desk.roster.reading.person_cells import SECOND_NAME, PersonCells
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow


def names_holder_and_more(name: str, holder: str) -> bool:
    """Return whether a text taken for a name is the holder's with more words: 张三夫妇, 张三及其母, 本人及妻子."""
    if not holder or name == holder or is_name(name):
        return False
    return any(name.startswith(own) and name != own for own in (holder, *listed("own_landlords")))


def without_holder(
    reader: PersonCells, column: Column, number: int, holder: str, phones: int
) -> tuple[Named, ...]:
    """Return whom a cell of renters names beside the `holder`; () if it does not name her, or a number is hers, too.

    `phones`: how many telephone numbers stand beside the cell.
    """
    named = reader.named[SECOND_NAME].get(number, ())
    others = tuple(one for one in named if one.name != holder)
    if not others or len(others) == len(named) or phones == len(named):
        return ()
    message = _("The holder is named here, too; {names} became a household of renters. Check it.")
    reader.report(column, number, message.format(names="、".join(one.name for one in others)))
    return others


def live_together(
    reader: PersonCells, column: Column, number: int, row: RosterRow, second: RosterRow
) -> tuple[RosterRow, list[RosterRow]] | None:
    """Return a row with those whom the cell beside it names with one of its own people; None if it names none of them.

    Their numbers stay theirs. Who rents is returned apart, as one household of her own.
    """
    own = {row.name, *(person.name for person in row.persons)} - {""}
    named = reader.named[SECOND_NAME].get(number, ())
    relation = named[0].relation if named else ""
    # a name that cannot be stored is told with its row
    first = [] if second.fault else [as_person(second, relation or _beside(second))]
    people = [*first, *second.persons]
    others = [one for one in people if one.name not in own]
    if len(others) == len(people):
        return None
    for person in people:
        if person.name in own:
            row = _with_own(row, person)
    contact = "、".join(filter(None, (row.contact, second.contact)))
    row = row._replace(people=row.people or second.people, contact=contact)
    if not others:
        return row, []
    _tell(reader, column, number, [one.name for one in others], named)
    if second.role == HoldingRole.RENTER:
        rents = row_of(second, others[0], HoldingRole.RENTER.value)
        return row, [rents._replace(persons=tuple(others[1:]))]
    return row._replace(persons=(*row.persons, *others)), []


def _beside(second: RosterRow) -> str:
    owns = second.role == HoldingRole.OWNER
    return (Relation.CO_OWNER if owns else Relation.FLATMATE).value


def _tell(
    reader: PersonCells, column: Column, number: int, others: Sequence[str], named: Sequence[Named]
) -> None:
    unsaid = {one.name for one in named if not (one.relation or one.role)}
    if unknown := [name for name in others if name in unsaid]:
        message = _("The holder is named here, too. What {names} is to the holder was not said. Check it.")
        reader.report(column, number, message.format(names="、".join(unknown)))


def _with_own(row: RosterRow, person: RosterPerson) -> RosterRow:
    """Return a row with what the cells beside it say of one of its own people."""
    note = "" if person.remarks in listed("own_landlords") else person.remarks
    if person.name == row.name:
        papers = ((person.id_kind, person.id_number),) if person.id_number not in ("", row.id_number) else ()
        return row._replace(
            phones=tuple(dict.fromkeys(row.phones + person.phones)),
            papers=tuple(dict.fromkeys((*row.papers, *papers, *person.papers))),
            remarks="；".join(filter(None, (row.remarks, note))),
        )
    persons = [
        one._replace(
            phones=tuple(dict.fromkeys(one.phones + person.phones)),
            id_kind=one.id_kind or person.id_kind,
            id_number=one.id_number or person.id_number,
            remarks="；".join(filter(None, (one.remarks, note))),
        )
        if one.name == person.name
        else one
        for one in row.persons
    ]
    return row._replace(persons=tuple(persons))
