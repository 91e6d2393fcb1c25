"""A row that names another one of a household first than the store does, turned to stand as the store does; pure."""

from collections.abc import Sequence

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.estates.facts.listed import HouseholdNow, PersonNow
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow
from fuyuan_desk.roster.rules.persons import is_same_person

_CONVERSE = {
    Relation.CO_OWNER: Relation.CO_OWNER,
    Relation.SPOUSE: Relation.SPOUSE,
    Relation.SIBLING: Relation.SIBLING,
    Relation.RELATIVE: Relation.RELATIVE,
    Relation.FLATMATE: Relation.FLATMATE,
    Relation.CHILD: Relation.PARENT,
    Relation.PARENT: Relation.CHILD,
    Relation.CHILD_IN_LAW: Relation.PARENT_IN_LAW,
    Relation.PARENT_IN_LAW: Relation.CHILD_IN_LAW,
    Relation.GRANDCHILD: Relation.GRANDPARENT,
    Relation.GRANDPARENT: Relation.GRANDCHILD,
}
"""What A is to B, if B is this to A."""
_EQUAL = ("", Relation.CO_OWNER, Relation.FLATMATE)
"""Relations that are the same to each of those who stand in one cell."""


def head_in(row: RosterRow, household: HouseholdNow) -> RosterPerson | None:
    """Return the store's head of the household, if a row names her behind its own holder."""
    return next(
        (
            one
            for one in row.persons
            if is_same_person(one.name, one.id_number, household.head, household.id_number)
        ),
        None,
    )


def is_turned(row: RosterRow, household: HouseholdNow, people: Sequence[PersonNow]) -> bool:
    """Return whether a row's holder is not the store's head, but one of the household."""
    if is_same_person(row.name, row.id_number, household.head, household.id_number):
        return False
    is_known = any(is_same_person(row.name, row.id_number, one.name, one.id_number) for one in people)
    return is_known or head_in(row, household) is not None


def stand_as_equals(row: RosterRow, household: HouseholdNow) -> bool:
    """Return whether a row names the store's head beside its holder, so that nobody is said to hold the home alone."""
    head = head_in(row, household)
    return head is not None and head.relation in _EQUAL


def turned(
    row: RosterRow, household: HouseholdNow, people: Sequence[PersonNow], phones: frozenset[str]
) -> RosterRow:
    """Return a row with the store's head as its holder, and its own holder among the people.

    What is said of the home stays with the household, what is said of somebody goes with her; of a head who is not in
    the row nothing is said. `phones` are those of the whole household: one of them below another name is none more.
    """
    head = head_in(row, household)
    is_of_all = all(one.relation in _EQUAL for one in row.persons)
    known_ids = (household.other_ids or {}).items()
    holder = RosterPerson(
        row.name,
        _CONVERSE.get(Relation(head.relation), "") if head and head.relation else "",
        row.share,
        row.id_kind,
        row.id_number,
        row.phones if not phones.issuperset(row.phones) else (),
        row.papers,
        row.registered_at,
        row.lives_here,
        other_ids=tuple(pair for pair in row.other_ids if pair not in known_ids),
        # in a list with a row for each person a remark is that person's, else the home's
        remarks="" if is_of_all else row.remarks,
        tags=row.tags,
    )
    own = head or RosterPerson(household.head)
    others = (one if one.relation in _EQUAL else _of_other_head(one, row, people) for one in row.persons)
    remarks = (row.remarks if is_of_all else "", own.remarks)
    return row._replace(
        name=household.head,
        is_company=household.is_company,
        id_kind=own.id_kind,
        id_number=own.id_number,
        phones=own.phones,
        share=own.share,
        papers=own.papers,
        registered_at=own.registered_at,
        lives_here=own.lives_here,
        other_ids=own.other_ids,
        tags=own.tags,
        remarks="；".join(filter(None, remarks)),
        persons=(holder, *(one for one, said in zip(others, row.persons, strict=True) if said is not head)),
    )


def _of_other_head(one: RosterPerson, row: RosterRow, people: Sequence[PersonNow]) -> RosterPerson:
    """Return somebody with what the list says that she is to its holder as a remark: to the store's head it is unknown.

    Of whom the store says it already, it stays a difference to be looked at.
    """
    if any(
        there.relation and is_same_person(one.name, one.id_number, there.name, there.id_number)
        for there in people
    ):
        return one
    said = f"{row.name}：{name_of(Relation, one.relation)}"
    return one._replace(relation="", remarks="；".join(filter(None, (one.remarks, said))))
