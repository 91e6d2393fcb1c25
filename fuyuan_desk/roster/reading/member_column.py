"""Lists that name the head in one column and other people of the household in another, in one row or in several."""

from collections.abc import Sequence

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.id_numbers import Paper
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, Column
from fuyuan_desk.roster.reading.kin import Kin, read_kin
from fuyuan_desk.roster.reading.members import Merging, home_of, is_same, joined, with_residents
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.people import NameCell, Named, may_be_name
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow
from fuyuan_desk.roster.reading.table_cells import Memo


def with_members(reader: PersonCells, rows: list[RosterRow]) -> list[RosterRow]:
    """Return a row for each household, with the people of the column beside the head's.

    Numbers, telephones and addresses behind that column are those of the person in it. A row in which both columns name
    the same is the head's own.
    """
    reading = _MemberReading(reader)
    merging = Merging(reader, {number + 1: line for line, number in enumerate(reader.table.numbers)})
    found: list[RosterRow] = []
    places: dict[tuple[str, ...], int] = {}
    for index, row in enumerate(rows):
        if row.fault:
            found.append(row)
            continue
        own = reading.household(row)
        place = places.setdefault((*home_of(row, index, False), row.name), len(found))
        if place == len(found) or not row.name:
            found.append(own)
        else:
            found[place] = _merged(merging, found[place], own)
    return [with_residents(row) if reader.one("relation") else row for row in found]


class _MemberReading:
    """Reads the people beside the heads of one table."""

    def __init__(self, reader: PersonCells) -> None:
        assert reader.member is not None
        self._reader = reader
        self._column: Column = reader.member
        self._lines = {number + 1: line for line, number in enumerate(reader.table.numbers)}
        memo = Memo(read_names)
        self._names: list[NameCell] = [memo[cell] for cell in reader.cells(self._column)]
        self._kin: Sequence[Kin] = reader.kin() if reader.one("relation") else ()
        self._phones = reader.phones(OTHER_HOLDER + "phone")
        self._papers, _words = reader.papers(OTHER_HOLDER + "id")

    def household(self, row: RosterRow) -> RosterRow:
        """Return a row as that of its head, with the other people that it names."""
        line = self._lines[row.row]
        cell = self._names[line]
        people = cell.everybody or ((Named(cell.name, "", cell.note),) if cell.name else ())
        kin = self._kin[line] if self._kin else Kin()
        if not people:
            return row
        if cell.doubt or not all(may_be_name(one.name) for one in people):
            if cell.doubt:
                self._reader.report(self._column, line, cell.doubt)
            written = text_of(self._reader.cells(self._column)[line])
            return row._replace(remarks=joined(row.remarks, f"{self._column.title}：{written}"))
        if people[0].name == row.name and len(people) > 1:
            return self._with_several(row, people[1:])
        if people[0].name == row.name:
            return self._with_own(row, line, kin)
        if len(people) > 1:
            return self._with_several(row, people)
        return self._with_one(row, line, people[0], kin)

    def _with_own(self, row: RosterRow, line: int, kin: Kin) -> RosterRow:
        """Return the row of a head whose telephones and documents stand in the columns of the person."""
        if kin.is_given and not kin.is_head:
            row = row._replace(
                remarks=joined(row.remarks, f"{self._reader.title('relation')}：{self._told(line)}")
            )
        paper = self._papers[line]
        if paper is not None and not row.id_number:
            row = row._replace(id_kind=paper.kind.value, id_number=paper.number)
        return row._replace(phones=tuple(dict.fromkeys(row.phones + self._phones[line].numbers)))

    def _with_several(self, row: RosterRow, people: Sequence[Named]) -> RosterRow:
        persons = []
        for one in people:
            kin = read_kin(one.note)
            relation = one.relation or kin.relation
            persons.append(RosterPerson(one.name, relation, remarks="" if kin.relation else one.note))
        return row._replace(persons=(*row.persons, *persons))

    def _with_one(self, row: RosterRow, line: int, one: Named, kin: Kin) -> RosterRow:
        own_phones, phones = self._shared_phones(row, line)
        paper: Paper | None = self._papers[line]
        number = (paper.kind.value, paper.number) if paper else ("", "")
        has_paper = self._is_behind("id")
        if has_paper and paper is None:
            number = (row.id_kind, row.id_number)
        relation = one.relation or kin.relation or read_kin(one.note).relation
        word = kin.words
        if kin.is_given and (kin.is_head or not kin.relation):
            word = self._told(line)
        title = self._reader.title("relation")
        has_relation = bool(self._kin)
        person = RosterPerson(
            one.name,
            relation,
            "",
            *number,
            phones,
            row.papers if has_paper else (),
            row.registered_at if self._is_behind("registered_at") else "",
            row.lives_here if self._is_behind("lives_here") else None,
            other_ids=row.other_ids,
            remarks=joined(row.remarks if has_relation else "", one.note, f"{title}：{word}" if word else ""),
        )
        return row._replace(
            id_kind="" if has_paper else row.id_kind,
            id_number="" if has_paper else row.id_number,
            papers=() if has_paper else row.papers,
            phones=own_phones,
            registered_at="" if self._is_behind("registered_at") else row.registered_at,
            lives_here=None if self._is_behind("lives_here") else row.lives_here,
            other_ids=(),
            remarks="" if has_relation else row.remarks,
            persons=(*row.persons, person),
        )

    def _told(self, line: int) -> str:
        """Return the relation as it is written, after telling that it is none to the head of its row."""
        column = self._reader.one("relation")
        assert column is not None
        word = text_of(self._reader.cells(column)[line])
        message = _("«{text}» is no relation to the head of this row; it was added to the remarks.")
        self._reader.report(column, line, message.format(text=word))
        return word

    def _is_behind(self, field: str) -> bool:
        column = self._reader.one(field)
        return column is not None and column.index > self._column.index

    def _shared_phones(self, row: RosterRow, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the telephone numbers of the head and those of the person."""
        behind = list(self._phones[line].numbers)
        for column in self._reader.table.of("phone"):
            if column.index > self._column.index:
                behind += self._reader.phones_in(column, line).numbers
        return tuple(phone for phone in row.phones if phone not in behind), tuple(dict.fromkeys(behind))


def _merged(merging: Merging, first: RosterRow, row: RosterRow) -> RosterRow:
    """Return a household with what a further row of it says."""
    facts: dict[str, object] = {}
    merging.complete(first, row, facts)
    if not first.id_number:
        first = first._replace(id_kind=row.id_kind, id_number=row.id_number)
    other = ((row.id_kind, row.id_number),) if row.id_number not in ("", first.id_number) else ()
    first = first._replace(**facts)  # type: ignore[arg-type]
    persons = list(first.persons)
    for person in row.persons:
        if any(is_same(one, person) for one in persons):
            merging.report_twin(row)
        else:
            persons.append(person)
    return first._replace(
        papers=tuple(dict.fromkeys((*first.papers, *other, *row.papers))),
        phones=tuple(dict.fromkeys(first.phones + row.phones)),
        registered_at=first.registered_at or row.registered_at,
        lives_here=row.lives_here if first.lives_here is None else first.lives_here,
        other_ids=first.other_ids or row.other_ids,
        contact="、".join(dict.fromkeys(filter(None, (first.contact, row.contact)))),
        remarks=joined(first.remarks, row.remarks),
        persons=tuple(persons),
    )
