"""The sign-in window, built with plain Qt widgets only so that it appears at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.widgets.theme import set_role

# Importing `Qt` with its enums takes a fifth of the start-up, so it is imported only when a key is pressed.
# Keyword arguments of PySide take 2 ms more, so properties are set one by one.
if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class _PasswordLine(QLineEdit):
    """A password field that emits each key's text and whether Shift is down."""

    pressed = Signal(str, bool)

    def keyPressEvent(self, event: "QKeyEvent") -> None:
        from PySide6.QtCore import Qt

        self.pressed.emit(event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        super().keyPressEvent(event)


class SignInView(QWidget):
    """Asks for operator and password of the office in one folder, also after locking.

    `submitted(login, password)`, `recovery_requested`, `other_office_requested`, `new_office_requested`,
    `sample_requested`.
    """

    submitted = Signal(str, str)
    recovery_requested = Signal()
    other_office_requested = Signal()
    new_office_requested = Signal()
    sample_requested = Signal()
    restore_requested = Signal()

    def __init__(self, folder: str, login: str, locked: bool = False) -> None:
        super().__init__()
        self.setObjectName("signIn")
        self.setWindowTitle(_("Fuyuan Desk"))
        self._locked = locked
        self._pause = QTimer(self)
        self._pause.setInterval(1000)
        self._pause.timeout.connect(self._count_down)
        self._seconds = 0
        self._build(folder, login)

    def _build(self, folder: str, login: str) -> None:
        # large text on a small screen needs more height than there is
        page = QWidget()
        page.setProperty("role", "page")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setProperty("role", "unfocused")  # Tab leads to what is in it
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.area)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._card(folder, login))
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(3)
        self.area.setWidget(page)
        (self.password if login else self.login).setFocus()

    def _card(self, folder: str, login: str) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(480)
        column = QVBoxLayout(card)
        column.setContentsMargins(40, 32, 40, 32)
        column.setSpacing(12)
        title = QLabel(_("Fuyuan Desk"))
        title.setProperty("role", "title")
        about = QLabel(
            _("The desk is locked. Your input is kept.")
            if self._locked
            else _("The desk of the residents' committee")
        )
        about.setProperty("role", "hint")
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(8)
        column.addLayout(self._fields(login))
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("role", "error")
        room = QWidget()
        room.setMinimumHeight(self.message.fontMetrics().height() * 2 + 4)
        top = QVBoxLayout(room)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.message)
        top.addStretch(1)
        column.addWidget(room)
        self.busy = QProgressBar()
        self.busy.setMaximum(0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(4)
        self.busy.hide()
        kept = QWidget()  # reserves the space while the bar is hidden
        kept.setFixedHeight(4)
        filling = QVBoxLayout(kept)
        filling.setContentsMargins(0, 0, 0, 0)
        filling.addWidget(self.busy)
        column.addWidget(kept)
        self.enter = QPushButton(_("&Unlock") if self._locked else _("&Sign in"))
        self.enter.setDefault(True)
        self.enter.setProperty("role", "primary")
        self.enter.setMinimumHeight(40)
        self.enter.clicked.connect(self._submit)
        column.addWidget(self.enter)
        column.addSpacing(8)
        self.folder = QLabel(_("Office folder: {folder}").format(folder=folder))
        self.folder.setWordWrap(True)
        self.folder.setProperty("role", "hint")
        column.addWidget(self.folder)
        column.addLayout(self._links())
        return card

    def _fields(self, login: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(12)
        grid.setHorizontalSpacing(16)
        self.login = QLineEdit(login)
        self.login.setAccessibleName(_("Operator"))
        self.password = _PasswordLine()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.pressed.connect(self._watch_caps_lock)
        self.password.setAccessibleName(_("Password"))
        rows = ((_("&Operator"), self.login), (_("&Password"), self.password))
        for row, (text, field) in enumerate(rows):
            field.setMinimumHeight(36)
            field.returnPressed.connect(self._submit)
            name = QLabel(text)
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        return grid

    def _links(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(4)
        links = [(_("&Forgot the password"), self.recovery_requested)]
        if not self._locked:
            links += [
                (_("Open &another office"), self.other_office_requested),
                (_("&New office"), self.new_office_requested),
                (_("Sa&mple office"), self.sample_requested),
                (_("&Restore a backup …"), self.restore_requested),
            ]
        for number, (text, signal) in enumerate(links):
            button = QPushButton(text)
            button.setProperty("role", "link")
            button.clicked.connect(signal)
            grid.addWidget(button, number // 2, number % 2)
        return grid

    def _watch_caps_lock(self, typed: str, shifted: bool) -> None:
        # the most common cause of a wrong password
        if self._seconds or self.password.isReadOnly():
            return
        if len(typed) == 1 and typed.isalpha() and typed.isascii():
            self.message.setText(_("Caps Lock seems to be on.") if typed.isupper() != shifted else "")

    def _submit(self) -> None:
        if not self.enter.isEnabled():
            return
        if not self.login.text().strip():
            self.refuse(_("Enter your operator name."))
            self.login.setFocus()
        elif not self.password.text():
            self.refuse(_("Enter your password."))
        else:
            self.submitted.emit(self.login.text().strip(), self.password.text())

    def set_busy(self, busy: bool) -> None:
        """Show that the password is being checked, and accept no input; the focus stays in the fields."""
        self.busy.setVisible(busy)
        if busy and self.enter.hasFocus():
            self.password.setFocus()  # a disabled button passes its focus to the next link
        self.enter.setEnabled(not busy)
        for field in (self.login, self.password):
            field.setReadOnly(busy)
        if busy:
            self.message.clear()

    def wait(self, text: str) -> None:
        """Block signing in while showing `text` as the reason; '' unblocks."""
        self.set_busy(bool(text))
        self.message.setText(text)
        set_role(self.message, "hint" if text else "error")
        if not text:
            (self.password if self.login.text() else self.login).setFocus()

    def refuse(self, sentence: str, pause_seconds: int = 0) -> None:
        """Show why signing in failed, and select the password."""
        self.set_busy(False)
        self.message.setText(sentence)
        self.password.setFocus()
        self.password.selectAll()
        if pause_seconds:
            self._seconds = pause_seconds
            self.enter.setEnabled(False)
            self._pause.start()

    def _count_down(self) -> None:
        self._seconds -= 1
        if self._seconds <= 0:
            self._pause.stop()
            self.enter.setEnabled(True)
            self.message.setText(_("You can try again now."))
        else:
            self.message.setText(
                numbered(
                    self._seconds,
                    N_("Too many wrong passwords. Please wait {n} second, then try again."),
                    N_("Too many wrong passwords. Please wait {n} seconds, then try again."),
                )
            )

    def forget_password(self) -> None:
        """Clear the password after use."""
        self.password.clear()
