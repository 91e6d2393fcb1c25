"""Merging two records of the same home, household or person, after a comparison, and splitting them again."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.estates.records import Household, OwnerShare, Person, PersonPaper, Unit
from fuyuan_desk.estates.service import households, people, search_entries, shares, tags
from fuyuan_desk.estates.service.merge_parts import (
    NAME,
    OF_ANYBODY,
    OF_HOUSEHOLD,
    PAPER,
    UNIT_PARTS,
    choices,
    join_ids,
    join_remarks,
    left_over,
    parts_of,
    rows,
    take_over,
    value,
)
from fuyuan_desk.estates.service.merge_rows import (
    follow_person,
    keep_in_estate,
    move_everything,
    move_people,
    refuse_two_shares,
)
from fuyuan_desk.estates.service.parts import Somebody, household_of
from fuyuan_desk.estates.service.people import ALIKE
from fuyuan_desk.estates.service.rows import address_of, get_household
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.formats.id_numbers import parse_id_number
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.kit.merging import store
from fuyuan_desk.kit.merging.facts import Comparison, Question
from fuyuan_desk.kit.merging.references import move, uses_of
from fuyuan_desk.kit.merging.store import Row
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.store.db.base import Record

_TABLES: Mapping[str, type[Record]] = {UNITS: Unit, HOUSEHOLDS: Household, PEOPLE: Person}
HOLDER_IS, THE_SAME, ANOTHER = "holder_is", "same", "another"
"""The question who the holder of the second household is, and its answers."""
Stamp = tuple[tuple[Row, int], tuple[Row, int]]
"""The two records, each with its version as it was compared; the first one stays."""


def _get(session: Session, row: Row) -> Any:
    found = session.get(_TABLES[row[0]], row[1])
    if found is None:
        raise gone()
    return found


# --- comparing


@permit(*WRITERS)
def compare(seat: Seat, first: Row, second: Row) -> Comparison:
    """Return two records side by side; people are shown unmasked, as in their forms, which is audited.

    A household and a person are compared as its holder and that person.
    """
    with seat.transaction() as session:
        one, other = _get(session, first), _get(session, second)
        _refuse_pair(session, one, other)
        for row in (one, other):
            if not isinstance(row, Unit):
                log_reveal(seat, session, row.__tablename__, row.id, {"field": "form"})
        return Comparison(
            ((first, one.version), (second, other.version)),
            _name(session, one),
            _name(session, other),
            _rows(session, seat.operator.role, one, other),
            tuple(
                replace(choice, only_if=_only_if(one, other, choice.name)) for choice in choices(one, other)
            ),
            _questions(one, other),
            _hint(one),
        )


def _only_if(one: Record, other: Record, name: str) -> tuple[str, str] | None:
    """Return under which answer a part of two holders is asked: only where they are one person."""
    of_household = name in (part.name for part in OF_HOUSEHOLD if not part.are_days)
    are_holders = isinstance(one, Household) and isinstance(other, Household)
    return (HOLDER_IS, THE_SAME) if are_holders and not of_household else None


def _rows(session: Session, role: Role, one: Any, other: Any) -> tuple[tuple[str, str, str], ...]:
    found = rows(one, other)
    if not isinstance(one, Unit):
        found.insert(1, (_("Address"), _place(session, one), _place(session, other)))
        found += _belongings(session, role, (one, other))
    uses = [uses_of(session, row.__tablename__, row.id) or _("Nothing") for row in (one, other)]
    return (*found, (_("Referred to by"), uses[0], uses[1]))


def _belongings(session: Session, role: Role, both: tuple[Somebody, Somebody]) -> list[tuple[str, str, str]]:
    """Return the rows of what stands beside two people's own data: telephones, documents, tags."""

    def texts(row: Somebody) -> tuple[str, ...]:
        fields = people.fields_of(session, row, role)
        household_id, person_id = household_of(row)
        tagged = tags.tags_of_people(session, [household_id], role).get(
            (household_id, person_id or HOLDER), ()
        )
        lists = (fields.phones, fields.papers, (tag.name for tag in tagged))
        return tuple(_(", ").join(each) or _("Not recorded") for each in lists)

    labels = (_("Telephone"), _("Further documents"), _("Tags"))
    return [row for row in zip(labels, *map(texts, both), strict=True) if set(row[1:]) != {_("Not recorded")}]


def _name(session: Session, row: Any) -> str:
    return address_of(session, row.id) if isinstance(row, Unit) else str(value(row, "name"))


def _place(session: Session, row: Somebody) -> str:
    return address_of(session, get_household(session, household_of(row)[0]).unit_id)


def _questions(one: Record, other: Record) -> tuple[Question, ...]:
    if not (isinstance(one, Household) and isinstance(other, Household)):
        return ()
    answers = (
        (THE_SAME, _("the same person as the holder of the first one")),
        (ANOTHER, _("another person, who then belongs to the first household")),
    )
    usual = THE_SAME if one.is_company or _is_same_person(one, other) else ANOTHER
    return (Question(HOLDER_IS, _("The &holder of the second one is"), answers, usual),)


def _is_same_person(one: Household, other: Household) -> bool:
    if one.id_number and other.id_number and one.id_kind == other.id_kind:
        return one.id_number == other.id_number
    return one.head == other.head


def _hint(one: Record) -> str:
    if isinstance(one, Unit):
        return _(
            "The households, renovations and calls of the right home become those of the left one. What only one of"
            " them has stays; where they differ, choose. It can be undone under “Possible duplicates”."
        )
    return _(
        "Telephones, documents, tags, shares and calls of the right one become those of the left one. What only one of"
        " them has stays; where they differ, choose; remarks are joined. It can be undone under “Possible duplicates”."
    )


# --- refusing


def _refuse_pair(session: Session, one: Any, other: Any) -> None:
    """Raise `Conflict`, in words, for two records that cannot be one."""
    if (one.__tablename__, one.id) == (other.__tablename__, other.id):
        raise Conflict(_("A record cannot be merged with itself. Choose another one."))
    if any(getattr(row, "anonymised_on", None) for row in (one, other)):
        raise Conflict(
            _("One of the two was anonymised: nobody can tell any more whether they are the same.")
        )
    if isinstance(one, Unit):
        if one.estate_id != other.estate_id:
            raise Conflict(
                _("The two homes are in different estates. Move one of them to the right building first.")
            )
    elif isinstance(other, Household):
        _refuse_households(one, other)
    elif isinstance(one, Household) and one.is_company:
        raise Conflict(_("A company is no person of a household."))
    elif _estate_of(session, one) != _estate_of(session, other):
        raise Conflict(
            _("The two are recorded in different estates. Enter her days in each of the two instead.")
        )


def _refuse_households(one: Somebody, other: Household) -> None:
    if not isinstance(one, Household):
        raise Conflict(
            _("The holder of a household stays. Merge the households, or choose the holder first.")
        )
    if one.unit_id != other.unit_id:
        raise Conflict(_("The two households are in different homes. Merge the homes first."))
    if one.is_company != other.is_company:
        raise Conflict(
            _("One of the two holders is a company, the other one a person. They stay two households.")
        )


def _estate_of(session: Session, row: Somebody) -> int:
    return get_household(session, household_of(row)[0]).estate_id


# --- merging


@permit(*WRITERS)
def merge(
    seat: Seat, stamp: Stamp, taken: Collection[str] = (), answers: Mapping[str, str] | None = None
) -> Saved:
    """Merge the second record into the first one, in one transaction; what belongs to it is moved.

    `taken` are the parts of which the second one's value stays; what only one has stays anyway. Raises `Conflict`, in
    words, when one was changed since it was compared, or the two cannot be one.
    """
    (first, version), (second, other_version) = stamp
    with seat.transaction() as session:
        kept, other = _get(session, first), _get(session, second)
        if (kept.version, other.version) != (version, other_version):
            raise Conflict(_("One of the two was changed meanwhile. Close this, and compare them again."))
        _refuse_pair(session, kept, other)
        units = _units_of(kept) | _units_of(other)
        known = set[str]().union(*(_faults(session, row, seat.today()) for row in (kept, other)))
        was_wrong = bool(_doubts(session, units, seat.today()))

        def write() -> None:
            if isinstance(kept, Unit):
                _merge_homes(session, kept, other, taken)
                return
            if isinstance(other, Household):
                _merge_households(session, kept, other, taken, (answers or {}).get(HOLDER_IS, THE_SAME))
            else:
                _merge_people(session, kept, other, taken)
            # what was wrong before, as a roster or two merged homes may leave it, is put right step by step
            if not was_wrong and (doubts := _doubts(session, units, seat.today())):
                raise Conflict(_("Together they would hold too much. {fault}").format(fault=doubts[0]))
            new = [fault for name, fault in _faults(session, kept, seat.today()).items() if name not in known]
            if new:
                text = _("Together they contradict each other; choose what stays accordingly. {fault}")
                raise Conflict(text.format(fault=new[0]))

        store.remembered(session, first, second, write)
        search_entries.index_units(session, units | _units_of(kept))
        return Saved(kept.id, kept.version, _doubts(session, _units_of(kept), seat.today()))


def _faults(session: Session, row: Any, today: date) -> dict[str, str]:
    """Return what the forms of a household, its holder or a person would refuse as it is stored, by field."""
    if isinstance(row, Unit):
        return {}
    own = households.faults_of(session, row, today) if isinstance(row, Household) else {}
    return own | people.faults_of(session, row, today)


def _units_of(row: Any) -> set[int]:
    if isinstance(row, Unit):
        return {row.id}
    return {row.unit_id if isinstance(row, Household) else row.household.unit_id}


def _doubts(session: Session, units: Collection[int], today: date) -> tuple[str, ...]:
    """Return what is wrong with the shares and the votes of homes."""
    found = []
    for owning in shares.owners_ever(session, units).values():
        found.append(shares.fault_ever(owning, today))
        if sum(one.is_voter and one.period.covers(today) for one in owning) > 1:
            found.append(_("Two people would vote for the owners. Choose one of them in the shares first."))
    return tuple(filter(None, found))


def _merge_homes(session: Session, kept: Unit, other: Unit, taken: Collection[str]) -> None:
    move(session, UNITS, other.id, kept.id)
    take_over(kept, other, UNIT_PARTS, taken)
    join_ids(kept, other, taken)
    search_entries.order_units(session, [kept.id])
    session.delete(other)
    session.flush()


def _merge_households(
    session: Session, kept: Household, other: Household, taken: Collection[str], holder_is: str
) -> None:
    if holder_is == THE_SAME:
        _keep_other_paper(session, kept, other, taken)
        take_over(kept, other, (NAME, *OF_HOUSEHOLD, *OF_ANYBODY), taken)
        join_ids(kept, other, taken)
        join_remarks(kept, other.remarks)
        move_everything(session, other, kept, kept.unit_id)
        refuse_two_shares(session, kept)
    else:
        if kept.is_company:
            raise Conflict(_("A company is no person of a household."))
        person = _as_person(session, other, kept)
        # what only she has is hers: nothing of it becomes the first holder's by itself
        join_remarks(person, left_over(kept, other, taken))
        take_over(kept, other, [part for part in OF_HOUSEHOLD if not part.are_days], taken, fills=False)
        move_everything(session, other, person, kept.unit_id)
    move_people(session, other, kept)
    session.delete(other)
    session.flush()


def _as_person(session: Session, household: Household, kept: Household) -> Person:
    """Add the holder of a household to the people of another one, for the time that it was there."""
    taken = session.scalars(select(Person.position).where(Person.household_id == kept.id))
    person = Person(
        household_id=kept.id,
        position=max(taken, default=0) + 1,
        name=household.head,
        from_on=household.moved_in_on,
        until_on=household.moved_out_on,
        remarks=household.remarks,
        other_ids=dict(household.other_ids) if household.other_ids else None,
        **{name: getattr(household, name) for name in ALIKE},
    )
    session.add(person)
    session.flush()
    return person


def _merge_people(session: Session, kept: Somebody, other: Person, taken: Collection[str]) -> None:
    household = get_household(session, household_of(kept)[0])
    if household.id != other.household_id and _has_share(session, other):
        raise Conflict(
            _("The second one has a share of the home where she is recorded. Put the shares right first.")
        )
    _keep_other_paper(session, kept, other, taken)
    take_over(kept, other, parts_of(kept, other), taken)
    join_ids(kept, other, taken)
    join_remarks(kept, other.remarks)
    move_everything(session, other, kept, household.unit_id)
    refuse_two_shares(session, kept)
    session.delete(other)
    session.flush()


def _has_share(session: Session, person: Person) -> bool:
    return session.scalar(select(OwnerShare.id).where(OwnerShare.person_id == person.id).limit(1)) is not None


def _keep_other_paper(session: Session, kept: Somebody, other: Somebody, taken: Collection[str]) -> None:
    """Keep the document that is not chosen where it is of another kind: a passport beside the identity card."""
    left = kept if PAPER.name in taken else other
    chosen = other if left is kept else kept
    if not left.id_number or not chosen.id_number or left.id_kind == chosen.id_kind:
        return
    household_id, person_id = household_of(kept)
    session.add(
        PersonPaper(
            household_id=household_id,
            person_id=person_id,
            position=0,
            kind=left.id_kind or parse_id_number(left.id_number).kind,
            number=left.id_number,
        )
    )
    session.flush()


# --- splitting


@permit(*WRITERS)
def split(seat: Seat, merge_id: int) -> Saved:
    """Undo a merge, with everything that it moved; its doubts say what is wrong with shares and votes then.

    What was added to somebody since goes with her. Raises `Conflict`, in words, when what the merge wrote was changed
    since.
    """
    with seat.transaction() as session:
        kept = store.kept_by(session, merge_id)
        if getattr(session.get(_TABLES[kept[0]], kept[1]), "anonymised_on", None):
            raise Conflict(_("Personal data of one of the two was erased since. Leave them merged."))
        touched = store.undo(session, merge_id)
        units = set(touched.get(UNITS, ()))
        for person_id in touched.get(PEOPLE, ()):
            units |= follow_person(session, person_id)
        for household_id in touched.get(HOUSEHOLDS, ()):
            row = session.get(Household, household_id)
            if row is not None:
                units.add(row.unit_id)
                row.version += 1  # what was moved back are rows of their own
        session.flush()
        for unit_id in units:
            keep_in_estate(session, unit_id)
        search_entries.order_units(session, units)
        search_entries.index_units(session, units)
        return Saved(kept[1], _get(session, kept).version, _doubts(session, units, seat.today()))
