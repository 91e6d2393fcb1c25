"""An office's store: a folder with the encrypted database, the key file and the photos."""

import contextlib
import json
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from fuyuan_desk.errors import Conflict, NotAllowed, Unusable
from fuyuan_desk.files import in_words
from fuyuan_desk.store import attempts, audit, keyring, migrate
from fuyuan_desk.store.engine import open_engine
from fuyuan_desk.store.media import Media
from fuyuan_desk.texts import _

DATABASE = "store.db"
MEDIA = "media"
LOCK = "office.lock"


class Store:
    """An open store; `close` it to give the folder free and to forget the key."""

    def __init__(self, folder: Path, key: bytes, lock: FileLock) -> None:
        self.folder = folder
        self.engine: Engine = open_engine(folder / DATABASE, key)
        self.sessions: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.media = Media(folder / MEDIA, key)
        self._key = key
        self._lock = lock
        audit.keep_trail(self.sessions)

    @property
    def key(self) -> bytes:
        """The raw key, for wrapping it for another operator."""
        return self._key

    def close(self) -> None:
        """Give the folder free and forget the key."""
        self.engine.dispose()
        self._key = b""
        self._lock.release()


def is_store(folder: Path) -> bool:
    """Whether `folder` holds an office."""
    return (folder / keyring.FILE).exists()


def _prepare_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as problem:
        raise in_words(problem, folder) from problem


def _take_lock(folder: Path) -> FileLock:
    # taken on the database thread, given back from wherever the window is closed
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as taken:
        raise Unusable(
            _("This office is already open in another window. Use that window, or close it first.")
        ) from taken
    except OSError as problem:
        raise in_words(problem, folder) from problem
    holder = {"pc": platform.node(), "pid": os.getpid(), "since": datetime.now(UTC).isoformat()}
    with contextlib.suppress(OSError):  # only told to others; the lock itself is what counts
        (folder / f"{LOCK}.json").write_text(json.dumps(holder), encoding="utf-8")
    return lock


@contextlib.contextmanager
def database_in_words(folder: Path) -> Iterator[None]:
    """Turn the database's refusals that come from the surroundings into sentences."""
    try:
        yield
    except OperationalError as problem:
        told = str(problem.orig)
        if "full" in told:
            raise Unusable(
                _("The disk is full; nothing was changed. Free some space, then save again.")
            ) from problem
        if "readonly" in told or "unable to open" in told:
            raise Unusable(
                _("The office's folder {folder} cannot be written to; nothing was changed.").format(
                    folder=folder
                )
            ) from problem
        if "locked" in told or "busy" in told:
            raise Unusable(
                _("Another program holds the office's file; nothing was changed. Try again in a moment.")
            ) from problem
        if "I/O" in told:
            raise Unusable(
                _(
                    "The disk did not answer; nothing was changed. Check the disk or the stick, then try again."
                )
            ) from problem
        raise
    except DatabaseError as problem:
        if "malformed" in str(problem.orig) or "not a database" in str(problem.orig):
            raise Unusable(
                _("The office's file is damaged. Leave it as it is and restore the newest backup.")
            ) from problem
        raise


def _open(folder: Path, key: bytes, lock: FileLock) -> Store:
    store = Store(folder, key, lock)
    try:
        with database_in_words(folder):
            migrate.bring_up_to_date(store.engine, folder)
    except BaseException:
        store.close()
        raise
    return store


def check_new_folder(folder: Path) -> None:
    """Refuse a folder in which no new office can be set up."""
    if is_store(folder):
        raise Conflict(
            _("The folder {folder} already holds an office. Choose another folder.").format(folder=folder)
        )
    _prepare_folder(folder)


def create_store(
    folder: Path, login: str, password: str, recovery_code: str, cost: keyring.Cost | None = None
) -> Store:
    """Make a new, empty store in `folder` (made when absent) that `login` and the recovery code open."""
    check_new_folder(folder)
    key = keyring.new_key()
    ring = keyring.add_operator(keyring.empty_ring(), login, password, key, cost)
    ring = keyring.add_recovery(ring, recovery_code, key, cost)
    lock = _take_lock(folder)
    try:
        for leftover in (folder / DATABASE, folder / f"{DATABASE}-wal", folder / f"{DATABASE}-shm"):
            leftover.unlink(
                missing_ok=True
            )  # of a set-up that was cut short: without a key file it opens for nobody
        store = _open(folder, key, lock)
        try:
            keyring.write(folder, ring)
        except BaseException:
            store.close()
            raise
    except BaseException:
        lock.release()
        raise
    return store


def open_store(folder: Path, login: str, password: str) -> Store:
    """Open the store in `folder` for the operator `login`.

    Raises `NotAllowed` for a wrong name or password (with a growing pause) and `Unusable` when the folder is
    missing, read-only, damaged, open elsewhere, or written by a newer program.
    """
    now = datetime.now(UTC)
    ring = keyring.read(folder)
    attempts.refuse_during_pause(folder, now)
    _prepare_folder(folder)
    try:
        key = keyring.open_with_password(ring, login, password)
    except NotAllowed:
        attempts.count_failure(folder, now)
        raise
    attempts.forget(folder)
    return _open_locked(folder, key)


def _open_locked(folder: Path, key: bytes) -> Store:
    lock = _take_lock(folder)
    try:
        return _open(folder, key, lock)
    except BaseException:
        lock.release()
        raise


def open_with_recovery(folder: Path, code: str) -> Store:
    """Open the store by its recovery code."""
    now = datetime.now(UTC)
    ring = keyring.read(folder)
    attempts.refuse_during_pause(folder, now)
    _prepare_folder(folder)
    try:
        key = keyring.open_with_recovery(ring, code)
    except NotAllowed:
        attempts.count_failure(folder, now)
        raise
    attempts.forget(folder)
    return _open_locked(folder, key)
