"""Clearing of the clipboard one minute after the program copied something to it, which no history may keep."""

import sys

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from fuyuan_desk.widgets.private_copy import as_private, is_private

SECONDS = 60
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
# on these platforms the clipboard is private to the program, and Qt does not report its owner
_PRIVATE_PLATFORMS = ("offscreen", "minimal")


class ClipboardCleaner(QObject):
    """Clears the clipboard, and on X11 the selection, `SECONDS` after the program copied something.

    Contents copied by another program are left alone. Copies from every page and field are covered. A copy that is not
    private yet – see `PrivateCopy`, by which keys and menus copy – is replaced by one that is.
    """

    def __init__(
        self, parent: QObject | None = None, seconds: float = SECONDS, platform: str = sys.platform
    ) -> None:
        super().__init__(parent)
        self._platform = platform
        self._replaced: str | None = None
        self._clipboard = QGuiApplication.clipboard()
        self._timers = {mode: self._timer(mode, seconds) for mode in _MODES}
        # bound methods: unlike lambdas, they are disconnected when this object is destroyed
        self._clipboard.dataChanged.connect(self._on_copied)
        self._clipboard.selectionChanged.connect(self._on_selected)

    def _timer(self, mode: QClipboard.Mode, seconds: float) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(int(seconds * 1000))
        timer.timeout.connect(lambda: self._clear(mode))
        return timer

    def clear(self) -> None:
        """Clear what the program copied at once, when the desk is locked or closed."""
        for mode in self._timers:
            self._clear(mode)

    @Slot()
    def _on_copied(self) -> None:
        self._on_changed(QClipboard.Mode.Clipboard)
        data: QMimeData | None = self._clipboard.mimeData()  # None once it was cleared
        if data is not None and data.formats() and self._is_ours(QClipboard.Mode.Clipboard):
            self._make_private(data)

    def _make_private(self, data: QMimeData) -> None:
        text, before = data.text(), self._replaced
        self._replaced = None
        # once for a text: a system that does not report the formats back would be given it without end
        if not is_private(data, self._platform) and text != before:
            self._replaced = text
            self._clipboard.setMimeData(as_private(data, self._platform))

    @Slot()
    def _on_selected(self) -> None:
        self._on_changed(QClipboard.Mode.Selection)

    def _on_changed(self, mode: QClipboard.Mode) -> None:
        if self._is_ours(mode):
            self._timers[mode].start()
        else:
            self._timers[mode].stop()

    def _is_ours(self, mode: QClipboard.Mode) -> bool:
        if QGuiApplication.platformName() in _PRIVATE_PLATFORMS:
            return True
        if mode is QClipboard.Mode.Selection:
            return self._clipboard.supportsSelection() and self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()

    def _clear(self, mode: QClipboard.Mode) -> None:
        self._timers[mode].stop()
        if self._is_ours(mode):
            self._clipboard.clear(mode)
