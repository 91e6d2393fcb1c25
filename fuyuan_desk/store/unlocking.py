"""Which key opens an office: that of its key file, or another one after a change of the key that was interrupted."""

import contextlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from fuyuan_desk.core.errors import DiskFull, NotAllowed, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db import readers
from fuyuan_desk.store.keys import attempts, key_change, keyring
from fuyuan_desk.store.keys.keyring import Keyring
from fuyuan_desk.store.layout import DATABASE

_UNCOUNTED_SECONDS = 3.0


def unlock(folder: Path, open_key: Callable[[Keyring], bytes], login: str = "") -> tuple[bytes, Keyring]:
    """Return the key of the database in `folder` by `open_key`, and the keyring that holds it.

    Raises `NotAllowed` for a wrong secret, which is counted for `login` ('' for the recovery code), or during the pause
    after several.
    """
    keys = keyring.read(folder)
    attempts.refuse_during_pause(folder, datetime.now(UTC))
    try:
        found = _unwrap(folder, open_key)
    except NotAllowed:
        who = keyring.digest(keys.store_uid, login) if login else ""
        try:
            attempts.count_failure(folder, datetime.now(UTC), who)
        except DiskFull:  # without a count no pause can grow
            time.sleep(_UNCOUNTED_SECONDS)
        raise
    with contextlib.suppress(DiskFull):
        attempts.reset_failures(folder)
    return found


def _key_files(folder: Path) -> list[Keyring]:
    """Return the keyrings that may be valid: the key file's; that of an interrupted change; the copy's of another key.

    Of the last two, whichever exists.
    """
    keys = keyring.read(folder)
    more = (key_change.staged(folder), keyring.other_copy(folder, keys))
    return [keys, *(other for other in more if other is not None)]


def _unwrap(folder: Path, open_key: Callable[[Keyring], bytes]) -> tuple[bytes, Keyring]:
    """Return the key of the database and the keyring that holds it."""
    known = _key_files(folder)
    opened, refusals = [], []
    for keys in known:
        try:
            opened.append((open_key(keys), keys))
        except NotAllowed as refusal:
            refusals.append(refusal)
    if not opened:
        raise refusals[0]
    if len({keys.series for keys in known}) == 1:
        return opened[0]
    # the key was changed: only the database itself shows which of them is its own
    fitting = next((found for found in opened if fits(folder, found[0])), None)
    if fitting is None:
        raise NotAllowed(
            _("The key of this office was changed. Sign in with the password that you were given since.")
        )
    return fitting


def fits(folder: Path, key: bytes) -> bool:
    """Return whether the database opens with `key`."""
    try:
        readers.open_copy(folder / DATABASE, key).close()
    except (OperationalError, MemoryError):
        return False
    return True


def put_copy_back(folder: Path, keys: Keyring) -> tuple[str, ...]:
    """Replace a key file of another key by its copy, if `keys` are those of the copy."""
    present = keyring.read(folder)
    if keys != keyring.other_copy(folder, present):
        return ()
    keyring.write(folder, keys)
    return (_("The key file in the office's folder belonged to another key and was replaced by its copy."),)


def refuse_foreign_log(folder: Path, key: bytes) -> None:
    """Raise `Unusable` for a write-ahead log of another time, before opening would write its pages into the database.

    Only after an improper shutdown there is one; then all of the database is read once.
    """
    log = folder / f"{DATABASE}-wal"
    with contextlib.suppress(
        FileNotFoundError, OperationalError, MemoryError
    ):  # opening says what the disk refuses
        if (
            os.path.getsize(log)
            and fits(folder, key)
            and not readers.is_sound_with_log(folder / DATABASE, key)
        ):
            raise Unusable(
                _(
                    "The file {file} does not belong to the office as it is now: it is from another time, or damaged."
                    " Nothing was changed. Move this one file into another folder and sign in again; then have the"
                    " office checked."
                ).format(file=log)
            )


def misfit_text(folder: Path) -> str:
    """Return the refusal of a database that does not open with the key that a right password holds."""
    return _(
        "The file {path} does not fit the office's file {file}. Either that file is damaged, or the key file is"
        " from before a change of the office's key. Leave both as they are and restore the newest backup."
    ).format(path=folder / keyring.FILE, file=DATABASE)
