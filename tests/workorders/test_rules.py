"""The rules of work orders: terms, deadlines, who may verify, merging, escalation."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.calendar import Pause, Term, Unit, due_at, shipped
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.rules.escalation import Level, Rung, Telling, to_be_told
from fuyuan_desk.workorders.rules.orders import (
    ENDS,
    Mergeable,
    OrderSeverity,
    OrderStatus,
    Step,
    TermSource,
    is_overdue,
    merge_fault,
    pauses_of,
    severity_of,
    term_for,
    term_of_minutes,
    term_text,
    time_fault,
)

NOW = datetime(2026, 3, 11, 2, tzinfo=UTC)
BY = Term(3, Unit.WORKING_DAYS, time(18))


@pytest.mark.parametrize(
    ("minutes", "term"),
    [
        (30, Term(30, Unit.MINUTES)),
        (120, Term(120, Unit.MINUTES)),
        (1_440, Term(1, Unit.DAYS)),
        (3 * 1_440, Term(3, Unit.DAYS)),
        (1_500, Term(1_500, Unit.MINUTES)),
        (0, Term(0, Unit.MINUTES)),
    ],
)
def test_whole_days_end_at_an_hour_and_others_run_in_minutes(minutes: int, term: Term) -> None:
    assert term_of_minutes(minutes, BY) == term


def test_the_tier_comes_before_the_reference_value() -> None:
    assert term_for("一般", {"一般": 2 * 1_440}, BY) == (Term(2, Unit.DAYS), TermSource.TIER)
    assert term_for("一般", {"急修": 120}, BY) == (BY, TermSource.REFERENCE)


def test_every_kind_has_a_reference_term_and_a_limit_of_the_standard() -> None:
    assert set(terms().reference) == set(terms().limits) == set(OrderSeverity)
    assert [rung.level for rung in terms().escalation] == list(Level)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (("60", "minutes"), "within 1 hour"),
        (("90", "minutes"), "within 90 minutes"),
        (("3", "days"), "within 3 days, by 18:00"),
        (("1", "working-days"), "within 1 working day, by 18:00"),
    ],
)
def test_a_term_reads_as_people_say_it(term: tuple[str, str], text: str) -> None:
    assert term_text(int(term[0]), term[1], "18:00") == text


def test_a_deadline_on_a_holiday_is_the_next_working_day() -> None:
    begun = datetime(2026, 9, 29, 2, tzinfo=UTC)
    due = due_at(begun, Term(3, Unit.DAYS), shipped())
    assert due is not None
    assert shipped().is_working(due.date())
    assert due.date() > begun.date() + timedelta(days=3)


@pytest.mark.parametrize("status", OrderStatus)
def test_only_what_is_still_to_be_done_is_overdue(status: OrderStatus) -> None:
    waits = status not in (*ENDS, OrderStatus.PAUSED, OrderStatus.TO_VERIFY)
    assert is_overdue(status, NOW - timedelta(minutes=1), NOW) == waits
    assert not is_overdue(status, NOW + timedelta(minutes=1), NOW)
    assert not is_overdue(status, None, NOW)


def test_pauses_follow_from_the_steps() -> None:
    def at(hours: int) -> datetime:
        return NOW + timedelta(hours=hours)

    steps = [
        Step(at(0), OrderStatus.TO_DISPATCH),
        Step(at(1), OrderStatus.PAUSED, OrderStatus.TO_DISPATCH),
        Step(at(3), OrderStatus.TO_DISPATCH, OrderStatus.PAUSED),
        Step(at(4), OrderStatus.PAUSED, OrderStatus.TO_DISPATCH),
    ]
    assert pauses_of(steps) == (Pause(at(1), at(3)), Pause(at(4)))
    assert pauses_of(steps[:3]) == (Pause(at(1), at(3)),)


def test_a_moment_is_neither_before_the_order_nor_in_the_future() -> None:
    early = NOW.replace(second=30)
    assert "future" in time_fault(NOW + timedelta(minutes=1), NOW, NOW)
    assert "before" in time_fault(NOW - timedelta(minutes=1), NOW, NOW)
    assert time_fault(NOW, early, early) == ""  # typed without seconds


def test_one_urgent_item_makes_an_urgent_order() -> None:
    assert severity_of(["ordinary", "urgent", ""]) is OrderSeverity.URGENT
    assert severity_of(["ordinary", "notice", ""]) is OrderSeverity.GENERAL


@pytest.mark.parametrize(
    ("into", "fault"),
    [
        (Mergeable(1, 1, OrderStatus.DISPATCHED), "itself"),
        (Mergeable(2, 9, OrderStatus.DISPATCHED), "same estate"),
        (Mergeable(2, 1, OrderStatus.DONE), "closed"),
        (Mergeable(2, 1, OrderStatus.MERGED), "closed"),
        (Mergeable(2, 1, OrderStatus.TO_VERIFY), "done already"),
        (Mergeable(2, 1, OrderStatus.PAUSED), "on hold"),
        (Mergeable(2, 1, OrderStatus.DISPATCHED, NOW + timedelta(days=3)), "due earlier"),
        (Mergeable(2, 1, OrderStatus.DISPATCHED), "due earlier"),  # its deadline is not known
        (Mergeable(2, 1, OrderStatus.DISPATCHED, NOW + timedelta(days=2)), ""),
        (Mergeable(2, 1, OrderStatus.DISPATCHED, NOW), ""),
    ],
)
def test_what_an_order_can_be_merged_into(into: Mergeable, fault: str) -> None:
    found = merge_fault(Mergeable(1, 1, OrderStatus.ACCEPTED, NOW + timedelta(days=2)), into)
    assert fault in found
    assert bool(found) == bool(fault)


# --- escalation


@given(
    late=st.integers(-50, 400),
    told=st.sets(st.sampled_from(Level)),
)
def test_levels_are_told_from_the_bottom_up_and_never_after_one_above(late: int, told: set[Level]) -> None:
    ladder = terms().escalation
    found = to_be_told(NOW - timedelta(hours=late), NOW, told, ladder)
    order = list(Level)
    above = max((order.index(level) for level in told), default=-1)
    due = NOW - timedelta(hours=late)
    reached = [Telling(rung.level, due + rung.after) for rung in ladder if rung.after < timedelta(hours=late)]
    left = [one for one in reached if order.index(one.level) > above]
    assert found == (left[0] if left else None)


def test_without_a_deadline_nobody_is_told() -> None:
    assert to_be_told(None, NOW, (), (Rung(Level.INSPECTOR, timedelta()),)) is None
