"""What a scanner types into a list: the number of a printed sheet, or the text of its QR code."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from fuyuan_desk.inspections.rules.printed import names_sheet

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScannedSheets(QObject):
    """Emits `scanned(text)` when Enter follows the number or the code of a sheet in the filter of a list.

    What is typed in the rows goes on in the filter, so that a scanner may be used anywhere on the list. Other texts
    stay filters; digits alone, too, unless `is_bare`.
    """

    scanned = Signal(str)

    def __init__(self, box: QLineEdit, *, is_bare: bool = False) -> None:
        super().__init__(box)
        self._box = box
        self._is_bare = is_bare
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_enter = isinstance(event, QKeyEvent) and event.key() in _ENTER
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and is_enter and names_sheet(self._box.text(), is_bare=self._is_bare):
            self.scanned.emit(self._box.text())
            return True
        return super().eventFilter(watched, event)
