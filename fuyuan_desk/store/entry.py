"""Create a store, and open one with a password or the recovery code."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Conflict, DiskFull, Unusable
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store import path_length, rekey, unlocking
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.db.engine import checkpoint
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.db.lock import StoreLock
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA, is_store
from fuyuan_desk.store.opening import _open, _open_held
from fuyuan_desk.store.store import Store


def _is_occupied(folder: Path) -> bool:
    try:
        return os.path.isdir(folder) and any(folder.iterdir())
    except OSError:  # not readable by this account
        return True


def _make_private(folder: Path) -> None:
    # where the system has file modes, only this account may read it
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
            files.remove(probe)
    except FileExistsError as problem:  # perhaps a parent, not the folder itself
        raise as_unusable(problem, Path(problem.filename)) from problem
    except OSError as problem:
        raise as_unusable(problem, folder) from problem


def _refuse_occupied(folder: Path) -> None:
    if is_store(folder):
        raise Conflict(
            _("The folder {folder} already holds an office. Choose another folder.").format(folder=folder)
        )
    if os.path.exists(folder / keyring.UNFINISHED):
        return  # an interrupted set-up: its files are its own, and nobody can open them
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
    path_length.refuse_unfit_office(folder)
    _refuse_occupied(folder)
    _prepare_folder(folder)


def _clear_unfinished(folder: Path) -> None:
    """Remove what an interrupted set-up left; its key file goes last."""
    if is_store(folder) or not os.path.exists(folder / keyring.UNFINISHED):
        return
    with contextlib.suppress(OSError):
        files.remove_tree(folder / MEDIA)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", anchor.FILE, keyring.UNFINISHED):
        try:
            files.remove(folder / name)
        except OSError as problem:
            raise as_unusable(problem, folder / name) from problem


def create_store(
    folder: Path,
    login: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None = None,
    furnish: Callable[[Store], object] | None = None,
) -> Store:
    """Create a store in `folder` (created when absent) that `login` and the recovery code open.

    `furnish` fills it. The office exists only when that has succeeded; if it fails or the program is interrupted, the
    folder can be used again.
    """
    was_occupied = _is_occupied(folder)
    check_new_folder(folder)
    if not was_occupied:
        _make_private(folder)
    lock = store_lock.acquire(folder)
    try:
        _refuse_occupied(folder)
        _clear_unfinished(folder)
        try:
            return _create(folder, login, password, recovery_code, cost, furnish, lock)
        except BaseException:
            with contextlib.suppress(Unusable):
                _clear_unfinished(folder)
            raise
    except BaseException:
        lock.release()
        if not was_occupied:
            _remove_folder(folder)
        raise


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for name in (store_lock.LOCK, store_lock.OWNER_FILE, store_lock.SIGN_IN_LOCK):
            files.remove(folder / name)
        folder.rmdir()


def _create(
    folder: Path,
    login: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None,
    furnish: Callable[[Store], object] | None,
    lock: StoreLock,
) -> Store:
    key = keyring.new_key()
    keys = keyring.add_operator(keyring.empty_keyring(), login, password, key, cost)
    keys = keyring.add_recovery(keys, recovery_code, key, cost)
    keyring.write_unfinished(folder, keys)
    try:
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as problem:
        raise as_unusable(problem, folder / DATABASE) from problem
    store = _open(folder, key, lock, new=True)
    try:
        if furnish is not None:
            furnish(store)
        store.save_trail_end()
        with readable_database_errors(folder):
            # everything in the main file before the office exists
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

    def open_key(keys: keyring.Keyring) -> bytes:
        return keyring.open_with_password(keys, login, password)

    return _open_by(folder, open_key, login)


def open_with_recovery(folder: Path, code: str) -> Store:
    """Open the store by its recovery code."""
    return _open_by(folder, lambda keys: keyring.open_with_recovery(keys, code))


def _open_by(folder: Path, open_key: Callable[[keyring.Keyring], bytes], login: str = "") -> Store:
    from fuyuan_desk.store.backup import restore  # here: it opens stores itself

    done = restore.finish_interrupted(folder)  # first, as it may replace this folder by another
    _refuse_no_office(folder)
    with contextlib.suppress(DiskFull):  # what it holds can still be read
        _prepare_folder(folder)
    with store_lock.one_attempt_at_a_time(folder):
        key, keys = unlocking.unlock(folder, open_key, login)
    try:
        lock = store_lock.acquire(folder)
    except store_lock.Busy as busy:
        raise store_lock.with_operator_name(busy, key) from busy
    try:
        unlocking.refuse_foreign_log(folder, key)
        done += unlocking.put_copy_back(folder, keys)
        store = _open_fitting(folder, key, lock, done)
    except BaseException:
        lock.release()
        raise
    try:
        rekey.settle(store.folder, key)
        _finish_key_change(store, open_key)
    except BaseException:
        store.close()
        raise
    return store


def _open_fitting(folder: Path, key: bytes, lock: StoreLock, done: tuple[str, ...]) -> Store:
    try:
        return _open_held(folder, key, lock, done)
    except Unusable as problem:
        if not unlocking.fits(folder, key):
            raise Unusable(unlocking.misfit_text(folder)) from problem
        raise


def _finish_key_change(store: Store, open_key: Callable[[keyring.Keyring], bytes]) -> None:
    """Finish or discard an interrupted change of the key file."""
    if not os.path.exists(store.folder / key_change.NEXT):
        return
    before = keyring.read(store.folder)
    with readable_database_errors(store.folder), store.sessions() as session:
        key_change.finish_or_discard(session.connection(), store.folder)
        session.rollback()
    keys = keyring.read(store.folder)
    open_key(keys)  # refuses whoever got in by a change that was discarded
    if keys.series != before.series:
        rekey.drop_migration_copies(store.folder)
        done = (*store.repaired.done, _interrupted_text())
        store.repaired = replace(store.repaired, done=done)


def _interrupted_text() -> str:
    return _(
        "The change of the office's key was interrupted and has been completed. The new passwords and the new recovery"
        " code could not be printed: set a new password for every other operator and create a new recovery code."
    )


def _refuse_no_office(folder: Path) -> None:
    if not is_store(folder):
        if os.path.exists(folder / keyring.UNFINISHED):
            raise Unusable(
                _("The set-up of the office in {folder} was interrupted. Set it up again.").format(
                    folder=folder
                )
            )
        if os.path.exists(folder / DATABASE):
            raise Unusable(
                _("The key file of this office is missing. Put {file} back from the newest backup.").format(
                    file=folder / keyring.FILE
                )
            )
        keyring.read(folder)  # raises, as there is none
    elif not os.path.exists(folder / DATABASE) or os.path.getsize(folder / DATABASE) == 0:
        # SQLite would take the empty file for a new store
        raise Unusable(
            _("The office's file {file} is missing or empty. Put it back from the newest backup.").format(
                file=folder / DATABASE
            )
        )
