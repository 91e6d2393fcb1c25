"""The composition root: sign in, then the desk with its pages; the only place that knows every page."""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from fuyuan_desk.core import preferences as remembered
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import _, use_language
from fuyuan_desk.office.controller.sign_in import SignInController
from fuyuan_desk.widgets.theme import apply_theme, translate_qt
from fuyuan_desk.widgets.work import Worker

# Qt's classes are made when first named, and `Qt` itself with all its enums takes a fifth of the whole start:
# what the first window does not need is imported where it is used.
if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QCloseEvent

    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.process.relaunch import Handover, Relauncher
    from fuyuan_desk.process.single_instance import OneWindow
    from fuyuan_desk.shell.pages import OpenDesk
    from fuyuan_desk.widgets.clipboard import ClipboardCleaner

    Succeed = Callable[[Handover, Callable[[], object]], object]

SIZE = (1366, 768)
_DEFERRED_DELETE = 52  # QEvent.Type.DeferredDelete, whose class the first window does not name


def _build_sample() -> "Seat":
    from fuyuan_desk.shell import sample_office

    return sample_office.build_temporary()


class MainWindow(QMainWindow):
    """One window: the way in, or the desk.

    Of a locked desk nothing stays but who locked it; what was typed waits in the store. `succeed(locked, failed)`,
    when it is given, starts a fresh process in this one's place.
    """

    def __init__(
        self, application: QApplication, preferences: Preferences, settings_file: Path | None = None
    ) -> None:
        super().__init__()
        self._settings_file = settings_file
        self._sample_folder = ""
        self._application = application
        self._typing: frozenset[QEvent.Type] = frozenset()
        self.preferences = preferences
        self.worker = Worker("store", self)
        self.open_desk: OpenDesk | None = None
        self._entry: QObject | None = None
        self._locked: Handover | None = None
        self._relaunch: Succeed | None = None
        self.schedules_backups = False
        self.preloads = False
        self._clipboard: ClipboardCleaner | None = None
        self._one_window: OneWindow | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(_("Fuyuan Desk"))
        self.resize(*SIZE)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)

    # --- the way in

    @property
    def entry(self) -> Any:
        """What stands in the window before the desk: the controller of sign-in, set-up or recovery, or None."""
        return self._entry

    def show_entry(self) -> None:
        """Show the sign-in page, or the set-up where there is no office yet."""
        folder = remembered.store_folder(self.preferences)
        # the key file or its copy is looked for here without loading the store
        # the last is of a restored office that was about to take the place; signing in brings that to its end
        signs = (
            folder / "keys.json",
            folder / "keys-copy.json",
            folder.with_name(f"{folder.name}.restoring"),
        )
        has_office = any(sign.exists() for sign in signs)
        if self.preferences.store or has_office:
            self.show_sign_in(folder)
        else:
            self.show_set_up()

    def show_sign_in(self, folder: Path) -> None:
        """Ask for operator and password of the office in `folder`."""
        known = self.preferences.last_login if str(folder) == self.preferences.store else ""
        entry = SignInController(self.worker, folder, known)
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
        former: QWidget | None = self._stack.currentWidget()  # none while the stack is empty
        self._entry = entry
        begins_at = view.focusWidget()  # the stack would put the cursor into the first field
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        if begins_at is not None:
            begins_at.setFocus()
        desk = self.open_desk.frame if self.open_desk is not None else None
        if former is not None and former is not desk:
            self._stack.removeWidget(former)
            former.deleteLater()

    def show_set_up(self) -> None:
        """Show the first-run wizard."""
        from fuyuan_desk.office.controller.set_up import SetUpController

        entry = SetUpController(self.worker, self.preferences)
        entry.signed_in.connect(self._open_desk_for)
        entry.sample_requested.connect(self._open_sample)
        entry.other_office_requested.connect(self._choose_office)
        entry.language_chosen.connect(self._speak)
        entry.view.restore_requested.connect(
            lambda: self.show_restore(remembered.store_folder(self.preferences))
        )
        entry.left.connect(self.show_entry)
        self._enter(entry, entry.view)

    def _show_recovery(self, folder: Path, login: str) -> None:
        from fuyuan_desk.office.controller.set_up import RecoveryController

        entry = RecoveryController(self.worker, folder, login)
        entry.signed_in.connect(self._open_desk_for)
        entry.left.connect(self._back_from_recovery)
        self._enter(entry, entry.view)

    def _back_from_recovery(self) -> None:
        if self._locked is not None:
            self._show_locked(self._locked)
        else:
            self.show_entry()

    def show_restore(self, folder: Path, backup: str = "") -> None:
        """Show the way back to a backup of the office in `folder`, or beside where one would be."""
        from fuyuan_desk.backups.controller.restore import RestoreController

        entry = RestoreController(self.worker, folder, backup)
        entry.left.connect(self.show_entry)
        entry.office_chosen.connect(self.show_sign_in)
        self._enter(entry, entry.view)
        entry.start()

    def _leave_for_restore(self, backup: str) -> None:
        assert self.open_desk is not None
        if self.open_desk.may_close(lambda: self._leave_for_restore(backup)):
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
        entry.signed_in.connect(self._look_around)
        entry.left.connect(self.show_entry)
        self._enter(entry, entry.view)
        entry.start()

    def _look_around(self, seat: "Seat") -> None:
        # the sample is not remembered: the next start shows the way into one's own office
        self._sample_folder = str(seat.store.folder)
        self._open_desk_for(seat)

    def _leave_for_sample(self) -> None:
        self._clear_desk()
        self._open_sample()

    def _speak(self, language: str) -> None:
        self.remember(language=language)
        use_language(language)
        translate_qt(language)
        self.setWindowTitle(_("Fuyuan Desk"))
        self.show_set_up()

    # --- the desk

    def _open_desk_for(self, seat: "Seat") -> None:
        from fuyuan_desk.shell.pages import OpenDesk

        self._locked = None
        folder = str(seat.store.folder)
        is_sample = folder == self._sample_folder
        if not is_sample:
            self.remember(store=folder, last_login=seat.operator.login)
        self._watch_clipboard()
        self.open_desk = OpenDesk(seat, self.worker, self.preferences, self.remember)
        self.open_desk.frame.lock_requested.connect(self.lock)
        self.open_desk.requests.language.connect(self._speak_anew)
        self.open_desk.requests.text_size.connect(self._resize_text)
        self.open_desk.requests.idle_minutes.connect(self._watch_idle)
        self.open_desk.requests.sample.connect(self._leave_for_sample)
        self.open_desk.requests.restore.connect(self._leave_for_restore)
        self._stack.addWidget(self.open_desk.frame)
        if is_sample:
            from fuyuan_desk.shell.sample_office import PASSWORD

            self.open_desk.show_sample_hint(PASSWORD)
        elif self.schedules_backups:
            self.open_desk.start_backup_schedule()
        self._leave_entry()
        self._stack.setCurrentWidget(self.open_desk.frame)
        self.open_desk.start()
        if self.preloads:
            self.open_desk.load_pages_when_idle()

    def _watch_clipboard(self) -> None:
        if self._clipboard is None:
            from fuyuan_desk.widgets.clipboard import ClipboardCleaner

            self._clipboard = ClipboardCleaner(self)

    def _leave_entry(self) -> None:
        view = getattr(self._entry, "view", None)
        if isinstance(view, QWidget):
            self._stack.removeWidget(view)
            view.deleteLater()
        self._entry = None

    def _watch_idle(self, minutes: int) -> None:
        from PySide6.QtCore import QEvent

        kinds = QEvent.Type
        self._typing = frozenset((kinds.KeyPress, kinds.MouseButtonPress, kinds.Wheel, kinds.MouseMove))
        self._idle.setInterval(minutes * 60_000)
        self._idle.start()
        self._application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: "QEvent") -> bool:
        """Start the idle time anew at every sign of somebody at the desk."""
        if self._idle.isActive() and event.type() in self._typing:
            self._idle.start()
        return False

    # --- locking

    def lock(self) -> None:
        """Keep what is typed and where, hide everything, close the store, and go on as a fresh process."""
        desk = self.open_desk
        if desk is None or self._entry is not None:
            return
        self._idle.stop()
        for box in QApplication.topLevelWidgets():
            if box is not self and box.isVisible():
                box.hide()
        from fuyuan_desk.process.relaunch import Handover

        where = self.geometry()
        self._locked = Handover(
            desk.folder,
            desk.login,
            desk.folder == self._sample_folder,
            (where.x(), where.y(), where.width(), where.height()),
            self.isMaximized(),
            self.isActiveWindow(),
        )
        desk.lock(self._empty_desk)
        self._show_locked(self._locked).view.wait(_("What is being written is brought to its end …"))

    def _show_locked(self, locked: "Handover") -> SignInController:
        entry = SignInController(self.worker, Path(locked.folder), locked.login, locked=True)
        if locked.is_sample:
            from fuyuan_desk.shell.pages import sample_text
            from fuyuan_desk.shell.sample_office import PASSWORD

            entry.view.folder.setText(sample_text(PASSWORD))
        self._show_sign_in(entry)
        return entry

    def _empty_desk(self) -> None:
        """Let go of every page, then of this process itself; until the fresh one is there this one stays locked."""
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
        """Begin as the locked window whose place this process takes."""
        self._locked = locked
        if locked.is_sample:
            self._sample_folder = locked.folder
        x, y, width, height = locked.place
        if width and height:
            self.setGeometry(x, y, width, height)
        self._show_locked(locked)

    def _clear_desk(self) -> None:
        assert self.open_desk is not None
        self._stack.removeWidget(self.open_desk.frame)
        self.open_desk.close()
        self.open_desk.deleteLater()
        self.open_desk = None

    def _speak_anew(self, language: str) -> None:
        """Change the language: the pages are made anew in it, with the same operator."""
        assert self.open_desk is not None
        seat = self.open_desk.desk.detach_seat()
        self.remember(language=language)
        use_language(language)
        translate_qt(language)
        self.setWindowTitle(_("Fuyuan Desk"))
        self._clear_desk()
        if seat is not None:
            self._open_desk_for(seat)

    def _resize_text(self, large: bool) -> None:
        self.remember(large_text=large)
        apply_theme(self._application, large)

    def remember(self, **changes: Any) -> None:
        """Keep changed preferences of this PC."""
        self.preferences = self.preferences._replace(**changes)
        self.worker.run(remembered.save, self.preferences, self._settings_file)

    # --- this process among others

    def use_relauncher(self, one: "OneWindow", successor: "Relauncher") -> None:
        """From now on a second start brings this window forward, and a lock starts a fresh process."""
        self._one_window = one

        def succeed(locked: "Handover", failed: Callable[[], object]) -> None:
            one.stop()
            successor.start(locked, self._end, lambda: (one.listen(), failed()))

        self._relaunch = succeed

    def _end(self) -> None:
        """End this process at once; everything is closed, and tidying up would only keep its memory alive."""
        os._exit(0)

    def bring_to_front(self) -> None:
        """Come to the front, from the task bar too."""
        from PySide6.QtCore import Qt

        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self._application.alert(self)

    def show_fault(self, sentence: str) -> None:
        """Tell of a bug of ours, over whatever is open."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Warning, _("Fuyuan Desk"), sentence, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def closeEvent(self, event: "QCloseEvent") -> None:
        """Ask a page with unsaved input once, then close the store properly."""
        if self.open_desk is not None and not self.open_desk.may_close(self.close):
            event.ignore()
            return
        if self.open_desk is not None and not self.open_desk.before_close(self.close):
            event.ignore()
            return
        self._idle.stop()
        self.worker.shutdown()  # what is being written ends before its store is closed
        if self.open_desk is not None:
            self.open_desk.close()
            self.open_desk = None
        if self._clipboard is not None:
            self._clipboard.clear()
        if self._one_window is not None:
            self._one_window.stop()
        remembered.save(self.preferences, self._settings_file)
        event.accept()
