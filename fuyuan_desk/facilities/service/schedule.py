"""By which day the statutory checks of facilities are due, inside a running transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.facilities.catalogue import items_of
from fuyuan_desk.facilities.facts import Check, CheckFields, Upcoming
from fuyuan_desk.facilities.records import CheckInterval, Facility, FacilityCheck
from fuyuan_desk.facilities.rules import Interval, Item, next_due
from fuyuan_desk.store.db import functions


class Facts(NamedTuple):
    """What of a facility its dues depend on."""

    id: int
    kind: str
    installed_on: date | None


class Due(NamedTuple):
    """An item of a facility that is due by a day."""

    due: date
    item: Item

    @property
    def announced_on(self) -> date:
        """The first day on which it is announced."""
        return self.due - timedelta(days=self.item.days_ahead)


def intervals(session: Session) -> dict[str, Interval]:
    """Return the office's own intervals by item."""
    return {
        row.item: Interval(row.every, row.unit, row.reason) for row in session.scalars(select(CheckInterval))
    }


def checks_of(session: Session, facility_ids: Collection[int]) -> dict[int, list[Check]]:
    """Return the checks of facilities by id, the newest first."""
    rows = session.scalars(
        select(FacilityCheck)
        .where(FacilityCheck.facility_id.in_(functions.keys(list(facility_ids))))
        .order_by(FacilityCheck.done_on.desc(), FacilityCheck.id.desc())
    )
    found: dict[int, list[Check]] = defaultdict(list)
    for row in rows:
        values = {name: getattr(row, name) for name in CheckFields.__dataclass_fields__}
        found[row.facility_id].append(Check(row.id, row.version, CheckFields(**values)))
    return found


def checked(session: Session, facility_ids: Collection[int]) -> list[int]:
    """Return which facilities have a check recorded."""
    query = select(FacilityCheck.facility_id).where(
        FacilityCheck.facility_id.in_(functions.keys(list(facility_ids)))
    )
    return sorted(set(session.scalars(query)))


def dues_of(
    kind: str, installed_on: date | None, done: Iterable[Check], own: Mapping[str, Interval]
) -> list[Due]:
    """Return the items of a facility whose day is known, the earliest first."""
    checks = list(done)
    found = []
    for item in items_of(kind).values():
        of_item = [check.fields for check in checks if check.fields.item == item.key]
        due = next_due(item, own.get(item.key, item.interval), of_item, installed_on)
        if due is not None:
            found.append(Due(due, item))
    return sorted(found, key=lambda one: (one.due, one.item.key))


def due_by_checks(session: Session, facility_id: int, kind: str, installed_on: date | None) -> date | None:
    """Return the next check that follows from the checks made; None if none of its items was checked."""
    done = checks_of(session, [facility_id]).get(facility_id, [])
    known = items_of(kind)
    if not any(check.fields.item in known for check in done):
        return None
    return dues_of(kind, installed_on, done, intervals(session))[0].due


def first_due(kind: str, installed_on: date | None) -> date | None:
    """Return the first check that follows from the installation, None if that is not known."""
    dues = dues_of(kind, installed_on, (), {})
    return dues[0].due if dues else None


def renew(session: Session, rows: Iterable[Facility]) -> None:
    """Set the next check of facilities to what follows from their checks, or from the installation."""
    for row in rows:
        due = due_by_checks(session, row.id, row.kind, row.installed_on)
        row.next_check_on = due or first_due(row.kind, row.installed_on)


def dues_by_checks(session: Session, rows: Sequence[Any]) -> dict[int, list[Due]]:
    """Return what is due of facilities that have a check recorded; rows hold id, kind and installed_on."""
    done = checks_of(session, [row.id for row in rows])
    own = intervals(session) if done else {}
    found = {row.id: dues_of(row.kind, row.installed_on, done[row.id], own) for row in rows if row.id in done}
    return {key: dues for key, dues in found.items() if dues}


def upcoming(session: Session, rows: Sequence[Any]) -> dict[int, Upcoming]:
    """Return what is due next of facilities that have a check recorded, by id."""
    return {
        key: Upcoming(dues[0].item.name, min(due.announced_on for due in dues))
        for key, dues in dues_by_checks(session, rows).items()
    }
