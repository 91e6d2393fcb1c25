"""Dialogs with a short form."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fitted_dialog import FittedDialog
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import label


class FormDialog(FittedDialog):
    """A dialog with a short form.

    Connect to `form.submitted`, save, then call `done_saving()` or `refuse(error)`.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        form: Form,
        save: str = "",
        hint: str = "",
        *,
        width: int = 520,
    ) -> None:
        super().__init__(parent, title, width)
        self.form = form
        self.banner = Banner()
        self.content.setSpacing(16)
        if hint:
            self.content.addWidget(label(hint, "muted", wrap=True))
        self.content.addWidget(self.banner)
        self.content.addWidget(form, 1)
        self.save_button = button(save or _("&Save"), form.submit, role="primary")
        self.cancel_button = button(_("&Cancel"), self.reject)
        for made in (self.save_button, self.cancel_button):
            self.foot.add(made, end=True)
        form.escaped.connect(self.reject)
        form.save_key.setParent(self)  # on the buttons beside the fields, too

    def done_saving(self) -> None:
        """Mark the input as saved and close."""
        self.form.mark_clean()
        self.accept()

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields it names, or above the form."""
        self.save_button.setEnabled(True)
        if not self.form.show_errors(error.fields):
            self.form.stop_leaving()
            self.banner.refuse(error)

    def reject(self) -> None:
        """Close, after asking once if unsaved input would be lost."""
        self.form.leave(lambda: QDialog.reject(self))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # Enter belongs to the form
            return
        super().keyPressEvent(event)
