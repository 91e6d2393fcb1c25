"""Facts about the office that every job may use, as frozen dataclasses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeSettings:
    """Settings of this residents' committee (居委会); `idle_minutes` is the time until the desk locks itself."""

    name: str
    street: str = ""
    district: str = "黄浦区"
    phone: str = ""
    keep_photo_location: bool = False
    idle_minutes: int = 10
    is_sample: bool = False

    @property
    def heading(self) -> str:
        """The office as printed at the head of its forms: district, street and name, each once."""
        return "".join(part for part in (self.district, self.street) if part not in self.name) + self.name
