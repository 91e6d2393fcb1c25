"""What is known of the backups in the status line; a click opens the backups, another one backs up."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.theme import COLOURS

_LEAST_PX = 72


class ShortenedButton(QPushButton):
    """A button of the status line that shortens its text instead of widening the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "status")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._whole = ""

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._shorten()
        self.updateGeometry()

    def text(self) -> str:
        """Return the whole text."""
        return self._whole

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        shown = self.fontMetrics().horizontalAdvance(super().text())
        return QSize(
            hint.width() + 4 - shown + self.fontMetrics().horizontalAdvance(self._whole), hint.height()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_PX, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        # the style sheet's padding and border
        room = self.width() - 8
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != super().text():
            super().setText(shown)


class BackupAge(QWidget):
    """An icon, a clickable text and, unless all is well, a button that backs up; hidden until the status is known."""

    pressed = Signal()
    back_up_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_well = True
        self._picture = QLabel()
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
        self._picture.setPixmap(icon_pixmap(picture, 16, tone, self.devicePixelRatioF()))
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
