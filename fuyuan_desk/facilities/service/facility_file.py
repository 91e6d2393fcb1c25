"""What facilities add to the file of an estate, and to that of a home: those of its building."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import (
    Attached,
    Column,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    open_value,
    value,
)
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.for_other_jobs import building_of_unit, labels_of_buildings
from fuyuan_desk.facilities import catalogue
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState
from fuyuan_desk.facilities.service import schedule
from fuyuan_desk.facilities.service.check_pages import PAGES
from fuyuan_desk.kit.queries import Reader


def of_unit(session: Session, unit_id: int, _reader: Reader) -> Iterator[Section]:
    """Yield the facilities of the building of a home."""
    query = select(Facility).where(Facility.building_id == building_of_unit(session, unit_id))
    rows = session.scalars(query.order_by(Facility.kind, Facility.order_key)).all()
    nothing = _("No facility of this building is recorded.")
    yield Section(
        "facilities", _("Facilities of the building"), listings=(_facilities(session, rows, nothing),)
    )


def of_estate(session: Session, estate_id: int, _reader: Reader) -> Iterator[Section]:
    """Yield the facilities of an estate and the checks that they had."""
    query = select(Facility).where(Facility.estate_id == estate_id)
    rows = session.scalars(query.order_by(Facility.kind, Facility.order_key)).all()
    tables = (_facilities(session, rows, _("No facility is recorded.")), _checks(session, rows))
    yield Section("facilities", _("Facilities"), listings=tables, attached=_certificates(session, rows))


def _facilities(session: Session, rows: Sequence[Facility], nothing: str) -> Listing:
    labels = labels_of_buildings(session, {row.building_id for row in rows if row.building_id is not None})
    columns = (
        Column(_("Kind of facility"), 10),
        Column(_("Number"), 10),
        Column(_("Building"), 8),
        Column(_("Place"), 12),
        Column(_("State"), 9),
        Column(_("Next check"), 10),
        Column(_("Maintained by"), 14),
        Column(_("Installed on"), 10),
        Column(_("Remarks"), 10),
    )
    found = (
        (
            open_value(name_of(FacilityKind, row.kind)),
            open_value(row.number),
            open_value(labels.get(row.building_id or 0, "")),
            open_value(row.place),
            open_value(name_of(FacilityState, row.state)),
            open_value(row.next_check_on),
            office_value(row.company),
            office_value(row.installed_on),
            value(Privacy.TEXT, row.remarks),
        )
        for row in rows
    )
    return listing(columns, found, nothing=nothing, may_post=True)


def _certificates(session: Session, rows: Sequence[Facility]) -> tuple[Attached, ...]:
    made = schedule.checks_of(session, [row.id for row in rows])
    title = _("Certificate {facility} {day}")
    titles = {
        check.id: title.format(facility=_name(row), day=check.fields.done_on)
        for row in rows
        for check in made.get(row.id, ())
    }
    return PAGES.in_file(session, titles)


def _name(row: Facility) -> str:
    return f"{name_of(FacilityKind, row.kind)} {row.number}"


def _checks(session: Session, rows: Sequence[Facility]) -> Listing:
    columns = (
        Column(_("Facility"), 14),
        Column(_("Check"), 18),
        Column(_("Done on"), 9),
        Column(_("Valid until"), 9),
        Column(_("Done by"), 14),
        Column(_("Certificate"), 12),
        Column(_("Remarks"), 12),
    )
    title, nothing = _("Checks made"), _("No check is recorded.")
    return listing(columns, _checked(session, rows), title, nothing, may_post=True)


def _checked(session: Session, rows: Sequence[Facility]) -> Iterator[tuple[Value, ...]]:
    made, items = schedule.checks_of(session, [row.id for row in rows]), catalogue.items()
    for row in rows:
        for check in made.get(row.id, ()):
            fields = check.fields
            item = items.get(fields.item)
            yield (
                open_value(_name(row)),
                open_value(item.name if item is not None else fields.item),
                open_value(fields.done_on),
                open_value(fields.valid_until),
                value(Privacy.TEXT, fields.done_by),
                office_value(fields.certificate),
                value(Privacy.TEXT, fields.remarks),
            )
