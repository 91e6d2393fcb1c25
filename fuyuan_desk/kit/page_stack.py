"""A page's stack of screens, with a signal when the page is shown."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from fuyuan_desk.widgets.room import Stack


class Pages(Stack):
    """The screens of one page, one visible at a time; `shown` is emitted when the page becomes visible."""

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._first: dict[QWidget, QWidget] = {}
        self.setProperty("role", "page")

    def set_first_focus(self, screen: QWidget, widget: QWidget) -> None:
        """Focus `widget` whenever the page becomes visible with `screen` in front."""
        self._first[screen] = widget

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
        # the stack focuses its first widget after this event
        QTimer.singleShot(0, self._focus_first)

    def _focus_first(self) -> None:
        first = self._first.get(self.currentWidget())
        if first is not None and self.isVisible():
            first.setFocus()

    def show_screen(self, screen: QWidget) -> None:
        """Show a screen, adding it first if necessary."""
        if self.indexOf(screen) < 0:
            self.addWidget(screen)
        self.setCurrentWidget(screen)
