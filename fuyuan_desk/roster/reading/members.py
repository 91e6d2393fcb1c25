"""Lists with a row for each person: the rows of one home become a household with its people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.roster.reading.cells import canonical_unit, text_of
from fuyuan_desk.roster.reading.co_owners import as_person
from fuyuan_desk.roster.reading.headers import field_label
from fuyuan_desk.roster.reading.kin import Kin, read_kin
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, RosterPerson, RosterRow

_FACTS = (
    "floor", "tenure", "use", "area", "inner_area", "people", "fund_first", "fund_balance", "topped_up", "topped_up_on",
    "lease_no",
)  # fmt: skip
_EMPTY = (None, "", ())
# they need not live there
_ELSEWHERE = frozenset((Relation.CO_OWNER, Relation.STAFF))
# said of a renter beside an owner, these make no member of the owner's household
_LOOSE = frozenset(("", Relation.OTHER, Relation.FLATMATE))


@dataclass(eq=False)
class _Member:
    """A row that is about one person: its index among the rows, what she is to the head, the role said of her."""

    index: int
    row: RosterRow
    kin: Kin
    role: HoldingRole | None
    people: list["_Member"] = field(default_factory=list)


def households(reader: PersonCells, rows: list[RosterRow]) -> list[RosterRow]:
    """Return the rows of a table with the people of each home in one row, that of their head.

    A row without a relation is a household of its own, except in an export of 社区云, which has no relations. A member
    belongs to the head above in the same home, or to the first one below.
    """
    kin = reader.kin()
    if not kin:
        return rows
    lines = {number + 1: line for line, number in enumerate(reader.table.numbers)}
    homes: dict[tuple[str, ...], list[_Member]] = defaultdict(list)
    for index, row in enumerate(rows):
        line = lines[row.row]
        homes[home_of(row, index, reader.is_cloud)].append(
            _Member(index, row, kin[line], reader.said_role(line))
        )
    merging = Merging(reader, lines)
    if merging.are_about_others(homes.values()):
        return merging.with_words(rows, kin)
    merging.tell_numbers_twice(rows)
    heads = [head for members in homes.values() for head in merging.heads_of(members)]
    kept = sorted(heads, key=lambda head: head.index)
    merged = [merging.merged(head) for head in kept]
    merging.tell_cloud()
    return merged


class Merging:
    """Merges the rows of homes, and reports what was decided."""

    def __init__(self, reader: PersonCells, lines: Mapping[int, int]) -> None:
        self._reader = reader
        self._lines = lines
        self._without_relation: list[_Member] = []

    def are_about_others(self, homes: Iterable[Sequence[_Member]]) -> bool:
        """Return whether the relations are not those of the rows' people, but of a contact beside each holder."""
        if self._reader.is_cloud:
            return False
        return all(len(members) == 1 and not _is_given_head(members[0].kin) for members in homes)

    def with_words(self, rows: list[RosterRow], kin: Sequence[Kin]) -> list[RosterRow]:
        """Return rows with their relations in the remarks, which is told once."""
        given = [kin[self._lines[row.row]].is_given for row in rows]
        if any(given):
            message = _("No row is a head's and no home has two; the relations were added to the remarks.")
            self.report(rows[given.index(True)], message, INFO)
        return [
            row._replace(remarks=joined(row.remarks, self._said(self._written(row)))) if is_given else row
            for row, is_given in zip(rows, given, strict=True)
        ]

    def _written(self, row: RosterRow) -> str:
        return text_of(self._reader.cells(self._column())[self._lines[row.row]])

    def heads_of(self, members: list[_Member]) -> list[_Member]:
        """Return the heads of one home, each with its people."""
        named = [member for member in members if member.row.name and not member.row.fault]
        if self._reader.is_cloud and self._reader.one("relation") is None:
            self._choose_cloud_head(named)
        heads = [member for member in members if member.kin.is_head or member not in named]
        others = [member for member in named if not member.kin.is_head]
        # a head whose name is missing is rejected with her people
        holding = [head for head in heads if head.kin.is_head and (head.row.name or head.kin.is_given)]
        if others and not holding:
            head = others.pop(0)
            self._promote(head, others)
            heads.append(head)
            holding.append(head)
        for member in others:
            own = _head_for(member, holding)
            if own is None:  # a renter beside the owner
                member.kin = member.kin._replace(
                    words=self._written(member.row) if member.kin.is_given else ""
                )
                heads.append(member)
            else:
                own.people.append(member)
                self._tell_role(member, own)
        self._tell_heads(holding, bool(others))
        return [one for head in heads for one in self._with_rejected(head)]

    def _tell_role(self, member: _Member, head: _Member) -> None:
        role = head.kin.role or head.role
        if role is not None and member.role not in (None, role):
            message = _("The role in this row is another than that of the head; the relation was followed.")
            self.report(member.row, message, WARNING, "role")

    def _with_rejected(self, head: _Member) -> list[_Member]:
        """Return a head; if her row is not imported, those of her people are not either: they come again together."""
        if not head.row.fault or not head.people:
            return [head]
        fault = _(
            "The row of this household's head was not imported. Correct that row and import both again."
        )
        rejected = []
        for member in head.people:
            self.report(member.row, fault, ERROR)
            rejected.append(replace(member, row=member.row._replace(fault=fault)))
        head.people = []
        return [head, *rejected]

    def _choose_cloud_head(self, named: list[_Member]) -> None:
        marked = [member for member in named if self._is_marked(member.row)]
        chosen = (marked or named)[:1]
        for member in named:
            if member not in (marked or chosen):
                member.kin = Kin(is_head=False)
        if len(named) > 1:
            self._without_relation += chosen

    def _is_marked(self, row: RosterRow) -> bool:
        """Return whether a row of 社区云 says that it is the head's (户主)."""
        line = self._lines[row.row]
        columns = [*self._reader.table.of("role"), *self._reader.table.of("remark")]
        kin = (read_kin(self._reader.cells(column)[line]) for column in columns)
        return any(one.is_head and one.is_given for one in kin)

    def _promote(self, head: _Member, others: Sequence[_Member]) -> None:
        """Make the first person of a home its head; relations to a head that is missing are kept in words."""
        for member in (head, *others):
            member.kin = Kin("", member is head, None, self._written(member.row))
        head.row = head.row._replace(stands_in=True)
        message = _("No row of this home is its head's; this person was taken as the holder. Check it.")
        self.report(head.row, message)

    def _tell_heads(self, heads: Sequence[_Member], has_members: bool) -> None:
        given = [head for head in heads if head.kin.is_given and head.kin.role != HoldingRole.RENTER]
        for head in heads if given else ():
            if not head.kin.is_given:
                message = _("No relation is given here; this person was taken as a household of her own.")
                self.report(head.row, message)
        if len(given) > 1 and has_members:
            message = _("This home has several heads; everybody was put with the one above. Check it.")
            self.report(given[1].row, message)

    def merged(self, head: _Member) -> RosterRow:
        """Return the row of a head with its people."""
        row = head.row._replace(of_residents="") if head.kin.role else head.row
        # the tenure may have made an owner (产权人) a tenant
        if head.kin.role and not head.role and not (row.role and head.kin.role == HoldingRole.OWNER):
            row = row._replace(role=head.kin.role.value)
        if head.kin.words:
            row = row._replace(remarks=joined(row.remarks, self._said(head.kin.words)))
        if not head.people:
            return row
        persons = list(row.persons)
        facts: dict[str, Any] = {}
        for member in head.people:
            persons += self._persons_of(member, row, persons)
            self.complete(row, member.row, facts)
        return with_residents(row._replace(persons=tuple(persons), **facts))

    def _persons_of(
        self, member: _Member, head: RosterRow, before: Sequence[RosterPerson]
    ) -> list[RosterPerson]:
        row, kin = member.row, member.kin
        if kin.words and not kin.relation and kin.is_given:
            message = _("«{text}» is not a known relation; it was added to the remarks.")
            self.report(row, message.format(text=kin.words))
        contact = f"紧急联系人：{row.contact}" if row.contact else ""
        if row.contact and row.contact == head.contact:
            contact = ""
        person = as_person(row, kin.relation, joined(self._said(kin.words), contact))
        twin = next((one for one in before if is_same(one, person)), None)
        if twin is not None:
            self.report_twin(row)
            return []
        return [person, *row.persons]

    def complete(self, head: RosterRow, row: RosterRow, facts: dict[str, Any]) -> None:
        """Add to `facts` what a member's row says of the home and the head's does not; tell what differs."""
        for name in _FACTS:
            own, other = facts.get(name, getattr(head, name)), getattr(row, name)
            if other in _EMPTY or own == other:
                continue
            if own in _EMPTY:
                facts[name] = other
            else:
                message = _("“{field}” differs from that in the row of the head, which was taken.")
                self.report(row, message.format(field=field_label(name)), WARNING, name)
        ids = dict(facts.get("unit_ids", head.unit_ids))
        for system, number in row.unit_ids:
            if ids.setdefault(system, number) != number:
                message = _(
                    "«{number}» is another number of this home than that of the head's row, which was taken."
                )
                self.report(row, message.format(number=number), WARNING, "home_no")
        if ids:
            facts["unit_ids"] = tuple(ids.items())

    def _said(self, words: str) -> str:
        """Return words about a relation as they stand in remarks; "" for none."""
        column = self._column()
        return f"{column.title or column.letter}：{words}" if words else ""

    def _column(self, name: str = "") -> Any:
        for candidate in (name, "relation", "role", "name"):
            column = self._reader.one(candidate) if candidate else None
            if column is not None:
                return column
        return self._reader.table.columns[0]

    def report(self, row: RosterRow, message: str, severity: str = WARNING, name: str = "") -> None:
        """Report a row's cell of a field, or that which says who she is."""
        self._reader.report(self._column(name), self._lines[row.row], message, severity)

    def tell_numbers_twice(self, rows: Sequence[RosterRow]) -> None:
        """Tell of homes at different places that have one number in another system."""
        places: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in rows:
            for number in row.unit_ids:
                if places.setdefault(number, row[2:7]) != row[2:7]:
                    message = _("«{number}» is the number of two homes of this list. Check their addresses.")
                    self.report(row, message.format(number=number[1]), WARNING, "home_no")

    def report_twin(self, row: RosterRow) -> None:
        """Tell that a row's person is in its household already."""
        self.report(row, _("This person is in this household already; the row was skipped."))

    def tell_cloud(self) -> None:
        """Tell once how many households of 社区云 were made without relations."""
        if not self._without_relation:
            return
        message = numbered(
            len(self._without_relation),
            N_(
                "The list has no relations: in {n} home the first person or the one marked 户主 is the holder."
            ),
            N_(
                "The list has no relations: in {n} homes the first person or the one marked 户主 is the holder."
            ),
        )
        self.report(self._without_relation[0].row, message, INFO, "name")


def with_residents(row: RosterRow) -> RosterRow:
    """Return a household that is listed person by person with the number of those who live there, if none is given."""
    lives = [row.lives_here, *(one.lives_here for one in row.persons if one.relation not in _ELSEWHERE)]
    if row.people is not None or row.vacant or len(lives) < 2:
        return row
    return row._replace(people=sum(here is not False for here in lives))


def home_of(row: RosterRow, index: int, is_cloud: bool) -> tuple[str, ...]:
    """Return what the rows of one home have in common; a row whose place does not say it is alone."""
    unit = canonical_unit(row.unit)
    if not unit and is_cloud:
        unit = "".join(f"\0{number}" for _system, number in row.unit_ids) or f"\0\0{index}"
    elif not unit and not row.building:
        unit = f"\0\0{index}"
    return row.estate, row.building, row.entrance, unit


def _head_for(member: _Member, heads: Sequence[_Member]) -> _Member | None:
    """Return the head whom a member belongs to; None for a renter of whom no relation to an owner is said."""
    own = heads
    if member.role is not None:
        own = [head for head in heads if (head.kin.role or head.role or member.role) == member.role]
        if not own and member.kin.relation in _LOOSE:
            return None
    candidates = own or heads
    above = [head for head in candidates if head.index < member.index]
    return above[-1] if above else candidates[0] if candidates else None


def _is_given_head(kin: Kin) -> bool:
    return kin.is_head and kin.is_given


def is_same(one: RosterPerson, other: RosterPerson) -> bool:
    """Return whether two rows are about one person: the same name, document and relation."""
    return one.name == other.name and one.id_number == other.id_number and one.relation == other.relation


def joined(*texts: str) -> str:
    """Return texts for the remarks, each once."""
    return "；".join(dict.fromkeys(filter(None, texts)))
