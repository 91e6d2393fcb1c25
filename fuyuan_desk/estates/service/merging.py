"""Merging two records of the same home, household or person, after a comparison, and splitting them again."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
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
from fuyuan_desk.estates.service.merge_rows import move_everything, move_people, refuse_two_shares
from fuyuan_desk.estates.service.parts import Somebody, household_of
from fuyuan_desk.estates.service.people import ALIKE
from fuyuan_desk.estates.service.rows import address_of, get_building, get_estate, get_household
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.formats.id_numbers import parse_id_number
from fuyuan_desk.kit.guards import gone, refuse_stale
from fuyuan_desk.kit.merging import store
from fuyuan_desk.kit.merging.facts import Choice, Comparison, Question
from fuyuan_desk.kit.merging.references import move, uses_of
from fuyuan_desk.kit.merging.store import Row
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.kit.trail.wording import changes_of, field_name
from fuyuan_desk.store.audit.log import encode
from fuyuan_desk.store.db.base import Record

UNIT_PARTS = (
    "entrance", "label", "floor", "use", "tenure", "area", "inner_area", "lease_no", "real_estate_no", "fund_account",
    "fund_first", "fund_balance", "fund_balance_on", "fund_topped_up", "fund_topped_up_on",
)  # fmt: skip
"""What may differ between two records of a home; numbers in other systems are joined."""
_OF_HOUSEHOLD = (
    "role", "people", "vacant", "contact", "moved_in_on", "moved_out_on", "ended_how", "lease_from", "lease_until",
)  # fmt: skip
_DAYS = ("moved_in_on", "moved_out_on", "ended_how")
_FLAGS = ("is_emergency", "has_key")
_OF_PERSON = ("relation", "from_on", "until_on")
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
        parts = _parts_of(one, other)
        shown_first, shown_second = _shown(one, parts), _shown(other, parts)
        return Comparison(
            ((first, one.version), (second, other.version)),
            _name(session, one),
            _name(session, other),
            _rows(session, seat.operator.role, (one, other), parts, (shown_first, shown_second)),
            tuple(
                Choice(
                    name,
                    _label(one, name),
                    shown_first[name],
                    shown_second[name],
                    only_if=_only_if(one, other, name),
                )
                for name in parts
                if _is_choice(one, other, name)
            ),
            _questions(one, other),
            _hint(one),
        )


def _only_if(one: Record, other: Record, name: str) -> tuple[str, str] | None:
    """Return under which answer a part of two holders is asked: only where they are one person."""
    of_holders = isinstance(one, Household) and isinstance(other, Household) and name not in _OF_HOUSEHOLD
    return (HOLDER_IS, THE_SAME) if of_holders else None


def _is_choice(one: Record, other: Record, name: str) -> bool:
    is_filled = not _is_empty(one, name) and not _is_empty(other, name)
    return is_filled and _value(one, name) != _value(other, name)


def _is_empty(row: Record, name: str) -> bool:
    """Return whether a part says nothing; a "no" to a question says something, a flag that is not set does not."""
    value = _value(row, name)
    return value is None or value == "" or (value is False and name in _FLAGS)


def _parts_of(one: Record, other: Record) -> tuple[str, ...]:
    if isinstance(one, Unit):
        return UNIT_PARTS
    if isinstance(one, Household) and isinstance(other, Household):
        return ("name", *_OF_HOUSEHOLD, *ALIKE)
    return ("name", *ALIKE) if isinstance(one, Household) else ("name", *_OF_PERSON, *ALIKE)


def _column(row: Record, name: str) -> str:
    """Return the column of a part: a household has its holder's name as `head`."""
    return "head" if name == "name" and isinstance(row, Household) else name


def _value(row: Record, name: str) -> Any:
    return getattr(row, _column(row, name))


def _set(row: Record, name: str, value: Any) -> None:
    setattr(row, _column(row, name), value)


def _label(row: Record, name: str) -> str:
    return field_name(row.__tablename__, _column(row, name))


def _shown(row: Record, parts: Sequence[str]) -> dict[str, str]:
    filled = {_column(row, name): _value(row, name) for name in parts if not _is_empty(row, name)}
    known = json.loads(encode(filled))
    texts = {one.field: one.new for one in changes_of(row.__tablename__, "insert", known, reveal=True)}
    return {name: texts.get(_column(row, name)) or _("Not recorded") for name in parts}


def _rows(
    session: Session,
    role: Role,
    both: tuple[Any, Any],
    parts: Sequence[str],
    shown: tuple[Mapping[str, str], Mapping[str, str]],
) -> tuple[tuple[str, str, str], ...]:
    filled = [name for name in parts if not all(_is_empty(row, name) for row in both)]
    rows = [(_label(both[0], name), shown[0][name], shown[1][name]) for name in filled]
    if not isinstance(both[0], Unit):
        places = [_place(session, row) for row in both]
        rows.insert(1, (_("Address"), places[0], places[1]))
        rows += _belongings(session, role, both)
    uses = [uses_of(session, row.__tablename__, row.id) or _("Nothing") for row in both]
    return (*rows, (_("Referred to by"), uses[0], uses[1]))


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
    return address_of(session, row.id) if isinstance(row, Unit) else str(_value(row, "name"))


def _place(session: Session, row: Somebody) -> str:
    return address_of(session, get_household(session, household_of(row)[0]).unit_id)


def _questions(one: Record, other: Record) -> tuple[Question, ...]:
    if not (isinstance(one, Household) and isinstance(other, Household)):
        return ()
    answers = (
        (THE_SAME, _("the same person as the holder of the first one")),
        (ANOTHER, _("another person, who then belongs to the first household")),
    )
    usual = THE_SAME if other.is_company or _is_same_person(one, other) else ANOTHER
    return (Question(HOLDER_IS, _("The &holder of the second one is"), answers, usual),)


def _is_same_person(one: Household, other: Household) -> bool:
    return one.head == other.head or (bool(one.id_number) and one.id_number == other.id_number)


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
        if not isinstance(one, Household):
            raise Conflict(
                _("The holder of a household stays. Merge the households, or choose the holder first.")
            )
        if one.unit_id != other.unit_id:
            raise Conflict(_("The two households are in different homes. Merge the homes first."))
    elif isinstance(one, Household) and one.is_company:
        raise Conflict(_("A company is no person of a household."))


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
        refuse_stale(kept, version)
        refuse_stale(other, other_version)
        _refuse_pair(session, kept, other)
        units = _units_of(kept) | _units_of(other)

        known = set[str]().union(*(_faults(session, row, seat.today()) for row in (kept, other)))

        def write() -> None:
            if isinstance(kept, Unit):
                _merge_homes(session, kept, other, taken)
            elif isinstance(other, Household):
                _merge_households(session, kept, other, taken, (answers or {}).get(HOLDER_IS, THE_SAME))
            else:
                _merge_people(session, kept, other, taken)
            _refuse_shared_twice(seat, session, units)
            new = [fault for name, fault in _faults(session, kept, seat.today()).items() if name not in known]
            if new:
                text = _("Together they contradict each other. {fault} Choose what stays accordingly.")
                raise Conflict(text.format(fault=new[0]))

        store.remembered(session, first, second, write)
        search_entries.index_units(session, units | _units_of(kept))
        return Saved(kept.id, kept.version)


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


def _refuse_shared_twice(seat: Seat, session: Session, units: Collection[int]) -> None:
    for owning in shares.owners_ever(session, units).values():
        if fault := shares.fault_ever(owning, seat.today()):
            raise Conflict(_("Together they would hold too much. {fault}").format(fault=fault))


def _take(kept: Record, other: Record, parts: Sequence[str], taken: Collection[str]) -> None:
    """Set the parts of the record that stays: what was chosen, and what only the other one has."""
    for name in parts:
        if name in taken or (_is_empty(kept, name) and not _is_empty(other, name)):
            _set(kept, name, _value(other, name))
    kept.version += 1  # what moves along are rows of their own: nothing else of it may have changed


def _join_ids(kept: Any, other: Any) -> None:
    kept.other_ids = {**(other.other_ids or {}), **(kept.other_ids or {})} or None


def _join_remarks(kept: Any, other: Any) -> None:
    texts = dict.fromkeys(text for text in (kept.remarks, other.remarks) if text)
    kept.remarks = "\n".join(texts)


def _merge_homes(session: Session, kept: Unit, other: Unit, taken: Collection[str]) -> None:
    move(session, UNITS, other.id, kept.id)
    _take(kept, other, UNIT_PARTS, taken)
    _join_ids(kept, other)
    building, estate = get_building(session, kept.building_id), get_estate(session, kept.estate_id)
    kept.order_key = search_entries.unit_order_key(estate.name, building.label, kept.entrance, kept.label)
    session.flush()
    session.delete(other)
    session.flush()


def _merge_households(
    session: Session, kept: Household, other: Household, taken: Collection[str], holder_is: str
) -> None:
    if holder_is == THE_SAME:
        _keep_other_paper(session, kept, other, taken)
        _take(kept, other, ("name", *_OF_HOUSEHOLD, *ALIKE), taken)
        _join_ids(kept, other)
        _join_remarks(kept, other)
        move_everything(session, other, kept, kept.unit_id)
        refuse_two_shares(session, kept)
    else:
        if other.is_company or kept.is_company:
            raise Conflict(_("A company is no person of a household."))
        person = _as_person(session, other, kept)
        # the days of the second household are those of the person now
        _take(kept, other, [name for name in _OF_HOUSEHOLD if name in taken or name not in _DAYS], taken)
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
    _take(kept, other, _parts_of(kept, other), taken)
    _join_ids(kept, other)
    _join_remarks(kept, other)
    move_everything(session, other, kept, household.unit_id)
    refuse_two_shares(session, kept)
    session.delete(other)
    session.flush()


def _has_share(session: Session, person: Person) -> bool:
    return session.scalar(select(OwnerShare.id).where(OwnerShare.person_id == person.id).limit(1)) is not None


def _keep_other_paper(session: Session, kept: Somebody, other: Somebody, taken: Collection[str]) -> None:
    """Keep the document that is not chosen where it is of another kind: a passport beside the identity card."""
    left = kept if "id_number" in taken else other
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
def split(seat: Seat, merge_id: int) -> None:
    """Undo a merge, with everything that it moved; raises `Conflict`, in words, when that was changed since."""
    with seat.transaction() as session:
        touched = store.undo(session, merge_id)
        units = set(touched.get(UNITS, ()))
        for table, find in _UNITS_OF.items():
            units |= {find(session, record_id) for record_id in touched.get(table, ())} - {0}
        for household_id in touched.get(HOUSEHOLDS, ()):
            row = session.get(Household, household_id)
            if row is not None:
                row.version += 1  # what was moved back are rows of their own
        session.flush()
        search_entries.index_units(session, units)


def _unit_of_household(session: Session, household_id: int) -> int:
    row = session.get(Household, household_id)
    return 0 if row is None else row.unit_id


def _unit_of_person(session: Session, person_id: int) -> int:
    row = session.get(Person, person_id)
    return 0 if row is None else _unit_of_household(session, row.household_id)


_UNITS_OF: Mapping[str, Callable[[Session, int], int]] = {
    HOUSEHOLDS: _unit_of_household,
    PEOPLE: _unit_of_person,
}
