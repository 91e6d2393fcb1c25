"""Writing what a comparison says of households that are there: changed fields, other holders, moves, departures.

Each record is changed by itself, so that the trail tells what was there before, and the whole can be undone by it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.listed import HouseholdNow
from fuyuan_desk.estates.rules.people import HouseholdEnd
from fuyuan_desk.estates.service import listed
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow
from fuyuan_desk.roster.rules.differences import Difference
from fuyuan_desk.roster.rules.entries import Entry, Group
from fuyuan_desk.roster.rules.stored import Stored
from fuyuan_desk.roster.rules.taking import Take, how_ended

_CHANGES = {
    "unit": listed.change_units, "household": listed.change_households, "people": listed.change_people
}  # fmt: skip
_OF_ROW = {
    "head": "name", "is_company": "is_company", "role": "role", "id_kind": "id_kind", "id_number": "id_number",
    "people": "people", "vacant": "vacant", "contact": "contact", "remarks": "remarks",
    "registered_at": "registered_at", "lives_here": "lives_here",
}  # fmt: skip
_OF_PERSON = (
    "name",
    "relation",
    "id_kind",
    "id_number",
    "registered_at",
    "lives_here",
    "is_emergency",
    "remarks",
)


def write_changes(
    session: Session,
    entries: Sequence[Entry],
    stored: Stored,
    take: Take,
    units: Callable[[RosterRow], int],
    step: Callable[[int], object],
) -> None:
    """Write the entries of groups other than `NEW`; `units` returns the unit of a row that the store did not have.

    `step` is called with the number of records written since it was called last; it may raise `Cancelled`.
    """
    day = _day(entries, stored, take)
    touched = _write_fields(session, entries, step)
    ends: dict[int, tuple[date, HouseholdEnd | None]] = {}
    for entry in entries:
        if entry.group is Group.CHANGED:
            continue
        assert day is not None  # asked for above
        household = stored.households[entry.household]
        if entry.listed is not None:
            unit = entry.unit or units(entry.listed)
            _add(session, unit, entry, day)
            touched.add(unit)
        ends[household.id] = (day, how_ended(entry.group, household.role, take))
        touched.add(household.unit_id)
        step(1)
    # after the others have joined a household that moved: they leave the old one with it
    listed.end_households(session, ends)
    listed.index_again(session, touched)


def _day(entries: Iterable[Entry], stored: Stored, take: Take) -> date | None:
    """Return the day on which households end; refused if it is missing, or before one of them began."""
    ending = [stored.households[entry.household] for entry in entries if entry.group is not Group.CHANGED]
    if not ending:
        return take.ended_on
    if take.ended_on is None:
        raise InvalidInput(
            _("Enter the first day on which those who left are not there any more."),
            {"ended_on": _("Enter the first day that they are not there any more.")},
        )
    _refuse_earlier(ending, take.ended_on)
    return take.ended_on


def _refuse_earlier(ending: Iterable[HouseholdNow], day: date) -> None:
    begun = max((one.moved_in_on for one in ending if one.moved_in_on is not None), default=None)
    if begun is not None and begun > day:
        fault = _("One of those who left moved in on {day}. Enter a later day, or leave that one out.")
        raise InvalidInput(
            fault.format(day=begun.isoformat()), {"ended_on": fault.format(day=begun.isoformat())}
        )


def _write_fields(session: Session, entries: Iterable[Entry], step: Callable[[int], object]) -> set[int]:
    """Write changed fields, and return the units to be indexed again."""
    changes: dict[str, defaultdict[int, dict[str, Any]]] = {table: defaultdict(dict) for table in _CHANGES}
    touched: set[int] = set()
    for entry in entries:
        if entry.group is not Group.CHANGED:
            continue
        for one in entry.differences:
            if one.table == "person":
                _add_person(session, entry.household, one.value)
            else:
                key = {"unit": entry.unit, "household": entry.household, "people": one.person}[one.table]
                _put(changes[one.table][key], one)
        if any(one.table != "unit" or one.field == "other_ids" for one in entry.differences):
            touched.add(entry.unit)
    for table, of_table in changes.items():
        for done in _CHANGES[table](session, of_table):
            step(done)
    return touched


def _put(values: dict[str, Any], difference: Difference) -> None:
    if difference.field == "id":
        values.update(difference.value)
    elif difference.column == "other_ids":
        values.setdefault("other_ids", {}).update(difference.value)
    else:
        values[difference.column] = difference.value


def _add(session: Session, unit: int, entry: Entry, day: date) -> None:
    row = entry.listed
    assert row is not None
    values: dict[str, Any] = {column: getattr(row, name) for column, name in _OF_ROW.items()}
    values |= {"other_ids": dict(row.other_ids) or None, "moved_in_on": day}
    moved = entry.household if entry.group is Group.MOVED else None
    made = listed.add_household(
        session, unit, values, _parts(row) if moved is None else {"phones": row.phones}, moved
    )
    for person in row.persons if moved is None else ():
        _add_person(session, made.id, person)


def _add_person(session: Session, household: int, person: RosterPerson) -> None:
    values: Mapping[str, Any] = {name: getattr(person, name) for name in _OF_PERSON}
    values = {**values, "other_ids": dict(person.other_ids) or None}
    listed.add_person(session, household, values, _parts(person))


def _parts(somebody: RosterRow | RosterPerson) -> dict[str, Any]:
    return {name: getattr(somebody, name) for name in ("phones", "papers", "tags", "share")}
