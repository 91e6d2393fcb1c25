"""What failed on a visit and is to be looked at again, and the later visit on which it passed.

A visit to one building or gate puts right what failed at the same one, a visit to the whole estate what failed
anywhere in it. The place of a visit is that of the printed sheet it was entered from.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import FIELD, Seat, permit
from fuyuan_desk.inspections.facts import OpenItem, OpenItems, Recheck, SheetRecord
from fuyuan_desk.inspections.records import PrintedSheet, Visit, VisitResult
from fuyuan_desk.inspections.rules.visits import (
    NOT_CORRECTED,
    Conclusion,
    Result,
    SubjectKind,
    covers,
    is_put_right,
)
from fuyuan_desk.inspections.service.printed import places_of, sheet_typed
from fuyuan_desk.store.db import functions


@dataclass(frozen=True)
class Before:
    """What is known before a visit is entered: the printed sheet whose number was typed, and what failed last time."""

    sheet: SheetRecord | None = None
    failed: OpenItems | None = None


@permit(*FIELD)
def before_visit(seat: Seat, kind: SubjectKind, subject_id: int, sheet: str = "") -> Before:
    """Return what is known of a subject before it is visited; `sheet` is the number as typed."""
    with seat.reading() as session:
        found = sheet_typed(session, sheet, kind, subject_id) if sheet.strip() else None
        place = found.place if found is not None else ""
        return Before(found, _open_items(session, kind, subject_id, place))


def _open_items(session: Session, kind: SubjectKind, subject_id: int, place: str) -> OpenItems | None:
    of_subject = and_(Visit.subject_kind == kind, Visit.subject_id == subject_id)
    last = last_by_place(session, of_subject)
    places = places_of(session, [visit.id for visit in last])
    within = [visit for visit in last if covers(place, places.get(visit.id, ""))]
    items: dict[str, OpenItem] = {}
    for visit, wrong in open_items_of(session, within):
        day, at = visit.at.astimezone().date(), places.get(visit.id, "")
        for row in wrong:
            remark = f"{at} {row.remark}" if at and not place else row.remark
            earlier = items.get(row.item)
            items[row.item] = OpenItem(day, f"{earlier.remark}\n{remark}" if earlier is not None else remark)
    return OpenItems(kind, subject_id, place, items) if items else None


def open_items_of(session: Session, visits: Iterable[Visit]) -> list[tuple[Visit, list[VisitResult]]]:
    """Return the visits with what failed on them and passed on no later one, the earliest first."""
    waiting = sorted(
        (visit for visit in visits if visit.conclusion in NOT_CORRECTED),
        key=lambda visit: (visit.at, visit.id),
    )
    failed = _failed(session, waiting)
    later = _Later.of(session, waiting, {row.item for rows in failed.values() for row in rows})
    return [
        (visit, [row for row in failed.get(visit.id, []) if later.first(visit, {row.item}) is None])
        for visit in waiting
    ]


def last_by_place(session: Session, which: ColumnElement[bool]) -> Sequence[Visit]:
    """Return the latest of the visits `which` to each subject as a whole, and to each of its buildings and gates."""
    place = func.coalesce(PrintedSheet.place, "")
    latest = (
        select(
            Visit.id,
            func.row_number()
            .over(
                partition_by=(Visit.subject_kind, Visit.subject_id, place),
                order_by=(Visit.at.desc(), Visit.id.desc()),
            )
            .label("rank"),
        )
        .join(
            PrintedSheet,
            and_(PrintedSheet.visit_id == Visit.id, PrintedSheet.is_copy.is_(False)),
            isouter=True,
        )
        .where(which)
        .subquery()
    )
    return session.scalars(
        select(Visit).join(latest, latest.c.id == Visit.id).where(latest.c.rank == 1)
    ).all()


def open_failures(session: Session, since: datetime) -> list[tuple[Visit, int]]:
    """Return the latest visits since a moment with items that are not put right, and how many these are."""
    last = last_by_place(session, Visit.at >= since)
    return [(visit, len(wrong)) for visit, wrong in open_items_of(session, last) if wrong]


def failures_of(session: Session, kind: SubjectKind, ids: Collection[int]) -> dict[int, int]:
    """Return by subject how many items of its latest visits are not put right, leaving out those without any."""
    which = and_(Visit.subject_kind == kind, Visit.subject_id.in_(functions.keys(list(ids))))
    found: dict[int, int] = {}
    for visit, wrong in open_items_of(session, last_by_place(session, which)):
        if wrong:
            found[visit.subject_id] = found.get(visit.subject_id, 0) + len(wrong)
    return found


def corrected_by(session: Session, visits: Sequence[Visit]) -> dict[int, Recheck]:
    """Return, by the key of a visit, the first later one on which all that had failed had passed."""
    waiting = [visit for visit in visits if visit.conclusion in NOT_CORRECTED]
    failed = {key: {row.item for row in rows} for key, rows in _failed(session, waiting).items()}
    later = _Later.of(session, waiting, set().union(*failed.values()))
    found = {visit.id: later.first(visit, failed.get(visit.id, set())) for visit in waiting}
    return {
        key: Recheck(one.id, one.number, one.at.astimezone().date())
        for key, one in found.items()
        if one is not None
    }


def _failed(session: Session, visits: Sequence[Visit]) -> dict[int, list[VisitResult]]:
    """Return the failed items of visits by the visit's key, in their order."""
    failed: dict[int, list[VisitResult]] = {}
    if visits:
        ids = functions.keys([visit.id for visit in visits])
        query = select(VisitResult).where(VisitResult.visit_id.in_(ids), VisitResult.result == Result.FAIL)
        for row in session.scalars(query.order_by(VisitResult.visit_id, VisitResult.position)):
            failed.setdefault(row.visit_id, []).append(row)
    return failed


@dataclass(frozen=True)
class _Later:
    """The visits that may have put others right, the earliest first, with their results and places by key."""

    visits: Sequence[Any]
    results: Mapping[int, Mapping[str, str]]
    places: Mapping[int, str]

    @classmethod
    def of(cls, session: Session, waiting: Sequence[Visit], items: Collection[str]) -> "_Later":
        """Read the visits to the same subjects as those waiting, with their results of some items."""
        if not waiting or not items:
            return cls((), {}, {})
        columns = Visit.id, Visit.number, Visit.at, Visit.subject_kind, Visit.subject_id, Visit.conclusion
        visits = session.execute(
            select(*columns)
            .where(Visit.subject_id.in_(functions.keys([visit.subject_id for visit in waiting])))
            .where(Visit.at >= min(visit.at for visit in waiting))
            .order_by(Visit.at, Visit.id)
        ).all()
        ids = [one.id for one in visits]
        results: dict[int, dict[str, str]] = {}
        query = select(VisitResult.visit_id, VisitResult.item, VisitResult.result)
        found = query.where(VisitResult.visit_id.in_(functions.keys(ids)), VisitResult.item.in_(items))
        for visit_id, item, result in session.execute(found):
            results.setdefault(visit_id, {})[item] = result
        return cls(visits, results, places_of(session, {*ids, *(visit.id for visit in waiting)}))

    def first(self, visit: Visit, failed: Collection[str]) -> Any:
        """Return the first later visit that saw the same place and on which these items had passed, None if none."""
        right = (
            one
            for one in self.visits
            if self._saw(one, visit)
            and is_put_right(failed, self.results.get(one.id, {}), Conclusion(one.conclusion))
        )
        return next(right, None)

    def _saw(self, one: Any, visit: Visit) -> bool:
        same = (one.subject_kind, one.subject_id) == (visit.subject_kind, visit.subject_id)
        is_later = (one.at, one.id) > (visit.at, visit.id)
        return same and is_later and covers(self.places.get(one.id, ""), self.places.get(visit.id, ""))
