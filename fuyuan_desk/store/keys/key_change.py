"""Change the key file and the database atomically.

The new key file is first written beside the old one under another name (staged). A mark of it is written in the
transaction that logs the change; after the commit the file is renamed into place. If the program ends in between, the
mark in the database decides whether the staged file is valid – so opening tries it too when the key file does not fit.

The mark stays: by it an opening notices that an older key file was put back, whose passwords may have been replaced or
taken away since.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from sqlalchemy import Connection

from fuyuan_desk.core import files
from fuyuan_desk.core.files import as_unusable, sync_directory, write_atomically
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.keys.keyring import Keyring

NEXT = "keys-next.json"
# a number in the database header that SQLite leaves to programs; it is part of the transaction
_MARK = "PRAGMA application_id"


def _mark(keys: Keyring) -> int:
    return int.from_bytes(hashlib.sha256(keyring.to_bytes(keys)).digest()[:4]) >> 1


def stage(folder: Path, keys: Keyring) -> None:
    """Write the new key file beside the old one; raise `Unusable` when the disk refuses."""
    write_atomically(folder / NEXT, keyring.to_bytes(keys))


def mark(connection: Connection, keys: Keyring) -> None:
    """Make the staged key file valid with the commit of the running transaction."""
    connection.exec_driver_sql(f"{_MARK} = {_mark(keys)}")


def mark_first(connection: Connection, folder: Path) -> None:
    """Mark the key file in a database that has marked none yet; commit afterwards."""
    if not connection.exec_driver_sql(_MARK).scalar():
        mark(connection, effective(connection, folder))


def is_older(connection: Connection, folder: Path) -> bool:
    """Return whether the key file is not the one that the database marked last: an older one was put back."""
    marked = connection.exec_driver_sql(_MARK).scalar()
    return bool(marked) and marked != _mark(effective(connection, folder))


def staged(folder: Path) -> Keyring | None:
    """Return the staged keyring, None when there is none that can be read."""
    try:
        return keyring.parse((folder / NEXT).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def effective(connection: Connection, folder: Path) -> Keyring:
    """Return the valid keyring: the staged one if the database marks it, else that of the key file."""
    keys = staged(folder)
    return keys if keys is not None and _is_marked(connection, keys) else keyring.read(folder)


def finish(folder: Path) -> None:
    """Rename the staged key file into place; raise `Unusable` when the disk refuses."""
    is_set_up = keyring.exists(folder) or not os.path.exists(folder / keyring.UNFINISHED)
    target = folder / (
        keyring.FILE if is_set_up else keyring.UNFINISHED
    )  # an office that is being set up stays so
    try:
        files.replace(folder / NEXT, target)
    except OSError as problem:
        raise as_unusable(problem, target) from problem
    sync_directory(folder)
    if is_set_up:
        keyring.update_copy(folder)


def _is_marked(connection: Connection, keys: Keyring | None) -> bool:
    return keys is not None and connection.exec_driver_sql(_MARK).scalar() == _mark(keys)


def finish_or_discard(connection: Connection, folder: Path) -> None:
    """Rename a staged key file into place if the database marks it, else delete it."""
    if _is_marked(connection, staged(folder)):
        finish(folder)
        return
    with contextlib.suppress(OSError):  # it opens nothing; the next opening tries again
        files.remove(folder / NEXT)
