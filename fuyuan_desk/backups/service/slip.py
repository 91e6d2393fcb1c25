"""The content of a backup's slip, from its sealed manifest and what the office recorded of it."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.backups.facts import BackupSlip
from fuyuan_desk.backups.records import BackupRunRow
from fuyuan_desk.backups.rules import PlaceView
from fuyuan_desk.backups.service import places
from fuyuan_desk.backups.service.restore import counts_of
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import manifest, opened
from fuyuan_desk.store.backup.manifest import Manifest


@permit(*STAFF)
def slip_for_print(seat: Seat, path: Path) -> BackupSlip:
    """Return what the slip of the backup in the folder `path` says, and audit the print; may run on any thread.

    Only manifest and seal are read, not the whole backup. Raises `Unusable` if they are damaged or missing,
    `InvalidInput` if it belongs to another office or was made under an earlier key of this one.
    """
    path = path.absolute()
    listed = _sealed(seat, path)
    place = _place_of(seat, path)
    facts = listed.facts
    with seat.transaction() as session:
        run = _run_of(session, path.name, place)
        slip = BackupSlip(
            office=office_settings(session, seat.now()).heading,
            made=seat.now(),
            operator=seat.operator.name,
            kind=None if place is None else place.kind,
            place="" if place is None else place.name,
            path=str(path.parent),
            name=path.name,
            taken_at=listed.taken_at,
            program=listed.program,
            size=listed.size,
            rows=sum(facts.rows.values()),
            entry=facts.entry,
            hash=facts.hash,
            counts=counts_of(listed),
            verified=None if run is None else run.verified,
            fault="" if run is None else run.fault,
        )
        detail = {"backup": path.name, "entry": facts.entry}
        audit.note(session, "print", BackupRunRow.__tablename__, None if run is None else run.id, detail)
        return slip


def _sealed(seat: Seat, path: Path) -> Manifest:
    try:
        listed = manifest.read(path)
    except manifest.NotOurs as problem:
        raise opened.damaged(manifest.FILE) from problem
    if listed.store_uid != places.office_uid(seat.store):
        raise InvalidInput(_("This is a backup of another office. Sign in there to print its slip."))
    if places.is_of_earlier_key(seat.store, path):
        raise InvalidInput(places.earlier_key_text())
    if not manifest.is_sealed(listed, seat.store.key):
        raise opened.damaged(manifest.FILE)
    return listed


def _place_of(seat: Seat, path: Path) -> PlaceView | None:
    for view in places.place_views(seat):
        if view.path is not None and places.root_in(seat.store, view.path.absolute()) == path.parent:
            return view
    return None


def _run_of(session: Session, name: str, place: PlaceView | None) -> BackupRunRow | None:
    if place is None:
        return None
    runs = select(BackupRunRow).where(BackupRunRow.place_id == place.id, BackupRunRow.name == name)
    return session.scalars(runs.order_by(BackupRunRow.id.desc()).limit(1)).one_or_none()
