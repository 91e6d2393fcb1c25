"""Asking the second person (双人复核): what is to be agreed to, and her own name and password."""

from PySide6.QtWidgets import QDialog, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

LOGIN, PASSWORD = "second_login", "second_password"


class SecondDialog(FormDialog):
    """Hear `form.submitted`, check her, then call `agreed()` or `refuse(error)`; `rejected` when nobody agrees."""

    def __init__(self, parent: QWidget | None, act: str, what: str, operator: str) -> None:
        told = _("{act}: {what}").format(act=act, what=what) if what else act
        who = _("{name} asks for it; a reviewer or an administrator agrees with her own name and password.")
        form = Form(
            [
                Field(LOGIN, _("Operator &name of the second person"), required=True),
                Field(PASSWORD, _("Her &password"), "password", required=True),
            ]
        )
        super().__init__(
            parent, _("A second person must agree"), form, _("&Agree"), f"{told}\n{who.format(name=operator)}"
        )
        self._is_busy = False

    def set_busy(self, on: bool) -> None:
        """While she is checked, nothing can be sent twice or left."""
        self._is_busy = on
        self.form.set_busy(on)
        self.form.set_read_only(on)
        for made in (self.save_button, self.cancel_button):
            made.setEnabled(not on)
        self.save_button.setText(_("Checking …") if on else _("&Agree"))

    def agreed(self) -> None:
        """Close: the act is on its way with her."""
        self.form.set_value(PASSWORD, "")
        self.accept()

    def refuse(self, error: UserError) -> None:
        """Show beside the field why she cannot agree; no password stays."""
        self.set_busy(False)
        self.form.set_value(PASSWORD, "")
        super().refuse(error)

    def reject(self) -> None:
        """Close without asking about what was typed: it was meant for this question only."""
        if not self._is_busy:
            self.form.set_value(PASSWORD, "")
            QDialog.reject(self)
