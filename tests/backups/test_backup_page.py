"""The backup tab as a clerk uses it, and automatic backups."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.controller.backup import BackupController
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.backups.controller.leaving import Leaving
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.settings import Street, change_streets
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.work import Worker
from tests.desks import wait_until_quiet
from tests.disk import FaultyDisk
from tests.screen import texts

Front = Callable[[QWidget], None]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Drives:
    """The connected drives."""

    def __init__(self) -> None:
        self.connected: tuple[Path, ...] = ()
        self.asked = 0

    def __call__(self) -> tuple[Path, ...]:
        self.asked += 1
        return self.connected


@pytest.fixture
def drives() -> Drives:
    return Drives()


@pytest.fixture
def scheduler(desk: Desk, drives: Drives) -> Iterator[BackupScheduler]:
    made = BackupScheduler(desk, drives)
    yield made
    made.close()


@pytest.fixture
def quiet(qtbot: QtBot, worker: Worker, scheduler: BackupScheduler) -> Callable[[], None]:
    """Wait until nothing more is on its way."""
    return lambda: wait_until_quiet(qtbot, lambda: worker.is_idle and scheduler.is_idle)


@pytest.fixture
def tab(desk: Desk, scheduler: BackupScheduler, front: Front, quiet: Callable[[], None]) -> BackupController:
    made = BackupController(desk, scheduler)
    front(made.page)
    quiet()
    return made


def test_the_first_backup_by_keyboard_is_reported_listed_and_checked(
    tab: BackupController, quiet: Callable[[], None], qtbot: QtBot
) -> None:
    page = tab.page
    assert page.state.text() == "Nothing is backed up yet."
    assert page.nothing.isVisible()
    page.now.setFocus()
    QTest.keyClick(page.now, Qt.Key.Key_Return)
    quiet()
    assert page.banner.text() == "Backed up and verified."
    assert page.state.text().endswith(", but the only backup is on the same disk as the data.")
    assert page.generations.rowCount() == 1
    assert page.chosen_path
    QTest.keyClick(page.generations, Qt.Key.Key_Return)
    quiet()
    assert page.banner.text().startswith("The backup of ")
    item = page.generations.item(0, 1)
    assert item is not None
    assert item.toolTip() == "just checked"


def test_a_damaged_backup_is_found_by_its_check(
    tab: BackupController, quiet: Callable[[], None], seat: Seat
) -> None:
    tab.page.now.click()
    quiet()
    store = Path(tab.page.chosen_path) / "store.db"
    content = store.read_bytes()
    store.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    tab.page.check.click()
    quiet()
    assert "damaged" in tab.page.banner.text()
    assert tab.page.banner.tone == "error"


def test_the_slip_of_the_chosen_backup_is_previewed_by_keyboard(
    tab: BackupController, quiet: Callable[[], None], qtbot: QtBot
) -> None:
    assert not tab.page.slip.isEnabled()
    tab.page.now.click()
    quiet()
    tab.page.slip.setFocus()
    QTest.keyClick(tab.page.slip, Qt.Key.Key_Return)
    quiet()
    assert tab.preview is not None
    preview = tab.preview.preview
    qtbot.waitUntil(lambda: preview.is_idle)
    assert preview.pdf is not None
    shown = pypdfium2.PdfDocument(preview.pdf.raw)[0].get_textpage().get_text_range()
    assert "备份凭条" in shown
    assert Path(tab.page.chosen_path).name in shown
    tab.preview.close()


def test_a_changed_manifest_is_refused_a_slip(tab: BackupController, quiet: Callable[[], None]) -> None:
    tab.page.now.click()
    quiet()
    file = Path(tab.page.chosen_path) / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b'"seal":"', b'"seal":"0')[:-3] + b'"}')
    tab.page.slip.click()
    quiet()
    assert tab.preview is None
    assert tab.page.banner.tone == "error"
    assert "manifest.json" in tab.page.banner.text()


def test_a_second_folder_and_a_stick_get_backups_and_are_forgotten(
    tab: BackupController,
    quiet: Callable[[], None],
    scheduler: BackupScheduler,
    drives: Drives,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    desk: Desk,
) -> None:
    second, stick = tmp_path / "second", tmp_path / "stick"
    second.mkdir()
    stick.mkdir()
    choose_file(second)
    tab.page.second.click()
    quiet()
    assert tab.page.places.rowCount() == 2
    drives.connected = (stick,)
    tab.page.stick.click()
    dialog = next(child for child in tab.page.children() if hasattr(child, "form") and child.isVisible())
    dialog.form.set_value("drive", str(stick))
    dialog.form.submit()
    assert dialog.form.errors() == {"name": "This must be filled in."}
    dialog.form.set_value("name", "Blue")
    dialog.form.submit()
    quiet()
    assert not dialog.isVisible()
    assert tab.page.places.rowCount() == 3
    tab.page.now.click()
    quiet()
    assert tab.page.banner.text() == "Backed up to 3 locations and verified."
    tab.page.places.setCurrentCell(2, 0)
    quiet()
    assert tab.page.generations.rowCount() == 1
    drives.connected = ()
    scheduler.find_sticks()
    quiet()
    scheduler.reload()
    quiet()
    item = tab.page.places.item(2, 1)
    assert item is not None
    assert item.toolTip() == "not connected"
    tab.page.forget.click()
    question = tab.page.findChild(Question)
    assert isinstance(question, Question)
    question.buttons[0].click()
    quiet()
    assert tab.page.places.rowCount() == 2


def test_a_connected_stick_is_backed_up_to_automatically(
    scheduler: BackupScheduler,
    quiet: Callable[[], None],
    drives: Drives,
    tmp_path: Path,
    seat: Seat,
    desk: Desk,
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    places.name_stick(desk.seat, stick, "Blue")
    quiet()
    scheduler.is_automatic = True
    scheduler.find_sticks()
    quiet()
    assert not any(path.name.startswith("fuyuan-backup-") for path in stick.iterdir())
    drives.connected = (stick,)
    scheduler.find_sticks()
    quiet()
    assert any(path.name.startswith("fuyuan-backup-") for path in stick.iterdir())
    assert scheduler.status is not None
    assert scheduler.status.last_good is not None


def test_the_backup_of_the_day_is_made_once(
    scheduler: BackupScheduler, quiet: Callable[[], None], seat: Seat
) -> None:
    finished: list[BackupReport | None] = []
    scheduler.finished.connect(finished.append)
    scheduler.back_up_if_due()
    quiet()
    assert finished == []  # automatic backups are not on yet
    scheduler.is_automatic = True
    scheduler.back_up_if_due()
    quiet()
    scheduler.back_up_if_due()
    quiet()
    assert [len(report.outcomes) for report in finished if report is not None] == [1, 0]


def test_a_cancelled_backup_leaves_nothing_and_the_next_one_works(
    scheduler: BackupScheduler, quiet: Callable[[], None], seat: Seat
) -> None:
    scheduler.back_up()
    scheduler.cancel()
    quiet()
    root = seat.store.folder.with_name(f"{seat.store.folder.name}-backup")
    left = [path for path in root.rglob("*") if path.suffix == ".part"] if root.exists() else []
    assert left == []
    scheduler.back_up()
    quiet()
    assert scheduler.status is not None
    assert scheduler.status.last_good is not None


def test_stopping_waits_for_the_running_backup(
    scheduler: BackupScheduler, quiet: Callable[[], None], qtbot: QtBot
) -> None:
    stopped: list[bool] = []
    scheduler.stop(lambda: stopped.append(scheduler.is_at_work))
    assert stopped == [False]
    scheduler.back_up()
    scheduler.stop(lambda: stopped.append(scheduler.is_at_work))
    qtbot.waitUntil(lambda: len(stopped) == 2)
    assert stopped == [False, False]


def test_a_disk_that_does_not_respond_does_not_block_stopping(desk: Desk, qtbot: QtBot) -> None:
    silence = threading.Event()

    def roots() -> tuple[Path, ...]:
        silence.wait(20)
        return ()

    scheduler = BackupScheduler(desk, roots, stop_seconds=0)
    scheduler.back_up()
    stopped: list[bool] = []
    scheduler.stop(lambda: stopped.append(scheduler.is_at_work))
    qtbot.waitUntil(lambda: stopped == [True])
    silence.set()
    scheduler.close()


def test_a_request_during_a_backup_shows_that_one(
    tab: BackupController, scheduler: BackupScheduler, quiet: Callable[[], None]
) -> None:
    scheduler.is_automatic = True
    started: list[object] = []
    scheduler.started.connect(started.append)
    scheduler.back_up_if_due()
    assert started == []
    scheduler.back_up()
    assert len(started) == 1
    quiet()
    assert tab.page.now.isEnabled()
    assert tab.page.generations.rowCount() == 1


class TestLeaving:
    def test_what_changed_is_backed_up_and_the_desk_closes(
        self, scheduler: BackupScheduler, qtbot: QtBot, desk: Desk, front: Front
    ) -> None:
        window = QWidget()
        front(window)
        closed: list[int] = []
        Leaving(window, scheduler, lambda: closed.append(1)).start()
        qtbot.waitUntil(lambda: bool(closed), timeout=20_000)
        assert backups.status(desk.seat).last_good is not None
        Leaving(window, scheduler, lambda: closed.append(2)).start()
        qtbot.waitUntil(lambda: closed == [1, 2], timeout=20_000)  # nothing changed

    def test_the_backup_can_be_skipped(self, scheduler: BackupScheduler, qtbot: QtBot, front: Front) -> None:
        window = QWidget()
        front(window)
        closed: list[int] = []
        leaving = Leaving(window, scheduler, lambda: closed.append(1))
        leaving.start()
        leaving.dialog.open()
        QTest.keyClick(leaving.dialog, Qt.Key.Key_Escape)
        assert closed == [1]
        qtbot.waitUntil(lambda: scheduler.is_idle, timeout=20_000)
        assert closed == [1]

    def test_a_failing_place_is_reported_and_the_desk_closes_anyway(
        self,
        scheduler: BackupScheduler,
        quiet: Callable[[], None],
        qtbot: QtBot,
        seat: Seat,
        front: Front,
        tmp_path: Path,
        disk: FaultyDisk,
    ) -> None:
        second = tmp_path / "second"
        second.mkdir()
        places.set_second_folder(seat, second)
        quiet()
        window = QWidget()
        front(window)
        shown: list[list[str]] = []
        leaving = Leaving(window, scheduler, lambda: shown.append(texts(leaving.dialog)), error_seconds=0)
        with disk.with_room(0):
            leaving.start()
            qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
        assert "full" in " ".join(shown[0])


def test_the_status_counts_each_save_without_reading_the_drives(
    tab: BackupController,
    quiet: Callable[[], None],
    scheduler: BackupScheduler,
    drives: Drives,
    seat: Seat,
    desk: Desk,
    qtbot: QtBot,
) -> None:
    tab.page.now.click()
    quiet()
    assert scheduler.status is not None
    assert scheduler.status.changes == 0
    asked = drives.asked
    desk.run(change_streets, (Street("1", "瑞金二路街道"),))
    qtbot.waitUntil(lambda: scheduler.status is not None and bool(scheduler.status.changes), timeout=10_000)
    quiet()
    assert drives.asked == asked
    assert "are not backed up" in tab.page.state.text()
    tab.page.now.click()
    quiet()
    assert scheduler.status.changes == 0


def test_the_status_is_published_again_when_the_day_may_have_changed(
    tab: BackupController, scheduler: BackupScheduler, quiet: Callable[[], None], qtbot: QtBot
) -> None:
    quiet()
    with qtbot.waitSignal(scheduler.status_changed):
        scheduler.look_again()
    quiet()
