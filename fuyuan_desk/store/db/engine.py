"""How an encrypted SQLite file is opened; nothing else in the program knows it."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import OperationalError

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db import disks
from fuyuan_desk.store.db.errors import is_full
from fuyuan_desk.store.layout import DATABASE

# WAL lets readers and the writer work at the same time; FULL makes a commit durable before it is acknowledged, which
# costs a few milliseconds and is what a clerk means by "saved". The store's upkeep moves the write-ahead log into the
# main file; a commit does so only when the log has reached 32 MB.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
    "PRAGMA busy_timeout = 2000",
)
# The index of the WAL lies in memory shared between the connections of one PC, which a network disk cannot offer.
# When its one connection keeps the database locked from before the first use of the WAL, no shared memory is needed,
# and no second writer gets in even where the disk passes on no other lock.
_EXCLUSIVE = "PRAGMA locking_mode = EXCLUSIVE"
CHECKPOINT_BESIDE_READERS = "PRAGMA wal_checkpoint(PASSIVE)"
"""Moves what no reader of an older moment needs from the write-ahead log into the main file."""


def _connect(path: Path, key: bytes) -> Any:
    from sqlcipher3 import dbapi2

    if disks.is_network_disk(path):
        return _connect_once(path, key, exclusive=True)
    try:
        return _connect_once(path, key, exclusive=False)
    except dbapi2.OperationalError as problem:
        # a full disk has no room for the file of that index, without which the office can still be read
        if not is_full(path.parent, str(problem)):
            raise
    return _connect_once(path, key, exclusive=True)


def _connect_once(path: Path, key: bytes, *, exclusive: bool) -> Any:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path), check_same_thread=False, isolation_level=None)
    # a raw key: the key is random, so SQLCipher need not derive one
    try:
        # the error itself is reported; nothing is to be printed about a damaged page
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if exclusive:
            connection.execute(_EXCLUSIVE)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def open_engine(path: Path, key: bytes | Callable[[], bytes]) -> Engine:
    """Open the encrypted file `path` with a raw 256-bit key; the file is created when absent.

    One connection serves the whole engine: all work runs on one database thread. On a network disk, and on a full one,
    that connection locks the file exclusively.
    """
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect(path, key() if callable(key) else key),
        poolclass=StaticPool,
        hide_parameters=True,  # they are names and phones, and an error's text may be logged anywhere
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # the driver's own transaction control is off; IMMEDIATE so that a write never fails half-way for a lock
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def engine_on(connection: Any) -> Engine:
    """Return an engine on a read-only driver connection, whose transactions the caller begins."""
    from sqlcipher3 import dbapi2

    return create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool, hide_parameters=True
    )


def checkpoint(engine: Engine) -> None:
    """Move everything from the write-ahead log into the main file; no transaction may be open.

    Raises SQLAlchemy's `OperationalError` when the disk refuses.
    """
    from sqlcipher3 import dbapi2

    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    try:
        with driver_connection(engine) as connection:
            connection.execute(statement).close()
    except dbapi2.Error as problem:
        raise OperationalError(statement, None, problem) from problem


def refuse_full_log(folder: Path) -> None:
    """Raise `Unusable` if the write-ahead log in `folder` holds anything, right after a checkpoint."""
    with contextlib.suppress(FileNotFoundError):
        if os.path.getsize(folder / f"{DATABASE}-wal"):
            raise Unusable(_("Another program has the office's file open. Try again in a moment."))


@contextlib.contextmanager
def driver_connection(engine: Engine) -> Iterator[Any]:
    """Use the engine's connection without SQLAlchemy, which would begin a transaction first."""
    raw = engine.raw_connection()
    try:
        yield raw.driver_connection
    finally:
        raw.close()
