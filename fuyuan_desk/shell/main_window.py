"""The main window and composition root: sign-in, then the desk with its pages."""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from fuyuan_desk.core import preferences as remembered
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import _, use_language
from fuyuan_desk.office.controller.sign_in import SignInController
from fuyuan_desk.shell.idle import IdleWatch
from fuyuan_desk.widgets.folder_memory import FolderMemory
from fuyuan_desk.widgets.theme import apply_theme, translate_qt
from fuyuan_desk.widgets.work import Worker

# PySide creates classes on first access, and `Qt` with its enums takes a fifth of the start-up time:
# what the first window does not need is imported where it is used.
if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QCloseEvent, QWindow

    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.process.high_contrast import SystemColours
    from fuyuan_desk.process.relaunch import Handover, Relauncher
    from fuyuan_desk.process.single_instance import SingleInstance
    from fuyuan_desk.shell.activity import Activity
    from fuyuan_desk.shell.pages import OpenDesk
    from fuyuan_desk.widgets.clipboard import ClipboardCleaner
    from fuyuan_desk.widgets.revealed import CaptureBar

    Relaunch = Callable[[Handover, Callable[[], object]], object]

SIZE = (1366, 768)
_DEFERRED_DELETE = 52  # QEvent.Type.DeferredDelete, without importing QEvent


def _build_sample() -> "Seat":
    from fuyuan_desk.shell import sample_office

    return sample_office.build_temporary()


class MainWindow(QMainWindow):
    """The only window: sign-in or set-up, or the desk.

    When the desk is locked, only the operator's login is kept in memory; unsaved input is kept in the store.
    """

    def __init__(
        self,
        application: QApplication,
        preferences: Preferences,
        settings_file: Path | None = None,
        system: "SystemColours | None" = None,
    ) -> None:
        super().__init__()
        self._settings_file = settings_file
        self._sample_folder = ""
        self._application = application
        self._activity: Activity | None = None
        self.preferences = preferences
        self._system = system
        apply_theme(application, preferences.large_text, preferences.tall_rows, self, system)
        self.worker = Worker("store", self)
        self._folders = FolderMemory(self, preferences.folders)
        self._folders.changed.connect(lambda folders: self.remember(folders=folders))
        self.open_desk: OpenDesk | None = None
        self._entry: QObject | None = None
        self._locked: Handover | None = None
        self._relaunch: Relaunch | None = None
        self._is_over = False
        self.schedules_backups = False
        self.preloads = False
        self._clipboard: ClipboardCleaner | None = None
        self._capture: CaptureBar | None = None
        self._one_window: SingleInstance | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(_("Fuyuan Desk"))
        self.resize(*SIZE)
        self._idle = IdleWatch(self)
        self._idle.passed.connect(self.lock)

    # --- sign-in, set-up and recovery

    @property
    def entry(self) -> Any:
        """The controller of sign-in, set-up, recovery or restore; None while the desk is shown."""
        return self._entry

    def show_entry(self) -> None:
        """Show the sign-in page, or the set-up if there is no office yet."""
        folder = remembered.store_folder(self.preferences)
        # looked up by name, so that the store need not be imported yet; the last one is left by an interrupted
        # restore, which is completed on signing in
        markers = (
            folder / "keys.json",
            folder / "keys-copy.json",
            folder.parent / f"{folder.name}.restoring",
        )
        has_office = any(os.path.exists(marker) for marker in markers)
        if self.preferences.store or has_office:
            self.show_sign_in(folder)
        else:
            self.show_set_up()

    def show_sign_in(self, folder: Path) -> None:
        """Show the sign-in page of the office in `folder`."""
        login = self.preferences.last_login if folder == Path(self.preferences.store) else ""
        entry = SignInController(self.worker, folder, login)
        entry.view.other_office_requested.connect(self._choose_office)
        entry.view.new_office_requested.connect(self.show_set_up)
        entry.view.sample_requested.connect(self._open_sample)
        entry.view.restore_requested.connect(lambda: self.show_restore(folder))
        self._show_sign_in(entry)

    def _show_sign_in(self, entry: SignInController) -> None:
        entry.signed_in.connect(self._open_desk_for)
        entry.view.recovery_requested.connect(
            lambda: self._show_recovery(entry.folder, entry.view.login.text())
        )
        self._enter(entry, entry.view)

    def _enter(self, entry: QObject, view: QWidget) -> None:
        previous: QWidget | None = self._stack.currentWidget()  # None while the stack is empty
        self._entry = entry
        focused = view.focusWidget()  # the stack would focus the first field
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        if focused is not None:
            focused.setFocus()
        desk = self.open_desk.frame if self.open_desk is not None else None
        if previous is not None and previous is not desk:
            self._stack.removeWidget(previous)
            previous.deleteLater()

    def show_set_up(self) -> None:
        """Show the first-run wizard."""
        from fuyuan_desk.office.controller.set_up import SetUpController

        self._guard_data()  # the recovery code is shown
        entry = SetUpController(self.worker, self.preferences)
        entry.signed_in.connect(self._open_desk_for)
        entry.sample_requested.connect(self._open_sample)
        entry.other_office_requested.connect(self._choose_office)
        entry.language_chosen.connect(self._change_set_up_language)
        entry.view.restore_requested.connect(
            lambda: self.show_restore(remembered.store_folder(self.preferences))
        )
        entry.left.connect(self.show_entry)
        self._enter(entry, entry.view)

    def _show_recovery(self, folder: Path, login: str) -> None:
        from fuyuan_desk.office.controller.set_up import RecoveryController

        self._guard_data()
        entry = RecoveryController(self.worker, folder, login)
        entry.signed_in.connect(self._open_desk_for)
        entry.left.connect(self._leave_recovery)
        self._enter(entry, entry.view)

    def _leave_recovery(self) -> None:
        if self._locked is not None:
            self._show_locked(self._locked)
        else:
            self.show_entry()

    def show_restore(self, folder: Path, backup: str = "") -> None:
        """Show the restore wizard for the office in `folder`, with `backup` preselected if it is set."""
        from fuyuan_desk.backups.controller.restore import RestoreController

        entry = RestoreController(self.worker, folder, backup)
        entry.left.connect(self.show_entry)
        entry.office_chosen.connect(self.show_sign_in)
        self._enter(entry, entry.view)
        entry.start()

    def _switch_to_restore(self, backup: str) -> None:
        assert self.open_desk is not None
        if self.open_desk.may_close(lambda: self._switch_to_restore(backup)):
            folder = Path(self.open_desk.folder)
            self._idle.stop()
            self._clear_desk()
            self.show_restore(folder, backup)

    def _choose_office(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(self, _("Folder of the office"))
        if chosen:
            self.show_sign_in(Path(chosen))

    def _open_sample(self) -> None:
        from fuyuan_desk.office.controller.set_up import SampleController

        entry = SampleController(self.worker, _build_sample)
        entry.signed_in.connect(self._open_sample_desk)
        entry.left.connect(self.show_entry)
        self._enter(entry, entry.view)
        entry.start()

    def _open_sample_desk(self, seat: "Seat") -> None:
        # the sample is not remembered: the next start shows the sign-in to the real office
        self._sample_folder = str(seat.store.folder)
        self._open_desk_for(seat)

    def _switch_to_sample(self) -> None:
        self._clear_desk()
        self._open_sample()

    def _change_set_up_language(self, language: str) -> None:
        self.remember(language=language)
        use_language(language)
        translate_qt(language)
        self.setWindowTitle(_("Fuyuan Desk"))
        self.show_set_up()

    # --- the desk

    def _open_desk_for(self, seat: "Seat", place: dict[str, Any] | None = None) -> None:
        from fuyuan_desk.shell.pages import OpenDesk

        self._locked = None
        folder = str(seat.store.folder)
        is_sample = folder == self._sample_folder
        if not is_sample:
            self.remember(store=folder, last_login=seat.operator.login)
        self._guard_data()
        self.open_desk = OpenDesk(seat, self.worker, self.preferences, self.remember)
        self.open_desk.frame.lock_requested.connect(self.lock)
        self.open_desk.requests.language.connect(self._change_language)
        self.open_desk.requests.appearance.connect(self._change_appearance)
        self.open_desk.requests.capture_barred.connect(self._bar_capture)
        self.open_desk.requests.idle_minutes.connect(self._watch_idle)
        self.open_desk.requests.sample.connect(self._switch_to_sample)
        self.open_desk.requests.restore.connect(self._switch_to_restore)
        self._stack.addWidget(self.open_desk.frame)
        if is_sample:
            from fuyuan_desk.shell.sample_office import PASSWORD

            self.open_desk.show_sample_hint(PASSWORD)
        elif self.schedules_backups:
            self.open_desk.start_backup_schedule()
        self._remove_entry()
        self._stack.setCurrentWidget(self.open_desk.frame)
        self.open_desk.start(place)
        if self.preloads:
            self.open_desk.load_pages_when_idle()

    def _guard_data(self) -> None:
        if self._clipboard is None:
            from fuyuan_desk.widgets.clipboard import ClipboardCleaner
            from fuyuan_desk.widgets.private_copy import PrivateCopy
            from fuyuan_desk.widgets.revealed import CaptureBar

            PrivateCopy(self._application, self)
            self._capture = CaptureBar(self._application)
            self._capture.set_on(self.preferences.bar_capture)
            self._clipboard = ClipboardCleaner(self)

    def _bar_capture(self, on: bool) -> None:
        """Keep revealed data out of pictures of the screen from now on, or no longer."""
        self.remember(bar_capture=on)
        if self._capture is not None:
            self._capture.set_on(on)

    def _remove_entry(self) -> None:
        view = getattr(self._entry, "view", None)
        if isinstance(view, QWidget):
            self._stack.removeWidget(view)
            view.deleteLater()
        self._entry = None

    def _watch_idle(self, minutes: int) -> None:
        self._idle.start(minutes)
        if self._activity is None:
            from fuyuan_desk.shell.activity import Activity
            from fuyuan_desk.widgets.composition import Composition

            self._activity = Activity(self._application, self, self._walk_by_mouse)
            self._activity.seen.connect(self._idle.on_activity)
            Composition(self._application, self).seen.connect(self._idle.on_activity)

    def _walk_by_mouse(self, window: "QWindow", button: "Qt.MouseButton") -> bool:
        desk = self.open_desk
        if desk is None or window is not self.windowHandle() or not desk.frame.isVisible():
            return False
        return desk.walker.on_mouse(button)

    # --- locking

    def lock(self) -> None:
        """Save unsaved input and the current place, hide everything, close the store and relaunch."""
        desk = self.open_desk
        if desk is None or self._entry is not None:
            return
        self._idle.stop()
        from fuyuan_desk.process.relaunch import Handover

        area = self.geometry()
        self._locked = Handover(
            desk.folder,
            desk.login,
            desk.folder == self._sample_folder,
            (area.x(), area.y(), area.width(), area.height()),
            self.isMaximized(),
            self.isActiveWindow(),
        )
        desk.lock(self._clear_and_relaunch)  # first: a dialog in sight is part of the place to return to
        for box in QApplication.topLevelWidgets():
            if box is not self and box.isVisible():
                box.hide()
        self._show_locked(self._locked).view.wait(_("Finishing what is being written …"))

    def _show_locked(self, locked: "Handover") -> SignInController:
        entry = SignInController(self.worker, Path(locked.folder), locked.login, locked=True)
        if locked.is_sample:
            from fuyuan_desk.shell.pages import sample_text
            from fuyuan_desk.shell.sample_office import PASSWORD

            entry.view.folder.setText(sample_text(PASSWORD))
        self._show_sign_in(entry)
        return entry

    def _clear_and_relaunch(self) -> None:
        """Delete every page, then relaunch; this process stays locked until the new one is there."""
        assert self._locked is not None
        if self._clipboard is not None:
            self._clipboard.clear()
        self._clear_desk()
        for box in QApplication.topLevelWidgets():
            if box is not self and not box.isVisible():
                box.deleteLater()
        QCoreApplication.sendPostedEvents(None, _DEFERRED_DELETE)
        gc.collect()
        if self._relaunch is None:
            self._stay_locked()
        else:
            self._relaunch(self._locked, self._stay_locked)

    def _stay_locked(self) -> None:
        if isinstance(self._entry, SignInController):
            self._entry.view.wait("")

    def start_locked(self, locked: "Handover") -> None:
        """Show the sign-in page as the locked window that this process replaces."""
        self._locked = locked
        if locked.is_sample:
            self._sample_folder = locked.folder
        x, y, width, height = locked.place
        if width and height:
            from PySide6.QtCore import QRect

            from fuyuan_desk.shell.window_place import place_in_sight

            main = self._application.primaryScreen()
            others = [screen for screen in self._application.screens() if screen is not main]
            areas = [screen.availableGeometry() for screen in (main, *others)]
            self.setGeometry(place_in_sight(QRect(x, y, width, height), areas))
        self._show_locked(locked)

    def _clear_desk(self) -> None:
        assert self.open_desk is not None
        self._stack.removeWidget(self.open_desk.frame)
        self.open_desk.close()
        self.open_desk.deleteLater()
        self.open_desk = None

    def _change_language(self, language: str) -> None:
        """Change the language or the text size: recreate all pages, with the same operator at the same place."""
        assert self.open_desk is not None
        place = self.open_desk.place
        seat = self.open_desk.desk.detach_seat()
        self.remember(language=language)
        use_language(language)
        translate_qt(language)
        self.setWindowTitle(_("Fuyuan Desk"))
        self._clear_desk()
        if seat is not None:
            self._open_desk_for(seat, place)
            self.open_desk.desk.notify(_("Saved."))  # what the page said went with it

    def _change_appearance(self, large_text: bool, tall_rows: bool) -> None:
        self.remember(large_text=large_text, tall_rows=tall_rows)
        apply_theme(self._application, large_text, tall_rows, self, self._system)

    def remember(self, **changes: Any) -> None:
        """Save changed preferences of this PC."""
        self.preferences = self.preferences._replace(**changes)
        self.worker.run(remembered.save, self.preferences, self._settings_file)

    # --- the end of the session

    def prepare_session_end(self, seconds: float) -> None:
        """Save unsaved input and begin the last backup, because the session is about to end; ask nothing."""
        desk = self.open_desk
        if desk is None or self._is_over:
            return
        desk.prepare_session_end(seconds)
        if desk.backup_scheduler.is_automatic:  # until it is made: this process may be ended at any moment
            self._put_off_backup(desk.folder)

    def end_session(self, backup_seconds: float, seconds: float) -> None:
        """Close the store within these times, because the session ends; the window no longer asks on closing."""
        desk = self.open_desk
        if desk is None or self._is_over:
            return
        self._is_over = True
        self._idle.stop()
        is_backed_up = desk.end_session(backup_seconds, seconds)
        if is_backed_up and self.preferences.put_off == desk.folder:
            self._put_off_backup("")
        if self._clipboard is not None:
            self._clipboard.clear()
        if self._one_window is not None:
            self._one_window.stop()

    def _put_off_backup(self, folder: str) -> None:
        # at once: the database thread may not come to it any more
        self.preferences = self.preferences._replace(put_off=folder)
        remembered.save(self.preferences, self._settings_file)

    # --- other processes

    def use_relauncher(self, one: "SingleInstance", relauncher: "Relauncher") -> None:
        """Raise this window from now on when the program is started again, and relaunch on locking."""
        self._one_window = one

        def relaunch(locked: "Handover", failed: Callable[[], object]) -> None:
            one.stop()
            relauncher.start(locked, self._end, lambda: (one.listen(), failed()))

        self._relaunch = relaunch

    def _end(self) -> None:
        """End this process at once; everything is closed, and a clean-up would only keep its memory longer."""
        os._exit(0)

    def bring_to_front(self) -> None:
        """Bring the window to the front, also when it is minimized."""
        from PySide6.QtCore import Qt

        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self._application.alert(self)

    def show_fault(self, message: str) -> None:
        """Report a bug of the program in a message box."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Warning, _("Fuyuan Desk"), message, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def closeEvent(self, event: "QCloseEvent") -> None:
        """Ask about unsaved input, make the last backup, then close the store; at the end of the session only close."""
        if not self._is_over:
            if self.open_desk is not None and not self.open_desk.may_close(self.close):
                event.ignore()
                return
            if self.open_desk is not None and not self.open_desk.before_close(self.close):
                event.ignore()
                return
            self.preferences = self.preferences._replace(put_off="")  # whether it was made has been said
        self._idle.stop()
        self.worker.shutdown()  # pending writes finish before the store is closed
        if self.open_desk is not None:
            self.open_desk.close()
            self.open_desk = None
        if self._clipboard is not None:
            self._clipboard.clear()
        if self._one_window is not None:
            self._one_window.stop()
        remembered.save(self.preferences, self._settings_file)
        event.accept()
