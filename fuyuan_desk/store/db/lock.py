"""The lock on an open office: one writer at a time, and a message for anybody else.

What counts is the operating system's lock on `office.lock`, which is released when its process ends, however it ends:
`flock` on Linux, a byte range of the open file on Windows. On a network disk the server keeps that lock and releases
it once it has lost the owner's session (SMB), lease (NFS 4, about 90 s) or, notified by the owner's PC when that starts
again, its client (NFS 3). A lock is never broken for its age, because its owner may only be suspended.

Some network disks accept locks and do not pass them on (`nolock`, `nobrl`, some NAS devices). Two more barriers stand
against those: there the writer keeps the database itself locked (`engine`), and the owner touches
`office.lock.json`, which describes it, every `HEARTBEAT_SECONDS`; a lock that was acquired although another PC's
heartbeat is fresh is released again. A PC that was suspended while the server gave its lock to another finds its name
gone from that file before it writes again. Nothing in the file is secret but the operator's name, which is sealed
with the store's key.
"""

import contextlib
import hashlib
import hmac
import json
import os
import platform
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.store.db import disks

LOCK = "office.lock"
OWNER_FILE = "office.lock.json"
SIGN_IN_LOCK = "sign-in.lock"
HEARTBEAT_SECONDS = 30.0
HEARTBEAT_TIMEOUT = 150.0
"""Seconds without a heartbeat after which an owner on another PC counts as gone; the lock decides as well."""
_ATTEMPT_SECONDS = 20.0


@dataclass(frozen=True)
class LockOwner:
    """Who has or had the office open: PC, process, ISO instant; `who` is the operator's sealed name or ''."""

    pc: str
    pid: int
    since: str
    who: str = ""

    @property
    def opened_at(self) -> datetime | None:
        """The instant at which the office was opened, None when it cannot be read."""
        try:
            at = datetime.fromisoformat(self.since)
        except ValueError:
            return None
        return at if at.tzinfo is not None else at.astimezone()


class Busy(Unusable):
    """The office is open elsewhere; `owner` is None when its file says nothing."""

    def __init__(self, message: str, owner: LockOwner | None = None) -> None:
        super().__init__(message)
        self.owner = owner


class StoreLock:
    """The exclusive lock of this process on an office's folder, until `release`."""

    def __init__(
        self,
        folder: Path,
        lock: FileLock,
        previous_owner: LockOwner | None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.folder = folder
        self.previous_owner = previous_owner
        self.is_shared = disks.is_network_disk(folder)
        self._lock = lock
        self._owner = LockOwner(platform.node(), os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))
        self._end = threading.Event()
        self._write_owner()
        if self.is_shared:
            threading.Thread(
                target=self._heartbeat, args=(heartbeat_seconds,), name="heartbeat", daemon=True
            ).start()

    @property
    def is_held(self) -> bool:
        """Whether the lock is still held."""
        return bool(self._lock.is_locked)

    def set_operator(self, key: bytes, operator: str) -> None:
        """Publish the signed-in operator's name, sealed for those who have a password of this office."""
        self._owner = replace(self._owner, who=_seal(key, operator))
        self._write_owner()

    def refuse_if_lost(self) -> None:
        """Raise `Unusable` when another PC acquired the lock while this one was suspended or cut off."""
        if self.is_shared and read_owner(self.folder) != self._owner:
            raise Unusable(
                _(
                    "The connection to the disk of this office was lost and another PC may have opened the office."
                    " Nothing was changed. Close the program and sign in again."
                )
            )

    def release(self) -> None:
        """Release the lock and remove the owner file, whose absence shows a proper close."""
        self._end.set()
        if self.is_held and read_owner(self.folder) in (self._owner, None):
            with contextlib.suppress(OSError):
                files.remove(self.folder / OWNER_FILE)
        self._lock.release()

    def _write_owner(self) -> None:
        try:
            (self.folder / OWNER_FILE).write_text(json.dumps(asdict(self._owner)), encoding="utf-8")
        except OSError as problem:
            if self.is_shared:
                raise as_unusable(problem, self.folder / OWNER_FILE) from problem
            # on this PC's own disk the file only informs others; the lock itself is what counts

    def _heartbeat(self, seconds: float) -> None:
        while not self._end.wait(seconds):
            # another PC that took over must write its own heartbeat
            if read_owner(self.folder) == self._owner:
                with contextlib.suppress(OSError):
                    os.utime(self.folder / OWNER_FILE)


def read_owner(folder: Path) -> LockOwner | None:
    """Read who has the office open, or had it open when it was not closed properly; None when unknown."""
    try:
        data = json.loads((folder / OWNER_FILE).read_bytes())
        return LockOwner(str(data["pc"]), int(data["pid"]), str(data["since"]), str(data.get("who", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def acquire(folder: Path, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> StoreLock:
    """Acquire the lock on an office's folder.

    Raises `Busy` when another process holds it, `Unusable` when the disk refuses or cannot lock.
    """
    # acquired on the database thread, released from whichever thread closes the window
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, mode=0o600)
    _acquire_file_lock(lock, folder)
    try:
        previous = read_owner(folder)
        if previous is None and os.path.exists(folder / OWNER_FILE):
            previous = LockOwner("?", 0, "?")  # ended while writing the file: it was not closed either
        _refuse_live_owner(folder, previous)
        return StoreLock(folder, lock, previous, heartbeat_seconds)
    except BaseException:
        lock.release()
        raise


def _acquire_file_lock(lock: FileLock, folder: Path) -> None:
    try:
        lock.acquire()
    except Timeout as taken:
        owner = read_owner(folder)
        raise Busy(busy_message(owner), owner) from taken
    except OSError as problem:
        raise as_unusable(problem, folder) from problem
    except NotImplementedError as problem:  # some network disks
        raise Unusable(
            _("The disk that holds {folder} cannot lock files. Choose a folder on this PC.").format(
                folder=folder
            )
        ) from problem


def busy_message_of(folder: Path) -> str:
    """Return the message of who has the office open now, without the operator's name; '' when it is free."""
    owner = read_owner(folder)
    if owner is None:
        return ""
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        return busy_message(owner)
    except (OSError, NotImplementedError):
        return ""
    lock.release()
    return ""


def _refuse_live_owner(folder: Path, previous: LockOwner | None) -> None:
    """Refuse a lock on a network disk that another PC seems to hold too: such a disk does not lock at all."""
    if previous is None or previous.pc == platform.node() or not disks.is_network_disk(folder):
        return
    age = _heartbeat_age(folder)
    if age < HEARTBEAT_TIMEOUT:
        sentence = numbered(
            max(int(age), 1),
            N_(
                "{reason} It last responded {n} second ago."
                " If that PC was switched off, try again in three minutes."
            ),
            N_(
                "{reason} It last responded {n} seconds ago."
                " If that PC was switched off, try again in three minutes."
            ),
            reason=busy_message(previous),
        )
        raise Busy(sentence, previous)


def _heartbeat_age(folder: Path) -> float:
    """Return the seconds since the owner's last heartbeat, by the clock of the disk's own computer."""
    probe = folder / f".writable-{os.getpid()}"
    try:
        probe.write_bytes(b"now")
        return max(probe.stat().st_mtime - (folder / OWNER_FILE).stat().st_mtime, 0.0)
    except OSError:
        return 0.0
    finally:
        with contextlib.suppress(OSError):
            files.remove(probe)


def busy_message(owner: LockOwner | None, name: str = "") -> str:
    """Return the message that the office is open elsewhere: PC, time, and the operator's `name` if it may be shown."""
    if owner is None:
        return _("This office is already open in another window. Use that window, or close it first.")
    at = owner.opened_at
    since = at.astimezone().strftime("%Y-%m-%d %H:%M") if at is not None else "?"
    if name:
        sentence = _("This office is open in another window: {name}, on the PC {pc}, since {since}.")
    else:
        sentence = _("This office is open in another window on the PC {pc}, since {since}.")
    advice = _("Only one may write at a time. Use that window, or close it first.")
    return sentence.format(name=name, pc=owner.pc, since=since) + " " + advice


def with_operator_name(busy: Busy, key: bytes) -> Busy:
    """Return the refusal with the operator's name in it, for somebody who has a password of this office."""
    name = _unseal(key, busy.owner.who) if busy.owner is not None else ""
    return Busy(busy_message(busy.owner, name), busy.owner) if name else busy


@contextlib.contextmanager
def one_attempt_at_a_time(folder: Path) -> Iterator[None]:
    """Serialize attempts at a password over all windows."""
    lock = FileLock(folder / SIGN_IN_LOCK, timeout=_ATTEMPT_SECONDS, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout as taken:
        raise Unusable(_("Another window is signing in. Try again in a moment.")) from taken
    except OSError as problem:
        raise as_unusable(problem, folder) from problem
    except NotImplementedError as problem:
        raise Unusable(
            _("The disk that holds {folder} cannot lock files. Choose a folder on this PC.").format(
                folder=folder
            )
        ) from problem
    try:
        yield
    finally:
        lock.release()


def _owner_key(key: bytes) -> bytes:
    return hmac.new(key, b"fuyuan holder", hashlib.sha256).digest()


def _seal(key: bytes, name: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return (nonce + AESGCM(_owner_key(key)).encrypt(nonce, name.encode(), None)).hex()


def _unseal(key: bytes, sealed: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = bytes.fromhex(sealed)
        return AESGCM(_owner_key(key)).decrypt(content[:12], content[12:], None).decode()
    except (ValueError, InvalidTag):
        return ""
