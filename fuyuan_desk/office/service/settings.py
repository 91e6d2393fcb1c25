"""The office's settings, the streets to choose from, and the check of the whole office."""

from dataclasses import dataclass

from sqlalchemy import select

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.records import OfficeRow
from fuyuan_desk.access.seat import EVERYONE, STAFF, Role, Seat, permit
from fuyuan_desk.access.settings import office_calendar, office_settings
from fuyuan_desk.core import paths
from fuyuan_desk.core.calendar import Calendar, as_data, shipped
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.core.visible import visible, visible_lines
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office import rules
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.office.service import older_keys
from fuyuan_desk.store.check import Finding, check_store

_FAULTS_TOLD = 3


@dataclass(frozen=True)
class Street:
    """A street (街道) to choose from."""

    code: str
    name: str


def shipped_streets() -> tuple[Street, ...]:
    """Return the ten streets of Huangpu preset in a new office."""
    return tuple(Street(**street) for street in paths.read_json("office", "streets.json")["streets"])


@permit(*EVERYONE)
def read_settings(seat: Seat) -> OfficeSettings:
    """Return this office's settings."""
    with seat.reading() as session:
        return office_settings(session, seat.now())


@permit(Role.ADMIN)
def change_settings(seat: Seat, settings: OfficeSettings) -> None:
    """Change this office's settings."""
    with seat.transaction() as session:
        row = session.scalars(select(OfficeRow)).one()
        refuse_wrong(rules.settings_faults(settings, row.phone))
        for key, value in settings.stored.items():
            setattr(row, key, value)


@permit(*STAFF)
def list_streets(seat: Seat) -> tuple[Street, ...]:
    """List the streets to choose from."""
    with seat.reading() as session:
        rows = session.scalars(select(StreetRow).order_by(StreetRow.code, StreetRow.id))
        return tuple(Street(row.code, row.name) for row in rows)


@permit(Role.ADMIN)
def change_streets(seat: Seat, streets: tuple[Street, ...]) -> None:
    """Replace the list of streets to choose from."""
    names = [visible(street.name).strip() for street in streets]
    if not all(names) or len(set(names)) != len(names):
        raise InvalidInput(_("Every street needs a name, and names must be unique."))
    with seat.transaction() as session:
        for row in session.scalars(select(StreetRow)):
            session.delete(row)
        session.flush()
        session.add_all(
            StreetRow(code=street.code.strip(), name=name)
            for street, name in zip(streets, names, strict=True)
        )


@permit(*STAFF)
def read_calendar_text(seat: Seat) -> str:
    """Return the calendar of work as lines: the office's own years, and those that are shipped."""
    with seat.reading() as session:
        return rules.calendar_lines(office_calendar(session))


@permit(Role.ADMIN)
def change_calendar(seat: Seat, text: str) -> None:
    """Replace the office's years of the calendar by lines; a year that is removed is as shipped again.

    Raises `InvalidInput` with the first lines that are wrong.
    """
    calendar, faults = rules.read_calendar_lines(visible_lines(text))
    if faults:
        more = numbered(len(faults) - _FAULTS_TOLD, N_("And {n} more line."), N_("And {n} more lines."))
        told = faults[:_FAULTS_TOLD] + ([more] if len(faults) > _FAULTS_TOLD else [])
        raise InvalidInput(" ".join(told))
    own = {year: table for year, table in calendar.years.items() if shipped().years.get(year) != table}
    with seat.transaction() as session:
        row = session.scalars(select(OfficeRow)).one()
        row.calendar = as_data(Calendar(own)) if own else None


@permit(*STAFF)
def check_office(seat: Seat, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Check the database, the audit trail, the key file and the photos, and what an older key file makes necessary."""
    return (*check_store(seat.store, progress), *older_keys.check_renewal(seat))
