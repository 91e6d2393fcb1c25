"""Closing a case by keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.renovation.clerk import WATERPROOF, Settled, file, opened


def open_closing_dialog(qtbot: QtBot, page: RenovationController, settled: Settled, case_id: int) -> None:
    page.open_case(case_id)
    settled()
    page.case.acts.button("close").setFocus()
    qtbot.keyClick(page.case.acts.button("close"), Qt.Key.Key_Space)
    settled()


def test_a_case_never_started_can_only_be_withdrawn(
    qtbot: QtBot, page: RenovationController, seat: Seat, settled: Settled
) -> None:
    case = file(seat, 1)
    open_closing_dialog(qtbot, page, settled, case.id)
    (dialog,) = opened(FormDialog)
    combo = dialog.form.editor("outcome").inner()[0]
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(n) for n in range(1, combo.count())] == ["Withdrawn"]
    qtbot.keyClick(dialog.form.editor("closed_on").inner()[0], Qt.Key.Key_Return)
    settled()
    assert opened(FormDialog) == []
    closed = queries.case_detail(seat, case.id)
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
    assert page.case.undos.button("reopen").isVisible()
    assert not page.case.acts.button("visit").isVisible()
    page.show_list()
    settled()
    page.list.table.facets.choose("status", "closed")
    settled()
    assert (
        page.list.table.model.total
        == queries.list_cases(seat, BookQuery(facets={"status": "closed"})).total
        == 1
    )


def test_a_closed_case_is_read_only(page: RenovationController, seat: Seat, settled: Settled) -> None:
    case = file(seat, 1, WATERPROOF, starts_on=seat.today(), ends_on=seat.today())
    needed = [paper.document for paper in case.documents if paper.due is Due.START]
    cases.receive_documents(seat, case.id, needed, seat.today())
    page.open_case(case.id)
    settled()
    rows = page.case.papers.rows.values()

    def live() -> list[QWidget]:
        parts = [part for row in rows for part in (row.day, row.undo_button, row.today_button)]
        return [part for part in (*parts, page.case.all_button) if part.isVisible()]

    assert live()
    assert not page.case.locked.isVisible()
    cases.close_case(seat, case.id, Outcome.WITHDRAWN, seat.today(), "不装了")
    page.open_case(case.id)
    settled()
    assert live() == []
    assert "second person" in page.case.locked.text()
    assert page.case.locked.isVisible()


def test_a_missing_note_is_reported_beside_its_field(
    qtbot: QtBot, page: RenovationController, seat: Seat, settled: Settled
) -> None:
    case = file(seat, 1, starts_on=seat.today(), ends_on=seat.today())
    for paper in case.documents:
        cases.receive_document(seat, case.id, paper.document, seat.today())
    cases.start_work(seat, case.id)
    settled()
    open_closing_dialog(qtbot, page, settled, case.id)
    (dialog,) = opened(FormDialog)
    text = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "a second person must agree" in text
    dialog.form.set_value("outcome", Outcome.WITHDRAWN.value)
    dialog.form.submit()
    settled()
    assert set(dialog.form.errors()) == {"note"}
    assert dialog.isVisible()
    note = QApplication.focusWidget()
    assert note is not None
    qtbot.keyClicks(note, "given up")
    dialog.form.submit()
    settled()
    assert queries.case_detail(seat, case.id).closing_note == "given up"
