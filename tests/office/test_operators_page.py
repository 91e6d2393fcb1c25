"""The operators on the settings page: ending asks first, reactivating sets a password, both by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import LANGUAGES, use_language
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.settings import SettingsController
from fuyuan_desk.office.service.operators import OperatorView, list_operators, set_operator
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.conftest import PASSWORD
from tests.screen import button, shown, texts

NEW = "another-horse-10"


def clerk(seat: Seat) -> OperatorView:
    return next(view for view in list_operators(seat) if view.login == "clerk")


def opens(seat: Seat, password: str) -> bool:
    try:
        keyring.open_with_password(keyring.read(seat.store.folder), "clerk", password)
    except NotAllowed:
        return False
    return True


def made_page(qtbot: QtBot, desk: Desk) -> SettingsController:
    controller = SettingsController(desk, Preferences())
    qtbot.addWidget(controller.page)
    controller.page.resize(1000, 700)
    controller.page.show()
    qtbot.waitUntil(lambda: controller.page.operators.rowCount() == len(Role))
    controller.show_tab("operators")
    return controller


def select(controller: SettingsController, login: str) -> None:
    table = controller.page.operators
    logins = [table.item(row, 0).text() for row in range(table.rowCount())]
    table.setCurrentCell(logins.index(login), 0)


def acts(page: QWidget) -> list[str]:
    """Return the captions of the buttons below the operators that are shown."""
    words = ("Set a new password …", "Change the role …", "End …", "Reactivate …")
    found = [made.text().replace("&", "") for made in page.findChildren(QPushButton) if not made.isHidden()]
    return [caption for caption in found if caption in words]


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_ending_asks_with_her_name_and_says_what_still_opens(
    qtbot: QtBot, desk: Desk, seat: Seat, code: str
) -> None:
    use_language(code)
    made = made_page(qtbot, desk)
    select(made, "clerk")
    page, name = made.page, clerk(seat).name
    page.people.end_button.setFocus()
    qtbot.keyClick(page.people.end_button, Qt.Key.Key_Space)
    question = shown(Question)
    said = " ".join(texts(question))
    assert name in said
    assert {"en": "USB", "zh_CN": "U盘"}[code] in said
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not question.isVisible())
    assert clerk(seat).active
    qtbot.keyClick(page.people.end_button, Qt.Key.Key_Space)
    ends = {"en": f"End {name}", "zh_CN": f"停用{name}"}[code]
    button(shown(Question), ends).click()
    qtbot.waitUntil(lambda: name in page.banner.text(), timeout=10_000)
    assert not clerk(seat).active
    assert not opens(seat, PASSWORD)
    qtbot.waitUntil(page.people.reactivate_button.isVisible)
    assert not page.people.end_button.isVisible()
    assert page.focusWidget() is page.operators


def test_one_does_not_end_oneself(qtbot: QtBot, desk: Desk, seat: Seat) -> None:
    made = made_page(qtbot, desk)
    select(made, "admin")
    made.page.people.end_button.click()
    button(shown(Question), f"End {seat.operator.name}").click()
    qtbot.waitUntil(lambda: "another administrator" in made.page.banner.text(), timeout=10_000)


def test_an_ended_operator_is_reactivated_with_a_password(qtbot: QtBot, desk: Desk, seat: Seat) -> None:
    set_operator(seat, clerk(seat).id, Role.CLERK, False)
    made = made_page(qtbot, desk)
    table = made.page.operators
    select(made, "admin")
    assert acts(made.page) == ["Set a new password …", "Change the role …", "End …"]
    select(made, "clerk")
    assert acts(made.page) == ["Reactivate …"]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(isinstance(box, FormDialog) for box in QApplication.topLevelWidgets()))
    dialog = shown(FormDialog)
    assert rules.password_scope_text() in texts(dialog)
    form = dialog.form
    assert form.editor("role").value() == "clerk"
    form.set_values({"role": "reviewer", "password": "clerk2026", "again": "clerk2026"})
    form.submit()
    assert "operator name" in form.errors()["password"]
    form.set_values({"role": "viewer", "password": NEW, "again": NEW})
    form.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=10_000)
    assert clerk(seat).active
    assert clerk(seat).role is Role.VIEWER
    assert opens(seat, NEW)
    assert not opens(seat, PASSWORD)


def test_the_hint_refuses_what_the_service_refuses(qtbot: QtBot, desk: Desk) -> None:
    made = made_page(qtbot, desk)
    made.show_own_password()
    assert rules.password_scope_text() in texts(made.page)
    line = made.page.password.editor("password").inner()[0]
    for password, word in (
        ("woaini1314", "Many people"),
        ("admin-1234", "operator name"),
        (NEW, "Very good"),
    ):
        line.clear()
        qtbot.keyClicks(line, password)
        assert word in made.page.password.hint("password")
    made.page.password.mark_clean()
