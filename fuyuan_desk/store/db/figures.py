"""Figures about the database itself, even a damaged one: versions, size, row counts."""

from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

FILE = ("page_count", "freelist_count", "journal_mode")


def versions() -> dict[str, object]:
    """Return the version of SQLCipher, and of the SQLite in it; Python's own is not used, nor packaged on Windows."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(":memory:")
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return {"SQLite": dbapi2.sqlite_version, "SQLCipher": row[0] if row else "–"}


def ask(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """Query a store that may be damaged; return the name of the error when it cannot be read."""
    try:
        return [tuple(row) for row in connection.execute(text(statement))]
    except DatabaseError as problem:
        return [(type(problem).__name__,)]


def of_file(connection: Connection) -> dict[str, object]:
    """Return the figures of the file by name."""
    return {name: ask(connection, f"PRAGMA {name}")[0][0] for name in FILE}
