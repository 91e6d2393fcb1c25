from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.rules import Conclusion
from fuyuan_desk.renovation.rules.cases import CaseStatus
from fuyuan_desk.today import rules, service
from fuyuan_desk.today.rules import CaseFacts, EstateFacts, FailureFacts, Group, Severity, Task, Topic

TODAY = date(2026, 11, 22)
LIMITS = service.thresholds()
CASE = CaseFacts(
    7, "ZX2026-0007", "福元小区1号楼101室", CaseStatus.REGISTERED, date(2026, 12, 1), date(2027, 1, 31)
)
UNDER_WAY = replace(
    CASE, status=CaseStatus.UNDER_WAY, starts_on=date(2026, 11, 1), started_on=date(2026, 11, 1)
)
ESTATE = EstateFacts(3, "福元小区", has_tier=True, last_round=date(2026, 11, 5))
FAILURE = FailureFacts(
    9, "福元小区", datetime(2026, 11, 20, 2, tzinfo=UTC), 2, Conclusion.DEADLINE, date(2026, 11, 27)
)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def tasks(*facts: CaseFacts | EstateFacts | FailureFacts) -> tuple[Task, ...]:
    return rules.build_tasks(
        [fact for fact in facts if isinstance(fact, CaseFacts)],
        [fact for fact in facts if isinstance(fact, EstateFacts)],
        [fact for fact in facts if isinstance(fact, FailureFacts)],
        TODAY,
        LIMITS,
    )


@pytest.mark.parametrize(
    ("fact", "topic", "due", "overdue"),
    [
        (replace(CASE, missing=("施工方案",)), Topic.PAPERS, date(2026, 11, 28), False),
        (replace(CASE, missing=("施工方案",), starts_on=days(1)), Topic.PAPERS, TODAY, False),
        (replace(CASE, missing=("施工方案",), starts_on=TODAY), Topic.PAPERS, TODAY, False),
        (replace(CASE, missing=("施工方案",), starts_on=days(-1)), Topic.PAPERS, days(-1), True),
        (replace(CASE, starts_on=TODAY), Topic.START, TODAY, False),
        (replace(CASE, starts_on=days(-1)), Topic.START, days(-1), True),
        (replace(CASE, prohibited=("拆除承重墙",)), Topic.PROHIBITED, date(2026, 12, 1), False),
        (replace(UNDER_WAY, last_visit=days(-7)), Topic.UNVISITED, TODAY, False),
        (replace(UNDER_WAY, last_visit=days(-8)), Topic.UNVISITED, days(-1), True),
        (UNDER_WAY, Topic.UNVISITED, date(2026, 11, 8), True),
        (replace(UNDER_WAY, last_visit=TODAY, ends_on=days(-1)), Topic.PAST_END, days(-1), True),
        (replace(ESTATE, has_tier=False), Topic.NO_TIER, None, False),
        (replace(ESTATE, last_round=None), Topic.NO_ROUND, date(2026, 11, 30), False),
        (replace(ESTATE, last_round=date(2026, 10, 31)), Topic.NO_ROUND, date(2026, 11, 30), False),
        (FAILURE, Topic.FAILED, date(2026, 11, 27), False),
        (replace(FAILURE, deadline=days(-1)), Topic.FAILED, days(-1), True),
        (replace(FAILURE, conclusion=Conclusion.REPORT), Topic.REPORT, date(2026, 11, 21), True),
    ],
)
def test_what_waits(
    fact: CaseFacts | EstateFacts | FailureFacts, topic: Topic, due: date | None, overdue: bool
) -> None:
    assert [(task.topic, task.due, task.overdue) for task in tasks(fact)] == [(topic, due, overdue)]


@pytest.mark.parametrize(
    "fact",
    [
        CASE,
        replace(CASE, starts_on=days(1)),
        replace(UNDER_WAY, last_visit=days(-6)),
        replace(UNDER_WAY, last_visit=TODAY, ends_on=TODAY),
        ESTATE,
        replace(ESTATE, last_round=date(2026, 11, 1)),
        replace(FAILURE, conclusion=Conclusion.ON_THE_SPOT),
        replace(FAILURE, at=datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_what_does_not_wait(fact: CaseFacts | EstateFacts | FailureFacts) -> None:
    assert tasks(fact) == ()


def test_a_case_whose_papers_are_missing_is_not_asked_to_start() -> None:
    late = replace(CASE, starts_on=days(-2), missing=("施工方案",))
    assert [task.topic for task in tasks(late)] == [Topic.PAPERS]


def test_order_overdue_first_then_due_then_waiting() -> None:
    found = tasks(
        replace(ESTATE, has_tier=False),
        replace(CASE, starts_on=TODAY),
        replace(UNDER_WAY, id=8, ends_on=days(-1), last_visit=TODAY),
        replace(FAILURE, conclusion=Conclusion.REPORT),
    )
    assert [task.topic for task in found] == [Topic.REPORT, Topic.PAST_END, Topic.START, Topic.NO_TIER]
    assert [task.group(TODAY) for task in found] == [Group.OVERDUE, Group.OVERDUE, Group.DUE, Group.WAITING]


def test_a_task_leads_to_its_record_and_says_what_it_is_about() -> None:
    (task,) = tasks(replace(CASE, missing=("施工方案", "身份证明")))
    assert (task.kind, task.record_id, task.page) == ("case", 7, "renovation")
    assert "ZX2026-0007" in task.title
    assert "2 papers" in task.detail
    assert "身份证明" in task.detail


def test_counts_leave_out_what_only_waits() -> None:
    found = tasks(
        replace(CASE, starts_on=TODAY), replace(ESTATE, has_tier=False), replace(FAILURE, deadline=TODAY)
    )
    assert rules.counts(found, TODAY) == {"today": 2, "renovation": 1, "inspections": 1, "standards": 0}


def test_every_topic_and_heading_has_a_name() -> None:
    assert all(rules.label(member) for member in (*Topic, *Group))


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 200),
    st.sampled_from(list(CaseStatus)),
    st.lists(st.sampled_from("甲乙丙"), max_size=3),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 11, 22)),
)
def test_overdue_is_only_what_was_due_before_today(
    start: date, length: int, status: CaseStatus, missing: list[str], visit: date | None
) -> None:
    case = CaseFacts(
        1, "ZX", "室", status, start, start + timedelta(days=length), tuple(missing), (), None, visit
    )
    for task in tasks(case):
        assert task.due is not None
        assert task.overdue == (task.due < TODAY)
        assert task.severity in Severity
    assert len({task.topic for task in tasks(case)}) == len(tasks(case))
