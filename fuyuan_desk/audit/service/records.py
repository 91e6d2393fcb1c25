"""Comparison of the office's records with the audit trail, which shows what was changed past the program."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.audit.service.names import names_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.store.audit import replay
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.audit.replay import Difference
from fuyuan_desk.store.check import Finding, collect
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.guards import scope

MOST = 20
"""How many differences of a table are listed."""
DERIVED = ("order_key",)
"""Columns that are computed from others, and not logged when those of a whole estate change."""


@permit(*STAFF)
def check_records(seat: Seat) -> Finding:
    """Compare every record with what the trail logged of it last, and report each that differs.

    Reads all records and their entries: 200,000 households take some 20 seconds.
    """
    models = scope.models()

    def faults() -> Iterator[str]:
        with seat.reading() as session:
            for model in models:
                if model.trailed:
                    yield from _faults(session, model)

    def missed() -> Iterator[str]:
        with seat.reading() as session:
            for name in sorted(_logged_tables(session) - {model.__tablename__ for model in models}):
                yield _("{table}: not compared, as this part of the program is not loaded.").format(
                    table=wording.table_name(name)
                )

    remarks = collect(missed(), seat.store)
    return Finding(
        _("Records and the audit log"), collect(faults(), seat.store), remarks, is_known=not remarks
    )


def _logged_tables(session: Session) -> set[str]:
    """Return the tables with records that the trail logs as added."""
    added = select(AuditEntry.table_name).where(AuditEntry.action == "insert").distinct()
    return set(session.scalars(added)) & set(inspect(session.connection()).get_table_names())


def _faults(session: Session, model: type[Record]) -> Iterator[str]:
    found = list(islice(replay.differences(session.connection(), model, DERIVED), MOST + 1))
    table = model.__tablename__
    names = names_of(session, (), [(table, one.record_id) for one in found])
    for one in found[:MOST]:
        name = names.get((table, one.record_id)) or _("no. {n}").format(n=one.record_id)
        yield _sentence(one).format(
            table=wording.table_name(table),
            name=name,
            fields=_(", ").join(wording.field_name(table, column) for column in one.columns),
        )
    if len(found) > MOST:
        yield _("{table}: more records differ from the audit log.").format(table=wording.table_name(table))


def _sentence(one: Difference) -> str:
    if one.columns:
        return _("{table} {name}: {fields} – not what the audit log says; changed outside the program.")
    if one.is_there:
        return _("{table} {name}: the audit log does not know it; added outside the program.")
    return _("{table} {name}: the audit log does not say that it was removed; removed outside the program.")
