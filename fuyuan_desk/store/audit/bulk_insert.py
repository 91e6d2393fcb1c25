"""Insert or remove many records at once, as an import does, audit trail included."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice, repeat
from typing import Any

from sqlalchemy import Boolean, Connection, Table, delete, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.base import Base, Record

_CHUNK = 2_000
_ROWS_PER_STATEMENT = 100


def _next_id(session: Session, table: str, model: type[Record]) -> int:
    # the sequence counts removed rows too, so that an id is never assigned twice
    assigned = session.execute(
        text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}
    ).scalar()
    present = session.scalar(select(func.max(model.id)))
    return max(assigned or 0, present or 0) + 1


def _removals(table: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[audit.Event]:
    for row in rows:
        changes = {
            key: value
            for key, value in row.items()
            if value is not None and key not in ("id", "uid", "version")
        }
        yield audit.Event("delete", table, row["id"], row["uid"], changes)


def _new_uids(count: int) -> list[str]:
    # UUID version 7: the millisecond, random digits of this batch and a running number, so that the index of uids
    # grows at its end
    entropy = os.urandom(5).hex()
    batch = f"{time.time_ns() // 1_000_000:012x}7{entropy[:3]}a{entropy[3:]}"
    return list(map(batch.__add__, _running_numbers(count)))


@lru_cache(maxsize=4)  # the blocks of an import are of the same size
def _running_numbers(count: int) -> tuple[str, ...]:
    return tuple([f"{number:08x}" for number in range(count)])


def _defaults(table: Table, present: Collection[str]) -> dict[str, Any]:
    defaults = {}
    for column in table.columns:
        if column.name in ("id", "uid", "version", *present):
            continue
        default = column.default
        if isinstance(default, ScalarElementColumnDefault):
            defaults[column.name] = default.arg
        elif not column.nullable:
            raise ValueError(f"{table.name}.{column.name} has no constant default and needs values")
    return defaults


def remove_range(session: Session, model: type[Record], ids: range) -> None:
    """Remove the rows whose ids lie in `ids` and log their content in the trail; missing rows are no error."""
    table = Base.metadata.tables[model.__tablename__]
    session.flush()
    connection = session.connection()
    for start in range(ids.start, ids.stop, _CHUNK):
        chunk = table.c.id.between(start, min(start + _CHUNK, ids.stop) - 1)
        rows = [dict(row) for row in connection.execute(select(table).where(chunk)).mappings()]
        audit.append(session, _removals(table.name, rows))
        connection.execute(delete(table).where(chunk))
    session.expire_all()
    audit.mark_changed(session, table.name)


def insert_block(
    session: Session,
    model: type[Record],
    values: Mapping[str, Sequence[Any]],
    derived: Collection[str] = (),
) -> range:
    """Insert rows passed column by column and return their ids, in order; other columns take their defaults.

    For imports of many thousand rows: bypasses the ORM and logs one event per block in the trail, with the first and
    last id and all values but those of `derived` columns. The transaction is the session's.
    """
    size = len(next(iter(values.values())))
    if not size:
        return range(0)
    name = model.__tablename__
    table = Base.metadata.tables[name]
    session.flush()
    connection = session.connection()
    first = _next_id(session, name, model)
    ids = range(first, first + size)
    values = {column: _bound(connection, table, column, given) for column, given in values.items()}
    defaults = _defaults(table, values)
    names = ["id", "uid", "version", *values, *defaults]
    repeated = map(repeat, defaults.values())
    _write_rows(connection, name, names, zip(ids, _new_uids(size), repeat(1), *values.values(), *repeated))
    logged = {column: _compact(values[column]) for column in values if column not in derived}
    audit.append(
        session, [audit.Event("insert", name, first, None, {"ids": [first, ids[-1]], "rows": logged})]
    )
    audit.mark_changed(session, name)
    return ids


def _bound(connection: Connection, table: Table, column: str, values: Sequence[Any]) -> Sequence[Any]:
    """Return a column's values as the driver takes them."""
    column_type = table.c[column].type
    process = column_type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if process is None:
        return values
    if isinstance(column_type, Boolean):
        bound = {value: process(value) for value in set(values)}
        return [bound[value] for value in values]
    return list(map(process, values))


def _write_rows(
    connection: Connection, name: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    # many rows per statement: SQLite then updates sequence and journal once for all of them
    insertion = f"INSERT INTO {name} ({', '.join(names)}) VALUES "
    row = f"({', '.join('?' * len(names))})"
    waiting = iter(rows)
    parameters = []
    while group := tuple(chain.from_iterable(islice(waiting, _ROWS_PER_STATEMENT))):
        parameters.append(group)
    for count, groups in groupby(parameters, key=lambda group: len(group) // len(names)):
        connection.exec_driver_sql(insertion + ", ".join([row] * count), list(groups))


def _compact(values: Sequence[Any]) -> Any:
    # a value that is the same in every row is stored once
    return values[0] if values.count(values[0]) == len(values) else values
