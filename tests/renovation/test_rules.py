from datetime import date, timedelta

import pytest

from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import (
    CaseStatus,
    Obstacles,
    Outcome,
    PeriodFault,
    case_number,
    period_fault,
    start_obstacles,
)
from fuyuan_desk.renovation.rules.works import Answer, Due, Verdict, label

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("starts", "ends", "fault"),
    [
        (0, 0, None),
        (0, 179, None),
        (0, 180, PeriodFault.TOO_LONG),
        (5, 4, PeriodFault.ENDS_BEFORE_START),
        (-1, 10, PeriodFault.BEFORE_REGISTRATION),
    ],
)
def test_a_period_starts_after_registration_and_has_a_maximum_length(
    starts: int, ends: int, fault: PeriodFault | None
) -> None:
    first, last = DAY + timedelta(days=starts), DAY + timedelta(days=ends)
    assert period_fault(first, last, DAY, 180) is fault


def test_prohibited_unclear_or_missing_things_prevent_a_start() -> None:
    found = start_obstacles(
        {"甲": Verdict.PROHIBITED, "乙": Verdict.CHECK, "丙": Verdict.APPROVAL},
        [("图", Due.START, False), ("证", Due.START, True), ("闭水", Due.COMPLETION, False)],
        firm_needed=True,
        has_contractor=False,
    )
    assert found == Obstacles(("甲",), ("乙",), ("图",), True)
    assert found


def test_nothing_prevents_a_start_when_everything_is_there() -> None:
    papers = [("证", Due.START, True), ("闭水", Due.COMPLETION, False)]
    assert not start_obstacles({"丙": Verdict.APPROVAL}, papers, True, True)


def test_numbers_and_names() -> None:
    assert case_number(2026, 7) == "ZX2026-0007"
    assert case_number(2026, 12345) == "ZX2026-12345"
    assert all(label(member) for member in (*Verdict, *Answer, *Due))
    assert all(course.label(member) for member in (*CaseStatus, *Outcome))
