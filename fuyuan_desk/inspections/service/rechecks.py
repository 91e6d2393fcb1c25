"""What failed on a visit and is to be looked at again, until it passes on a later one or an order of it is verified.

A visit to one building or gate puts right what failed at the same one, a visit to the whole estate what failed
anywhere in it, whatever these are called meanwhile.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import FIELD, Seat, permit
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.estates.rules.places import WHOLE, RecordedPlace
from fuyuan_desk.estates.service.free_texts import FreeTexts
from fuyuan_desk.inspections.facts import OpenItem, OpenItems, Recheck, SheetRecord
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.findings import WhatFailed
from fuyuan_desk.inspections.rules.visits import (
    NOT_CORRECTED,
    Conclusion,
    Result,
    SubjectKind,
    covers,
    is_put_right,
)
from fuyuan_desk.inspections.service.printed import sheet_typed
from fuyuan_desk.inspections.service.rounds import place_of_round
from fuyuan_desk.inspections.service.verified import verified_since
from fuyuan_desk.store.db import functions


@dataclass(frozen=True)
class Before:
    """What is known before a visit is entered: the printed sheet whose number was typed, and what failed last time.

    `place` and `equipment` are those of the sheet, or of the planned round; None without either.
    """

    sheet: SheetRecord | None = None
    failed: OpenItems | None = None
    place: RecordedPlace = WHOLE
    equipment: Presences | None = None


@permit(*FIELD)
def before_visit(
    seat: Seat, kind: SubjectKind, subject_id: int, sheet: str = "", round_id: int | None = None
) -> Before:
    """Return what is known of a subject before it is visited; `sheet` is the number as typed, else the round counts."""
    with seat.reading() as session:
        found = sheet_typed(session, sheet, kind, subject_id, seat.today()) if sheet.strip() else None
        part = None if found is None else (RecordedPlace.of(found), found.equipment)
        if part is None and round_id is not None:
            part = place_of_round(session, round_id, kind, subject_id)
        place, equipment = part or (WHOLE, None)
        return Before(found, _open_items(session, kind, subject_id, place), place, equipment)


def _open_items(
    session: Session, kind: SubjectKind, subject_id: int, place: RecordedPlace
) -> OpenItems | None:
    of_subject = and_(Visit.subject_kind == kind, Visit.subject_id == subject_id)
    last = last_by_place(session, of_subject)
    within = [visit for visit in last if covers(place, RecordedPlace.of(visit))]
    texts = FreeTexts(session)
    items: dict[str, OpenItem] = {}
    for visit, wrong in open_items_of(session, within):
        shown = texts.of(visit.estate_id)
        day, at = visit.at.astimezone().date(), visit.place if place == WHOLE else ""
        for row in wrong:
            remark = f"{at} {shown(row.remark)}" if at else shown(row.remark)
            earlier = items.get(row.item)
            items[row.item] = OpenItem(day, f"{earlier.remark}\n{remark}" if earlier is not None else remark)
    return OpenItems(kind, subject_id, place.text, items) if items else None


class Failure(NamedTuple):
    """An item that failed on a day at a building, a gate or the whole and passed on no later visit."""

    item: str
    place: RecordedPlace
    day: date


def failures_at(session: Session, kind: SubjectKind, ids: Collection[int]) -> dict[int, list[Failure]]:
    """Return by subject what failed on its latest visits and is not put right, the earliest first."""
    of_subjects = and_(Visit.subject_kind == kind, Visit.subject_id.in_(functions.keys(list(ids))))
    last = last_by_place(session, of_subjects)
    found: dict[int, list[Failure]] = {}
    for visit, wrong in open_items_of(session, last):
        day = visit.at.astimezone().date()
        found.setdefault(visit.subject_id, []).extend(
            Failure(row.item, RecordedPlace.of(visit), day) for row in wrong
        )
    return found


def open_items_of(session: Session, visits: Iterable[Visit]) -> list[tuple[Visit, list[VisitResult]]]:
    """Return the visits with what failed on them and passed on no later one, the earliest first."""
    waiting = sorted(
        (visit for visit in visits if visit.conclusion in NOT_CORRECTED),
        key=lambda visit: (visit.at, visit.id),
    )
    failed = _failed(session, waiting)
    rows = [(visit, row) for visit in waiting for row in failed.get(visit.id, [])]
    right = _first_right(session, [(visit, frozenset((row.item,))) for visit, row in rows])
    wrong: dict[int, list[VisitResult]] = {}
    for (visit, row), later in zip(rows, right, strict=True):
        if later is None:
            wrong.setdefault(visit.id, []).append(row)
    return [(visit, wrong.get(visit.id, [])) for visit in waiting]


def last_by_place(session: Session, which: ColumnElement[bool]) -> Sequence[Visit]:
    """Return the latest of the visits `which` to each subject as a whole, and to each of its buildings and gates.

    Of visits with several checklists it is the latest with each.
    """
    text = case((Visit.place_key == "", Visit.place), else_="")
    latest = (
        select(
            Visit.id,
            func.row_number()
            .over(
                # another checklist did not look at what failed
                partition_by=(
                    Visit.subject_kind,
                    Visit.subject_id,
                    Visit.place_key,
                    text,
                    Visit.checklist,
                ),
                order_by=(Visit.at.desc(), Visit.id.desc()),
            )
            .label("rank"),
        )
        .where(which)
        .subquery()
    )
    visits = session.scalars(
        select(Visit).join(latest, latest.c.id == Visit.id).where(latest.c.rank == 1)
    ).all()
    return _without_earlier(visits)


def _without_earlier(visits: Iterable[Visit]) -> list[Visit]:
    """Leave out visits to a place that was visited later: one of both was recorded without the key of the place."""
    kept: defaultdict[tuple[str, int, str], list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: (visit.at, visit.id), reverse=True):
        same = kept[visit.subject_kind, visit.subject_id, visit.checklist]
        place = RecordedPlace.of(visit)
        if not any(place.is_same(RecordedPlace.of(one)) for one in same):
            same.append(visit)
    return [visit for same in kept.values() for visit in same]


def not_put_right(session: Session, visits: Iterable[Visit]) -> list[tuple[Visit, list[VisitResult]]]:
    """Return the visits with what failed on them and is not put right, the earliest first; what is right is left out.

    It passed on no later visit, nor was it verified by the committee.
    """
    found = [(visit, wrong) for visit, wrong in open_items_of(session, visits) if wrong]
    if not found:
        return []
    verified = verified_since(session, found[0][0].at)
    left = (
        (visit, [row for row in wrong if verified.first_since(_what(visit, row), visit.at) is None])
        for visit, wrong in found
    )
    return [(visit, wrong) for visit, wrong in left if wrong]


def _what(visit: Visit, row: VisitResult) -> WhatFailed:
    return WhatFailed(visit.subject_kind, visit.subject_id, RecordedPlace.of(visit), row.item)


def open_failures(session: Session, since: datetime) -> list[tuple[Visit, int]]:
    """Return the latest visits since a moment with items that are not put right, and how many these are."""
    found = not_put_right(session, last_by_place(session, Visit.at >= since))
    return [(visit, len(wrong)) for visit, wrong in found]


def failures_of(session: Session, kind: SubjectKind, ids: Collection[int]) -> dict[int, int]:
    """Return by subject how many items of its latest visits are not put right, leaving out those without any."""
    which = and_(Visit.subject_kind == kind, Visit.subject_id.in_(functions.keys(list(ids))))
    found: dict[int, int] = {}
    for visit, wrong in not_put_right(session, last_by_place(session, which)):
        found[visit.subject_id] = found.get(visit.subject_id, 0) + len(wrong)
    return found


def corrected_by(session: Session, visits: Sequence[Visit]) -> dict[int, Recheck]:
    """Return, by the key of a visit, the first later one on which all that had failed had passed."""
    waiting = [visit for visit in visits if visit.conclusion in NOT_CORRECTED]
    failed = {key: frozenset(row.item for row in rows) for key, rows in _failed(session, waiting).items()}
    found = _first_right(session, [(visit, failed.get(visit.id, frozenset())) for visit in waiting])
    return {
        visit.id: Recheck(one.id, one.number, one.at.astimezone().date())
        for visit, one in zip(waiting, found, strict=True)
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


def _first_right(session: Session, failures: Sequence[tuple[Visit, frozenset[str]]]) -> list[Any | None]:
    """Return for items that failed on a visit the first later one to the same place on which all had passed.

    Most are put right by the next visit or the one after it, so that more and more are looked at for the others only.
    """
    found: list[Any | None] = [None] * len(failures)
    later = _later(session, [visit for visit, items in failures if items])
    waiting = {place: later[visit.id] for place, (visit, items) in enumerate(failures) if items}
    start, size = 0, 1
    while waiting := {place: visits for place, visits in waiting.items() if len(visits) > start}:
        looked_at = {place: visits[start : start + size] for place, visits in waiting.items()}
        items = set().union(*(failures[place][1] for place in waiting))
        results = _results(session, {one.id for visits in looked_at.values() for one in visits}, items)
        for place, visits in looked_at.items():
            failed = failures[place][1]
            right = (
                one
                for one in visits
                if is_put_right(failed, results.get(one.id, {}), Conclusion(one.conclusion))
            )
            found[place] = next(right, None)
            if found[place] is not None:
                del waiting[place]
        start, size = start + size, size * 2
    return found


def _later(session: Session, waiting: Sequence[Visit]) -> dict[int, list[Any]]:
    """Return by the key of a visit all later ones that saw its place, the earliest first."""
    if not waiting:
        return {}
    visits = session.execute(
        select(
            Visit.id,
            Visit.number,
            Visit.at,
            Visit.subject_kind,
            Visit.subject_id,
            Visit.conclusion,
            Visit.place,
            Visit.place_key,
        )
        .where(Visit.subject_id.in_(functions.keys([visit.subject_id for visit in waiting])))
        .where(Visit.at >= min(visit.at for visit in waiting))
        .order_by(Visit.at, Visit.id)
    ).all()
    of_subject: defaultdict[tuple[str, int], list[Any]] = defaultdict(list)
    for one in visits:
        of_subject[one.subject_kind, one.subject_id].append(one)
    found = {}
    for visit in waiting:
        same = of_subject[visit.subject_kind, visit.subject_id]
        after = bisect_right(same, (visit.at, visit.id), key=lambda one: (one.at, one.id))
        place = RecordedPlace.of(visit)
        found[visit.id] = [one for one in same[after:] if covers(RecordedPlace.of(one), place)]
    return found


def _results(session: Session, visits: Collection[int], items: Collection[str]) -> dict[int, dict[str, str]]:
    """Return the results of some items by the key of the visit and by item."""
    results: dict[int, dict[str, str]] = {}
    query = select(VisitResult.visit_id, VisitResult.item, VisitResult.result)
    found = query.where(VisitResult.visit_id.in_(functions.keys(list(visits))), VisitResult.item.in_(items))
    for visit_id, item, result in session.execute(found):
        results.setdefault(visit_id, {})[item] = result
    return results
