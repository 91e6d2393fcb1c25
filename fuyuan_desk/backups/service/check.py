"""Verification of a backup from the desk: seal, every hash, database, each photo."""

from pathlib import Path

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.backups.service.restore import Agreed, Preview
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup import opened
from fuyuan_desk.store.backup.restore import By
from fuyuan_desk.store.keys import keyring


@permit(*STAFF)
def check_backup(seat: Seat, path: Path, progress: Progress | None = None) -> Preview:
    """Open a backup of this office with the office's own key and verify all of it; may run on any thread.

    Raises `Unusable` if it is damaged or missing, `InvalidInput` if it belongs to another office, `Cancelled`.
    """
    key = seat.store.key
    own = keyring.read(seat.store.folder).store_uid

    def unlock(keys: keyring.Keyring) -> bytes:
        if keys.store_uid != own:
            raise InvalidInput(_("This is a backup of another office. Sign in there to check it."))
        return key

    found = opened.open_with(path.absolute(), unlock, progress)
    try:
        return Agreed(found, By(seat.operator.login, {})).preview()
    finally:
        found.close()
