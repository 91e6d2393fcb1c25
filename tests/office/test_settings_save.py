"""The settings are saved together, leaving asks once, and a dialog returns to its tab with the result told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QTableWidget, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.records import OfficeRow
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.controller.settings import SettingsController
from fuyuan_desk.office.service.settings import (
    change_settings,
    list_streets,
    read_calendar_text,
    read_settings,
)
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.work import Worker
from tests.conftest import PASSWORD
from tests.desks import wait_until_quiet

Front = Callable[[QWidget], None]
GROUPS = (("records", "Registers", [("estates", "Estates"), ("facilities", "Facilities")]),)


@pytest.fixture
def made(desk: Desk, front: Front, qtbot: QtBot, worker: Worker) -> SettingsController:
    """The administrator's settings page."""
    page = SettingsController(desk, Preferences(language="en"), GROUPS)
    front(page.page)
    wait_until_quiet(qtbot, lambda: worker.is_idle)
    return page


def quiet(qtbot: QtBot, worker: Worker) -> None:
    wait_until_quiet(qtbot, lambda: worker.is_idle)
    qtbot.wait(20)
    wait_until_quiet(qtbot, lambda: worker.is_idle)


def test_the_page_opens_with_its_first_tab_alone(
    made: SettingsController, desk: Desk, qtbot: QtBot, worker: Worker
) -> None:
    def parts() -> list[bool]:
        kinds = (QPlainTextEdit, QTableWidget, ProgressPanel)
        return [bool(made.page.findChildren(kind)) for kind in kinds]

    desk.changes.emit(frozenset({"office", "operator", "street"}))
    quiet(qtbot, worker)
    made.discard()
    assert not made.has_unsaved
    assert parts() == [False, False, False]
    made.show_tab("office")
    assert parts() == [True, False, False]
    assert made.page.office.isVisible()
    assert made.page.office.editor("name").value() == read_settings(desk.seat).name
    assert not made.has_unsaved
    made.show_tab("operators")
    assert parts() == [True, True, False]
    assert made.page.operators.rowCount() > 0
    made.show_tab("safety")
    assert parts() == [True, True, True]


def test_one_save_saves_every_tab(made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat) -> None:
    page = made.page
    hidden: list[frozenset[str]] = []
    made.pages_hidden.connect(hidden.append)
    assert not page.save_button.isEnabled()
    assert page.state.text() == ""
    page.office.set_value("phone", "021-12345678")
    page.pages.set_value("records", ["estates"])
    page.lists["streets"].lines.setPlainText("1 瑞金二路街道\n2 五里桥街道")
    assert page.state.text() == "Not saved yet: Pages shown, Office, Streets to choose from"
    page.save_button.click()
    quiet(qtbot, worker)
    assert read_settings(seat).phone == "021-12345678"
    assert {street.name for street in list_streets(seat)} == {"瑞金二路街道", "五里桥街道"}
    assert hidden == [frozenset({"facilities"})]
    assert not made.has_unsaved
    assert page.state.text() == ""


def test_ctrl_s_in_one_tab_saves_the_others(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat
) -> None:
    made.page.office.set_value("phone", "021-12345678")
    made.page.pages.set_value("records", ["estates"])
    made.page.tabs.setCurrentIndex(0)
    inner = made.page.pages.editor("records").inner()[0]
    inner.setFocus()
    qtbot.keyClick(inner, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    quiet(qtbot, worker)
    assert read_settings(seat).phone == "021-12345678"
    assert not made.has_unsaved


def test_the_pages_are_made_anew_only_once_the_other_tabs_are_saved(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat
) -> None:
    stored: list[tuple[str, int]] = []
    made.language_requested.connect(
        lambda _language: stored.append((read_settings(seat).phone, len(list_streets(seat))))
    )
    made.page.office.set_value("phone", "021-61112222")
    made.page.lists["streets"].lines.setPlainText("1 瑞金二路街道\n2 五里桥街道")
    made.page.pc.set_value("large_text", True)
    inner = made.page.pc.editor("large_text").inner()[0]
    inner.setFocus()
    qtbot.keyClick(inner, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    quiet(qtbot, worker)
    assert stored == [("021-61112222", 2)]


@pytest.mark.parametrize(("name", "wrong"), [("phone", "021-123"), ("idle_minutes", "99999")])
def test_an_error_in_another_tab_is_shown_and_no_page_is_made_anew(
    made: SettingsController, desk: Desk, qtbot: QtBot, worker: Worker, name: str, wrong: str
) -> None:
    anew: list[str] = []
    said: list[str] = []
    made.language_requested.connect(anew.append)
    desk.notified.connect(said.append)
    made.page.office.editor(name).set_raw(wrong)
    made.page.pages.set_value("records", ["estates"])
    made.page.pc.set_value("large_text", True)
    made.page.tabs.setCurrentIndex(0)
    made.page.pc.submit()
    quiet(qtbot, worker)
    assert list(made.page.office.errors()) == [name]
    assert made.shown_tab == "office"
    assert made.page.office.focused_field == name
    assert made.page.state.text() == "Not saved yet: This PC, Office"
    assert (anew, "Saved." in said) == ([], False), "nothing is said to be saved while something is not"


def test_a_message_of_two_lines_leaves_the_field_whole(made: SettingsController, qtbot: QtBot) -> None:
    use_language("zh_CN")
    page = made.page
    page.resize(1116, 640)
    page.tabs.show_key("office")
    page.office.show_errors({"phone": phone_fault("021-123")})
    row = page.office.editor("phone").parentWidget()
    assert row is not None
    qtbot.waitUntil(lambda: row.height() >= row.heightForWidth(row.width()))
    inner = page.office.editor("phone").inner()[0]
    assert inner.height() >= inner.minimumSizeHint().height()


def test_saved_is_not_said_beside_what_is_not_saved(
    made: SettingsController, desk: Desk, qtbot: QtBot, worker: Worker
) -> None:
    said: list[str] = []
    desk.notified.connect(said.append)
    made.page.office.set_value("phone", "021-12345678")
    made.page.save()
    quiet(qtbot, worker)
    assert said[-1] == "Saved."
    made.page.office.set_value("phone", "021-87654321")
    assert said[-1] == ""


def test_an_invalid_value_keeps_the_page_unsaved(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat
) -> None:
    made.page.office.set_value("name", "")
    made.page.pages.set_value("records", ["estates"])
    made.page.save_button.click()
    quiet(qtbot, worker)
    assert made.page.state.text() == "Not saved yet: Office"
    assert read_settings(seat).name


def test_what_is_no_telephone_is_refused_at_its_field(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat
) -> None:
    made.page.office.set_value("phone", "6437")
    made.page.save_button.click()
    quiet(qtbot, worker)
    assert "6437 is not a telephone number" in made.page.office.errors()["phone"]
    assert read_settings(seat).phone == ""
    made.page.office.set_value("phone", "")
    made.page.office.set_value("district", "某区")
    made.page.save_button.click()
    quiet(qtbot, worker)
    assert read_settings(seat).district == "某区"


def test_a_telephone_that_is_stored_already_is_not_judged_again(seat: Seat) -> None:
    with seat.store.use() as session:  # as earlier versions stored it
        session.info[audit.ACTOR] = "admin"
        session.scalars(select(OfficeRow)).one().phone = "6437"
        session.commit()
    change_settings(seat, replace(read_settings(seat), district="某区"))
    assert read_settings(seat).district == "某区"
    with pytest.raises(InvalidInput):
        change_settings(seat, replace(read_settings(seat), phone="64370"))


@pytest.mark.parametrize(("button", "saved", "went"), [(0, "021-12345678", 1), (1, "", 1), (2, "", 0)])
def test_leaving_asks_once(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat, button: int, saved: str, went: int
) -> None:
    made.page.office.set_value("phone", "021-12345678")
    made.page.lists["streets"].lines.setPlainText("1 瑞金二路街道")
    left: list[int] = []
    made.leave(lambda: left.append(1))
    [question] = made.page.findChildren(Question)
    question.buttons[button].click()
    quiet(qtbot, worker)
    assert len(left) == went
    assert read_settings(seat).phone == saved
    assert made.has_unsaved == (not went)


def test_adding_an_operator_returns_to_her_tab_and_tells(
    made: SettingsController, qtbot: QtBot, worker: Worker
) -> None:
    page = made.page
    page.tabs.setCurrentIndex(2)
    page.add_operator_requested.emit()
    qtbot.waitUntil(lambda: bool(page.findChildren(FormDialog)))
    [dialog] = page.findChildren(FormDialog)
    for name, value in (("login", "new"), ("name", "某新人"), ("password", PASSWORD), ("again", PASSWORD)):
        dialog.form.set_value(name, value)
    dialog.form.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=30_000)
    quiet(qtbot, worker)
    assert page.tabs.currentIndex() == 2
    assert page.banner.text() == "某新人 was added and can sign in."
    assert "某新人" in {
        item.text() for row in range(page.operators.rowCount()) if (item := page.operators.item(row, 1))
    }


def test_the_rule_of_a_password_stands_there_before_it_is_broken(made: SettingsController) -> None:
    form = made.page.password
    assert form.hint("password") == "At least 8 characters; a short sentence is good."
    form.set_value("password", "abc-Rhubarb-1234")
    assert form.hint("password") == "Very good."
    form.set_value("again", "abc")
    assert form.hint("again") == "Not the same yet."
    form.set_value("again", "abc-Rhubarb-1234")
    assert form.hint("again") == "Both are the same."


def test_a_wrong_line_of_the_calendar_is_told_and_stays_to_be_mended(
    made: SettingsController, qtbot: QtBot, worker: Worker, seat: Seat
) -> None:
    made.show_tab("office")
    calendar = made.page.lists["calendar"]
    before = calendar.text
    assert before.startswith("2025 ")
    calendar.lines.setPlainText(f"{before}\n2028 通知\n13-01 元旦")
    made.page.save_button.click()
    quiet(qtbot, worker)
    assert "2028 has no such day" in made.page.banner.text()
    assert made.has_unsaved
    calendar.lines.setPlainText(f"{before}\n2028 通知\n01-01 元旦")
    made.page.save_button.click()
    quiet(qtbot, worker)
    assert not made.has_unsaved
    assert read_calendar_text(seat).endswith("2028 通知\n01-01 元旦")
