"""File dialogs begin where the last file for the same purpose was chosen."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.core import preferences
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.widgets import file_dialogs
from fuyuan_desk.widgets.folder_memory import FolderMemory, Purpose
from tests.disk import FaultyDisk, from_windows

Choose = Callable[[Path], None]


def test_each_purpose_has_its_own_folder(qtbot: QtBot, choose_file: Choose, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    memory = FolderMemory(window, {})
    kept: list[dict[str, str]] = []
    memory.changed.connect(kept.append)
    (tmp_path / "lists").mkdir()
    roster = tmp_path / "lists" / "roster.xlsx"
    roster.write_text("x")
    choose_file(roster)
    dialog = QDialog(window)  # dialogs of the window have its memory too
    assert file_dialogs.choose_file(dialog, Purpose.ROSTER, "Roster", "(*)") == roster
    assert memory.folder(Purpose.ROSTER) == str(tmp_path / "lists")
    assert memory.folder(Purpose.EXPORT) == ""
    assert kept == [{"roster": str(tmp_path / "lists")}]


def test_the_folder_is_the_one_that_was_chosen(qtbot: QtBot, choose_file: Choose, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    memory = FolderMemory(window, {"backup": str(tmp_path), "pdf": 3})
    assert memory.folder(Purpose.BACKUP) == str(tmp_path)
    assert memory.folder(Purpose.PDF) == ""
    (tmp_path / "disk").mkdir()
    choose_file(tmp_path / "disk")
    assert file_dialogs.choose_folder(window, Purpose.BACKUP, "Folder") == tmp_path / "disk"
    assert memory.folder(Purpose.BACKUP) == str(tmp_path / "disk")


def test_a_folder_on_a_drive_that_does_not_answer_is_left_out(
    qtbot: QtBot, choose_file: Choose, tmp_path: Path, disk: FaultyDisk
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    (tmp_path / "stick").mkdir()
    FolderMemory(window, {"backup": str(tmp_path / "stick")})
    (tmp_path / "disk").mkdir()
    choose_file(tmp_path / "disk")
    with disk.failing("stat", from_windows(1167, errno.EINVAL), at=tmp_path / "stick"):
        assert file_dialogs.choose_folder(window, Purpose.BACKUP, "Folder") == tmp_path / "disk"


def test_a_file_is_saved_beside_the_last_one(qtbot: QtBot, choose_file: Choose, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    memory = FolderMemory(window, {})
    choose_file(tmp_path / "list.xlsx")
    chosen = file_dialogs.choose_target(window, Purpose.EXPORT, "Save", "list.xlsx", "(*.xlsx)")
    assert chosen == tmp_path / "list.xlsx"
    assert memory.folder(Purpose.EXPORT) == str(tmp_path)


def test_the_preferences_of_the_pc_keep_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    preferences.save(Preferences(folders={"pdf": "/papers"}), file)
    assert preferences.load(file).folders == {"pdf": "/papers"}


@pytest.mark.parametrize("last", ["", "gone"])
def test_a_purpose_without_a_folder_does_not_begin_in_that_of_another(
    qtbot: QtBot, tmp_path: Path, last: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    FolderMemory(window, {"pdf": str(tmp_path / last)} if last else {})
    (tmp_path / "lists").mkdir()
    roster = tmp_path / "lists" / "roster.xlsx"
    roster.write_text("x")
    began: list[Path] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            return
        began.append(Path(dialog.directory().path()))
        if dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            dialog.reject()
            return
        [line] = dialog.findChildren(QLineEdit, "fileNameEdit")
        line.setText(str(roster))
        [box] = dialog.findChildren(QDialogButtonBox)
        next(made for made in box.buttons() if made.text() != "Cancel").click()

    timer = QTimer(interval=10)
    timer.timeout.connect(answer)
    timer.start()
    assert file_dialogs.choose_file(window, Purpose.ROSTER, "Roster", "(*)") == roster
    assert file_dialogs.choose_target(window, Purpose.PDF, "Save", "paper.pdf", "(*.pdf)") is None
    timer.stop()
    assert began[-1] != tmp_path / "lists"
