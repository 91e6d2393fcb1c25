"""Figures about the database itself, even a damaged one: versions, size, row counts."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

FILE = ("page_count", "freelist_count", "journal_mode")


def versions() -> dict[str, object]:
    """Return the version of SQLCipher with the SQLite in it, and that of Python's own, which reads no store."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(":memory:")
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    cipher = row[0] if row else "–"
    return {"SQLite": sqlite3.sqlite_version, "SQLCipher": f"{cipher}, SQLite {dbapi2.sqlite_version}"}


def ask(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """Query a store that may be damaged; return the name of the error when it cannot be read."""
    try:
        return [tuple(row) for row in connection.execute(text(statement))]
    except DatabaseError as problem:
        return [(type(problem).__name__,)]


def of_file(connection: Connection) -> dict[str, object]:
    """Return the figures of the file by name."""
    return {name: ask(connection, f"PRAGMA {name}")[0][0] for name in FILE}
