"""Dialogs of acts that ask for something first, and the one that asks why an act is undone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Offer, plain
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

Typed = dict[str, Any]
Version = int | str | None


@dataclass(frozen=True)
class DialogDraft:
    """Under which key the input of a dialog is kept as a draft, and what it is based on.

    The key is that of a `DraftForm`, by which the dialog is opened again. `version` is that of its record; where the
    input is based on something else, a text that changes with it.
    """

    key: str
    version: Version = None


def undo_dialog(page: QWidget, title: str, offer: Offer, hint: str) -> FormDialog:
    """Create the dialog that asks why an act is undone, with its warnings; the form's field is `reason`."""
    field = Field(
        "reason", _("&Reason"), "lines", required=True,
        hint=_("It stays in the audit log and is shown in the course of the case."),
    )  # fmt: skip
    second = [_("A second person must agree.")] if offer.second_person else []
    lines = (hint, *(f"• {warning}" for warning in offer.warnings), *second)
    return FormDialog(page, title, Form([field]), plain(offer.text), "\n".join(lines))


def keep_draft(desk: Desk, dialog: FormDialog, draft: DialogDraft) -> DraftSaver:
    """Keep what is typed in a filled dialog as a draft, and offer an earlier one."""
    saver = keep_drafts(desk, dialog.form, draft.key)
    saver.version = draft.version
    saver.offer()
    return saver


def run_dialog(
    desk: Desk,
    dialog: FormDialog,
    call_of: Callable[[Typed, Version], tuple[Any, ...]],
    done: Callable[[Any], object],
    draft: DialogDraft | None,
) -> None:
    """Open a dialog that does an act: `call_of` returns the service and its arguments for what was typed.

    The dialog stays open while the act is refused; then `done` takes what the service returned. What is typed is kept
    as a `draft`, unless the dialog only asks; `call_of` is told the version on which it is based, which is older than
    that of the record if a draft was restored.
    """
    saver = None if draft is None else keep_draft(desk, dialog, draft)

    def succeeded(result: Any) -> None:
        dialog.done_saving()
        done(result)

    def submit(typed: Typed) -> None:
        dialog.form.set_busy(True)
        service, *args = call_of(typed, None if saver is None else saver.version)
        desk.run(service, *args, done=succeeded, failed=dialog.refuse, owner=dialog)

    dialog.form.submitted.connect(submit)
    dialog.finished.connect(dialog.deleteLater)  # a page that stays would collect them
    dialog.open()
    dialog.form.focus_first()
