"""What a clerk does on the pages of calls: finds somebody, records, goes from who is due to the form, marks many."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.calls.controller import DueController, MonthSheets, calls_page, record_call
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.service import calls
from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.many_dialog import ManyDialog
from fuyuan_desk.widgets.question import Question
from tests.calls.conftest import Office, tag
from tests.desks import wait_until_quiet
from tests.screen import button, shown

Front = Callable[[QWidget], None]
TODAY = date(2026, 3, 2)


@pytest.fixture
def page(office: Office, desk: Desk, front: Front, settled: Callable[[], None]) -> BookPage[CallFields]:
    made = calls_page(desk, None)
    front(made.page)
    settled()
    return made


def type_into(page: BookPage[CallFields], text: str) -> Any:
    """Type into the field that finds a resident, and return its editor."""
    editor = page.view.pane.form.editor("resident")
    editor.box.setFocus()
    editor.box.setText(text)
    return editor


def saved(office: Office, *days: int) -> list[int]:
    """Save a call on the first home for each day of February."""
    return [
        calls.save_call(
            office.seat, CallFields(date(2026, 2, day), resident=office.key("蔡兰刚"), staff="何斌")
        ).id
        for day in days
    ]


def test_a_call_is_recorded_by_typing_who_it_was_on(
    page: BookPage[CallFields], office: Office, settled: Callable[[], None]
) -> None:
    page.new_record()
    settled()
    form = page.view.pane.form
    assert form.editor("called_on").value() == TODAY
    assert form.editor("staff").value() == office.seat.operator.name
    assert not form.is_dirty
    editor = type_into(page, "qianlou")
    settled()
    QTest.keyClick(editor.box, Qt.Key.Key_Down)  # from the holder to her daughter
    QTest.keyClick(editor.box, Qt.Key.Key_Return)
    settled()
    assert editor.value() == office.key("沈文娟")
    assert "沈*" in editor.box.text()
    form.submit()
    settled()
    assert form.errors() == {}
    [line] = calls.find_calls(office.seat).rows
    assert line.fields.resident == office.key("沈文娟")
    assert editor.value() == office.key("沈文娟"), "it is shown as it was read back"


def test_what_is_typed_and_not_chosen_names_nobody(
    page: BookPage[CallFields], office: Office, settled: Callable[[], None]
) -> None:
    page.new_record()
    settled()
    editor = type_into(page, "前楼")
    settled()
    page.view.pane.form.submit()
    assert "Choose one of those found" in page.view.pane.form.errors()["resident"]
    editor.box.clear()
    page.view.pane.form.submit()
    settled()
    assert page.view.pane.form.errors() == {"estate_id": "Choose the resident, or at least the estate."}
    assert "neither a name" in page.view.pane.form.doubts()["resident"]


def test_a_draft_keeps_who_was_chosen(
    page: BookPage[CallFields], office: Office, desk: Desk, settled: Callable[[], None]
) -> None:
    record_call(desk, page, office.households["蔡兰刚"], office.daughter)
    settled()
    form = page.view.pane.form
    raw = form.raw()
    form.set_values({})
    form.set_raw(raw)
    assert form.editor("resident").value() == office.key("沈文娟")


def test_names_that_are_offered_are_added_to_those_typed(
    page: BookPage[CallFields], settled: Callable[[], None]
) -> None:
    page.new_record()
    settled()
    editor: Any = page.view.pane.form.editor("staff")
    editor.set_raw("某甲")
    editor.combo.setCurrentIndex(0)
    editor.combo.activated.emit(0)
    offered = editor.combo.itemText(0)
    assert editor.value() == f"某甲、{offered}"
    editor.combo.activated.emit(0)
    assert editor.value() == f"某甲、{offered}", "nobody is named twice"


def test_several_are_marked_as_entered(
    page: BookPage[CallFields], office: Office, settled: Callable[[], None]
) -> None:
    saved(office, 1, 2)
    page.view.table.refresh()
    settled()
    table = page.view.table.table
    how = QItemSelectionModel.SelectionFlag
    for row in (0, 1):
        table.selectionModel().select(table.model().index(row, 0), how.Select | how.Rows)
    settled()
    page.view.change_many_requested.emit()
    settled()
    dialog = shown(ManyDialog)
    dialog.form.editor("what").set_value("entered_on")
    dialog.form.editor("entered_on").set_value(TODAY)
    dialog.form.submit()
    settled()
    assert {line.fields.entered_on for line in calls.find_calls(office.seat).rows} == {TODAY}


def test_who_is_due_leads_to_the_form_filled(
    office: Office, desk: Desk, front: Front, settled: Callable[[], None]
) -> None:
    due = DueController(desk, None)
    front(due.page)
    asked: list[tuple[int, int]] = []
    due.call_requested.connect(lambda household, person: asked.append((household, person)))
    due.view.table.load()
    due.show_tag(office.weekly)
    settled()
    assert due.view.table.model.total == 1
    due.view.table.opened.emit(due.view.table.model.row(0))
    assert asked == [(office.households["蔡兰刚"], HOLDER)]
    tag(office.seat, office.households["蔡兰刚"], HOLDER)
    due.show_tag(office.weekly)
    settled()
    assert "nobody has it" in due.view.banner.text()


def test_a_month_is_written_and_marked_as_entered(
    page: BookPage[CallFields],
    office: Office,
    desk: Desk,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    settled: Callable[[], None],
    qtbot: QtBot,
) -> None:
    saved(office, 1, 2)
    sheets = MonthSheets(desk, page.view)
    sheets.dialog.form.set_value("month", 2)
    sheets.dialog.form.set_value("purpose", "录入")
    sheets.dialog.form.set_value("receiver", "本居委会")
    choose_file(tmp_path / "二月.xlsx")
    sheets.dialog.form.submit()
    wait_until_quiet(qtbot, lambda: desk.is_idle)
    assert load_workbook(tmp_path / "二月.xlsx").sheetnames == ["2月"]
    button(shown(Question), "Mark as entered").click()
    settled()
    assert [line.extra["entry"] for line in calls.find_calls(office.seat).rows] == ["done", "done"]


def test_the_tab_of_an_estate_lists_its_own(
    office: Office, desk: Desk, front: Front, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    [own] = saved(office, 1)
    calls.save_call(office.seat, CallFields(TODAY, resident=office.key("苏强平"), staff="何斌"))
    made = calls_page(desk, None, in_estate=True)
    front(made.page)
    made.show_estate(office.lane)
    wait_until_quiet(qtbot, lambda: desk.is_idle)
    assert [made.view.table.model.row(number).id for number in range(made.view.table.model.total)] == [own]
