"""Asks a second person to confirm protected actions, wherever they were started."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from fuyuan_desk.access.second_person import (
    ACTION_NAMES,
    ProtectedAction,
    Second,
    SecondNeeded,
    SecondRefused,
)
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Again, Desk
from fuyuan_desk.office.view.second import LOGIN, PASSWORD, SecondDialog


class SecondController:
    """Handles refusals that need a second person: asks, repeats the action, and asks again if the person is refused."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self._desk = desk
        self._page = page
        self._again: Again | None = None
        self.dialog: SecondDialog | None = None
        desk.ask_second = self.ask

    def ask(self, refusal: UserError, again: Again, cancel: Callable[[], object]) -> None:
        """Open the dialog, or show the refusal of the second person in it; one dialog at a time."""
        if self.dialog is not None and not isValid(self.dialog):
            self._forget()  # it was closed with the form below it
        if self.dialog is not None and isinstance(refusal, SecondRefused):
            self._again = again
            self.dialog.refuse(refusal)
        elif self.dialog is None and isinstance(refusal, SecondNeeded):
            self._again = again
            self._open(refusal, cancel)
        else:
            cancel()

    def _open(self, needed: SecondNeeded, cancel: Callable[[], object]) -> None:
        # above the waiting form, so that it cannot be changed in the meantime
        parent = QApplication.activeModalWidget() or self._page
        action = _(ACTION_NAMES[needed.action])
        dialog = SecondDialog(parent, action, _object_of(needed), self._desk.operator.name, needed.nobody)

        def rejected() -> None:
            self._close()
            cancel()

        dialog.form.submitted.connect(self._submit)
        dialog.rejected.connect(rejected)
        self.dialog = dialog
        dialog.open()
        dialog.form.focus_first()

    def _submit(self, typed: dict[str, Any]) -> None:
        if self.dialog is not None and self._again is not None:
            self.dialog.set_busy(True)
            self._again(Second(typed[LOGIN].strip(), typed[PASSWORD]), self._on_confirmed)

    def _on_confirmed(self) -> None:
        if self.dialog is not None:
            self.dialog.agreed()
        self._close()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self._forget()

    def _forget(self) -> None:
        self.dialog = self._again = None


def _object_of(needed: SecondNeeded) -> str:
    # a closed record is named by its table, which is internal, and its number
    return needed.what.rpartition(" ")[2] if needed.action is ProtectedAction.CLOSED_CASE else needed.what
