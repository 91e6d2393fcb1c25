"""A statement is compiled once for all stores that the tests of a run open, not once for each of them.

SQLAlchemy keeps what it compiled by engine and dialect, and most tests open an office of their own. The dialects of
two stores count as one if their driver and its version are the same.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_MOST = 10_000
_COMPILED: LRUCache[Any, Any] = LRUCache(_MOST)


def _key(dialect: SQLiteDialect_pysqlite) -> tuple[object, ...]:
    return type(dialect), dialect.dbapi, dialect.server_version_info


def _is_same(dialect: SQLiteDialect_pysqlite, other: object) -> bool:
    return dialect is other or (isinstance(other, SQLiteDialect_pysqlite) and _key(dialect) == _key(other))


def _hash(dialect: SQLiteDialect_pysqlite) -> int:
    return hash(type(dialect))


SQLiteDialect_pysqlite.__eq__ = _is_same  # type: ignore[method-assign]
SQLiteDialect_pysqlite.__hash__ = _hash  # type: ignore[method-assign]


@event.listens_for(Engine, "engine_connect")
def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)
