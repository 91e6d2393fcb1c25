"""What is copied from the program does not stay on the clipboard: it is taken off after a minute."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

SECONDS = 60
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
# without a screen the clipboard is the program's own, and Qt does not know whose it is
_WITHOUT_OTHERS = ("offscreen", "minimal")


class ClipboardCleaner(QObject):
    """Clears the clipboard, and on X11 the selection, `SECONDS` after the program put something there.

    What another program put there meanwhile stays. Whatever page or field copies comes under it by itself.
    """

    def __init__(self, parent: QObject | None = None, seconds: float = SECONDS) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._timers = {mode: self._timer(mode, seconds) for mode in _MODES}
        # bound methods: their connections end with this object, those of a lambda would not
        self._clipboard.dataChanged.connect(self._on_copied)
        self._clipboard.selectionChanged.connect(self._on_selected)

    def _timer(self, mode: QClipboard.Mode, seconds: float) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(int(seconds * 1000))
        timer.timeout.connect(lambda: self._clear(mode))
        return timer

    def clear(self) -> None:
        """Take off at once what the program put there, as the desk is locked or closed."""
        for mode in self._timers:
            self._clear(mode)

    @Slot()
    def _on_copied(self) -> None:
        self._on_changed(QClipboard.Mode.Clipboard)

    @Slot()
    def _on_selected(self) -> None:
        self._on_changed(QClipboard.Mode.Selection)

    def _on_changed(self, mode: QClipboard.Mode) -> None:
        if self._is_ours(mode):
            self._timers[mode].start()
        else:
            self._timers[mode].stop()

    def _is_ours(self, mode: QClipboard.Mode) -> bool:
        if QGuiApplication.platformName() in _WITHOUT_OTHERS:
            return True
        if mode is QClipboard.Mode.Selection:
            return self._clipboard.supportsSelection() and self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()

    def _clear(self, mode: QClipboard.Mode) -> None:
        self._timers[mode].stop()
        if self._is_ours(mode):
            self._clipboard.clear(mode)
