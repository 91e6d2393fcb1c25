"""Making a reviewer at the desk: the second agrees, is refused, or there is none and the office says so once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import LANGUAGES, use_language
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.controller.settings import SettingsController
from fuyuan_desk.office.service.operators import add_operator, list_operators, set_operator
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.view.second import SecondDialog
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.work import Worker
from tests.access.made import by, id_of, noted
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.renovation.clerk import Settled
from tests.screen import button, shown, texts

NEW = "another-horse-10"


class Page:
    """The settings page with its operators, and the dialog of the second person."""

    def __init__(self, qtbot: QtBot, desk: Desk, settled: Settled) -> None:
        self.bot, self.settled = qtbot, settled
        self.made = SettingsController(desk, Preferences())
        self.second = SecondController(desk, self.made.page)
        qtbot.addWidget(self.made.page)
        self.made.page.resize(1000, 700)
        self.made.page.show()
        settled()
        self.made.show_tab("operators")
        settled()

    def type_reviewer(self, login: str = "li", name: str = "李四") -> FormDialog:
        """Fill in the form of a new reviewer and save it."""
        self.made.page.add_operator_requested.emit()
        self.settled()
        dialog = shown(FormDialog)
        dialog.form.set_values(
            {"login": login, "name": name, "role": "reviewer", "estates": (), "password": NEW, "again": NEW}
        )
        dialog.form.submit()
        self.settled()
        return dialog

    def sign(self, login: str) -> None:
        """Type the second person's name and password, and press Enter."""
        for field, typed in (("second_login", login), ("second_password", PASSWORD)):
            line = self.asked.form.editor(field).inner()[0]
            line.clear()
            self.bot.keyClicks(line, typed)
        self.bot.keyClick(line, Qt.Key.Key_Return)
        self.settled()

    @property
    def asked(self) -> SecondDialog:
        assert self.second.dialog is not None
        return self.second.dialog


def said(dialog: FormDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def logins(seat: Seat) -> list[str]:
    return [view.login for view in list_operators(seat)]


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, settled: Settled) -> Page:
    return Page(qtbot, desk, settled)


def test_a_reviewer_is_added_by_two(page: Page, seat: Seat) -> None:
    dialog = page.type_reviewer()
    assert "Make or reset an administrator or reviewer: 李四" in said(page.asked)
    assert "li" not in logins(seat)
    page.sign("reviewer")
    assert page.second.dialog is None
    assert not dialog.isVisible()
    assert "li" in logins(seat)
    assert "李四 was added" in page.made.page.banner.text()
    # nobody asks to declare anything in an office of several
    assert not page.made.page.people.single_person.isVisible()


def test_whom_one_made_alone_is_refused_beside_the_name(page: Page, seat: Seat) -> None:
    add_operator(seat, "chen", "陈红", Role.CLERK, PASSWORD, CHEAP)
    set_operator(by(seat, "reviewer"), id_of(seat, "chen"), Role.REVIEWER, True)
    page.settled()
    dialog = page.type_reviewer()
    page.sign("chen")
    error = page.asked.form.errors()["second_login"]
    assert error.startswith("You gave 陈红 this access or a password")
    assert "may agree for you from 20" in error
    assert dialog.isVisible()
    assert "li" not in logins(seat)
    page.sign("reviewer")
    assert "li" in logins(seat)


def test_cancelling_keeps_what_was_typed(page: Page, seat: Seat) -> None:
    dialog = page.type_reviewer()
    page.bot.keyClick(page.asked, Qt.Key.Key_Escape)
    page.settled()
    assert dialog.isVisible()
    assert dialog.form.editor("name").value() == "李四"
    assert "li" not in logins(seat)
    dialog.form.mark_clean()
    dialog.reject()


# --- a single-person office ----------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Seat]:
    """The administrator of an office with nobody else."""
    settings = OfficeSettings("福元居民委员会")
    seat = set_up_office(tmp_path / "alone", settings, "wang", "王芳", PASSWORD, RECOVERY, CHEAP)
    yield seat
    seat.store.close()


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_who_is_alone_finds_the_way_declares_it_and_takes_it_back(
    qtbot: QtBot, alone: Seat, worker: Worker, code: str
) -> None:
    use_language(code)
    words = {
        "en": (
            "Nobody may agree at present",
            "Declare …",
            "Declare a single-person office",
            "Take the declaration back",
        ),
        "zh_CN": ("现在没有人能复核", "声明单人办公…", "声明单人办公", "取消声明"),
    }[code]
    desk = Desk(alone, worker)

    def settled() -> None:
        qtbot.waitUntil(lambda: desk.is_idle)
        qtbot.wait(30)
        qtbot.waitUntil(lambda: desk.is_idle)

    page = Page(qtbot, desk, settled)
    dialog = page.type_reviewer()
    assert words[0] in said(page.asked)
    page.bot.keyClick(page.asked, Qt.Key.Key_Escape)
    settled()
    dialog.form.mark_clean()
    dialog.reject()
    part = page.made.page.people.single_person
    assert part.isVisible()
    assert part.button.text().replace("(&D)", "").replace("&", "") == words[1]
    part.button.setFocus()
    qtbot.keyClick(part.button, Qt.Key.Key_Space)
    button(shown(Question), words[2]).click()
    settled()
    assert noted(alone, "single_person") == [("wang", {"declared": True})]
    assert read_settings(alone).heading.endswith("福元居民委员会（单人办公）")
    assert part.isVisible()
    assert part.button.text().replace("(&T)", "").replace("&", "") == words[3]
    dialog = page.type_reviewer()
    assert page.second.dialog is None
    assert "li" in logins(alone)
    assert [detail["act"] for _who, detail in noted(alone, "alone")] == ["operator"]
    # she may agree in a week, which stands there
    assert "李四" in part.text.text()
    part.button.click()
    settled()
    assert noted(alone, "single_person")[-1] == ("wang", {"declared": False})
    assert read_settings(alone).heading.endswith("福元居民委员会")
    assert any(part.text.text() == text for text in texts(page.made.page))
    desk.close()
