"""Estates, buildings, units and rooms: frozen dataclasses, personal data masked unless stated.

Areas are in 0.01 m², money in fen; enums are values of `estates.rules`, '' or None if unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fuyuan_desk.estates.facts.people import Holder, HouseholdView, TagView
from fuyuan_desk.estates.rules.housing import HeritageClass, UnitUse
from fuyuan_desk.estates.rules.rooms import Room


@dataclass(frozen=True)
class EstateFields:
    """Editable data of an estate; `tenures` are values of `Tenure`.

    A heritage class of None and a historic area of '' are unknown. `committee` and `property_company` are the names of
    the organisations that have this role today; a change of them is one from today on.
    """

    name: str = ""
    address: str = ""
    street: str = ""
    committee: str = ""
    property_company: str = ""
    house_kind: str = ""
    tenures: tuple[str, ...] = ()
    built_year: int | None = None
    heritage_class: int | None = None
    historic_area: str = ""
    preserved_block: bool = False
    retained_building: bool = False
    cultural_relic: bool = False
    quiet_hours: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class RoleFields:
    """Editable data of what an organisation is to an estate; `role` is a value of `rules.roles.RoleKind`.

    `since` None is an unknown first day, `until` None no last one.
    """

    role: str = ""
    organisation_id: int | None = None
    since: date | None = None
    until: date | None = None
    note: str = ""
    estate_id: int | None = None


@dataclass(frozen=True)
class EstateRow:
    """An estate in a list; `protected` None: not all of it is recorded."""

    id: int
    name: str
    street: str
    house_kind: str
    property_company: str
    protected: bool | None
    buildings: int
    units: int
    households: int


@dataclass(frozen=True)
class EstateDetail:
    """An estate with its counts; `vacant` counts the units marked as vacant. `households` is None: not summed up yet.

    `people` and `area` add up what is recorded, None if nothing is: the people of `people_known` households, the area
    in 0.01 m² of `area_known` units.
    """

    id: int
    uid: str
    version: int
    fields: EstateFields
    buildings: int
    units: int
    households: int | None = None
    people: int | None = None
    people_known: int = 0
    vacant: int | None = None
    area: int | None = None
    area_known: int = 0


@dataclass(frozen=True)
class EstateSummary:
    """Data of an estate for other jobs."""

    id: int
    name: str
    address: str
    street: str
    committee: str
    property_company: str
    house_kind: str
    tenures: tuple[str, ...]
    heritage_class: HeritageClass | None
    historic_area: str
    preserved_block: bool
    retained_building: bool
    cultural_relic: bool
    quiet_hours: str
    buildings: int
    units: int


@dataclass(frozen=True)
class BuildingFields:
    """Editable data of a building; a class, flag or area that is None or '' is that of the estate.

    `notice_*` describe the notice of its own protection requirements (告知书, LS §29).
    """

    label: str = ""
    floors: int | None = None
    has_lift: bool | None = None
    house_kind: str = ""
    heritage_class: int | None = None
    protection: str = ""
    estate_id: int | None = None
    built_year: int | None = None
    structure: str = ""
    entrances: int | None = None
    entrance_labels: str = ""
    lifts: int | None = None
    historic_area: str = ""
    preserved_block: bool | None = None
    retained_building: bool | None = None
    cultural_relic: bool | None = None
    notice_no: str = ""
    notice_on: date | None = None
    notice_pages: int | None = None


@dataclass(frozen=True)
class UnitFields:
    """Editable data of a unit; `other_ids` are its numbers in other systems, as system and number."""

    building_id: int = 0
    entrance: str = ""
    floor: str = ""
    label: str = ""
    use: str = UnitUse.HOME
    tenure: str = ""
    area: int | None = None
    inner_area: int | None = None
    lease_no: str = ""
    fund_first: int | None = None
    fund_balance: int | None = None
    fund_topped_up: bool | None = None
    fund_topped_up_on: date | None = None
    real_estate_no: str = ""
    fund_account: str = ""
    fund_balance_on: date | None = None
    other_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class UnitQuery:
    """Query for a list of units; `text` is a filter as typed, `sort` a column of the list, `tag_id` a tag that
    somebody who lives there now has.
    """

    estate_id: int | None = None
    building_id: int | None = None
    tag_id: int | None = None
    text: str = ""
    sort: str = "address"
    descending: bool = False


@dataclass(frozen=True)
class UnitRow:
    """A unit in a list; `place` is inside its estate, holder and phone are masked, several holders counted.

    Former holders are shown only if nobody followed them (`moved_out`).
    """

    id: int
    estate_id: int
    address: str
    place: str
    use: str
    tenure: str
    area: int | None
    holder: str
    role: str
    people: int | None
    vacant: bool
    phone: str
    households: int
    moved_out: bool = False
    tags: tuple[TagView, ...] = ()


@dataclass(frozen=True)
class Rooms:
    """The rooms of a chart in natural order, or none if they are too many; all are counted in `total`.

    `uid` is that of the estate.
    """

    estate: str
    uid: str
    rooms: tuple[Room, ...]
    total: int


@dataclass(frozen=True)
class RoomFields:
    """What is listed of a room, and of this what can be changed in several at once."""

    entrance: str = ""
    label: str = ""
    floor: str = ""
    use: str = UnitUse.HOME
    tenure: str = ""


@dataclass(frozen=True)
class ChosenRooms:
    """The rooms of an estate chosen in its chart, with the states shown there.

    `title` and the states by id are the marked texts of a set of states, translated where they are printed.
    """

    estate: str
    ids: tuple[int, ...]
    title: str
    states: Mapping[int, str]


@dataclass(frozen=True)
class RoomBefore:
    """A room that was changed: its version since, and the value before."""

    id: int
    version: int
    value: Any


@dataclass(frozen=True)
class ChangedRooms:
    """A change of one part of several rooms, as it is needed to take it back."""

    part: str
    before: tuple[RoomBefore, ...]


@dataclass(frozen=True)
class UnitDetail:
    """A unit with its place and its households."""

    id: int
    uid: str
    version: int
    estate_id: int
    estate: str
    building: str
    address: str
    fields: UnitFields
    households: tuple[HouseholdView, ...]
    shares_doubt: str = ""


@dataclass(frozen=True)
class UnitChoice:
    """A unit to choose from in another job; holders are masked.

    meant: for a guess, the words that it matches instead of those typed.
    """

    id: int
    estate_id: int
    address: str
    holders: str
    meant: str = ""


@dataclass(frozen=True)
class UnitSummary:
    """Data of a unit for other jobs; kind and class are those in force, the building's own before the estate's."""

    id: int
    estate_id: int
    estate: str
    building: str
    unit: str
    address: str
    use: str
    tenure: str
    house_kind: str
    heritage_class: HeritageClass | None
    historic_area: str
    preserved_block: bool
    retained_building: bool
    cultural_relic: bool
    protection: str
    area: int | None
    quiet_hours: str
    holders: tuple[Holder, ...] = field(repr=False)


@dataclass(frozen=True)
class ImportRow:
    """An earlier import of a roster; `unimported` counts the rows not imported that are still kept."""

    id: int
    file_name: str
    at: datetime
    operator: str
    counts: dict[str, int]
    undone_at: datetime | None
    unimported: int = 0


@dataclass(frozen=True)
class KeptPlace:
    """A home, building or estate that stays when an import is undone, with the reason and its masked holders."""

    kind: str
    id: int
    address: str
    holder: str
    reason: str
