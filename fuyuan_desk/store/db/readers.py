"""Further, read-only connections to an encrypted database: to one moment of a store in use, or to a copy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import OperationalError

_READ_ONLY = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", "PRAGMA busy_timeout = 2000")
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite%'"


@dataclass(frozen=True)
class Facts:
    """What a copy is compared by with its original: migration step, rows of each table, end of the trail."""

    revision: str
    rows: dict[str, int]
    entry: int
    hash: str


def open_reader(path: Path, key: bytes) -> Any:
    """Open a second driver connection beside the engine's; the caller closes it.

    Raises SQLAlchemy's `OperationalError` when the disk refuses.
    """
    return _open(str(path), key)


def begin(connection: Any) -> None:
    """Begin a read transaction: from here on the connection sees this moment, whatever is written meanwhile."""
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def open_copy(path: Path, key: bytes) -> Any:
    """Open a database that nobody writes to, without creating a file beside it; the caller closes it.

    Raises SQLAlchemy's `OperationalError` when it cannot be opened.
    """
    return _open(f"{_uri(path)}?mode=ro&immutable=1", key, uri=True)


def _uri(path: Path) -> str:
    # a network path keeps its two leading slashes; after exactly two SQLite would read a host name
    name = path.absolute().as_posix()
    name = f"//{name}" if name.startswith("//") else f"/{name.lstrip('/')}"
    return f"file:{quote(name)}"


def is_sound_with_log(path: Path, key: bytes) -> bool:
    """Return whether a database can be read with the write-ahead log beside it, of which nothing is moved into it.

    Reads all of both. Raises SQLAlchemy's `OperationalError` when the disk refuses.
    """
    from sqlcipher3 import dbapi2

    try:
        connection = _open(f"{_uri(path)}?mode=ro", key, uri=True)
    except OperationalError as problem:
        if _is_unreadable(problem.orig):
            return False
        raise
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except dbapi2.Error as problem:
        if _is_unreadable(problem):
            return False
        raise OperationalError("check", None, problem) from problem
    finally:
        connection.close()


def _is_unreadable(problem: object) -> bool:
    return "malformed" in str(problem) or "not a database" in str(problem)


def _open(name: str, key: bytes, uri: bool = False) -> Any:
    from sqlcipher3 import dbapi2

    connection = None
    try:
        connection = dbapi2.connect(name, check_same_thread=False, isolation_level=None, uri=uri)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _READ_ONLY:
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException as problem:
        if connection is not None:
            connection.close()
        if isinstance(problem, dbapi2.Error):
            raise OperationalError("open", None, problem) from problem
        raise
    return connection


def facts(connection: Any) -> Facts:
    """Read the facts that a copy is compared by; raise SQLAlchemy's `OperationalError` when they cannot be read."""
    from sqlcipher3 import dbapi2

    try:
        names = [name for (name,) in connection.execute(_TABLES)]
        # the names come from the schema itself
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        end = connection.execute("SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    except dbapi2.Error as problem:
        raise OperationalError("facts", None, problem) from problem
    entry, link = end or (0, "")
    return Facts(revision[0] if revision else "", rows, entry, link)


def broken_pages(connection: Any) -> int:
    """Count the pages that were not written with the key or were changed since; reads all of them."""
    from sqlcipher3 import dbapi2

    try:
        return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())
    except dbapi2.Error as problem:
        raise OperationalError("check", None, problem) from problem


def facts_of(path: Path, key: bytes) -> Facts:
    """Read the facts of a database that nobody writes to; raise `OperationalError` when they cannot be read."""
    connection = open_copy(path, key)
    try:
        return facts(connection)
    finally:
        connection.close()


def broken_pages_of(path: Path, key: bytes) -> int:
    """Count the broken pages of a database that nobody writes to, see `broken_pages`."""
    connection = open_copy(path, key)
    try:
        return broken_pages(connection)
    finally:
        connection.close()
