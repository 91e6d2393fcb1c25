"""Changing the key file and the database together, so that no end between the two leaves half of it.

The new key file first lies beside the old one under another name. A mark of it is written in the transaction that
tells of the change; once that is committed, the file takes its place. Where the program ends between, the mark in the
database says whether the waiting file counts – so an opening tries it too when the key file does not open.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from sqlalchemy import Connection

from fuyuan_desk.core import files
from fuyuan_desk.core.files import in_words, keep_names, write_atomically
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.keys.keyring import Keyring

NEXT = "keys-next.json"
# a number in the head of the database that SQLite leaves to programs; it is part of the transaction
_MARK = "PRAGMA application_id"


def _mark(keys: Keyring) -> int:
    return int.from_bytes(hashlib.sha256(keyring.to_bytes(keys)).digest()[:4]) >> 1


def stage(folder: Path, keys: Keyring) -> None:
    """Lay the new key file beside the old one; `Unusable` when the disk refuses."""
    write_atomically(folder / NEXT, keyring.to_bytes(keys))


def mark(connection: Connection, keys: Keyring) -> None:
    """Write inside the running transaction that the proposed key file counts once this is committed."""
    connection.exec_driver_sql(f"{_MARK} = {_mark(keys)}")


def staged(folder: Path) -> Keyring | None:
    """Give a proposed key file that has not taken its place, None when there is none that can be read."""
    try:
        return keyring.parse((folder / NEXT).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def effective(connection: Connection, folder: Path) -> Keyring:
    """Give the key file that counts at this moment, whether it took its place already or not."""
    keys = staged(folder)
    return keys if keys is not None and _is_marked(connection, keys) else keyring.read(folder)


def finish(folder: Path) -> None:
    """Let the proposed key file take its place; `Unusable` when the disk refuses."""
    is_set_up = keyring.exists(folder) or not os.path.exists(folder / keyring.UNFINISHED)
    target = folder / (
        keyring.FILE if is_set_up else keyring.UNFINISHED
    )  # an office that is being set up stays so
    try:
        files.replace(folder / NEXT, target)
    except OSError as problem:
        raise in_words(problem, target) from problem
    keep_names(folder)
    if is_set_up:
        keyring.update_copy(folder)


def _is_marked(connection: Connection, keys: Keyring | None) -> bool:
    return keys is not None and connection.exec_driver_sql(_MARK).scalar() == _mark(keys)


def finish_or_discard(connection: Connection, folder: Path) -> None:
    """Bring a proposed key file to its place if the database knows of it, or take it away."""
    if _is_marked(connection, staged(folder)):
        finish(folder)
        return
    with contextlib.suppress(OSError):  # it opens nothing; another attempt follows at the next opening
        files.remove(folder / NEXT)
