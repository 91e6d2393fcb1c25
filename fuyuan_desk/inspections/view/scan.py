"""What a scanner types into a list: the number of a printed sheet, or the text of its QR code."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from fuyuan_desk.inspections.rules.printed import names_sheet

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScannedSheets(QObject):
    """Emits `scanned(text)` when Enter follows the number or the code of a sheet in the filter of a list.

    What is typed in the rows goes on in the filter, so that a scanner may be used anywhere on the list. Other texts
    stay filters.
    """

    scanned = Signal(str)

    def __init__(self, box: QLineEdit) -> None:
        super().__init__(box)
        self._box = box
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_enter = isinstance(event, QKeyEvent) and event.key() in _ENTER
        if event.type() == QEvent.Type.KeyPress and is_enter and names_sheet(self._box.text()):
            self.scanned.emit(self._box.text())
            return True
        return super().eventFilter(watched, event)
