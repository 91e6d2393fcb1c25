"""Controller of the office's key on the settings page: offering a change, making it, and printing what it needs."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.passwords import rate_password
from fuyuan_desk.office.service.office_key import (
    REASON_NAMES,
    KeyHistory,
    NewSecrets,
    Reason,
    change_office_key,
    key_history,
    note_printed,
)
from fuyuan_desk.office.sheets import new_key_sheets
from fuyuan_desk.office.view.office_key import AGAIN, NEW, OLD, REASON, KeyDialog
from fuyuan_desk.office.view.settings import SettingsView
from fuyuan_desk.widgets.preview import open_preview
from fuyuan_desk.widgets.question import ask
from fuyuan_desk.widgets.work import UiProgress


class OfficeKeyController(QObject):
    """Changes the key; `office` returns the name of the office, `changed` is emitted when a backup should follow."""

    changed = Signal()

    def __init__(self, desk: Desk, page: SettingsView, office: Callable[[], str]) -> None:
        super().__init__()
        self._desk, self._page, self._office = desk, page, office
        page.key_change_requested.connect(lambda: self.open(None))

    def reload(self) -> None:
        """Show when the key was changed, and what calls for a change since."""
        self._desk.run(
            key_history,
            done=lambda found: self._page.key.state.setText(_history_text(found)),
            owner=self._page,
        )

    def open(self, reason: Reason | None) -> None:
        """Open the dialog, with the reason if it is known."""
        dialog = KeyDialog(self._page, [(one.value, _(name)) for one, name in REASON_NAMES.items()])
        if reason is not None:
            dialog.form.set_values({REASON: reason.value})
        rate_password(dialog.form, self._words)
        dialog.form.submitted.connect(lambda typed: self._change(dialog, typed))
        dialog.open()
        dialog.form.focus_first()

    def _words(self) -> tuple[str, str, str]:
        own = self._desk.operator
        return own.login, self._office(), own.name

    def _change(self, dialog: KeyDialog, typed: dict[str, Any]) -> None:
        if dialog.form.show_errors(rules.new_password_faults(typed[NEW], typed[AGAIN], *self._words())):
            return
        progress = UiProgress()
        dialog.set_busy(True)
        job = self._desk.run(
            change_office_key, Reason(typed[REASON]), typed[OLD], typed[NEW], progress,
            done=lambda secrets: self._print(dialog, secrets), failed=dialog.refuse,
            cancelled=lambda: dialog.set_busy(False), progress=progress, owner=dialog,
        )  # fmt: skip
        dialog.progress.follow(_("Changing the key"), progress, job.cancel)

    def _print(self, dialog: KeyDialog, secrets: NewSecrets) -> None:
        dialog.set_busy(False)
        dialog.done_saving()
        self._page.banner.say("warn" if _needs_care(secrets) else "ok", _result_text(secrets))
        self.reload()
        self.changed.emit()
        slips = [(one.login, one.name, one.password) for one in secrets.passwords]
        self._desk.run_paper(
            new_key_sheets,
            self._office(),
            self._desk.operator.login,
            secrets.code,
            str(self._desk.seat.store.folder),
            self._desk.seat.now().astimezone(),
            slips,
            done=self._show,
            failed=self._page.banner.refuse,
            owner=self._page,
        )

    def _show(self, pdf: bytes) -> None:
        shown = open_preview(self._page, _("Recovery code and first passwords"), pdf, can_save=False)
        printed: list[bool] = []
        shown.preview.printed.connect(lambda *_how: self._note_printed(printed))
        shown.finished.connect(lambda _result: None if printed else self._ask_again(pdf))

    def _note_printed(self, printed: list[bool]) -> None:
        if not printed:
            self._desk.run(note_printed, done=lambda _nothing: self.reload(), owner=self._page)
        printed.append(True)

    def _ask_again(self, pdf: bytes) -> None:
        ask(
            self._page,
            _("Close without printing?"),
            _("Nothing keeps the new recovery code and the first passwords. Without them, every other operator needs a"
              " new password from you, and the recovery code must be renewed."),
            [
                (_("&Close"), "danger", None),
                (_("&Show them again"), "primary", lambda: self._show(pdf)),
            ],
        )  # fmt: skip


def _needs_care(secrets: NewSecrets) -> bool:
    return bool(secrets.unreadable_photos) or not secrets.is_finished


def _result_text(secrets: NewSecrets) -> str:
    said = [_("The key of the office was changed. Your new password applies from now on.")]
    if secrets.unreadable_photos:
        said.append(
            _("Photos that could not be read and stay as they were: {n}. Have the office checked.").format(
                n=secrets.unreadable_photos
            )
        )
    if not secrets.is_finished:
        said.append(_("The disk did not let everything be completed: close the program and start it again."))
    return " ".join(said)


def _history_text(found: KeyHistory) -> str:
    if found.changed is None:
        said = [_("The key is the one of the first day.")]
    else:
        said = [_("The key was last changed on {day}.").format(day=found.changed)]
    if found.unprinted:
        said.append(found.unprinted)
    if found.ended:
        said.append(_("Ended since, and may have kept it: {names}.").format(names=_(", ").join(found.ended)))
    if found.restored is not None:
        said.append(_("Restored from a backup since, on {day}.").format(day=found.restored))
    return " ".join(said)
