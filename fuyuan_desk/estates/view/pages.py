"""Pages that tell when they come into sight."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages(QStackedWidget):
    """Screens of one page, one at a time; `shown` is emitted when the page comes into sight."""

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def show_screen(self, screen: QWidget) -> None:
        """Bring a screen to the front."""
        if self.indexOf(screen) < 0:
            self.addWidget(screen)
        self.setCurrentWidget(screen)
