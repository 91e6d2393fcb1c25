"""Figures of visits, counted by the database."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.figures import (
    Rate,
    Tally,
    VisitFigures,
    by_age,
    months_between,
    worst_first,
)
from fuyuan_desk.inspections.rules.visits import NOT_CORRECTED, Conclusion, Result, SubjectKind
from fuyuan_desk.inspections.service.rechecks import corrected_by, open_failures_of

_COUNTED = (Result.PASS, Result.FAIL)
_Counts = Counter[tuple[int, str, str]]  # by estate, item and result


@permit(*STAFF)
def visit_figures(seat: Seat, first: date, last: date, estate_id: int | None = None) -> VisitFigures:
    """Return the figures of the visits from one day to another, of one estate or all."""
    with seat.reading() as session:
        names = estate_names(session)
        if estate_id is not None:
            names = {estate_id: names.get(estate_id, "")}
        within = _within(first, last, estate_id)
        visits = session.execute(
            select(Visit.estate_id, Visit.at, Visit.conclusion, Visit.subject_kind).where(within)
        ).all()
        by_estate = Counter(visit.estate_id for visit in visits)
        rounds = {visit.estate_id for visit in visits if visit.subject_kind == SubjectKind.ESTATE}
        conclusions = Counter(visit.conclusion for visit in visits)
        months = Counter(visit.at.astimezone().date().replace(day=1) for visit in visits)
        answers, newest = _answers(session, within)
        return VisitFigures(
            first,
            last,
            "" if estate_id is None else names[estate_id],
            len(visits),
            Rate(len(rounds & names.keys()), len(names)),
            {month: months[month] for month in months_between(first, min(last, seat.today()))},
            _items(session, answers, newest),
            _estates(answers, names, by_estate),
            conclusions[Conclusion.ON_THE_SPOT],
            sum(conclusions[one] for one in NOT_CORRECTED),
            conclusions[Conclusion.REPORT],
            _days_to_right(session, within),
            by_age((seat.today() - day).days for day in open_failures_of(session, _before(last), estate_id)),
        )


def _within(first: date, last: date, estate_id: int | None) -> ColumnElement[bool]:
    period = and_(Visit.at >= _start(first), _before(last))
    return period if estate_id is None else and_(period, Visit.estate_id == estate_id)


def _before(last: date) -> ColumnElement[bool]:
    return Visit.at < _start(last + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()


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


def _estates(answers: _Counts, names: dict[int, str], visits: Counter[int]) -> tuple[Tally, ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for (estate, _item, result), count in answers.items():
        counts[estate, result] += count
    return worst_first(
        Tally(str(estate), name, counts[estate, Result.PASS], counts[estate, Result.FAIL], visits[estate])
        for estate, name in names.items()
    )


def _days_to_right(session: Session, within: ColumnElement[bool]) -> tuple[int, ...]:
    found = session.scalars(select(Visit).where(within, Visit.conclusion.in_(NOT_CORRECTED))).all()
    right = corrected_by(session, found)
    return tuple(
        (right[visit.id].day - visit.at.astimezone().date()).days for visit in found if visit.id in right
    )
