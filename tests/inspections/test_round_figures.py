"""Figures of rounds: those of a plain recount day by day, as of the end of a month or as of today."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.records import PlannedRound, RoundPlan
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.inspections.rules.round_figures import RoundCount, RoundTally, tally
from fuyuan_desk.inspections.rules.rounds import RoundState
from fuyuan_desk.inspections.service import not_done
from fuyuan_desk.inspections.service.round_figures import round_figures

FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)
_ROUNDS = st.lists(
    st.tuples(
        st.integers(-3, 31),  # the day, counted from the first of the month
        st.integers(0, 2),  # days before it that are on time
        st.integers(0, 3),  # days after it
        st.sampled_from(["open", "done", "skipped"]),
        st.integers(-3, 8),  # the day of the visit, counted from the day of the round
        st.sampled_from(["李思远", "陈静怡"]),
    ),
    max_size=25,
)


def _recount(rounds: list[tuple[Any, ...]], today: date) -> tuple[Counter[str], list[int]]:
    """Walk through the days of the month, and of each round until it is done or over."""
    states: Counter[str] = Counter()
    late: list[int] = []
    for offset, early, tolerance, outcome, visited, _lead in rounds:
        day = FIRST + timedelta(days=offset)
        if not FIRST <= day <= LAST:
            continue
        state = "skipped" if outcome == "skipped" else "open"
        walked = day - timedelta(days=9)
        while state == "open" and walked <= min(LAST, today):
            if outcome == "done" and walked == day + timedelta(days=visited):
                days = (walked - day).days
                state = "early" if days < -early else "late" if days > tolerance else "on-time"
                if state == "late":
                    late.append(days - tolerance)
            walked += timedelta(days=1)
        is_over = day + timedelta(days=tolerance) < min(LAST + timedelta(days=1), today)
        states["missed" if state == "open" and is_over else state] += 1
    return states, sorted(late)


@settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=_ROUNDS, today=st.integers(0, 40))
def test_rounds_are_those_of_a_recount_day_by_day(
    seat: Seat, two_estates: tuple[int, int], rounds: list[tuple[Any, ...]], today: int
) -> None:
    now = datetime.combine(FIRST + timedelta(days=today), datetime.min.time()).astimezone() + timedelta(
        hours=9
    )
    span = Span(FIRST, LAST, now)
    lane, _tower = two_estates
    with seat.store.sessions() as session:
        plan = RoundPlan(
            name="楼道巡查", checklist="estate", objects="estate", times=1, unit="week", step=1, holidays="keep",
            from_on=FIRST, lead="李思远", weekdays=[], estates=[],
        )  # fmt: skip
        session.add(plan)
        session.flush()
        for offset, early, tolerance, outcome, visited, lead in rounds:
            day = FIRST + timedelta(days=offset)
            session.add(
                PlannedRound(
                    plan_id=plan.id, estate_id=lane, subject_kind="estate", subject_id=lane,
                    subject="南昌路168弄", day=day, earliest_on=day - timedelta(days=early),
                    latest_on=day + timedelta(days=tolerance), lead=lead, outcome=outcome,
                    visited_on=day + timedelta(days=visited) if outcome == "done" else None,
                    skipped_why="台风" if outcome == "skipped" else "",
                )
            )  # fmt: skip
        session.flush()
        figures = round_figures(session, span, {lane: "南昌路168弄"})
        listed = not_done.open_rounds(session, Span(span.until, span.until, now))
        session.rollback()
    states, late = _recount(rounds, now.date())
    whole = figures.whole
    assert (whole.on_time, whole.early, whole.late, whole.missed, whole.skipped, whole.open) == tuple(
        states[one] for one in ("on-time", "early", "late", "missed", "skipped", "open")
    )
    assert list(whole.lateness) == late
    assert whole.planned == states.total() == sum(one.planned for one in figures.leads)
    assert whole.rate == Rate(states["on-time"], whole.due)
    assert len(figures.skipped) == states["skipped"]
    # what was missed stands in the list of what is not done; rounds of other months do, too
    assert sum(FIRST <= one.day <= LAST and one.latest_on < span.until for one in listed) <= states["missed"]
    assert all(one.latest_on >= span.until - not_done.LATELY for one in listed)


def test_nothing_due_has_no_rate() -> None:
    assert RoundTally("").rate.text == "–"
    late = RoundCount(1, 1, "李思远", RoundState.LATE, 2, 3)
    made = tally("", [late, RoundCount(1, 1, "李思远", RoundState.DUE, 4)])
    assert (made.due, made.open, made.lateness, made.rate.text) == (2, 4, (3, 3), "0.0 % (0/2)")
