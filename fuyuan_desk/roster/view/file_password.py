"""The dialog that asks for the password of a protected file."""

from PySide6.QtWidgets import QDialog, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

PASSWORD = "file_password"


class FilePasswordDialog(FormDialog):
    """Emits `form.submitted` with the password and closes; `rejected` without one.

    `fault` says why the one before did not open the file; it stands beside the field.
    """

    def __init__(self, parent: QWidget | None, name: str, fault: str = "") -> None:
        form = Form([Field(PASSWORD, _("&Password of the file"), "password", required=True)], only_asks=True)
        hint = _(
            "{name} is protected by a password, which whoever sent it knows. It is used once and kept nowhere."
        )
        super().__init__(parent, _("Password of the file"), form, _("&Open"), hint.format(name=name))
        self._fault = fault
        form.submitted.connect(self.accept)

    def ask(self) -> None:
        """Show the dialog, with the cursor in the field."""
        self.open()
        if self._fault:
            self.form.show_errors({PASSWORD: self._fault})
        self.form.focus_first()

    def done(self, result: int) -> None:
        """Close; no widget keeps the password."""
        self.form.set_value(PASSWORD, "")
        QDialog.done(self, result)
