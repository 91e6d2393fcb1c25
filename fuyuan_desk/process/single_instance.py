"""One window per user account: a second start activates the running window and exits.

The running window listens on a local socket and writes the socket's name into a small file. A start only checks for
that file, which costs nothing, and loads QtNetwork only if it exists. A stale file left by a killed process is
ignored.
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

_REQUEST, _REPLY = b"show\n", b"here\n"
_CONNECT_MS, REPLY_MS = 300, 2000
_MAX_SOCKET_PATH = 100


def note_file() -> Path:
    """Return the path of the file with the socket name of the running window."""
    return paths.settings_file().with_name("running.json")


def activate_running(note: Path | None = None, reply_ms: int = REPLY_MS) -> bool:
    """Activate the window that is already running; return whether there is one."""
    note = note or note_file()
    if not os.path.exists(note):
        return False
    try:
        entry = json.loads(note.read_bytes())
        name, pid = str(entry["name"]), int(entry["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return _request_show(name, pid, reply_ms)


def _request_show(name: str, pid: int, reply_ms: int) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    _allow_foreground(pid)
    socket.write(_REQUEST)
    socket.waitForBytesWritten(_CONNECT_MS)
    # a hung process does not answer: open a second window rather than none
    answered = socket.waitForReadyRead(reply_ms) and socket.readAll().data() == _REPLY
    socket.abort()
    return answered


def _allow_foreground(pid: int) -> None:
    # on Windows only the process that was just started may activate a window, and may pass that right on
    if sys.platform == "win32":
        import ctypes

        windows: Any = getattr(ctypes, "windll", None)
        with contextlib.suppress(AttributeError, OSError):
            windows.user32.AllowSetForegroundWindow(pid)


class SingleInstance(QObject):
    """Listens for a second start; `show` activates this window."""

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
        """Start to listen; return False when another window already does, or the socket cannot be opened."""
        from PySide6.QtNetwork import QLocalServer

        if activate_running(self._note):
            return False
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._accept)
        name = _name(self._note)
        QLocalServer.removeServer(name)  # left by a killed process
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
        """Stop listening."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        from fuyuan_desk.core import files  # here: not needed by the sign-in window

        with contextlib.suppress(OSError):
            files.remove(self._note)

    def _accept(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read_request(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read_request(socket)

    def _read_request(self, socket: "QLocalSocket") -> None:
        if socket.canReadLine() and socket.readLine().data() == _REQUEST:
            socket.write(_REPLY)
            socket.flush()
            self._show()


def _name(note: Path) -> str:
    """Return the socket name: a path in the note's folder where sockets are files, else a hash of it."""
    path = str(note.with_name("running.socket"))
    if os.name != "nt" and len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
        return path
    import hashlib

    return "fuyuan-desk-" + hashlib.blake2b(os.fsencode(note), digest_size=8).hexdigest()
