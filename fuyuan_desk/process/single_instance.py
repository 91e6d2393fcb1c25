"""One window for each account of a PC: a second start brings the running window to the front and ends.

The running window listens under a name of its account and writes that name into a small file. A start looks for that
file alone, which costs nothing; only where it is there does it load what talks to the other window. A file that a
killed program left behind leads to nobody, and the start goes on.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from fuyuan_desk.core import paths

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ASK, _ANSWER = b"show\n", b"here\n"
_CONNECT_MS, _ANSWER_MS = 300, 2000
_LONGEST_SOCKET_PATH = 100


def note_file() -> Path:
    """Give the file that tells under which name the running window listens."""
    return paths.settings_file().with_name("running.json")


def raise_running(note: Path | None = None) -> bool:
    """Bring the window that runs already to the front; tell whether there is one."""
    note = note or note_file()
    if not os.path.exists(note):
        return False
    try:
        told = json.loads(note.read_bytes())
        name, pid = str(told["name"]), int(told["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return _ask(name, pid)


def _ask(name: str, pid: int) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    _let_come_forward(pid)
    socket.write(_ASK)
    socket.waitForBytesWritten(_CONNECT_MS)
    # a program that hangs does not answer: then a window of one's own is better than none
    answered = socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _ANSWER
    socket.abort()
    return answered


def _let_come_forward(pid: int) -> None:
    # Windows lets only the program that was just started put a window in front, and pass that right on
    if sys.platform == "win32":
        import ctypes

        windows: Any = getattr(ctypes, "windll", None)
        with contextlib.suppress(AttributeError, OSError):
            windows.user32.AllowSetForegroundWindow(pid)


class OneWindow(QObject):
    """Listens for a second start on behalf of this window; `show` brings the window to the front."""

    def __init__(
        self, show: Callable[[], object], note: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._show = show
        self._note = note or note_file()
        self._server: QLocalServer | None = None

    @property
    def is_listening(self) -> bool:
        """Whether a second start would find this window."""
        return self._server is not None and self._server.isListening()

    def listen(self) -> bool:
        """Begin to listen; False when another window was quicker, or the system gives no name to listen under."""
        from PySide6.QtNetwork import QLocalServer

        if raise_running(self._note):
            return False
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        name = _name(self._note)
        QLocalServer.removeServer(name)  # what a killed program left; nobody answers there
        try:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            if not server.listen(name):
                return False
            self._note.write_text(json.dumps({"name": name, "pid": os.getpid()}), encoding="utf-8")
        except OSError:
            server.close()
            return False
        self._server = server
        return True

    def stop(self) -> None:
        """Listen no more, as another process will, or none."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        with contextlib.suppress(OSError):
            self._note.unlink(missing_ok=True)

    def _answer(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._hear(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._hear(socket)

    def _hear(self, socket: "QLocalSocket") -> None:
        if socket.canReadLine() and socket.readLine().data() == _ASK:
            socket.write(_ANSWER)
            socket.flush()
            self._show()


def _name(note: Path) -> str:
    """Give the name to listen under: beside the note where the system has sockets in folders, for nobody else's use."""
    beside = str(note.with_name("running.socket"))
    if os.name != "nt" and len(os.fsencode(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    import hashlib

    return "fuyuan-desk-" + hashlib.blake2b(os.fsencode(note), digest_size=8).hexdigest()
