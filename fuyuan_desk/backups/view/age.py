"""How old the newest backup is, in the status line; a click leads to the backups."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.theme import COLOURS


class BackupAge(QWidget):
    """An icon and words that can be pressed; hidden until there is something to say."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel()
        self.words: QPushButton = button("", self.pressed.emit, role="status")
        self.words.setToolTip(_("Backups, and what is in them"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self.words)
        self.hide()

    def tell(self, words: str, tone: str) -> None:
        """Show the age in a tone of the theme: 'muted', or 'warn' when it is a worry."""
        picture = "warning" if tone == "warn" else "shield"
        self._picture.setPixmap(icon_pixmap(picture, 16, tone, self.devicePixelRatioF()))
        self.words.setText(words)
        self.words.setStyleSheet(f"color: {COLOURS[tone]}")
        self.show()
