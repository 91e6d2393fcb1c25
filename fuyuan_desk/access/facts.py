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
    def heading(self) -> str:
        """The office at the head of its papers: district, street, name, each once; one of a single person says so."""
        above = "".join(part for part in (self.district, self.street) if part not in self.name)
        return above + self.name + (_SINGLE_PERSON if self.is_single_person else "")
