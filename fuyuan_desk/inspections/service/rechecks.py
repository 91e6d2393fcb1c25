"""What failed on a visit and is to be looked at again, and the later visit on which it passed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import FIELD, Seat, permit
from fuyuan_desk.inspections.facts import OpenItems, Recheck
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import NOT_CORRECTED, Conclusion, Result, SubjectKind, is_put_right
from fuyuan_desk.store.db import functions


@permit(*FIELD)
def open_items(seat: Seat, kind: SubjectKind, subject_id: int) -> OpenItems | None:
    """Return the items that failed on the last visit to a subject and are not put right; None when there is none."""
    with seat.reading() as session:
        last = session.scalars(
            select(Visit)
            .where(Visit.subject_kind == kind, Visit.subject_id == subject_id)
            .order_by(Visit.at.desc(), Visit.id.desc())
            .limit(1)
        ).one_or_none()
        if last is None or last.conclusion not in NOT_CORRECTED:
            return None
        failed = {row.item: row.remark for row in last.results if row.result == Result.FAIL}
        return OpenItems(kind, subject_id, last.at.astimezone().date(), failed)


def corrected_by(session: Session, visits: Sequence[Visit]) -> dict[int, Recheck]:
    """Return, by the key of a visit, the first later one to its subject on which all that had failed had passed."""
    waiting = [visit for visit in visits if visit.conclusion in NOT_CORRECTED]
    if not waiting:
        return {}
    failed = _results(session, [visit.id for visit in waiting], VisitResult.result == Result.FAIL)
    later = _later(session, waiting)
    items = {item for results in failed.values() for item in results}
    results = _results(session, [one.id for one in later], VisitResult.item.in_(items))
    found = {}
    for visit in waiting:
        after = (one for one in later if _is_after(one, visit))
        wrong = failed.get(visit.id, {})
        right = (
            one for one in after if is_put_right(wrong, results.get(one.id, {}), Conclusion(one.conclusion))
        )
        if (one := next(right, None)) is not None:
            found[visit.id] = Recheck(one.id, one.number, one.at.astimezone().date())
    return found


def _later(session: Session, visits: Sequence[Visit]) -> Sequence[Any]:
    """Return id, number, moment, subject and conclusion of the visits to these subjects, the earliest first."""
    columns = Visit.id, Visit.number, Visit.at, Visit.subject_kind, Visit.subject_id, Visit.conclusion
    return session.execute(
        select(*columns)
        .where(Visit.subject_id.in_(functions.keys([visit.subject_id for visit in visits])))
        .where(Visit.at >= min(visit.at for visit in visits))
        .order_by(Visit.at, Visit.id)
    ).all()


def _is_after(one: Any, visit: Visit) -> bool:
    same = (one.subject_kind, one.subject_id) == (visit.subject_kind, visit.subject_id)
    return same and (one.at, one.id) > (visit.at, visit.id)


def _results(session: Session, ids: Sequence[int], which: ColumnElement[bool]) -> dict[int, dict[str, str]]:
    """Return the results of these visits by item, where `which` holds."""
    results: dict[int, dict[str, str]] = {}
    query = select(VisitResult.visit_id, VisitResult.item, VisitResult.result)
    for visit_id, item, result in session.execute(
        query.where(VisitResult.visit_id.in_(functions.keys(ids)), which)
    ):
        results.setdefault(visit_id, {})[item] = result
    return results
