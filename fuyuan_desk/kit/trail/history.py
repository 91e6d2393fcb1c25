"""The history of one record, read from the audit trail; personal values stay masked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.store.audit import entries, log

MOST = 200
# a complete entry of one record is far shorter; an import's entry holds those of thousands
_LENGTH = 100_000


def history(session: Session, table: str, record_id: int) -> tuple[RecordEvent, ...]:
    """Return the events of a record, newest first, at most `MOST`.

    Values of a record that came with an import are in the import's entry, of which the beginning is read.
    """
    connection = session.connection()
    ids, _more = entries.find(connection, entries.Filter(record=(table, record_id)), MOST)
    names: dict[str, str] = dict(session.execute(select(OperatorRow.login, OperatorRow.name)).all())
    found = entries.read(connection, ids, _LENGTH)
    return tuple(_event(found[number], record_id, names) for number in ids)


def _event(entry: entries.Entry, record_id: int, names: dict[str, str]) -> RecordEvent:
    content = wording.beginning(entry.changes)
    operator = (
        _("The program") if entry.operator == log.UNNAMED else names.get(entry.operator, entry.operator)
    )
    return RecordEvent(
        entry.at, operator, _(log.ACTIONS.get(entry.action, entry.action)),
        wording.changes_of(entry.table, entry.action, content, record_id=record_id),
    )  # fmt: skip
