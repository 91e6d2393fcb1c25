"""Merging a roster's rows into households: continued lines, people of a head, second holders."""

from collections.abc import Sequence

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules import housing
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.formats.id_numbers import Paper
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.co_owners import as_person, row_of, together_in, with_everybody
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, Column
from fuyuan_desk.roster.reading.landlords import own_landlords
from fuyuan_desk.roster.reading.living_there import live_together, names_holder_and_more, without_holder
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.member_column import with_members
from fuyuan_desk.roster.reading.members import households
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.owner_rows import with_co_owners
from fuyuan_desk.roster.reading.people import Named, may_be_name
from fuyuan_desk.roster.reading.person_cells import SECOND_NAME
from fuyuan_desk.roster.reading.relatives import with_relatives
from fuyuan_desk.roster.reading.row_reader import TableReader
from fuyuan_desk.roster.reading.rows import ERROR, INFO, RosterPerson, RosterRow
from fuyuan_desk.roster.reading.side_people import OTHER_REMARK
from fuyuan_desk.roster.reading.whose import named_person


def merge_tables(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    """Join continuation lines to the household above and people to their head; append second holders."""
    rows, apart = with_everybody(reader, rows)
    rows, renters = with_relatives(reader, rows)
    # before lines are joined: each may name another renter
    rows, more = _second_holders(reader, rows)
    rows = _joined(reader, rows)
    rows = (households if reader.member is None else with_members)(reader, rows)
    return with_co_owners(reader, rows) + apart + more + renters


def _joined(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    if not reader.table.joined:
        return rows
    members = reader.plains(reader.member) if reader.member else [""] * reader.size
    kept: list[RosterRow] = []
    for number, row in enumerate(rows):
        # a line that names somebody else of the household is read as a line of its own
        if number in reader.table.joined and kept and not members[number]:
            kept[-1] = _continued(kept[-1], row)
        else:
            kept.append(row)
    return kept


def _continued(above: RosterRow, row: RosterRow) -> RosterRow:
    """Return a household with what a further line of it says."""
    remarks = "；".join(dict.fromkeys(filter(None, (above.remarks, row.remarks))))
    own = ((row.id_kind, row.id_number),) if row.id_number not in ("", above.id_number) else ()
    papers = tuple(dict.fromkeys((*above.papers, *own, *row.papers)))
    return above._replace(
        phones=tuple(dict.fromkeys(above.phones + row.phones)),
        remarks=remarks,
        papers=papers,
        contact="、".join(dict.fromkeys(filter(None, (above.contact, row.contact)))),
        persons=tuple(dict.fromkeys(above.persons + row.persons)),
    )


def _second_holders(reader: TableReader, rows: list[RosterRow]) -> tuple[list[RosterRow], list[RosterRow]]:
    """Return the rows with the co-owners of a second column, and a row for each other second holder."""
    column = reader.one(SECOND_NAME)
    if column is None or reader.shares_columns:
        return rows, []
    indexes = {number + 1: index for index, number in enumerate(reader.table.numbers)}
    beside = {indexes[row.row]: row.name for row in rows}
    holders = [beside.get(number, "") for number in range(reader.size)]
    names, notes = reader.names(SECOND_NAME, holders)
    phones = reader.phones(OTHER_HOLDER + "phone")
    reader.take_noted(SECOND_NAME, names, notes, phones)
    papers, words = reader.papers(OTHER_HOLDER + "id")
    own: set[int] = set()
    landlords: set[RosterRow] = set()
    if reader.has_landlord:
        own = own_landlords(reader, holders)
    several = reader.named[SECOND_NAME]
    for number in own - several.keys():
        names[number], notes[number] = "", ""
    _settle_holders(reader, column, holders, names, notes, [len(read.numbers) for read in phones])
    reader.take_states(SECOND_NAME, names, notes)
    unsure = reader.unsure[SECOND_NAME]
    role = column.holder or housing.HoldingRole.RENTER
    role = housing.HoldingRole.RENTER if role == housing.HoldingRole.TENANT else role
    is_owner = column is reader.co_owner
    people, about = reader.people(of_renter=True), reader.words_about_renters()
    remarks_columns, whom = reader.table.of(OTHER_REMARK), named_person(column.title)
    more = []
    for place, row in enumerate(rows):
        number = indexes[row.row]
        paper = papers[number]
        if row.fault:
            continue
        if not names[number] or (names[number] == row.name and number not in several):
            row = _with_numbers(
                row, row.name if number in own else names[number], phones[number].numbers, paper, reader
            )
            said = f"{column.title or column.letter}：{notes[number]}" if notes[number] else ""
            kept = (
                row.remarks,
                said,
                phones[number].words,
                about[number],
                *reader.said_in(remarks_columns, number),
                _unclaimed(reader, number),
            )
            rows[place] = row._replace(
                contact="、".join(filter(None, (row.contact, *phones[number].others))),
                remarks="；".join(filter(None, kept)),
                people=row.people or people[number][0],
            )
            continue
        remarks = (
            notes[number],
            phones[number].words,
            "、".join(phones[number].others),
            words[number],
            about[number],
            *reader.said_in(remarks_columns, number, whom),
            "" if row.name else row.remarks,  # with the one who is named
        )
        person = RosterPerson(
            names[number],
            id_kind=paper.kind.value if paper else "",
            id_number=paper.number if paper else "",
            phones=phones[number].numbers,
            remarks="；".join(filter(None, remarks)),
        )
        second = row_of(row, person, (housing.HoldingRole.OWNER if is_owner else role).value)
        second = second._replace(people=people[number][0], is_unsure=number in unsure)
        if second.fault:
            reader.report(column, number, second.fault, ERROR)
        if number in several or number in reader.further[OTHER_HOLDER + "id"]:
            second, apart = together_in(reader, number, second, OTHER_HOLDER)
            more += apart
        if reader.renters_member is not None:
            second = _with_flatmates(second, reader.renters_member, reader, number)
        if together_there := live_together(reader, column, number, row, second):
            rows[place], renters = together_there
            more += renters
            continue
        if not row.name:
            rows[place] = row._replace(remarks="")
        if is_owner and row.name and not second.fault:
            owner = as_person(second, Relation.CO_OWNER.value)
            rows[place] = row._replace(persons=(*row.persons, owner, *second.persons))
            continue
        if column.holder is None:
            message = _("Who this is was not said; recorded as a renter in the same home. Check it.")
            reader.report(column, number, message, INFO)
        if reader.has_landlord:  # stands beside each of her renters
            landlord = second._replace(row=0)
            if landlord in landlords:
                continue
            landlords.add(landlord)
        more.append(second)
    return rows, more


def _settle_holders(
    reader: TableReader,
    column: Column,
    holders: Sequence[str],
    names: list[str],
    notes: list[str],
    phones: Sequence[int],
) -> None:
    """Take the holder from the cells that name her again: from those of renters, to the notes if alone.

    `phones`: how many telephone numbers stand beside each cell.
    """
    rents = column.holder in (None, housing.HoldingRole.RENTER, housing.HoldingRole.TENANT)
    for number, holder in enumerate(holders):
        if number in (several := reader.named[SECOND_NAME]):
            others = without_holder(reader, column, number, holder, phones[number]) if rents else ()
            if others:
                names[number], notes[number], several[number] = others[0].name, others[0].note, others
        elif names_holder_and_more(names[number], holder):
            message = _("This names the holder and somebody without a name; it was added to the remarks.")
            reader.report(column, number, message)
            names[number], notes[number] = holder, text_of(reader.cells(column)[number])


def _unclaimed(reader: TableReader, number: int) -> str:
    """Return whom a column of people who live with a renter names where there is none, for the remarks."""
    column = reader.renters_member
    text = text_of(reader.cells(column)[number]) if column else ""
    return f"{column.title}：{text}" if column and text else ""


def _with_flatmates(second: RosterRow, column: Column, reader: TableReader, number: int) -> RosterRow:
    """Return a second holder's row with the people whom a column behind her names: 承租人, 同住人."""
    cell = read_names(reader.cells(column)[number])
    people = cell.everybody or ((Named(cell.name, "", cell.note),) if cell.name else ())
    if not people:
        return second
    if cell.doubt or not all(may_be_name(one.name) for one in people):
        written = f"{column.title}：{text_of(reader.cells(column)[number])}"
        return second._replace(remarks="；".join(filter(None, (second.remarks, written))))
    persons = [
        RosterPerson(one.name, one.relation or Relation.FLATMATE.value, remarks=one.note) for one in people
    ]
    return second._replace(persons=(*second.persons, *persons))


def _with_numbers(
    row: RosterRow, name: str, phones: tuple[str, ...], paper: Paper | None, reader: TableReader
) -> RosterRow:
    """Return a row with the numbers beside a second holder's name that is the first one's, or missing."""
    if name:
        other = ((paper.kind.value, paper.number),) if paper and paper.number != row.id_number else ()
        return row._replace(
            phones=tuple(dict.fromkeys(row.phones + phones)), papers=tuple(dict.fromkeys(row.papers + other))
        )
    # everybody may read the remarks
    number = masked_cell("id", paper.number) if paper else ""
    written = {OTHER_HOLDER + "phone": "、".join(phones), OTHER_HOLDER + "id": number}
    words = [f"{reader.title(field)}：{text}" for field, text in written.items() if text]
    return row._replace(remarks="；".join(filter(None, (row.remarks, *words)))) if words else row
