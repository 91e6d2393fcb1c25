"""The one place that knows how an encrypted SQLite file is opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import OperationalError

from fuyuan_desk.store.db import disks

# WAL keeps readers and the writer apart; FULL makes a commit durable before it is acknowledged,
# which costs a few milliseconds and is what a clerk means by "saved".
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
    "PRAGMA busy_timeout = 2000",
)
# The log's index lies in memory that is shared between the connections of one PC, which a network disk cannot do.
# Kept locked by its one connection – before the first use of the log – the database needs no shared memory at all,
# and no second writer gets in even where the disk passes no other lock on.
_ALONE = "PRAGMA locking_mode = EXCLUSIVE"


def _connect(path: Path, key: bytes) -> Any:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path), check_same_thread=False, isolation_level=None)
    # a raw key: SQLCipher derives nothing, the key is random already
    try:
        # what it would print of a damaged page is told in words by whoever meets the error
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if disks.is_network_disk(path):
            connection.execute(_ALONE)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def open_engine(path: Path, key: bytes | Callable[[], bytes]) -> Engine:
    """Open the encrypted file `path` with a raw 256-bit key; the file is made when absent.

    One connection serves the whole engine: all work runs on one database thread. On a network disk that connection
    keeps the file to itself.
    """
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect(path, key() if callable(key) else key),
        poolclass=StaticPool,
        hide_parameters=True,  # they are names and phones, and an error's text may end anywhere
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # the driver's own transaction control is off; IMMEDIATE so that a write never fails half-way for a lock
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def engine_on(connection: Any) -> Engine:
    """Give an engine on a driver's connection that only reads, whose transactions the caller begins."""
    from sqlcipher3 import dbapi2

    return create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool, hide_parameters=True
    )


def checkpoint(engine: Engine) -> None:
    """Bring everything from the write-ahead log into the main file; no transaction may be open.

    Raises SQLAlchemy's `OperationalError` when the disk refuses, as everything else does.
    """
    from sqlcipher3 import dbapi2

    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    held = engine.raw_connection()  # SQLAlchemy's own would begin a transaction first
    try:
        cursor = held.cursor()
        cursor.execute(statement)
        cursor.close()
    except dbapi2.Error as problem:
        raise OperationalError(statement, None, problem) from problem
    finally:
        held.close()
