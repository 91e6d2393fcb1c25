"""Dialogs with a short form."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import label


class FormDialog(QDialog):
    """A dialog with a short form.

    Connect to `form.submitted`, save, then call `done_saving()` or `refuse(error)`.
    """

    def __init__(
        self, parent: QWidget | None, title: str, form: Form, save: str = "", hint: str = ""
    ) -> None:
        super().__init__(parent)
        self.form = form
        self.banner = Banner()
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(label(title, "section", wrap=True))
        if hint:
            column.addWidget(label(hint, "muted", wrap=True))
        column.addWidget(self.banner)
        column.addWidget(form, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        self.save_button = button(save or _("&Save"), form.submit, role="primary")
        self.cancel_button = button(_("&Cancel"), self.reject)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        column.addLayout(buttons)
        form.escaped.connect(self.reject)

    def done_saving(self) -> None:
        """Mark the input as saved and close."""
        self.form.mark_clean()
        self.accept()

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields it names, or above the form."""
        self.save_button.setEnabled(True)
        if not self.form.show_errors(error.fields):
            self.banner.refuse(error)

    def reject(self) -> None:
        """Close, after asking once if unsaved input would be lost."""
        self.form.leave(lambda: QDialog.reject(self))

    def event(self, event: QEvent) -> bool:
        result = super().event(event)
        # `self` must not be used after the event that deletes it
        if event.type() == QEvent.Type.LayoutRequest and (column := self.layout()) is not None:
            # a message appeared below a field: wrapped labels do not enlarge the window
            height = column.totalHeightForWidth(self.width())
            if height > self.height():
                self.resize(self.width(), height)
        return result

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # Enter belongs to the form
            return
        super().keyPressEvent(event)
