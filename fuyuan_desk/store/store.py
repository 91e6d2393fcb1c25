"""An office's store: a folder with the encrypted database, the key file and the photos."""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable
from fuyuan_desk.core.files import in_words
from fuyuan_desk.core.texts import _
from fuyuan_desk.store import (
    attachments,
    attempts,
    audit,
    closed,
    holder,
    keychange,
    keyring,
    migrate,
    repair,
    scope,
    trail_end,
)
from fuyuan_desk.store.engine import checkpoint, open_engine
from fuyuan_desk.store.holder import Hold
from fuyuan_desk.store.media import Media
from fuyuan_desk.store.repair import Repair

DATABASE = "store.db"
MEDIA = "media"
# how many acts, or how long after one, a cut-off end of the trail may go unseen
_END_ACTS, _END_SECONDS = 500, 180.0
_LAST_LOOK_SECONDS = 2.0
_LAST_USE_SECONDS = 10.0


class Store:
    """An open store; `close` it to give the folder free and to forget the key.

    `repaired` tells what its opening found and cleared.
    """

    def __init__(self, folder: Path, key: bytes, hold: Hold) -> None:
        self.folder = folder
        self.engine: Engine = open_engine(folder / DATABASE, lambda: self.key)
        self.sessions: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.media = Media(folder / MEDIA, key)
        self.repaired = Repair()
        self._key = bytearray(key)  # which can be wiped, as `bytes` cannot
        self._hold = hold
        self._turn = threading.Lock()
        # held, before the turn, while a moment is looked at: the log cannot be emptied under a reader of an older one
        self.looking = threading.Lock()
        self._at_work: int | None = None
        scope.keep_within(self.sessions)
        closed.keep_closed(self.sessions)
        audit.keep_trail(self.sessions)
        # acts since the trail's end was kept beside the database, and those that wait for the end of a use
        self._untold, self._remembered = 0, time.monotonic()
        self._waiting: list[tuple[str, audit.Act]] = []
        # a PC may sleep in the middle of a long import, too
        event.listen(self.sessions, "before_commit", lambda _session: hold.refuse_if_lost())
        event.listen(self.sessions, "after_commit", self._count_acts)

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
            self._hold.refuse_if_lost()
            self._at_work = threading.get_ident()
            try:
                with database_in_words(self.folder), self.sessions() as session:
                    yield session
            finally:
                with contextlib.suppress(NotAllowed, Unusable, DatabaseError):
                    self._tend_trail()
                self._at_work = None

    def _count_acts(self, session: Session) -> None:
        self._untold += session.info.pop(audit.APPENDED, 0)

    def tell(self, operator: str, act: audit.Act) -> None:
        """Write an act to the trail that hinders nobody where it cannot be written, such as a refusal.

        Within a use it waits for that use's end, whatever becomes of it.
        """
        self._waiting.append((operator, act))
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
            for operator, act in waiting:
                session.info[audit.ACTOR] = operator
                audit.append(session, [act])
            session.commit()
            if due:
                self._untold, self._remembered = 0, time.monotonic()
                trail_end.remember(session.connection(), self.folder, self.key)
                session.commit()

    def _end_is_due(self) -> bool:
        waited = time.monotonic() - self._remembered
        return self._untold >= _END_ACTS or (self._untold > 0 and waited > _END_SECONDS)

    def remember_trail(self) -> None:
        """Keep how far the trail reaches beside the database, so that a cut-off end is found."""
        with contextlib.suppress(NotAllowed, Unusable, DatabaseError), self.use() as session:
            self._untold, self._remembered = 0, time.monotonic()
            trail_end.remember(session.connection(), self.folder, self.key)
            session.commit()

    def name_holder(self, operator: str) -> None:
        """Tell those who find the office open, and have a password of it, who sits here."""
        self._hold.name(self.key, operator)

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
        self._hold.release()


def is_store(folder: Path) -> bool:
    """Whether `folder` holds an office that was set up to the end."""
    return keyring.is_there(folder)


def _holds_anything(folder: Path) -> bool:
    try:
        return os.path.isdir(folder) and any(folder.iterdir())
    except OSError:  # not for us to look into
        return True


def _own_only(folder: Path) -> None:
    # where the system has modes, only this account may look inside
    with contextlib.suppress(OSError):
        folder.chmod(0o700)


def _prepare_folder(folder: Path) -> None:
    probe = folder / f".writable-{os.getpid()}"
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            probe.write_bytes(b"ok")
        finally:
            probe.unlink(missing_ok=True)
    except FileExistsError as problem:  # perhaps not the folder itself but one above it
        raise in_words(problem, Path(problem.filename)) from problem
    except OSError as problem:
        raise in_words(problem, folder) from problem


_LITTLE_SPACE = 1 << 20


def _is_full(folder: Path, told: str) -> bool:
    if "full" in told:
        return True
    # a disk without room for the shared memory beside the database is reported as one that fails
    with contextlib.suppress(OSError):
        return "I/O" in told and shutil.disk_usage(folder).free < _LITTLE_SPACE
    return False


def _surroundings(folder: Path, told: str) -> str | None:
    """Give the sentence for a database error that comes from the surroundings, None for a bug."""
    if _is_full(folder, told):
        return _("The disk is full; nothing was changed. Free some space, then save again.")
    if "readonly" in told or "unable to open" in told:
        return _("The office's folder {folder} cannot be written to; nothing was changed.").format(
            folder=folder
        )
    if "locked" in told or "busy" in told:
        return _("Another program holds the office's file; nothing was changed. Try again in a moment.")
    if "I/O" in told:
        return _("The disk did not answer; nothing was changed. Check the disk or the stick, then try again.")
    if "malformed" in told or "not a database" in told:
        return _("The office's file is damaged. Leave it as it is and restore the newest backup.")
    return None


@contextlib.contextmanager
def database_in_words(folder: Path) -> Iterator[None]:
    """Turn the database's refusals that come from the surroundings into sentences."""
    try:
        yield
    except DatabaseError as problem:
        sentence = _surroundings(folder, str(problem.orig))
        if sentence is None:
            raise
        raise Unusable(sentence) from problem


def _open(folder: Path, key: bytes, hold: Hold, new: bool = False) -> Store:
    store = Store(folder, key, hold)
    try:
        with database_in_words(folder):
            migrate.bring_up_to_date(store.engine, folder, new, store.remember_trail)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_occupied(folder: Path) -> None:
    if is_store(folder):
        raise Conflict(
            _("The folder {folder} already holds an office. Choose another folder.").format(folder=folder)
        )
    if os.path.exists(folder / keyring.UNFINISHED):
        return  # a set-up that was cut short: what lies here is its own and opens for nobody
    for name in (DATABASE, MEDIA):
        if os.path.exists(folder / name):
            raise Conflict(
                _(
                    "The folder {folder} already holds “{name}”, but no key file {keys}. If an office was here,"
                    " put {keys} back from the newest backup; for a new office choose another folder."
                ).format(folder=folder, name=name, keys=keyring.FILE)
            )


def check_new_folder(folder: Path) -> None:
    """Refuse a folder in which no new office can be set up."""
    _refuse_occupied(folder)
    _prepare_folder(folder)


def _clear_unfinished(folder: Path) -> None:
    """Remove what a set-up left that did not come to its end; its key file goes last."""
    if is_store(folder) or not os.path.exists(folder / keyring.UNFINISHED):
        return
    shutil.rmtree(folder / MEDIA, ignore_errors=True)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", trail_end.FILE, keyring.UNFINISHED):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as problem:
            raise in_words(problem, folder / name) from problem


def create_store(
    folder: Path,
    login: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None = None,
    furnish: Callable[[Store], object] | None = None,
) -> Store:
    """Make a new store in `folder` (made when absent) that `login` and the recovery code open.

    `furnish` fills it. Only when that has ended well there is an office; before, and when the program is
    cut short, there is none, and the folder can be used again.
    """
    was_there = _holds_anything(folder)
    check_new_folder(folder)
    if not was_there:
        _own_only(folder)
    hold = holder.take(folder)
    try:
        _refuse_occupied(folder)
        _clear_unfinished(folder)
        try:
            return _make(folder, login, password, recovery_code, cost, furnish, hold)
        except BaseException:
            with contextlib.suppress(Unusable):
                _clear_unfinished(folder)
            raise
    except BaseException:
        hold.release()
        if not was_there:
            _leave(folder)
        raise


def _leave(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for name in (holder.LOCK, holder.TOLD, holder.GUESSES):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _make(
    folder: Path,
    login: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None,
    furnish: Callable[[Store], object] | None,
    hold: Hold,
) -> Store:
    key = keyring.new_key()
    ring = keyring.add_operator(keyring.empty_ring(), login, password, key, cost)
    ring = keyring.add_recovery(ring, recovery_code, key, cost)
    keyring.begin(folder, ring)
    try:
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as problem:
        raise in_words(problem, folder / DATABASE) from problem
    store = _open(folder, key, hold, new=True)
    try:
        if furnish is not None:
            furnish(store)
        store.remember_trail()
        with database_in_words(folder):
            # all of it in the one file before the office counts
            checkpoint(store.engine)
        keyring.finish(folder)
    except BaseException:
        store.close()
        raise
    return store


def open_store(folder: Path, login: str, password: str) -> Store:
    """Open the store in `folder` for the operator `login`.

    Raises `NotAllowed` for a wrong name or password (with a growing pause), `Busy` when the office is open elsewhere
    and `Unusable` when the folder is missing, read-only, damaged, or written by a newer program.
    """

    def unwrap(ring: keyring.Keyring) -> bytes:
        return keyring.open_with_password(ring, login, password)

    return _open_by(folder, unwrap, login)


def open_with_recovery(folder: Path, code: str) -> Store:
    """Open the store by its recovery code."""
    return _open_by(folder, lambda ring: keyring.open_with_recovery(ring, code))


def open_with_key(folder: Path, key: bytes) -> Store:
    """Open a store whose key is at hand: one that is being restored."""
    hold = holder.take(folder)
    try:
        return _open_held(folder, key, hold)
    except BaseException:
        hold.release()
        raise


def _open_by(folder: Path, unwrap: Callable[[keyring.Keyring], bytes], login: str = "") -> Store:
    from fuyuan_desk.store import restore  # here: it opens stores itself

    done = restore.finish_interrupted(folder)  # first, for it may put another folder in this one's place
    _refuse_no_office(folder)
    _prepare_folder(folder)
    with holder.one_guess_at_a_time(folder):
        key = _guess(folder, unwrap, login)
    try:
        hold = holder.take(folder)
    except holder.Busy as busy:
        raise holder.named(busy, key) from busy
    try:
        store = _open_held(folder, key, hold, done)
    except BaseException:
        hold.release()
        raise
    try:
        _settle_keys(store, unwrap)
    except BaseException:
        store.close()
        raise
    return store


def _settle_keys(store: Store, unwrap: Callable[[keyring.Keyring], bytes]) -> None:
    """Bring a change of the key file to its end that was cut short, one way or the other."""
    if not os.path.exists(store.folder / keychange.NEXT):
        return
    with database_in_words(store.folder), store.sessions() as session:
        keychange.settle(session.connection(), store.folder)
        session.rollback()
    unwrap(keyring.read(store.folder))  # refuses whoever was let in by a change that did not come about


def _unwrapped(folder: Path, ring: keyring.Keyring, unwrap: Callable[[keyring.Keyring], bytes]) -> bytes:
    try:
        return unwrap(ring)
    except NotAllowed:
        changed = keychange.waiting(folder)
        if changed is None:
            raise
        return unwrap(changed)


def _guess(folder: Path, unwrap: Callable[[keyring.Keyring], bytes], login: str) -> bytes:
    ring = keyring.read(folder)
    attempts.refuse_during_pause(folder, datetime.now(UTC))
    try:
        key = _unwrapped(folder, ring, unwrap)
    except NotAllowed:
        who = keyring.digest(ring.store_uid, login) if login else ""
        attempts.count_failure(folder, datetime.now(UTC), who)
        raise
    attempts.forgive(folder)
    return key


def _open_held(folder: Path, key: bytes, hold: Hold, restored: tuple[str, ...] = ()) -> Store:
    keyring.keep_copy(folder)
    done = [*restored, *repair.before_opening(folder)]
    store = _open(folder, key, hold)
    try:
        if hold.former is not None:
            with database_in_words(folder), store.sessions() as session:
                done += repair.after_opening(session.connection(), folder, key)
                session.rollback()
        store.repaired = repair.told_of(hold.former, done)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_no_office(folder: Path) -> None:
    if not is_store(folder):
        if os.path.exists(folder / keyring.UNFINISHED):
            raise Unusable(
                _("The set-up of the office in {folder} was cut short. Set it up again.").format(
                    folder=folder
                )
            )
        if os.path.exists(folder / DATABASE):
            raise Unusable(
                _("The key file of this office is missing. Put {file} back from the newest backup.").format(
                    file=folder / keyring.FILE
                )
            )
        keyring.read(folder)  # says that there is none
    elif not os.path.exists(folder / DATABASE) or os.path.getsize(folder / DATABASE) == 0:
        # SQLite would take the empty file for a new store
        raise Unusable(
            _("The office's file {file} is missing or empty. Put it back from the newest backup.").format(
                file=folder / DATABASE
            )
        )
