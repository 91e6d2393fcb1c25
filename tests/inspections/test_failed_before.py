"""A blank sheet says what failed last time at its place, and who goes along."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields
from fuyuan_desk.estates.service import buildings, estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SheetScope, SubjectKind
from fuyuan_desk.inspections.service import batches
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.page_data import blank_previews, number_papers
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.sheets import Duty, FailedBefore, InspectionSheet, inspection_sheets
from tests.inspections.test_rounds import PLAN, TODAY, at
from tests.inspections.test_sheets import ESTATE, MADE, OFFICE
from tests.paper import pdf

ITEMS = checklist_for(SubjectKind.ESTATE).items


@pytest.fixture
def lane(seat: Seat) -> int:
    """A lane of two houses, each visited once a week by several."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    for label in ("1号", "2号"):
        buildings.save_building(seat, BuildingFields(label, 3, False, estate_id=lane))
    persons = "陈静怡、史国强，何斌"
    plan = replace(PLAN, objects="building", times=1, late=9, persons=persons, estates=(lane,))
    plans.save_plan(seat, replace(plan, lead="史国强"))
    return lane


def enter(seat: Seat, lane: int, failed: set[int], sheet: str = "") -> None:
    """Log a visit to the lane, or to the place of a sheet, on which these items by number failed."""
    found = tuple(
        Finding(item.key, Result.FAIL if number in failed else Result.PASS, "坏" if number in failed else "")
        for number, item in enumerate(ITEMS, 1)
    )
    [subject] = estate_subjects(seat, [lane])
    handling = Conclusion.REPORT if failed else None
    log_visit(
        seat, NewVisit(subject, seat.now(), Party.COMMITTEE, "何斌", found, handling=handling, sheet=sheet)
    )


def sheets_of_places(seat: Seat, lane: int) -> list[InspectionSheet]:
    """Return blank sheets of the whole lane and of both houses."""
    subjects = estate_subjects(seat, [lane])
    scopes = SheetScope.ESTATE, SheetScope.BUILDING
    return [sheet for scope in scopes for sheet in blank_previews(seat, subjects, scope=scope).sheets]


def test_a_sheet_names_what_failed_at_its_place_until_it_passes(seat: Seat, lane: int) -> None:
    assert [sheet.failed for sheet in sheets_of_places(seat, lane)] == [(), (), ()]
    today, later = at(seat, TODAY), at(seat, TODAY + timedelta(days=1))
    first, second = (
        number_papers(today, batches.round_previews(today, [one.id])).sheets[0]
        for one in batches.rounds_to_print(today, TODAY, TODAY)
    )
    enter(at(seat, TODAY, 11), lane, {3, 7}, first.number)
    enter(later, lane, {2}, second.number)
    whole, one, two = sheets_of_places(later, lane)
    assert whole.failed == (
        FailedBefore(TODAY, "1号", (3, 7)),
        FailedBefore(TODAY + timedelta(days=1), "2号", (2,)),
    )
    assert one.failed == (FailedBefore(TODAY, "", (3, 7)),)
    assert two.failed == (FailedBefore(TODAY + timedelta(days=1), "", (2,)),)
    enter(at(seat, TODAY + timedelta(days=2)), lane, {7})
    # a visit to the whole lane saw both houses: what failed on it again has not passed in any of them
    assert [sheet.failed for sheet in sheets_of_places(later, lane)][1:] == [
        (FailedBefore(TODAY, "", (7,)),),
        (),
    ]


def test_the_sheets_of_rounds_name_it_too_and_who_goes_along(seat: Seat, lane: int) -> None:
    enter(at(seat, TODAY - timedelta(days=4)), lane, {5})
    found = batches.rounds_to_print(seat, TODAY, TODAY)
    previews = batches.round_previews(seat, [one.id for one in found]).sheets
    duties = [sheet.duty for sheet in previews if sheet.duty is not None]
    assert [(duty.lead, duty.others) for duty in duties] == [("史国强", ("陈静怡", "何斌"))] * 2
    # what failed in the whole lane is looked at by a visit to the whole lane
    assert [sheet.failed for sheet in previews] == [(), ()]
    assert sheets_of_places(seat, lane)[0].failed == (FailedBefore(TODAY - timedelta(days=4), "", (5,)),)


FAILED = (FailedBefore(date(2026, 11, 20), "", (3, 7)), FailedBefore(date(2026, 11, 21), "1号", (2,)))


def test_the_paper_says_both_in_one_line_each_and_stays_one_page() -> None:
    duty = Duty("史国强", MADE, MADE, "小区巡查表", others=("何斌", "陈静怡"))
    paper = inspection_sheets([replace(ESTATE, duty=duty, failed=FAILED)], OFFICE, MADE)
    assert paper.pages == 1
    shown = pdf.flat(paper, 1)
    assert "上次不合格" in shown
    assert "第3、7项（11-20）、第2项（1号11-21）" in shown
    assert "史国强（同行：何斌、陈静怡）2026年11月22日" in shown
    assert "上次不合格" not in pdf.flat(inspection_sheets([ESTATE], OFFICE, MADE), 1)


def test_what_failed_is_left_out_rather_than_take_another_page() -> None:
    def pages(count: int, sheet: InspectionSheet) -> tuple[int, bool]:
        items = tuple(replace(ESTATE.items[0], text=f"第{n}项检查") for n in range(count))
        paper = inspection_sheets([replace(sheet, items=items)], OFFICE, MADE)
        return paper.pages, "上次不合格" in pdf.flat(paper, 1)

    plain = [pages(count, ESTATE)[0] for count in range(1, 40)]
    said = [pages(count, replace(ESTATE, failed=FAILED)) for count in range(1, 40)]
    assert [count for count, _said in said] == plain
    assert said[0] == (1, True)
    assert (1, False) in said
    assert said[-1] == (2, True)
