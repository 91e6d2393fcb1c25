"""Uniform buttons: primary, ordinary, link and icon-only."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QSizePolicy, QToolButton

from fuyuan_desk.widgets.icons import icon

_LEAST_PX = 72
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


# In Qt, Enter presses only a default button, and does so from every field of a dialog;
# users expect it to press the focused button and no other.
class _PushButton(QPushButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


class ShortenedButton(_PushButton):
    """A button of the status line that shortens its text instead of widening the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "status")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._whole = ""

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._shorten()
        self.updateGeometry()

    def text(self) -> str:
        """Return the whole text."""
        return self._whole

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        shown = self.fontMetrics().horizontalAdvance(super().text())
        return QSize(
            hint.width() + 4 - shown + self.fontMetrics().horizontalAdvance(self._whole), hint.height()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_PX, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        # the style sheet's padding and border
        room = self.width() - 8
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != super().text():
            super().setText(shown)


class _ToolButton(QToolButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


def button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    role: str = "",
    picture: str = "",
    shortcut: str = "",
) -> QPushButton:
    """Create a push button; `role` is '', 'primary', 'danger' or 'link', `shortcut` e.g. 'Ctrl+N'.

    The shortcut is shown in the tooltip.
    """
    made = _PushButton(text)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if picture:
        ink = {"primary": "on_accent", "danger": "error", "link": "accent"}.get(role, "ink")
        made.setIcon(icon(picture, ink))
        made.setIconSize(QSize(18, 18))
    if shortcut:
        _add_shortcut(made, shortcut)
        made.setToolTip(shortcut)
    if on_click is not None:
        made.clicked.connect(lambda checked: on_click())
    return made


def icon_button(
    picture: str, name: str, on_click: Callable[[], object] | None = None, *, shortcut: str = ""
) -> QToolButton:
    """Create a button that shows only an icon; `name` is its accessible name and tooltip."""
    made = _ToolButton()
    made.setIcon(icon(picture))
    made.setIconSize(QSize(18, 18))
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({shortcut})" if shortcut else name)
    if shortcut:
        _add_shortcut(made, shortcut)
    if on_click is not None:
        made.clicked.connect(lambda checked: on_click())
    return made


def _add_shortcut(made: QAbstractButton, shortcut: str) -> None:
    # setShortcut would replace the button's mnemonic, and be lost with the next setText
    keys = QShortcut(QKeySequence(shortcut), made)
    keys.activated.connect(made.click)


def clear_action(line: QLineEdit, name: str) -> QAction:
    """Add a small clear button to a line edit."""
    action = line.addAction(icon("close", "muted"), QLineEdit.ActionPosition.TrailingPosition)
    action.setToolTip(name)
    action.triggered.connect(line.clear)
    action.setVisible(False)
    line.textChanged.connect(lambda text: action.setVisible(bool(text)))
    return action
