"""The key of the office in the settings: what calls for changing it, and the dialog that does."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel

REASON, OLD, NEW, AGAIN = "reason", "old", "password", "again"


class KeyCard(Card):
    """When the key was changed, what calls for a change since, and the button for it."""

    change_requested = Signal()

    def __init__(self) -> None:
        change = button(_("Change the &key …"))
        super().__init__(_("Key of the office"), [change])
        change.clicked.connect(lambda _checked: self.change_requested.emit())
        hint = _(
            "Whoever once had a password, a USB drive or a copy of the office could have kept its key. After a change"
            " none of that opens the office any more: every other operator gets a first password on paper, there is a"
            " new recovery code, and whoever agreed is asked to change hers. Backups made before stay readable with the"
            " passwords of that time."
        )
        self.state = label("", wrap=True)
        self.body.addWidget(label(hint, "hint", wrap=True))
        self.body.addWidget(self.state)


class KeyDialog(FormDialog):
    """Emits `form.submitted`; while the key is changed, `progress` shows it and nothing can be typed."""

    def __init__(self, parent: QWidget, reasons: Sequence[tuple[str, str]]) -> None:
        form = Form(
            [
                Field(REASON, _("&Why"), "choice", choices=reasons, required=True, span=2),
                Field(OLD, _("Your &current password"), "password", required=True, span=2),
                Field(NEW, _("Your &new password"), "password", required=True),
                Field(AGAIN, _("Repeat the p&assword"), "password", required=True),
            ],
            columns=2,
        )
        hint = _(
            "Make a backup first. A second person agrees; then the data and all photos are encrypted again, which may"
            " take some minutes. At the end the recovery code and a slip with a first password for every other operator"
            " are shown once: have the printer ready, and do not lock the desk before they are printed."
        )
        super().__init__(parent, _("Change the key of the office"), form, _("&Change the key"), hint)
        self.progress = ProgressPanel()
        self.content.addWidget(self.progress)

    def set_busy(self, on: bool) -> None:
        """Disable the form while the key is changed."""
        self.form.set_busy(on)
        self.form.set_read_only(on)
        for made in (self.save_button, self.cancel_button):
            made.setEnabled(not on)
        if not on:
            self.progress.finish()

    def refuse(self, error: UserError) -> None:
        """Show an error; what was typed stays."""
        self.set_busy(False)
        super().refuse(error)
