"""The history of one record, read from the audit trail; personal values stay masked."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.core.changes import FieldChange, RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.store.audit import entries, log

MOST = 200
# a complete entry of one record is far shorter; an import's entry holds those of thousands
_LENGTH = 100_000


NamesOf = Callable[[Session, Collection[int]], Mapping[int, str]]
"""names_of(session, ids): the names of the records to which a reference points."""


def history(
    session: Session, table: str, record_id: int, references: Mapping[str, NamesOf] = MappingProxyType({})
) -> tuple[RecordEvent, ...]:
    """Return the events of a record, newest first, at most `MOST`.

    `references` return by column the names of what it pointed to. Values of a record that came with an import are in
    the import's entry, of which the beginning is read.
    """
    connection = session.connection()
    ids, _more = entries.find(connection, entries.Filter(record=(table, record_id)), MOST)
    names: dict[str, str] = dict(session.execute(select(OperatorRow.login, OperatorRow.name)).all())
    found = entries.read(connection, ids, _LENGTH)
    events = tuple(_event(found[number], record_id, names) for number in ids)
    return _with_names(session, events, references)


def _with_names(
    session: Session, events: tuple[RecordEvent, ...], references: Mapping[str, NamesOf]
) -> tuple[RecordEvent, ...]:
    """Replace the keys of what references pointed to by names; a removed record keeps its key."""
    ids: dict[str, set[int]] = {}
    for change in (change for event in events for change in event.changes if change.field in references):
        texts = (change.old, change.new)
        ids.setdefault(change.field, set()).update(int(text) for text in texts if text.isdecimal())
    known = {
        name: {str(key): text for key, text in references[name](session, wanted).items()}
        for name, wanted in ids.items()
        if wanted
    }

    def named(change: FieldChange) -> FieldChange:
        names = known.get(change.field, {})
        return replace(change, old=names.get(change.old, change.old), new=names.get(change.new, change.new))

    return tuple(replace(event, changes=tuple(map(named, event.changes))) for event in events)


def _event(entry: entries.Entry, record_id: int, names: dict[str, str]) -> RecordEvent:
    content = wording.beginning(entry.changes)
    operator = (
        _("The program") if entry.operator == log.UNNAMED else names.get(entry.operator, entry.operator)
    )
    return RecordEvent(
        entry.at, operator, _(log.ACTIONS.get(entry.action, entry.action)),
        wording.changes_of(entry.table, entry.action, content, record_id=record_id),
    )  # fmt: skip
