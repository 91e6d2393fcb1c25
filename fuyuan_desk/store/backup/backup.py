"""Backups of a store: complete, verified folders side by side that share one pool of photos.

    <place>/fuyuan-backup-<series>/<YYYYMMDD-HHMMSS>/  store.db keys.json trail.json manifest.json
    <place>/fuyuan-backup-<series>/media/ab/<name>.bin

A series holds the backups made under one key of the office; after a change of the key they go into another one, and
those before stay as they are.
A folder has a temporary name until everything in it is durable and was read back; a failed backup leaves nothing.
Everything is encrypted as in the store. The folder names are local time, as the clerk reads it.
"""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from fuyuan_desk.core import files
from fuyuan_desk.core.clock import is_ahead
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory
from fuyuan_desk.core.installation import program_version
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup import copy, manifest, snapshot
from fuyuan_desk.store.backup.manifest import Entry, Manifest
from fuyuan_desk.store.backup.photo_pool import PhotoPool
from fuyuan_desk.store.backup.snapshot import Snapshot
from fuyuan_desk.store.db import readers
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.db.readers import Facts
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.store import Store

PREFIX = "fuyuan-backup-"
LOCK = "backup.lock"
_PART, _GONE = ".part", ".gone"
_UNKNOWN_VERSION = "0"
_STAMP = "%Y%m%d-%H%M%S"
_STAMPED = re.compile(r"[0-9]{8}-[0-9]{6}")
_ROOT = re.compile(rf"{PREFIX}[0-9a-f]{{8}}")
Keep = Callable[[Collection[datetime], datetime, Mapping[datetime, int]], Collection[datetime]]
"""Returns which backups are kept, of their local times, of now, and of the last entry of the trail that each holds."""


@dataclass(frozen=True)
class Written:
    """A completed backup: bytes of all its files, seconds it took, photos missing in the store itself.

    `entry` is the last entry of the trail; `pruned` the folders of older backups that were removed.
    """

    path: Path
    size: int
    seconds: float
    entry: int
    missing_photos: int = 0
    pruned: tuple[str, ...] = ()


def root_of(place: Path, series: str) -> Path:
    """Return the folder of one office's backups in a backup location, made under one key (`Keyring.backup_series`)."""
    return place / f"{PREFIX}{series}"


def is_root(folder: Path) -> bool:
    """Return whether a folder's name is that of an office's backups."""
    return _ROOT.fullmatch(folder.name) is not None


def stamp_of(folder: Path) -> datetime | None:
    """Return the local time in the name of a backup's folder, None for any other folder."""
    if not _STAMPED.fullmatch(folder.name):
        return None
    try:
        return datetime.strptime(folder.name, _STAMP)  # noqa: DTZ007 - local, as the clerk reads it
    except ValueError:
        return None


def generations(root: Path) -> list[Path]:
    """List the folders of complete backups, oldest first; raise `OSError` when the disk refuses."""
    return sorted(
        path for path in root.iterdir() if stamp_of(path) and path.is_dir() and not path.is_symlink()
    )


def latest(root: Path, now: datetime, most: int | None) -> list[Path]:
    """List the newest complete backups by name, newest first: `most` of them, and as many of those dated after `now`.

    Those come from a wrong clock, and only their manifests show which are the newest. All for None; raises `OSError`.
    """
    found, local = generations(root)[::-1], now.astimezone().replace(tzinfo=None)
    ahead = [path for path in found if (stamp := stamp_of(path)) and is_ahead(stamp, local)]
    return [*ahead[:most], *found[len(ahead) :][:most]]


def write_backup(
    store: Store,
    place: Path,
    at: datetime,
    keep: Keep | None = None,
    progress: Progress | None = None,
    deep: bool = False,
    from_disk: bool = False,
) -> Written:
    """Back up the store into `place`, read it back, then remove older backups that `keep` does not return.

    `deep`: check every page against the key too. `from_disk`: read back past the page cache. May run on any thread
    while others use the store. Raises `Unusable` when a disk refuses or the copy differs, `Cancelled`; then the place
    is as before.
    """
    started = time.monotonic()
    progress = progress or Progress()
    with store.copying.passing():  # the key is not changed meanwhile
        key = store.key
        keys = keyring.read(store.folder)
        uid, root = keys.store_uid, _prepare_root(place, keys.backup_series)
        with _exclusive(root):
            _clear_leftovers(root)
            part = _new_part(root, at)
            try:
                writer = _Writer(store, key, root, part, progress, from_disk)
                listed = writer.write(at, deep)
                final = part.with_suffix("")
                _publish(part, final)
            except BaseException:
                with contextlib.suppress(OSError):
                    files.remove_tree(part)
                raise
            pruned = () if keep is None else prune(root, uid, key, final, at, keep)
    seconds = time.monotonic() - started
    return Written(final, listed.size, seconds, listed.facts.entry, writer.missing, pruned)


def _prepare_root(place: Path, series: str) -> Path:
    if not os.path.isdir(place):
        raise Unusable(
            _("The folder {folder} was not found. Check that the disk or USB drive is plugged in.").format(
                folder=place
            )
        )
    root = root_of(place, series)
    copy.own_folder(root)
    return root


@contextlib.contextmanager
def _exclusive(root: Path) -> Iterator[None]:
    lock = FileLock(root / LOCK, timeout=0, thread_local=False, mode=0o600)
    with contextlib.suppress(NotImplementedError):  # a disk that cannot lock is not shared either
        try:
            lock.acquire()
        except Timeout as taken:
            raise Unusable(
                _("Another backup is being written into {folder}. Wait until it is done.").format(folder=root)
            ) from taken
        except OSError as problem:
            raise as_unusable(problem, root) from problem
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the USB drive may be unplugged
            lock.release()


def _clear_leftovers(root: Path) -> None:
    """Remove what an interrupted backup left; only the holder of the lock may call this."""
    try:
        for path in root.iterdir():
            own = path.suffix in (_PART, _GONE) and _STAMPED.fullmatch(path.stem)
            if own and not path.is_symlink():
                files.remove_tree(path)
    except OSError as problem:
        raise as_unusable(problem, root) from problem


def _new_part(root: Path, at: datetime) -> Path:
    moment = at.astimezone().replace(tzinfo=None, microsecond=0)
    while os.path.lexists(root / moment.strftime(_STAMP)):
        moment += timedelta(seconds=1)
    part = root / f"{moment.strftime(_STAMP)}{_PART}"
    try:
        part.mkdir(mode=0o700)
    except OSError as problem:
        raise as_unusable(problem, root) from problem
    return part


def _publish(part: Path, final: Path) -> None:
    try:
        sync_directory(part)
        files.rename(part, final)
        sync_directory(final.parent)
    except OSError as problem:
        raise as_unusable(problem, final) from problem


class _Writer:
    """Writes one backup into the folder `part`."""

    def __init__(
        self, store: Store, key: bytes, root: Path, part: Path, progress: Progress, from_disk: bool
    ) -> None:
        self._store, self._key, self._root, self._part = store, key, root, part
        self._progress, self._from_disk = progress, from_disk
        self.missing = 0

    def write(self, at: datetime, deep: bool) -> Manifest:
        with snapshot.open_snapshot(self._store) as source:
            _require_space(self._root, os.path.getsize(source.file))
            files, facts = self._copy_database(source, deep)
            for name, content in source.small.items():
                files[name] = copy.write_new(self._part / name, content)
            uid, names = source.store_uid, source.photos
        photos = self._copy_photos(uid, names, at)
        listed = Manifest(uid, at, program_version() or _UNKNOWN_VERSION, facts, files, photos)
        content = manifest.to_bytes(listed, self._key)
        copy.write_new(self._part / manifest.FILE, content)
        self._verify_small_files(listed, content)
        return listed

    def _copy_database(self, moment: Snapshot, deep: bool) -> tuple[dict[str, Entry], Facts]:
        source, target = moment.file, self._part / DATABASE
        step = copy.Tally(self._progress, os.path.getsize(source), _("Database, MB"))
        read_back: list[Entry | None] = []

        def verify(written: copy.Written) -> None:
            if not self._from_disk:  # reads come from the page cache; no need to wait for the disk
                read_back.append(copy.compared(source, target, written=written))

        with ThreadPoolExecutor(2, "verify") as executor:
            expected = executor.submit(moment.facts)
            # of the original, which does not change: the copy must be identical to it anyway
            broken = executor.submit(readers.broken_pages_of, source, self._key) if deep else None
            copy.copy(source, target, step, verify)
            if self._from_disk:
                read_back.append(copy.compared(source, target, from_disk=True))
            copied = read_back[0]
            if copied is None:
                raise _differs(target)
            with readable_database_errors(self._part):
                found = readers.facts_of(target, self._key)
                same = found == expected.result()
                if broken is not None and broken.result():
                    raise _is_broken(source)
        if not same:
            raise _differs(target)
        return {DATABASE: copied}, found

    def _copy_photos(self, uid: str, names: Sequence[str], at: datetime) -> dict[str, Entry]:
        if not names:
            return {}
        copies = PhotoPool(self._store.folder / MEDIA, self._root / MEDIA, self._key)
        known = _known_photos(self._root, uid, self._key, at)
        listed = copies.bring_up_to_date(names, known, at.astimezone().toordinal(), self._progress)
        self.missing = len(names) - len(listed)
        return listed

    def _verify_small_files(self, listed: Manifest, content: bytes) -> None:
        for name, expected in listed.files.items():
            if name != DATABASE and copy.entry(self._part / name) != expected:
                raise _differs(self._part / name)
        path = self._part / manifest.FILE
        try:
            read_back = path.read_bytes()
        except OSError as problem:
            raise as_unusable(problem, path) from problem
        if read_back != content or not manifest.is_sealed(manifest.parse(content), self._key):
            raise _differs(path)


def _is_broken(path: Path) -> Unusable:
    return Unusable(
        _("The office's file {path} is damaged. Older backups are kept; have the office checked.").format(
            path=path
        )
    )


def _differs(path: Path) -> Unusable:
    return Unusable(
        _(
            "What was read back from {path} is not what was written: the disk or USB drive is failing. Use another one,"
            " and have the office checked."
        ).format(path=path)
    )


def _require_space(folder: Path, needed: int) -> None:
    with contextlib.suppress(OSError):
        if shutil.disk_usage(folder).free < needed:
            raise Unusable(
                _("The disk that holds {path} is full. Free some space, then try again.").format(path=folder)
            )


def _own_manifest(folder: Path, uid: str, key: bytes) -> Manifest | None:
    """Return the manifest of a backup that this office wrote and nobody changed, None for anything else."""
    try:
        listed = manifest.read(folder)
    except (Unusable, manifest.NotOurs):
        return None
    return listed if listed.store_uid == uid and manifest.is_sealed(listed, key) else None


def _known_photos(root: Path, uid: str, key: bytes, now: datetime) -> dict[str, Entry]:
    """Return the photos in this place as listed by the newest backup."""
    try:
        found = latest(root, now, 1)
    except OSError as problem:
        raise as_unusable(problem, root) from problem
    own = [listed for path in found if (listed := _own_manifest(path, uid, key)) is not None]
    return max(own, key=lambda listed: listed.facts.entry).photos if own else {}


def prune(root: Path, uid: str, key: bytes, newest: Path, now: datetime, keep: Keep) -> tuple[str, ...]:
    """Remove older backups that `keep` does not return, and photos that no remaining one lists.

    What cannot be read as this office's own is never touched, and then no photo either. Disk errors are ignored: the
    next backup tries again. Returns the names of the removed folders.
    """
    pruned = []
    with contextlib.suppress(OSError):
        own = {path: _own_manifest(path, uid, key) for path in generations(root)}
        stamps = {stamp: path for path, listed in own.items() if listed and (stamp := stamp_of(path))}
        entries = {stamp: listed.facts.entry for stamp, path in stamps.items() if (listed := own[path])}
        kept = keep(stamps.keys(), now.astimezone().replace(tzinfo=None), entries)
        for stamp, path in stamps.items():
            if stamp not in kept and path != newest:
                gone = path.with_name(path.name + _GONE)
                files.rename(path, gone)
                files.remove_tree(gone)
                del own[path]
                pruned.append(path.name)
        remaining = list(own.values())
        if pruned and None not in remaining:
            named = {name for listed in remaining if listed for name in listed.photos}
            PhotoPool(Path(), root / MEDIA, key).drop_all_but(named)
    return tuple(pruned)
