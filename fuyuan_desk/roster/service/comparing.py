"""Comparing a list with the estates that the store knows, inside a running transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.facts.listed import PersonNow
from fuyuan_desk.estates.service import bulk, listed
from fuyuan_desk.estates.service.for_other_jobs import estate_addresses, estate_names
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.plan import Known, unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.reading.titles import part_of_estate
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.rules.comparison import compare
from fuyuan_desk.roster.rules.doubts import Context, with_doubts
from fuyuan_desk.roster.rules.entries import NOTHING_COMPARED, Comparison, Entry, Group
from fuyuan_desk.roster.rules.matching import Row
from fuyuan_desk.roster.rules.newer import older_than, with_newer
from fuyuan_desk.roster.rules.persons import holder_name
from fuyuan_desk.roster.rules.stored import House, Stored

_KIND = "公房"


def stored_of(session: Session, estates_named: Iterable[str], today: date) -> Stored:
    """Return what the store holds today of the estates that a list names; personal data unmasked."""
    wanted = set(map(same_estate, estates_named))
    names = estate_names(session)
    estates = {key: estate_id for estate_id, name in names.items() if (key := same_estate(name)) in wanted}
    # before titles were read without 公房, a list of 翠湖里公房 made an estate of that name
    former = {same_estate(name): estate_id for estate_id, name in names.items() if name.endswith(_KIND)}
    for key in wanted - estates.keys():
        if f"{key}{_KIND}" in former and f"{key}{_KIND}" not in wanted:
            estates[key] = former[f"{key}{_KIND}"]
    if not estates:
        return Stored()
    keys = {estate_id: key for key, estate_id in estates.items()}
    people: defaultdict[int, list[PersonNow]] = defaultdict(list)
    for person in listed.people_now(session, keys):
        if person.until_on is None or person.until_on > today:
            people[person.household_id].append(person)
    return Stored(
        estates=estates,
        houses={
            building: House(keys[estate], _house_key(names[estate], label, keys[estate]), label)
            for building, estate, label in bulk.buildings_of(session, keys)
        },
        units={unit.id: unit for unit in listed.units_now(session, keys)},
        households={one.id: one for one in listed.households_now(session, keys)},
        phones=listed.phones_now(session, keys),
        people=people,
        shares=listed.shares_now(session, keys),
        papers=listed.papers_now(session, keys),
        tags=listed.tags_now(session, keys),
        merged=tuple(listed.merged_away(session, keys)),
    ).index()


def _house_key(estate: str, label: str, key: str) -> str:
    # a list may spell the estate's name differently from the store
    return unit_key(estate, "" if same_estate(label) == key else label, "", "")[1]


def owners_of_parts(session: Session, parts: Collection[str]) -> dict[str, str]:
    """Return which estate of the store has each of these parts by the labels of its buildings: 东苑3号楼.

    A part that several have, or that is the name of an estate, is left out.
    """
    names = estate_names(session) if parts else {}
    known = set(map(same_estate, names.values()))
    wanted = [part for part in parts if same_estate(part) not in known]
    labels = list(bulk.buildings_of(session, names)) if wanted else []
    owners = {
        part: {estate for _key, estate, label in labels if part_of_estate(label) == part} for part in wanted
    }
    return {part: names[found.pop()] for part, found in owners.items() if len(found) == 1}


def known_of(session: Session, stored: Stored, rows: Sequence[RosterRow]) -> Known:
    """Return what planning an import needs of the store; the holders only where rows name their street."""
    if not stored.estates:
        return Known()
    keys = {estate_id: key for key, estate_id in stored.estates.items()}
    holders = {
        (stored.place_of(stored.units[one.unit_id]), holder_name(one.head))
        for one in (stored.households.values() if any(row.street for row in rows) else ())
    }
    return Known(
        stored.estates,
        {keys[estate_id]: address for estate_id, address in estate_addresses(session, keys).items()},
        {(house.estate, house.key): building_id for building_id, house in stored.houses.items()},
        stored.by_place,
        holders,
    )


def compared(
    session: Session,
    rows: Sequence[RosterRow],
    stored: Stored,
    stated: Collection[str],
    as_of: datetime | None,
    apart: Collection[Row],
    faulty: Sequence[RosterRow] = (),
    some: str = "",
) -> Comparison:
    """Compare the sound rows of known estates with the store; what was changed there after `as_of` is marked.

    `some`: the word that says which people only are listed, "" for a list of everybody.
    """
    if not rows:
        return NOTHING_COMPARED
    comparison = _dated(session, compare(rows, stored, stated, apart, faulty), rows[0].sheet, stored, as_of)
    # at the end: who is back by a newer list may be so by one that says nothing of holders
    return with_doubts(Context(comparison, stored, rows, some))


def _dated(
    session: Session, comparison: Comparison, sheet: str, stored: Stored, as_of: datetime | None
) -> Comparison:
    """Return a comparison in which what the store knows of a later day than `as_of` is kept."""
    if as_of is None or not comparison.entries:
        return comparison
    newest = _newest_list(session, stored.estates.values())
    if newest is not None and as_of < newest:
        return older_than(comparison, sheet, newest.astimezone().date())
    later = _later(session, comparison.entries, stored, as_of)
    return with_newer(comparison, later, as_of.astimezone().date())


def _newest_list(session: Session, estates: Iterable[int]) -> datetime | None:
    """Return when the newest imported list of some estates was made, as far as that is known."""
    wanted = set(estates)
    runs = session.execute(
        select(ImportRun.as_of, ImportRun.estates).where(
            ImportRun.as_of.is_not(None), ImportRun.undone_at.is_(None)
        )
    )
    return max((as_of for as_of, of in runs if as_of and not wanted.isdisjoint(of)), default=None)


def _later(
    session: Session, entries: Iterable[Entry], stored: Stored, as_of: datetime
) -> Mapping[tuple[str, int], Collection[str]]:
    """Return what was changed after a list, by table and key; a unit that never was is not looked up."""
    entries = [entry for entry in entries if entry.household or entry.unit]
    lists = [
        range(run.first_entry, run.last_entry + 1)
        for run in session.scalars(select(ImportRun).where(ImportRun.first_entry.is_not(None)))
        if run.first_entry is not None and run.last_entry is not None
    ]
    units = {
        entry.unit
        for entry in entries
        if entry.group is Group.CHANGED
        and entry.unit in stored.units
        and stored.units[entry.unit].version > 1
    }
    households = {entry.household for entry in entries if entry.household}
    people = {one.person for entry in entries for one in entry.differences if one.person}
    later: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for table, ids in (("unit", units), ("household", households), ("person", people)):
        for key, columns in listed.changed_since(session, table, ids, as_of, lists).items():
            later[table, key].update(columns)
    typed = {
        entry.household
        for entry in entries
        if any(one.column in ("phones", "share") for one in entry.differences)
    }
    for (household, person), part in listed.parts_changed_since(session, typed, as_of, lists):
        later["household" if person is None else "person", person or household].add(part)
    return later


def in_store(row: RosterRow, entry: Entry, stored: Stored) -> RosterRow:
    """Return a row with its unit named as in the store, so that it joins it, however the list spells it."""
    if not entry.unit:
        return row
    unit = stored.units[entry.unit]
    house = stored.houses[unit.building_id]
    building = house.label if house.key else row.estate
    return row._replace(building=building, entrance=unit.entrance, unit=unit.label)
