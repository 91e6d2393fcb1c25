"""A case in a listed house whose class is not known: its verdict, what it asks for, and where it says so."""

from dataclasses import replace

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.works import Answer, Verdict
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.renovation.service.sheet_data import registration_sheets
from fuyuan_desk.widgets.chips import ChipLabel
from tests.renovation.clerk import Front, Settled, add_home, file

FACADE = "facade.paint"


def record(seat: Seat, **facts: object) -> None:
    """Change what is recorded of the building, as its form does."""
    line = buildings.read_building(seat, 1)
    buildings.save_building(seat, replace(line.fields, **facts), line.known)  # type: ignore[arg-type]


@pytest.fixture
def case(seat: Seat) -> CaseDetail:
    """A façade that is painted, in a building of its own class within an estate that is not listed."""
    home = add_home(seat, "思南路26弄", house_kind="new-lane")
    record(seat, heritage_class=9)
    return file(seat, home, FACADE, answers={"main_facade": Answer.NO})


def test_the_class_is_asked_for_where_it_decides(seat: Seat, case: CaseDetail) -> None:
    assert case.verdict is Verdict.CHECK
    [work] = case.works
    [asked] = [finding for finding in work.findings if finding.verdict is Verdict.CHECK]
    assert "Ask the district housing authority for the class" in asked.open_questions[0]
    assert asked.asks_house
    assert case.course.hindered.unclear


@pytest.mark.parametrize(("number", "verdict"), [(1, Verdict.PROHIBITED), (4, Verdict.APPROVAL)])
def test_the_class_that_is_entered_decides(
    seat: Seat, case: CaseDetail, number: int, verdict: Verdict
) -> None:
    record(seat, heritage_class=number)
    assert cases.judge_again(seat, case.id).verdict is verdict


def test_the_paper_says_that_the_class_is_not_known(seat: Seat, case: CaseDetail) -> None:
    with in_chinese():
        [sheet] = registration_sheets(seat, [case.id])
    assert "优秀历史建筑，类别待核" in sheet.house
    assert "索取类别和具体保护要求告知书" in sheet.works[0].needs


def test_the_open_case_says_so(desk: Desk, case: CaseDetail, front: Front, settled: Settled) -> None:
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    chips = [chip.accessibleName() for chip in page.case.findChildren(ChipLabel)]
    assert "Outstanding historic building, class not known: ask for it" in chips
