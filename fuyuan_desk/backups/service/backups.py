"""Backups: whether one is due, making it, and its status.

`back_up` does not block other work and may run on any thread, beside the database's own.
"""

import contextlib
import errno
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import Draft
from fuyuan_desk.access.seat import EVERYONE, STAFF, Seat, permit
from fuyuan_desk.backups import rules
from fuyuan_desk.backups.records import BackupRunRow
from fuyuan_desk.backups.rules import BackupStatus, LastRun, PlaceKind, PlaceView, Why
from fuyuan_desk.backups.service import places, reach
from fuyuan_desk.core.clock import is_ahead
from fuyuan_desk.core.errors import DiskFull, UserError
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import entries
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import backup
from fuyuan_desk.store.backup.backup import Written

BACKUP, BACKUP_FAILED = "backup", "backup_failed"
# audit actions that do not call for another backup
_QUIET = (BACKUP, BACKUP_FAILED, "sign_in", "sign_in_failed", "refused", reach.CONTRADICTS)


@dataclass(frozen=True)
class Outcome:
    """Result of a backup to one place; when it failed, `path` is None and `words` is the reason."""

    place: PlaceView
    path: Path | None = None
    size: int = 0
    seconds: float = 0.0
    missing_photos: int = 0
    words: str = ""

    @property
    def is_good(self) -> bool:
        """Whether a verified backup was made."""
        return self.path is not None


@dataclass(frozen=True)
class BackupReport:
    """Results of a backup for each place; empty when nothing was due."""

    outcomes: tuple[Outcome, ...]

    @property
    def is_good(self) -> bool:
        """Whether at least one verified backup was made and none failed; an absent place is no failure."""
        made = [outcome for outcome in self.outcomes if outcome.place.is_present]
        return any(outcome.is_good for outcome in made) and all(outcome.is_good for outcome in made)


@permit(*EVERYONE)
def status(seat: Seat, roots: Sequence[Path] | None = None) -> BackupStatus:
    """Return the state of each place, and what was changed since the newest good backup."""
    views = places.place_views(seat, roots)
    found = BackupStatus(views, contradiction=reach.furthest_contradiction(seat, views))
    newest = found.newest
    if newest is None:
        return found
    with seat.reading() as session:
        good, _last = places.last_runs(session, newest.id)
        entry = None if good is None else _last_entry_of(session, good)
        # an older file put in place of the database holds fewer entries than were backed up
        if entry is None or entries.last_id(session.connection()) < entry:
            return found
        changes, last = entries.changes_after(session.connection(), entry, _QUIET)
    return replace(found, changes=changes, counted_to=last)


@permit(*EVERYONE)
def count_changes(seat: Seat, counted: BackupStatus) -> BackupStatus:
    """Return a status with what was changed since it was read; only the entries of the trail since then are read."""
    if counted.changes is None:
        return counted
    with seat.reading() as session:
        changes, last = entries.changes_after(session.connection(), counted.counted_to, _QUIET)
    return replace(counted, changes=counted.changes + changes, counted_to=last)


@permit(*EVERYONE)
def back_up(
    seat: Seat,
    progress: Progress | None = None,
    why: Why = Why.ASKED,
    roots: Sequence[Path] | None = None,
) -> BackupReport:
    """Back up to each place: to all when requested by the user, else to those where a backup is due.

    A place that is absent or fails is reported and does not stop the others; `Cancelled` leaves nothing incomplete.
    """
    # before the copy, which this write would outdate; a full disk is one more reason to copy elsewhere
    with contextlib.suppress(DiskFull), seat.transaction() as session:
        places.first_row(session)
    outcomes = []
    for view in _chosen(seat, why, roots):
        if view.path is None:
            outcomes.append(Outcome(view, words=_("Not connected or not found.")))
            continue
        outcomes.append(_back_up_to_place(seat, view, view.path, why, progress))
    return BackupReport(tuple(outcomes))


@permit(*STAFF)
def back_up_to(seat: Seat, folder: Path) -> Outcome:
    """Back up once to a folder that is none of the places; raise `UserError` on failure."""
    folder = folder.absolute()
    if not os.path.isdir(folder):
        raise as_unusable(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)), folder / "-")
    places.require_suitable(seat.store, folder, ())
    made = backup.write_backup(seat.store, folder, seat.now(), rules.kept_generations, deep=True)
    with contextlib.suppress(DiskFull), seat.transaction() as session:
        audit.note(
            session, BACKUP, BackupRunRow.__tablename__, None, _detail(made, Why.ASKED, "", str(folder))
        )
    view = PlaceView(0, PlaceKind.SECOND, "", folder, str(folder))
    return Outcome(view, made.path, made.size, made.seconds, made.missing_photos)


def _chosen(seat: Seat, why: Why, roots: Sequence[Path] | None) -> tuple[PlaceView, ...]:
    views = places.place_views(seat, roots)
    if why is Why.ASKED:
        return views
    present = [view for view in views if view.is_present]
    if why is Why.DAILY:
        return tuple(view for view in present if _day_is_due(seat, view))
    with seat.reading() as session:
        return tuple(view for view in present if _changed_since(session, view, seat.now()))


def _day_is_due(seat: Seat, view: PlaceView) -> bool:
    last = LastRun(view.last_good if view.has_copy else None, view.last_tried, bool(view.fault))
    return rules.is_due(last, seat.now(), lambda at: at.astimezone().date())


def _changed_since(session: Session, view: PlaceView, now: datetime) -> bool:
    good, _last = places.last_runs(session, view.id)
    if good is None or not view.has_copy:
        return True
    newest = select(func.max(AuditEntry.id)).where(AuditEntry.action.not_in(_QUIET))
    drafts = select(Draft.id).limit(1)
    if not is_ahead(good.at, now):  # otherwise its date says nothing: any draft may be newer
        drafts = drafts.where(Draft.saved_at > good.at)
    entry = _last_entry_of(session, good) or 0
    return (session.scalar(newest) or 0) > entry or session.scalar(drafts) is not None


def _last_entry_of(session: Session, run: BackupRunRow) -> int | None:
    """Return the last audit entry's number when a backup was made; None when unknown."""
    changes = (
        select(AuditEntry.changes)
        .where(AuditEntry.action == BACKUP, AuditEntry.record_id == run.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return int(json.loads(session.scalar(changes) or "")["entry"])
    return None


def _back_up_to_place(
    seat: Seat, view: PlaceView, path: Path, why: Why, progress: Progress | None
) -> Outcome:
    at = seat.now()
    try:
        if view.kind is PlaceKind.FIRST:
            places.make_first(seat.store, path)
        places.require_suitable(seat.store, path, ())
        made = backup.write_backup(
            seat.store,
            path,
            at,
            rules.kept_generations,
            progress,
            deep=_is_new_week(view, at),
            from_disk=view.kind is PlaceKind.STICK,
        )
    except UserError as refusal:
        _record(seat, view, at, why, None, refusal.message)
        return Outcome(view, words=refusal.message)
    _record(seat, view, at, why, made, "")
    return Outcome(view, made.path, made.size, made.seconds, made.missing_photos)


def _is_new_week(view: PlaceView, at: datetime) -> bool:
    """Whether this is the week's first backup there, for which every page of the copy is checked."""
    last = view.last_good
    return last is None or last.astimezone().isocalendar()[:2] != at.astimezone().isocalendar()[:2]


def _record(seat: Seat, view: PlaceView, at: datetime, why: Why, made: Written | None, fault: str) -> None:
    if not view.id:  # the disk had no room even for the place
        return
    # a finished backup counts, even when the office's disk is too full to record it
    with contextlib.suppress(UserError), seat.transaction() as session:
        run = BackupRunRow(
            place_id=view.id,
            at=at,
            name=made.path.name if made else "",
            size=made.size if made else 0,
            milliseconds=int(made.seconds * 1000) if made else 0,
            verified=made is not None,
            fault=fault,
        )
        session.add(run)
        session.flush()
        detail = (
            _detail(made, why, view.name, view.shown_path) if made else {"why": why.value, "fault": fault}
        )
        audit.note(session, BACKUP if made else BACKUP_FAILED, BackupRunRow.__tablename__, run.id, detail)
        audit.mark_changed(session, BackupRunRow.__tablename__)


def _detail(made: Written, why: Why, name: str, path: str) -> dict[str, object]:
    return {
        "why": why.value,
        "place": name or path,
        "folder": made.path.name,
        "size": made.size,
        "milliseconds": int(made.seconds * 1000),
        "entry": made.entry,
        "pruned": list(made.pruned),
    }
