"""An office's store: a folder with the encrypted database, the key file and the photos."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db import attachments
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.db.lock import StoreLock
from fuyuan_desk.store.guards import closed, scope
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.media.files import Media
from fuyuan_desk.store.repair import Repair

# how many events, or how long after one, a cut-off end of the trail may go unseen
_END_EVENTS, _END_SECONDS = 500, 180.0
_LAST_LOOK_SECONDS = 2.0
_LAST_USE_SECONDS = 10.0


class Store:
    """An open store; `close` it to give the folder free and to forget the key.

    `repaired` tells what its opening found and cleared.
    """

    def __init__(self, folder: Path, key: bytes, lock: StoreLock) -> None:
        self.folder = folder
        self.engine: Engine = open_engine(folder / DATABASE, lambda: self.key)
        self.sessions: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.media = Media(folder / MEDIA, key)
        self.repaired = Repair()
        self._key = bytearray(key)  # which can be wiped, as `bytes` cannot
        self._lock = lock
        self._turn = threading.Lock()
        # held, before the turn, while a moment is looked at: the log cannot be emptied under a reader of an older one
        self.looking = threading.Lock()
        self._at_work: int | None = None
        scope.restrict_to_estates(self.sessions)
        closed.guard_closed_records(self.sessions)
        audit.record_changes(self.sessions)
        # events since the trail's end was kept beside the database, and those that wait for the end of a use
        self._untold, self._remembered = 0, time.monotonic()
        self._waiting: list[tuple[str, audit.Event]] = []
        # a PC may sleep in the middle of a long import, too
        event.listen(self.sessions, "before_commit", lambda _session: lock.refuse_if_lost())
        event.listen(self.sessions, "after_commit", self._count_events)

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

        There is one connection, so a use within a use would end the outer one's transaction: that is refused as
        the bug it is.
        """
        if self._at_work == threading.get_ident():
            raise RuntimeError("a use of the store within a use of the store")
        with self._turn:
            self._refuse_closed()  # while this thread waited
            self._lock.refuse_if_lost()
            self._at_work = threading.get_ident()
            try:
                with readable_database_errors(self.folder), self.sessions() as session:
                    yield session
            finally:
                with contextlib.suppress(NotAllowed, Unusable, DatabaseError):
                    self._tend_trail()
                self._at_work = None

    def _count_events(self, session: Session) -> None:
        self._untold += session.info.pop(audit.APPENDED, 0)

    def log_event(self, operator: str, audit_event: audit.Event) -> None:
        """Write an audit_event to the trail that hinders nobody where it cannot be written, such as a refusal.

        Within a use it waits for that use's end, whatever becomes of it.
        """
        self._waiting.append((operator, audit_event))
        if self._at_work != threading.get_ident():
            with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self.use():
                pass

    def _tend_trail(self) -> None:
        """Write what waits to be told, and keep the trail's end now and then; at the end of a use."""
        waiting, self._waiting = self._waiting, []
        due = self._end_is_due()
        if not (waiting or due):
            return
        with self.sessions() as session:
            for operator, audit_event in waiting:
                session.info[audit.ACTOR] = operator
                audit.append(session, [audit_event])
            session.commit()
            if due:
                self._untold, self._remembered = 0, time.monotonic()
                anchor.remember(session.connection(), self.folder, self.key)
                session.commit()

    def _end_is_due(self) -> bool:
        waited = time.monotonic() - self._remembered
        return self._untold >= _END_EVENTS or (self._untold > 0 and waited > _END_SECONDS)

    def remember_trail(self) -> None:
        """Keep how far the trail reaches beside the database, so that a cut-off end is found."""
        with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self.use() as session:
            self._untold, self._remembered = 0, time.monotonic()
            anchor.remember(session.connection(), self.folder, self.key)
            session.commit()

    def publish_lock_owner(self, operator: str) -> None:
        """Tell those who find the office open, and have a password of it, who sits here."""
        self._lock.set_operator(self.key, operator)

    def _clear_unwanted(self) -> None:
        if self.media.unwanted:
            with self.use() as session:
                known = set(attachments.contents(session))
            for name in self.media.unwanted - known:
                self.media.discard(name)

    def close(self) -> None:
        """Give the folder free and forget the key."""
        with contextlib.suppress(NotAllowed, Unusable, DatabaseError):
            self._clear_unwanted()
        # a check that was cancelled lets go of its connection, and of the key in it, first
        if self.looking.acquire(timeout=_LAST_LOOK_SECONDS):
            self.looking.release()
        # a use on another thread comes to its end first, and the next one finds the store closed
        within = self._at_work == threading.get_ident()
        in_turn = not within and self._turn.acquire(timeout=_LAST_USE_SECONDS)
        try:
            self.engine.dispose()
            self._key[:] = bytes(len(self._key))
            self._key.clear()
        finally:
            if in_turn:
                self._turn.release()
        self._lock.release()
