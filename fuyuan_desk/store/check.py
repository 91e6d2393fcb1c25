"""Check the integrity of a store: its file, its audit trail, its photos."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import snapshot
from fuyuan_desk.store.db import attachments, readers
from fuyuan_desk.store.db.engine import engine_on
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.layout import DATABASE
from fuyuan_desk.store.store import Store

_MOST = 20
# virtual machine steps of SQLite between two checks for cancellation: a few milliseconds
_STEPS = 50_000


@dataclass(frozen=True)
class Finding:
    """The result of one check: what was checked, and each fault as a sentence; none means sound.

    `remarks` are not faults: what only takes up space, or should be known. `is_known` is False where nothing could be
    compared.
    """

    what: str
    faults: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    is_known: bool = True

    @property
    def sign(self) -> str:
        """The sign before the finding in a list."""
        return "✗" if self.faults else "✓" if self.is_known else "?"


def _file(connection: Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(_MOST):
        yield _("A page of the file was changed outside the program: {detail}").format(detail=row[0])
    for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})"):
        if row[0] != "ok":
            yield _("The database reports: {detail}").format(detail=row[0])
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST):
        yield _("A row of {table} refers to a missing row of {other}.").format(table=row[0], other=row[2])


def _trail(connection: Connection, store: Store, end: anchor.StoredEnd) -> Iterator[str]:
    verification = audit.verify_chain(connection)
    for number in verification.broken[:_MOST]:
        yield _("The audit log is broken at entry {number}: a row was changed, removed or moved.").format(
            number=number
        )
    if verification.previously_broken:
        numbers = _(", ").join(map(str, verification.previously_broken[:_MOST]))
        yield _(
            "When the audit log was rechained, it was already broken at these entries: {numbers}. Somebody had"
            " changed or removed rows before."
        ).format(numbers=numbers)
    if audit.unprotected(connection):
        yield _("The database no longer protects the audit log against changes: the protection was removed.")
    yield from _erasures(connection, verification)
    yield from anchor.faults(connection, store.folder, end)


def _keys(connection: Connection, store: Store) -> Iterator[str]:
    if key_change.is_older(connection, store.folder):
        yield _(
            "The key file {file} is older than the one that the office used last: somebody put it back. Passwords and"
            " a recovery code that were replaced since open the office again. Put the newest one back with its"
            " backup, or give every operator a new password and renew the recovery code."
        ).format(file=store.folder / keyring.FILE)


_EVENTS = {
    "end_lost": N_("Entry {number}, {day}: the file with the end of the audit log had been removed."),
    "older_keys": N_("Entry {number}, {day}: the office was opened with an older key file."),
}


def _events(connection: Connection) -> Iterator[str]:
    """Report what happened to the files beside the database, which these show no more."""
    events = (
        select(AuditEntry.id, AuditEntry.at, AuditEntry.action)
        .where(AuditEntry.action.in_(_EVENTS))
        .order_by(AuditEntry.id.desc())
        .limit(_MOST)
    )
    for number, at, action in connection.execute(events):
        yield _(_EVENTS[action]).format(number=number, day=at.astimezone().date())


def _erasures(connection: Connection, verification: audit.Verification) -> Iterator[str]:
    rows = connection.exec_driver_sql("SELECT id, entry_id, digest FROM redaction")
    present = {number: (entry, digest) for number, entry, digest in rows}
    numbers = present.keys() | verification.redactions.keys()
    wrong = sorted(number for number in numbers if present.get(number) != verification.redactions.get(number))
    for number in wrong[:_MOST]:
        yield _("Erasure no. {number} differs from its record in the audit log.").format(number=number)


def _stored_end(store: Store) -> anchor.StoredEnd:
    return anchor.read_end(store.folder, store.key)


def collect(faults: Iterable[str], store: Store) -> tuple[str, ...]:
    """Return the sentences of a check; when the database cannot be read any further, the last one says so."""
    sentences: list[str] = []
    try:
        with readable_database_errors(store.folder):
            sentences.extend(faults)
    except Unusable as problem:
        sentences.append(problem.message)
    except (DatabaseError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        # a damaged row may raise anything; the text of the error may contain somebody's name
        sentences.append(_("What is stored cannot be read ({kind}).").format(kind=type(problem).__name__))
    return tuple(dict.fromkeys(sentences))


def _trail_finding(connection: Connection, store: Store, end: anchor.StoredEnd) -> Finding:
    faults = collect(_trail(connection, store, end), store)
    return Finding(_("Audit trail"), faults, collect(_events(connection), store))


def check_store(store: Store, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Check the whole store, read-only; takes seconds to minutes."""
    progress = progress or Progress()
    with store.use() as session:
        connection = session.connection()
        orphans: list[str] = []

        def photos() -> Iterator[str]:
            names = attachments.contents(session)
            yield from store.media.verify(names)
            orphans.extend(store.media.orphans(names))

        checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
            (_("Database"), lambda: Finding(_("Database"), collect(_file(connection), store))),
            (_("Audit trail"), lambda: _trail_finding(connection, store, _stored_end(store))),
            (_("Key file"), lambda: Finding(_("Key file"), collect(_keys(connection, store), store))),
            (_("Photos"), lambda: Finding(_("Photos"), collect(photos(), store), tuple(orphans))),
        )
        findings = []
        for number, (what, run) in enumerate(checks):
            progress.step(number, len(checks), what)
            findings.append(run())
        progress.step(len(checks), len(checks))
        session.rollback()
    return tuple(findings)


def check_trail(store: Store, progress: Progress | None = None) -> tuple[int, Finding]:
    """Check only the audit trail, as of one moment; return the number of its last entry too.

    Saves go on meanwhile, except where the database must not be opened twice (on a network disk). May run on any
    thread; raises `Cancelled`.
    """
    progress = progress or Progress()
    with _moment(store, progress) as (connection, end):
        finding = _trail_finding(connection, store, end)
        if progress.is_cancelled:  # what could not be read then is not a fault
            raise Cancelled
        last = connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0
    return last, finding


@contextlib.contextmanager
def _moment(store: Store, progress: Progress) -> Iterator[tuple[Connection, anchor.StoredEnd]]:
    """Open a connection of its own on one moment of the store, with the stored end of the trail at that moment.

    Reading stops soon after a cancellation: the office may be locked by then, and the key must be wiped.
    """
    with (
        contextlib.ExitStack() as resources,
        contextlib.ExitStack() as turn,
        readable_database_errors(store.folder),
    ):
        resources.enter_context(store.copying.passing())
        resources.enter_context(store.snapshot_lock)
        session = turn.enter_context(store.use())
        end = _stored_end(store)
        if snapshot.is_alone(store):
            yield session.connection(), end
            session.rollback()
            return
        reader = readers.open_reader(store.folder / DATABASE, store.key)
        resources.callback(reader.close)
        connection = resources.enter_context(engine_on(reader).connect())
        readers.begin(reader)
        turn.close()
        reader.set_progress_handler(lambda: int(progress.is_cancelled), _STEPS)
        yield connection, end
