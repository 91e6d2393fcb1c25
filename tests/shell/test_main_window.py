"""The window from the first run to the locked desk, worked by keys and clicks as a clerk works it."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import paths, preferences
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _, language
from fuyuan_desk.office.service import sign_in as office_sign_in
from fuyuan_desk.office.service.sign_in import recover
from fuyuan_desk.office.view import set_up as steps
from fuyuan_desk.process.relaunch import Handover, Relauncher
from fuyuan_desk.process.single_instance import SingleInstance
from fuyuan_desk.shell import main_window, sample_office
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.jobs import all_pages, all_records
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.side_nav import NavItem
from fuyuan_desk.widgets.table_view import Table
from tests.conftest import PASSWORD
from tests.screen import choose_column, texts
from tests.windows import MakeWindow, at_desk, quiet, sign_in

KINDS = [record.kind.name for record in all_records()]


@pytest.fixture
def desk(qtbot: QtBot, open_window: MakeWindow, prepared_sample: Path, tmp_path: Path) -> MainWindow:
    """The window with the administrator at the desk of a sample office."""
    folder = tmp_path / "desk"
    shutil.copytree(prepared_sample, folder)
    window = open_window(store=str(folder), last_login="admin")
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    return window


# --- sign-in and set-up ------------------------------------------------------------------------------


def test_the_first_run_by_typing_ends_at_an_empty_desk(
    qtbot: QtBot,
    open_window: MakeWindow,
    settings_file: Path,
    home: Path,
) -> None:
    window = open_window()
    view = window.entry.view
    qtbot.keyClick(view.begin, Qt.Key.Key_Space)
    name = view.office.editor("name").inner()[0]
    qtbot.keyClicks(name, "Ruijin Committee")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert view.step == steps.OPERATOR
    for field, typed in (("name", "Wang"), ("password", "a-good-password-1"), ("again", "a-good-password-1")):
        qtbot.keyClicks(view.operator.editor(field).inner()[0], typed)
    qtbot.keyClick(view.operator.editor("again").inner()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.step == steps.FOLDER)
    qtbot.keyClick(view.place.editor("folder").inner()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.step == steps.CODE)
    code = view.code.text()
    qtbot.keyClick(view.written, Qt.Key.Key_Space)
    qtbot.mouseClick(view.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    page = window.open_desk.frame.controller("today").page
    assert page.first_steps.isVisible()
    window.close()
    folder = paths.default_store()
    assert folder.is_relative_to(home)
    assert preferences.load(settings_file).store == str(folder)
    recover(folder, code, "admin", "another-password").store.close()


def test_a_pc_that_knows_an_office_asks_for_the_password(
    qtbot: QtBot, open_window: MakeWindow, folder: Path
) -> None:
    window = open_window(store=str(folder), last_login="clerk")
    assert window.entry.view.login.text() == "clerk"
    sign_in(qtbot, window, "wrong-password")
    qtbot.waitUntil(lambda: "wrong" in window.entry.view.message.text())
    assert not at_desk(window)
    window.entry.view.password.clear()
    qtbot.waitUntil(window.entry.view.enter.isEnabled, timeout=10_000)
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)


def test_an_office_that_is_open_elsewhere_is_reported(
    qtbot: QtBot, open_window: MakeWindow, folder: Path
) -> None:
    seat = office_sign_in.sign_in(folder, "admin", PASSWORD)
    window = open_window(store=str(folder), last_login="admin")
    qtbot.waitUntil(lambda: "another window" in window.entry.view.message.text())
    assert "管理员" not in window.entry.view.message.text()
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: "管理员" in window.entry.view.message.text())
    seat.store.close()


def test_the_sample_is_not_remembered(
    qtbot: QtBot, open_window: MakeWindow, settings_file: Path, prepared_sample: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def build() -> Any:
        shutil.copytree(prepared_sample, tmp_path / "looking")
        return office_sign_in.sign_in(tmp_path / "looking", "admin", sample_office.PASSWORD)

    monkeypatch.setattr(main_window, "_build_sample", build)
    window = open_window()
    qtbot.mouseClick(window.entry.view.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    assert preferences.load(settings_file).store == ""
    assert "(sample)" in " ".join(texts(window.open_desk.frame.nav))
    window.lock()
    qtbot.waitUntil(lambda: window.open_desk is None)
    assert sample_office.PASSWORD in window.entry.view.folder.text()
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    assert preferences.load(settings_file).store == ""


# --- the desk ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["admin", "li", "zhou"])
def test_every_page_opens_for_every_role(
    qtbot: QtBot, open_window: MakeWindow, prepared_sample: Path, tmp_path: Path, login: str
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(prepared_sample, folder)
    window = open_window(store=str(folder), last_login=login)
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    for number, name in enumerate(window.open_desk.frame.nav.names, 1):
        if number <= 10:  # the first ten have keys
            key = Qt.Key(Qt.Key.Key_0.value + number % 10)
            qtbot.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        else:
            window.open_desk.go(name)
        assert window.open_desk.frame.current == name
        quiet(qtbot, window)
        assert window.open_desk.frame.made[name].page.isVisible()
        assert window.open_desk.frame.banner.isHidden(), name


class _Windows(QObject):
    """Records every window that opens, if only for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.opened.append(type(watched).__name__)
        return False


def test_no_page_opens_a_window_for_a_moment(qtbot: QtBot, qapp: QApplication, desk: MainWindow) -> None:
    windows = _Windows()
    qapp.installEventFilter(windows)
    for item in all_pages():
        desk.open_desk.frame.go(item.name)
        quiet(qtbot, desk)
        assert windows.opened == [], item.name
    for kind in KINDS:
        desk.open_desk.open_record(kind, 1)
        quiet(qtbot, desk)
        assert windows.opened == [], kind
    estates = desk.open_desk.go("estates")
    for place in range(estates.estate.view.tabs.count()):
        estates.estate.view.tabs.setCurrentIndex(place)
        quiet(qtbot, desk)
        assert windows.opened == [], place
    qapp.removeEventFilter(windows)


# --- locking and unlocking ---------------------------------------------------------------------------


def lock(qtbot: QtBot, window: MainWindow) -> None:
    """Lock by key and wait until the desk is deleted."""
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.entry is not None and window.open_desk is None, timeout=10_000)
    qtbot.waitUntil(window.entry.view.enter.isEnabled)


def test_locking_and_unlocking_keeps_what_was_typed(qtbot: QtBot, desk: MainWindow) -> None:
    folder = Path(desk.open_desk.folder)
    estates = desk.open_desk.go("estates")
    estates.new_estate()
    quiet(qtbot, desk)
    typed = estates.new_pane.form.editor("name").inner()[0]
    qtbot.keyClicks(typed, "half typed")
    page = estates.page
    lock(qtbot, desk)
    # neither the pages nor the key is left, and the folder is free for anyone who knows a password
    assert not isValid(page)
    assert not isValid(typed)
    office_sign_in.sign_in(folder, "li", sample_office.PASSWORD).store.close()
    sign_in(qtbot, desk, "wrong-password")
    qtbot.waitUntil(lambda: bool(desk.entry.view.message.text()))
    desk.entry.view.password.clear()
    qtbot.waitUntil(desk.entry.view.enter.isEnabled, timeout=10_000)
    sign_in(qtbot, desk, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(desk), timeout=10_000)
    form = lambda: desk.open_desk.frame.made["estates"].new_pane.form  # noqa: E731 - recreated with its page
    qtbot.waitUntil(lambda: desk.open_desk.frame.current == "estates", timeout=5_000)
    qtbot.waitUntil(lambda: form().isVisible() and form().is_dirty, timeout=5_000)
    assert form().editor("name").raw() == "half typed"
    assert form().notice.isHidden()
    form().mark_clean()


def test_another_operator_starts_at_her_own_desk_after_a_lock(qtbot: QtBot, desk: MainWindow) -> None:
    desk.open_desk.go("estates").new_estate()
    quiet(qtbot, desk)
    qtbot.keyClicks(desk.open_desk.go("estates").new_pane.form.editor("name").inner()[0], "half typed")
    lock(qtbot, desk)
    sign_in(qtbot, desk, sample_office.PASSWORD, login="li")
    qtbot.waitUntil(lambda: at_desk(desk), timeout=10_000)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "today"


def test_locking_clears_the_clipboard(qtbot: QtBot, desk: MainWindow) -> None:
    QApplication.clipboard().setText("13800000000")
    lock(qtbot, desk)
    assert QApplication.clipboard().text() == ""


def test_locking_deletes_an_open_dialog(qtbot: QtBot, desk: MainWindow) -> None:
    form = Form([Field("name", "Name")])
    box = FormDialog(desk.open_desk.frame, "Box", form)
    box.open()
    desk.lock()
    qtbot.waitUntil(lambda: desk.open_desk is None, timeout=10_000)
    assert not isValid(box)


def test_pending_writes_finish_before_the_desk_is_locked(qtbot: QtBot, desk: MainWindow) -> None:
    wrote: list[str] = []

    @permit(*EVERYONE)
    def slow(_seat: Seat) -> None:
        time.sleep(0.3)
        wrote.append("all of it")

    shown: list[object] = []
    desk.open_desk.desk.run(slow, done=shown.append)
    desk.lock()
    assert not desk.entry.view.enter.isEnabled()
    assert desk.entry.view.password.isReadOnly()
    qtbot.waitUntil(lambda: desk.open_desk is None, timeout=10_000)
    assert wrote == ["all of it"]
    assert shown == []


def test_the_new_process_receives_the_state_and_without_it_the_old_one_stays_locked(
    qtbot: QtBot, desk: MainWindow, tmp_path: Path
) -> None:
    handovers: list[Handover] = []
    folder = desk.open_desk.folder

    class Fresh(Relauncher):
        def start(
            self, locked: Handover, arrived: Callable[[], object], failed: Callable[[], object]
        ) -> None:
            handovers.append(locked)
            assert desk.open_desk is None
            office_sign_in.sign_in(Path(folder), "li", sample_office.PASSWORD).store.close()
            failed()

    desk.use_relauncher(SingleInstance(lambda: None, tmp_path / "running.json"), Fresh(list))
    lock(qtbot, desk)
    assert [(locked.folder, locked.login, locked.is_sample) for locked in handovers] == [
        (folder, "admin", False)
    ]
    assert handovers[0].place[2:] == (desk.width(), desk.height())
    sign_in(qtbot, desk, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(desk), timeout=10_000)


def test_a_refusal_of_the_disk_can_be_retried(qtbot: QtBot, desk: MainWindow) -> None:
    asked: list[int] = []
    came: list[str] = []

    @permit(*EVERYONE)
    def on_a_full_disk(_seat: Seat) -> str:
        asked.append(1)
        if len(asked) < 3:
            raise Unusable("The disk is full.")
        return "done"

    banner = desk.open_desk.frame.banner
    desk.open_desk.desk.run(on_a_full_disk, done=came.append)
    for _time in range(2):
        qtbot.waitUntil(lambda: banner.text() == "The disk is full.")
        [again] = [found for found in banner.findChildren(QPushButton) if "Try again" in found.text()]
        qtbot.keyClick(again, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: came == ["done"])
    assert banner.text() == ""


def test_an_idle_desk_locks_itself(qtbot: QtBot, desk: MainWindow) -> None:
    desk.open_desk.requests.idle_minutes.emit(0)
    qtbot.waitUntil(lambda: desk.entry is not None and desk.open_desk is None, timeout=5_000)
    assert not at_desk(desk)


def test_changing_the_language_recreates_the_pages(
    qtbot: QtBot, desk: MainWindow, settings_file: Path
) -> None:
    settings: Any = desk.open_desk.frame.go("settings")
    quiet(qtbot, desk)
    settings.page.pc.set_value("language", "zh_CN")
    settings.page.pc.submit()
    qtbot.waitUntil(lambda: language() == "zh_CN" and at_desk(desk))
    quiet(qtbot, desk)
    texts = [button.text().strip() for button in desk.findChildren(QPushButton)]
    assert "今日" in texts
    assert preferences.load(settings_file).language == "zh_CN"
    assert desk.open_desk.frame.go("help").page.titles.item(0).text() == "第一天"


@pytest.mark.parametrize(
    ("name", "value"), [("language", "zh_CN"), ("large_text", True), ("tall_rows", True)]
)
def test_saving_what_recreates_the_pages_stays_in_the_settings_and_says_it(
    qtbot: QtBot, qapp: QApplication, desk: MainWindow, name: str, value: Any
) -> None:
    settings: Any = desk.open_desk.frame.go("settings")
    settings.show_tab("operators")
    quiet(qtbot, desk)
    settings.page.pc.set_value(name, value)
    settings.page.save()
    qtbot.waitUntil(lambda: desk.open_desk.frame.made.get("settings") not in (None, settings))
    quiet(qtbot, desk)
    frame = desk.open_desk.frame
    assert frame.current == "settings"
    assert frame.made["settings"].shown_tab == "operators"
    assert frame.status.news() == _("Saved.")
    focused = desk.focusWidget()
    assert focused is not None
    assert frame.made["settings"].page.isAncestorOf(focused)


def test_the_height_of_rows_is_chosen_in_the_settings_and_kept(
    qtbot: QtBot, qapp: QApplication, desk: MainWindow, settings_file: Path
) -> None:
    def heights() -> set[int]:
        return {table.verticalHeader().defaultSectionSize() for table in desk.findChildren(Table)}

    desk.open_desk.go("facilities")
    settings: Any = desk.open_desk.frame.go("settings")
    quiet(qtbot, desk)
    assert heights() == {28}
    settings.page.pc.set_value("tall_rows", True)
    settings.page.save()
    qtbot.waitUntil(lambda: desk.open_desk.frame.made.get("settings") not in (None, settings))
    desk.open_desk.go("facilities")
    quiet(qtbot, desk)
    assert heights() == {35}
    assert desk.open_desk.frame.made["settings"].page.pc.values()["tall_rows"] is True
    desk.close()
    assert preferences.load(settings_file).tall_rows


def test_revealed_data_may_be_let_into_pictures_of_the_screen_and_that_is_kept(
    qtbot: QtBot, desk: MainWindow, settings_file: Path
) -> None:
    settings: Any = desk.open_desk.frame.go("settings")
    quiet(qtbot, desk)
    assert settings.page.pc.values()["bar_capture"] is True
    settings.page.pc.set_value("bar_capture", False)
    settings.page.save()
    qtbot.waitUntil(lambda: desk.open_desk.frame.made.get("settings") not in (None, settings))
    quiet(qtbot, desk)
    assert desk.open_desk.frame.made["settings"].page.pc.values()["bar_capture"] is False
    desk.close()
    assert not preferences.load(settings_file).bar_capture


def test_closing_releases_the_folder(qtbot: QtBot, desk: MainWindow) -> None:
    folder = Path(desk.open_desk.folder)
    desk.close()
    office_sign_in.sign_in(folder, "admin", sample_office.PASSWORD).store.close()


def test_closing_with_something_unsaved_asks_first(qtbot: QtBot, desk: MainWindow) -> None:
    estates = desk.open_desk.go("estates")
    estates.new_estate()
    quiet(qtbot, desk)
    qtbot.keyClicks(estates.new_pane.form.editor("name").inner()[0], "half typed")
    assert not desk.close()
    assert desk.isVisible()
    estates.new_pane.form.mark_clean()


def test_column_layouts_are_saved(qtbot: QtBot, desk: MainWindow, settings_file: Path) -> None:
    assert desk.open_desk is not None
    table = desk.open_desk.go("estates").list.table
    choose_column(table, table.model.columns[-1].header)
    qtbot.waitUntil(lambda: bool(desk.preferences.columns))
    desk.close()
    [kept] = preferences.load(settings_file).columns.values()
    assert kept["hidden"] == [table.model.columns[-1].name]


def test_a_page_too_large_for_the_screen_scrolls_without_enlarging_others(qtbot: QtBot) -> None:
    large, small = QWidget(), QWidget()
    large.setMinimumSize(1200, 900)
    pages = {"today": SimpleNamespace(page=large), "estates": SimpleNamespace(page=small)}
    items = [NavItem(name, name, "list") for name in pages]
    frame = Frame(items, pages.__getitem__, QWidget(), "")
    qtbot.addWidget(frame)
    frame.resize(900, 500)
    frame.go("today")
    frame.show()
    qtbot.waitExposed(frame)
    area = next(area for area in frame.findChildren(QScrollArea) if area.isAncestorOf(large))
    assert (frame.width(), frame.height()) == (900, 500)
    qtbot.waitUntil(
        lambda: area.horizontalScrollBar().maximum() > 0 and area.verticalScrollBar().maximum() > 0
    )
    area.horizontalScrollBar().setValue(100)
    frame.go("estates")
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)
    assert small.width() <= area.viewport().width()
