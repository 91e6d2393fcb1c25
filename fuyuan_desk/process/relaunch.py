"""Locking for good: the program goes on as a fresh process that shows the way in, and this one ends.

No program can wipe what Python, Qt and the database have put into its memory and let go of; the end of the process
does. So the locked window starts the program anew, hands it what it needs to take its place through a pipe – never
as an argument, which everybody on the PC can read – and ends as soon as the new window is on the screen. When none
comes within `SECONDS`, the locked window stays and works on, as it would without this.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

LOCKED = "--locked"
SECONDS = 20.0
_HERE = b"here"


class Handover(NamedTuple):
    """What the fresh process is told: whose lock it is and where its window stands (x, y, width, height)."""

    folder: str
    login: str
    is_sample: bool = False
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    is_maximized: bool = False
    is_active: bool = True


def command() -> list[str]:
    """Give the command line that starts the program anew, locked: of Python, or of the launcher that holds it."""
    if not Path(sys.executable).stem.lower().startswith("python"):
        return [sys.executable, LOCKED]  # the launcher says itself which module to run
    flags = ["-I"] if sys.flags.isolated else ["-P"] if sys.flags.safe_path else []
    return [sys.executable, *flags, "-m", "fuyuan_desk", LOCKED]


class Relauncher(QObject):
    """Starts the fresh process and waits for its window."""

    _ended = Signal(bool)

    def __init__(self, words: Callable[[], list[str]] = command, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._then: Callable[[], object] = _nothing
        self._failed: Callable[[], object] = _nothing
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(int(SECONDS * 1000))
        self._patience.timeout.connect(lambda: self._on_ended(False))
        self._ended.connect(self._on_ended)

    def start(self, handover: Handover, then: Callable[[], object], failed: Callable[[], object]) -> None:
        """Start the fresh process; `then` when its window is on the screen, `failed` when it does not come."""
        self._then, self._failed = then, failed
        try:
            self._process = subprocess.Popen(
                self._words(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=True
            )
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(handover._asdict()).encode() + b"\n")
            self._process.stdin.close()
        except OSError:
            self._on_ended(False)
            return
        self._patience.start()
        threading.Thread(target=self._listen, args=(self._process,), name="successor", daemon=True).start()

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        self._ended.emit(process.stdout.readline().strip() == _HERE)

    def _on_ended(self, arrived: bool) -> None:
        self._patience.stop()
        then, failed = self._then, self._failed
        self._then = self._failed = _nothing  # whatever comes later comes too late
        if arrived:
            then()
            return
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
        failed()


def received(source: IO[str] | None) -> Handover | None:
    """Read what the locked window hands over; None when this was not started by one."""
    try:
        if source is None or source.isatty():
            return None
        told = json.loads(source.readline())
        told["place"] = tuple(map(int, told["place"]))
        return Handover(**told)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def announce() -> None:
    """Tell the locked window that this one is on the screen; then let go of what leads to it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(_HERE.decode() + "\n")
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _nothing() -> None:
    pass
