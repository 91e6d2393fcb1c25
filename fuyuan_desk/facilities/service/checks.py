"""Services on the statutory checks of facilities: read, record, correct, remove; the office's own intervals."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Role, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.facilities import catalogue, rules
from fuyuan_desk.facilities.book import name as name_of_facility
from fuyuan_desk.facilities.facts import Check, CheckFields, FacilityChecks, ItemState
from fuyuan_desk.facilities.records import CheckInterval, Facility, FacilityCheck
from fuyuan_desk.facilities.rules import Interval, Item
from fuyuan_desk.facilities.service import schedule
from fuyuan_desk.facilities.service.check_pages import PAGES
from fuyuan_desk.facilities.service.facilities import TABLE
from fuyuan_desk.kit.attached import discard
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.guards import gone, refuse_stale, refuse_wrong, stripped
from fuyuan_desk.kit.paging import Saved


@permit(*EVERYONE)
def facility_checks(seat: Seat, facility_id: int) -> FacilityChecks:
    """Return the statutory items of a facility with their next days, and the checks that were made."""
    with seat.reading() as session:
        row = TABLE.get(session, facility_id)
        history = schedule.checks_of(session, [facility_id]).get(facility_id, [])
        own = schedule.intervals(session)
        items = tuple(
            _state(row, item, own.get(item.key, item.interval), history)
            for item in catalogue.items_of(row.kind).values()
        )
        line = TABLE.lines(session, [row])[0]
        pages = {
            key: len(found) for key, found in PAGES.contents(session, [one.id for one in history]).items()
        }
        return FacilityChecks(
            facility_id, name_of_facility(line.fields), row.company, items, tuple(history), pages
        )


def _state(row: Facility, item: Item, interval: Interval, history: list[Check]) -> ItemState:
    made = [check for check in history if check.fields.item == item.key]
    done = [check.fields for check in made]
    due = rules.next_due(item, interval, done, row.installed_on)
    return ItemState(
        key=item.key,
        name=item.name,
        certificate=item.certificate,
        basis=catalogue.basis(item),
        interval=rules.interval_text(interval),
        reason=interval.reason,
        last=next((check for check in made if check.fields == rules.latest(done)), None) if made else None,
        due=due,
        announced_on=None if due is None else schedule.Due(due, item).announced_on,
        every=interval.every,
        unit=interval.unit,
    )


@permit(*WRITERS)
def save_check(seat: Seat, fields: CheckFields, known: Known | None = None) -> Saved:
    """Record a check of a facility, or correct the one read as `known`; the facility's next check follows from it."""
    fields = CheckFields(**stripped(asdict(fields)))
    with seat.transaction() as session:
        row = FacilityCheck() if known is None else _get(session, known.id)
        refuse_stale(row, None if known is None else known.version)
        # a check stays with its facility
        facility = TABLE.get(session, (fields.facility_id or 0) if known is None else row.facility_id)
        keys = catalogue.items_of(facility.kind)
        refuse_wrong(rules.check_faults(fields, keys, facility.installed_on, seat.today()))
        for name, value in {**asdict(fields), "facility_id": facility.id}.items():
            setattr(row, name, value)
        session.add(row)
        session.flush()
        schedule.renew(session, [facility])
        session.flush()
        return Saved(row.id, row.version)


@permit(*WRITERS)
def remove_check(seat: Seat, check_id: int) -> str:
    """Remove a check that was recorded by mistake, with the pages of its certificate; return the name of its item."""
    with seat.transaction() as session:
        row = _get(session, check_id)
        facility = TABLE.get(session, row.facility_id)
        item = catalogue.items().get(row.item)
        name = item.name if item is not None else row.item
        unused = PAGES.remove_all(session, check_id)
        session.delete(row)
        session.flush()
        schedule.renew(session, [facility])
    discard(seat, unused)
    return name


@permit(Role.ADMIN)
def set_interval(seat: Seat, item: str, every: int, unit: str, reason: str) -> Saved:
    """Set how often the office has an item checked, with the reason; that of the law ends the office's own."""
    known = catalogue.items().get(item)
    if known is None:
        raise gone()
    interval = Interval(every, unit, stripped({"reason": reason})["reason"])
    refuse_wrong(rules.interval_faults(interval, known.interval))
    is_own = (interval.every, interval.unit) != (known.interval.every, known.interval.unit)
    with seat.transaction() as session:
        row = session.scalars(select(CheckInterval).where(CheckInterval.item == item)).one_or_none()
        if is_own:
            row = row or CheckInterval(item=item)
            row.every, row.unit, row.reason = interval.every, interval.unit, interval.reason
            session.add(row)
        elif row is not None:
            session.delete(row)
        session.flush()
        checked = select(FacilityCheck.facility_id).where(FacilityCheck.item == item)
        schedule.renew(session, session.scalars(select(Facility).where(Facility.id.in_(checked))).all())
        session.flush()
        longer = rules.is_longer(interval, known.interval)
        doubts = (
            (_("This is longer than the interval of the law. Compare it with the text."),) if longer else ()
        )
        return Saved(row.id, row.version, doubts) if is_own and row is not None else Saved(0, 0)


def _get(session: Session, check_id: int) -> FacilityCheck:
    row = session.get(FacilityCheck, check_id)
    if row is None:
        raise gone()
    return row
