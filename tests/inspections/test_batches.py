"""The sheets of planned rounds printed together, and what becomes of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields
from fuyuan_desk.estates.service import buildings, estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, RoundToPrint, VisitDetail
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, RoundPlan
from fuyuan_desk.inspections.rules.route import Route
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import batches, rounds, sheets_out
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.dues import tasks
from fuyuan_desk.inspections.service.page_data import Sheets, blank_papers, number_papers, visit_papers
from fuyuan_desk.inspections.service.printed import find_sheet, read_sheet
from fuyuan_desk.inspections.service.rechecks import before_visit
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.view.batch import ordered
from fuyuan_desk.kit.book import BookQuery
from tests.inspections.test_rounds import PLAN, TODAY, at, visit

SUNDAY = TODAY + timedelta(days=6)


@pytest.fixture
def lane(seat: Seat) -> int:
    """A lane of four houses, each visited on Mondays by one, and a tower visited whole twice a week by another."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    for label in ("4号", "1号", "3号", "2号"):
        buildings.save_building(seat, BuildingFields(label, 3, False, estate_id=lane))
    tower = estates.save_estate(seat, EstateFields("富南大厦")).id
    plans.save_plan(
        seat, replace(PLAN, name="楼栋", objects="building", times=1, lead="史国强", late=2, estates=(lane,))
    )
    plans.save_plan(seat, replace(PLAN, estates=(tower,)))
    return lane


def wanted(seat: Seat, first: date = TODAY, last: date = TODAY) -> list[RoundToPrint]:
    return ordered(batches.rounds_to_print(seat, first, last), Route.SIDES)


def print_of(seat: Seat, found: list[RoundToPrint]) -> Sheets:
    return number_papers(seat, batches.round_previews(seat, [one.id for one in found]))


def enter(seat: Seat, number: str, **fields: object) -> VisitDetail:
    sheet = read_sheet(seat, find_sheet(seat, number))
    subject = estate_subjects(seat, [sheet.subject_id])[0]
    keys = (item.key for item in checklist_for(subject.kind).items)
    findings = tuple(Finding(key, Result.PASS) for key in keys)
    visit = NewVisit(subject, seat.now(), Party.COMMITTEE, "史国强", findings, sheet=sheet.number)
    return log_visit(seat, replace(visit, **fields))  # type: ignore[arg-type]


def test_the_rounds_of_a_day_are_listed_by_person_and_way(seat: Seat, lane: int) -> None:
    found = wanted(seat)
    assert [(one.lead, one.place) for one in found] == [
        ("何斌", ""), ("史国强", "1号"), ("史国强", "3号"), ("史国强", "4号"), ("史国强", "2号"),
    ]  # fmt: skip
    assert {(one.sheet, one.trouble) for one in found} == {("", "")}
    assert [one.place for one in ordered(found, Route.NUMBERS)] == ["", "1号", "2号", "3号", "4号"]


def test_a_week_lists_each_day_once_and_a_late_round_is_carried_over(seat: Seat, lane: int) -> None:
    assert [one.day.day for one in wanted(seat, TODAY, SUNDAY) if one.lead == "何斌"] == [2, 5]
    tomorrow = at(seat, TODAY + timedelta(days=1))
    left = wanted(tomorrow, tomorrow.today(), tomorrow.today())
    assert len(left) == 5, "what can still be done on time is printed on the next day, too"
    assert wanted(seat, TODAY + timedelta(days=3), TODAY + timedelta(days=3))[0].day.day == 5


@pytest.mark.parametrize(("first", "last"), [(0, -1), (0, 31)])
def test_days_that_make_no_batch_are_refused_beside_them(seat: Seat, first: int, last: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        batches.rounds_to_print(seat, TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    assert set(refused.value.fields) == {"last"}


def test_sheets_are_numbered_in_the_order_of_the_way_and_know_their_round(seat: Seat, lane: int) -> None:
    found = wanted(seat)
    papers = print_of(seat, found)
    assert [sheet.number for sheet in papers.sheets] == [f"XCB-2026-{n:06d}" for n in range(1, 6)]
    assert [sheet.subject for sheet in papers.sheets][1:3] == ["南昌路168弄　1号", "南昌路168弄　3号"]
    with seat.store.use() as session:
        rows = session.scalars(select(PrintedSheet).order_by(PrintedSheet.id)).all()
        assert [row.round_id for row in rows] == [one.id for one in found]
        assert {(row.lead, row.day, row.back_by) for row in rows} == {
            ("何斌", TODAY, TODAY + timedelta(days=1)),
            ("史国强", TODAY, TODAY + timedelta(days=2)),
        }


def test_a_round_never_has_two_numbers(seat: Seat, lane: int) -> None:
    found = wanted(seat)
    on_another_desk = batches.round_previews(seat, [found[0].id])
    first = print_of(seat, found[:3])
    with pytest.raises(Conflict, match="XCB-2026-000001"):
        number_papers(seat, on_another_desk)
    again = wanted(seat)
    assert [one.sheet for one in again] == [*(sheet.number for sheet in first.sheets), "", ""]
    assert again[0].printed_at == seat.now()
    both = print_of(seat, again)
    assert [sheet.number for sheet in both.sheets][:3] == [sheet.number for sheet in first.sheets]
    assert both.sheets[0].uid == first.sheets[0].uid
    assert len({sheet.number for sheet in both.sheets}) == 5
    assert find_entries(seat, TrailQuery(actions=("print",))).total == 8, "each printing is in the trail"


def test_a_plan_that_changed_finds_the_sheets_that_are_out(seat: Seat, lane: int) -> None:
    printed = print_of(seat, wanted(seat)).sheets
    plan = plans.plan_options(seat)[0].id
    line = plans.read_plan(seat, plan)
    plans.save_plan(seat, replace(line.fields, lead="陈静"), line.known)
    plan_rounds(seat)
    again = wanted(seat)
    assert {one.sheet for one in again} == {sheet.number for sheet in printed}
    print_of(seat, again)
    assert ("陈静", 4) in sheets_out.holders(seat), "the sheet that is printed again is hers"
    logged = enter(seat, printed[1].number)
    assert logged.round, "the round that was planned anew is done"


def test_a_sheet_that_comes_back_fills_its_round_however_late(seat: Seat, lane: int) -> None:
    number = print_of(seat, wanted(seat)).sheets[1].number
    late = at(seat, TODAY + timedelta(days=9))
    known = before_visit(late, SubjectKind.ESTATE, lane, number)
    assert known.sheet is not None
    assert (known.place.text, known.sheet.lead, known.sheet.day) == ("1号", "史国强", TODAY)
    logged = enter(late, number)
    assert (logged.sheet, logged.place) == (number, "1号")
    assert "done 7 days late" in logged.round
    with seat.store.use() as session:
        done = session.scalars(select(PlannedRound).where(PlannedRound.visit_id == logged.id)).one()
        assert done.day == TODAY


def test_results_before_printing_are_refused_beside_the_day(seat: Seat, lane: int) -> None:
    number = print_of(seat, wanted(seat)).sheets[0].number
    with pytest.raises(InvalidInput, match="printed on") as refused:
        enter(seat, number, at=seat.now() - timedelta(minutes=2))
    assert set(refused.value.fields) == {"at"}
    with pytest.raises(InvalidInput, match="future"):
        enter(seat, number, at=seat.now() + timedelta(days=1))
    assert enter(seat, number).sheet == number


def test_numbers_that_no_sheet_has_are_told_from_those_of_other_offices(seat: Seat, lane: int) -> None:
    sheet = print_of(seat, wanted(seat)[:1]).sheets[0]
    assert find_sheet(seat, "xcb1") == find_sheet(seat, f"fyt1:is:{sheet.number}:{sheet.uid}:1") == 1
    for text, said in (
        ("XCB-2026-000099", "No sheet XCB-2026-000099 was printed here"),
        (f"FYT1:IS:{sheet.number}:{'0' * 32}:1", "printed by another office"),
        (f"FYT1:RF:ZX2026-0001:{sheet.uid}:1", "code of another paper"),
    ):
        with pytest.raises(NotFound, match=said):
            find_sheet(seat, text)


def test_what_is_out_is_listed_with_who_has_it(seat: Seat, lane: int) -> None:
    print_of(seat, wanted(seat))
    blank_papers(seat, estate_subjects(seat, [lane]))
    late = at(seat, TODAY + timedelta(days=2))
    lines = sheets_out.list_sheets(late).rows
    assert [line.extra["standing"].is_overdue for line in lines] == [True] + [False] * 5
    assert lines[0].fields.lead == "何斌"
    assert lines[-1].fields.back_by is None, "of an ad hoc sheet nobody said when it is due back"
    assert sheets_out.holders(seat) == (("何斌", 1), ("史国强", 4))
    logged = enter(late, lines[0].fields.number)
    assert sheets_out.holders(seat) == (("何斌", 0), ("史国强", 4))
    visit_papers(late, [logged.id])
    assert sheets_out.list_sheets(late).total == 6, "a copy of a visit is never out"
    query = BookQuery(facets={"state": "out", "lead": "史国强"})
    assert sheets_out.list_sheets(late, query).total == 4
    assert sheets_out.list_sheets(late, BookQuery("3号")).total == 1
    assert sheets_out.alike(seat, 1) == {"lead": "何斌"}


def test_a_lost_sheet_is_withdrawn_with_its_reason_and_its_round_printed_anew(
    seat: Seat, lane: int, seat_as: Callable[[Role], Seat]
) -> None:
    number = print_of(seat, wanted(seat)).sheets[1].number
    key = find_sheet(seat, number)
    with pytest.raises(NotAllowed):
        sheets_out.withdraw_sheets(seat_as(Role.VIEWER), [key], "lost", "雨中")
    for why, note, field in (("", "", "why"), ("lost", " ", "note"), ("spoiled", "长" * 501, "note")):
        with pytest.raises(InvalidInput) as refused:
            sheets_out.withdraw_sheets(seat, [key], why, note)
        assert set(refused.value.fields) == {field}
    assert sheets_out.withdraw_sheets(seat, [key], "lost", "雨中遗失") == 1
    with pytest.raises(InvalidInput, match="雨中遗失") as refused:
        enter(seat, number)
    assert set(refused.value.fields) == {"sheet"}
    with pytest.raises(Conflict, match=number):
        sheets_out.withdraw_sheets(seat, [key], "spoiled")
    assert [one.sheet == "" for one in wanted(seat)] == [False, True, False, False, False]
    sheets_out.take_back(seat, key)
    assert enter(seat, number).sheet == number
    with pytest.raises(Conflict, match="not written off"):
        sheets_out.take_back(seat, key)
    spoiled = find_sheet(seat, wanted(seat)[0].sheet)
    sheets_out.withdraw_sheets(seat, [spoiled], "spoiled")
    other = print_of(seat, wanted(seat)[:1]).sheets[0].number
    with pytest.raises(Conflict, match=other):  # it turned up, but another was printed in its place
        sheets_out.take_back(seat, spoiled)


def test_a_person_with_late_sheets_is_on_the_first_page(seat: Seat, lane: int) -> None:
    print_of(seat, wanted(seat))
    late = at(seat, TODAY + timedelta(days=4))
    with seat.store.use() as session:
        found = [task for task in tasks(session, late.today()) if task.act == "sheets.of"]
        assert [(task.title, task.detail) for task in found] == [
            ("何斌", "1 sheet not back"), ("史国强", "4 sheets not back"),
        ]  # fmt: skip
        assert not [task for task in tasks(session, TODAY) if task.act == "sheets.of"]


def test_sheets_without_a_round_are_on_the_first_page_after_a_week(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    subjects = estate_subjects(seat, list(two_estates))
    printed = blank_papers(seat, [subjects[0], subjects[0], subjects[1]]).sheets
    for days, count in ((0, []), (7, []), (8, [2, 1])):
        with seat.store.use() as session:
            found = [task for task in tasks(session, TODAY + timedelta(days=days)) if task.act == "sheets.of"]
        assert [task.detail for task in found] == [
            "1 sheet without a round not back" if n == 1 else f"{n} sheets without a round not back"
            for n in count
        ]
    assert [task.title for task in found] == [subject.name for subject in subjects]
    assert [sheets_out.alike(seat, task.record_id) for task in found] == [
        {"estate_id": key} for key in two_estates
    ]
    enter(seat, printed[2].number)
    sheets_out.withdraw_sheets(seat, [find_sheet(seat, printed[0].number)], "spoiled")
    with seat.store.use() as session:
        left = [task for task in tasks(session, TODAY + timedelta(days=8)) if task.act == "sheets.of"]
    assert [(task.title, task.detail) for task in left] == [
        (subjects[0].name, "1 sheet without a round not back")
    ]


def test_a_checklist_that_counts_no_more_is_said_before_printing(seat: Seat, lane: int) -> None:
    plan = plans.plan_options(seat)[0].id
    with seat.store.use() as session, session.begin():
        session.get_one(RoundPlan, plan).checklist = "gone"
    troubled = [one for one in wanted(seat) if one.trouble]
    assert troubled
    assert "does not count" in troubled[0].trouble
    with pytest.raises(Conflict, match="does not count"):
        batches.round_previews(seat, [troubled[0].id])


def test_a_round_that_is_done_or_left_out_is_not_printed(seat: Seat, lane: int) -> None:
    first, second, *_rest = wanted(seat)
    preview = batches.round_previews(seat, [first.id])
    rounds.skip_round(seat, first.id, "台风")
    with pytest.raises(Conflict, match="left out"):
        number_papers(seat, preview)
    with pytest.raises(Conflict, match="left out"):
        batches.round_previews(seat, [first.id, second.id])
    assert first.id not in {one.id for one in wanted(seat)}


def test_a_sheet_whose_checklist_is_gone_is_not_entered_with_another(seat: Seat, lane: int) -> None:
    number = print_of(seat, wanted(seat)[:1]).sheets[0].number
    with seat.store.use() as session, session.begin():
        session.get_one(PrintedSheet, 1).checklist_version = "v99"
    assert read_sheet(seat, 1).checklist is None
    with pytest.raises(InvalidInput, match="not known here") as refused:
        enter(seat, number)
    assert set(refused.value.fields) == {"sheet"}
    with pytest.raises(Conflict, match="not known here"):
        batches.round_previews(seat, [wanted(seat)[0].id])


def test_a_round_that_was_logged_without_its_sheet_is_told_when_the_sheet_comes(
    seat: Seat, lane: int
) -> None:
    sheet = print_of(seat, wanted(seat)[:1]).sheets[0]
    assert read_sheet(seat, find_sheet(seat, sheet.number)).done_as == ""
    subject = estate_subjects(seat, [2])[0]
    logged = visit(seat, subject, wanted(seat)[0].id)
    assert read_sheet(seat, find_sheet(seat, sheet.number)).done_as == logged.number
