"""Findings for other jobs: the failed items of visits that are not put right, and the same failures before."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fuyuan_desk.core import law
from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.findings import FailedItem, WhatFailed
from fuyuan_desk.inspections.rules.visits import NOT_CORRECTED, Result
from fuyuan_desk.inspections.service.rechecks import not_put_right, open_items_of
from fuyuan_desk.store.db import functions


def waiting_items(since: datetime) -> Select[int, int]:
    """Select `id` and `visit_id` of the failed items of visits since a moment that were to be put right afterwards."""
    return (
        select(VisitResult.id, VisitResult.visit_id)
        .join(Visit, Visit.id == VisitResult.visit_id)
        .where(VisitResult.result == Result.FAIL, Visit.conclusion.in_(NOT_CORRECTED), Visit.at >= since)
    )


def still_failed(session: Session, found: Collection[tuple[int, int]]) -> list[int]:
    """Return those of these items, as `waiting_items` selects them, that have passed on no later visit."""
    return _those_in(open_items_of(session, _visits(session, found)), found)


def still_to_mend(session: Session, found: Collection[tuple[int, int]]) -> list[int]:
    """Return those of these items, as `waiting_items` selects them, that are not put right: verified by nobody, too."""
    return _those_in(not_put_right(session, _visits(session, found)), found)


def _visits(session: Session, found: Collection[tuple[int, int]]) -> Sequence[Visit]:
    ids = functions.keys([visit for _item, visit in found])
    return session.scalars(select(Visit).where(Visit.id.in_(ids))).all()


def _those_in(
    waiting: Iterable[tuple[Visit, list[VisitResult]]], found: Collection[tuple[int, int]]
) -> list[int]:
    open_ids = {row.id for _visit, rows in waiting for row in rows}
    return [item for item, _visit in found if item in open_ids]


def failed_items(session: Session, ids: Collection[int], *, corrected: bool = False) -> dict[int, FailedItem]:
    """Return failed items by key, latest visit first; with `corrected` those, too, that no longer count as failed."""
    query = _all_items() if corrected else _items()
    rows = session.execute(query.where(VisitResult.id.in_(functions.keys(list(ids))))).all()
    return {row.id: _item(row) for row in rows}


def _items() -> Any:
    return _all_items().where(VisitResult.result == Result.FAIL)


def _all_items() -> Any:
    return (
        select(
            VisitResult.id,
            VisitResult.item,
            VisitResult.text,
            VisitResult.remark,
            VisitResult.clauses,
            VisitResult.severity,
            Visit.id.label("visit_id"),
            Visit.number,
            Visit.at,
            Visit.estate_id,
            Visit.subject,
            Visit.subject_kind,
            Visit.subject_id,
            Visit.place,
            Visit.place_key,
        )
        .join(Visit, Visit.id == VisitResult.visit_id)
        .order_by(Visit.at.desc(), VisitResult.id)
    )


def _item(row: Any) -> FailedItem:
    return FailedItem(
        row.id, row.visit_id, row.number, row.at, row.estate_id, row.subject, _what(row), row.text, row.remark,
        tuple(law.clause(ref).label for ref in row.clauses), row.severity,
    )  # fmt: skip


def _what(row: Any) -> WhatFailed:
    return WhatFailed(row.subject_kind, row.subject_id, RecordedPlace.of(row), row.item)


def failed_before(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Count by failed item how often the same one failed before at the same place of the same subject."""
    rows = session.execute(_items().where(VisitResult.id.in_(functions.keys(list(ids))))).all()
    if not rows:
        return {}
    alike = session.execute(
        _items().where(
            Visit.subject_id.in_(functions.keys(list({row.subject_id for row in rows}))),
            VisitResult.item.in_({row.item for row in rows}),
        )
    )
    found: dict[Any, list[tuple[WhatFailed, datetime]]] = {}
    for one in alike:
        what = _what(one)
        found.setdefault(what.apart, []).append((what, one.at))
    counts = {}
    for row in rows:
        what = _what(row)
        counts[row.id] = sum(at < row.at and what.is_same(other) for other, at in found[what.apart])
    return {key: count for key, count in counts.items() if count}


def failed_items_of(session: Session, visit_id: int) -> dict[str, int]:
    """Return the keys of the failed items of a visit, by item."""
    query = select(VisitResult.item, VisitResult.id).where(
        VisitResult.visit_id == visit_id, VisitResult.result == Result.FAIL
    )
    return dict(session.execute(query).all())


def visit_uids(session: Session, visit_ids: Collection[int]) -> list[str]:
    """Return the uids of visits, the earliest first, by which their photos are found."""
    query = select(Visit.uid).where(Visit.id.in_(functions.keys(list(visit_ids)))).order_by(Visit.at)
    return list(session.scalars(query))
