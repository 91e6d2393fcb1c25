"""The office settings that every job may read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.records import OfficeRow


def office_settings(session: Session) -> OfficeSettings:
    """Return this office's settings inside a running transaction."""
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
