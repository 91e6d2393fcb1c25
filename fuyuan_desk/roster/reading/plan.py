"""Planning an import: the records to add, computed from a roster's rows and the store's contents; pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fuyuan_desk.core.packed import Rows, long_list
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.headers import field_label
from fuyuan_desk.roster.reading.places import compact, same_estate
from fuyuan_desk.roster.reading.rows import WARNING, Problem, RosterRow
from fuyuan_desk.roster.rules.persons import holder_name, is_renting, is_same_holder

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
    "unit_ids",
)
_EMPTY = (None, "", ())
_TOLD_OF_REPEATS = {
    "id": "id_number", "phone": "phones", "role": "role", "share": "share", "registered_at": "registered_at",
    "area": "area", "inner_area": "inner_area", "use": "use", "people": "people", "contact": "contact",
    "remark": "remarks", "lease_no": "lease_no", "fund_first": "fund_first", "fund_balance": "fund_balance",
    "member_name": "persons",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The store's records of a roster's estates, by keys of the same form as a row's; `addresses` are the estates'."""

    estates: Mapping[str, int] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    buildings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    units: Mapping[PlaceKey, int] = field(default_factory=dict)
    holders: Collection[HolderKey] = frozenset()


@dataclass
class Plan:
    """Rows to add by table; a reference is an id of the store, or -1 - index in the list of new ones."""

    estates: list[str] = field(default_factory=list)
    buildings: list[tuple[int, str]] = field(default_factory=list)
    units: Rows[tuple[int, int, RosterRow]] = field(default_factory=list)
    households: Rows[tuple[int, int, RosterRow]] = field(default_factory=list)
    duplicates: list[RosterRow] = field(default_factory=list)
    rejected: list[RosterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tenures: dict[int, dict[str, None]] = field(default_factory=dict)


def unit_key(estate: str, building: str, entrance: str, unit: str) -> PlaceKey:
    """Return the canonical key of a unit."""
    return same_estate(estate), building_key(building, estate), entrance, canonical_unit(unit)


def building_key(building: str, estate: str) -> str:
    """Return the canonical label of a building; a tower that is its own building is ""."""
    plain = compact(building)
    return "" if building == estate else _SAME_HOUSE.sub(r"\1号", plain)


def plan_import(rows: Sequence[RosterRow], known: Known, progress: Progress | None = None) -> Plan:
    """Determine which records are to be added; `rows` are those that the store does not have.

    The same holder in the same unit, earlier in the file, is a duplicate; two of one name are told apart by their
    documents. Another holder in the same unit is a further household. Rows with a fault are rejected.
    """
    plan = Plan(units=long_list(len(rows)), households=long_list(len(rows)))
    estates = dict(known.estates)
    buildings = dict(known.buildings)
    units = dict(known.units)
    # a household by its unit and the name of its holder
    seen: dict[tuple[int, str], int] = {}
    namesakes: dict[tuple[int, str], list[int]] = {}
    held: dict[int, int] = {}  # by unit, the row of its first holder
    names: dict[str, str] = {}  # each once, since a long list repeats most of them
    above: dict[tuple[str, str], tuple[str, str]] = {}
    # a key is hashed anew each time it is looked up: each is looked up once
    for number, row in enumerate(rows):
        if progress is not None and not number % _ROWS_PER_STEP:
            progress.step(number, len(rows))
        if row.fault:
            plan.rejected.append(row)
            continue
        written_house = row[2:4]
        house = above.get(written_house)
        if house is None:
            house = above[written_house] = unit_key(*written_house, "", "")[:2]
        place = (*house, row.entrance, canonical_unit(row.unit))
        new = -1 - len(plan.units)
        unit = units.setdefault(place, new)
        name = holder_name(row.name)
        holder = (unit, names.setdefault(name, name))
        if (earlier := seen.setdefault(holder, number)) != number:
            others = namesakes.setdefault(holder, [earlier])
            if first := next(
                (one for one in (rows[other] for other in others) if is_same_holder(row, one)), None
            ):
                repeat = repeated(row, first)
                plan.problems.append(repeat)
                plan.duplicates.append(row._replace(fault=repeat.message))
                continue
            others.append(number)
        estate = estates.get(house[0])
        if estate is None:
            estate = estates[house[0]] = -1 - len(plan.estates)
            plan.estates.append(row.estate)
        building = buildings.get(house)
        if building is None:
            building = buildings[house] = -1 - len(plan.buildings)
            plan.buildings.append((estate, row.building))
        if unit == new:
            plan.units.append((estate, building, row))
        elif unit < 0:
            _complete(plan, -1 - unit, row)
        if row.name:
            plan.households.append((estate, unit, row))
            if estate < 0 and not is_renting(row.role) and held.setdefault(unit, number) != number:
                plan.problems.append(another_holder(row, rows[held[unit]]))
        if row.tenure and estate < 0:
            plan.tenures.setdefault(estate, {})[row.tenure] = None
    return plan


def repeated(row: RosterRow, first: RosterRow) -> Problem:
    """Return what is told of a row that repeats an earlier one of its list."""
    message = _("This household is already in row {row} of sheet {sheet}; the duplicate was skipped.")
    otherwise = _says_otherwise(row, first)
    if otherwise:
        message = _(
            "This household is already in row {row} of sheet {sheet}, which was taken. This row says otherwise: "
            "{fields}. Enter what is right on the page of the home."
        )
    fields = _(", ").join(map(field_label, otherwise))
    message = message.format(row=first.row, sheet=first.sheet, fields=fields)
    return Problem(row.sheet, row.row, "", f"{row.building}{row.unit}", message, WARNING, home=row.home)


def another_holder(row: RosterRow, first: RosterRow) -> Problem:
    """Return what is told of a row that names another holder of a home than an earlier one; neither is a renter."""
    message = _(
        "Another holder of this home is in sheet {sheet}, row {row}; each was read as a household of its own. "
        "If they hold it together, write their names into one cell, with 、 between them."
    )
    message = message.format(row=first.row, sheet=first.sheet)
    return Problem(row.sheet, row.row, "", f"{row.building}{row.unit}", message, WARNING, home=row.home)


def contradicting(row: RosterRow, first: RosterRow, fields: Sequence[str]) -> Problem:
    """Return what is told of a row that says otherwise of its home than an earlier one of another household."""
    message = _(
        "This home is said otherwise in sheet {sheet}, row {row}: {fields}. What the store holds stays if one of them "
        "says it, else the first row was taken. Enter what is right on the page of the home."
    )
    names = _(", ").join(map(field_label, fields))
    message = message.format(row=first.row, sheet=first.sheet, fields=names)
    return Problem(row.sheet, row.row, "", f"{row.building}{row.unit}", message, WARNING, home=row.home)


def _says_otherwise(row: RosterRow, first: RosterRow) -> list[str]:
    """Return the fields of a row that the earlier one does not say, by their codes."""
    return [
        field
        for field, column in _TOLD_OF_REPEATS.items()
        if (value := getattr(row, column)) not in _EMPTY and value != getattr(first, column)
    ]


def _complete(plan: Plan, number: int, row: RosterRow) -> None:
    # a second household may have data of the unit that the first one lacks
    estate, building, first = plan.units[number]
    otherwise = [
        fact
        for fact in _FACTS[:-1]  # a home may have several numbers in other systems
        if getattr(first, fact) not in _EMPTY and getattr(row, fact) not in (*_EMPTY, getattr(first, fact))
    ]
    if otherwise:
        plan.problems.append(contradicting(row, first, otherwise))
    missing: dict[str, Any] = {
        fact: getattr(row, fact)
        for fact in _FACTS
        if getattr(first, fact) in _EMPTY and getattr(row, fact) not in _EMPTY
    }
    if missing:
        plan.units[number] = (estate, building, first._replace(**missing))
