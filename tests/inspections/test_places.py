"""What a visit to one building or gate puts right, and what one to the whole estate does."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.rules.places import WHOLE, RecordedPlace
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.entry import DRAFT
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import NewVisit, Subject, VisitDetail
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SheetScope, SubjectKind, covers
from fuyuan_desk.inspections.service import dues
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.rechecks import before_visit
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.sheets import InspectionSheet
from fuyuan_desk.kit.book import text_of
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today.service import search
from tests.screen import button, texts

Settled = Callable[[], None]
ITEMS = [item.key for item in checklist_for(SubjectKind.ESTATE).items if item.key != "lift"]
FIRST, SECOND = ITEMS[6], ITEMS[2]


@pytest.fixture
def lane(seat: Seat) -> Subject:
    """An estate of two buildings, the first with two gates."""
    estate = estates.save_estate(seat, EstateFields("混合新村", house_kind="workers")).id
    first = buildings.save_building(seat, BuildingFields("14号", 6, False, estate_id=estate)).id
    buildings.save_building(seat, BuildingFields("9号", 6, False, estate_id=estate))
    for gate in ("甲门", "乙门"):
        units.save_unit(seat, UnitFields(first, entrance=gate, label="101室"))
    return estate_subjects(seat, [estate])[0]


def sheets(seat: Seat, lane: Subject, scope: SheetScope) -> dict[str, InspectionSheet]:
    morning = replace(seat, now=lambda: seat.now() - timedelta(hours=9))
    printed = blank_papers(morning, [lane], None, scope).sheets
    return {sheet.subject.removeprefix("混合新村").strip("　 "): sheet for sheet in printed}


def visited(
    seat: Seat, lane: Subject, failing: Collection[str] = (), hours_ago: int = 0, sheet: str = ""
) -> VisitDetail:
    findings = tuple(
        Finding(key, Result.FAIL, f"{key}坏了") if key in failing else Finding(key, Result.PASS)
        for key in ITEMS
    )
    return log_visit(seat, NewVisit(
        lane, seat.now() - timedelta(hours=hours_ago), Party.COMMITTEE, "某甲", findings,
        handling=Conclusion.DEADLINE if failing else None, deadline=seat.today() if failing else None, sheet=sheet,
    ))  # fmt: skip


def failed_before(seat: Seat, lane: Subject, sheet: str = "") -> dict[str, str]:
    known = before_visit(seat, lane.kind, lane.id, sheet).failed
    return {} if known is None else {key: item.remark for key, item in known.items.items()}


def failures_due(seat: Seat) -> list[str]:
    with seat.store.use() as session:
        return [task.title for task in dues.tasks(session, seat.today()) if task.kind == "visit"]


HOUSE, GATE = RecordedPlace("b1", "14号"), RecordedPlace("b1/g:甲门", "14号甲门")


@pytest.mark.parametrize(
    ("later", "place", "seen"),
    [
        (WHOLE, WHOLE, True),
        (WHOLE, HOUSE, True),
        (HOUSE, HOUSE, True),
        (RecordedPlace("b1", "14幢"), HOUSE, True),
        (HOUSE, WHOLE, False),
        (HOUSE, GATE, False),
        (RecordedPlace("b2", "14号"), HOUSE, False),
    ],
)
def test_what_a_later_visit_saw(later: RecordedPlace, place: RecordedPlace, seen: bool) -> None:
    assert covers(later, place) is seen


@pytest.mark.parametrize("scope", [SheetScope.BUILDING, SheetScope.GATE])
def test_a_visit_to_one_place_puts_right_nothing_elsewhere(
    seat: Seat, lane: Subject, scope: SheetScope
) -> None:
    name = {SheetScope.BUILDING: "14号", SheetScope.GATE: "14号甲门"}[scope]
    printed = sheets(seat, lane, scope)
    whole = visited(seat, lane, [FIRST], hours_ago=5)
    other = visited(seat, lane, [SECOND], hours_ago=4, sheet=printed["9号"].number)
    assert other.place == "9号"
    assert failed_before(seat, lane, printed[name].number) == {}
    visited(seat, lane, hours_ago=3, sheet=printed[name].number)
    assert visit_detail(seat, whole.id).corrected is None
    assert visit_detail(seat, other.id).corrected is None
    assert failed_before(seat, lane) == {FIRST: f"{FIRST}坏了", SECOND: f"9号 {SECOND}坏了"}
    assert sorted(failures_due(seat)) == ["混合新村", "混合新村 9号"]


def test_the_same_place_and_the_whole_estate_put_right_what_failed_there(seat: Seat, lane: Subject) -> None:
    first, again, last = (sheets(seat, lane, SheetScope.BUILDING)["14号"].number for _ in range(3))
    failed = visited(seat, lane, [FIRST], hours_ago=5, sheet=first)
    assert failed_before(seat, lane, again) == {FIRST: f"{FIRST}坏了"}
    passed = visited(seat, lane, hours_ago=4, sheet=again)
    [hit] = [one for one in search(seat, all_records(), failed.number) if one.kind == "visit"]
    assert "Passed again" in hit.detail
    assert (found := visit_detail(seat, failed.id).corrected) is not None
    assert found.visit_id == passed.id
    failed = visited(seat, lane, [FIRST, SECOND], hours_ago=3, sheet=last)
    partly = visited(seat, lane, [SECOND], hours_ago=2)
    assert visit_detail(seat, failed.id).corrected is None
    assert failed_before(seat, lane) == {SECOND: f"14号 {SECOND}坏了\n{SECOND}坏了"}
    visited(seat, lane)
    for one in (failed, partly):
        assert visit_detail(seat, one.id).corrected is not None
    assert failed_before(seat, lane) == {}
    assert failures_due(seat) == []


def test_the_form_and_the_list_say_which_building_is_visited(
    page: InspectionsController, seat: Seat, lane: Subject, settled: Settled
) -> None:
    sheet = sheets(seat, lane, SheetScope.BUILDING)["14号"].number
    visited(seat, lane, [FIRST], hours_ago=3)
    page.log_estate_visit(lane.id)
    settled()
    view = page.entry.view
    assert "Log a visit: 混合新村" in texts(view)
    assert view.checklist.failed is not None
    view.form.set_value("sheet", f"{sheet[:-1].lower()}{sheet[-1]}")  # typed on, as a scanner does
    settled()
    assert "Log a visit: 混合新村 14号" in texts(view)
    assert view.checklist.failed is None
    view.checklist.answer_rest()
    view.form.submit()
    settled()
    [line] = [line for line in list_visits(seat).rows if line.fields.conclusion == Conclusion.CLEAN]
    assert text_of(visit_book().part("subject"), line) == "Estate round 14号"


def test_what_failed_comes_first_when_the_subject_is_chosen_in_the_form(
    page: InspectionsController, seat: Seat, lane: Subject, settled: Settled
) -> None:
    failed = visited(seat, lane, [FIRST, SECOND], hours_ago=3)
    page.new_visit()
    settled()
    view = page.entry.view
    view.checklist.answer_rest()  # before anything is chosen: all of it is asked for nowhere
    assert view.checklist.row(FIRST).result is Result.PASS
    view.form.set_value("subject", f"{SubjectKind.ESTATE}:{lane.id}")
    settled()
    assert view.checklist.failed is not None
    assert view.checklist.row(FIRST).last.text() == f"{FIRST}坏了"
    assert view.checklist.row(FIRST).result is None, "passed before it was known that it had failed"
    assert view.checklist.row(ITEMS[0]).result is Result.PASS
    assert any("2 items failed last time" in text for text in texts(view.checklist))
    view.checklist.row(SECOND).set_raw("pass", "")
    view.checklist.answer_rest()
    assert view.checklist.row(FIRST).result is None
    assert any("1 item failed last time" in text for text in texts(view.checklist))
    assert not view.checklist.rest_button.isEnabled()
    view.form.submit()
    settled()
    assert FIRST in view.checklist.errors()
    assert visit_detail(seat, failed.id).corrected is None
    view.form.mark_clean()


def test_a_restored_draft_asks_again_only_for_what_was_not_known_to_have_failed(
    page: InspectionsController, seat: Seat, lane: Subject, settled: Settled
) -> None:
    visited(seat, lane, [FIRST, SECOND], hours_ago=3)
    page.log_estate_visit(lane.id)
    settled()
    view = page.entry.view
    answers = {key: ["pass", ""] for key in ITEMS}
    drafts.save_draft(seat, DRAFT, {**view.form.raw(), "answers": answers, "seen": [SECOND]})
    page.new_visit()
    settled()
    button(view.form.notice, "Restore").click()
    settled()
    assert view.checklist.row(FIRST).last.text() == f"{FIRST}坏了"
    assert {key for key in ITEMS if view.checklist.row(key).result is None} == {FIRST}
    view.form.mark_clean()
