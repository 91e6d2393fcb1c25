"""Whether a store is sound: its file, its trail, its photos."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from fuyuan_desk.progress import Progress
from fuyuan_desk.store import attachments, audit
from fuyuan_desk.store.store import Store
from fuyuan_desk.texts import _

_MOST = 20


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: what was looked at and each fault in words; none is good."""

    what: str
    faults: tuple[str, ...]


def _database(connection: Connection) -> tuple[str, ...]:
    faults = [
        _("A page of the file was changed from outside: {detail}").format(detail=row[0])
        for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(_MOST)
    ]
    faults += [
        _("The database reports: {detail}").format(detail=row[0])
        for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})")
        if row[0] != "ok"
    ]
    faults += [
        _("A row of {table} refers to a missing row of {other}.").format(table=row[0], other=row[2])
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST)
    ]
    return tuple(faults)


def _trail(connection: Connection) -> tuple[str, ...]:
    return tuple(
        _("The audit trail does not continue at entry {number}: a row was changed, removed or moved.").format(
            number=number
        )
        for number in audit.broken_links(connection, _MOST)
    )


def check_store(store: Store, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Look the whole store over; takes seconds to minutes, reads only."""
    progress = progress or Progress()
    with store.sessions() as session:
        connection = session.connection()
        checks: tuple[tuple[str, Callable[[], tuple[str, ...]]], ...] = (
            (_("Database"), lambda: _database(connection)),
            (_("Audit trail"), lambda: _trail(connection)),
            (_("Photos"), lambda: tuple(store.media.verify(attachments.contents(session)))),
        )
        findings = []
        for number, (what, look) in enumerate(checks):
            progress.step(number, len(checks), what)
            findings.append(Finding(what, look()))
        progress.step(len(checks), len(checks))
        session.rollback()
    return tuple(findings)
