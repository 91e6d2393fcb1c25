"""Restore a verified backup into a new folder, and swap it with the present office.

Nothing that exists is overwritten. A restored office replaces the present one by two renames; a note beside the
folders records them, so that the next start completes a swap that was interrupted in between.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Conflict, Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory, write_atomically
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store import layout, opening, path_length
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import copy, manifest
from fuyuan_desk.store.backup.backup import is_root
from fuyuan_desk.store.backup.manifest import Entry
from fuyuan_desk.store.backup.opened import Opened
from fuyuan_desk.store.backup.photo_pool import path_of
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.keys.keyring import Keyring
from fuyuan_desk.store.media.files import Media

MARK = "restoring.lock"
ACT = "restore"


@dataclass(frozen=True)
class Restored:
    """A restored office, with the number of photos that could not be restored."""

    path: Path
    seconds: float
    missing_photos: int


@dataclass(frozen=True)
class By:
    """Who restores, as logged in the trail; `detail` names the second person or the witness.

    `keyring`: replaces the backup's own key file when a new password was set.
    """

    operator: str
    detail: Mapping[str, Any]
    keyring: Keyring | None = None


def beside(present: Path, now: datetime) -> Path:
    """Return a free path beside the present office for a restored one."""
    day, number = f"{now.astimezone():%Y%m%d}", 1
    while os.path.lexists(path := layout.restored_beside(present, day, number)) or os.path.lexists(
        _part_of(path)
    ):
        number += 1
    return path


def _part_of(target: Path) -> Path:
    return target.with_name(target.name + layout.PART)


def restore(backup: Opened, target: Path, by: By, progress: Progress | None = None) -> Restored:
    """Create an office at `target`, which must not exist, from an opened backup, and log it in its trail.

    Raises `Conflict` when `target` exists, `Unusable` when a disk refuses or the backup changed meanwhile, `Cancelled`;
    then nothing is left.
    """
    started = time.monotonic()
    path_length.refuse_unfit_restore(target)
    target = Path(os.path.abspath(target))
    _refuse_existing(target)
    _refuse_within(target)
    part = _create_part(target, backup.listed.size)
    try:
        with _locked(part):
            work = _Copier(backup, part, progress or Progress())
            work.copy_files(by)
            missing = work.copy_photos()
            _log(backup, part, by, missing)
        _refuse_existing(target)
        _rename(part, target)
    except BaseException as problem:
        _remove(part)
        if isinstance(problem, OSError):
            raise as_unusable(problem, part) from problem
        raise
    with contextlib.suppress(OSError):  # else the next opening removes it
        files.remove(target / MARK)
    return Restored(target, time.monotonic() - started, missing)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise Conflict(
            _("{folder} already exists and is never overwritten. Choose another name.").format(folder=target)
        )


def _refuse_within(target: Path) -> None:
    above = target.parent.resolve()
    for folder in (above, *above.parents):
        if layout.is_store(folder) or is_root(folder):
            raise Conflict(
                _("{folder} belongs to an office or to its backups. Choose a folder elsewhere.").format(
                    folder=folder
                )
            )


def _create_part(target: Path, size: int) -> Path:
    part = _part_of(target)
    _clear_part(part)
    if os.path.lexists(part):
        raise Conflict(
            _("{folder} already exists and is never overwritten. Choose another name.").format(folder=part)
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(target.parent).free < size:
            raise Unusable(
                _("The disk that holds {path} is full. Free some space, then try again.").format(path=target)
            )
        part.mkdir(mode=0o700)
    except OSError as problem:
        raise as_unusable(problem, part) from problem
    return part


def _lock(part: Path) -> FileLock:
    return FileLock(part / MARK, timeout=0, thread_local=False, mode=0o600)


@contextlib.contextmanager
def _locked(part: Path) -> Iterator[None]:
    lock = _lock(part)
    try:
        lock.acquire()
    except (Timeout, NotImplementedError) as problem:
        raise Unusable(
            _("The disk that holds {folder} cannot lock files. Choose a folder on this PC.").format(
                folder=part
            )
        ) from problem
    try:
        yield
    finally:
        lock.release()


def _clear_part(part: Path) -> bool:
    """Remove what an interrupted restore left; one in progress is not touched."""
    if part.is_symlink():
        return False
    with contextlib.suppress(OSError):
        part.rmdir()  # succeeds only when empty: the disk refused the mark after the folder was created
        return True
    if not (part / MARK).is_file():
        return False
    lock = _lock(part)
    try:
        lock.acquire()
        lock.release()
    except (Timeout, OSError, NotImplementedError):
        return False
    return _remove(part)


def _remove(part: Path) -> bool:
    """Remove a partial restore and return whether it is gone; its mark goes last, as it identifies the folder."""
    with contextlib.suppress(OSError):
        for path in part.iterdir():
            if path.is_dir():
                files.remove_tree(path)
            elif path.name != MARK:
                files.remove(path)
        if [path.name for path in part.iterdir()] == [MARK]:
            files.remove(part / MARK)
        part.rmdir()
    return not os.path.lexists(part)


class _Copier:
    """Copies one backup into the folder `part`."""

    def __init__(self, backup: Opened, part: Path, progress: Progress) -> None:
        self._backup, self._part, self._progress = backup, part, progress
        total = sum(entry.size for entry in backup.listed.files.values())
        self._step = copy.Tally(progress, total, _("Database, MB"))

    def copy_files(self, by: By) -> None:
        for name in manifest.FILES:
            expected = self._backup.listed.files.get(name)
            if expected is not None:
                self._copy(name, expected)
        if by.keyring is not None:
            keyring.write(self._part, by.keyring)
        keyring.update_copy(self._part)

    def _copy(self, name: str, expected: Entry) -> None:
        source, target = self._backup.path / name, self._part / name

        def verify(written: copy.Written) -> None:
            if copy.entry(target, written=written) == expected:
                return
            if copy.entry(source) != expected:
                raise _changed(name)
            raise Unusable(
                _("What was read back from {path} is not what was written: the disk is failing.").format(
                    path=target
                )
            )

        copy.copy(source, target, self._step, verify)

    def copy_photos(self) -> int:
        """Copy the photos and return how many could not be copied."""
        listed, folder = self._backup.listed.photos, self._part / layout.MEDIA
        missing, media = 0, Media(folder, self._backup.key)
        for done, (name, expected) in enumerate(listed.items()):
            self._progress.step(done, len(listed), _("Photos"))
            if name in self._backup.missing_photos or not self._copy_photo(name, expected, folder, media):
                missing += 1
        for sub in folder.glob("*"):
            sync_directory(sub)
        self._progress.step(len(listed), len(listed), _("Photos"))
        return missing

    def _copy_photo(self, name: str, expected: Entry, folder: Path, media: Media) -> bool:
        source, target = path_of(self._backup.photos, name), path_of(folder, name)
        copy.own_folder(folder)
        copy.own_folder(target.parent)
        copy.copy(source, target)
        if copy.entry(target) == expected:
            return True
        try:  # the same photo may have been encrypted again
            media.read(name)
        except Unusable:
            files.remove(target)
            return False
        return True


def _changed(name: str) -> Unusable:
    return Unusable(
        _("{file} of this backup changed while it was restored. Choose another backup.").format(file=name)
    )


def _log(backup: Opened, part: Path, by: By, missing: int) -> None:
    """Log the restore in the restored office's own trail; opening it migrates an older office."""
    opened = opening.open_with_key(part, backup.key)
    try:
        with opened.use() as session:
            session.info[audit.ACTOR] = by.operator
            detail = {
                "backup": backup.path.name,
                "taken_at": backup.listed.taken_at,
                "missing_photos": missing,
                **by.detail,
            }
            audit.note(session, ACT, "office", None, detail)
            if by.keyring is not None:
                key_change.mark(session.connection(), by.keyring)
            session.commit()
        opened.save_trail_end()
    finally:
        opened.close()


def _rename(source: Path, target: Path) -> None:
    try:
        files.rename(source, target)
        sync_directory(target.parent)
    except OSError as problem:
        raise as_unusable(problem, source) from problem


# --- replacing the present office ----------------------------------------------------------------------


def _note_of(present: Path) -> Path:
    return present.parent / f"{present.name}.restoring"


def put_in_place(restored: Path, present: Path, now: datetime | None = None) -> Path | None:
    """Replace the present office by a restored one; return the path to which the present one was moved.

    Both must lie in one folder and be closed. Raises `Conflict` or `Unusable`; then both are as before.
    """
    restored, present = Path(os.path.abspath(restored)), Path(os.path.abspath(present))
    if restored.parent != present.parent or restored == present or not layout.is_store(restored):
        raise Conflict(
            _("Only an office that was restored beside {folder} can replace it.").format(folder=present)
        )
    interrupted = _read_note(_note_of(present))
    finish_interrupted(present)
    if interrupted is not None and interrupted[0] == restored.name and not os.path.lexists(restored):
        return present.with_name(interrupted[1])  # an earlier attempt was just completed
    if not os.path.lexists(present):
        _rename(restored, present)
        return None
    for folder in (present, restored):
        _refuse_open(folder)
    second, number = f"{(now or datetime.now(UTC)).astimezone():%Y%m%d-%H%M%S}", 1
    while os.path.lexists(aside := layout.replaced_beside(present, second, number)):
        number += 1
    note = _note_of(present)
    write_atomically(note, json.dumps({"restored": restored.name, "aside": aside.name}).encode())
    try:
        _rename(present, aside)
        try:
            _rename(restored, present)
        except BaseException:
            _rename(aside, present)
            raise
    finally:
        if os.path.lexists(present):  # else the next start needs the note
            _drop(note)
    return aside


def _drop(note: Path) -> None:
    with contextlib.suppress(OSError):
        files.remove(note)
        sync_directory(note.parent)


def _refuse_open(folder: Path) -> None:
    if layout.is_store(folder):
        store_lock.acquire(folder).release()


def finish_interrupted(present: Path) -> tuple[str, ...]:
    """Complete or undo an interrupted restore before the office at `present` is opened; report it in sentences.

    A restored office that was about to replace the present one does so; partial folders are removed. Nothing else is
    touched.
    """
    present = Path(os.path.abspath(present))
    report = []
    for part in _parts_beside(present):
        if _clear_part(part):
            report.append(
                _("The remains of an interrupted restore were removed: {name}.").format(name=part.name)
            )
    with contextlib.suppress(OSError):  # of a restore that was interrupted between its last two steps
        files.remove(present / MARK)
    note = _note_of(present)
    _remove_partial_notes(note)
    names = _read_note(note)
    if names is None:
        return tuple(report)
    restored, aside = (present.with_name(name) for name in names)
    _remove_empty_office(present)
    if not os.path.lexists(present):
        if os.path.lexists(restored):
            _rename(restored, present)
            report.append(_("An interrupted restore was completed."))
        elif os.path.lexists(aside):
            _rename(aside, present)
            report.append(_("An interrupted restore was undone; this is the office as it was before."))
    _drop(note)
    return tuple(report)


def _remove_partial_notes(note: Path) -> None:
    with contextlib.suppress(OSError):
        for path in note.parent.iterdir():
            if path.name.startswith(f".{note.stem}-") and path.suffix == ".tmp":
                files.remove(path)


def _remove_empty_office(present: Path) -> None:
    """Remove a folder that holds nothing but a lock, left by looking for an office there."""
    with contextlib.suppress(OSError):
        if all(path.name.startswith(store_lock.LOCK) for path in present.iterdir()):
            for path in present.iterdir():
                files.remove(path)
            present.rmdir()


def _parts_beside(present: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        names = (f"{present.name}{layout.PART}", f"{present.name}-restored-")
        return [
            path
            for path in present.parent.iterdir()
            if path.name == names[0] or (path.name.startswith(names[1]) and path.name.endswith(layout.PART))
        ]
    return []


def _read_note(note: Path) -> tuple[str, str] | None:
    try:
        data = json.loads(note.read_bytes())
        names = (str(data["restored"]), str(data["aside"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    # accept only folders beside it, whatever the note says
    stem = note.name.removesuffix(".restoring")
    are_names = all(Path(name).name == name and name not in ("", ".", "..") for name in names)
    return names if are_names and names[1].startswith(f"{stem}{layout.REPLACED}") else None
