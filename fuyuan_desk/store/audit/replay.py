"""Comparison of the records with the audit trail: what each row holds against what was logged of it last.

The trail is read record by record, from its index, so that no table is held in memory. A record from which personal
data was erased is left out: erasing changes rows and entries alike, and removes parts without an entry of their own.
"""

import heapq
import json
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Connection, Table, inspect, select
from sqlalchemy.orm import ColumnProperty
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from fuyuan_desk.store.audit import log
from fuyuan_desk.store.audit.redaction import ERASED, is_block
from fuyuan_desk.store.db.base import Record

_EVENTS = (
    "SELECT record_id, id, action, changes FROM audit_entry WHERE table_name = ? AND record_uid IS NOT NULL"
    " AND action IN ('insert', 'update', 'undo', 'delete', 'anonymise', 'erase') ORDER BY record_id, id"
)
_BLOCKS = (
    "SELECT changes FROM audit_entry INDEXED BY ix_audit_entry_block"
    " WHERE table_name = ? AND record_uid IS NULL AND action = 'insert' ORDER BY record_id"
)
_ERASING = ("anonymise", "erase")
_NEVER_LOGGED = ("id", "uid", "version")
Logged = Mapping[str, Any]
_ERASED: dict[str, Any] = {ERASED: None}
"""Stands for the values of a record from which personal data was erased."""


class Difference(NamedTuple):
    """A record that differs from what was logged of it, by its key.

    `columns` are those that differ; none when the whole record does: it is missing (`is_there` False), or it is there
    although it was removed or never logged.
    """

    record_id: int
    columns: tuple[str, ...] = ()
    is_there: bool = True


def differences(
    connection: Connection, model: type[Record], left_out: Collection[str] = ()
) -> Iterator[Difference]:
    """Compare the rows of a table with the trail, in the order of their keys, without the columns `left_out`.

    `columns` of what is found, and `left_out`, are named as the trail names them: by attribute.
    """
    table = cast(Table, model.__table__)
    parts = [_Part.of(part) for part in inspect(model).column_attrs]
    parts = [part for part in parts if part.attribute not in {*_NEVER_LOGGED, *left_out}]
    rows = (
        connection.execution_options(yield_per=1_000).execute(select(table).order_by(table.c.id)).mappings()
    )
    for record_id, row, logged in _side_by_side(
        ((row["id"], row) for row in rows), _logged(connection, table.name)
    ):
        if logged is _ERASED:
            continue
        if row is None and logged is not None:
            yield Difference(record_id, is_there=False)
        elif row is not None and logged is None:
            yield Difference(record_id)
        elif row is not None and logged is not None:
            wrong = tuple(part.attribute for part in parts if not part.agrees(row, logged))
            if wrong:
                yield Difference(record_id, wrong)


class _Part(NamedTuple):
    """A column: as the trail names it for a save, and for a block; `default` is what is not logged in a block."""

    attribute: str
    column: str
    default: Any

    @classmethod
    def of(cls, part: ColumnProperty[Any]) -> "_Part":
        column = cast(Column[Any], part.columns[0])
        return cls(part.key, column.name, _value_of(column.default))

    def agrees(self, row: Mapping[Any, Any], logged: Logged) -> bool:
        value = row[self.column]
        known = logged.get(self.attribute, logged.get(self.column, self.default))
        if isinstance(value, list | dict) and isinstance(known, str):
            known = json.loads(known)  # a block logs what the database holds
        return bool(json.loads(log.encode(value)) == known)


def _value_of(default: Any) -> Any:
    """Return the value that a column takes by itself, such as one that was added later."""
    if isinstance(default, ScalarElementColumnDefault):
        return default.arg
    # such as `list`, which SQLAlchemy wraps to take a context that it does not read
    return cast(Any, default.arg)(None) if isinstance(default, CallableColumnDefault) else None


def _side_by_side(
    held: Iterator[tuple[int, Any]], logged: Iterator[tuple[int, Logged | None]]
) -> Iterator[tuple[int, Any, Logged | None]]:
    """Yield key, row and what was logged; None where there is no row, or where a removal or nothing was logged."""
    both = heapq.merge(
        ((key, 0, row) for key, row in held), ((key, 1, known) for key, known in logged), key=itemgetter(0, 1)
    )
    for key, found in groupby(both, key=itemgetter(0)):
        sides = {side: content for _key, side, content in found}
        yield key, sides.get(0), sides.get(1)


def _logged(connection: Connection, table: str) -> Iterator[tuple[int, Logged | None]]:
    """Yield for each record that the trail knows its last values, None if it was removed, by key."""
    blocks = ((key, 0, "insert", values) for key, values in _of_blocks(connection, table))
    events = (
        (key, number, action, json.loads(changes))
        for key, number, action, changes in connection.exec_driver_sql(_EVENTS, (table,))
        if key is not None
    )
    for key, found in groupby(heapq.merge(blocks, events, key=itemgetter(0, 1)), key=itemgetter(0)):
        known: dict[str, Any] | None = {}
        for _key, _number, action, changes in found:
            known = _after(known, action, changes)
        yield key, _ERASED if known is not None and _holds_erased(known) else known


def _of_blocks(connection: Connection, table: str) -> Iterator[tuple[int, Logged]]:
    for (content,) in connection.exec_driver_sql(_BLOCKS, (table,)):
        changes = json.loads(content)
        if not is_block(changes):
            continue
        first, last = changes["ids"]
        columns = changes["rows"]
        for place in range(last - first + 1):
            yield (
                first + place,
                {name: value[place] if isinstance(value, list) else value for name, value in columns.items()},
            )


def _after(known: dict[str, Any] | None, action: str, changes: Logged) -> dict[str, Any] | None:
    if action in _ERASING or known is _ERASED:
        return _ERASED
    if action == "delete":
        return None
    if action == "insert":
        return dict(changes)
    # an update is logged as pairs of old and new; what else stands beside them is a reason or a note
    pairs = {name: pair[1] for name, pair in changes.items() if isinstance(pair, list) and len(pair) == 2}
    return (known or {}) | pairs


def _holds_erased(known: Logged) -> bool:
    return any(value == ERASED or (isinstance(value, list) and ERASED in value) for value in known.values())
