"""Reading the audit trail: entries by time, operator, action and record, their details, and lists for export.

Restricted to reviewers. Personal values are masked; revealing an entry's values is audited.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from fuyuan_desk.access.export import export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import REVIEWERS, Seat, permit
from fuyuan_desk.audit.facts import (
    ChainProof,
    EntryDetail,
    EntryLine,
    EntryPage,
    ExportRow,
    TrailChoices,
    TrailExport,
    TrailQuery,
)
from fuyuan_desk.audit.service import wording
from fuyuan_desk.core.errors import NotFound, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit import redaction

# limit of the list; a search that finds more should be narrowed
FOUND_MOST = 20_000
# how many acts are read for words typed into the filter
READ_MOST = 20_000
EXPORT_MOST = 200_000
# acts of which there are no more than this are looked up one by one
RARE = 5_000
_TABLE = audit.AuditEntry.__tablename__
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# only the beginning of long changes is read for a list
_BEGINNING = 2_000
_AT_ONCE = 500
_COLUMNS = "id, at, operator, action, table_name, record_id"


@permit(*REVIEWERS)
def find_entries(seat: Seat, query: TrailQuery, offset: int = 0, limit: int = 200) -> EntryPage:
    """Return a window of the matching entries, newest first, personal values masked."""
    with seat.reading() as session:
        connection = session.connection()
        if query.is_open:
            total = _end(connection)
            ids, more = _window(connection, offset, limit), False
        else:
            found, more = _found(connection, query, FOUND_MOST)
            total, ids = len(found), found[offset : offset + limit]
        return EntryPage(total, tuple(_lines(connection, ids)), more)


@permit(*REVIEWERS)
def entry_detail(seat: Seat, act_id: int, record_id: int | None = None) -> EntryDetail:
    """Return an entry's details, personal values masked; for a block entry those of `record_id`."""
    with seat.reading() as session:
        return _detail(session.connection(), act_id, record_id, reveal=False)


@permit(*REVIEWERS)
def reveal_entry(seat: Seat, act_id: int, record_id: int | None = None) -> EntryDetail:
    """Return an entry's details unmasked, and audit this; for a block entry only those of `record_id`."""
    with seat.transaction() as session:
        detail = _detail(session.connection(), act_id, record_id, reveal=True)
        told = {"field": "changes"} if record_id is None else {"field": "changes", "record": record_id}
        audit.note(session, "reveal", _TABLE, act_id, told)
        return detail


@permit(*REVIEWERS)
def trail_choices(seat: Seat) -> TrailChoices:
    """Return the choices of the filters."""
    with seat.reading() as session:
        connection = session.connection()
        names = _operators(connection)
        # one by one: asked for both at once, SQLite reads the whole index
        ends = [
            connection.exec_driver_sql(f"SELECT {end}(at) FROM audit_entry").scalar()
            for end in ("min", "max")
        ]
        first, last = (None if at is None else _instant(at).astimezone().date() for at in ends)
        return TrailChoices(
            (*names.items(), (audit.UNNAMED, _("The program"))),
            tuple((action, _(name)) for action, name in audit.ACTIONS.items()),
            tuple((table, wording.table_name(table)) for table in wording.tables()),
            first,
            last,
        )


@permit(*REVIEWERS)
def entries_for_export(seat: Seat, order: ExportOrder, query: TrailQuery) -> TrailExport:
    """Return the matching entries, oldest first and masked, with the proof of the chain; the export is audited."""
    with seat.transaction() as session:
        connection = session.connection()
        if query.is_open:
            ids = _window(connection, 0, EXPORT_MOST)
            more = _end(connection) > len(ids)
        else:
            ids, more = _found(connection, query, EXPORT_MOST)
        ids.sort()
        lines = sorted(_lines(connection, ids), key=lambda line: line.id)
        hashes = _hashes(connection, ids)
        rows = tuple(ExportRow(line, hashes[line.id]) for line in lines)
        proof = _proof(connection, rows)
        ends = {"first": proof.first, "last": proof.last}
        # personal data of the trail is masked in every export
        masked = replace(order, unmasked=False)
        filtered = not query.is_open
        export = export_rows(seat, session, masked, _TABLE, rows, filtered=filtered, more=ends)
        return TrailExport(export.rows, proof, more, export.stamp)


def _proof(connection: Connection, rows: Sequence[ExportRow]) -> ChainProof:
    entries, end = connection.exec_driver_sql("SELECT count(*), max(id) FROM audit_entry").one()
    end_hash = _hashes(connection, [end])[end]
    first = (rows[0].line.id, rows[0].hash) if rows else (0, "")
    last = (rows[-1].line.id, rows[-1].hash) if rows else (0, "")
    return ChainProof(len(rows), *first, *last, entries, end, end_hash)


# --- finding -----------------------------------------------------------------------------------------


def _end(connection: Connection) -> int:
    # numbers are given one by one and no row is ever removed; whether that holds, the check tells
    return connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0


def _window(connection: Connection, offset: int, limit: int) -> list[int]:
    rows = connection.exec_driver_sql(
        "SELECT id FROM audit_entry WHERE id <= ? ORDER BY id DESC LIMIT ?",
        (_end(connection) - offset, limit),
    )
    return list(rows.scalars())


def _utc(day: date) -> str:
    """Give the beginning of a day of the office as the trail writes instants."""
    return datetime.combine(day, time.min).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _conditions(query: TrailQuery) -> tuple[list[str], list[Any]]:
    conditions, values = ["at >= ?"], [""]
    if query.since is not None:
        values = [_utc(query.since)]
    if query.until is not None:
        conditions.append("at < ?")
        values.append(_utc(query.until + timedelta(days=1)))
    chosen = (("operator", query.operators), ("action", query.actions), ("table_name", query.tables))
    for column, choice in chosen:
        if choice:
            conditions.append(f"{column} IN ({_marks(choice)})")
            values += choice
    return conditions, values


def _found(connection: Connection, query: TrailQuery, most: int) -> tuple[list[int], bool]:
    """Give the ids of the acts that fit, newest first and at most `most`; and whether there may be more."""
    conditions, values = _conditions(query)
    if query.record is not None:
        entries = redaction.entries_of(connection, *query.record)
        conditions.append(f"id IN ({', '.join(map(str, entries))})")
        index = ""
    else:
        index = f"INDEXED BY {_index(connection, query)}"
    words = query.text.split()
    kept = (
        f"SELECT id{', changes' if words else ''} FROM audit_entry {index} WHERE {' AND '.join(conditions)}"
    )
    kept += " ORDER BY at DESC, id DESC LIMIT ?"
    if not words:
        ids = list(connection.exec_driver_sql(kept, (*values, most + 1)).scalars())
        return ids[:most], len(ids) > most
    looked = " AND ".join(["instr(changes, ?)"] * len(words))
    written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    ids = list(
        connection.exec_driver_sql(
            f"SELECT id FROM ({kept}) WHERE {looked}", (*values, READ_MOST, *written)
        ).scalars()
    )
    return ids[:most], _reaches_further(connection, conditions, values, index)


def _index(connection: Connection, query: TrailQuery) -> str:
    """Name the index to look through: that of what is rare, or else that of the time, which holds all."""
    ways = (
        ("ix_audit_entry_action", "action", query.actions),
        ("ix_audit_entry_record", "table_name", query.tables),
    )
    for index, column, chosen in ways:
        if chosen:
            counted = (
                f"SELECT 1 FROM audit_entry INDEXED BY {index} WHERE {column} IN ({_marks(chosen)}) LIMIT ?"
            )
            count = connection.exec_driver_sql(
                f"SELECT count(*) FROM ({counted})", (*chosen, RARE + 1)
            ).scalar()
            if (count or 0) <= RARE:
                return index
    return "ix_audit_entry_at"


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _reaches_further(connection: Connection, conditions: list[str], values: list[Any], index: str) -> bool:
    """Whether there are more acts than are read for typed words."""
    beyond = connection.exec_driver_sql(
        f"SELECT 1 FROM audit_entry {index} WHERE {' AND '.join(conditions)} LIMIT 1 OFFSET ?",
        (*values, READ_MOST),
    )
    return beyond.scalar() is not None


# --- details -----------------------------------------------------------------------------------------


def _instant(at: object) -> datetime:
    try:
        return datetime.fromisoformat(str(at)).replace(tzinfo=UTC)
    except ValueError:  # somebody was at the table; the check tells, the list must still be there
        return _NEVER


def _operators(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(OperatorRow.login, OperatorRow.name).order_by(OperatorRow.id))
    return {login: name for login, name in rows}  # noqa: C416 - rows are no pairs to dict()


def _lines(connection: Connection, ids: Sequence[int]) -> list[EntryLine]:
    """Tell of acts in the order of `ids`."""
    operators = _operators(connection)
    found: dict[int, EntryLine] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = ", ".join(map(str, ids[start : start + _AT_ONCE]))
        rows = connection.exec_driver_sql(
            f"SELECT {_COLUMNS}, substr(changes, 1, {_BEGINNING}) FROM audit_entry WHERE id IN ({part})"
        )
        for *columns, changes in rows:
            found[columns[0]] = _line(columns, wording.beginning(changes), operators)
    return [found[number] for number in ids]


def _line(columns: Sequence[Any], told: dict[str, Any], operators: dict[str, str]) -> EntryLine:
    number, at, operator, action, table, record_id = columns
    return EntryLine(
        id=number,
        at=_instant(at),
        operator=operator,
        operator_name=_("The program") if operator == audit.UNNAMED else operators.get(operator, operator),
        action=action,
        action_name=_(audit.ACTIONS.get(action, action)),
        table=table,
        table_name=wording.table_name(table),
        record_id=record_id,
        summary=wording.summary(table, action, told),
    )


def _read(changes: str) -> dict[str, Any]:
    try:
        told = json.loads(changes)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Unusable(
            _("This entry cannot be read: it was tampered with. Run the data check in the settings.")
        )
    return told


def _hashes(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = ", ".join(map(str, ids[start : start + _AT_ONCE]))
        rows = connection.exec_driver_sql(f"SELECT id, hash FROM audit_entry WHERE id IN ({part})")
        found |= {number: link for number, link in rows}  # noqa: C416 - rows are no pairs to dict()
    return found


def _detail(connection: Connection, act_id: int, record_id: int | None, reveal: bool) -> EntryDetail:
    row = connection.exec_driver_sql(
        f"SELECT {_COLUMNS}, changes, hash FROM audit_entry WHERE id = ?", (act_id,)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such entry in the audit log. Reload the list."))
    *columns, changes, link = row
    told = _read(changes)
    block = wording.block_of(columns[3], told)
    if block is not None and record_id is not None and not block[0] <= record_id <= block[1]:
        raise NotFound(_("This entry does not concern that record."))
    line = _line(columns, told, _operators(connection))
    erased = connection.exec_driver_sql("SELECT 1 FROM redaction WHERE entry_id = ?", (act_id,)).first()
    return EntryDetail(
        line=line,
        changes=wording.changes_of(line.table, line.action, told, reveal, record_id),
        block=block,
        erased=erased is not None,
        hash=link,
    )
