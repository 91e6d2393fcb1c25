"""Whether a store is sound: its file, its trail, its photos."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import snapshot
from fuyuan_desk.store.db import attachments, readers
from fuyuan_desk.store.db.engine import engine_on
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.layout import DATABASE
from fuyuan_desk.store.store import Store

_MOST = 20
# of the database's own machine, between two looks at whether somebody cancelled: a few milliseconds
_STEPS = 50_000


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: what was checked, and each fault as a sentence; no fault is good.

    `remarks` are no faults: what only takes up room, or should be known.
    """

    what: str
    faults: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def _file(connection: Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(_MOST):
        yield _("A page of the file was changed from outside: {detail}").format(detail=row[0])
    for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})"):
        if row[0] != "ok":
            yield _("The database reports: {detail}").format(detail=row[0])
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST):
        yield _("A row of {table} refers to a missing row of {other}.").format(table=row[0], other=row[2])


def _trail(connection: Connection, store: Store, kept: anchor.Kept) -> Iterator[str]:
    verification = audit.verify_chain(connection)
    for number in verification.broken[:_MOST]:
        yield _(
            "The audit trail does not continue at entry {number}: a row was changed, removed or moved."
        ).format(number=number)
    if verification.previously_broken:
        numbers = _(", ").join(map(str, verification.previously_broken[:_MOST]))
        yield _(
            "When the audit trail was chained anew, it did not continue at these entries: {numbers}. Somebody had"
            " changed or removed rows before."
        ).format(numbers=numbers)
    if audit.unprotected(connection):
        yield _(
            "The database no longer holds the audit trail to being only added to: its protection was removed."
        )
    yield from _erasures(connection, verification)
    yield from anchor.faults(connection, store.folder, kept)


def _erasures(connection: Connection, verification: audit.Verification) -> Iterator[str]:
    rows = connection.exec_driver_sql("SELECT id, entry_id, digest FROM redaction")
    present = {number: (entry, digest) for number, entry, digest in rows}
    either = present.keys() | verification.redactions.keys()
    other = sorted(number for number in either if present.get(number) != verification.redactions.get(number))
    for number in other[:_MOST]:
        yield _("The erasure no. {number} is not as the audit trail tells of it.").format(number=number)


def _kept(store: Store) -> anchor.Kept:
    return anchor.kept(store.folder, store.key)


def _readable(told: Iterator[str], store: Store) -> tuple[str, ...]:
    """Gather sentences; when the database itself cannot be read on, that is the last of them."""
    sentences: list[str] = []
    try:
        with readable_database_errors(store.folder):
            sentences.extend(told)
    except Unusable as problem:
        sentences.append(problem.message)
    except (DatabaseError, ValueError, TypeError, LookupError, AttributeError) as problem:
        # a damaged row may give anything; the text of the error may be somebody's name
        sentences.append(_("What is stored cannot be read ({kind}).").format(kind=type(problem).__name__))
    return tuple(dict.fromkeys(sentences))


def check_store(store: Store, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Look the whole store over; takes seconds to minutes, reads only."""
    progress = progress or Progress()
    with store.use() as session:
        connection = session.connection()
        orphans: list[str] = []

        def photos() -> Iterator[str]:
            names = attachments.contents(session)
            yield from store.media.verify(names)
            orphans.extend(store.media.orphans(names))

        checks: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
            (_("Database"), lambda: _file(connection)),
            (_("Audit trail"), lambda: _trail(connection, store, _kept(store))),
            (_("Photos"), photos),
        )
        findings = []
        for number, (what, look) in enumerate(checks):
            progress.step(number, len(checks), what)
            findings.append(Finding(what, _readable(look(), store)))
        findings[-1] = replace(findings[-1], remarks=tuple(orphans))
        progress.step(len(checks), len(checks))
        session.rollback()
    return tuple(findings)


def check_trail(store: Store, progress: Progress | None = None) -> tuple[int, Finding]:
    """Look only the audit trail over, as it stands at one moment; gives the number of its last entry too.

    Saves go on meanwhile, but where the database must not be opened twice (on a network disk). May run on any thread;
    raises `Cancelled`.
    """
    progress = progress or Progress()
    with _moment(store, progress) as (connection, kept):
        finding = Finding(_("Audit trail"), _readable(_trail(connection, store, kept), store))
        if progress.is_cancelled:  # what could not be read then is no fault
            raise Cancelled
        end = connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0
    return end, finding


@contextlib.contextmanager
def _moment(store: Store, progress: Progress) -> Iterator[tuple[Connection, anchor.Kept]]:
    """Hold one moment of the store on a connection of its own, and what the file of the trail's end says then.

    Its reading breaks off soon after somebody cancelled: by then the office may be locked, and the key must go.
    """
    with (
        contextlib.ExitStack() as held,
        contextlib.ExitStack() as turn,
        readable_database_errors(store.folder),
    ):
        held.enter_context(store.looking)
        session = turn.enter_context(store.use())
        kept = _kept(store)
        if snapshot.is_alone(store):
            yield session.connection(), kept
            session.rollback()
            return
        reader = readers.open_reader(store.folder / DATABASE, store.key)
        held.callback(reader.close)
        connection = held.enter_context(engine_on(reader).connect())
        readers.begin(reader)
        turn.close()
        reader.set_progress_handler(lambda: int(progress.is_cancelled), _STEPS)
        yield connection, kept
