"""Controller of the sign-in window; the store's code is loaded while the user types."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.office.view.sign_in import SignInView
from fuyuan_desk.widgets.work import Worker

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat


_CHECK_MS = 600  # the window is up and the store's code is loading


def _elsewhere(folder: Path) -> str:
    from fuyuan_desk.store.db import lock as store_lock

    return store_lock.busy_message_of(folder)


def _sign_in(folder: Path, login: str, password: str) -> "Seat":
    from fuyuan_desk.office.service.sign_in import sign_in

    return sign_in(folder, login, password)


def _pause_seconds(folder: Path) -> int:
    from datetime import UTC, datetime

    from fuyuan_desk.store.keys import attempts

    return int(attempts.remaining(attempts.read(folder), datetime.now(UTC)).total_seconds())


class SignInController(QObject):
    """Signs an operator in; `signed_in` carries the seat."""

    signed_in = Signal(object)

    def __init__(self, worker: Worker, folder: Path, login: str, locked: bool = False) -> None:
        super().__init__()
        self._worker = worker
        self.folder = folder
        self.view = SignInView(str(folder), login, locked)
        self.view.submitted.connect(self._submit)
        if not locked:
            QTimer.singleShot(_CHECK_MS, self.view, self._check_elsewhere)

    def _check_elsewhere(self) -> None:
        self._run(_elsewhere, self.folder, done=self._show_elsewhere, failed=lambda _refusal: None)

    def _show_elsewhere(self, message: str) -> None:
        if message and not self.view.message.text():
            self.view.message.setText(message)

    def _submit(self, login: str, password: str) -> None:
        self.view.set_busy(True)
        self._run(_sign_in, self.folder, login, password, done=self._on_signed_in, failed=self._refuse)

    def _run(self, work: Callable[..., Any], *args: Any, **callbacks: Any) -> None:
        self._worker.run(work, *args, owner=self.view, **callbacks)

    def _on_signed_in(self, seat: "Seat") -> None:
        self.view.set_busy(False)
        self.view.forget_password()
        self.signed_in.emit(seat)

    def _refuse(self, refusal: UserError) -> None:
        self._run(
            _pause_seconds,
            self.folder,
            done=lambda seconds: self.view.refuse(refusal.message, seconds),
            failed=lambda _again: self.view.refuse(refusal.message),
        )
