"""The list of renovations and the case page in use."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.records import RenovationCase, RenovationWork
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.works import Verdict
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.widgets.work import Worker
from tests.renovation.clerk import (
    PAINT,
    WALL,
    WATERPROOF,
    Front,
    Settled,
    add_home,
    await_preview,
    cell,
    file,
    opened,
    service_case,
    trail,
)
from tests.screen import masked

# --- the list ----------------------------------------------------------------------------------------


def test_an_empty_list_offers_the_first_filing(page: RenovationController, settled: Settled) -> None:
    [first] = [
        button
        for button in page.list.table.findChildren(QPushButton)
        if button.isVisible() and "filing" in button.text()
    ]
    first.click()
    settled()
    assert page.page.currentWidget() is page.filing.view
    assert page.filing.view.home.search.hasFocus()


def test_the_list_shows_cases_with_masked_applicants(
    page: RenovationController, seat: Seat, settled: Settled
) -> None:
    case = file(seat, 1, PAINT, WATERPROOF)
    page.list.table.refresh()
    settled()
    assert cell(page, 0, "number") == case.number == "ZX2026-0001"
    assert cell(page, 0, "address") == "福元小区2号楼501室"
    assert cell(page, 0, "applicant") == "蔡*"
    assert "1 more" in cell(page, 0, "works")
    assert cell(page, 0, "status") == "Registered"
    assert cell(page, 0, "missing").startswith(f"{sum(d.due == 'start' for d in case.documents)} ")
    assert cell(page, 0, "visit") == "none yet"


def test_the_list_is_narrowed_by_state_estate_and_typing(
    page: RenovationController, desk: Desk, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    other = add_home(seat, "富南大厦", "803室", "熊文静")
    file(seat, 1)
    file(seat, other, applicant="熊文静")
    desk.changes.emit(frozenset({"estate", "renovation_case"}))
    settled()
    table = page.list.table
    assert table.model.total == 2
    table.facets.choose("estate_id", 2)
    settled()
    assert [cell(page, row, "address") for row in range(table.model.total)] == ["富南大厦2号楼803室"]
    table.facets.choose("status", "under-way")
    settled()
    assert table.model.total == 0
    table.clear_filters()
    settled()
    assert (table.model.total, table.facets.values()) == (2, {})
    table.focus_filter()
    qtbot.keyClicks(table.filter, "xwj")
    settled()
    assert [cell(page, row, "applicant") for row in range(table.model.total)] == ["熊*"]
    qtbot.keyClick(table.filter, Qt.Key.Key_Return)
    settled()
    assert page.page.currentWidget() is page.case
    assert page.case.accessibleName() == "ZX2026-0002 富南大厦2号楼803室"


def test_the_shown_list_is_exported_masked(
    page: RenovationController,
    seat: Seat,
    qtbot: QtBot,
    settled: Settled,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    submit_export_order: Callable[..., None],
) -> None:
    file(seat, 1, PAINT, WATERPROOF)
    page.list.table.refresh()
    settled()
    target = tmp_path / "list.xlsx"
    choose_file(target)
    page.list.table.export_requested.emit(page.list.table.model.query)
    submit_export_order("核对", "某物业公司")
    settled()
    qtbot.waitUntil(target.exists, timeout=10_000)
    [sheet] = load_workbook(target).worksheets
    assert [sheet["A1"].value, sheet["A2"].value] == ["Purpose: 核对", "Receiver: 某物业公司"]
    header, row = ([field.value for field in line] for line in sheet.iter_rows(min_row=6, max_row=7))
    values = dict(zip(header, row, strict=True))
    assert values["Number"] == "ZX2026-0001"
    assert values["Applicant"] == "蔡*"
    assert values["State"] == "Registered"
    assert values["Works"].count(";") == 1
    assert isinstance(values["Documents"], int | float)
    assert len(trail(seat, "export")) == 1


def test_forms_and_sheets_are_printed_for_all_shown_or_for_the_chosen(
    page: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled, tmp_path: Path
) -> None:
    other = add_home(seat, "富南大厦", "803室", "熊文静")
    file(seat, 1)
    file(seat, other, applicant="熊文静")
    page.list.table.refresh()
    settled()
    page.print_menu.requested.emit("registration", None)
    dialog = await_preview(qtbot)
    assert len(dialog.preview.pdf.sizes) == 2
    assert dialog.preview.file_name == "Registration form-ZX2026-0001-ZX2026-0002.pdf"
    dialog.close()
    page.list.table.table.selectRow(0)
    action = next(
        entry
        for entry in page.print_menu.menu().actions()
        if entry.text().startswith("Inspection sheet of the 1")
    )
    action.trigger()
    dialog = await_preview(qtbot)
    assert len(dialog.preview.pdf.sizes) >= 1
    assert len(trail(seat, "print")) == 2, "a look at a preview takes no number"
    dialog.preview.save_to(tmp_path / "sheet.pdf")
    qtbot.waitUntil((tmp_path / "sheet.pdf").exists, timeout=20_000)
    assert dialog.preview.file_name.startswith("Inspection sheet-XCB-2026-000001-")
    dialog.close()
    assert len(trail(seat, "print")) == 3
    assert json.loads(trail(seat, "print")[-1].changes) == {"blank": True, "sheet": "XCB-2026-000001"}


def _copied(row: Record) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in row.__table__.columns
        if column.key not in ("id", "uid", "version")
    }


def test_all_chosen_cases_are_printed_even_those_that_are_not_in_memory(
    page: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    first = file(seat, 1)
    with seat.store.sessions() as session:  # a list of which only the first 200 rows are read
        row = session.get_one(RenovationCase, first.id)
        values, work = _copied(row), _copied(row.works[0])
        for serial in range(2, 231):
            number = f"ZX2026-{serial:04}"
            copy = RenovationCase(**{**values, "serial": serial, "number": number})
            session.add(copy)
            copy.works.append(RenovationWork(**{**work, "case_id": None}))
        session.commit()
    page.list.table.refresh()
    settled()
    page.list.table.table.selectAll()
    assert len(page.list.table.chosen_rows()) < 230
    texts = [entry.text() for entry in page.print_menu.menu().actions()]
    assert "Inspection sheets of the 230 chosen" in texts
    page.print_menu.menu().actions()[texts.index("Inspection sheets of the 230 chosen")].trigger()
    dialog = await_preview(qtbot)
    assert len(dialog.preview.pdf.sizes) == 230
    dialog.close()


def test_chosen_cases_that_moved_are_not_printed(
    page: RenovationController, seat: Seat, desk: Desk, settled: Settled
) -> None:
    file(seat, 1)
    other = add_home(seat, "富南大厦", "803室", "熊文静")
    page.list.table.refresh()
    settled()
    page.list.table.table.selectRow(0)
    file(seat, other, applicant="熊文静")  # before the page has heard of it
    page.print_menu.requested.emit("inspection", [(0, 1)])
    settled()
    assert "The list has changed meanwhile" in page.list.banner.text()
    assert page.list.table.chosen_ranges() == []


# --- one case ----------------------------------------------------------------------------------------


def test_the_page_opens_with_the_list_alone_until_a_case_is_opened(
    page: RenovationController, desk: Desk, seat: Seat, settled: Settled
) -> None:
    filed = file(seat, 1, PAINT)
    page.page.hide()
    page.page.show()
    page.show_list()
    desk.changes.emit(frozenset({"renovation_case", "visit", "operator"}))
    settled()
    assert page.page.count() == 1
    page.open_case(filed.id)
    settled()
    assert page.page.count() == 2
    assert page.case.facts.isVisible()
    assert "138****5678" in masked(page.case.facts), "the operator's rights hold at once"


@pytest.fixture
def case(page: RenovationController, seat: Seat, settled: Settled) -> CaseDetail:
    filed = file(seat, 1, PAINT, contractor="上海福元装饰工程有限公司", contractor_lead="史国强")
    page.open_case(filed.id)
    settled()
    return filed


def test_documents_are_received_with_one_click_and_can_be_undone(
    page: RenovationController, case: CaseDetail, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    key = case.documents[0].document
    page.case.papers.rows[key].today_button.click()
    settled()
    row = page.case.papers.rows[key]
    assert row.day.value() == seat.today()
    row.day.inner()[0].setFocus()
    row.day.set_value(date(2026, 3, 1))
    qtbot.keyClick(row.day.inner()[0], Qt.Key.Key_Return)
    settled()
    assert service_case(seat).documents[0].received_on == date(2026, 3, 1)
    row = page.case.papers.rows[key]
    row.day.set_value(date(2030, 1, 1))
    qtbot.keyClick(row.day.inner()[0], Qt.Key.Key_Return)
    settled()
    assert "future" in page.case.papers.rows[key].error.text()
    page.case.papers.rows[key].undo_button.click()
    settled()
    assert service_case(seat).documents[0].received_on is None
    assert page.case.papers.rows[key].today_button.isVisible()


def test_work_starts_once_no_obstacle_is_left(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    assert page.case.missing.chip.text == f"{len(case.documents)} missing to start"
    assert not page.case.obstacles.isVisible()  # the list of documents says it, and nothing above it moves
    assert "Missing" in page.case.acts.button("start").toolTip()
    assert not page.case.acts.button("start").isEnabled()
    for paper in case.documents:
        page.case.papers.rows[paper.document].today_button.click()
        settled()
    assert page.case.missing.chip.text == "complete to start"
    page.case.acts.button("start").click()
    [dialog] = opened(FormDialog)
    dialog.save_button.click()
    settled()
    assert page.case.status.chip.text == "Under way"
    assert not page.case.acts.button("start").isVisible()
    assert service_case(seat).status is CaseStatus.UNDER_WAY


def test_personal_values_are_masked_and_each_reveal_is_audited(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    assert {"138****5678", "史*"} < set(masked(page.case.facts))
    page.case.reveal_requested.emit("applicant_phone")
    settled()
    assert "13812345678" in masked(page.case.facts)
    assert "史*" in masked(page.case.facts)
    assert [entry.record_id for entry in trail(seat, "reveal")] == [case.id]


def test_a_changed_case_is_judged_again(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    page.case.acts.button("edit").click()
    settled()
    view = page.filing.view
    assert page.page.currentWidget() is view
    assert view.form.values()["applicant"] == "蔡兰刚"
    assert not view.form.is_dirty
    view.form.toggle_work(WALL, True)
    settled()
    view.save_button.click()
    settled()
    assert page.page.currentWidget() is page.case
    changed = service_case(seat)
    assert {work.work for work in changed.works} == {PAINT, WALL}
    assert changed.verdict in (Verdict.CHECK, Verdict.PROHIBITED)
    assert changed.number == case.number


def test_a_conflicting_change_is_reported_and_input_is_kept(
    page: RenovationController, case: CaseDetail, seat: Seat, settled: Settled
) -> None:
    page.case.acts.button("edit").click()
    settled()
    view = page.filing.view
    loaded = queries.case_for_edit(seat, case.id)
    cases.update_case(seat, case.id, loaded.version, replace(loaded.filing, remarks="电梯已保护"))
    view.form.set_value("remarks", "自己写的")
    view.save_button.click()
    settled()
    assert view.banner.tone == "error"
    assert view.form.values()["remarks"] == "自己写的"
    [reload] = [b for b in view.banner.findChildren(QPushButton) if b.text() == "Re&load"]
    reload.click()
    settled()
    assert view.form.values()["remarks"] == "电梯已保护"


def test_the_case_leads_to_visit_home_and_papers(
    page: RenovationController, case: CaseDetail, seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(page.visit_requested) as signal:
        page.case.acts.button("visit").click()
    [subject] = signal.args
    assert isinstance(subject, Subject)
    assert (subject.id, subject.number) == (case.id, case.number)
    with qtbot.waitSignal(page.home_requested) as signal:
        page.case.home_requested.emit()
    assert signal.args == [1]
    for kind in ("registration", "revealed", "inspection"):
        page.case.print_requested.emit(kind)
        dialog = await_preview(qtbot)
        dialog.preview.save_to(tmp_path / f"{kind}.pdf")
        qtbot.waitUntil((tmp_path / f"{kind}.pdf").exists, timeout=20_000)
        dialog.close()
        qtbot.waitUntil(lambda: not opened(PreviewDialog))
    details = [json.loads(entry.changes) for entry in trail(seat, "print")]
    assert [detail["revealed"] for detail in details if "revealed" in detail] == [False, True]
    assert [detail["sheet"] for detail in details if "sheet" in detail] == ["XCB-2026-000001"]


class _Visits(QObject):
    visit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page = QWidget()
        self.shown: list[int] = []

    def show_case(self, case_id: int) -> None:
        self.shown.append(case_id)


def test_visits_have_their_own_tab(
    page: RenovationController, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    visits = _Visits()
    page.use_visit_log(lambda: visits)
    case = file(seat, 1, PAINT)
    page.open_case(case.id)
    settled()
    assert visits.shown == []
    qtbot.keyClick(page.case, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert visits.shown == [case.id]
    with qtbot.waitSignal(page.visit_requested):
        visits.visit_requested.emit()


def test_changes_by_others_are_shown(
    page: RenovationController, case: CaseDetail, desk: Desk, settled: Settled
) -> None:
    paper = case.documents[0].document
    desk.run(cases.receive_document, case.id, paper, date(2026, 3, 2))
    settled()
    assert page.case.papers.rows[paper].undo_button.isVisible()


def test_a_deleted_case_is_reported(page: RenovationController, settled: Settled) -> None:
    page.open_case(99)
    settled()
    assert page.page.currentWidget() is page.list
    assert "no longer there" in page.list.banner.text()


def test_a_viewer_is_offered_no_actions(
    seat: Seat, seat_as: Callable[[Role], Seat], worker: Worker, front: Front, settled: Settled
) -> None:
    add_home(seat)
    case = file(seat, 1)
    viewer = Desk(seat_as(Role.VIEWER), worker)
    page = RenovationController(viewer)
    front(page.page)
    settled()
    assert not page.list.new_button.isVisible()
    page.new_filing()
    assert page.page.currentWidget() is page.list
    page.open_case(case.id)
    settled()
    assert not page.case.acts.isVisible()
    assert not page.case.undos.isVisible()
    assert not any(row.today_button.isVisible() for row in page.case.papers.rows.values())
    assert masked(page.case.facts) == []
    assert not any("full phone" in action.text() for action in page.case.menu().actions())
    viewer.close()


def test_the_list_is_searched_by_what_is_typed_when_the_page_opens(
    page: RenovationController, settled: Settled
) -> None:
    settled()
    assert page.list.table.filter.hasFocus()
    page.show_list()
    QTest.keyClick(page.list.table.table, Qt.Key.Key_2)
    assert page.list.table.filter.text() == "2"
