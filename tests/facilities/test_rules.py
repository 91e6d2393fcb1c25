"""What the form of a facility may say, and what is said of a check that is due."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.book import book, name
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState
from fuyuan_desk.kit.book import Line

TODAY = date(2026, 3, 2)
days = st.dates(date(2020, 1, 1), date(2032, 1, 1))


def test_an_unknown_company_is_said() -> None:
    assert "no responsible company entered" in rules.check_detail(FacilityFields("lift", "1号梯"), TODAY)
    assert "沪上维保" in rules.check_detail(FacilityFields("lift", "1号梯", company="沪上维保"), TODAY)


@given(installed=st.none() | days, check=st.none() | days, today=days)
def test_the_faults_of_the_days(installed: date | None, check: date | None, today: date) -> None:
    faults = rules.facility_faults(FacilityFields(installed_on=installed, next_check_on=check), today)
    in_future = installed is not None and (installed - today).days > 0
    before = installed is not None and check is not None and (check - installed).days < 0
    expected = {"installed_on"} if in_future else {"next_check_on"} if before else set()
    assert set(faults) == expected


def test_a_kind_that_this_version_does_not_know_is_shown_as_stored() -> None:
    assert name(FacilityFields(FacilityKind.LIFT, "1号梯")) == "Lift 1号梯"
    assert name(FacilityFields("gondola", "1")) == "gondola 1"


def test_every_state_has_its_tone_and_an_unknown_one_warns() -> None:
    mark = book().part("state").mark
    assert mark is not None

    def tone(state: str) -> str:
        shown = mark(Line(1, 1, FacilityFields(state=state)), TODAY)
        return "" if shown is None else shown.tone

    assert {state: tone(state) for state in FacilityState} == {
        "in_use": "ok",
        "faulty": "error",
        "stopped": "warn",
        "scrapped": "neutral",
    }
    assert tone("unheard-of") == "warn"
