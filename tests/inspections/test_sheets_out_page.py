"""Sheets out and in, as a clerk does it: choose and print, write off, scan, type the results by number keys."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.inspections.controller.entry import DRAFT
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.rounds import RoundsController
from fuyuan_desk.inspections.controller.sheets_out import SheetsController
from fuyuan_desk.inspections.rules.visits import Result
from fuyuan_desk.inspections.service import batches, rounds, sheets_out
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.page_data import Sheets, number_papers
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.view.batch import BatchDialog
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.dialogs import FormDialog
from tests import screen
from tests.inspections.test_rounds import PLAN, TODAY, at
from tests.paper import pdf

Settled = Callable[[], None]
Front = Callable[[QWidget], None]


@pytest.fixture
def planned(seat: Seat, two_estates: tuple[int, int]) -> int:
    """A plan of two estates on Mondays and Thursdays, on time a day late."""
    return plans.save_plan(seat, PLAN).id


@pytest.fixture
def printed(seat: Seat, planned: int) -> Sheets:
    """The sheets of today, printed yesterday evening."""
    evening = at(seat, TODAY - timedelta(days=1), 18)
    ids = [one.id for one in batches.rounds_to_print(evening, TODAY, TODAY)]
    return number_papers(evening, batches.round_previews(evening, ids))


@pytest.fixture
def rounds_page(desk: Desk, planned: int, front: Front, settled: Settled) -> RoundsController:
    made = RoundsController(desk)
    front(made.page)
    settled()
    return made


@pytest.fixture
def out_page(desk: Desk, printed: Sheets, front: Front, settled: Settled) -> SheetsController:
    made = SheetsController(desk)
    front(made.page)
    settled()
    return made


def lines(dialog: BatchDialog) -> list[QTreeWidgetItem]:
    people = [dialog.tree.topLevelItem(number) for number in range(dialog.tree.topLevelItemCount())]
    return [
        person.child(row) for person in people if person is not None for row in range(person.childCount())
    ]


def test_the_sheets_of_a_day_are_chosen_previewed_and_printed_once(
    rounds_page: RoundsController, settled: Settled, seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    rounds_page.print_button.click()
    settled()
    dialog = screen.shown(BatchDialog)
    places = [line.text(0) for line in lines(dialog)]
    assert places == ["南昌路168弄　Whole estate", "富南大厦　Whole estate"]
    lines(dialog)[0].setCheckState(0, Qt.CheckState.Unchecked)
    screen.button(dialog, "Preview 1 sheet").click()
    settled()
    preview = rounds_page.batches.papers.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None)
    assert sheets_out.list_sheets(seat).total == 0, "a look takes no number"
    document = preview.preview.pdf
    assert document is not None
    assert "交接单" in pdf.flat(Printed(document.raw, len(document.sizes), ()), 1)
    preview.preview.save_to(tmp_path / "sheets.pdf")
    qtbot.waitUntil((tmp_path / "sheets.pdf").exists, timeout=20_000)
    settled()
    (line,) = sheets_out.list_sheets(seat).rows
    with PdfDocument(tmp_path / "sheets.pdf") as saved:
        pages = [saved[number].get_textpage().get_text_range() for number in range(len(saved))]
    assert [line.fields.number in text for text in pages] == [True, True], "the list, then the sheet"
    preview.close()


def test_what_is_printed_is_not_ticked_again_by_itself(
    rounds_page: RoundsController, printed: Sheets, settled: Settled
) -> None:
    rounds_page.print_button.click()
    settled()
    dialog = screen.shown(BatchDialog)
    assert dialog.chosen() == ()
    assert "2 sheets are printed already" in dialog.note.text()
    assert [line.text(3) for line in lines(dialog)] == [sheet.number for sheet in printed.sheets]
    dialog.again_button.click()
    assert len(dialog.chosen()) == 2
    assert dialog.again_button.isHidden()
    screen.button(dialog, "Next week").click()
    settled()
    assert len(dialog.chosen()) == 4
    dialog.days.set_value("last", TODAY - timedelta(days=9))
    settled()
    assert "Choose the first and the last day" in dialog.days.errors()["last"]
    assert not dialog.print_button.isEnabled()
    dialog.reject()


def test_who_has_what_is_a_filter_and_a_lost_sheet_is_written_off(
    out_page: SheetsController, settled: Settled, seat: Seat
) -> None:
    table = out_page.view.table
    assert table.facets.values() == {"state": "out"}
    assert table.model.total == 2
    out_page.show_of(1)
    settled()
    assert table.facets.values() == {"state": "out", "lead": "何斌"}
    table.table.selectAll()
    assert out_page.withdraw_button.isEnabled()
    assert not out_page.take_back_button.isEnabled()
    table.table.selectRow(0)
    out_page.withdraw_button.click()
    settled()
    dialog = screen.shown(FormDialog)
    dialog.form.set_value("why", "lost")
    dialog.form.submit()
    settled()
    assert "when and where" in dialog.form.errors()["note"]
    dialog.form.set_value("note", "雨中")
    dialog.form.submit()
    settled()
    assert table.model.total == 1
    table.clear_filters()
    settled()
    table.table.selectRow(1)
    assert out_page.take_back_button.isEnabled()
    out_page.take_back_button.click()
    settled()
    assert sheets_out.list_sheets(seat, BookQuery(facets={"state": "out"})).total == 2


def test_a_viewer_sees_what_is_out_and_writes_nothing_off(
    desk_as: Callable[[Role], Desk], printed: Sheets, front: Front, settled: Settled
) -> None:
    made = SheetsController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert made.view.table.model.total == 2
    assert made.withdraw_button.isHidden()
    assert made.take_back_button.isHidden()


def scan(page: InspectionsController, text: str, settled: Settled) -> None:
    """Type into the rows what a scanner types, ending with Enter."""
    page.show_log()
    page.log.table.table.setFocus()
    for character in text:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, character)
    QTest.keyClick(page.log.table.filter, Qt.Key.Key_Return)
    settled()


def test_a_scanned_sheet_opens_with_all_that_is_known_and_is_typed_by_number_keys(
    page: InspectionsController, printed: Sheets, settled: Settled, seat: Seat
) -> None:
    sheet = printed.sheets[0]
    scan(page, f"FYT1:IS:{sheet.number}:{sheet.uid.upper()}:1", settled)
    view = page.entry.view
    form = view.form
    assert view.isVisible()
    assert form.sheet() == sheet.number
    assert form.editor("inspectors").value() == "何斌"
    assert form.day() == TODAY
    assert "round of 2026-03-02, taken by 何斌" in form.hint("sheet")
    assert page.log.table.filter.text() == ""
    keys = 0
    total = len(view.checklist.checklist.items) if view.checklist.checklist is not None else 0
    for number in range(total):
        focused = QApplication.focusWidget()
        assert focused is not None
        if number == 3:
            QTest.keyClick(focused, Qt.Key.Key_2)
            remark = QApplication.focusWidget()
            assert remark is not None
            QTest.keyClicks(remark, "2F door")
            QTest.keyClick(remark, Qt.Key.Key_Return)
            keys += 9
        else:
            QTest.keyClick(focused, Qt.Key.Key_3 if number == 5 else Qt.Key.Key_1)
            keys += 1
    assert keys == total + 8
    found = view.checklist.findings()
    assert [one.result for one in found].count(Result.PASS) == total - 2
    form.set_value("handling", "on-the-spot")
    form.submit()
    settled()
    (line,) = rounds.list_rounds(seat, BookQuery(facets={"outcome": "done"})).rows
    assert line.fields.visit_id is not None
    assert visit_detail(seat, line.fields.visit_id).sheet == sheet.number


def test_a_time_that_nobody_knows_stays_empty(
    page: InspectionsController, printed: Sheets, settled: Settled, desk: Desk
) -> None:
    desk.attach_seat(at(desk.seat, TODAY + timedelta(days=2)))
    page.log_round(1)  # a round whose sheet is out is logged from that sheet
    settled()
    form = page.entry.view.form
    assert form.sheet() == printed.sheets[0].number
    assert form.day() == TODAY
    assert form.editor("time").is_empty()
    page.entry.view.checklist.answer_rest()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert form.editor("time").isAncestorOf(focused)
    form.set_value("time", "08:00")
    form.submit()
    settled()
    assert "printed" not in "".join(form.errors().values())


def test_what_was_typed_of_a_sheet_survives_the_death_of_the_program(
    page: InspectionsController,
    printed: Sheets,
    settled: Settled,
    desk: Desk,
    front: Front,
    qtbot: QtBot,
    seat: Seat,
) -> None:
    scan(page, printed.sheets[1].number, settled)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: drafts.load_draft(seat, DRAFT) is not None)
    settled()
    kept = drafts.load_draft(seat, DRAFT)
    assert kept is not None
    again = InspectionsController(desk)  # as after a start: nothing of the page before is known
    front(again.page)
    settled()
    again.reopen(DRAFT)
    settled()
    screen.button(again.entry.view.form, "Restore").click()
    settled()
    form = again.entry.view.form
    assert form.sheet() == printed.sheets[1].number
    assert len(again.entry.view.checklist.findings()) == 1
    again.entry.view.checklist.answer_rest()
    form.submit()
    settled()
    (line,) = rounds.list_rounds(seat, BookQuery(facets={"outcome": "done"})).rows
    assert line.fields.subject == "富南大厦"


def test_a_sheet_that_was_entered_or_written_off_says_so(
    page: InspectionsController, printed: Sheets, settled: Settled, seat: Seat
) -> None:
    first, second = (sheet.number for sheet in printed.sheets)
    scan(page, first, settled)
    page.entry.view.checklist.answer_rest()
    page.entry.view.form.submit()
    settled()
    scan(page, first, settled)
    assert "entered already" in page.detail.banner.text()
    sheets_out.withdraw_sheets(seat, [2], "lost", "雨中")
    scan(page, second, settled)
    assert "was written off: Lost" in page.log.banner.text()
    screen.button(page.log, "Take it back and enter it").click()
    settled()
    assert page.entry.view.form.sheet() == second
    page.entry.view.form.mark_clean()
    scan(page, "XCB-2026-000099", settled)
    assert "No sheet XCB-2026-000099" in page.log.banner.text()
    assert page.log.table.filter.selectedText() == "XCB-2026-000099"


@pytest.mark.parametrize("typed", ["1", "2026000001", "XCB 2026000001"])
def test_the_digits_of_a_number_open_a_sheet_on_the_list_of_sheets(
    out_page: SheetsController, settled: Settled, typed: str
) -> None:
    opened: list[int] = []
    out_page.sheet_opened.connect(opened.append)
    box = out_page.view.table.filter
    box.setFocus()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    settled()
    assert opened == [1]


def test_digits_stay_a_filter_on_the_list_of_visits(page: InspectionsController, settled: Settled) -> None:
    page.log.table.filter.setFocus()
    QTest.keyClicks(page.log.table.filter, "1")
    QTest.keyClick(page.log.table.filter, Qt.Key.Key_Return)
    settled()
    assert page.log.table.filter.text() == "1"
    assert page.page.currentWidget() is page.log
