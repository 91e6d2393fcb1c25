"""What is revealed on the screen, and the windows that are kept out of pictures of it meanwhile."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from fuyuan_desk.process import event_log, screen_capture

_NAME = "capture"

Bar = Callable[[int, bool], bool]
"""bar(window, is_barred) returns whether the system does so."""


class CaptureBar(QObject):
    """Keeps each window out of pictures of the screen while something revealed is in sight in it.

    It belongs to the application, where `Revealed` finds it; without one nothing is barred.
    """

    def __init__(
        self,
        application: QApplication,
        bar: Bar = screen_capture.bar_window,
        is_supported: bool | None = None,
    ) -> None:
        for previous in application.findChildren(CaptureBar, _NAME):
            previous.setParent(None)
        super().__init__(application)
        self.setObjectName(_NAME)
        self._bar = bar
        self._is_supported = screen_capture.is_supported() if is_supported is None else is_supported
        self._is_on = True
        self._shown: list[tuple[QWidget, QObject]] = []
        self._barred: list[QWidget] = []

    def set_on(self, on: bool) -> None:
        """Bar windows, or no longer: what is revealed now follows at once."""
        self._is_on = on
        for window in {*self._barred, *(window for window, _what in self._shown)}:
            self._apply(window)

    def begin(self, window: QWidget, what: QObject) -> None:
        """Something revealed came into sight in a window."""
        self._shown.append((window, what))
        self._apply(window)

    def end(self, window: QWidget, what: QObject) -> None:
        """It is no longer in sight."""
        self._shown = [shown for shown in self._shown if shown != (window, what)]
        self._apply(window)

    def _apply(self, window: QWidget) -> None:
        self._barred = [barred for barred in self._barred if isValid(barred)]
        if not self._is_supported or not isValid(window):
            return
        wanted = self._is_on and any(shown is window for shown, _what in self._shown)
        if wanted == any(barred is window for barred in self._barred):
            return
        is_done = self._bar(int(window.winId()), wanted)
        if wanted and is_done:
            self._barred.append(window)
        elif not wanted:
            self._barred = [barred for barred in self._barred if barred is not window]
        if not is_done:
            event_log.note("capture", "refused")


class Revealed(QObject):
    """Says of a widget whether what it shows is revealed; it counts while the widget is in sight."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._is_on = False
        self._window: QWidget | None = None
        widget.installEventFilter(self)

    def set_on(self, on: bool) -> None:
        """Say that what the widget shows is revealed, or masked again."""
        self._is_on = on
        self._follow(self._widget.isVisible())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._follow(event.type() == QEvent.Type.Show)
        return False

    def _follow(self, is_visible: bool) -> None:
        application = QApplication.instance()
        bar = None if application is None else application.findChild(CaptureBar, _NAME)
        if bar is None:
            return
        if self._is_on and is_visible and self._window is None:
            self._window = self._widget.window()
            bar.begin(self._window, self)
        elif self._window is not None and not (self._is_on and is_visible):
            window, self._window = self._window, None
            bar.end(window, self)
