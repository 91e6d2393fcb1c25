"""The settings of an office that every job may read."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OfficeRow


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


def office_settings(session: Session) -> OfficeSettings:
    """Read this office's settings inside a running transaction."""
    row = session.scalars(select(OfficeRow)).one()
    return OfficeSettings(
        row.name,
        row.street,
        row.district,
        row.phone,
        row.keep_photo_location,
        row.idle_minutes,
        row.is_sample,
    )
