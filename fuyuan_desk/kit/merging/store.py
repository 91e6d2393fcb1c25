"""Pairs that were told apart, and merges that are undone, in a service's transaction.

A record that was merged into another is removed: no list, count or search has to know of it. To undo a merge, what it
wrote is reversed by the audit trail.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.guards import counted
from fuyuan_desk.kit.merging.records import DifferentRecords, MergedRecord
from fuyuan_desk.kit.trail.wording import field_name
from fuyuan_desk.store.audit import reversal
from fuyuan_desk.store.audit.reversal import Obstacle, Span

Row = tuple[str, int]
"""A record: its table and its key."""


def _in_order(first: Row, second: Row) -> tuple[Row, Row]:
    return (first, second) if first <= second else (second, first)


# --- told apart


def apart(session: Session, tables: Collection[str]) -> set[tuple[Row, Row]]:
    """Return the pairs of records of some tables that were told apart, each in order."""
    query = select(DifferentRecords).where(
        DifferentRecords.first_table.in_(tables), DifferentRecords.second_table.in_(tables)
    )
    return {
        ((row.first_table, row.first_id), (row.second_table, row.second_id)) for row in session.scalars(query)
    }


def tell_apart(session: Session, first: Row, second: Row) -> None:
    """Remember that two records are not the same."""
    low, high = _in_order(first, second)
    if not _of_pair(session, low, high):
        session.add(
            DifferentRecords(first_table=low[0], first_id=low[1], second_table=high[0], second_id=high[1])
        )


def suspect_again(session: Session, first: Row, second: Row) -> None:
    """Forget that two records were told apart."""
    for row in _of_pair(session, *_in_order(first, second)):
        session.delete(row)


def _of_pair(session: Session, low: Row, high: Row) -> list[DifferentRecords]:
    query = select(DifferentRecords).where(
        and_(DifferentRecords.first_table == low[0], DifferentRecords.first_id == low[1]),
        and_(DifferentRecords.second_table == high[0], DifferentRecords.second_id == high[1]),
    )
    return list(session.scalars(query))


# --- merged


@dataclass(frozen=True)
class Merge:
    """A merge that may be undone: its key, the record that was kept, the one that is gone, and what it wrote."""

    id: int
    kept: Row
    gone: Row
    span: Span


def merges(session: Session, tables: Collection[str]) -> list[Merge]:
    """Return the merges of records of some tables, the latest first."""
    rows = session.scalars(
        select(MergedRecord).where(MergedRecord.gone_table.in_(tables)).order_by(MergedRecord.id.desc())
    )
    return [_merge(row) for row in rows]


def _merge(row: MergedRecord) -> Merge:
    return Merge(
        row.id,
        (row.kept_table, row.kept_id),
        (row.gone_table, row.gone_id),
        Span(row.first_entry, row.last_entry),
    )


def kept_of(session: Session, gone: Row) -> Row | None:
    """Return the record that another one was merged into, None if it was not."""
    row = session.scalar(
        select(MergedRecord).where(MergedRecord.gone_table == gone[0], MergedRecord.gone_id == gone[1])
    )
    return None if row is None else (row.kept_table, row.kept_id)


def gone_into(session: Session, kept: Row) -> list[Row]:
    """Return the records that were merged into one, and those merged into them before: they are in the trail only."""
    rows = session.execute(
        select(MergedRecord.gone_table, MergedRecord.gone_id)
        .where(MergedRecord.kept_table == kept[0], MergedRecord.kept_id == kept[1])
        .order_by(MergedRecord.id)
    ).all()
    return [row for table, key in rows for row in ((table, key), *gone_into(session, (table, key)))]


def remembered(session: Session, kept: Row, gone: Row, write: Callable[[], object]) -> None:
    """Call `write`, which merges a record into another one and removes it, and remember what it wrote."""
    if kept == gone:
        raise Conflict(_("A record cannot be merged with itself. Choose another one."))
    before = reversal.last_entry(session)
    write()
    session.add(
        MergedRecord(
            kept_table=kept[0],
            kept_id=kept[1],
            gone_table=gone[0],
            gone_id=gone[1],
            first_entry=before + 1,
            last_entry=reversal.last_entry(session),
        )
    )
    session.flush()


def undo(session: Session, merge_id: int) -> dict[str, set[int]]:
    """Undo a merge; return the ids of the records that were written, and of the two themselves, by table.

    Raises `Conflict`, in words, when the merge is gone, or something that it wrote was changed since.
    """
    row = _row(session, merge_id)
    merge = _merge(row)
    _refuse_merged_later(session, merge)
    session.delete(row)
    session.flush()
    try:
        touched = reversal.reverse(session, merge.span)
    except Obstacle as obstacle:
        raise Conflict(_words(session, merge, obstacle)) from None
    for table, key in (merge.kept, merge.gone):
        touched.setdefault(table, set()).add(key)
    return touched


def kept_by(session: Session, merge_id: int) -> Row:
    """Return the record that a merge kept."""
    return _merge(_row(session, merge_id)).kept


def is_kept(session: Session, row: Row) -> bool:
    """Return whether something was merged into a record."""
    return bool(gone_into(session, row))


def _row(session: Session, merge_id: int) -> MergedRecord:
    row = session.get(MergedRecord, merge_id)
    if row is None:
        raise Conflict(_("This merge was undone already. Reload the list."))
    return row


def _refuse_merged_later(session: Session, merge: Merge) -> None:
    later = select(MergedRecord.id).where(
        MergedRecord.gone_table == merge.kept[0], MergedRecord.gone_id == merge.kept[1]
    )
    if session.scalar(later.limit(1)) is not None:
        raise Conflict(
            _("The one that stayed was merged into another one later. Split that one off again first.")
        )


def _words(session: Session, merge: Merge, obstacle: Obstacle) -> str:
    if obstacle.is_erased:
        return _("Personal data of one of the two was erased since. Leave them merged.")
    later = select(MergedRecord.id).where(
        MergedRecord.kept_table == merge.kept[0],
        MergedRecord.kept_id == merge.kept[1],
        MergedRecord.id > merge.id,
    )
    if session.scalar(later.limit(1)) is not None:
        return _("Another one was merged into it later. Split that one off again first.")
    what = counted({obstacle.table: 1})
    if not obstacle.column:
        text = _("Since then there was removed or added: {what}. Leave them merged.")
        return text.format(what=what)
    text = _(
        "What was merged was changed since: {part} ({what}). Change that back first, or leave them merged."
    )
    return text.format(part=field_name(obstacle.table, obstacle.column), what=what)
