"""Inputs and results of the estates' services: frozen dataclasses, personal data masked unless stated.

Areas are in 0.01 m², money in fen; enums are values of `estates.rules`, '' or None if unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fuyuan_desk.estates.rules.housing import HeritageClass, HoldingRole, UnitUse
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
    """An estate with its counts; `vacant` counts the units that are marked as vacant.

    `people` and `area` add up what is recorded, None if nothing is: the people of `people_known` households, the area
    in 0.01 m² of `area_known` units.
    """

    id: int
    uid: str
    version: int
    fields: EstateFields
    buildings: int
    units: int
    households: int
    people: int | None
    people_known: int
    vacant: int
    area: int | None
    area_known: int


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
class TagView:
    """A tag as shown: `look` is a value of `TagLook`."""

    id: int
    name: str
    look: str


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
class HouseholdFields:
    """Editable data of a household, unmasked, for its form only."""

    head: str = ""
    is_company: bool = False
    role: str = HoldingRole.OWNER
    id_kind: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()
    people: int | None = None
    vacant: bool = False
    contact: str = ""
    remarks: str = ""
    moved_in_on: date | None = None
    moved_out_on: date | None = None
    ended_how: str = ""
    lease_from: date | None = None
    lease_until: date | None = None


HOLDER = 0
"""The id of a household's holder in place of a person's: the holder may have no row of her own."""


@dataclass(frozen=True)
class TagFields:
    """Editable data of a tag: `roles` may see who has it; `visit_every` days the office wants to call, if at all."""

    name: str = ""
    look: str = "grey"
    roles: tuple[str, ...] = ("clerk", "reviewer")
    visit_every: int | None = None
    is_ended: bool = False


@dataclass(frozen=True)
class PersonFields:
    """Editable data of a person, unmasked, for her form only.

    `papers` are numbers of further documents, `tags` ids of tags, `other_ids` (system, number). Of a holder, days and
    remarks are the household's and stay empty here, as does the relation.
    """

    name: str = ""
    relation: str = ""
    sex: str = ""
    born_on: date | None = None
    phones: tuple[str, ...] = ()
    id_kind: str = ""
    id_number: str = ""
    papers: tuple[str, ...] = ()
    registered_at: str = ""
    registered_here: bool | None = None
    lives_here: bool | None = None
    is_emergency: bool = False
    has_key: bool = False
    may_publish: bool | None = None
    consented_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None
    tags: tuple[int, ...] = ()
    other_ids: tuple[tuple[str, str], ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class PersonView:
    """A person with personal data masked; `id` is `HOLDER` for the household's holder.

    `share` is written as a fraction, '' if not recorded. `is_current`: she and her household are here today.
    """

    id: int
    household_id: int
    name: str
    is_company: bool = False
    relation: str = ""
    sex: str = ""
    age: int | None = None
    phones: tuple[str, ...] = ()
    share: str = ""
    is_voter: bool = False
    lives_here: bool | None = None
    residence: str = ""
    is_emergency: bool = False
    has_key: bool = False
    from_on: date | None = None
    until_on: date | None = None
    is_current: bool = True
    tags: tuple[TagView, ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class PersonEdit:
    """A person as loaded by her form, unmasked; loading is audited. A holder's version is the household's."""

    household_id: int
    id: int
    version: int
    fields: PersonFields
    is_company: bool = False


@dataclass(frozen=True)
class ShareRow:
    """Somebody who may own a home, with the share as written, and whether she votes for all; `id` as of a person."""

    household_id: int
    id: int
    name: str
    share: str = ""
    is_voter: bool = False


@dataclass(frozen=True)
class Shares:
    """The shares of a home as of today, for their form; `stamp` is to be handed back, `since` the day they began."""

    unit_id: int
    rows: tuple[ShareRow, ...]
    since: date | None = None
    stamp: str = ""


@dataclass(frozen=True)
class OnDay:
    """Who owned a home and who lived in it on a day, masked.

    `unsure` counts those of them whose first day there, or whether they live there, is not recorded.
    """

    day: date
    owners: tuple[PersonView, ...]
    residents: tuple[PersonView, ...]
    unsure: int


@dataclass(frozen=True)
class HouseholdView:
    """A household with its personal data masked; `doubt` is a warning about its ID number.

    `members` are its people, the holder first, those who left last.
    """

    id: int
    unit_id: int
    version: int
    head: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    doubt: str
    phones: tuple[str, ...]
    people: int | None
    vacant: bool
    contact: str
    remarks: str
    moved_in_on: date | None = None
    moved_out_on: date | None = None
    ended_how: str = ""
    lease_from: date | None = None
    lease_until: date | None = None
    members: tuple[PersonView, ...] = ()


@dataclass(frozen=True)
class HouseholdEdit:
    """A household as loaded by its form, unmasked; loading is audited."""

    id: int
    unit_id: int
    version: int
    fields: HouseholdFields


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
class Holder:
    """A holder of a unit, unmasked, for papers and cases of other jobs."""

    household_id: int
    name: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    phones: tuple[str, ...]


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
