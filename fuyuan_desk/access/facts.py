"""What every job may know of the office, as frozen dataclasses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeSettings:
    """This residents' committee (居委会) and how its desk behaves; `idle_minutes` until the desk locks itself."""

    name: str
    street: str = ""
    district: str = "黄浦区"
    phone: str = ""
    keep_photo_location: bool = False
    idle_minutes: int = 10
    is_sample: bool = False
