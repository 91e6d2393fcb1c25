"""The end of the session: the PC is shut down or restarted, or its user signs out.

Windows asks first (WM_QUERYENDSESSION, in Qt `commitDataRequest`), and every program may still refuse; then it says
that the session ends (WM_ENDSESSION, `aboutToQuit`). For each it waits five seconds, then it ends the process. So input
is saved and the last backup begun at the question, while the desk stays usable, and the store is closed at the end.
Nothing here opens a dialog or runs an event loop: a dialog that is open, even one of the system, holds up nothing.
"""

from typing import Any, Protocol

from PySide6.QtCore import QObject, Slot

SAVE_SECONDS = 2.5
BACKUP_SECONDS, CLOSE_SECONDS = 2.5, 1.5
"""Together, with what a cancelled backup takes, less than the five seconds of Windows."""


class _Window(Protocol):
    def prepare_session_end(self, seconds: float) -> None: ...

    def end_session(self, backup_seconds: float, seconds: float) -> None: ...


class SessionEnd(QObject):
    """Passes on to `window` what `system`, the application, says of the end of the session."""

    def __init__(self, window: _Window, system: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._is_asked = False
        # without the session manager, which is not needed: Qt's binding cannot pass on every one
        system.commitDataRequest.connect(self.prepare)
        system.aboutToQuit.connect(self.end)

    @Slot()
    def prepare(self) -> None:
        """Save everything, because the session is about to end; it may go on afterwards."""
        self._is_asked = True
        _note("asked")
        self._window.prepare_session_end(SAVE_SECONDS)

    @Slot()
    def end(self) -> None:
        """Close everything, because the process ends; after a usual closing nothing is left to be done."""
        if self._is_asked:
            _note("ended")
        self._window.end_session(BACKUP_SECONDS, CLOSE_SECONDS)


def _note(what: str) -> None:
    from fuyuan_desk.process import event_log  # here: not needed before the first window

    event_log.note("session", what)
