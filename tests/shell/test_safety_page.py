"""Backups in the whole window: their age, the last one on closing, and the restore wizard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.backups.controller.restore import RestoreController
from fuyuan_desk.backups.service import backups, sticks
from fuyuan_desk.backups.view.age import BackupAge
from fuyuan_desk.office.service import sign_in as office_sign_in
from fuyuan_desk.office.service.settings import Street, change_streets
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.store.layout import is_store
from tests.conftest import PASSWORD
from tests.desks import wait_until_quiet
from tests.windows import MakeWindow, at_desk, sign_in


@pytest.fixture(autouse=True)
def no_drives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ignore the drives of the PC that runs the tests."""
    monkeypatch.setattr(sticks, "present_drives", lambda: ())


@pytest.fixture
def open_desk(qtbot: QtBot, open_window: MakeWindow, folder: Path) -> Iterator[Callable[[str], MainWindow]]:
    def sign_in_as(login: str) -> MainWindow:
        window = open_window(store=str(folder), last_login=login)
        window.schedules_backups = True
        sign_in(qtbot, window)
        qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
        quiet(qtbot, window)
        windows.append(window)
        return window

    windows: list[MainWindow] = []
    yield sign_in_as
    for window in windows:
        if window.open_desk is not None:
            window.open_desk.backup_scheduler.is_automatic = False  # nobody waits for its last backup


def quiet(qtbot: QtBot, window: MainWindow) -> None:
    wait_until_quiet(
        qtbot, lambda: window.worker.is_idle and (window.open_desk is None or window.open_desk.is_idle)
    )


def backups_of(folder: Path) -> list[Path]:
    place = folder.with_name(f"{folder.name}-backup")
    return sorted(path for path in place.glob("fuyuan-backup-*/2*") if path.is_dir())


def test_closing_backs_up_what_changed_and_then_closes(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow], folder: Path
) -> None:
    window = open_desk("admin")
    assert backups_of(folder) == []
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.open_desk is None
    assert len(backups_of(folder)) == 1
    office_sign_in.sign_in(folder, "admin", PASSWORD).store.close()


def test_closing_a_second_time_does_not_wait_for_the_backup(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow], folder: Path
) -> None:
    window = open_desk("admin")
    window.close()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.open_desk is None


def test_the_status_line_shows_the_age_and_opens_the_backups(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow]
) -> None:
    window = open_desk("clerk")
    assert window.open_desk is not None
    [age] = window.findChildren(BackupAge)
    assert age.text.text() == "Nothing is backed up yet"
    assert age.now.isVisible()
    age.text.setFocus()
    QTest.keyClick(age.text, Qt.Key.Key_Return)
    quiet(qtbot, window)
    assert window.open_desk.frame.current == "safety"
    backup = window.open_desk.frame.made["safety"].tab("backup")  # type: ignore[attr-defined] # the controller of that page
    backup.page.now.click()
    quiet(qtbot, window)
    assert age.text.text().startswith("Backed up today ")


def test_changes_that_are_not_backed_up_are_one_click_from_it(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow]
) -> None:
    window = open_desk("admin")
    desk = window.open_desk
    assert desk is not None
    [age] = window.findChildren(BackupAge)
    desk.backup_scheduler.back_up()
    quiet(qtbot, window)
    desk.desk.run(change_streets, (Street("1", "瑞金二路街道"),))
    qtbot.waitUntil(lambda: "not backed up" in age.text.text(), timeout=10_000)
    assert age.now.isVisible()
    page = desk.frame.current
    age.now.click()
    assert age.now.text() == "Backing up …"
    quiet(qtbot, window)
    assert "not backed up" not in age.text.text()
    assert desk.frame.status.news() == "Backed up and verified."
    assert desk.frame.current == page
    assert "drafts" in age.text.toolTip()


def test_a_long_status_is_shortened_rather_than_widening_the_window(qtbot: QtBot) -> None:
    age = BackupAge()
    qtbot.addWidget(age)
    text = "1,842 changes since yesterday 17:01 are not backed up"
    age.show_status(text, "warn", "")
    age.resize(age.sizeHint())
    assert QPushButton.text(age.text) == text
    assert age.minimumSizeHint().width() < 240
    age.resize(240, age.height())
    assert QPushButton.text(age.text).endswith("…")
    assert age.text.text() == text


def test_a_property_company_does_not_see_the_page_but_is_backed_up(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow], folder: Path
) -> None:
    window = open_desk("property")
    assert window.open_desk is not None
    window.open_desk.show_backups()
    assert window.open_desk.frame.current != "safety"
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert len(backups_of(folder)) == 1


def test_locking_during_a_backup_stops_it_first(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow], folder: Path
) -> None:
    window = open_desk("admin")
    assert window.open_desk is not None
    window.open_desk.backup_scheduler.back_up()
    window.lock()
    qtbot.waitUntil(lambda: window.open_desk is None and window.entry.view.enter.isEnabled(), timeout=20_000)
    office_sign_in.sign_in(folder, "admin", PASSWORD).store.close()


def test_the_restore_wizard_opens_from_the_sign_in_page_and_returns_to_it(
    qtbot: QtBot, open_window: MakeWindow, folder: Path
) -> None:
    seat = office_sign_in.sign_in(folder, "admin", PASSWORD)
    backups.back_up(seat, roots=())
    seat.store.close()
    window = open_window(store=str(folder), last_login="admin")
    window.entry.view.restore_requested.emit()
    assert isinstance(window.entry, RestoreController)
    quiet(qtbot, window)
    view = window.entry.view
    assert view.backups.rowCount() == 1
    window.entry.left.emit()
    assert window.entry.view.login.text() == "admin"


def test_restoring_from_the_page_closes_the_office_first(
    qtbot: QtBot, open_desk: Callable[[str], MainWindow], folder: Path
) -> None:
    window = open_desk("admin")
    assert window.open_desk is not None
    window.open_desk.backup_scheduler.back_up()
    quiet(qtbot, window)
    window.open_desk.requests.restore.emit(str(backups_of(folder)[0]))
    assert window.open_desk is None
    wizard = window.entry
    assert isinstance(wizard, RestoreController)
    quiet(qtbot, window)
    wizard.view.next.click()
    for field, value in (("login", "admin"), ("second_login", "reviewer")):
        wizard.view.who.set_value(field, value)
    for field in ("password", "second_password"):
        wizard.view.who.set_value(field, PASSWORD)
    for _step in range(3):
        wizard.view.next.click()
        quiet(qtbot, window)
    assert "restored" in wizard.view.done_title.text()
    wizard.view.next.click()
    sign_in(qtbot, window, login="admin")
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    assert window.open_desk.folder != str(folder)
    assert is_store(Path(window.open_desk.folder))
