"""Removing personal data from records, inside a running transaction: columns, rows below, photos, search and trail.

What is removed follows from the column declarations (`store.personal`) and the terms in
`resources/office/retention.json`. The changes bypass the audit trail, which would keep the old values; the trail
records the event itself, and its earlier entries of these records are redacted.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, case, delete, select, update
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import Draft
from fuyuan_desk.calls.service.calls import index_calls
from fuyuan_desk.estates.service.search_entries import index_households, index_people
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.inspections.service.photos import draft_owner
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.kit.merging.store import gone_into
from fuyuan_desk.privacy.catalogue import Fate, Holding, Rows, holdings
from fuyuan_desk.privacy.facts import Purged
from fuyuan_desk.renovation.service.search_entries import index_cases
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.audit.removals import removed_parts
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.db.personal import Kind, Personal, columns_of
from fuyuan_desk.store.search import index as search
from fuyuan_desk.workorders.service.orders import index_orders

_CHUNK = 500
_NAMES = {Kind.NAME, Kind.NAMES, Kind.LOGIN}
# how records that the search finds by their people are indexed again, by table; a test compares it with the jobs
REINDEXED: Mapping[str, Callable[[Session, Sequence[int]], None]] = {
    "household": index_households,
    "person": index_people,
    "resident_call": index_calls,
    "renovation_case": index_cases,
    "visit": index_visits,
    "work_order": index_orders,
}


def table_of(name: str) -> Table:
    """Return a table by name."""
    return Base.metadata.tables[name]


def parent_column(part: Table, table: Table) -> Column[Any]:
    """Return the column of `part` that refers to `table`."""
    return next(key.parent for key in part.foreign_keys if key.column.table is table)


def of_its_own(part: Table, table: Table) -> list[ColumnElement[bool]]:
    """Return the conditions that rows of `part` belong to a record of `table` itself, and to nobody else below it.

    A telephone of a household, for example, is its holder's unless it names another person of the household, who has a
    term and rights of her own.
    """
    below = (
        key
        for key in part.foreign_keys
        if any(above.column.table is table for above in key.column.table.foreign_keys)
    )
    return [key.parent.is_(None) for key in below]


def blanked(holding: Holding, of: str | None = None) -> dict[str, Personal]:
    """Return the columns of a table to be blanked: all personal ones except those kept by law.

    `of` selects one of the persons of a record.
    """
    kept = {keep.column for keep in holding.term.keeps} if holding.term else set()
    return {
        name: personal
        for name, personal in columns_of(table_of(holding.table)).items()
        if name not in kept and of in (None, personal.of)
    }


class Purge:
    """A running purge: its counts, and the photo files to be removed after the commit."""

    def __init__(self, session: Session, today: date) -> None:
        self._session = session
        self._today = today
        self._action = self._reason = ""
        self._records = self._rows = self._photos = self._trail = 0
        self._contents: list[str] = []

    @property
    def done(self) -> Purged:
        """The counts so far."""
        return Purged(self._records, self._rows, self._photos, self._trail)

    def take(
        self, holding: Holding, ids: Sequence[int], action: str, reason: str, of: str | None = None
    ) -> None:
        """Anonymise these records, or remove them if that is their fate; audited as `action`.

        `reason` must not contain personal data: it stays in the trail.
        """
        self._action, self._reason = action, reason
        for start in range(0, len(ids), _CHUNK):
            self._take(holding, ids[start : start + _CHUNK], of)

    def _take(self, holding: Holding, ids: Sequence[int], of: str | None) -> None:
        table = table_of(holding.table)
        known = self._session.execute(select(table.c.id, table.c.uid).where(table.c.id.in_(ids))).all()
        uids: dict[int, str] = {row.id: row.uid for row in known}
        whole = of in (None, "")
        owners = _owners(self._session, table, uids) if whole else []
        if holding.term is not None and holding.term.fate is Fate.REMOVE:
            self._session.connection().execute(delete(table).where(table.c.id.in_(uids)))
        else:
            self._blank(table, uids, blanked(holding, of))
            if whole and holding.term is not None and holding.term.done:
                day = {holding.term.done: self._today}
                self._session.connection().execute(update(table).where(table.c.id.in_(uids)).values(day))
        if whole:
            for part, rows in holding.parts.items():
                self._take_part(table_of(part), table, uids, rows)
            self._take_photos(holding.table, owners)
        if whole:
            self._forget_merged(holding.table, uids)
        self._records += len(uids)
        self._log(holding.table, uids)
        self._session.expire_all()
        if holding.table in REINDEXED:
            REINDEXED[holding.table](self._session, list(uids))

    def _forget_merged(self, table: str, uids: Mapping[int, str]) -> None:
        """Erase from the trail what was merged into these records: the same person's data under another key."""
        for key in uids:
            for gone_table, gone_id in gone_into(self._session, (table, key)):
                if gone_table in holdings():
                    self._redact(gone_table, {gone_id: ""}, blanked(holdings()[gone_table]))

    def forget(
        self, table: str, uids: Mapping[int, str], columns: Collection[str], action: str, reason: str
    ) -> None:
        """Redact the trail's entries of removed records (id → uid); audited as `action`."""
        self._action, self._reason = action, reason
        self._redact(table, uids, columns)
        self._records += len(uids)
        self._log(table, uids)

    def _log(self, table: str, uids: Mapping[int, str]) -> None:
        if uids:
            events = [
                audit.Event(self._action, table, key, uid, {"reason": self._reason})
                for key, uid in uids.items()
            ]
            audit.append(self._session, events)
            audit.mark_changed(self._session, table)

    def _blank(self, table: Table, uids: Mapping[int, str], columns: Mapping[str, Personal]) -> None:
        if not columns or not uids:
            return
        values: dict[str, Any] = {name: _empty(table.c[name], personal) for name, personal in columns.items()}
        values["version"] = table.c.version + 1
        self._session.connection().execute(update(table).where(table.c.id.in_(uids)).values(values))
        self._redact(table.name, uids, columns)

    def _redact(self, table: str, uids: Mapping[int, str], columns: Collection[str]) -> None:
        self._trail += redaction.redact_records(self._session, table, uids, columns, self._reason)

    def _take_part(self, part: Table, table: Table, uids: Mapping[int, str], rows: Rows) -> None:
        above = parent_column(part, table)
        if rows is Rows.KEPT:
            return
        own = (above.in_(uids), *of_its_own(part, table))
        found = self._session.execute(select(part.c.id, part.c.uid).where(*own)).all()
        below: dict[int, str] = {row.id: row.uid for row in found}
        # what a holding of its own keeps by law is kept here as well
        columns = blanked(holdings()[part.name]) if part.name in holdings() else columns_of(part)
        if rows is Rows.REMOVED:
            self._redact(part.name, below, columns)
            self._session.connection().execute(delete(part).where(part.c.id.in_(below)))
        else:
            self._blank(part, below, columns)
        # rows that were removed earlier still stand in the trail
        former = removed_parts(self._session, part.name, above.name, uids)
        self._redact(part.name, former, columns)
        self._log(part.name, former)
        self._rows += len(below)
        if below:
            audit.mark_changed(self._session, part.name)

    def _take_photos(self, table: str, owners: Collection[str]) -> None:
        photos = table_of(Attachment.__tablename__)
        owned = (photos.c.owner_table == table) & photos.c.owner_uid.in_(owners)
        found = self._session.execute(select(photos.c.id, photos.c.uid, photos.c.content).where(owned)).all()
        if not found:
            return
        self._redact(photos.name, {row.id: row.uid for row in found}, columns_of(photos))
        self._session.connection().execute(delete(photos).where(owned))
        self._contents += [row.content for row in found]
        self._photos += len(found)

    def finish(self) -> list[str]:
        """Remove the purged data from the search index; return the photo files no record refers to any more."""
        if self._records:
            search.tidy(self._session)
        photos = table_of(Attachment.__tablename__)
        used = set(
            self._session.scalars(
                select(photos.c.content).where(photos.c.content.in_(self._contents)).distinct()
            )
        )
        return [content for content in dict.fromkeys(self._contents) if content not in used]


def _owners(session: Session, table: Table, uids: Mapping[int, str]) -> list[str]:
    """Return the owner ids of these records' photos; those of a draft follow from its operator and form."""
    if table.name != Draft.__tablename__:
        return list(uids.values())
    rows = session.execute(select(table.c.operator_id, table.c.form).where(table.c.id.in_(uids)))
    return [draft_owner(operator, form) for operator, form in rows]


def _empty(column: Column[Any], personal: Personal) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        return {}
    if personal.kind in _NAMES:
        # an empty name stays empty
        return case((column == "", ""), else_=ANONYMOUS)
    return ""
