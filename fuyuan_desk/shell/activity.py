"""The input that reaches the program's windows: whether somebody works at the desk, and keys that belong to nothing."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QWindow

# a key that a shortcut consumes arrives as `ShortcutOverride` only
_INPUT = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)


class Activity(QObject):
    """Emits `seen` for every key, movement and press in a window of the program that has or had the focus.

    `on_button(window, button)` is asked at every press of a mouse button first; True: it has been dealt with.
    Alt and a character that is the mnemonic of nothing does nothing: a field would take it for typed text.
    """

    seen = Signal()

    def __init__(
        self,
        application: QGuiApplication,
        parent: QObject,
        on_button: Callable[[QWindow, Qt.MouseButton], bool] = lambda _window, _button: False,
    ) -> None:
        super().__init__(parent)
        self._on_button = on_button
        # The windows are watched, not the application: a filter there is called for every event of every widget, and
        # a page is built by thirty thousand of them (measured: half of the time in which a page opens).
        for window in application.topLevelWindows():
            self.watch(window)
        application.focusWindowChanged.connect(self.watch)

    def watch(self, window: QWindow | None) -> None:
        """Watch a window; one that is watched already, or None, changes nothing."""
        # PySide may hand over, for a new window, its wrapper of what lay at the same address before
        if isinstance(window, QWindow):
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self.seen.emit()
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            return isinstance(watched, QWindow) and self._on_button(watched, event.button())
        return isinstance(event, QKeyEvent) and _is_stray(event)


def _is_stray(event: QKeyEvent) -> bool:
    """Return whether a key press is Alt and a character; what is a shortcut does not arrive as a press."""
    is_alt = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier
    return (
        event.type() == QEvent.Type.KeyPress and is_alt and event.text().isprintable() and bool(event.text())
    )
