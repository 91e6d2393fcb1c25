"""Dialog shown while the last backup is made on closing; it can be skipped."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.work import UiProgress


class LeavingDialog(QDialog):
    """Shows the backup's progress; `hurried`: the user wants to close at once, with or without a backup."""

    hurried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Closing"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(440)
        self._title = label(_("Backing up changes"), "section", wrap=True)
        self._text = label(_("The program closes automatically when done."), "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self._title.text())
        self.close_button = button(_("&Close without backup"), self.hurried.emit)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addLayout(row)

    def follow(self, progress: UiProgress) -> None:
        """Show the progress."""
        progress.moved.connect(self._on_moved)

    def _on_moved(self, done: int, total: int, _what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def fail(self, text: str, seconds: int) -> None:
        """Show that the backup failed and that the program closes anyway."""
        self._title.setText(_("The backup failed"))
        self._text.setText(
            f"{text}\n"
            + numbered(
                seconds,
                N_("Your saved data is safe. The program closes in {n} second."),
                N_("Your saved data is safe. The program closes in {n} seconds."),
            )
        )
        self._bar.hide()
        self.close_button.setText(_("&Close now"))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.hurried.emit()

    def reject(self) -> None:
        """Close the program at once on Esc, too."""
        self.hurried.emit()
