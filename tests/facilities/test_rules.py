"""When a facility is checked, and what its form may say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.dues import Severity
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState

TODAY = date(2026, 3, 2)
AHEAD = timedelta(days=30)
days = st.dates(date(2020, 1, 1), date(2032, 1, 1))


@pytest.mark.parametrize(
    ("due", "state", "tone"),
    [
        (None, "in_use", ""),
        (date(2026, 3, 1), "in_use", "error"),
        (date(2026, 3, 2), "in_use", "warn"),
        (date(2026, 4, 1), "in_use", "warn"),
        (date(2026, 4, 2), "in_use", ""),
        (date(2026, 3, 1), "faulty", "error"),
        (date(2026, 3, 1), "stopped", "error"),  # it is inspected before it runs again
        (date(2026, 3, 1), "scrapped", ""),
    ],
)
def test_the_tone_of_the_next_check(due: date | None, state: str, tone: str) -> None:
    assert rules.check_tone(FacilityFields(state=state, next_check_on=due), TODAY, AHEAD) == tone


@given(due=days, today=days)
def test_a_task_is_late_exactly_when_its_day_has_passed(due: date, today: date) -> None:
    facts = rules.CheckFacts(7, "lift", "1号梯", "富南大厦", "沪上维保", due)
    task = rules.check_task(facts, today)
    assert task.overdue == ((due - today).days < 0)
    assert task.severity == (Severity.URGENT if task.overdue else Severity.NORMAL)
    assert (task.kind, task.record_id, task.due) == ("facility", 7, due)


def test_an_unknown_company_is_said() -> None:
    facts = rules.CheckFacts(7, "lift", "1号梯", "富南大厦", "", TODAY)
    assert "no responsible company entered" in rules.check_task(facts, TODAY).detail


@given(installed=st.none() | days, check=st.none() | days, today=days)
def test_the_faults_of_the_days(installed: date | None, check: date | None, today: date) -> None:
    faults = rules.facility_faults(FacilityFields(installed_on=installed, next_check_on=check), today)
    in_future = installed is not None and (installed - today).days > 0
    before = installed is not None and check is not None and (check - installed).days < 0
    expected = {"installed_on"} if in_future else {"next_check_on"} if before else set()
    assert set(faults) == expected


def test_every_kind_and_state_has_a_name_and_an_unknown_one_is_shown_as_stored() -> None:
    assert all(rules.label(member) for kind in (FacilityKind, FacilityState) for member in kind)
    assert rules.kind_name("gondola") == "gondola"
    assert rules.state_tone("unheard-of") == "warn"
    assert {state: rules.state_tone(state) for state in FacilityState} == {
        "in_use": "ok",
        "faulty": "error",
        "stopped": "warn",
        "scrapped": "neutral",
    }
