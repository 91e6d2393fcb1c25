"""Many new records in one go, as an import brings them, trail included."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from fuyuan_desk.store import audit
from fuyuan_desk.store.base import Base, Record

_CHUNK = 2_000


def _next_id(session: Session, table: str, model: type[Record]) -> int:
    # the sequence remembers ids of removed rows too, so that an id never names two records
    given = session.execute(
        text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}
    ).scalar()
    present = session.scalar(select(func.max(model.id)))
    return max(given or 0, present or 0) + 1


def _acts(action: str, table: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[audit.Act]:
    for row in rows:
        changes = {
            key: value
            for key, value in row.items()
            if value is not None and key not in ("id", "uid", "version")
        }
        yield audit.Act(action, table, row["id"], row["uid"], changes)


def insert_many(session: Session, model: type[Record], rows: Sequence[dict[str, Any]]) -> range:
    """Insert `rows` (all with the same keys) and give their ids, in order.

    Each row gets its `id`, `uid` and `version` (the dicts are completed in place);
    the transaction is the session's. The store has one writer, so ids can be given here.
    """
    if not rows:
        return range(0)
    table = model.__tablename__
    session.flush()
    first = _next_id(session, table, model)
    for offset, row in enumerate(rows):
        row["id"] = first + offset
        row["uid"] = uuid.uuid4().hex
        row["version"] = 1
    connection = session.connection()
    statement = insert(model)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        connection.execute(statement, chunk)
        audit.append(session, _acts("insert", table, chunk))
    audit.mark_changed(session, table)
    return range(first, first + len(rows))


def remove_range(session: Session, model: type[Record], ids: range) -> None:
    """Remove the rows whose ids lie in `ids`, with what they held told in the trail; gone already is no error."""
    table = Base.metadata.tables[model.__tablename__]
    session.flush()
    connection = session.connection()
    for start in range(ids.start, ids.stop, _CHUNK):
        chunk = table.c.id.between(start, min(start + _CHUNK, ids.stop) - 1)
        rows = [dict(row) for row in connection.execute(select(table).where(chunk)).mappings()]
        audit.append(session, _acts("delete", table.name, rows))
        connection.execute(delete(table).where(chunk))
    session.expire_all()
    audit.mark_changed(session, table.name)
