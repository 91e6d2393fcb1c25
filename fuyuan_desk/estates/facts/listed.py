"""What estates hold, as a yearly list from outside is compared with it; personal data unmasked."""

from datetime import date
from typing import NamedTuple


class UnitNow(NamedTuple):
    """A unit of the store; areas in 0.01 m², money in fen."""

    id: int
    building_id: int
    estate_id: int
    entrance: str
    label: str
    floor: str
    use: str
    tenure: str
    area: int | None
    inner_area: int | None
    lease_no: str
    fund_first: int | None
    fund_balance: int | None
    fund_topped_up: bool | None
    fund_topped_up_on: date | None
    other_ids: dict[str, str] | None
    version: int


class HouseholdNow(NamedTuple):
    """A household of the store; one with a `moved_out_on` that has come is a former one."""

    id: int
    unit_id: int
    head: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    people: int | None
    vacant: bool
    contact: str
    remarks: str
    registered_at: str
    lives_here: bool | None
    moved_in_on: date | None
    moved_out_on: date | None
    other_ids: dict[str, str] | None
    version: int


class HeldHome(NamedTuple):
    """A home with somebody who holds it now, as named in the store."""

    estate_id: int
    building: str
    entrance: str
    unit: str
    head: str


class PersonNow(NamedTuple):
    """Somebody of a household besides its holder."""

    id: int
    household_id: int
    name: str
    id_kind: str
    id_number: str
    registered_at: str
    lives_here: bool | None
    until_on: date | None
    other_ids: dict[str, str] | None
    relation: str = ""
    remarks: str = ""


class MergedAway(NamedTuple):
    """A unit or household that was merged into another one: what it was called, and the one that stayed."""

    table: str
    kept_id: int
    entrance: str = ""
    label: str = ""
    building_id: int = 0
    head: str = ""
    id_number: str = ""
