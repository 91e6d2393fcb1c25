"""The photos of a backup location: each stored once, under the name that records refer to."""

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, remove, replace, sync_directory
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup import copy
from fuyuan_desk.store.backup.manifest import Entry
from fuyuan_desk.store.media.files import Media

SUFFIX = ".bin"
_NAMED = re.compile(r"[0-9a-f]{64}\.bin")
PARTIAL = ".copy"
"""Takes the place of the suffix while a photo is copied."""
_DAYS = 7


def path_of(folder: Path, name: str) -> Path:
    """Return the path of the photo `name` below `folder`."""
    return folder / name[:2] / (name + SUFFIX)


def is_due(name: str, day: int) -> bool:
    """Return whether this photo is to be verified on this day: each one is, once in seven days."""
    return int(name[:2], 16) % _DAYS == day % _DAYS


class PhotoPool:
    """The encrypted photos below `target`, copied from those below `source`."""

    def __init__(self, source: Path, target: Path, key: bytes) -> None:
        self._source, self._target = source, target
        self._originals, self._copies = Media(source, key), Media(target, key)

    def bring_up_to_date(
        self, names: Sequence[str], known: Mapping[str, Entry], day: int, progress: Progress
    ) -> dict[str, Entry]:
        """Copy what is missing or damaged and return size and hash of each photo that is present at the end.

        A seventh of the photos is verified each day, the rest by size only. A photo that is missing or was altered in
        the store itself never replaces a sound copy.
        """
        copy.own_folder(self._target)
        self._remove_partial_files()
        listed, touched = {}, set()
        for done, name in enumerate(names):
            progress.step(done, len(names), _("Photos"))
            entry = self._verify(name, known.get(name), is_due(name, day))
            if entry is None:
                entry = self._copy(name)
                touched.add(path_of(self._target, name).parent)
            if entry is not None:
                listed[name] = entry
        for folder in touched:
            copy.sync_folder(folder)
        progress.step(len(names), len(names), _("Photos"))
        return listed

    def _verify(self, name: str, known: Entry | None, deep: bool) -> Entry | None:
        path = path_of(self._target, name)
        if known is not None and not copy.is_plain(path, known.size):
            return None
        if known is not None and not deep:
            return known
        if not path.is_file() or path.is_symlink():
            return None
        found = copy.entry(path)
        return found if found == known or self._opens(self._copies, name) else None

    @staticmethod
    def _opens(media: Media, name: str) -> bool:
        try:
            media.read(name)
        except Unusable:
            return False
        return True

    def _copy(self, name: str) -> Entry | None:
        source, target = path_of(self._source, name), path_of(self._target, name)
        if not self._opens(self._originals, name):
            # the caller reports what is missing; the copy in the backup may be the only good one
            return copy.entry(target) if self._opens(self._copies, name) else None
        copy.own_folder(target.parent)
        partial = target.with_suffix(PARTIAL)
        copy.copy(source, partial)
        try:
            replace(partial, target)
        except OSError as problem:
            with contextlib.suppress(OSError):
                remove(partial)
            raise as_unusable(problem, target) from problem
        entry = copy.compared(source, target)
        if entry is None:
            raise Unusable(
                _(
                    "What was read back from {path} is not what was written: the disk or USB drive is failing."
                ).format(path=target)
            )
        return entry

    def _remove_partial_files(self) -> None:
        with contextlib.suppress(OSError):
            for path in self._target.glob(f"??/*{PARTIAL}"):
                remove(path)

    def drop_all_but(self, names: Collection[str]) -> None:
        """Remove the photos not in `names`; files of any other kind stay. Raises `OSError`."""
        if not self._target.is_dir() or self._target.is_symlink():
            return
        for folder in self._target.iterdir():
            if folder.is_symlink() or not folder.is_dir():
                continue
            for path in folder.iterdir():
                if _NAMED.fullmatch(path.name) and path.name[:2] == folder.name and path.stem not in names:
                    remove(path)
            sync_directory(folder)
