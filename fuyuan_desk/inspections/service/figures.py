"""Figures of visits and findings, counted by the database, inside a running transaction."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from fuyuan_desk.estates.rules.places import RecordedPlace, told_apart
from fuyuan_desk.facilities.service.places import is_at
from fuyuan_desk.inspections.records import PlannedRound, Visit, VisitResult
from fuyuan_desk.inspections.rules.figures import (
    Rate,
    Span,
    Tally,
    VisitFigures,
    midnight,
    months_between,
    worst_first,
)
from fuyuan_desk.inspections.rules.finding_figures import Failure, Spell, spells
from fuyuan_desk.inspections.rules.findings import WhatFailed
from fuyuan_desk.inspections.rules.not_done import OpenFinding
from fuyuan_desk.inspections.rules.visits import NOT_CORRECTED, Conclusion, Result, SubjectKind
from fuyuan_desk.inspections.service.verified import verified_since
from fuyuan_desk.store.db import functions

_COUNTED = (Result.PASS, Result.FAIL)
_Counts = Counter[tuple[int, str, str]]  # by estate, item and result


def first_recorded(session: Session) -> date | None:
    """Return the day of the earliest visit or planned round on record, None if there is none."""
    visit = session.scalar(select(func.min(Visit.at)))
    days = [session.scalar(select(func.min(PlannedRound.day))), visit and visit.astimezone().date()]
    return min((day for day in days if day is not None), default=None)


def visit_figures(
    session: Session, span: Span, names: Mapping[int, str], estate_id: int | None = None
) -> VisitFigures:
    """Return the figures of the visits of a period, to one estate or to all; `names` are those of the estates."""
    within = and_(Visit.at >= span.begin, _before_end(span, estate_id))
    visits = session.execute(
        select(Visit.estate_id, Visit.at, Visit.conclusion, Visit.subject_kind).where(within)
    ).all()
    rounds = {visit.estate_id for visit in visits if visit.subject_kind == SubjectKind.ESTATE}
    conclusions = Counter(visit.conclusion for visit in visits)
    months = months_between(span.first, span.until)
    # to ask each visit for its local day takes as long as to read it
    begins = [midnight(month).astimezone(UTC) for month in months]
    counts = Counter(bisect_right(begins, visit.at) - 1 for visit in visits)
    answers, newest = _answers(session, within)
    return VisitFigures(
        len(visits),
        Rate(len(rounds & names.keys()), len(names)),
        {month: counts[place] for place, month in enumerate(months)},
        _items(session, answers, newest),
        _estates(answers, names, Counter(visit.estate_id for visit in visits)),
        conclusions[Conclusion.ON_THE_SPOT],
        sum(conclusions[one] for one in NOT_CORRECTED),
        conclusions[Conclusion.REPORT],
    )


def _before_end(span: Span, estate_id: int | None) -> ColumnElement[bool]:
    before = Visit.at <= span.end
    return before if estate_id is None else and_(before, Visit.estate_id == estate_id)


def _answers(session: Session, within: ColumnElement[bool]) -> tuple[_Counts, dict[str, int]]:
    """Count the answers by estate, item and result; also return the newest result of each item, by its key."""
    query = (
        select(Visit.estate_id, VisitResult.item, VisitResult.result, func.count(), func.max(VisitResult.id))
        .join(VisitResult, Visit.id == VisitResult.visit_id)
        .where(within, VisitResult.result.in_(_COUNTED))
        .group_by(Visit.estate_id, VisitResult.item, VisitResult.result)
    )
    counts: _Counts = Counter()
    newest: dict[str, int] = {}
    for estate, item, result, count, last in session.execute(query):
        counts[estate, item, result] = count
        newest[item] = max(newest.get(item, 0), last)
    return counts, newest


def _items(session: Session, answers: _Counts, newest: dict[str, int]) -> tuple[Tally, ...]:
    # the wording of an item is that of the newest visit
    wording = select(VisitResult.item, VisitResult.text).where(VisitResult.id.in_(newest.values()))
    texts = {item: text for item, text in session.execute(wording)}  # noqa: C416 - no pairs
    counts: Counter[tuple[str, str]] = Counter()
    for (_estate, item, result), count in answers.items():
        counts[item, result] += count
    return worst_first(
        Tally(item, texts.get(item, item), counts[item, Result.PASS], counts[item, Result.FAIL])
        for item in newest
    )


def _estates(answers: _Counts, names: Mapping[int, str], visits: Counter[int]) -> tuple[Tally, ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for (estate, _item, result), count in answers.items():
        counts[estate, result] += count
    return worst_first(
        Tally(str(estate), name, counts[estate, Result.PASS], counts[estate, Result.FAIL], visits[estate])
        for estate, name in names.items()
    )


def finding_spells(session: Session, span: Span, estate_id: int | None = None) -> list[Spell]:
    """Return the findings of all visits until the end of a period, of one estate or of all.

    Those that were put right before it began are left out.
    """
    found = spells(failure for _row, failure in _failures(session, span, estate_id))
    return [one for one in found if one.ended is None or one.ended >= span.first]


def open_findings(session: Session, span: Span, estate_id: int | None = None) -> list[OpenFinding]:
    """Return the findings that were open at the end of a period, in one estate or in all, the oldest first."""
    found = [one for one in _failures(session, span, estate_id) if one[1].right is None]
    latest = {failure.what: row for row, failure in sorted(found, key=lambda one: (one[0].at, one[0].id))}
    ids: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, failure in found:
        ids[failure.what].append(row.id)
    texts = dict(
        session.execute(
            select(VisitResult.id, VisitResult.text).where(
                VisitResult.id.in_(functions.keys([row.id for row in latest.values()]))
            )
        ).all()
    )
    open_ones = sorted(spells(failure for _row, failure in found), key=lambda one: (one.begun, str(one.what)))
    return [
        OpenFinding(
            one.estate_id,
            row.place or ("" if row.subject_kind == SubjectKind.ESTATE else row.subject),
            texts[row.id],
            one.begun,
            tuple(ids[one.what]),
        )
        for one in open_ones
        for row in [latest[one.what]]
    ]


def _failures(session: Session, span: Span, estate_id: int | None) -> list[tuple[Any, Failure]]:
    """Read what failed until the end of a period, with when it was put right until then, first of all."""
    rows = session.execute(_failed(span, estate_id)).all()
    if not rows:
        return []
    verified = verified_since(session, min(row.at for row in rows), span.end)
    places: defaultdict[tuple[str, int], set[RecordedPlace]] = defaultdict(set)
    for row in rows:
        places[row.subject_kind, row.subject_id].add(RecordedPlace.of(row))
    apart = {subject: told_apart(there) for subject, there in places.items()}
    found = []
    for row in rows:
        subject, place = (row.subject_kind, row.subject_id), RecordedPlace.of(row)
        mended = verified.first_since(WhatFailed(*subject, place, row.item), row.at)
        right = min((at for at in (row.passed, mended) if at is not None), default=None)
        what = *subject, apart[subject][place], row.item
        found.append((row, Failure(what, row.estate_id, row.at.astimezone().date(), right)))
    return found


def _failed(span: Span, estate_id: int | None) -> Select[Any, *tuple[Any, ...]]:
    """Select what failed until the end of a period, with when it passed until then."""
    return (
        select(
            VisitResult.id, VisitResult.item, Visit.at, Visit.estate_id, Visit.subject, Visit.subject_kind,
            Visit.subject_id, Visit.place, Visit.place_key, _first_passed(span).label("passed"),
        )
        .join(Visit, Visit.id == VisitResult.visit_id)
        .where(
            VisitResult.result == Result.FAIL,
            Visit.conclusion.in_(NOT_CORRECTED),
            _before_end(span, estate_id),
        )
    )  # fmt: skip


def _first_passed(span: Span) -> ScalarSelect[datetime]:
    """Return when a visit first put a failed item right at its place, as `rules.visits` say.

    The rules are `is_put_right` and `covers`.
    """
    later, found = aliased(Visit), aliased(VisitResult)
    is_later = or_(later.at > Visit.at, and_(later.at == Visit.at, later.id > Visit.id))
    is_right = or_(
        found.result == Result.PASS,
        and_(found.result == Result.FAIL, later.conclusion == Conclusion.ON_THE_SPOT),
    )
    return (
        select(later.at)
        .join(found, and_(found.visit_id == later.id, found.item == VisitResult.item))
        .where(
            later.subject_kind == Visit.subject_kind,
            later.subject_id == Visit.subject_id,
            later.at >= Visit.at,
            later.at <= span.end,
            is_later,
            is_right,
            or_(later.place == "", is_at(later, Visit.place_key, Visit.place)),
        )
        .order_by(later.at, later.id)
        .limit(1)
        .correlate(Visit, VisitResult)
        .scalar_subquery()
    )
