"""An event filter on the widget that has the focus, and on nothing else."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QComboBox, QWidget
from shiboken6 import isValid


def parts_of(widget: QWidget) -> list[QWidget]:
    """Return a widget with those parts of it that receive its events: the line of a combo box, a viewport."""
    if isinstance(widget, QComboBox):
        line = widget.lineEdit()
        return [widget] if line is None else [widget, line]
    return [widget, widget.viewport()] if isinstance(widget, QAbstractScrollArea) else [widget]


class FocusFilter(QObject):
    """Installs `watcher` on the focused widget and its parts, and removes it when the focus goes elsewhere.

    A filter of the application would be called for every event of every widget, and a page is built by thirty thousand
    of them.
    """

    def __init__(self, application: QApplication, watcher: QObject) -> None:
        super().__init__(watcher)
        self._watcher = watcher
        self._watched: list[QWidget] = []
        application.focusChanged.connect(self._on_focus)
        self._on_focus(None, application.focusWidget())

    @Slot(QWidget, QWidget)
    def _on_focus(self, _before: QWidget | None, focused: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self._watcher)
        self._watched = parts_of(focused) if isinstance(focused, QWidget) else []
        for widget in self._watched:
            widget.installEventFilter(self._watcher)
