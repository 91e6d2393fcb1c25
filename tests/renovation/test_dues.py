"""What is due for a renovation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.renovation.catalogue import due_limits
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.dues import (
    PAPERS,
    PAST_END,
    PROHIBITED,
    START,
    UNVISITED,
    CaseFacts,
    tasks_of,
)

TODAY = date(2026, 11, 22)
CASE = CaseFacts(
    7, "ZX2026-0007", "福元小区1号楼101室", CaseStatus.REGISTERED, date(2026, 12, 1), date(2027, 1, 31)
)
UNDER_WAY = replace(
    CASE, status=CaseStatus.UNDER_WAY, starts_on=date(2026, 11, 1), started_on=date(2026, 11, 1)
)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def tasks(*cases: CaseFacts) -> list[Task]:
    return tasks_of(cases, TODAY, due_limits())


@pytest.mark.parametrize(
    ("case", "topic", "due", "overdue"),
    [
        (replace(CASE, missing=("施工方案",)), PAPERS, date(2026, 11, 28), False),
        (replace(CASE, missing=("施工方案",), starts_on=days(1)), PAPERS, TODAY, False),
        (replace(CASE, missing=("施工方案",), starts_on=TODAY), PAPERS, TODAY, False),
        (replace(CASE, missing=("施工方案",), starts_on=days(-1)), PAPERS, days(-1), True),
        (replace(CASE, starts_on=TODAY), START, TODAY, False),
        (replace(CASE, starts_on=days(-1)), START, days(-1), True),
        (replace(CASE, prohibited=("拆除承重墙",)), PROHIBITED, date(2026, 12, 1), False),
        (replace(UNDER_WAY, last_visit=days(-7)), UNVISITED, TODAY, False),
        (replace(UNDER_WAY, last_visit=days(-8)), UNVISITED, days(-1), True),
        (UNDER_WAY, UNVISITED, date(2026, 11, 8), True),
        (replace(UNDER_WAY, last_visit=TODAY, ends_on=days(-1)), PAST_END, days(-1), True),
    ],
)
def test_what_is_due(case: CaseFacts, topic: Topic, due: date, overdue: bool) -> None:
    assert [(task.topic, task.due, task.overdue) for task in tasks(case)] == [(topic, due, overdue)]


@pytest.mark.parametrize(
    "case",
    [
        CASE,
        replace(CASE, starts_on=days(1)),
        replace(UNDER_WAY, last_visit=days(-6)),
        replace(UNDER_WAY, last_visit=TODAY, ends_on=TODAY),
    ],
)
def test_what_is_not_due(case: CaseFacts) -> None:
    assert tasks(case) == []


def test_a_case_whose_documents_are_missing_is_not_asked_to_start() -> None:
    late = replace(CASE, starts_on=days(-2), missing=("施工方案",))
    assert [task.topic for task in tasks(late)] == [PAPERS]


def test_a_task_leads_to_its_record_and_says_what_it_is_about() -> None:
    (task,) = tasks(replace(CASE, missing=("施工方案", "身份证明")))
    assert (task.kind, task.record_id, task.page) == ("case", 7, "renovation")
    assert task.office_only
    assert "ZX2026-0007" in task.title
    assert "2 " in task.detail
    assert "身份证明" in task.detail


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
