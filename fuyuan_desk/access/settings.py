"""The office settings that every job may read."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.records import OfficeRow
from fuyuan_desk.access.single_person import holds_for_office
from fuyuan_desk.core.calendar import Calendar, read_calendar, shipped


def office_settings(session: Session, now: datetime | None = None) -> OfficeSettings:
    """Return this office's settings inside a running transaction; `now` decides what waits for a day."""
    row = session.scalars(select(OfficeRow)).one()
    return OfficeSettings(
        row.name,
        row.street,
        row.district,
        row.phone,
        row.keep_photo_location,
        row.idle_minutes,
        row.is_sample,
        holds_for_office(session, now or datetime.now(UTC)),
    )


def office_calendar(session: Session) -> Calendar:
    """Return the calendar of work inside a running transaction: the office's own years, and those that are shipped."""
    own = session.scalars(select(OfficeRow.calendar)).one()
    return shipped() if own is None else Calendar({**shipped().years, **read_calendar(own).years})
