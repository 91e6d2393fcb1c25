"""Relaunch on locking: a new process shows the sign-in window, and this one exits.

A program cannot reliably wipe memory that Python, Qt and the database have used and freed; the end of the process
does. So the locked window starts a new process, passes its state through a pipe – never as an argument, which
every user of the PC can read – and exits as soon as the new window is on the screen. When none appears within
`SECONDS`, the locked window stays in use.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.process import environment
from fuyuan_desk.process.own_command import LOCKED, own_command

SECONDS = 20.0
_HERE = b"here"


class Handover(NamedTuple):
    """State passed to the new process: the locked operator and the window geometry (x, y, width, height)."""

    folder: str
    login: str
    is_sample: bool = False
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    is_maximized: bool = False
    is_active: bool = True


def command() -> list[str]:
    """Return the command line that starts the program locked."""
    return own_command(LOCKED)


class Relauncher(QObject):
    """Starts the new process and waits for its window."""

    _ended = Signal(bool)

    def __init__(
        self,
        make_command: Callable[[], list[str]] = command,
        parent: QObject | None = None,
        seconds: float = SECONDS,
        make_environment: Callable[[], dict[str, str]] = environment.of_child,
    ) -> None:
        super().__init__(parent)
        self._make_command, self._make_environment = make_command, make_environment
        self._process: subprocess.Popen[bytes] | None = None
        self._then: Callable[[], object] = _nothing
        self._failed: Callable[[], object] = _nothing
        self._timeout = QTimer(self)
        self._timeout.setSingleShot(True)
        self._timeout.setInterval(int(seconds * 1000))
        self._timeout.timeout.connect(lambda: self._on_ended(False))
        self._ended.connect(self._on_ended)

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The new process, once it was started."""
        return self._process

    def start(self, handover: Handover, then: Callable[[], object], failed: Callable[[], object]) -> None:
        """Start the new process; call `then` when its window is on the screen, `failed` when it does not appear."""
        self._then, self._failed = then, failed
        try:
            self._process = subprocess.Popen(
                self._make_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                close_fds=True,
                env=self._make_environment(),
            )
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(handover._asdict()).encode() + b"\n")
            self._process.stdin.close()
        except OSError:
            self._on_ended(False)
            return
        self._timeout.start()
        threading.Thread(target=self._listen, args=(self._process,), name="relaunch", daemon=True).start()

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        self._ended.emit(process.stdout.readline().strip() == _HERE)

    def _on_ended(self, arrived: bool) -> None:
        self._timeout.stop()
        then, failed = self._then, self._failed
        self._then = self._failed = _nothing  # later results are ignored
        if arrived:
            then()
            return
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
        failed()


def received(source: IO[str] | None) -> Handover | None:
    """Read the state from the locked window; return None when this process was not started by one."""
    try:
        if source is None or source.isatty():
            return None
        state = json.loads(source.readline())
        state["place"] = tuple(map(int, state["place"]))
        return Handover(**state)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def announce() -> None:
    """Notify the locked window that this one is on the screen, then detach from its pipe."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(_HERE.decode() + "\n")
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)


def _nothing() -> None:
    pass
