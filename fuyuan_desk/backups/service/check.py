"""Verification of a backup from the desk: seal, every hash, database, each photo."""

import os
from pathlib import Path

from sqlalchemy import select

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.backups.records import BackupRunRow
from fuyuan_desk.backups.service import places
from fuyuan_desk.backups.service.restore import Agreed, Preview
from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import opened
from fuyuan_desk.store.backup.restore import By
from fuyuan_desk.store.keys import keyring


@permit(*STAFF)
def check_backup(seat: Seat, path: Path, progress: Progress | None = None) -> Preview:
    """Open a backup of this office with the office's own key and verify all of it; may run on any thread.

    One that is found damaged no longer counts as a good backup.
    Raises `Unusable` if it is damaged or missing, `InvalidInput` if it belongs to another office or was made under an
    earlier key of this one, `Cancelled`.
    """
    key = seat.store.key
    own = keyring.read(seat.store.folder).store_uid

    def unlock(keys: keyring.Keyring) -> bytes:
        if keys.store_uid != own:
            raise InvalidInput(_("This is a backup of another office. Sign in there to check it."))
        if places.is_of_earlier_key(seat.store, path.absolute()):
            raise InvalidInput(places.earlier_key_text())
        return key

    try:
        found = opened.open_with(path.absolute(), unlock, progress)
    except Unusable as damage:
        if os.path.isdir(path):  # not just unplugged
            _note_damage(seat, path.absolute(), damage.message)
        raise
    try:
        return Agreed(found, By(seat.operator.login, {})).preview()
    finally:
        found.close()


def _note_damage(seat: Seat, path: Path, fault: str) -> None:
    ids = [
        view.id
        for view in places.place_views(seat)
        if view.path is not None and places.root_in(seat.store, view.path) == path.parent
    ]
    with seat.transaction() as session:
        for place_id in ids:
            runs = select(BackupRunRow).where(
                BackupRunRow.place_id == place_id, BackupRunRow.name == path.name
            )
            for run in session.scalars(runs):
                run.verified, run.fault = False, fault
                audit.mark_changed(session, BackupRunRow.__tablename__)
