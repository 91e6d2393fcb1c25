"""An icon on a page, drawn again when its window comes to a screen of another scale."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel

from fuyuan_desk.widgets.icons import icon_pixmap


class Picture(QLabel):
    """A label that shows one of the icons in `resources/icons`, sharp on each screen."""

    def __init__(self, name: str = "", size: int = 20, colour: str = "ink") -> None:
        super().__init__()
        self._icon = (name, size, colour)
        self._draw()

    def show_icon(self, name: str, size: int, colour: str = "ink") -> None:
        """Show an icon at `size` logical pixels in one of the theme's colours."""
        self._icon = (name, size, colour)
        self._draw()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._icon[0] and self.pixmap().devicePixelRatio() != self.devicePixelRatioF():
            self._draw()  # it was made before its window was on this screen

    def _draw(self) -> None:
        name, size, colour = self._icon
        if name:
            self.setPixmap(icon_pixmap(name, size, colour, self.devicePixelRatioF()))
