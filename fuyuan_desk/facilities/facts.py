"""The data of a facility as the book declares it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FacilityFields:
    """Editable data of a facility; kind and state are values of `rules`."""

    kind: str = ""
    number: str = ""
    estate_id: int | None = None
    building_id: int | None = None
    place: str = ""
    state: str = "in_use"
    next_check_on: date | None = None
    company: str = ""
    certificate: str = ""
    maker: str = ""
    installed_on: date | None = None
    remarks: str = ""
