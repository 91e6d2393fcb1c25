"""Several rows of one home: its further owners, other holders, and what the rows contradict each other in; pure."""

from collections.abc import Collection, Iterator, Sequence

from fuyuan_desk.estates.facts.listed import PersonNow, UnitNow
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.roster.reading.co_owners import as_person
from fuyuan_desk.roster.reading.plan import another_holder, contradicting
from fuyuan_desk.roster.reading.rows import Problem, RosterRow
from fuyuan_desk.roster.rules.differences import Difference, contradictions, unit_differences
from fuyuan_desk.roster.rules.matching import Pair, Places
from fuyuan_desk.roster.rules.persons import is_renting, is_same_person
from fuyuan_desk.roster.rules.stored import Stored


def owns(person: PersonNow) -> bool:
    """Return whether somebody owns a home beside its holder."""
    return person.relation == Relation.CO_OWNER


def lives_together(person: PersonNow) -> bool:
    """Return whether somebody rents a home together with its holder."""
    return person.relation in (Relation.CO_OWNER, Relation.FLATMATE)


def of_home(
    rows: Sequence[RosterRow], unit: UnitNow, stated: Collection[str]
) -> tuple[list[Difference], list[Problem]]:
    """Return in what the rows of a home differ from its unit, and what is told of contradictions.

    Where rows contradict each other, what the store holds stays if one of them says it; else the first row counts. So
    a second run of the list changes nothing.
    """
    found: dict[tuple[str, str], Difference] = {}
    for row in rows:
        for one in unit_differences(row, unit, stated):
            found.setdefault((one.field, one.column), one)
    told = []
    for field, row, first, is_stored in contradictions(rows, unit, stated):
        told.append(contradicting(row, first, [field]))
        if is_stored:
            found = {key: one for key, one in found.items() if key[0] != field}
    return list(found.values()), told


def without_further_owners(
    named: Sequence[int], rows: list[RosterRow], pairs: Sequence[Pair], stored: Stored
) -> list[int]:
    """Return the rows, by number, that name no further owner of a household which another row was matched with.

    Further owners are added to that row: a list may have a row for each owner.
    """
    left: list[int] = []
    matched = {pair.row for pair in pairs}
    for number in named:
        row = rows[number]
        same = [pair.row for pair in pairs if _is_owner(row, pair, stored)] if number not in matched else []
        if same:
            owner = as_person(row, Relation.CO_OWNER.value)
            rows[same[0]] = rows[same[0]]._replace(persons=(*rows[same[0]].persons, owner))
        else:
            left.append(number)
    return left


def _is_owner(row: RosterRow, pair: Pair, stored: Stored) -> bool:
    """Return whether a row names one of the co-owners of a household."""
    return is_renting(row.role) == is_renting(pair.household.role) and any(
        owns(one) and is_same_person(row.name, row.id_number, one.name, one.id_number)
        for one in stored.people.get(pair.household.id, ())
    )


def several_holders(places: Places) -> Iterator[Problem]:
    """Yield a problem for each row that names another holder of a home than an earlier one."""
    first: dict[tuple[object, ...], RosterRow] = {}
    for row, found in zip(places.rows, places.found, strict=True):
        if row.name and not is_renting(row.role):
            other = first.setdefault((found.unit,) if found.unit is not None else row[2:7], row)
            people = [(other.name, other.id_number), *((one.name, one.id_number) for one in other.persons)]
            if other is not row and not any(is_same_person(row.name, row.id_number, *one) for one in people):
                yield another_holder(row, other)
