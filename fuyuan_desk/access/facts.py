"""Facts about the office that every job may use, as frozen dataclasses."""

from dataclasses import asdict, dataclass
from typing import Any

# papers are Chinese
_SINGLE_PERSON = "（单人办公）"


@dataclass(frozen=True)
class OfficeSettings:
    """Settings of this residents' committee (居委会); `idle_minutes` is the time until the desk locks itself.

    `is_single_person` follows from the audit trail and is not stored.
    """

    name: str
    street: str = ""
    district: str = "黄浦区"
    phone: str = ""
    keep_photo_location: bool = False
    idle_minutes: int = 10
    is_sample: bool = False
    is_single_person: bool = False

    @property
    def stored(self) -> dict[str, Any]:
        """The settings by column."""
        return {name: value for name, value in asdict(self).items() if name != "is_single_person"}

    @property
    def printed_name(self) -> str:
        """The name as printed on papers; in a single-person office it says so."""
        return self.name + (_SINGLE_PERSON if self.is_single_person else "")

    @property
    def heading(self) -> str:
        """The office as printed at the head of its forms: district, street and name, each once."""
        return (
            "".join(part for part in (self.district, self.street) if part not in self.name)
            + self.printed_name
        )
