"""What is known of the backups in the status line; a click opens the backups, another one backs up."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import ShortenedButton, button
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import COLOURS


class BackupAge(QWidget):
    """An icon, a clickable text and, unless all is well, a button that backs up; hidden until the status is known."""

    pressed = Signal()
    back_up_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_well = True
        self._picture = Picture()
        self.text = ShortenedButton()
        self.text.clicked.connect(lambda _checked: self.pressed.emit())
        self.now: QPushButton = button(_("Back up now"), self.back_up_requested.emit, role="status")
        self.now.setStyleSheet(f"color: {COLOURS['accent']}; text-decoration: underline")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self.text)
        row.addWidget(self.now)
        self.hide()

    def show_status(self, text: str, tone: str, tip: str) -> None:
        """Show the status in a tone of the theme, 'ok' or 'warn'; `tip` says more."""
        self._is_well = tone == "ok"
        picture = "warning" if tone == "warn" else "shield"
        self._picture.show_icon(picture, 16, tone)
        show = _("Show the backups")
        self.text.setToolTip(f"{tip}\n\n{show}")
        self.text.setStyleSheet(f"color: {COLOURS[tone]}")
        self.now.setVisible(not self._is_well)
        # last: the line of which it is a part then gives it the width of the new text
        self.text.setText(text)
        self.show()

    def show_work(self, is_at_work: bool) -> None:
        """Show that a backup is being made, or again what is offered."""
        self.now.setEnabled(not is_at_work)
        self.now.setText(_("Backing up …") if is_at_work else _("Back up now"))
