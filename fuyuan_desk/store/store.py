"""An office's store: a folder with the encrypted database, the key file and the photos."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory
from fuyuan_desk.core.gate import Gate
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db import attachments
from fuyuan_desk.store.db.engine import CHECKPOINT_BESIDE_READERS, open_engine, refuse_full_log
from fuyuan_desk.store.db.errors import disk_full, readable_database_errors
from fuyuan_desk.store.db.lock import StoreLock
from fuyuan_desk.store.guards import closed, scope
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.media.files import Media
from fuyuan_desk.store.repair import Repair
from fuyuan_desk.store.search import merging
from fuyuan_desk.store.upkeep import Upkeep

# after how many events, or how long after one, the end of the trail is stored
_END_EVENTS, _END_SECONDS = 500, 180.0
_MERGES_BETWEEN_CHECKPOINTS = 8
_LAST_SNAPSHOT_SECONDS = 2.0
_LAST_USE_SECONDS = 10.0
_SETTLES = "settles"
"""Key of the `info` of the session that logs what is owed."""


class Store:
    """An open store; `close` it to release the folder and wipe the key.

    `repaired` reports what its opening found and cleaned up. A store on a full disk can be read; what its opening has
    to log is owed, and nothing else is saved before it.
    """

    def __init__(self, folder: Path, key: bytes, lock: StoreLock) -> None:
        self.folder = folder
        self.engine: Engine = open_engine(folder / DATABASE, lambda: self.key)
        self.sessions: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.media = Media(folder / MEDIA, key)
        self.repaired = Repair()
        self._key = bytearray(key)  # can be wiped, unlike `bytes`
        self._lock = lock
        # whoever waits for the turn holds `_next`, so that uses and upkeep cannot keep each other out
        self._next, self._turn = threading.Lock(), threading.Lock()
        # acquired before the turn while a snapshot is read: the WAL cannot be emptied under a reader of an older one
        self.snapshot_lock = threading.Lock()
        # passed while the database is read by another connection or copied: then its file cannot be replaced
        self.copying = Gate()
        self._using_thread: int | None = None
        scope.restrict_to_estates(self.sessions)
        closed.guard_closed_records(self.sessions)
        audit.record_changes(self.sessions)
        # events since the trail's end was stored beside the database, and those that wait for the end of a use
        self._unanchored, self._anchored_at = 0, time.monotonic()
        self._queue: list[tuple[str, audit.Event]] = []
        # a PC may be suspended in the middle of a long import, too
        event.listen(self.sessions, "before_commit", lambda _session: lock.refuse_if_lost())
        self._owed: Callable[[Session], object] | None = None
        event.listen(self.sessions, "before_commit", self._refuse_while_owed)
        event.listen(self.sessions, "after_commit", self._note_commit)
        self._is_untidy = True  # the last run may have ended before its upkeep did
        self.upkeep = Upkeep(self.keep_up, self._interrupt_upkeep)
        self._merges = 0
        self._connection: Any = None
        self._interruptible: Any = None
        self._interrupting = threading.Lock()
        event.listen(self.engine, "connect", self._note_connection)

    def _note_connection(self, connection: Any, _record: object) -> None:
        # the pool would roll back whatever is open when a connection is returned to it
        self._connection = connection

    @property
    def key(self) -> bytes:
        """The raw key, for wrapping it for another operator; `NotAllowed` once the store is closed."""
        self._refuse_closed()
        return bytes(self._key)

    def _refuse_closed(self) -> None:
        if not self._key:
            raise NotAllowed(_("The desk is locked. Sign in again."))

    @contextlib.contextmanager
    def use(self) -> Iterator[Session]:
        """Open the session of one use; other threads wait for their turn.

        There is one connection, so a nested use would end the outer one's transaction: that is refused as a bug.
        """
        if self._using_thread == threading.get_ident():
            raise RuntimeError("a use of the store within a use of the store")
        is_untidy = False
        self.upkeep.use_begins()
        try:
            with self._in_turn():
                self._using_thread = threading.get_ident()
                try:
                    self._settle()
                    with (
                        readable_database_errors(self.folder),
                        self._without_read_only(),
                        self.sessions() as session,
                    ):
                        yield session
                finally:
                    with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self._without_read_only():
                        self._finish_use()
                    self._using_thread = None
                    is_untidy, self._is_untidy = self._is_untidy, False
        finally:
            self.upkeep.use_ended(is_untidy)

    @property
    def is_full(self) -> bool:
        """Whether nothing can be saved, as the disk had no room for what was to be logged first."""
        return self._owed is not None

    def owe(self, log: Callable[[Session], object]) -> None:
        """Log by `log(session)` as soon as the disk has room, before anything else is saved; tried at every use."""
        self._owed = log

    def _settle(self) -> None:
        owed = self._owed
        if owed is None:
            return
        # owed until it is committed: the screen may ask meanwhile
        with contextlib.suppress(Unusable):
            with readable_database_errors(self.folder), self.sessions() as session:
                session.info[_SETTLES] = True
                owed(session)
                session.commit()
            self._owed = None

    def _refuse_while_owed(self, session: Session) -> None:
        changes = session.new or session.dirty or session.deleted or session.info.get(audit.APPENDED)
        if self._owed is not None and changes and _SETTLES not in session.info:
            raise disk_full()

    @contextlib.contextmanager
    def _without_read_only(self) -> Iterator[None]:
        # SQLite connects for reading alone while a disk refuses more, and would stay so when the disk is well again
        try:
            yield
        except DatabaseError as problem:
            if "readonly" in str(problem.orig):
                self.engine.dispose()
            raise

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._next:
            self._turn.acquire()
        try:
            self._refuse_closed()  # while this thread waited
            self._lock.refuse_if_lost()
            yield
        finally:
            self._turn.release()

    def keep_up(self, pages: int) -> bool:
        """Merge some of the search index, and now and then move the write-ahead log into the main file: one step.

        The log is moved when nothing is left to merge, and every few steps while writes leave more to merge: otherwise
        it would grow until one of them had to move all of it.

        Returns whether more may be left. What the disk refuses is left until after the next write, which reports it.
        """
        from sqlcipher3 import dbapi2

        with contextlib.suppress(NotAllowed, Unusable, dbapi2.Error), self._in_turn():
            connection = self._interruptible = self._connection
            try:
                self._merges += 1
                is_more = merging.merge(connection, pages)
                if not is_more or self._merges % _MERGES_BETWEEN_CHECKPOINTS == 0:
                    connection.execute(CHECKPOINT_BESIDE_READERS).fetchall()
                return is_more
            except dbapi2.OperationalError as problem:
                return "interrupted" in str(problem)
            finally:
                with self._interrupting:
                    self._interruptible = None
        return False

    def _interrupt_upkeep(self) -> None:
        # the lock holds the step in its turn meanwhile: otherwise the statement of a use could be interrupted
        with self._interrupting:
            if self._interruptible is not None:
                self._interruptible.interrupt()

    def _note_commit(self, session: Session) -> None:
        self._unanchored += session.info.pop(audit.APPENDED, 0)
        self._is_untidy = True

    def log_event(self, operator: str, audit_event: audit.Event) -> None:
        """Log an event that is dropped when it cannot be written, such as a refusal.

        Within a use it waits for the end of that use, even if that fails.
        """
        self._queue.append((operator, audit_event))
        if self._using_thread != threading.get_ident():
            with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self.use():
                pass

    def _finish_use(self) -> None:
        """Write queued events, and store the trail's end when that is due; at the end of a use."""
        queue, self._queue = self._queue, []
        due = self._end_is_due()
        if not (queue or due):
            return
        with self.sessions() as session:
            for operator, audit_event in queue:
                session.info[audit.ACTOR] = operator
                audit.append(session, [audit_event])
            session.commit()
            if due:
                self._unanchored, self._anchored_at = 0, time.monotonic()
                anchor.save_end(session.connection(), self.folder, self.key)
                session.commit()

    def _end_is_due(self) -> bool:
        waited = time.monotonic() - self._anchored_at
        return self._unanchored >= _END_EVENTS or (self._unanchored > 0 and waited > _END_SECONDS)

    def save_trail_end(self) -> None:
        """Store the end of the trail beside the database, so that removed rows are found."""
        with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self.use() as session:
            self._unanchored, self._anchored_at = 0, time.monotonic()
            anchor.save_end(session.connection(), self.folder, self.key)
            session.commit()

    def exchange_database(self, prepared: Path, key: bytes) -> None:
        """Replace the database by a prepared copy that is encrypted with another key; within a use.

        Nothing may be left in the write-ahead log. Raises `Unusable` when another program has the file open.
        """
        self._refuse_closed()
        self._lock.refuse_if_lost()
        self.engine.dispose()  # the next transaction connects again, with the key as it is then
        refuse_full_log(self.folder)
        try:
            files.replace(prepared, self.folder / DATABASE)
        except OSError as problem:
            raise as_unusable(problem, self.folder / DATABASE) from problem
        self._key[:] = key
        sync_directory(self.folder)

    def publish_lock_owner(self, operator: str) -> None:
        """Publish the operator's name to those who find the office open and have a password of it."""
        self._lock.set_operator(self.key, operator)

    def _clear_unwanted(self) -> None:
        if self.media.unwanted:
            with self.use() as session:
                known = set(attachments.contents(session))
            for name in self.media.unwanted - known:
                self.media.discard(name)

    def close(self) -> None:
        """Release the folder and wipe the key."""
        nested = self._using_thread == threading.get_ident()
        self.upkeep.stop(0.0 if nested else _LAST_USE_SECONDS)
        with contextlib.suppress(NotAllowed, Unusable, DatabaseError):
            self._clear_unwanted()
        # a cancelled check closes its connection, and with it its key, first
        if self.snapshot_lock.acquire(timeout=_LAST_SNAPSHOT_SECONDS):
            self.snapshot_lock.release()
        # a use on another thread ends first, and the next one finds the store closed
        in_turn = not nested and self._turn.acquire(timeout=_LAST_USE_SECONDS)
        try:
            self.engine.dispose()
            self._connection = None
            self._key[:] = bytes(len(self._key))
            self._key.clear()
        finally:
            if in_turn:
                self._turn.release()
        self._lock.release()
