"""Looks at the photo files of a folder, some at a time, off the UI thread; can be stopped and gone on with."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.inspections.rules.photo_batch import PhotoFile
from fuyuan_desk.inspections.rules.photo_matching import Shot, TimeFrom
from fuyuan_desk.inspections.rules.photo_numbers import (
    number_in_name,
    sheet_in_name,
    time_in_exif,
    time_in_name,
)
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.picture_files import PDF, Look, look_at
from fuyuan_desk.widgets.work import UiProgress

_AT_ONCE = 8


class PhotoReader(QObject):
    """The files of a batch by key, and the thumbnails of those that were looked at.

    `begun`: reading begins, with a new `progress`; `seen`: more files were looked at; `ended`: all were, or it was
    stopped; `refused` carries why it cannot go on.
    """

    begun = Signal()
    seen = Signal()
    ended = Signal()
    refused = Signal(object)

    def __init__(self, desk: Desk, owner: QObject) -> None:
        super().__init__(owner)
        self._desk = desk
        self._owner = owner
        self.paths: dict[int, Path] = {}
        self.files: dict[int, PhotoFile] = {}
        self.thumbnails: dict[int, bytes] = {}
        self.is_reading = False
        self.progress = UiProgress()
        self._unread: deque[int] = deque()

    @property
    def unread(self) -> int:
        """How many files are still to be looked at."""
        return len(self._unread)

    def add(self, paths: Sequence[Path]) -> None:
        """Add files that are not there yet, and look at them; also again at those that could not be read before."""
        known = {path: key for key, path in self.paths.items()}
        for path in paths:
            key = known.get(path, len(self.paths))
            if path in known and not self.files[key].fault:
                continue
            self.paths[key] = path
            sheet = sheet_in_name(path.name)
            is_scan = bool(sheet) or path.suffix.lower() == PDF
            number = "" if is_scan else number_in_name(path.name)
            self.files[key] = PhotoFile(Shot(key, number, None), path.name, is_scan, sheet)
            self._unread.append(key)
        if self._unread and not self.is_reading:
            self.go_on()

    def go_on(self) -> None:
        """Look at the files that are not read yet."""
        self.is_reading = True
        self.progress = UiProgress()
        self.begun.emit()
        self._read_next()

    def refuse(self, key: int, refusal: UserError) -> None:
        """Note why a file cannot be attached."""
        self.files[key] = replace(self.files[key], fault=refusal.message)

    def forget(self) -> None:
        """Forget all files; what is looked at just now is not waited for."""
        self.is_reading = False
        self.progress = UiProgress()
        for kept in (self.paths, self.files, self.thumbnails, self._unread):
            kept.clear()

    def _read_next(self) -> None:
        if self.progress.is_cancelled or not self._unread:
            self._end()
            return
        keys = [self._unread.popleft() for _number in range(min(_AT_ONCE, len(self._unread)))]
        progress = self.progress

        def done(looks: tuple[Look, ...]) -> None:
            if progress is not self.progress:  # the page was left meanwhile
                return
            for key, look in zip(keys, looks, strict=True):
                self.files[key] = _seen(self.files[key], look)
                self.thumbnails[key] = look.thumbnail
            if not progress.is_cancelled:
                progress.step(len(self.files) - len(self._unread), len(self.files))
            self.seen.emit()
            self._read_next()

        def failed(refusal: UserError) -> None:
            if progress is self.progress:
                self._unread.extendleft(reversed(keys))
                self.refused.emit(refusal)
                self._end()

        paths = [self.paths[key] for key in keys]
        self._desk.run_file(look_at, paths, done=done, failed=failed, owner=self._owner)

    def _end(self) -> None:
        self.is_reading = False
        self.ended.emit()


def _seen(file: PhotoFile, look: Look) -> PhotoFile:
    """Return a file with what was seen of it; what the camera wrote goes before the name and the file."""
    by_camera, by_name = time_in_exif(look.taken), time_in_name(file.name)
    if by_camera is not None:
        shot = replace(file.shot, taken_at=by_camera, time_from=TimeFrom.CAMERA)
    elif by_name is not None:
        shot = replace(file.shot, taken_at=by_name, time_from=TimeFrom.NAME)
    else:
        shot = replace(file.shot, taken_at=look.written_at, time_from=TimeFrom.FILE)
    return replace(file, shot=shot, source=look.source, fault=look.fault)
