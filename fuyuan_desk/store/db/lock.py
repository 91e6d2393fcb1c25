"""Who has an office open: one writer at a time, and words for the second one.

What counts is the lock on `office.lock`, which the system gives back when its holder ends, however it ends: by
`flock` on Linux, by a byte range of the open file on Windows. On a network disk the server keeps that lock and gives
it back once it has lost the holder's session (SMB), lease (NFS 4, about 90 s) or, told by the holder's PC when that
starts again, its client (NFS 3). Nobody breaks a lock for its age, for its holder may only sleep.

Some network disks take locks and do not pass them on (`nolock`, `nobrl`, some boxes). Against those stand two more
bars: there the database itself is kept locked by its writer (`engine`), and `office.lock.json`, which tells of the
holder, is touched by it every `BEAT` seconds – a lock that was got although another PC's sign of life is fresh is
given back. And a PC that slept while the server gave its lock to another finds its name gone from that file before
it writes again. What the file tells is no secret but for the operator's name, sealed with the store's key.
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
from fuyuan_desk.core.files import in_words
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db import disks

LOCK = "office.lock"
TOLD = "office.lock.json"
GUESSES = "sign-in.lock"
BEAT = 30.0
SILENCE = 150.0
"""Seconds without a sign of life after which a holder on another PC is taken for gone; the lock decides as well."""
_GUESS_SECONDS = 20.0


@dataclass(frozen=True)
class Holder:
    """Who has or had the office open: PC, process, ISO instant; `who` is the operator's sealed name or ''."""

    pc: str
    pid: int
    since: str
    who: str = ""

    @property
    def opened_at(self) -> datetime | None:
        """When the office was opened, None when that cannot be read."""
        try:
            at = datetime.fromisoformat(self.since)
        except ValueError:
            return None
        return at if at.tzinfo is not None else at.astimezone()


class Busy(Unusable):
    """The office is open elsewhere; `holder` is None when its holder told nothing."""

    def __init__(self, message: str, holder: Holder | None = None) -> None:
        super().__init__(message)
        self.holder = holder


class Hold:
    """The folder is this process's own until `release`."""

    def __init__(self, folder: Path, lock: FileLock, former: Holder | None) -> None:
        self.folder = folder
        self.former = former
        self.is_shared = disks.is_network_disk(folder)
        self._lock = lock
        self._holder = Holder(platform.node(), os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))
        self._end = threading.Event()
        self._tell()
        if self.is_shared:
            threading.Thread(target=self._beat, name="sign-of-life", daemon=True).start()

    @property
    def is_held(self) -> bool:
        """Whether the folder is still held."""
        return bool(self._lock.is_locked)

    def name(self, key: bytes, operator: str) -> None:
        """Tell who sits at the desk, for those who have a password of this office."""
        self._holder = replace(self._holder, who=_seal(key, operator))
        self._tell()

    def refuse_if_lost(self) -> None:
        """Raise `Unusable` when another PC took the folder while this one slept or was cut off."""
        if self.is_shared and read(self.folder) != self._holder:
            raise Unusable(
                _(
                    "The connection to the disk of this office was lost and another PC may have opened the office."
                    " Nothing was changed. Close the program and sign in again."
                )
            )

    def release(self) -> None:
        """Give the folder free; that nothing is left behind says that it was closed properly."""
        self._end.set()
        if self.is_held and read(self.folder) in (self._holder, None):
            with contextlib.suppress(OSError):
                files.remove(self.folder / TOLD)
        self._lock.release()

    def _tell(self) -> None:
        try:
            (self.folder / TOLD).write_text(json.dumps(asdict(self._holder)), encoding="utf-8")
        except OSError as problem:
            if self.is_shared:
                raise in_words(problem, self.folder / TOLD) from problem
            # on this PC's own disk the file only tells others; the lock itself is what counts

    def _beat(self) -> None:
        while not self._end.wait(BEAT):
            # another PC that took it over must show its own life
            if read(self.folder) == self._holder:
                with contextlib.suppress(OSError):
                    os.utime(self.folder / TOLD)


def read(folder: Path) -> Holder | None:
    """Give who has the office open, or had when it was not closed properly; None when nothing tells."""
    try:
        data = json.loads((folder / TOLD).read_bytes())
        return Holder(str(data["pc"]), int(data["pid"]), str(data["since"]), str(data.get("who", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def take(folder: Path) -> Hold:
    """Make the folder this process's own.

    Raises `Busy` when another has it, `Unusable` when the disk refuses or cannot lock.
    """
    # taken on the database thread, given back from wherever the window is closed
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, mode=0o600)
    _acquire(lock, folder)
    try:
        former = read(folder)
        if former is None and os.path.exists(folder / TOLD):
            former = Holder("?", 0, "?")  # who ended while telling: it was not closed either
        _refuse_living(folder, former)
        return Hold(folder, lock, former)
    except BaseException:
        lock.release()
        raise


def _acquire(lock: FileLock, folder: Path) -> None:
    try:
        lock.acquire()
    except Timeout as taken:
        holder = read(folder)
        raise Busy(words(holder), holder) from taken
    except OSError as problem:
        raise in_words(problem, folder) from problem
    except NotImplementedError as problem:  # some network disks
        raise Unusable(
            _("The disk that holds {folder} cannot lock files. Choose a folder on this PC.").format(
                folder=folder
            )
        ) from problem


def elsewhere(folder: Path) -> str:
    """Say who has the office open just now, as far as anybody may know: PC and hour; '' when it is free."""
    told = read(folder)
    if told is None:
        return ""
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        return words(told)
    except (OSError, NotImplementedError):
        return ""
    lock.release()
    return ""


def _refuse_living(folder: Path, former: Holder | None) -> None:
    """Refuse a lock on a network disk that another PC seems to have too: such a disk does not lock at all."""
    if former is None or former.pc == platform.node() or not disks.is_network_disk(folder):
        return
    age = _age(folder)
    if age < SILENCE:
        sentence = _(
            "{told} Its last sign of life is {age} seconds old."
            " If that PC was switched off, try again in three minutes."
        )
        raise Busy(sentence.format(told=words(former), age=int(age)), former)


def _age(folder: Path) -> float:
    """Give the seconds since the holder's sign of life, by the clock of the disk's own computer."""
    probe = folder / f".writable-{os.getpid()}"
    try:
        probe.write_bytes(b"now")
        return max(probe.stat().st_mtime - (folder / TOLD).stat().st_mtime, 0.0)
    except OSError:
        return 0.0
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)


def words(holder: Holder | None, name: str = "") -> str:
    """Say that the office is open elsewhere: on which PC, since when, and by whom where that may be told."""
    if holder is None:
        return _("This office is already open in another window. Use that window, or close it first.")
    at = holder.opened_at
    since = at.astimezone().strftime("%Y-%m-%d %H:%M") if at is not None else "?"
    if name:
        sentence = _("This office is open in another window: {name}, on the PC {pc}, since {since}.")
    else:
        sentence = _("This office is open in another window on the PC {pc}, since {since}.")
    advice = _("Only one may write at a time. Use that window, or close it first.")
    return sentence.format(name=name, pc=holder.pc, since=since) + " " + advice


def named(busy: Busy, key: bytes) -> Busy:
    """Give the refusal for somebody who has a password of this office: with the operator's name."""
    name = _unsealed(key, busy.holder.who) if busy.holder is not None else ""
    return Busy(words(busy.holder, name), busy.holder) if name else busy


@contextlib.contextmanager
def one_guess_at_a_time(folder: Path) -> Iterator[None]:
    """Let guesses of a password come one after the other, from whatever window they come."""
    lock = FileLock(folder / GUESSES, timeout=_GUESS_SECONDS, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout as taken:
        raise Unusable(_("Another window is signing in. Try again in a moment.")) from taken
    except OSError as problem:
        raise in_words(problem, folder) from problem
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


def _own(key: bytes) -> bytes:
    return hmac.new(key, b"fuyuan holder", hashlib.sha256).digest()


def _seal(key: bytes, name: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return (nonce + AESGCM(_own(key)).encrypt(nonce, name.encode(), None)).hex()


def _unsealed(key: bytes, sealed: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = bytes.fromhex(sealed)
        return AESGCM(_own(key)).decrypt(content[:12], content[12:], None).decode()
    except (ValueError, InvalidTag):
        return ""
