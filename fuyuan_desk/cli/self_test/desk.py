"""The self-test of what is on the screen, of the start of new processes, and of the printers."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.cli.self_test.child import printer_names
from fuyuan_desk.core import paths, preferences
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.process import environment
from fuyuan_desk.process.own_command import LOCKED, OFFSCREEN, own_command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_LOGIN = "self-test"
_SETTINGS = "settings.json"
_QUIET = "default.warning=false"  # a window out of sight has no place and cannot be raised, and says so
_SECONDS = 30.0
_PRINTER_SECONDS, _PRINTER_MEGABYTES = 10.0, 2000
_NO_WINDOW = 0x08000000  # Windows would show an empty console


def window(_folder: Path) -> str:
    """Draw the sign-in page out of sight; raise `CheckFailed` if it is empty."""
    from fuyuan_desk.office.view.sign_in import SignInView
    from fuyuan_desk.widgets.theme import apply_theme

    apply_theme(_application(), False)
    view = SignInView("office", _LOGIN)
    view.resize(1366, 768)
    picture = view.grab().toImage()
    view.deleteLater()
    colours = {
        picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    if len(colours) < 3:
        raise CheckFailed(_("the window is empty"))
    return f"{picture.width()} × {picture.height()}"


def relaunch(
    folder: Path,
    progress: Progress,
    command: Callable[[], list[str]] = lambda: own_command(LOCKED, *OFFSCREEN),
    seconds: float = _SECONDS,
) -> str:
    """Start the program as a locked window does, wait for its window, and end it; raise `CheckFailed` without one."""
    from fuyuan_desk.process.relaunch import Handover, Relauncher

    application, folders = _application(), _own_folders(folder)
    came: list[bool] = []
    relauncher = Relauncher(command, seconds=seconds, make_environment=lambda: folders)
    started = time.monotonic()
    relauncher.start(
        Handover(str(folder / "office"), _LOGIN, is_active=False),
        lambda: came.append(True),
        lambda: came.append(False),
    )
    try:
        _wait_until(application, lambda: bool(came), progress, seconds + 5)
    finally:
        taken = time.monotonic() - started
        process = relauncher.process
        if process is not None:
            _end(process)
            _wait_until(
                application, lambda: bool(came), Progress(), 2
            )  # so that nothing is heard of it later
        relauncher.deleteLater()
    if not came[0]:
        raise CheckFailed(_("no window came when the program was started anew"))
    return _("window after {seconds} s").format(seconds=f"{taken:.1f}")


def second_start(
    folder: Path,
    progress: Progress,
    command: Callable[[], list[str]] = lambda: own_command(*OFFSCREEN),
    seconds: float = _SECONDS,
) -> str:
    """Start the program beside a minimized window, which must then be raised; raise `CheckFailed` if it is not."""
    from fuyuan_desk.process.single_instance import SingleInstance, note_file
    from fuyuan_desk.shell.main_window import MainWindow

    application, folders = _application(), _own_folders(folder)
    settings = folder / _SETTINGS
    first = MainWindow(application, preferences.load(settings), settings)
    one = SingleInstance(first.bring_to_front, settings.with_name(note_file().name))
    try:
        first.showMinimized()
        if not one.listen():
            raise CheckFailed(_("the first window cannot be found by a second start"))
        with _started(command(), folders) as second:
            _wait_until(application, lambda: second.poll() is not None, progress, seconds)
            code = second.poll()
        if code is None:
            raise CheckFailed(_("a second window opened"))
        if code or first.isMinimized():
            raise CheckFailed(_("the first window was not raised"))
    finally:
        one.stop()
        one.deleteLater()
        first.close()
        first.deleteLater()
    return _("raises the first window")


def printers(
    _folder: Path, names: Callable[[], list[str]] = printer_names, seconds: float = _PRINTER_SECONDS
) -> str:
    """Count the printers of this PC, which may have none; raise `CheckFailed` when the list does not come."""
    from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox

    try:
        found = run_in_sandbox(names, seconds=seconds, megabytes=_PRINTER_MEGABYTES)
    except LimitExceeded:
        raise CheckFailed(
            _("the system does not list its printers within {n} s").format(n=round(seconds))
        ) from None
    if not found:
        return _("no printer on this PC; papers can be saved as PDF files")
    return numbered(len(found), N_("{n} printer"), N_("{n} printers"))


def _application() -> "QApplication":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QLoggingCategory
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if application is None:
        QLoggingCategory.setFilterRules(
            "default.warning=false"
        )  # a window out of sight cannot be raised, and says so
        # as an argument too: not every system passes the variable on
        application = QApplication([sys.argv[0], *OFFSCREEN])
    assert isinstance(application, QApplication)
    return application


def _own_folders(folder: Path) -> dict[str, str]:
    """Return the environment of a process that finds its settings, and the note of a first window, in `folder`."""
    preferences.save(Preferences(store=str(folder / "office"), language=language()), folder / _SETTINGS)
    return {**environment.of_child(), paths.SETTINGS_VARIABLE: str(folder), "QT_LOGGING_RULES": _QUIET}


@contextlib.contextmanager
def _started(command: list[str], folders: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=folders,
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _wait_until(
    application: "QApplication", is_so: Callable[[], bool], progress: Progress, seconds: float
) -> None:
    """Process events until something is so, for `seconds` at most; raise `Cancelled`."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        progress.step(0, 0)
        application.processEvents()
        time.sleep(0.02)
