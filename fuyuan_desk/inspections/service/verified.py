"""What the committee verified as put right, by an order of the job above, inside a running transaction."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, column, select, table, union_all
from sqlalchemy.orm import Session

from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.findings import WhatFailed
from fuyuan_desk.store.db.base import UtcDateTime

# the tables of the job above are known by name only
_ORDER = table(
    "work_order",
    column("id"),
    column("status"),
    column("closed_at", UtcDateTime()),
    column("reopened_at", UtcDateTime()),
)
_STEP = table(
    "order_step",
    column("id"),
    column("order_id"),
    column("before"),
    column("after"),
    column("at", UtcDateTime()),
)
_FINDING = table("order_finding", column("order_id"), column("visit_result_id"))
_VERIFIED = "verified"


class Verified:
    """When the same as what failed was verified, as of a moment.

    A verification after which the order went on is none.
    """

    def __init__(self, found: Iterable[tuple[WhatFailed, datetime]]) -> None:
        self._found: defaultdict[tuple[str, int, str], list[tuple[datetime, WhatFailed]]] = defaultdict(list)
        for what, at in found:
            self._found[what.apart].append((at, what))
        for same in self._found.values():
            same.sort(key=lambda one: one[0])

    def first_since(self, what: WhatFailed, failed_at: datetime) -> datetime | None:
        """Return when it was verified first once it had failed, None if it was not."""
        same = self._found.get(what.apart, ())
        return next((at for at, other in same if at >= failed_at and other.is_same(what)), None)


def verified_since(session: Session, since: datetime, until: datetime | None = None) -> Verified:
    """Return what was verified since a moment, as of now or as of an earlier moment."""
    is_verified = (_ORDER.c.status == _VERIFIED, _ORDER.c.closed_at >= since)
    query = select(_ORDER.c.id.label("order_id"), _ORDER.c.closed_at.label("at")).where(*is_verified)
    if until is None:
        orders = query.subquery()
    else:
        orders = union_all(query.where(_ORDER.c.closed_at <= until), _verified_then(since, until)).subquery()
    rows = session.execute(
        select(
            Visit.subject_kind, Visit.subject_id, Visit.place, Visit.place_key, VisitResult.item, orders.c.at
        )
        .select_from(orders)
        .join(_FINDING, _FINDING.c.order_id == orders.c.order_id)
        .join(VisitResult, VisitResult.id == _FINDING.c.visit_result_id)
        .join(Visit, Visit.id == VisitResult.visit_id)
    )  # fmt: skip
    return Verified(
        (WhatFailed(row.subject_kind, row.subject_id, RecordedPlace.of(row), row.item), row.at)
        for row in rows
    )


def _verified_then(since: datetime, until: datetime) -> Select[int, datetime]:
    """Select the orders that were verified as of a moment, and have gone on since."""
    later = _STEP.alias()
    went_on = (
        select(later.c.id)
        .where(
            later.c.order_id == _STEP.c.order_id,
            later.c.id > _STEP.c.id,
            later.c.before == _VERIFIED,
            later.c.at <= until,
        )
        .exists()
    )
    return (
        select(_STEP.c.order_id, _STEP.c.at)
        .join(_ORDER, _ORDER.c.id == _STEP.c.order_id)
        .where(
            _ORDER.c.reopened_at > until,
            _STEP.c.after == _VERIFIED,
            _STEP.c.before != _VERIFIED,
            _STEP.c.at.between(since, until),
            ~went_on,
        )
    )
