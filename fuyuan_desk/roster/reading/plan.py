"""Planning an import: the records to add, computed from a roster's rows and the store's contents; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fuyuan_desk.core.packed import Rows, long_list
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.headers import field_label
from fuyuan_desk.roster.reading.places import compact, same_estate
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterRow

PlaceKey = tuple[str, str, str, str]
HolderKey = tuple[PlaceKey, str]
# the same house may be written 3号楼, 3幢 or 3栋
_SAME_HOUSE = re.compile(r"^(\d+)(?:号楼|#楼|#|幢|栋|座|楼)$")
_ROWS_PER_STEP = 2_048
_FACTS = (
    "tenure",
    "area",
    "inner_area",
    "lease_no",
    "fund_first",
    "fund_balance",
    "topped_up",
    "topped_up_on",
)


class Held(NamedTuple):
    """What the store knows about a household, to compare it with a row."""

    phones: frozenset[str] = frozenset()
    id_number: str = ""
    people: int | None = None


@dataclass(frozen=True)
class Known:
    """The store's records of a roster's estates, by keys of the same form as a row's; `addresses` are the estates'."""

    estates: Mapping[str, int] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    buildings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    units: Mapping[PlaceKey, int] = field(default_factory=dict)
    holders: Mapping[HolderKey, Held] = field(default_factory=dict)


@dataclass
class Plan:
    """Rows to add by table; a reference is an id of the store, or -1 - index in the list of new ones.

    `differing` counts the duplicates that say something else than the store.
    """

    estates: list[str] = field(default_factory=list)
    buildings: list[tuple[int, str]] = field(default_factory=list)
    units: Rows[tuple[int, int, RosterRow]] = field(default_factory=list)
    households: Rows[tuple[int, int, RosterRow]] = field(default_factory=list)
    duplicates: list[RosterRow] = field(default_factory=list)
    rejected: list[RosterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tenures: dict[int, dict[str, None]] = field(default_factory=dict)
    differing: int = 0


def unit_key(estate: str, building: str, entrance: str, unit: str) -> PlaceKey:
    """Return the canonical key of a unit."""
    return same_estate(estate), building_key(building, estate), entrance, canonical_unit(unit)


def building_key(building: str, estate: str) -> str:
    """Return the canonical label of a building; a tower that is its own building is ""."""
    plain = compact(building)
    return "" if building == estate else _SAME_HOUSE.sub(r"\1号", plain)


def holder_name(name: str) -> str:
    """Return the canonical form of a name."""
    return name if name.isalpha() else "".join(name.split()).lower()


def plan_import(rows: Sequence[RosterRow], known: Known, progress: Progress | None = None) -> Plan:
    """Determine which records are new.

    The same holder in the same unit, earlier in the file or in the store, is a duplicate; another holder in the same
    unit is a further household. Rows with a fault are rejected.
    """
    plan = Plan(units=long_list(len(rows)), households=long_list(len(rows)))
    estates = dict(known.estates)
    buildings = dict(known.buildings)
    units = dict(known.units)
    seen: dict[HolderKey, int] = {}
    names: dict[str, str] = {}  # each once, since a long list repeats most of them
    above: dict[tuple[str, str], tuple[str, str]] = {}
    for number, row in enumerate(rows):
        if progress is not None and not number % _ROWS_PER_STEP:
            progress.step(number, len(rows))
        if row.fault:
            plan.rejected.append(row)
            continue
        house = above.get(row[2:4])
        if house is None:
            house = above[row[2:4]] = unit_key(row.estate, row.building, "", "")[:2]
        place = (*house, row.entrance, canonical_unit(row.unit))
        name = holder_name(row.name)
        holder = (place, names.setdefault(name, name))
        if holder in known.holders or holder in seen or (not row.name and place in units):
            first = rows[seen[holder]] if holder in seen else None
            _repeat(plan, row, first, known.holders.get(holder))
            continue
        seen[holder] = number
        estate = estates.get(place[0])
        if estate is None:
            estate = estates[place[0]] = -1 - len(plan.estates)
            plan.estates.append(row.estate)
        building = buildings.get(place[:2])
        if building is None:
            building = buildings[place[:2]] = -1 - len(plan.buildings)
            plan.buildings.append((estate, row.building))
        unit = units.get(place)
        if unit is None:
            unit = units[place] = -1 - len(plan.units)
            plan.units.append((estate, building, row))
        elif unit < 0:
            _complete(plan, -1 - unit, row)
        if row.name:
            plan.households.append((estate, unit, row))
        if row.tenure and estate < 0:
            plan.tenures.setdefault(estate, {})[row.tenure] = None
    return plan


def differing(row: RosterRow, held: Held) -> list[str]:
    """Return the fields in which a row says something else than the store."""
    found = []
    if not held.phones.issuperset(row.phones):
        found.append("phone")
    if row.id_number not in ("", held.id_number):
        found.append("id")
    if row.people not in (None, held.people):
        found.append("people")
    return found


def _repeat(plan: Plan, row: RosterRow, first: RosterRow | None, held: Held | None) -> None:
    severity = WARNING
    if first is not None:
        message = _("This household is already in row {row} of sheet {sheet}; the duplicate was skipped.")
        message = message.format(row=first.row, sheet=first.sheet)
    elif held is not None and (fields := differing(row, held)):
        message = _(
            "This household is already in the store and was skipped, but the file differs: {fields}. "
            "Open it and enter what is right."
        ).format(fields=_(", ").join(map(field_label, fields)))
        plan.differing += 1
    else:
        severity = INFO
        message = _("This household is already in the store; it was skipped.")
    place = f"{row.building}{row.unit}"
    plan.problems.append(Problem(row.sheet, row.row, "", place, message, severity, home=row.home))
    plan.duplicates.append(row._replace(fault=message))


def _complete(plan: Plan, number: int, row: RosterRow) -> None:
    # a second household may have data of the unit that the first one lacks
    estate, building, first = plan.units[number]
    missing: dict[str, Any] = {
        fact: getattr(row, fact)
        for fact in _FACTS
        if getattr(first, fact) in (None, "") and getattr(row, fact) not in (None, "")
    }
    if missing:
        plan.units[number] = (estate, building, first._replace(**missing))
