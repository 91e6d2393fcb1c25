"""Insert or remove many records at once, as an import does, audit trail included."""

import os
import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice, repeat
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Dialect, Table, delete, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from fuyuan_desk.store.audit import columns
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.db.visible_columns import bound_at_once

_CHUNK = 2_000
_ROWS_PER_STATEMENT = 500
_BLOCKS_PER_ENTRY = 5


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
        if column.server_default is not None:  # the database fills it in, which costs the driver nothing
            continue
        if isinstance(default, ScalarElementColumnDefault):
            defaults[column.name] = default.arg
        elif not column.nullable:
            raise ValueError(f"{table.name}.{column.name} has no constant default and needs values")
    return defaults


def remove_range(session: Session, model: type[Record], ids: range, kept: Collection[int] = ()) -> None:
    """Remove the rows whose ids lie in `ids` but not in `kept`, and log their content in the trail.

    Missing rows are no error.
    """
    table = Base.metadata.tables[model.__tablename__]
    session.flush()
    connection = session.connection()
    staying = sorted(kept)
    for start in range(ids.start, ids.stop, _CHUNK):
        stop = min(start + _CHUNK, ids.stop)
        chunk: ColumnElement[bool] = table.c.id.between(start, stop - 1)
        if here := staying[bisect_left(staying, start) : bisect_left(staying, stop)]:
            chunk &= table.c.id.not_in(here)
        rows = [dict(row) for row in connection.execute(select(table).where(chunk)).mappings()]
        audit.append(session, _removals(table.name, rows))
        connection.execute(delete(table).where(chunk))
    session.expire_all()
    audit.mark_changed(session, table.name)


class Block(NamedTuple):
    """Rows ready to be written: statements with their parameters, and what the trail logs."""

    ids: range
    statements: Sequence[tuple[str, Sequence[tuple[Any, ...]]]]
    logged: str


class TableInsert:
    """Inserts rows into one table block by block, with consecutive ids; columns not given take their defaults.

    For imports of many thousand rows: bypasses the ORM and logs one event per block in the trail, with the first and
    last id and all values but those of `derived` columns. The transaction is the session's.
    """

    def __init__(self, session: Session, model: type[Record], derived: Collection[str] = ()) -> None:
        session.flush()
        self._session = session
        self._table = Base.metadata.tables[model.__tablename__]
        self._derived = derived
        self._dialect = session.connection().dialect
        first = _next_id(session, self._table.name, model)
        self.ids = range(first, first)
        self._events: list[audit.Event] = []

    def prepared(self, values: Mapping[str, Sequence[Any]]) -> Block:
        """Prepare the next rows, passed column by column; needs no store, so that another thread can do it."""
        size = len(next(iter(values.values())))
        ids = range(self.ids.stop, self.ids.stop + size)
        self.ids = range(self.ids.start, ids.stop)
        if not size:
            return Block(ids, (), "")
        return _prepare(self._dialect, self._table, ids, values, self._derived)

    def write(self, block: Block) -> None:
        """Write rows that were prepared, in the order in which they were."""
        if not block.ids:
            return
        connection = self._session.connection()
        for statement, parameters in block.statements:
            connection.exec_driver_sql(statement, list(parameters))
        self._events.append(audit.Event("insert", self._table.name, block.ids[0], None, block.logged))
        if len(self._events) == _BLOCKS_PER_ENTRY:
            self.finish()

    def finish(self) -> None:
        """Write what the trail logs of the rows; call it when all are written."""
        # several at once: to continue the chain, the end of a whole block is read
        if self._events:
            audit.append(self._session, self._events)
            audit.mark_changed(self._session, self._table.name)
            self._events = []


def insert_block(
    session: Session,
    model: type[Record],
    values: Mapping[str, Sequence[Any]],
    derived: Collection[str] = (),
) -> range:
    """Insert rows passed column by column, as one block, and return their ids, in order."""
    return insert_blocks(session, model, values, max(len(next(iter(values.values()))), 1), derived)


def insert_blocks(
    session: Session,
    model: type[Record],
    values: Mapping[str, Sequence[Any]],
    size: int,
    derived: Collection[str] = (),
    after_each: Callable[[int], object] | None = None,
) -> range:
    """Insert rows in blocks of `size`, as by `TableInsert`; call `after_each` with the number of rows of each."""
    total = len(next(iter(values.values())))
    if not total:
        return range(0)
    rows = TableInsert(session, model, derived)
    for start in range(0, total, size):
        block = rows.prepared({column: given[start : start + size] for column, given in values.items()})
        rows.write(block)
        if after_each is not None:
            after_each(len(block.ids))
    rows.finish()
    return rows.ids


def _prepare(
    dialect: Dialect,
    table: Table,
    ids: range,
    values: Mapping[str, Sequence[Any]],
    derived: Collection[str],
) -> Block:
    values = {column: _bound(dialect, table, column, given) for column, given in values.items()}
    logged = {column: columns.same_or_all(given) for column, given in values.items()}
    # a column without any value stays NULL by itself, and the driver takes long over each None
    filled = {column: given for column, given in values.items() if logged[column] is not None}
    defaults = _defaults(table, values)
    names = ["id", "uid", "version", *filled, *defaults]
    repeated = map(repeat, defaults.values())
    rows = zip(ids, _new_uids(len(ids)), repeat(1), *filled.values(), *repeated)
    for column in derived:
        logged.pop(column, None)
    return Block(ids, _statements(table.name, names, rows), columns.encode(ids, logged))


def _bound(dialect: Dialect, table: Table, column: str, values: Sequence[Any]) -> Sequence[Any]:
    """Return a column's values as the driver takes them."""
    column_type = table.c[column].type
    process = column_type.dialect_impl(dialect).bind_processor(dialect)
    if process is None or bound_at_once(column_type, values):
        return values
    if isinstance(column_type, Boolean):
        bound = {value: process(value) for value in set(values)}
        return [bound[value] for value in values]
    return list(map(process, values))


def _statements(
    name: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> list[tuple[str, list[tuple[Any, ...]]]]:
    # many rows per statement: SQLite then updates sequence and journal once for all of them
    insertion = f"INSERT INTO {name} ({', '.join(names)}) VALUES "
    row = f"({', '.join('?' * len(names))})"
    waiting = iter(rows)
    groups = []
    while group := tuple(chain.from_iterable(islice(waiting, _ROWS_PER_STATEMENT))):
        groups.append(group)
    return [
        (insertion + ", ".join([row] * (width // len(names))), list(of_width))
        for width, of_width in groupby(groups, key=len)
    ]
