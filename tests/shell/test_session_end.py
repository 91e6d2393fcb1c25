"""The end of the session: Windows asks, ends it, or goes on; nothing is lost and nothing is in its way."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.drafts import load_draft
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.backups.service import backups
from fuyuan_desk.core import preferences
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.office.service import sign_in as office_sign_in
from fuyuan_desk.shell import sample_office, session_end
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.session_end import SessionEnd
from fuyuan_desk.widgets.work import UiProgress
from tests.windows import MakeWindow, at_desk, quiet, sign_in


class System(QObject):
    """What an application says of the session; the manager that Qt hands over is not looked at."""

    commitDataRequest = Signal(object)  # noqa: N815 - a name of Qt
    aboutToQuit = Signal()  # noqa: N815


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def window(
    qtbot: QtBot, open_window: MakeWindow, prepared_sample: Path, tmp_path: Path, system: System
) -> MainWindow:
    """The window with the administrator at the desk of an office that makes backups by itself."""
    folder = tmp_path / "desk"
    shutil.copytree(prepared_sample, folder)
    made = open_window(store=str(folder), last_login="admin")
    made.schedules_backups = True
    SessionEnd(made, system, parent=made)
    enter(qtbot, made)
    return made


def enter(qtbot: QtBot, window: MainWindow) -> None:
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    at_rest(qtbot, window)


def at_rest(qtbot: QtBot, window: MainWindow) -> None:
    quiet(qtbot, window)
    qtbot.waitUntil(lambda: window.open_desk.is_idle, timeout=20_000)
    quiet(qtbot, window)


def type_half(qtbot: QtBot, window: MainWindow) -> None:
    estates = window.open_desk.go("estates")
    estates.new_estate()
    quiet(qtbot, window)
    qtbot.keyClicks(estates.new_pane.form.editor("name").inner()[0], "half typed")


def come_back(qtbot: QtBot, open_window: MakeWindow, settings_file: Path) -> MainWindow:
    """Start the program again with the preferences that were kept."""
    made = open_window(**preferences.load(settings_file)._asdict() | {"language": "en"})
    made.schedules_backups = True
    enter(qtbot, made)
    return made


def make_no_more_backups(qtbot: QtBot, window: MainWindow) -> None:
    """Let the window close at once at the end of the test, which waits for no backup on closing."""
    at_rest(qtbot, window)
    window.open_desk.backup_scheduler.is_automatic = False


def seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def test_input_is_kept_the_backup_is_made_and_the_next_start_is_a_usual_one(
    qtbot: QtBot, window: MainWindow, system: System, open_window: MakeWindow, settings_file: Path
) -> None:
    folder = Path(window.open_desk.folder)
    type_half(qtbot, window)
    assert seconds(lambda: system.commitDataRequest.emit(None)) < 4
    assert at_desk(window)  # another program may still refuse
    assert seconds(system.aboutToQuit.emit) < 4
    assert window.close()  # and does not ask about the input
    seat = office_sign_in.sign_in(folder, "admin", sample_office.PASSWORD)
    assert not seat.store.repaired.has_report  # not like a crash
    status = backups.status(seat, [])
    seat.store.close()
    assert status.last_good is not None
    assert preferences.load(settings_file).put_off == ""
    again = come_back(qtbot, open_window, settings_file)
    form = lambda: again.open_desk.frame.made["estates"].new_pane.form  # noqa: E731 - made with its page
    qtbot.waitUntil(lambda: "estates" in again.open_desk.frame.made and form().is_dirty, timeout=5_000)
    assert form().editor("name").raw() == "half typed"
    assert "shut down" not in again.open_desk.frame.banner.text()
    form().mark_clean()
    make_no_more_backups(qtbot, again)


def test_a_backup_that_does_not_fit_is_put_off_in_words_and_made_at_the_next_start(
    qtbot: QtBot, window: MainWindow, system: System, open_window: MakeWindow, settings_file: Path
) -> None:
    scheduler = window.open_desk.backup_scheduler
    progress = UiProgress()

    def copy_for_long(progress: Progress) -> None:
        for _step in range(400):
            progress.step(0, 0, "")
            time.sleep(0.05)

    scheduler.run(copy_for_long, progress, progress=progress)  # a slow drive
    system.commitDataRequest.emit(None)
    assert preferences.load(settings_file).put_off == window.open_desk.folder  # it may be ended at any moment
    assert seconds(system.aboutToQuit.emit) < 4.9
    progress.cancel()
    assert preferences.load(settings_file).put_off == window.open_desk.folder
    again = come_back(qtbot, open_window, settings_file)
    assert "before the backup on closing was finished" in again.open_desk.frame.banner.text()
    qtbot.waitUntil(lambda: preferences.load(settings_file).put_off == "", timeout=20_000)
    make_no_more_backups(qtbot, again)
    assert again.open_desk.backup_scheduler.status.last_good is not None


def test_the_session_goes_on_when_another_program_refuses_its_end(
    qtbot: QtBot, window: MainWindow, system: System, settings_file: Path
) -> None:
    type_half(qtbot, window)
    system.commitDataRequest.emit(None)
    at_rest(qtbot, window)
    qtbot.waitUntil(lambda: preferences.load(settings_file).put_off == "")
    form = window.open_desk.frame.made["estates"].new_pane.form
    qtbot.keyClicks(form.editor("name").inner()[0], " and more")
    assert form.editor("name").raw() == "half typed and more"
    system.commitDataRequest.emit(None)  # and is asked again later
    system.aboutToQuit.emit()
    seat = office_sign_in.sign_in(Path(window.open_desk.folder), "admin", sample_office.PASSWORD)
    seat.store.close()


def test_a_dialog_that_blocks_everything_does_not_block_the_end(
    qtbot: QtBot, window: MainWindow, system: System
) -> None:
    folder = Path(window.open_desk.folder)
    dialog = QDialog(window)
    dialog.setModal(True)

    def end() -> None:
        system.commitDataRequest.emit(None)
        system.aboutToQuit.emit()
        office_sign_in.sign_in(folder, "admin", sample_office.PASSWORD).store.close()
        QTimer.singleShot(0, dialog.reject)

    QTimer.singleShot(50, end)
    dialog.exec()
    assert window.close()


def test_long_work_ends_and_what_was_typed_behind_it_is_kept(
    qtbot: QtBot, window: MainWindow, system: System
) -> None:
    folder = Path(window.open_desk.folder)
    type_half(qtbot, window)

    @permit(*EVERYONE)
    def import_much(_seat: Seat, progress: Progress) -> None:
        for _step in range(600):
            progress.step(0, 0, "")
            time.sleep(0.05)

    progress = UiProgress()
    window.open_desk.desk.run(import_much, progress, progress=progress)
    system.commitDataRequest.emit(None)
    assert seconds(system.aboutToQuit.emit) < 4.9
    seat = office_sign_in.sign_in(folder, "admin", sample_office.PASSWORD)
    draft: Any = load_draft(seat, "estate:new")
    seat.store.close()
    assert draft["name"] == "half typed"


def test_at_the_sign_in_page_there_is_nothing_to_be_done(
    qtbot: QtBot, open_window: MakeWindow, folder: Path, settings_file: Path, system: System
) -> None:
    window = open_window(store=str(folder), last_login="admin")
    SessionEnd(window, system, parent=window)
    assert seconds(lambda: (system.commitDataRequest.emit(None), system.aboutToQuit.emit())) < 1
    assert preferences.load(settings_file).put_off == ""


def test_a_locked_desk_that_is_still_closing_is_waited_for(
    qtbot: QtBot, window: MainWindow, system: System
) -> None:
    folder = Path(window.open_desk.folder)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    system.commitDataRequest.emit(None)
    system.aboutToQuit.emit()
    office_sign_in.sign_in(folder, "admin", sample_office.PASSWORD).store.close()


def test_the_application_itself_is_heard(qtbot: QtBot, qapp: QApplication) -> None:
    asked: list[float] = []

    class Window:
        def prepare_session_end(self, seconds: float) -> None:
            asked.append(seconds)

        def end_session(self, backup_seconds: float, seconds: float) -> None:
            asked.append(backup_seconds + seconds)

    heard = SessionEnd(Window(), qapp)
    qapp.commitDataRequest.emit(None)
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    assert asked == [session_end.SAVE_SECONDS]
    heard.deleteLater()


def test_windows_waits_longer_than_the_program() -> None:
    assert session_end.SAVE_SECONDS < 4
    assert session_end.BACKUP_SECONDS + session_end.CLOSE_SECONDS < 4.5
