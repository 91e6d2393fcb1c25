"""The rows of a roster that were not imported: kept with the import, shown masked, exported when somebody asks."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.facts import Cell, TableColumns, Unimported, UnimportedList
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.reading.unimported import columns_of, masked_cells, rows_of
from fuyuan_desk.roster.records import ImportRun, UnimportedRow
from fuyuan_desk.store.audit import log as audit

_TABLE = UnimportedRow.__tablename__


@permit(*WRITERS)
def list_unimported(seat: Seat, import_id: int) -> UnimportedList:
    """Return what is kept of an import's rows that were not imported, masked."""
    with seat.reading() as session:
        run, tables = _run(session, import_id)
        rows = [_fact(row, tables, masked=True) for row in _rows(session, import_id)]
        return UnimportedList(run.id, run.file_name, tables, tuple(rows))


@permit(*WRITERS)
def reveal_unimported(seat: Seat, row_id: int) -> tuple[Cell, ...]:
    """Return the cells of one row unmasked, and audit this."""
    with seat.transaction() as session:
        row = session.get(UnimportedRow, row_id)
        if row is None:
            raise _gone()
        log_reveal(seat, session, _TABLE, row.id, {"field": "cells"})
        return tuple(row.cells)


@permit(*WRITERS)
def unimported_for_export(seat: Seat, import_id: int, order: ExportOrder) -> Export[UnimportedList]:
    """Release the rows unmasked for a file, as masked ones could not be corrected and imported again.

    Who imported the roster has its file; anybody else needs a second person. Raises `NotFound` if no row is kept.
    """
    with seat.transaction() as session:
        run, tables = _run(session, import_id)
        kept = _rows(session, import_id)
        if not kept:
            raise _gone()
        facts = tuple(_fact(row, tables, masked=False) for row in kept)
        more = {"import": run.id, "unmasked": True}
        if any(row.operator_id != seat.operator.id for row in kept):
            seconded = ExportOrder(order.purpose, order.receiver, unmasked=True)
            released = export_rows(seat, session, seconded, _TABLE, facts, more=more)
        else:
            plain = ExportOrder(order.purpose, order.receiver)
            released = export_rows(seat, session, plain, _TABLE, facts, Holds.UNMASKED, more=more)
        return Export((UnimportedList(run.id, run.file_name, tables, released.rows),), released.stamp)


@permit(*WRITERS)
def drop_corrected(seat: Seat, import_id: int, row_ids: Collection[int]) -> int:
    """Remove kept rows of an import once they were corrected and imported, and return how many there were."""
    with seat.transaction() as session:
        which = (UnimportedRow.import_id == import_id, UnimportedRow.id.in_(row_ids))
        count = session.scalar(select(func.count()).select_from(UnimportedRow).where(*which)) or 0
        session.execute(delete(UnimportedRow).where(*which))
        audit.mark_changed(session, _TABLE)
        return count


# --- inside a running transaction ----------------------------------------------------------------------


def keep_unimported(
    session: Session, run: ImportRun, operator_id: int, draft: RosterDraft, left_out: Sequence[RosterRow]
) -> None:
    """Keep the rows that an import leaves out; `run` is flushed."""
    tables: list[TableColumns] = []
    for table in draft.tables:
        found = rows_of(len(tables), table, left_out)
        if found:
            tables.append(columns_of(table))
            session.add_all(_record(run, operator_id, row, fact) for row, fact in found)
    run.unimported_tables = [
        {"sheet": table.sheet, "columns": list(map(list, table.columns))} for table in tables
    ]


def forget_unimported(session: Session, import_id: int) -> None:
    """Remove the kept rows of an import."""
    session.execute(delete(UnimportedRow).where(UnimportedRow.import_id == import_id))
    audit.mark_changed(session, _TABLE)


def count_unimported(session: Session) -> dict[int, int]:
    """Count the kept rows by import."""
    counted = select(UnimportedRow.import_id, func.count()).group_by(UnimportedRow.import_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _record(run: ImportRun, operator_id: int, row: RosterRow, fact: Unimported) -> UnimportedRow:
    return UnimportedRow(
        import_id=run.id,
        operator_id=operator_id,
        kept_at=run.at,
        table_index=fact.table,
        row=fact.row,
        origin=f"{run.file_name} {fact.sheet} {fact.row}"[-400:],
        home=fact.home[:400],
        reason=fact.reason,
        name=row.name[:200],
        id_number=row.id_number[:100],
        phone=(row.phones[0] if row.phones else "")[:100],
        cells=list(fact.cells),
    )


def _run(session: Session, import_id: int) -> tuple[ImportRun, tuple[TableColumns, ...]]:
    run = session.get(ImportRun, import_id)
    if run is None:
        raise _gone()
    tables = tuple(
        TableColumns(table["sheet"], tuple((field, title) for field, title in table["columns"]))
        for table in run.unimported_tables
    )
    return run, tables


def _rows(session: Session, import_id: int) -> list[UnimportedRow]:
    order = (UnimportedRow.table_index, UnimportedRow.row)
    wanted = select(UnimportedRow).where(UnimportedRow.import_id == import_id).order_by(*order)
    return list(session.scalars(wanted))


def _fact(row: UnimportedRow, tables: Sequence[TableColumns], *, masked: bool) -> Unimported:
    table = tables[row.table_index]
    cells = masked_cells(table, row.cells) if masked else tuple(row.cells)
    return Unimported(row.table_index, table.sheet, row.row, row.home, row.reason, cells, row.id)


def _gone() -> NotFound:
    return NotFound(_("These rows are no longer kept. Reload the list."))
