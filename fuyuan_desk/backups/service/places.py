"""Backup places: the folder beside the office, a second folder, named USB sticks."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.backups import rules
from fuyuan_desk.backups.records import BackupPlaceRow, BackupRunRow
from fuyuan_desk.backups.rules import Misplaced, PlaceKind, PlaceView
from fuyuan_desk.backups.service import sticks
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store import path_length
from fuyuan_desk.store.backup import backup, copy
from fuyuan_desk.store.db.disks import on_same_disk
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.layout import backups_beside, is_store
from fuyuan_desk.store.store import Store

_LONGEST_NAME = 40


def place_views(seat: Seat, roots: Sequence[Path] | None = None) -> tuple[PlaceView, ...]:
    """List the places; the calling service checks permission."""
    with seat.reading() as session:
        kept = [_view_of(row, *last_runs(session, row.id)) for row in active_rows(session)]
    if not any(view.kind == PlaceKind.FIRST for view in kept):
        kept.insert(0, PlaceView(0, PlaceKind.FIRST, "", None, ""))
    # outside the session: querying drives may be slow
    return tuple(_as_of_now(seat.store, view, roots) for view in kept)


def active_rows(session: Session) -> list[BackupPlaceRow]:
    """Return the places in use, the default one first."""
    order = {kind.value: number for number, kind in enumerate(PlaceKind)}
    rows = session.scalars(select(BackupPlaceRow).where(BackupPlaceRow.active).order_by(BackupPlaceRow.id))
    return sorted(rows, key=lambda row: order.get(row.kind, len(order)))


def last_runs(session: Session, place_id: int) -> tuple[BackupRunRow | None, BackupRunRow | None]:
    """Return the newest good run and the newest run of a place."""
    runs = select(BackupRunRow).where(BackupRunRow.place_id == place_id).order_by(BackupRunRow.id.desc())
    return (
        session.scalars(runs.where(BackupRunRow.verified).limit(1)).one_or_none(),
        session.scalars(runs.limit(1)).one_or_none(),
    )


def first_path(store: Path) -> Path:
    """Return the default backup folder; `store` may be a relative path."""
    return backups_beside(Path(os.path.abspath(store)))


def office_uid(store: Store) -> str:
    """Return the unique id of an office."""
    return keyring.read(store.folder).store_uid


def root_in(store: Store, place: Path) -> Path:
    """Return the folder in a place for the backups made under the office's present key."""
    return backup.root_of(place, keyring.read(store.folder).backup_series)


def is_of_earlier_key(store: Store, path: Path) -> bool:
    """Return whether a backup was made under another key of this office than the present one, by its key file."""
    own = keyring.read(store.folder)
    try:
        keys = keyring.parse((path / keyring.FILE).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return keys.store_uid == own.store_uid and keys.series != own.series


def earlier_key_text() -> str:
    """Return why a backup made under an earlier key cannot be checked with the present one."""
    return _(
        "This backup was made under an earlier key of the office. It opens with the passwords of that time only; to"
        " look into it, restore it into a new folder."
    )


def _if_usable(path: Path) -> Path | None:
    """Return the default folder if it exists or can be created."""
    return path if os.path.isdir(path) or os.path.isdir(path.parent) else None


def _view_of(row: BackupPlaceRow, good: BackupRunRow | None, last: BackupRunRow | None) -> PlaceView:
    return PlaceView(
        row.id,
        PlaceKind(row.kind),
        row.name,
        None,
        row.path,
        good.at if good else None,
        last.at if last else None,
        last.fault if last else "",
        good.name if good else "",
        last_run=good.id if good else 0,
    )


def _as_of_now(store: Store, view: PlaceView, roots: Sequence[Path] | None) -> PlaceView:
    path, shown = _where(store, view, roots)
    if path is None:
        return replace(view, path=None, shown_path=shown)
    return replace(
        view,
        path=path,
        shown_path=shown,
        is_found=bool(view.last_name) and os.path.isdir(root_in(store, path) / view.last_name),
        on_office_disk=on_same_disk(path, store.folder),
    )


def _where(store: Store, view: PlaceView, roots: Sequence[Path] | None) -> tuple[Path | None, str]:
    """Return the folder of a place, None while it is absent, and its path as text."""
    if view.kind is PlaceKind.FIRST:
        first = first_path(store.folder)
        return _if_usable(first), str(first)
    if view.kind is PlaceKind.STICK:
        drive = sticks.find_stick(view.name, office_uid(store), roots)
        return drive, str(drive or view.shown_path)
    folder = Path(view.shown_path)
    return folder if os.path.isdir(folder) else None, view.shown_path


def require_suitable(store: Store, place: Path, others: Sequence[Path]) -> None:
    """Raise `InvalidInput` for a place inside an office, inside a backup, in use already, or with a path too long."""
    resolved = place.resolve()
    stores = [store.folder.resolve()]
    stores += [path for path in (resolved, *resolved.parents) if is_store(path)]
    why = rules.misplaced(resolved, stores, [other.resolve() for other in others], backup.PREFIX)
    if why is Misplaced.IN_OFFICE:
        sentence = _("{folder} is inside the office's own folder. Choose another folder.")
    elif why is Misplaced.IN_BACKUP:
        sentence = _("{folder} is inside a backup. Choose another folder.")
    elif why is Misplaced.TAKEN:
        sentence = _("{folder} is already a backup location. Choose another folder.")
    else:
        return _refuse_unfit(place)
    message = sentence.format(folder=place)
    raise InvalidInput(message, {"folder": message})


def _refuse_unfit(place: Path) -> None:
    try:
        path_length.refuse_unfit_place(place)
    except Unusable as problem:
        raise InvalidInput(problem.message, {"folder": problem.message}) from problem


def _other_places(seat: Seat, except_kind: PlaceKind | None) -> list[Path]:
    with seat.reading() as session:
        paths = [(row.kind, row.path) for row in active_rows(session)]
    first = first_path(seat.store.folder)
    return [first, *(Path(path) for kind, path in paths if path and kind != except_kind)]


@permit(Role.ADMIN)
def set_second_folder(seat: Seat, folder: Path) -> None:
    """Back up to `folder` too, replacing any previous second folder; it must exist."""
    if not os.path.isdir(folder):
        message = _(
            "The folder {folder} was not found. Check that the disk or USB drive is plugged in."
        ).format(folder=folder)
        raise InvalidInput(message, {"folder": message})
    folder = folder.absolute()
    require_suitable(seat.store, folder, _other_places(seat, PlaceKind.SECOND))
    with seat.transaction() as session:
        for row in active_rows(session):
            if row.kind == PlaceKind.SECOND:
                if Path(row.path) == folder:
                    return
                row.active = False
        session.add(BackupPlaceRow(kind=PlaceKind.SECOND, name="", path=str(folder)))


@permit(Role.ADMIN)
def name_stick(seat: Seat, drive: Path, name: str) -> None:
    """Back up to a USB stick whenever it is connected; `name` is written to it to recognise it."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        message = _("Enter a name of 1 to {most} characters for the USB drive.").format(most=_LONGEST_NAME)
        raise InvalidInput(message, {"name": message})
    require_suitable(seat.store, drive, [first_path(seat.store.folder)])
    with seat.transaction() as session:
        rows = [row for row in active_rows(session) if row.kind == PlaceKind.STICK]
        if any(row.name == name for row in rows):
            message = _("A USB drive with this name already exists. Choose another name.")
            raise Conflict(message, {"name": message})
        session.add(BackupPlaceRow(kind=PlaceKind.STICK, name=name, path=str(drive)))
        session.flush()
        sticks.mark(
            drive, name, office_uid(seat.store)
        )  # last: if the stick cannot be written, no row is left


@permit(Role.ADMIN)
def forget_place(seat: Seat, place_id: int, roots: Sequence[Path] | None = None) -> None:
    """Stop backing up to a place; its existing backups are kept, and the first place cannot be removed."""
    with seat.transaction() as session:
        row = session.get(BackupPlaceRow, place_id)
        if row is None or not row.active:
            raise NotFound(_("This location no longer exists. Reload the list."))
        if row.kind == PlaceKind.FIRST:
            raise Conflict(_("Backups always go to the folder beside the office."))
        row.active = False
        name, kind = row.name, row.kind
    drive = sticks.find_stick(name, office_uid(seat.store), roots) if kind == PlaceKind.STICK else None
    if drive is not None:
        with contextlib.suppress(Unusable):  # a read-only stick keeps its marker, which no longer matters
            sticks.unmark(drive, office_uid(seat.store))


def first_row(session: Session) -> BackupPlaceRow:
    """Return the row of the default folder, adding it with the first backup."""
    rows = [row for row in active_rows(session) if row.kind == PlaceKind.FIRST]
    if rows:
        return rows[0]
    row = BackupPlaceRow(kind=PlaceKind.FIRST, name="", path="")
    session.add(row)
    session.flush()
    return row


def make_first(store: Store, path: Path) -> None:
    """Create the default folder if missing."""
    require_suitable(store, path, ())
    copy.own_folder(path)
