"""An office whose key is changed, and what is looked at afterwards."""

import json
from pathlib import Path

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.backups.service import places
from fuyuan_desk.backups.service.reach import check_backups
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.office.service.office_key import (
    NewSecrets,
    Reason,
    change_office_key,
)
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import rekey
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import backup
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import attachments
from fuyuan_desk.store.keys import key_change
from tests.conftest import CHEAP, PASSWORD

NEW = "another-horse-10"
TABLE = AuditEntry.__tablename__


def change(seat: Seat, progress: Progress | None = None) -> NewSecrets:
    return change_office_key(seat, Reason.LOST, PASSWORD, NEW, progress, CHEAP)


def generations(seat: Seat) -> list[Path]:
    return backup.generations(places.root_in(seat.store, places.first_path(seat.store.folder)))


def photos(seat: Seat) -> dict[str, bytes]:
    with seat.store.use() as session:
        names = set(attachments.contents(session))
    return {name: seat.store.media.read(name) for name in names}


def can_open(folder: Path, login: str, password: str) -> bool:
    try:
        sign_in(folder, login, password).store.close()
    except NotAllowed:
        return False
    return True


def complaints(seat: Seat) -> list[str]:
    found = (*check_store(seat.store), check_records(seat), check_backups(seat))
    return [text for finding in found for text in finding.faults]


def leftovers(folder: Path) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.name.startswith(rekey.COPY)
        or path.name in (key_change.NEXT, anchor.NEXT)
        or path.suffix == ".next"
    ]


def logged(seat: Seat, action: str) -> list[dict[str, object]]:
    with seat.store.use() as session:
        rows = session.connection().exec_driver_sql(
            f"SELECT changes FROM {TABLE} WHERE action = ? ORDER BY id", (action,)
        )
        return [json.loads(changes) for changes in rows.scalars()]
