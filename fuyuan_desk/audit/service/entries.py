"""Reading the audit trail: entries by time, operator, action and record, their details, and lists for export.

Not a book of the kit: nobody edits an entry, and a million of them are read past the ORM. Restricted to reviewers.
Personal values are masked; revealing an entry's values is audited.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.reveals import log_reveal
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
from fuyuan_desk.audit.service.names import names_of
from fuyuan_desk.core.changes import FieldChange
from fuyuan_desk.core.errors import NotFound, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.store.audit import entries
from fuyuan_desk.store.audit import log as audit

# limit of the list; a search that finds more should be narrowed
FOUND_MOST = 20_000
EXPORT_MOST = 200_000
_TABLE = audit.AuditEntry.__tablename__
# only the beginning of long changes is read for a list
_BEGINNING = 2_000


@permit(*REVIEWERS)
def find_entries(
    seat: Seat, query: TrailQuery, offset: int = 0, limit: int = 200, records: Sequence[Record] = ()
) -> EntryPage:
    """Return a window of the matching entries, newest first, personal values masked.

    `records` are the kinds whose records are named.
    """
    with seat.reading() as session:
        connection = session.connection()
        if query.is_open:
            total = entries.last_id(connection)
            ids, more = entries.window(connection, offset, limit), False
        else:
            found, more = entries.find(connection, _filter(query), FOUND_MOST)
            total, ids = len(found), found[offset : offset + limit]
        return EntryPage(total, tuple(_lines(session, ids, records)), more)


@permit(*REVIEWERS)
def entry_detail(
    seat: Seat, act_id: int, record_id: int | None = None, records: Sequence[Record] = ()
) -> EntryDetail:
    """Return an entry's details, personal values masked; for a block entry those of `record_id`."""
    with seat.reading() as session:
        return _detail(session, act_id, record_id, records, reveal=False)


@permit(*REVIEWERS)
def reveal_entry(
    seat: Seat, act_id: int, record_id: int | None = None, records: Sequence[Record] = ()
) -> EntryDetail:
    """Return an entry's details unmasked, and audit this; for a block entry only those of `record_id`."""
    with seat.transaction() as session:
        detail = _detail(session, act_id, record_id, records, reveal=True)
        content = {"field": "changes"} if record_id is None else {"field": "changes", "record": record_id}
        log_reveal(seat, session, _TABLE, act_id, content)
        return detail


@permit(*REVIEWERS)
def trail_choices(seat: Seat) -> TrailChoices:
    """Return the choices of the filters."""
    with seat.reading() as session:
        names = _operators(session.connection())
        return TrailChoices(
            (*names.items(), (audit.UNNAMED, _("The program"))),
            tuple((action, _(name)) for action, name in audit.ACTIONS.items()),
            tuple((table, wording.table_name(table)) for table in wording.tables()),
        )


@permit(*REVIEWERS)
def entries_for_export(seat: Seat, order: ExportOrder, query: TrailQuery) -> TrailExport:
    """Return the matching entries, oldest first and masked, with the proof of the chain; the export is audited."""
    with seat.transaction() as session:
        connection = session.connection()
        if query.is_open:
            ids = entries.window(connection, 0, EXPORT_MOST)
            more = entries.last_id(connection) > len(ids)
        else:
            ids, more = entries.find(connection, _filter(query), EXPORT_MOST)
        ids.sort()
        lines = sorted(_lines(session, ids, ()), key=lambda line: line.id)
        hashes = entries.hashes(connection, ids)
        rows = tuple(ExportRow(line, hashes[line.id]) for line in lines)
        proof = _proof(connection, rows)
        ends = {"first": proof.first, "last": proof.last}
        # personal data of the trail is masked in every export
        masked = replace(order, unmasked=False)
        filtered = not query.is_open
        export = export_rows(seat, session, masked, _TABLE, rows, filtered=filtered, more=ends)
        return TrailExport(export.rows, proof, more, export.stamp)


def _proof(connection: Connection, rows: Sequence[ExportRow]) -> ChainProof:
    end = entries.last_id(connection)
    end_hash = entries.hashes(connection, [end])[end]
    first = (rows[0].line.id, rows[0].hash) if rows else (0, "")
    last = (rows[-1].line.id, rows[-1].hash) if rows else (0, "")
    return ChainProof(len(rows), *first, *last, entries.count(connection), end, end_hash)


def _filter(query: TrailQuery) -> entries.Filter:
    return entries.Filter(
        None if query.since is None else midnight(query.since),
        None if query.until is None else midnight(query.until + timedelta(days=1)),
        query.operators,
        query.actions,
        query.tables,
        query.record,
        tuple(query.text.split()),
    )


def midnight(day: date) -> datetime:
    """Return the instant at which a day of the office begins, by the clock on its wall."""
    return datetime.combine(day, time.min).astimezone()


# --- details -----------------------------------------------------------------------------------------


def _operators(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(OperatorRow.login, OperatorRow.name).order_by(OperatorRow.id))
    return {login: name for login, name in rows}  # noqa: C416 - rows are no pairs to dict()


def _lines(session: Session, ids: Sequence[int], records: Sequence[Record]) -> list[EntryLine]:
    """Describe entries in the order of `ids`."""
    connection = session.connection()
    operators = _operators(connection)
    read = entries.read(connection, ids, _BEGINNING)
    contents = {number: wording.beginning(entry.changes) for number, entry in read.items()}
    fields = {
        number: wording.changes_of(entry.table, entry.action, contents[number])
        for number, entry in read.items()
    }
    names = names_of(session, records, _mentioned(read, fields)) if records else {}
    return [_line(read[number], contents[number], fields[number], operators, names) for number in ids]


def _mentioned(
    read: Mapping[int, entries.Entry], fields: Mapping[int, Sequence[FieldChange]]
) -> Iterator[wording.Reference]:
    for number, entry in read.items():
        if entry.record_id is not None:
            yield entry.table, entry.record_id
        yield from wording.references(entry.table, fields[number])


def _line(
    entry: entries.Entry,
    content: dict[str, Any],
    fields: Sequence[FieldChange],
    operators: dict[str, str],
    names: Mapping[wording.Reference, str],
) -> EntryLine:
    named = wording.with_names(entry.table, fields, names)
    operator, action, table = entry.operator, entry.action, entry.table
    return EntryLine(
        id=entry.id,
        at=entry.at,
        operator=operator,
        operator_name=_("The program") if operator == audit.UNNAMED else operators.get(operator, operator),
        action=action,
        action_name=_(audit.ACTIONS.get(action, action)),
        table=table,
        table_name=wording.table_name(table),
        record_id=entry.record_id,
        summary=wording.summary(table, action, content, named),
        record_name="" if entry.record_id is None else names.get((table, entry.record_id), ""),
        whole=wording.whole(action, named),
    )


def _read(changes: str) -> dict[str, Any]:
    try:
        content = json.loads(changes)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Unusable(
            _("This entry cannot be read: it was tampered with. Run the data check in the settings.")
        )
    return content


def _detail(
    session: Session, act_id: int, record_id: int | None, records: Sequence[Record], reveal: bool
) -> EntryDetail:
    connection = session.connection()
    whole = entries.read_whole(connection, act_id)
    if whole is None:
        raise NotFound(_("There is no such entry in the audit log. Reload the list."))
    content = _read(whole.entry.changes)
    block = wording.block_of(whole.entry.action, content)
    if block is not None and record_id is not None and not block[0] <= record_id <= block[1]:
        raise NotFound(_("This entry does not concern that record."))
    entry = whole.entry
    shown = wording.changes_of(entry.table, entry.action, content, reveal, record_id)
    masked = wording.changes_of(entry.table, entry.action, content)
    names = names_of(session, records, _mentioned({act_id: entry}, {act_id: shown})) if records else {}
    return EntryDetail(
        line=_line(entry, content, masked, _operators(connection), names),
        changes=wording.with_names(entry.table, shown, names),
        block=block,
        erased=whole.erased,
        hash=whole.hash,
    )
