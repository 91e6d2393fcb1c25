"""Homes, households and people that may be recorded twice, those told apart, and those merged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Building, Household, Person, Unit
from fuyuan_desk.estates.rules import same
from fuyuan_desk.estates.rules.same import Likeness
from fuyuan_desk.estates.service.for_other_jobs import household_outlines, person_outlines, unit_outlines
from fuyuan_desk.estates.service.rows import get_household, get_unit
from fuyuan_desk.estates.service.shares import period_of
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.kit.merging import store
from fuyuan_desk.kit.merging.facts import Pair, PairState
from fuyuan_desk.kit.merging.store import Merge, Row
from fuyuan_desk.store.audit.redaction import ERASED
from fuyuan_desk.store.audit.reversal import removed_values
from fuyuan_desk.store.guards import scope

UNITS, HOUSEHOLDS, PEOPLE = Unit.__tablename__, Household.__tablename__, Person.__tablename__
TABLES = (UNITS, HOUSEHOLDS, PEOPLE)
MOST_SHOWN = 500
"""The most suspected pairs of a kind that are listed; those dealt with make room for the next."""


class Suspicion(NamedTuple):
    """Two records that may be one; a household stands for its holder where the other one is a person."""

    first: Row
    second: Row
    why: Likeness


@permit(*STAFF)
def list_pairs(seat: Seat) -> tuple[Pair, ...]:
    """List the suspected duplicates, then those merged and those told apart: homes, households, people."""
    with seat.reading() as session:
        apart = store.apart(session, TABLES)
        found = [(PairState.SUSPECTED, one.first, one.second, one.why) for one in _suspected(session, apart)]
        kept_apart = [(PairState.APART, first, second, None) for first, second in sorted(apart)]
        names = _Names(session, (row for one in (*found, *kept_apart) for row in one[1:3]))
        pairs = [
            Pair(
                state, first, names.of(first), second, names.of(second), kind(first, second),
                "" if why is None else name_of(Likeness, why),
            )
            for state, first, second, why in (*found, *kept_apart)
            if names.has(first) and names.has(second)
        ]  # fmt: skip
        merged = list(_merged(session, store.merges(session, TABLES)))
        split_at = sum(pair.state is PairState.SUSPECTED for pair in pairs)
        return (*pairs[:split_at], *merged, *pairs[split_at:])


def kind(first: Row, second: Row) -> str:
    """Return what two records are, as shown."""
    if UNITS in (first[0], second[0]):
        return _("Unit")
    return _("Person") if PEOPLE in (first[0], second[0]) else _("Household")


@permit(*WRITERS)
def tell_apart(seat: Seat, first: Row, second: Row) -> None:
    """Remember that two records are not the same, so that they are no longer suspected."""
    models = {model.__tablename__: model for model in scope.models()}
    with seat.transaction() as session:
        for table, record_id in (first, second):
            if session.get(models[table], record_id) is None:
                raise gone()
        store.tell_apart(session, first, second)


@permit(*WRITERS)
def suspect_again(seat: Seat, first: Row, second: Row) -> None:
    """Forget that two records were told apart."""
    with seat.transaction() as session:
        store.suspect_again(session, first, second)


@permit(*WRITERS)
def others(seat: Seat, row: Row) -> tuple[Option, ...]:
    """Return with what a record may be merged: the other homes of a building, the other households of a home."""
    with seat.reading() as session:
        if row[0] == UNITS:
            unit = get_unit(session, row[1])
            found = select(Unit.id).where(Unit.building_id == unit.building_id).order_by(Unit.order_key)
        else:
            household = get_household(session, row[1])
            found = select(Household.id).where(Household.unit_id == household.unit_id).order_by(Household.id)
        ids = [record for record in session.scalars(found) if record != row[1]]
        names = _Names(session, ((row[0], record) for record in ids))
        return tuple(Option(record, names.of((row[0], record))) for record in ids)


# --- suspected


def _suspected(session: Session, apart: Collection[tuple[Row, Row]]) -> list[Suspicion]:
    found: list[Suspicion] = []
    for of_kind in (_homes(session), _households(session), _people(session)):
        fresh = (
            one for one in of_kind if (one.first, one.second) not in apart and _swapped(one) not in apart
        )
        found += islice(_once(fresh), MOST_SHOWN)
    return found


def _swapped(one: Suspicion) -> tuple[Row, Row]:
    return one.second, one.first


def _once(found: Iterable[Suspicion]) -> Iterator[Suspicion]:
    seen = set()
    for one in found:
        if (one.first, one.second) not in seen:
            seen.add((one.first, one.second))
            yield one


def _homes(session: Session) -> Iterator[Suspicion]:
    rows = session.execute(select(Unit.id, Unit.building_id, Unit.entrance, Unit.label)).all()
    houses = {
        key: (estate, same.building_key(label))
        for key, estate, label in session.execute(select(Building.id, Building.estate_id, Building.label))
    }
    # rooms of many buildings are called alike
    keys = {place: same.room_key(*place) for place in {(row.entrance, row.label) for row in rows}}
    rooms = ((row.id, (houses[row.building_id], keys[row.entrance, row.label])) for row in rows)
    yield from _pairs(UNITS, same.alike(rooms), Likeness.ROOM)
    numbered = session.execute(
        select(Unit.id, Unit.estate_id, Unit.real_estate_no).where(Unit.real_estate_no != "")
    )
    yield from _pairs(
        UNITS, same.alike((row.id, row.real_estate_no) for row in numbered), Likeness.REAL_ESTATE
    )
    others = session.execute(
        select(Unit.id, Unit.estate_id, Unit.other_ids).where(Unit.other_ids.is_not(None))
    )
    ids = ((row.id, (row.estate_id, *item)) for row in others for item in (row.other_ids or {}).items())
    yield from _pairs(UNITS, same.alike(ids), Likeness.OTHER_ID)


def _pairs(table: str, found: Iterable[tuple[int, int]], why: Likeness) -> Iterator[Suspicion]:
    return (Suspicion((table, first), (table, second), why) for first, second in found)


def _households(session: Session) -> Iterator[Suspicion]:
    first, second = aliased(Household), aliased(Household)
    paper = _has_same(first.id_number, second.id_number)
    name = and_(_has_same(first.head, second.head), _may_be_one(first, second))
    rows = session.execute(
        select(first, second, paper)
        .join(second, and_(second.unit_id == first.unit_id, second.id > first.id))
        .where(or_(name, paper), first.anonymised_on.is_(None), second.anonymised_on.is_(None))
        .order_by(first.unit_id, first.id)
    )
    for one, other, by_paper in rows:
        if same.overlap(period_of(one), period_of(other)):
            why = Likeness.PAPER if by_paper else Likeness.NAME
            yield Suspicion((HOUSEHOLDS, one.id), (HOUSEHOLDS, other.id), why)


def _has_same(first: InstrumentedAttribute[str], second: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return and_(first == second, first != "")


def _may_be_one(first: Any, second: Any) -> ColumnElement[bool]:
    """Return the condition that no two documents of one kind tell two people of a name apart, father and son say."""
    return or_(first.id_number == "", second.id_number == "", first.id_kind != second.id_kind)


def _people(session: Session) -> Iterator[Suspicion]:
    yield from _with_holder(session)
    yield from _among_people(session)
    yield from _in_two_households(session)


def _with_holder(session: Session) -> Iterator[Suspicion]:
    paper = _has_same(Household.id_number, Person.id_number)
    name = and_(_has_same(Household.head, Person.name), _may_be_one(Household, Person))
    rows = session.execute(
        select(Household, Person, paper)
        .join(Person, Person.household_id == Household.id)
        .where(or_(name, paper), Household.anonymised_on.is_(None), Person.anonymised_on.is_(None))
        .order_by(Household.id, Person.id)
    )
    for household, person, by_paper in rows:
        why = Likeness.PAPER if by_paper else Likeness.NAME
        yield Suspicion((HOUSEHOLDS, household.id), (PEOPLE, person.id), why)


def _among_people(session: Session) -> Iterator[Suspicion]:
    first, second = aliased(Person), aliased(Person)
    paper = _has_same(first.id_number, second.id_number)
    name = and_(_has_same(first.name, second.name), _may_be_one(first, second))
    rows = session.execute(
        select(Household, first, second, paper)
        .join(first, first.household_id == Household.id)
        .join(second, and_(second.household_id == first.household_id, second.id > first.id))
        .where(or_(name, paper), first.anonymised_on.is_(None), second.anonymised_on.is_(None))
        .order_by(first.household_id, first.id)
    )
    for household, one, other, by_paper in rows:
        if same.overlap(period_of(household, one), period_of(household, other)):
            why = Likeness.PAPER if by_paper else Likeness.NAME
            yield Suspicion((PEOPLE, one.id), (PEOPLE, other.id), why)


def _in_two_households(session: Session) -> Iterator[Suspicion]:
    """Yield people of one ID number in two households; one who lives in one of them and not in the other is none."""
    numbers = (select(Person.id_number).where(Person.id_number != "").group_by(Person.id_number)).having(
        func.count(Person.id) > 1
    )
    rows = session.execute(
        select(Person, Household)
        .join(Household, Household.id == Person.household_id)
        .where(Person.id_number.in_(numbers))
        .order_by(Person.id)
    )
    known: defaultdict[str, list[tuple[Person, Household]]] = defaultdict(list)
    for person, household in rows:
        known[person.id_number].append((person, household))
    for people in known.values():
        by_id = {person.id: (person, household) for person, household in people}
        for first, second in same.alike((key, "") for key in by_id):
            (one, of_one), (other, of_other) = by_id[first], by_id[second]
            lives_apart = False in (one.lives_here, other.lives_here)
            if (
                of_one.id != of_other.id
                and of_one.estate_id == of_other.estate_id
                and not lives_apart
                and same.overlap(period_of(of_one, one), period_of(of_other, other))
            ):
                yield Suspicion((PEOPLE, first), (PEOPLE, second), Likeness.PAPER)


# --- as shown


class _Names:
    """The names of records, masked, read a table at a time."""

    def __init__(self, session: Session, rows: Iterable[Row]) -> None:
        wanted: dict[str, set[int]] = {table: set() for table in TABLES}
        for table, record_id in rows:
            wanted[table].add(record_id)
        self._outlines = {
            UNITS: unit_outlines(session, wanted[UNITS]),
            HOUSEHOLDS: household_outlines(session, wanted[HOUSEHOLDS]),
            PEOPLE: person_outlines(session, wanted[PEOPLE]),
        }

    def has(self, row: Row) -> bool:
        return row[1] in self._outlines[row[0]]

    def of(self, row: Row) -> str:
        outline = self._outlines[row[0]][row[1]]
        return outline.title if row[0] == UNITS else "  ".join(filter(None, outline))


def _merged(session: Session, merges: Collection[Merge]) -> Iterator[Pair]:
    """Yield the merges as pairs: the second key of each is that of the merge itself."""
    names = _Names(session, (merge.kept for merge in merges))
    for merge in merges:
        if names.has(merge.kept):
            values = removed_values(session, merge.span, *merge.gone)
            yield Pair(
                PairState.MERGED, merge.kept, names.of(merge.kept), merge.id,
                _name_of_gone(session, merge.gone[0], values), kind(merge.kept, merge.gone),
            )  # fmt: skip


def _name_of_gone(session: Session, table: str, values: Mapping[str, Any]) -> str:
    if table == UNITS:
        building = session.get(Building, values.get("building_id", 0))
        return f"{building.label if building else ''}{values.get('entrance', '')}{values.get('label', '')}"
    name = values.get("head" if table == HOUSEHOLDS else "name", "")
    if name in ("", ERASED):
        return _("(erased)")
    return mask_name(name, bool(values.get("is_company", False)))
