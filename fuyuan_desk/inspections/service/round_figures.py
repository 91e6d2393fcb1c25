"""Figures of planned rounds, counted by the database, inside a running transaction."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.records import PlannedRound
from fuyuan_desk.inspections.rules import round_figures as rules
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.rules.round_figures import RoundCount, RoundFigures, SkippedRound
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.rules.rounds import RoundState, is_skipped_late
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.round_plans import describe_plans
from fuyuan_desk.store.db import functions

_MOST_SKIPPED = 50
"""So many of the rounds that were left out are listed, the latest ones."""


def round_figures(
    session: Session, span: Span, names: Mapping[int, str], estate_id: int | None = None
) -> RoundFigures:
    """Return the figures of the rounds whose day is in a period, of one estate or of all."""
    in_period = PlannedRound.day.between(span.first, span.last)
    within = in_period if estate_id is None else and_(in_period, PlannedRound.estate_id == estate_id)
    counts = list(_counts(session, span, within))
    plans = describe_plans(session, {one.plan_id for one in counts})
    return rules.round_figures(
        counts, names, plans, _skipped(session, and_(within, skipped_by(span)), names, plans)
    )


def done_until(span: Span) -> ColumnElement[bool]:
    """Return the condition that a round was done by the end of a period: a later visit is not known then."""
    return and_(PlannedRound.outcome == Outcome.DONE, PlannedRound.visited_on <= span.until)


def skipped_by(span: Span) -> ColumnElement[bool]:
    """Return the condition that a round was left out by the end of a period; when is not known of earlier ones."""
    is_known = or_(PlannedRound.skipped_on.is_(None), PlannedRound.skipped_on <= span.until)
    return and_(PlannedRound.outcome == Outcome.SKIPPED, is_known)


def _skipped_in_time(span: Span) -> ColumnElement[bool]:
    """Return the condition that a round was left out in time: one that was missed by then stays missed."""
    in_time = or_(PlannedRound.skipped_on.is_(None), PlannedRound.skipped_on <= PlannedRound.latest_on)
    return and_(skipped_by(span), in_time)


def _state(span: Span) -> Any:
    """Return how a round stands as of the end of a period, as `rules.rounds.standing` has it."""
    visited, done = PlannedRound.visited_on, done_until(span)
    # most are done on time: of a hundred thousand rows each is asked as little as possible
    return case(
        (
            and_(done, visited.between(PlannedRound.earliest_on, PlannedRound.latest_on)),
            RoundState.ON_TIME.value,
        ),
        (and_(done, visited > PlannedRound.latest_on), RoundState.LATE.value),
        (done, RoundState.EARLY.value),
        (_skipped_in_time(span), RoundState.SKIPPED.value),
        (PlannedRound.latest_on < span.seen_on, RoundState.MISSED.value),
        (PlannedRound.earliest_on > span.seen_on, RoundState.PLANNED.value),
        else_=RoundState.DUE.value,
    )


def _counts(session: Session, span: Span, within: ColumnElement[bool]) -> Iterator[RoundCount]:
    """Count the rounds that stand alike, the late ones by how late they were."""
    late = functions.days_between(PlannedRound.latest_on, PlannedRound.visited_on)
    of = (
        PlannedRound.estate_id,
        PlannedRound.plan_id,
        PlannedRound.lead,
        _state(span).label("state"),
        # of one that was visited after the period, too, where it does not count
        case((PlannedRound.visited_on > PlannedRound.latest_on, late), else_=0).label("days"),
    )
    for estate, plan, lead, state, days, count in session.execute(
        select(*of, func.count()).where(within).group_by(*of)
    ):
        yield RoundCount(estate, plan, lead, RoundState(state), count, days)


def _skipped(
    session: Session, within: ColumnElement[bool], names: Mapping[int, str], plans: Mapping[int, str]
) -> tuple[SkippedRound, ...]:
    query = (
        select(PlannedRound)
        .where(within, PlannedRound.outcome == Outcome.SKIPPED)
        .order_by(PlannedRound.day.desc(), PlannedRound.id)
        .limit(_MOST_SKIPPED)
    )
    return tuple(
        SkippedRound(
            row.day,
            names.get(row.estate_id, ""),
            row.place or ("" if row.subject_kind == SubjectKind.ESTATE else row.subject),
            plans.get(row.plan_id, ""),
            _why(row),
        )
        for row in session.scalars(query)
    )


def _why(row: PlannedRound) -> str:
    if not is_skipped_late(row.latest_on, row.skipped_on):
        return row.skipped_why
    text = _("Missed, left out afterwards on {day}: {why}")
    return text.format(day=row.skipped_on, why=row.skipped_why)
