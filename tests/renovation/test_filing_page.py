"""The filing page in use."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import UnitFields
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.rules.works import Answer
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.renovation.view.filing import FilingView
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.widgets.question import Question
from tests.renovation.clerk import (
    PAINT,
    WATERPROOF,
    Front,
    Settled,
    add_home,
    await_preview,
    file,
    opened,
    service_case,
    trail,
    type_into,
)

GOOD_CODE = "91310101MA1FPX0004"
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_filing_by_keyboard_alone(
    page: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_N, CTRL)
    settled()
    view = page.filing.view
    qtbot.keyClicks(view.home.search, "fuyuanxiaoqu501")
    settled()
    qtbot.keyClick(view.home.search, Qt.Key.Key_Return)
    settled()
    assert view.home.address.text() == "福元小区2号楼501室"
    [holder] = view.home.holders.values()
    assert holder.hasFocus()
    qtbot.keyClick(holder, Qt.Key.Key_Space)
    settled()
    assert view.form.values()["applicant"] == "蔡兰刚"
    assert view.form.values()["applicant_phone"] == "13812345678"
    assert len(trail(seat, "reveal")) == 1
    assert view.works.filter.hasFocus()
    qtbot.keyClicks(view.works.filter, "wallpaper")
    qtbot.keyClick(view.works.filter, Qt.Key.Key_Return)
    settled()
    assert view.form.works == (PAINT,)
    assert view.foot.chip.chip.text == "Allowed"
    assert view.foot.summary.text().startswith("Allowed: 1 · Documents to start: none of ")
    type_into(qtbot, view, "ends_on", "2026-03-20")
    qtbot.keyClick(view.works.filter, Qt.Key.Key_S, CTRL)
    dialog = await_preview(qtbot)
    assert len(dialog.preview.pdf.sizes) >= 1
    dialog.close()
    assert page.page.currentWidget() is page.case
    assert page.case.accessibleName().startswith("ZX2026-0001")
    assert "ZX2026-0001" in page.case.banner.text()


def test_the_list_of_works_is_operated_by_keyboard(
    filing: FilingView, qtbot: QtBot, settled: Settled
) -> None:
    filing.works.filter.setFocus()
    qtbot.keyClicks(filing.works.filter, "water")
    found = filing.works.shown()
    assert WATERPROOF in found
    assert PAINT not in found
    qtbot.keyClick(filing.works.filter, Qt.Key.Key_Down)
    assert filing.works.list.hasFocus()
    qtbot.keyClick(filing.works.list, Qt.Key.Key_Space)
    assert filing.form.works == (found[0],)
    qtbot.keyClick(filing.works.list, Qt.Key.Key_Space)
    assert filing.form.works == ()
    filing.works.filter.setFocus()
    qtbot.keyClick(filing.works.filter, Qt.Key.Key_Escape)
    assert filing.works.shown() == []  # folded, as before the word was typed


@pytest.mark.parametrize("typed", ["fangshui", "fsc", "waterproof", "zzcw fs"])
def test_works_are_found_as_people_type(filing: FilingView, qtbot: QtBot, typed: str) -> None:
    qtbot.keyClicks(filing.works.filter, typed)
    assert WATERPROOF in filing.works.shown()
    assert PAINT not in filing.works.shown()


def test_unusual_works_appear_only_when_filtered(filing: FilingView, qtbot: QtBot) -> None:
    filing.works.list.setFocus()
    qtbot.keyClick(filing.works.list, Qt.Key.Key_Down)
    qtbot.keyClick(filing.works.list, Qt.Key.Key_Right)
    assert filing.works.shown()
    filing.works.unfold("Roof, terrace, courtyard")
    assert "roof.dormer" not in filing.works.shown()
    assert "unusual" in filing.works.note.text()
    qtbot.keyClicks(filing.works.filter, "dormer")
    assert filing.works.shown() == ["roof.dormer"]


def test_ticks_and_answers_are_judged_at_once(filing: FilingView, settled: Settled) -> None:
    filing.form.toggle_work("walls.partition_remove", True)
    settled()
    card = filing.verdict.works.cards["walls.partition_remove"]
    assert card.chip.chip.text == "To be checked first"
    papers = set(filing.verdict.papers.rows)
    answers = card.questions["load_bearing"].buttons
    answers[Answer.UNKNOWN].setFocus()
    QTest.keyClick(answers[Answer.UNKNOWN], Qt.Key.Key_Left)
    settled()
    assert card.chip.chip.text == "Allowed"
    assert filing.verdict.works.cards["walls.partition_remove"] is card
    assert answers[Answer.NO].hasFocus()
    filing.form.toggle_work(WATERPROOF, True)
    settled()
    assert filing.foot.chip.chip.text == "Needs documents"
    assert set(filing.verdict.papers.rows) > papers
    filing.verdict.works.cards[WATERPROOF].remove_button.click()
    settled()
    assert filing.form.works == ("walls.partition_remove",)
    assert WATERPROOF not in filing.verdict.works.cards


def test_a_clause_opens_in_place_and_stays_open(filing: FilingView, settled: Settled) -> None:
    filing.form.toggle_work(PAINT, True)
    settled()
    [line] = filing.verdict.works.cards[PAINT].clauses
    assert not line.texts[0].isVisible()
    line.opener.click()
    assert line.texts[0].isVisible()
    filing.form.toggle_work(WATERPROOF, True)
    settled()
    assert filing.verdict.works.cards[PAINT].clauses[0].is_open


def test_a_protected_house_is_shown_and_judged_by_its_class(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    unit = add_home(seat, "思南路26弄", "前楼", "姚艳志", house_kind="garden", heritage_class=1)
    page.file_for(unit)
    settled()
    view = page.filing.view
    assert "class one" in view.home.findChildren(type(page.case.status))[0].accessibleName()
    view.form.toggle_work("openings.window", True)
    settled()
    card = view.verdict.works.cards["openings.window"]
    cited = [ref for line in card.clauses for ref in line.refs]
    assert any(ref.startswith("LS@") for ref in cited)


def test_public_housing_is_filed_by_its_tenant(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    unit = add_home(seat, "南昌路168弄", "亭子间", "苏强平", house_kind="old-lane")
    detail = units.unit_detail(seat, unit)
    units.save_unit(
        seat,
        UnitFields(detail.fields.building_id, label="亭子间", tenure="direct-public"),
        unit,
        detail.version,
    )
    page.file_for(unit)
    settled()
    assert page.filing.view.form.values()["role"] == HoldingRole.TENANT
    assert not page.filing.view.form.is_dirty


def test_without_home_or_works_saving_is_refused_with_reasons(
    page: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    page.new_filing()
    settled()
    view = page.filing.view
    view.form.set_value("role", "owner")
    for name, text in (
        ("applicant", "蔡兰刚"),
        ("applicant_phone", "13812345678"),
        ("ends_on", "2026-03-20"),
    ):
        type_into(qtbot, view, name, text)
    view.print_button.click()
    settled()
    assert "home" in view.home.error.text()
    assert view.works_error.text()
    assert view.home.search.hasFocus()
    assert queries.list_cases(seat).total == 0


def test_a_search_that_finds_nothing_leaves_no_empty_box(filing: FilingView) -> None:
    works = filing.works
    assert works.list.isVisible()
    works.filter.setText("月球")
    assert works.note.text() == "No work matches. Try another word."
    assert not works.list.isVisible()
    works.filter.clear()
    assert works.list.isVisible()


def test_an_open_case_of_the_home_is_said_when_it_is_chosen(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    home = queries.case_detail(seat, file(seat, 1).id)
    page.file_for(1)
    settled()
    view = page.filing.view
    assert view.home.cases.note.isVisible()
    [link] = view.home.cases.links.values()
    assert isinstance(link, QPushButton)
    assert home.number in link.text()
    link.click()
    settled()
    assert page.shown_record == ("case", home.id)
    assert page.case.isVisible()
    page.acts["edit"](home)  # its own form does not name itself
    settled()
    assert not page.filing.view.home.cases.isVisible()
    cases.close_case(seat, home.id, Outcome.WITHDRAWN, seat.today(), "不装了")
    page.file_for(1)
    settled()
    assert not page.filing.view.home.cases.isVisible()


def test_errors_are_shown_beside_their_fields(filing: FilingView, qtbot: QtBot, settled: Settled) -> None:
    filing.form.toggle_work(PAINT, True)
    type_into(qtbot, filing, "contractor_code", GOOD_CODE[:-1])
    assert "18" in filing.form.doubts()["contractor_code"]
    type_into(qtbot, filing, "contractor_code", "X")
    assert "does not match" in filing.form.doubts()["contractor_code"]
    type_into(qtbot, filing, "contractor", "上海福元装饰工程有限公司")
    type_into(qtbot, filing, "applicant", "蔡兰刚")
    type_into(qtbot, filing, "applicant_phone", "138")
    type_into(qtbot, filing, "ends_on", "2026-02-01")
    filing.save_button.click()
    settled()
    assert {"applicant_phone", "ends_on"} <= filing.form.errors().keys()
    assert "contractor_code" not in filing.form.errors()  # a doubt beside the field, as with an ID number
    assert filing.print_button.isEnabled()


def test_a_good_credit_code_raises_no_doubt(filing: FilingView, qtbot: QtBot) -> None:
    from stdnum.cn import uscc

    base = "91310101MA1FPX000"
    type_into(qtbot, filing, "contractor_code", base + uscc.calc_check_digit(base))
    assert "contractor_code" not in filing.form.doubts()


def test_papers_handed_in_with_the_filing_are_received(
    page: RenovationController, filing: FilingView, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    filing.form.toggle_work(PAINT, True)
    settled()
    keys = list(filing.verdict.papers.rows)
    filing.verdict.papers.rows[keys[0]].box.click()
    for name, text in (
        ("applicant", "蔡兰刚"),
        ("applicant_phone", "13812345678"),
        ("ends_on", "2026-03-20"),
    ):
        type_into(qtbot, filing, name, text)
    filing.save_button.click()
    settled()
    assert page.page.currentWidget() is page.case
    assert not opened(PreviewDialog)
    case = service_case(seat)
    assert [paper.document for paper in case.documents if paper.received_on] == [keys[0]]


def test_a_draft_is_kept_and_offered_again(
    page: RenovationController, filing: FilingView, desk: Desk, qtbot: QtBot, front: Front, settled: Settled
) -> None:
    type_into(qtbot, filing, "applicant", "蔡兰刚")
    filing.form.toggle_work("walls.partition_remove", True)
    filing.form.answer("walls.partition_remove", "load_bearing", "no")
    QTest.qWait(900)  # drafts are saved a moment after the last key
    settled()
    again = RenovationController(desk)
    front(again.page)
    again.new_filing()
    settled()
    view = again.filing.view
    assert view.form.works == ()
    assert "draft" in view.form.notice.text()
    beside = (view.home.search, view.verdict)
    assert not any(part.isEnabled() for part in beside), "nothing is entered beside an earlier draft"
    [restore] = [b for b in view.form.notice.findChildren(QPushButton) if "Restore" in b.text()]
    restore.click()
    settled()
    assert all(part.isEnabled() for part in beside)
    assert view.form.values()["applicant"] == "蔡兰刚"
    assert view.home.address.text() == "福元小区2号楼501室"
    assert view.verdict.works.cards["walls.partition_remove"].chip.chip.text == "Allowed"


def test_leaving_an_unsaved_filing_asks_once(
    page: RenovationController, filing: FilingView, qtbot: QtBot, settled: Settled
) -> None:
    filing.cancel()
    settled()
    assert page.page.currentWidget() is page.list  # nothing was typed, so nothing is asked
    page.file_for(1)
    settled()
    filing.form.toggle_work(PAINT, True)
    qtbot.keyClick(filing.form, Qt.Key.Key_Escape)
    [question] = opened(Question)
    assert page.page.currentWidget() is filing
    question.buttons[1].click()  # do not save
    settled()
    assert page.page.currentWidget() is page.list


def test_saving_on_leaving_continues_to_the_target(
    page: RenovationController, filing: FilingView, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    filing.form.toggle_work(PAINT, True)
    for name, text in (
        ("applicant", "蔡兰刚"),
        ("applicant_phone", "13812345678"),
        ("ends_on", "2026-03-20"),
    ):
        type_into(qtbot, filing, name, text)
    filing.cancel()
    [question] = opened(Question)
    question.buttons[0].click()  # save
    settled()
    assert queries.list_cases(seat).total == 1
    assert page.page.currentWidget() is page.list
    assert not opened(PreviewDialog)


def test_an_open_case_of_the_home_leaves_the_columns_as_they_are(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    page.file_for(1)
    settled()
    view = page.filing.view
    window = page.page.window()
    while view.columns.count == 3:
        window.resize(window.width() - 8, window.height())
        settled()
        assert view.columns.minimumSizeHint().width() < window.width(), "three columns never end"
    window.resize(window.width() + 8, window.height())
    settled()
    assert view.columns.count == 3, "the narrowest window with three columns"
    file(seat, 1)
    page.show_list()
    settled()
    page.file_for(1)
    settled()
    [link] = view.home.cases.links.values()
    assert link.isVisible()
    assert view.columns.count == 3
