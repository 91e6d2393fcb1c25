"""Start-up of the window: first show a usable window, then do everything else."""

import gc
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fuyuan_desk.core import preferences as remembered
from fuyuan_desk.core.garbage import load_modules
from fuyuan_desk.core.texts import language, use_language
from fuyuan_desk.process import high_contrast, single_instance
from fuyuan_desk.shell.main_window import SIZE, MainWindow
from fuyuan_desk.shell.session_end import SessionEnd
from fuyuan_desk.widgets.theme import load_rare_characters, make_application, translate_qt

if TYPE_CHECKING:
    from fuyuan_desk.process.relaunch import Handover


def preload() -> None:
    """Import what signing in and the first page need, while the operator types the password."""
    from fuyuan_desk.shell.jobs import JOBS

    load_modules(
        (
            "fuyuan_desk.office.service.sign_in",
            "sqlcipher3.dbapi2",
            "argon2.low_level",
            "cryptography.hazmat.primitives.ciphers.aead",
            "fuyuan_desk.shell.schema",
            "fuyuan_desk.shell.pages",
            "fuyuan_desk.today.controller.today",
            *(module for job in JOBS if job.dues is not None for module in job.dues.modules),
        )
    )
    from fuyuan_desk.store.search import pinyin

    pinyin.warm()  # otherwise the first save would wait for it


def _load_tables() -> None:
    import fuyuan_desk.shell.schema  # noqa: F401 - imported for its side effect


def run_window(locked: "Handover | None" = None, options: Sequence[str] = ()) -> int:
    """Open the window and run until it is closed; `locked` is the state of a locked window to replace.

    `options` are for Qt.
    """
    if locked is None and single_instance.activate_running():
        return 0
    preferences = remembered.load()
    use_language(preferences.language)
    application = make_application(options)
    application.setApplicationName("fuyuan_desk")
    window = MainWindow(application, preferences, system=high_contrast.read())
    window.schedules_backups = window.preloads = True
    SessionEnd(window, application, parent=window)
    _show_first(application, window, locked)
    QTimer.singleShot(
        100, lambda: after_first_window(window, locked is not None)
    )  # after the window is drawn
    return application.exec()


def _show_first(application: QApplication, window: MainWindow, locked: "Handover | None") -> None:
    if locked is not None:
        window.start_locked(locked)
        window.showMaximized() if locked.is_maximized else window.show()
        if locked.is_active:
            window.raise_()
            window.activateWindow()
        return
    window.show_entry()
    available = application.primaryScreen().availableSize()
    if available.width() <= SIZE[0] or available.height() <= SIZE[1]:
        window.showMaximized()  # on a small screen the task bar would hide the status line
    else:
        window.show()


def after_first_window(window: MainWindow, is_relaunched: bool = False) -> None:
    """Run the start-up steps that the first window does not wait for."""
    from fuyuan_desk.process import core_dumps, event_log, relaunch

    if is_relaunched:
        relaunch.announce()
    gc.freeze()
    core_dumps.disable_core_dumps()
    event_log.install_excepthook(window.show_fault)
    event_log.start_logging()
    event_log.log_crashes()
    event_log.note("start", "again" if is_relaunched else "anew")
    translate_qt(language())
    one = single_instance.SingleInstance(window.bring_to_front, parent=window)
    window.use_relauncher(one, relaunch.Relauncher(parent=window))
    preloading = threading.Thread(target=preload, name="load-ahead", daemon=True)
    # tables first, on the database thread, so that a sign-in meanwhile never sees incomplete metadata
    window.worker.run(_load_tables, done=lambda _nothing: preloading.start(), owner=window)
    QTimer.singleShot(300, load_rare_characters)
    # the locked window must have released the name first
    QTimer.singleShot(500 if is_relaunched else 0, one.listen)
