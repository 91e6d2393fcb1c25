"""What an input method is composing: keys belong to it meanwhile, and a search waits for what is entered.

Microsoft Pinyin and its like show what is composed – the preedit – in the field itself, but the field does not hold it
until it is committed. Usually Windows keeps the keys of a composition to itself; some input methods let them through.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from fuyuan_desk.widgets.focus_filter import FocusFilter

_KEYS = frozenset(
    (
        Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up,
        Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_Delete,
    )
)  # fmt: skip
_MODIFIERS = frozenset((Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta))
_SHORTCUT = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def _commit() -> None:
    QGuiApplication.inputMethod().commit()


class Composition(QObject):
    """Keeps the keys of a composition from the focused field and its window, and commits it before a shortcut.

    A key that belongs to the input method and comes through all the same does nothing, once: the next one is the
    field's again, so that an input method that never says it is done blocks nobody. `seen` is emitted for whatever
    is composed, which is work at the desk, though no key arrives.
    """

    seen = Signal()

    def __init__(
        self,
        application: QApplication,
        parent: QObject | None = None,
        commit: Callable[[], object] = _commit,
    ) -> None:
        super().__init__(parent)
        self._commit = commit
        self._is_on = False
        FocusFilter(application, self)

    @property
    def is_on(self) -> bool:
        """Whether something is being composed in the focused field."""
        return self._is_on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._is_on = bool(event.preeditString())
            self.seen.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self._is_on = False
        elif self._is_on and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if Qt.Key(event.key()) in _MODIFIERS or not (
            is_press or event.type() == QEvent.Type.ShortcutOverride
        ):
            return False
        if event.modifiers() & _SHORTCUT:
            self._is_on = False
            self._commit()
            return False
        if Qt.Key(event.key()) not in _KEYS:
            return False
        if is_press:
            self._is_on = False
        event.accept()  # an override: no shortcut takes the key, which then arrives as a press
        return True


class SettledText(QObject):
    """Emits `changed(text)` like a line edit's own signal, but not while something is composed in it.

    A composition removes what was selected before anything is entered: a search would run for the empty text.
    """

    changed = Signal(str)

    def __init__(self, line: QLineEdit, signal: SignalInstance | None = None) -> None:
        super().__init__(line)
        self._line = line
        self._is_composing = self._is_waiting = False
        (signal or line.textChanged).connect(self._on_text)
        line.installEventFilter(self)

    @property
    def is_composing(self) -> bool:
        """Whether something is being composed in the line."""
        return self._is_composing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._is_composing = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self._is_composing = False
        else:
            return False
        if not self._is_composing and self._is_waiting:
            QTimer.singleShot(0, self, self._settle)  # once the line holds what is committed
        return False

    def _on_text(self, text: str) -> None:
        self._is_waiting = self._is_composing
        if not self._is_composing:
            self.changed.emit(text)

    def _settle(self) -> None:
        if self._is_waiting and not self._is_composing:
            self._is_waiting = False
            self.changed.emit(self._line.text())
