"""The dialog for the second person (双人复核): the action to agree to, and their name and password."""

from PySide6.QtWidgets import QDialog, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

LOGIN, PASSWORD = "second_login", "second_password"


class SecondDialog(FormDialog):
    """Emits `form.submitted`, to be answered with `agreed()` or `refuse(error)`; `rejected` if nobody agrees.

    `nobody` says what to do if nobody may agree at present.
    """

    def __init__(
        self, parent: QWidget | None, action: str, what: str, operator: str, nobody: str = ""
    ) -> None:
        text = _("{act}: {what}").format(act=action, what=what) if what else action
        who = _(
            "Requested by {name}; a reviewer or an administrator agrees with their own name and password."
        )
        form = Form(
            [
                Field(LOGIN, _("Operator &name of the second person"), required=True),
                Field(PASSWORD, _("Second person's &password"), "password", required=True),
            ]
        )
        lines = (text, who.format(name=operator), nobody)
        hint = "\n".join(filter(None, lines))
        super().__init__(parent, _("A second person must agree"), form, _("&Agree"), hint)
        self._is_busy = False

    def set_busy(self, on: bool) -> None:
        """Disable the dialog while the second person is being checked."""
        self._is_busy = on
        self.form.set_busy(on)
        self.form.set_read_only(on)
        for widget in (self.save_button, self.cancel_button):
            widget.setEnabled(not on)
        self.save_button.setText(_("Checking …") if on else _("&Agree"))

    def agreed(self) -> None:
        """Close the dialog; the action has been started."""
        self.form.set_value(PASSWORD, "")
        self.accept()

    def refuse(self, error: UserError) -> None:
        """Show the error at its field and clear the password."""
        self.set_busy(False)
        self.form.set_value(PASSWORD, "")
        super().refuse(error)

    def reject(self) -> None:
        """Close without asking about unsaved input."""
        if not self._is_busy:
            self.form.set_value(PASSWORD, "")
            QDialog.reject(self)
