"""What is due from visits, and for estates without a round."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fuyuan_desk.core.dues import Topic
from fuyuan_desk.inspections.catalogue import due_limits
from fuyuan_desk.inspections.rules.visits import (
    FAILED,
    NO_ROUND,
    REPORT,
    Conclusion,
    FailureFacts,
    RoundFacts,
    failure_task,
    round_task,
)

TODAY = date(2026, 11, 22)
FAILURE = FailureFacts(
    9, "福元小区", datetime(2026, 11, 20, 2, tzinfo=UTC), 2, Conclusion.DEADLINE, date(2026, 11, 27)
)


@pytest.mark.parametrize(
    ("fact", "topic", "due", "overdue"),
    [
        (FAILURE, FAILED, date(2026, 11, 27), False),
        (replace(FAILURE, deadline=TODAY - timedelta(days=1)), FAILED, date(2026, 11, 21), True),
        (replace(FAILURE, conclusion=Conclusion.REPORT), REPORT, date(2026, 11, 21), True),
    ],
)
def test_what_failed_is_due(fact: FailureFacts, topic: Topic, due: date, overdue: bool) -> None:
    task = failure_task(fact, TODAY, due_limits())
    assert task is not None
    assert (task.kind, task.record_id) == ("visit", 9)
    assert (task.topic, task.due, task.overdue, task.office_only) == (topic, due, overdue, False)


@pytest.mark.parametrize(
    "fact",
    [
        replace(FAILURE, conclusion=Conclusion.ON_THE_SPOT),
        replace(FAILURE, conclusion=Conclusion.CLEAN),
        replace(FAILURE, at=datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_what_was_mended_or_is_long_past_is_not_due(fact: FailureFacts) -> None:
    assert failure_task(fact, TODAY, due_limits()) is None


@pytest.mark.parametrize("last", [None, date(2026, 10, 31)])
def test_an_estate_without_a_round_this_month_is_due_by_its_end(last: date | None) -> None:
    task = round_task(RoundFacts(3, "福元小区", last), TODAY)
    assert task is not None
    assert (task.topic, task.due, task.overdue) == (NO_ROUND, date(2026, 11, 30), False)


@pytest.mark.parametrize("last", [date(2026, 11, 1), date(2026, 11, 5)])
def test_an_estate_that_was_walked_through_this_month_is_not_due(last: date) -> None:
    assert round_task(RoundFacts(3, "福元小区", last), TODAY) is None
