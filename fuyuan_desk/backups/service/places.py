"""Where backups go: the folder beside the office, a second folder, sticks that are known by a name."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, Role, Seat, permit
from fuyuan_desk.backups import rules
from fuyuan_desk.backups.records import BackupPlaceRow, BackupRunRow
from fuyuan_desk.backups.rules import Misplaced, PlaceKind
from fuyuan_desk.backups.service import sticks
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup import backup
from fuyuan_desk.store.backup import copy as copying
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.layout import is_store
from fuyuan_desk.store.store import Store

_LONGEST_NAME = 40


@dataclass(frozen=True)
class PlaceView:
    """A place for backups; `path` is where it is now, None while it is away, `fault` what went wrong last, in words."""

    id: int
    kind: PlaceKind
    name: str
    path: Path | None
    shown_path: str
    last_good: datetime | None = None
    last_tried: datetime | None = None
    fault: str = ""

    @property
    def is_present(self) -> bool:
        """Whether a backup could be written there now."""
        return self.path is not None


@permit(*STAFF)
def list_places(seat: Seat, roots: Sequence[Path] | None = None) -> tuple[PlaceView, ...]:
    """List the places; `roots` are the drives to look for sticks on, all that are plugged in when None."""
    return place_views(seat, roots)


def place_views(seat: Seat, roots: Sequence[Path] | None = None) -> tuple[PlaceView, ...]:
    """List the places within a service that states who may."""
    with seat.reading() as session:
        kept = [_kept(row, *last_runs(session, row.id)) for row in active_rows(session)]
    if not any(view.kind == PlaceKind.FIRST for view in kept):
        kept.insert(0, PlaceView(0, PlaceKind.FIRST, "", None, ""))
    # asking drives may take a while, and nobody waits for it
    return tuple(_as_of_now(seat.store, view, roots) for view in kept)


def active_rows(session: Session) -> list[BackupPlaceRow]:
    """Read the places that are in use, the first one first."""
    order = {kind.value: number for number, kind in enumerate(PlaceKind)}
    rows = session.scalars(select(BackupPlaceRow).where(BackupPlaceRow.active).order_by(BackupPlaceRow.id))
    return sorted(rows, key=lambda row: order.get(row.kind, len(order)))


def last_runs(session: Session, place_id: int) -> tuple[BackupRunRow | None, BackupRunRow | None]:
    """Give the newest good run and the newest run of a place."""
    runs = select(BackupRunRow).where(BackupRunRow.place_id == place_id).order_by(BackupRunRow.id.desc())
    return (
        session.scalars(runs.where(BackupRunRow.verified).limit(1)).one_or_none(),
        session.scalars(runs.limit(1)).one_or_none(),
    )


def first_path(store: Path) -> Path:
    """Give the folder beside the office's own, however that was written."""
    return rules.default_place(Path(os.path.abspath(store)))


def office_uid(store: Store) -> str:
    """Give the name by which offices are told apart."""
    return keyring.read(store.folder).store_uid


def _standing(path: Path) -> Path | None:
    """Give the folder beside the office's own when it is there or can be made."""
    return path if path.is_dir() or path.parent.is_dir() else None


def _kept(row: BackupPlaceRow, good: BackupRunRow | None, last: BackupRunRow | None) -> PlaceView:
    return PlaceView(
        row.id,
        PlaceKind(row.kind),
        row.name,
        None,
        row.path,
        good.at if good else None,
        last.at if last else None,
        last.fault if last else "",
    )


def _as_of_now(store: Store, view: PlaceView, roots: Sequence[Path] | None) -> PlaceView:
    if view.kind is PlaceKind.FIRST:
        first = first_path(store.folder)
        return replace(view, path=_standing(first), shown_path=str(first))
    if view.kind is PlaceKind.STICK:
        drive = sticks.find_stick(view.name, office_uid(store), roots)
        return replace(view, path=drive, shown_path=str(drive or view.shown_path))
    folder = Path(view.shown_path)
    return replace(view, path=folder if folder.is_dir() else None)


def demand_sensible(store: Store, place: Path, others: Sequence[Path]) -> None:
    """Refuse a place within an office, within a backup, or that is one already."""
    resolved = place.resolve()
    stores = [store.folder.resolve()]
    stores += [path for path in (resolved, *resolved.parents) if is_store(path)]
    why = rules.misplaced(resolved, stores, [other.resolve() for other in others], backup.PREFIX)
    if why is Misplaced.IN_OFFICE:
        sentence = _("{folder} lies in the office's own folder. Choose another folder.")
    elif why is Misplaced.IN_BACKUP:
        sentence = _("{folder} lies within a backup. Choose another folder.")
    elif why is Misplaced.TAKEN:
        sentence = _("Backups go to {folder} already. Choose another folder.")
    else:
        return
    told = sentence.format(folder=place)
    raise InvalidInput(told, {"folder": told})


def _other_places(seat: Seat, besides: PlaceKind | None) -> list[Path]:
    with seat.reading() as session:
        told = [(row.kind, row.path) for row in active_rows(session)]
    first = first_path(seat.store.folder)
    return [first, *(Path(path) for kind, path in told if path and kind != besides)]


@permit(Role.ADMIN)
def set_second_folder(seat: Seat, folder: Path) -> None:
    """Have every backup go to `folder` too, in place of any second folder before; it must be there."""
    if not folder.is_dir():
        told = _("The folder {folder} is not there. Check that the disk or stick is plugged in.").format(
            folder=folder
        )
        raise InvalidInput(told, {"folder": told})
    folder = folder.absolute()
    demand_sensible(seat.store, folder, _other_places(seat, PlaceKind.SECOND))
    with seat.transaction() as session:
        for row in active_rows(session):
            if row.kind == PlaceKind.SECOND:
                if Path(row.path) == folder:
                    return
                row.active = False
        session.add(BackupPlaceRow(kind=PlaceKind.SECOND, name="", path=str(folder)))


@permit(Role.ADMIN)
def name_stick(seat: Seat, drive: Path, name: str) -> None:
    """Have backups go to a stick whenever it is plugged in; `name` is written onto it and found again."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        told = _("Give the stick a name of 1 to {most} signs.").format(most=_LONGEST_NAME)
        raise InvalidInput(told, {"name": told})
    demand_sensible(seat.store, drive, [first_path(seat.store.folder)])
    with seat.transaction() as session:
        rows = [row for row in active_rows(session) if row.kind == PlaceKind.STICK]
        if any(row.name == name for row in rows):
            told = _("There is already a stick of this name. Choose another.")
            raise Conflict(told, {"name": told})
        session.add(BackupPlaceRow(kind=PlaceKind.STICK, name=name, path=str(drive)))
        session.flush()
        sticks.mark(drive, name, office_uid(seat.store))  # last, so that a stick that refuses leaves no row


@permit(Role.ADMIN)
def forget_place(seat: Seat, place_id: int, roots: Sequence[Path] | None = None) -> None:
    """Have no more backups go to a place; those that are there stay. The first place cannot be forgotten."""
    with seat.transaction() as session:
        row = session.get(BackupPlaceRow, place_id)
        if row is None or not row.active:
            raise NotFound(_("This place is no longer there. Reload the list."))
        if row.kind == PlaceKind.FIRST:
            raise Conflict(_("The folder beside the office always gets backups."))
        row.active = False
        name, kind = row.name, row.kind
    drive = sticks.find_stick(name, office_uid(seat.store), roots) if kind == PlaceKind.STICK else None
    if drive is not None:
        with contextlib.suppress(
            Unusable
        ):  # a stick that only reads keeps its name; nobody asks for it any more
            sticks.unmark(drive, office_uid(seat.store))


def first_row(session: Session) -> BackupPlaceRow:
    """Give the row of the folder beside the office, made with its first backup."""
    rows = [row for row in active_rows(session) if row.kind == PlaceKind.FIRST]
    if rows:
        return rows[0]
    row = BackupPlaceRow(kind=PlaceKind.FIRST, name="", path="")
    session.add(row)
    session.flush()
    return row


def make_first(store: Store, path: Path) -> None:
    """Make the folder beside the office when it is not there."""
    demand_sensible(store, path, ())
    copying.own_folder(path)
