"""Open a store whose key is known, with migration and repair."""

import contextlib
from pathlib import Path

from fuyuan_desk.store import repair
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.db.engine import driver_connection
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.db.lock import StoreLock
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.search import merging, vocabulary
from fuyuan_desk.store.store import Store


def _open(folder: Path, key: bytes, lock: StoreLock, new: bool = False) -> Store:
    store = Store(folder, key, lock)
    try:
        # a step would be part of the migration's transaction, or change the file while it is copied
        with readable_database_errors(folder), store.upkeep.held():
            migrate.bring_up_to_date(store.engine, folder, new, store.save_trail_end)
        configure_search(store)
    except BaseException:
        store.close()
        raise
    return store


def configure_search(store: Store) -> None:
    """Prepare the search on the store's connection."""
    from sqlcipher3 import dbapi2

    # with a damaged index the office still opens, and the check reports it
    with contextlib.suppress(dbapi2.Error), driver_connection(store.engine) as connection:
        merging.configure(connection)
        vocabulary.configure(connection)


def open_with_key(folder: Path, key: bytes) -> Store:
    """Open a store by its key, such as one that is being restored."""
    lock = store_lock.acquire(folder)
    try:
        return _open_held(folder, key, lock)
    except BaseException:
        lock.release()
        raise


def _open_held(folder: Path, key: bytes, lock: StoreLock, restored: tuple[str, ...] = ()) -> Store:
    done = [*restored, *repair.before_opening(folder)]
    store = _open(folder, key, lock)
    try:
        keyring.update_copy(folder)  # now that the key is known to fit: the copy may be the only good one
        if lock.previous_owner is not None:
            with readable_database_errors(folder), store.sessions() as session:
                done += repair.after_opening(session.connection(), folder, key)
                session.rollback()
        store.repaired = repair.summary_of(lock.previous_owner, done)
    except BaseException:
        store.close()
        raise
    return store
