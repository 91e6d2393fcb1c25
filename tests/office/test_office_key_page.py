"""The change of the office's key at the desk: offered, made with a second person, printed once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.controller.settings import SettingsController
from fuyuan_desk.office.service.office_key import Reason, key_history
from fuyuan_desk.office.view.office_key import KeyDialog
from fuyuan_desk.office.view.second import SecondDialog
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.widgets.question import Question
from tests.conftest import PASSWORD
from tests.desks import wait_until_quiet
from tests.office.test_operators_page import made_page, select
from tests.screen import button, shown

NEW = "another-horse-10"


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> SettingsController:
    """The settings page in front of its safety tab; the second person can be asked."""
    made = made_page(qtbot, desk)
    made.second = SecondController(desk, made.page)  # type: ignore[attr-defined] # kept as long as the page
    made.show_tab("safety")
    qtbot.waitUntil(lambda: made.page.key.state.text() != "")
    return made


def wait_for(qtbot: QtBot, kind: type) -> None:
    qtbot.waitUntil(
        lambda: any(isinstance(box, kind) and box.isVisible() for box in QApplication.topLevelWidgets()),
        timeout=20_000,
    )


def change(qtbot: QtBot, page: SettingsController) -> None:
    dialog = shown(KeyDialog)
    dialog.form.set_values({"reason": "lost", "old": PASSWORD, "password": NEW, "again": NEW})
    dialog.form.submit()
    wait_for(qtbot, SecondDialog)
    second = shown(SecondDialog)
    second.form.set_values({"second_login": "reviewer", "second_password": PASSWORD})
    second.form.submit()
    wait_for(qtbot, PreviewDialog)


def test_it_is_changed_with_a_second_person_and_shown_to_be_printed(
    qtbot: QtBot, desk: Desk, seat: Seat, page: SettingsController
) -> None:
    wanted: list[bool] = []
    page.key_changed.connect(lambda: wanted.append(True))
    former = seat.store.key
    button(page.page.key, "Change the key …").click()
    change(qtbot, page)
    assert seat.store.key != former
    assert wanted == [True]
    assert "was changed" in page.page.banner.text()
    qtbot.waitUntil(lambda: "last changed" in page.page.key.state.text())
    preview = shown(PreviewDialog)
    preview.close()  # not printed: nothing else keeps it
    question = shown(Question)
    button(question, "Show them again").click()
    wait_for(qtbot, PreviewDialog)
    again = shown(PreviewDialog)
    again.preview.printed.emit(2)
    again.close()
    wait_until_quiet(qtbot, lambda: True)
    assert not any(isinstance(box, Question) and box.isVisible() for box in QApplication.topLevelWidgets())


def test_a_wrong_password_stands_at_its_field_and_nothing_is_changed(
    qtbot: QtBot, seat: Seat, page: SettingsController
) -> None:
    former = seat.store.key
    page.change_key(Reason.ENDED)
    dialog = shown(KeyDialog)
    assert dialog.form.editor("reason").value() == "ended"
    dialog.form.set_values({"reason": "ended", "old": "wrong-horse-1", "password": NEW, "again": "other"})
    dialog.form.submit()
    assert "again" in dialog.form.errors()
    dialog.form.set_values({"reason": "ended", "old": "wrong-horse-1", "password": NEW, "again": NEW})
    dialog.form.submit()
    qtbot.waitUntil(lambda: "old" in dialog.form.errors(), timeout=10_000)
    assert dialog.save_button.isEnabled()
    dialog.form.mark_clean()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert seat.store.key == former


def test_nobody_agrees_and_the_dialog_can_be_used_again(
    qtbot: QtBot, seat: Seat, page: SettingsController
) -> None:
    page.change_key(Reason.LOST)
    dialog = shown(KeyDialog)
    dialog.form.set_values({"reason": "lost", "old": PASSWORD, "password": NEW, "again": NEW})
    dialog.form.submit()
    wait_for(qtbot, SecondDialog)
    qtbot.keyClick(shown(SecondDialog), Qt.Key.Key_Escape)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert dialog.form.editor("password").value() == NEW
    dialog.form.mark_clean()
    dialog.reject()
    assert key_history(seat).changed is None


def test_it_is_offered_when_an_operator_was_ended(qtbot: QtBot, page: SettingsController) -> None:
    page.show_tab("operators")
    select(page, "clerk")
    page.page.people.end_button.click()
    button(shown(Question), "End 某clerk").click()
    qtbot.waitUntil(lambda: "某clerk" in page.page.banner.text(), timeout=10_000)
    wait_for(qtbot, Question)
    button(shown(Question), "Change the key …").click()
    assert shown(KeyDialog).form.editor("reason").value() == "ended"
    assert page.shown_tab == "safety"
    shown(KeyDialog).form.mark_clean()
    shown(KeyDialog).reject()
