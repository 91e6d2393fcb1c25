"""The composition root: sign in, then the desk with its pages; the only place that knows every page."""

import gc
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from fuyuan_desk import preferences as remembered
from fuyuan_desk.office.controller.sign_in import SignInController
from fuyuan_desk.preferences import Preferences
from fuyuan_desk.texts import _, language, use_language
from fuyuan_desk.widgets.theme import apply_theme, load_rare_characters, make_application, translate_qt
from fuyuan_desk.widgets.work import Worker

# Qt's classes are made when first named, and `Qt` itself with all its enums takes a fifth of the whole start:
# what the first window does not need is imported where it is used.
if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QCloseEvent

    from fuyuan_desk.office.access import Seat
    from fuyuan_desk.pages import OpenDesk

SIZE = (1366, 768)


def _load_ahead() -> None:
    """Load what the desk will need while the clerk types her password."""
    import importlib

    for name in (
        "fuyuan_desk.office.service",
        "sqlcipher3.dbapi2",
        "argon2.low_level",
        "cryptography.hazmat.primitives.ciphers.aead",
        "fuyuan_desk.schema",
        "fuyuan_desk.pages",
        "fuyuan_desk.today.controller",
        "fuyuan_desk.estates.controller.estates",
        "fuyuan_desk.renovation.controller.cases",
        "fuyuan_desk.inspections.controller.inspections",
        "fuyuan_desk.inspections.controller.section",
        "fuyuan_desk.standards.controller.standards",
        "fuyuan_desk.standards.controller.tier",
        "fuyuan_desk.estates.controller.importing",
        "fuyuan_desk.office.controller.settings",
    ):
        importlib.import_module(name)
    from fuyuan_desk.store import pinyin

    pinyin.warm()  # else the first save would wait for it


def _build_sample() -> "Seat":
    from fuyuan_desk import sample

    return sample.build_for_looking()


class MainWindow(QMainWindow):
    """One window: the way in, or the desk; a locked desk stays behind the way in with all that was typed."""

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
        self._worked_at: QWidget | None = None
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
        has_office = any((folder / name).exists() for name in ("keys.json", "keys-copy.json"))
        if self.preferences.store or has_office:
            self.show_sign_in(folder)
        else:
            self.show_set_up()

    def show_sign_in(self, folder: Path) -> None:
        """Ask for operator and password of the office in `folder`."""
        known = self.preferences.last_login if str(folder) == self.preferences.store else ""
        entry = SignInController(self.worker, folder, known)
        entry.view.other_office_asked.connect(self._choose_office)
        entry.view.new_office_asked.connect(self.show_set_up)
        entry.view.sample_asked.connect(self._open_sample)
        self._show_sign_in(entry)

    def _show_sign_in(self, entry: SignInController) -> None:
        entry.signed_in.connect(self._sit_down)
        entry.view.recovery_asked.connect(lambda: self._show_recovery(entry.folder, entry.view.login.text()))
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
        entry.signed_in.connect(self._sit_down)
        entry.sample_asked.connect(self._open_sample)
        entry.other_office_asked.connect(self._choose_office)
        entry.language_chosen.connect(self._speak)
        entry.left.connect(self.show_entry)
        self._enter(entry, entry.view)

    def _show_recovery(self, folder: Path, login: str) -> None:
        from fuyuan_desk.office.controller.set_up import RecoveryController

        entry = RecoveryController(self.worker, folder, login)
        entry.signed_in.connect(self._sit_down)
        entry.left.connect(self._back_from_recovery)
        self._enter(entry, entry.view)

    def _back_from_recovery(self) -> None:
        if self.open_desk is not None:
            self._show_locked()
        else:
            self.show_entry()

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
        self._sit_down(seat)

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

    def _sit_down(self, seat: "Seat") -> None:
        from fuyuan_desk.pages import OpenDesk

        folder = str(seat.store.folder)
        if self.open_desk is not None and folder != self.open_desk.folder:
            self._clear_desk()
        is_sample = folder == self._sample_folder
        if not is_sample:
            self.remember(store=folder, last_login=seat.operator.login)
        if self.open_desk is None:
            self.open_desk = OpenDesk(seat, self.worker, self.preferences, self.remember)
            self.open_desk.frame.lock_asked.connect(self.lock)
            self.open_desk.language_asked.connect(self._speak_anew)
            self.open_desk.text_size_asked.connect(self._resize_text)
            self.open_desk.idle_minutes_changed.connect(self._watch_idle)
            self.open_desk.sample_asked.connect(self._leave_for_sample)
            self._stack.addWidget(self.open_desk.frame)
        else:
            self.open_desk.sit(seat)
        if is_sample:
            from fuyuan_desk.sample import PASSWORD

            self.open_desk.tell_sample(PASSWORD)
        self._leave_entry()
        self._stack.setCurrentWidget(self.open_desk.frame)
        self.open_desk.start()
        self._go_on_where_locked()

    def _go_on_where_locked(self) -> None:
        from shiboken6 import isValid

        worked_at, self._worked_at = self._worked_at, None
        if worked_at is not None and isValid(worked_at) and worked_at.isVisible():
            worked_at.setFocus()

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

    def lock(self) -> None:
        """Close the store and forget its key; the pages stay behind with what was typed."""
        if self.open_desk is None or self._entry is not None:
            return
        self._idle.stop()
        self._worked_at = QApplication.focusWidget()
        for box in QApplication.topLevelWidgets():
            if box is not self and box.isVisible() and box.isModal():
                box.hide()
        self.open_desk.rise(self._show_locked)

    def _show_locked(self) -> None:
        assert self.open_desk is not None
        entry = SignInController(self.worker, Path(self.open_desk.folder), self.open_desk.login, locked=True)
        if self.open_desk.folder == self._sample_folder:
            from fuyuan_desk.pages import sample_words
            from fuyuan_desk.sample import PASSWORD

            entry.view.folder.setText(sample_words(PASSWORD))
        self._show_sign_in(entry)

    def _clear_desk(self) -> None:
        assert self.open_desk is not None
        self._stack.removeWidget(self.open_desk.frame)
        self.open_desk.close()
        self.open_desk = None

    def _speak_anew(self, language: str) -> None:
        """Change the language: the pages are made anew in it, with the same operator."""
        assert self.open_desk is not None
        seat = self.open_desk.desk.rise()
        self.remember(language=language)
        use_language(language)
        translate_qt(language)
        self.setWindowTitle(_("Fuyuan Desk"))
        self._clear_desk()
        if seat is not None:
            self._sit_down(seat)

    def _resize_text(self, large: bool) -> None:
        self.remember(large_text=large)
        apply_theme(self._application, large)

    def remember(self, **changes: Any) -> None:
        """Keep changed preferences of this PC."""
        self.preferences = self.preferences._replace(**changes)
        self.worker.run(remembered.save, self.preferences, self._settings_file)

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
        self._idle.stop()
        self.worker.shutdown()  # what is being written ends before its store is closed
        if self.open_desk is not None:
            self.open_desk.close()
            self.open_desk = None
        remembered.save(self.preferences, self._settings_file)
        event.accept()


def run_window() -> int:
    """Open the window and stay until it is closed."""
    preferences = remembered.load()
    use_language(preferences.language)
    application = make_application()
    application.setApplicationName("fuyuan_desk")
    apply_theme(application, preferences.large_text)
    window = MainWindow(application, preferences)
    window.show_entry()
    room = application.primaryScreen().availableSize()
    if room.width() <= SIZE[0] or room.height() <= SIZE[1]:
        window.showMaximized()  # on the small screen of an office PC the task bar would hide the status line
    else:
        window.show()
    QTimer.singleShot(100, lambda: _after_first_window(window))  # not before it is drawn
    return application.exec()


def _after_first_window(window: MainWindow) -> None:
    gc.freeze()
    gc.enable()
    from fuyuan_desk import faults

    faults.catch_all(window.show_fault)
    translate_qt(language())
    threading.Thread(target=_load_ahead, name="load-ahead", daemon=True).start()
    QTimer.singleShot(300, load_rare_characters)
