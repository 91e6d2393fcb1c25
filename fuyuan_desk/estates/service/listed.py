"""The estate book as a yearly list is compared with it: what it holds, when that was changed, and the changes made.

Everything runs inside the transaction of the roster's service.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.facts.listed import HeldHome, HouseholdNow, MergedAway, PersonNow, UnitNow
from fuyuan_desk.estates.records import (
    Building,
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
    Tag,
    Unit,
)
from fuyuan_desk.estates.rules.people import HouseholdEnd
from fuyuan_desk.estates.service import people, search_entries, tags
from fuyuan_desk.estates.service.parts import Somebody, household_of, of_person, set_phones
from fuyuan_desk.estates.service.succession import go_along
from fuyuan_desk.kit.merging import store as merging
from fuyuan_desk.store.audit import reversal
from fuyuan_desk.store.audit.log import AuditEntry

HOUSEHOLD, UNIT = Household.__tablename__, Unit.__tablename__
_CHUNK = 500
Whose = tuple[int, int | None]
"""A household, and a person of it or None for its holder."""
_UNIT = tuple(getattr(Unit, name) for name in UnitNow._fields)
_HOUSEHOLD = tuple(getattr(Household, name) for name in HouseholdNow._fields)
_PERSON = tuple(getattr(Person, name) for name in PersonNow._fields)


# --- what is there


def units_now(session: Session, estate_ids: Collection[int]) -> list[UnitNow]:
    """Return the units of estates."""
    rows = session.execute(select(*_UNIT).where(Unit.estate_id.in_(estate_ids)))
    return list(map(UnitNow._make, rows.all()))


def households_now(session: Session, estate_ids: Collection[int]) -> list[HouseholdNow]:
    """Return the households of estates, the former ones too, in the order of their keys."""
    rows = session.execute(
        select(*_HOUSEHOLD).where(Household.estate_id.in_(estate_ids)).order_by(Household.id)
    )
    return list(map(HouseholdNow._make, rows.all()))


def homes_held_by(session: Session, heads: Iterable[str]) -> Iterator[HeldHome]:
    """Yield the homes, of all estates, whose present holders have one of these names."""
    query = (
        select(Household.estate_id, Building.label, Unit.entrance, Unit.label, Household.head)
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(Household.moved_out_on.is_(None))
    )
    names = iter(heads)
    while some := list(islice(names, _CHUNK)):
        yield from map(HeldHome._make, session.execute(query.where(Household.head.in_(some))))


def people_now(session: Session, estate_ids: Collection[int]) -> list[PersonNow]:
    """Return the people of estates' households besides their holders."""
    query = select(*_PERSON).join(Household, Household.id == Person.household_id)
    return list(map(PersonNow._make, session.execute(query.where(Household.estate_id.in_(estate_ids))).all()))


def shares_now(session: Session, estate_ids: Collection[int]) -> dict[tuple[int, int | None], str]:
    """Return the present shares, by household and person (None: its holder)."""
    query = (
        select(OwnerShare.household_id, OwnerShare.person_id, OwnerShare.share)
        .join(Household, Household.id == OwnerShare.household_id)
        .where(Household.estate_id.in_(estate_ids), OwnerShare.until_on.is_(None))
    )
    return {(household, person): share for household, person, share in session.execute(query)}


def phones_now(session: Session, estate_ids: Collection[int]) -> dict[Whose, tuple[str, ...]]:
    """Return the telephones of estates' people, by household and person (None: its holder)."""
    found: defaultdict[Whose, list[str]] = defaultdict(list)
    query = (
        select(HouseholdPhone.household_id, HouseholdPhone.person_id, HouseholdPhone.number)
        .join(Household, Household.id == HouseholdPhone.household_id)
        .where(Household.estate_id.in_(estate_ids))
        .order_by(HouseholdPhone.household_id, HouseholdPhone.position)
    )
    for household, person, number in session.execute(query):
        found[household, person].append(number)
    return {whose: tuple(numbers) for whose, numbers in found.items()}


def papers_now(session: Session, estate_ids: Collection[int]) -> dict[Whose, frozenset[str]]:
    """Return the numbers of further documents, by household and person (None: its holder)."""
    query = (
        select(PersonPaper.household_id, PersonPaper.person_id, PersonPaper.number)
        .join(Household, Household.id == PersonPaper.household_id)
        .where(Household.estate_id.in_(estate_ids))
    )
    return _sets(session.execute(query))


def tags_now(session: Session, estate_ids: Collection[int]) -> dict[Whose, frozenset[str]]:
    """Return the names of tags, by household and person (None: its holder)."""
    query = (
        select(PersonTag.household_id, PersonTag.person_id, Tag.name)
        .join(Household, Household.id == PersonTag.household_id)
        .join(Tag, Tag.id == PersonTag.tag_id)
        .where(Household.estate_id.in_(estate_ids))
    )
    return _sets(session.execute(query))


def _sets(rows: Iterable[Any]) -> dict[Whose, frozenset[str]]:
    found: defaultdict[Whose, set[str]] = defaultdict(set)
    for household, person, text in rows:
        found[household, person].add(text)
    return {whose: frozenset(texts) for whose, texts in found.items()}


def merged_away(session: Session, estate_ids: Collection[int]) -> list[MergedAway]:
    """Return the units and households of estates that were merged into others: a list still names them."""
    found = []
    for merge in merging.merges(session, (UNIT, HOUSEHOLD)):
        table, key = merge.gone
        values = reversal.removed_values(session, merge.span, table, key)
        if values.get("estate_id") in estate_ids and merge.kept[0] == table:
            names = set(MergedAway._fields) & set(values)
            found.append(
                MergedAway(table, _last(session, merge.kept), **{name: values[name] for name in names})
            )
    return found


def _last(session: Session, kept: merging.Row) -> int:
    """Return the key of the record that is there now: the one kept may have been merged into another one later."""
    later = merging.kept_of(session, kept)
    return kept[1] if later is None else _last(session, later)


def changed_since(
    session: Session, table: str, ids: Iterable[int], since: datetime, lists: Sequence[range] = ()
) -> dict[int, frozenset[str]]:
    """Return what of records was changed one by one after an instant: the columns by record, "" for a new record.

    `lists` are the entries of the trail that lists wrote: they say nothing of when what they say was so.
    """
    found: defaultdict[int, set[str]] = defaultdict(set)
    for chunk in _chunks(ids):
        query = select(AuditEntry.id, AuditEntry.record_id, AuditEntry.action, AuditEntry.changes).where(
            AuditEntry.table_name == table,
            AuditEntry.record_id.in_(chunk),
            AuditEntry.record_uid.is_not(None),
            AuditEntry.action.in_(("insert", "update")),
            AuditEntry.at > since,
        )
        for entry, record, action, changes in session.execute(query):
            if any(entry in of_list for of_list in lists):
                continue
            assert record is not None  # a single record's entry names it
            found[record].update(json.loads(changes) if action == "update" else {""})
    return {record: frozenset(columns) for record, columns in found.items()}


def parts_changed_since(
    session: Session, households: Iterable[int], since: datetime, lists: Sequence[range] = ()
) -> Iterator[tuple[Whose, str]]:
    """Yield whose telephones and shares were typed after an instant, and which of them, as `changed_since` does."""
    for chunk in _chunks(households):
        for part, name in ((HouseholdPhone, "phones"), (OwnerShare, "share")):
            query = select(part.id, part.household_id, part.person_id).where(part.household_id.in_(chunk))
            owners = {key: (household, person) for key, household, person in session.execute(query)}
            for key in changed_since(session, part.__tablename__, owners, since, lists):
                yield owners[key], name


# --- changes


def change_units(session: Session, changes: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    """Set columns of units, and yield how many were changed after each chunk; `other_ids` are added to those there."""
    return _change(session, Unit, changes)


def change_households(session: Session, changes: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    """Set columns of households as `change_units` does; `phones` are the holder's telephone numbers."""
    return _change(session, Household, changes)


def change_people(session: Session, changes: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    """Set columns of people as `change_households` does."""
    return _change(session, Person, changes)


def _change(
    session: Session,
    model: type[Unit] | type[Household] | type[Person],
    changes: Mapping[int, Mapping[str, Any]],
) -> Iterator[int]:
    for chunk in _chunks(changes):
        found: Iterable[Unit | Household | Person] = session.scalars(select(model).where(model.id.in_(chunk)))
        for row in found:
            for name, value in changes[row.id].items():
                if not isinstance(row, Unit) and name in _PARTS:
                    _PARTS[name](session, row, value)
                elif name == "other_ids":
                    row.other_ids = {**(row.other_ids or {}), **value}
                else:
                    setattr(row, name, value)
        session.flush()
        yield len(chunk)


def end_households(session: Session, ends: Mapping[int, tuple[date, HouseholdEnd | None]]) -> None:
    """End households with their people, each on a day and in a way; None is an unknown way."""
    for chunk in _chunks(ends):
        for row in session.scalars(select(Household).where(Household.id.in_(chunk))):
            former = row.moved_out_on
            row.moved_out_on, how = ends[row.id]
            row.ended_how = how or ""
            people.follow(session, row, former)
    session.flush()


def add_household(
    session: Session,
    unit_id: int,
    values: Mapping[str, Any],
    parts: Mapping[str, Any],
    moved_from: int | None,
) -> Household:
    """Add a household to a unit with what belongs to its holder; the rest of one that moved comes along with it."""
    unit = session.get_one(Unit, unit_id)
    made = Household(unit_id=unit_id, estate_id=unit.estate_id, **values)
    session.add(made)
    session.flush()
    write_parts(session, made, parts)
    if moved_from is not None:
        go_along(session, session.get_one(Household, moved_from), made)
    return made


def add_person(
    session: Session, household_id: int, values: Mapping[str, Any], parts: Mapping[str, Any]
) -> Person:
    """Add a person to a household, behind those who are there; `parts` are phones, papers, tags and share."""
    last = session.scalars(
        select(Person.position).where(Person.household_id == household_id).order_by(Person.position.desc())
    ).first()
    made = Person(household_id=household_id, position=(last or 0) + 1, **values)
    session.add(made)
    session.flush()
    write_parts(session, made, parts)
    return made


def write_parts(session: Session, row: Somebody, parts: Mapping[str, Any]) -> None:
    """Write phones, papers, tags and share of somebody, as far as they are given."""
    for name, value in parts.items():
        if value:
            _PARTS[name](session, row, value)


def add_papers(session: Session, row: Somebody, papers: Sequence[tuple[str, str]]) -> None:
    """Add further documents of somebody."""
    household_id, person_id = household_of(row)
    session.add_all(
        PersonPaper(household_id=household_id, person_id=person_id, position=place, kind=kind, number=number)
        for place, (kind, number) in enumerate(papers)
    )
    session.flush()


def add_tags(session: Session, row: Somebody, names: Sequence[str]) -> None:
    """Give somebody tags; one that the office does not have is added to it."""
    household_id, person_id = household_of(row)
    known = tags.tags_named(session, names) if names else {}
    session.add_all(
        PersonTag(household_id=household_id, person_id=person_id, tag_id=known[name]) for name in names
    )
    session.flush()


def set_share(session: Session, row: Somebody, share: str) -> None:
    """Set somebody's present share of the home."""
    own = session.scalars(
        select(OwnerShare).where(*of_person(OwnerShare, row), OwnerShare.until_on.is_(None))
    )
    present = own.first()
    household_id, person_id = household_of(row)
    if present is None:
        session.add(OwnerShare(household_id=household_id, person_id=person_id, share=share))
    else:
        present.share = share
    session.flush()


_PARTS: Mapping[str, Callable[[Session, Somebody, Any], None]] = {
    "phones": set_phones, "papers": add_papers, "tags": add_tags, "share": set_share
}  # fmt: skip
"""What is written of somebody beside the columns of her row, by the name of the change."""


def units_of(session: Session, records: Mapping[str, Collection[int]]) -> set[int]:
    """Return the units that records given by table belong to, as far as they are there."""
    units = set(records.get(UNIT, ()))
    households = set(records.get(HOUSEHOLD, ()))
    for part in (HouseholdPhone, Person, PersonPaper):
        for chunk in _chunks(records.get(part.__tablename__, ())):
            households |= set(session.scalars(select(part.household_id).where(part.id.in_(chunk))))
    for chunk in _chunks(households):
        units |= set(session.scalars(select(Household.unit_id).where(Household.id.in_(chunk))))
    return units


def index_again(session: Session, unit_ids: Collection[int]) -> None:
    """Renew the search entries of units."""
    search_entries.index_units(session, sorted(unit_ids))


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(ids)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
