"""A case that is not started is judged by its house as recorded now; a started or closed one keeps its verdict."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.rules.works import Answer, Verdict
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.renovation.clerk import WATERPROOF, Front, Settled, add_home, file, opened, trail

LANE = "南昌路168弄"


def record(seat: Seat, **facts: object) -> None:
    """Change what is recorded of the lane, as its form does."""
    [row] = estates.list_estates(seat, LANE).rows
    known = estates.estate_detail(seat, row.id)
    estates.save_estate(seat, replace(known.fields, **facts), row.id, known.version)  # type: ignore[arg-type]


@pytest.fixture
def lane(seat: Seat) -> int:
    """A home of a lane as a roster brings it in: nothing of its protection is known."""
    return add_home(seat, LANE, house_kind="old-lane", heritage_class=None, historic_area="")


def ready(seat: Seat, unit: int) -> CaseDetail:
    """A case with a firm, all its documents received."""
    case = file(
        seat, unit, WATERPROOF, answers={"notable_interior": Answer.NO},
        contractor="上海某某装饰工程有限公司", contractor_lead="王某", contractor_phone="021-62093705",
    )  # fmt: skip
    return cases.receive_documents(seat, case.id, [paper.document for paper in case.documents], seat.today())


def test_a_case_is_freed_by_recording_the_protection(seat: Seat, lane: int) -> None:
    case = ready(seat, lane)
    assert case.verdict is Verdict.CHECK
    assert case.course.hindered.unclear
    assert not case.is_outdated
    record(seat, heritage_class=0, historic_area="none")
    seen = queries.case_detail(seat, case.id)
    assert seen.verdict is Verdict.CHECK  # what was stored is shown until it is judged anew
    assert seen.is_outdated
    judged = cases.judge_again(seat, case.id)
    assert judged.verdict is Verdict.DOCUMENTS
    assert not judged.course.hindered.unclear
    assert any("→" in sentence for sentence in judged.changes)
    assert queries.case_detail(seat, case.id) == judged
    newest = trail(seat, "update")[-1]
    assert "verdict" in newest.changes or "findings" in newest.changes


def test_what_is_judged_by_the_present_facts_is_left_alone(seat: Seat, lane: int) -> None:
    case = ready(seat, lane)
    before = len(trail(seat, "update"))
    again = cases.judge_again(seat, case.id)
    assert (again, again.changes) == (case, ())
    assert len(trail(seat, "update")) == before


def test_saving_judges_anew_too(seat: Seat, lane: int) -> None:
    case = ready(seat, lane)
    filing = queries.case_for_edit(seat, case.id).filing
    record(seat, heritage_class=0, historic_area="none")
    saved = cases.update_case(seat, case.id, case.version, filing)
    assert saved.verdict is Verdict.DOCUMENTS
    assert saved.changes


def test_a_start_is_judged_by_the_house_as_it_is_now(seat: Seat, lane: int) -> None:
    case = ready(seat, lane)
    record(seat, heritage_class=0, historic_area="none")
    started = cases.start_work(seat, case.id)
    assert started.verdict is Verdict.DOCUMENTS


@pytest.mark.parametrize("is_closed", [False, True], ids=["started", "closed"])
def test_a_case_that_was_started_keeps_its_judgement(seat: Seat, lane: int, is_closed: bool) -> None:
    record(seat, heritage_class=0, historic_area="none")
    case = cases.start_work(seat, ready(seat, lane).id)
    if is_closed:
        case = cases.close_case(seat, case.id, Outcome.COMPLETED, seat.today())
    record(seat, heritage_class=1, historic_area="core")
    seen = queries.case_detail(seat, case.id)
    assert not seen.is_outdated
    assert cases.judge_again(seat, case.id).verdict is case.verdict


def test_received_documents_stay_received(seat: Seat, lane: int) -> None:
    case = ready(seat, lane)
    record(seat, heritage_class=3, historic_area="none")
    judged = cases.judge_again(seat, case.id)
    received = {paper.document for paper in judged.documents if paper.received_on}
    assert received == {paper.document for paper in case.documents}
    new = {paper.name for paper in judged.documents} - {paper.name for paper in case.documents}
    assert all(any(name in sentence for sentence in judged.changes) for name in new)


def test_the_page_judges_anew_when_it_is_opened(
    desk: Desk, seat: Seat, lane: int, front: Front, settled: Settled
) -> None:
    case = ready(seat, lane)
    record(seat, heritage_class=0, historic_area="none")
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    assert page.case.obstacles.isHidden()
    assert "→" in page.case.banner.text()
    assert queries.case_detail(seat, case.id).verdict is Verdict.DOCUMENTS


def test_the_page_judges_anew_when_the_estate_is_changed_beside_it(
    desk: Desk, seat: Seat, lane: int, front: Front, settled: Settled, qtbot: QtBot
) -> None:
    case = ready(seat, lane)
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    assert not page.case.obstacles.isHidden()
    [row] = estates.list_estates(seat, LANE).rows
    known = estates.estate_detail(seat, row.id)
    fields = replace(known.fields, heritage_class=0, historic_area="none")
    desk.run(estates.save_estate, fields, row.id, known.version)
    settled()
    assert page.case.obstacles.isHidden()
    assert "→" in page.case.banner.text()


@pytest.mark.parametrize("act", ["receive", "start"])
def test_what_judging_anew_changed_is_said_until_the_next_act(
    desk: Desk, seat: Seat, lane: int, front: Front, settled: Settled, act: str
) -> None:
    case = ready(seat, lane)
    record(seat, heritage_class=0, historic_area="none")
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    assert "→" in page.case.banner.text()
    if act == "receive":
        next(iter(page.case.papers.rows.values())).undo_button.click()
    else:
        page.case.acts.button("start").click()
        [dialog] = opened(FormDialog)
        dialog.save_button.click()
    settled()
    assert page.case.banner.isHidden()


def test_the_card_leads_to_the_form_of_the_estate(
    desk: Desk, seat: Seat, lane: int, front: Front, settled: Settled, qtbot: QtBot
) -> None:
    case = ready(seat, lane)
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    card = page.case.works.cards[WATERPROOF]
    assert card.house_button.isVisible()
    with qtbot.waitSignal(page.estate_requested) as asked:
        card.house_button.click()
    assert asked.args == [case.house.estate_id]
    record(seat, heritage_class=0, historic_area="none")
    page.open_case(case.id)
    settled()
    assert not page.case.works.cards[WATERPROOF].house_button.isVisible()


def test_coming_back_from_the_estate_the_focus_is_on_an_act(
    desk: Desk, seat: Seat, lane: int, front: Front, settled: Settled
) -> None:
    case = ready(seat, lane)
    page = RenovationController(desk)
    front(page.page)
    page.open_case(case.id)
    settled()
    page.case.works.cards[WATERPROOF].house_button.setFocus()
    record(seat, heritage_class=0, historic_area="none")
    desk.changes.emit(frozenset({"estate"}))
    settled()
    assert page.case.obstacles.isHidden(), "the case is judged anew"
    focused = page.page.window().focusWidget()
    assert focused is page.case.print_button or page.case.acts.isAncestorOf(focused)
