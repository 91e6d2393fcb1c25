"""Dialogs of acts that ask for something first, and the one that asks why an act is undone."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Offer, plain
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def undo_dialog(page: QWidget, title: str, offer: Offer, hint: str) -> FormDialog:
    """Create the dialog that asks why an act is undone, with its warnings; the form's field is `reason`."""
    field = Field(
        "reason", _("&Reason"), "lines", required=True,
        hint=_("It stays in the audit log and is shown in the course of the case."),
    )  # fmt: skip
    second = [_("A second person must agree.")] if offer.second_person else []
    lines = (hint, *(f"• {warning}" for warning in offer.warnings), *second)
    return FormDialog(page, title, Form([field]), plain(offer.text), "\n".join(lines))


def run_dialog(
    desk: Desk,
    dialog: FormDialog,
    call_of: Callable[[dict[str, Any]], tuple[Any, ...]],
    done: Callable[[Any], object],
) -> None:
    """Open a dialog that does an act: `call_of` returns the service and its arguments for what was typed.

    The dialog stays open while the act is refused; then `done` takes what the service returned.
    """

    def succeeded(result: Any) -> None:
        dialog.done_saving()
        done(result)

    def submit(typed: dict[str, Any]) -> None:
        dialog.form.set_busy(True)
        service, *args = call_of(typed)
        desk.run(service, *args, done=succeeded, failed=dialog.refuse, owner=dialog)

    dialog.form.submitted.connect(submit)
    dialog.open()
    dialog.form.focus_first()
