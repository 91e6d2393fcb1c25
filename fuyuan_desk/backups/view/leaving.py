"""The small window while the desk is left: the last backup is made, and nobody has to wait for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.work import UiProgress


class LeavingDialog(QDialog):
    """Shows the backup; `hurried` says that the program is to be closed at once, with or without it."""

    hurried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Closing"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(440)
        self._title = label(_("Backing up what changed"), "section", wrap=True)
        self._words = label(_("The program closes by itself when it is done."), "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self._title.text())
        self.close_button = button(_("&Close without a backup"), self.hurried.emit)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addLayout(row)

    def follow(self, progress: UiProgress) -> None:
        """Show how far it is."""
        progress.moved.connect(self._on_moved)

    def _on_moved(self, done: int, total: int, _what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def fail(self, words: str, seconds: int) -> None:
        """Say that there is no backup, and that the program closes all the same."""
        self._title.setText(_("The backup could not be made"))
        self._words.setText(
            f"{words}\n" + _("What you saved is safe. The program closes in {n} seconds.").format(n=seconds)
        )
        self._bar.hide()
        self.close_button.setText(_("&Close now"))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.hurried.emit()

    def reject(self) -> None:
        """Esc closes the program at once, too."""
        self.hurried.emit()
