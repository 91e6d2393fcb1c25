"""Age of the newest backup in the status line; a click opens the backups."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.theme import COLOURS


class BackupAge(QWidget):
    """An icon and a clickable text; hidden until the status is known."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel()
        self.text: QPushButton = button("", self.pressed.emit, role="status")
        self.text.setToolTip(_("Show the backups"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self.text)
        self.hide()

    def show_age(self, text: str, tone: str) -> None:
        """Show the age in a tone of the theme: 'muted', or 'warn' if it is too old."""
        picture = "warning" if tone == "warn" else "shield"
        self._picture.setPixmap(icon_pixmap(picture, 16, tone, self.devicePixelRatioF()))
        self.text.setStyleSheet(f"color: {COLOURS[tone]}")
        self.text.setText(
            text
        )  # last: the line of which it is a part then gives it the width of the new text
        self.show()
