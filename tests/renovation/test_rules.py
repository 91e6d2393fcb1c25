from datetime import date, timedelta

import pytest

from fuyuan_desk.renovation.rules import cases
from fuyuan_desk.renovation.rules.cases import Answer, CaseStatus, Due, Obstacles, PeriodFault, Verdict

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
    assert cases.period_fault(first, last, DAY, 180) is fault


def test_prohibited_unclear_or_missing_things_prevent_a_start() -> None:
    found = cases.start_obstacles(
        {"甲": Verdict.PROHIBITED, "乙": Verdict.CHECK, "丙": Verdict.APPROVAL},
        [("图", Due.START, False), ("证", Due.START, True), ("闭水", Due.COMPLETION, False)],
        firm_needed=True,
        has_contractor=False,
    )
    assert found == Obstacles(("甲",), ("乙",), ("图",), True)
    assert found


def test_nothing_prevents_a_start_when_everything_is_there() -> None:
    papers = [("证", Due.START, True), ("闭水", Due.COMPLETION, False)]
    assert not cases.start_obstacles({"丙": Verdict.APPROVAL}, papers, True, True)


def test_numbers_and_names() -> None:
    assert cases.case_number(2026, 7) == "ZX2026-0007"
    assert cases.case_number(2026, 12345) == "ZX2026-12345"
    for member in (*Verdict, *Answer, *Due, *CaseStatus):
        assert cases.label(member)
