"""The buildings of rows that name a street, compared with those of an estate in the store; pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from fuyuan_desk.core.packed import PackedList
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.places import compact, same_estate, with_street
from fuyuan_desk.roster.reading.plan import Known, building_key, unit_key
from fuyuan_desk.roster.reading.rows import Problem, RosterRow
from fuyuan_desk.roster.rules.persons import holder_name


class _House(NamedTuple):
    """The house that rows name: estate, building and street."""

    estate: str
    building: str
    street: str

    @property
    def bare(self) -> str:
        """The building without its street; a house without a number is its estate."""
        return self.building.removeprefix(self.street) or self.estate

    @property
    def full(self) -> str:
        """The building with its street."""
        return self.street if self.building == self.estate else with_street(self.street, self.building)


def settle_streets(rows: Sequence[RosterRow], known: Known) -> tuple[Sequence[RosterRow], list[Problem]]:
    """Name the buildings so that a row joins a building of the store only if it may be the same house.

    Where the store does not know the street of its estate, rows join the building of the same number, each of them with
    a warning if the home is there already.
    """
    of_house: dict[_House, list[int]] = {}
    for number, row in enumerate(rows):
        if row.street and not row.fault and _is_known(row, known):
            of_house.setdefault(_House(row.estate, row.building, row.street), []).append(number)
    settled = rows.copy() if isinstance(rows, PackedList) else list(rows)
    problems: list[Problem] = []
    for house, numbers in of_house.items():
        label = _label(house, [rows[number] for number in numbers], known)
        if label != house.building:
            for number in numbers:
                settled[number] = rows[number]._replace(building=label)
        problems += _doubts(house, label, [settled[number] for number in numbers], known)
    return settled, problems


def _is_known(row: RosterRow, known: Known) -> bool:
    estate = same_estate(row.estate)
    return estate in known.estates and same_estate(row.street) != estate


def _is_there(house: _House, label: str, known: Known) -> bool:
    return (same_estate(house.estate), building_key(label, house.estate)) in known.buildings


def _address(house: _House, known: Known) -> str:
    return compact(known.addresses.get(same_estate(house.estate), ""))


def _is_own(house: _House, known: Known) -> bool:
    """Whether the estate's address in the store is in the street of the house."""
    return re.search(rf"(?<!\d){re.escape(house.street)}", _address(house, known)) is not None


def _label(house: _House, rows: Sequence[RosterRow], known: Known) -> str:
    if _is_there(house, house.full, known):
        return house.full
    # an import may have put these households there before the address was known
    same = any((_place(row, house.bare), holder_name(row.name)) in known.holders for row in rows if row.name)
    if _is_own(house, known) or (same and _is_there(house, house.bare, known)):
        return house.bare
    return house.full if _address(house, known) else house.building


def _place(row: RosterRow, building: str) -> tuple[str, str, str, str]:
    return unit_key(row.estate, building, row.entrance, row.unit)


def _doubts(house: _House, label: str, rows: Sequence[RosterRow], known: Known) -> list[Problem]:
    if label != house.bare:
        if _is_there(house, label, known) or not _is_there(house, house.bare, known):
            return []
        message = _(
            "«{estate}» has a {bare} already, but not in {street}: this is another building, named «{building}». "
            "If it is the same house, correct the address of the estate first."
        ).format(estate=house.estate, bare=house.bare, street=house.street, building=label)
        return [_problem(rows[0], message)]
    if _is_own(house, known):
        return []
    message = _(
        "The store does not say in which street «{estate}» is. This row of {street} joins the home of the same "
        "number there: check that it is the same house."
    ).format(estate=house.estate, street=house.street)
    strangers = (
        row
        for row in rows
        if (place := _place(row, label)) in known.units
        and (place, holder_name(row.name)) not in known.holders
    )
    return [_problem(row, message) for row in strangers]


def _problem(row: RosterRow, message: str) -> Problem:
    return Problem(row.sheet, row.row, "", row.street, message, home=row.home)
