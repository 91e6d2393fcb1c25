"""Controller of a photo strip: add, show, caption and remove stored photos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import InvalidInput, NotFound, UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import NewPhoto
from fuyuan_desk.inspections.service import photos
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.photos import Photo, PhotoStrip, PictureDialog, decode_picture, image_bytes
from fuyuan_desk.widgets.question import confirm

# phone cameras produce 5 to 15 MB
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class PhotoStorage:
    """The storage behind a photo strip.

    `keep(seat, photo)` returns the key of the stored photo; `changed` is called after each change, `refused` on errors.
    """

    keep: Callable[[Seat, NewPhoto], int]
    changed: Callable[[], object]
    refused: Callable[[UserError], object]


class PicturesController(QObject):
    """Connects a photo strip to the photo services."""

    def __init__(self, desk: Desk, strip: PhotoStrip, storage: PhotoStorage) -> None:
        super().__init__(strip)
        self._desk = desk
        self._strip = strip
        self._storage = storage
        strip.files_added.connect(self._add_files)
        strip.pasted.connect(self._paste)
        strip.removed.connect(self._confirm_remove)
        strip.opened.connect(self._open)
        strip.captioned.connect(self._caption)

    def load(self, shown: Sequence[tuple[int, str]], then: Callable[[list[Photo]], object]) -> None:
        """Load thumbnails for (key, caption) pairs, skipping deleted photos."""
        self._desk.run(_thumbnails, tuple(shown), done=then, failed=self._storage.refused, owner=self._strip)

    def _add_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self._desk.run(
                _keep_file, self._storage.keep, path,
                done=self._on_kept, failed=partial(self._refuse, path),
                owner=self._strip,
            )  # fmt: skip

    def _refuse(self, path: Path, refusal: UserError) -> None:
        self._storage.refused(type(refusal)(f"{path.name}: {refusal.message}"))

    def _paste(self, image: QImage) -> None:
        def keep(raw: bytes) -> None:
            self._desk.run(
                _keep_raw, self._storage.keep, raw,
                done=self._on_kept, failed=self._storage.refused, owner=self._strip,
            )  # fmt: skip

        self._desk.run_paper(image_bytes, image, done=keep, owner=self._strip)

    def _on_kept(self, photo: Photo) -> None:
        self._strip.add(photo)
        self._storage.changed()

    def _confirm_remove(self, key: str) -> None:
        photos_shown = self._strip.photos()
        number = next(n for n, photo in enumerate(photos_shown, 1) if photo.key == key)
        name = photos_shown[number - 1].caption or _("Photo {n}").format(n=number)
        confirm(
            self._strip,
            _("Remove the photo “{name}”?").format(name=name),
            _("It is deleted from the store. The original file is not affected."),
            _("&Remove"),
            lambda: self._remove(key),
            dangerous=True,
        )

    def _remove(self, key: str) -> None:
        def done(_nothing: None) -> None:
            self._strip.set_photos([photo for photo in self._strip.photos() if photo.key != key])
            self._storage.changed()

        self._desk.run(
            photos.remove_photo, int(key), done=done, failed=self._storage.refused, owner=self._strip
        )

    def _caption(self, key: str, text: str) -> None:
        self._desk.run(photos.caption_photo, int(key), text, failed=self._storage.refused, owner=self._strip)
        self._storage.changed()

    def _open(self, key: str) -> None:
        photos_shown = self._strip.photos()
        number = next(n for n, photo in enumerate(photos_shown, 1) if photo.key == key)
        title = photos_shown[number - 1].caption or _("Photo {n}").format(n=number)

        def decode(raw: bytes) -> None:
            self._desk.run_paper(
                decode_picture, raw, done=lambda image: PictureDialog(self._strip, title, image).show(),
                owner=self._strip,
            )  # fmt: skip

        self._desk.run(
            photos.read_photo, int(key), done=decode, failed=self._storage.refused, owner=self._strip
        )


def _thumbnails(seat: Seat, shown: Sequence[tuple[int, str]]) -> list[Photo]:
    thumbnails = []
    for key, caption in shown:
        try:
            thumbnails.append(Photo(str(key), photos.read_photo(seat, key, small=True), caption))
        except NotFound:
            continue
    return thumbnails


def _keep_file(seat: Seat, keep: Callable[[Seat, NewPhoto], int], path: Path) -> Photo:
    raw = files.read_at_most(path, _MOST_BYTES)
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(_("This file is too large for a photo. Choose another one."))
    return _keep_raw(seat, keep, raw)


def _keep_raw(seat: Seat, keep: Callable[[Seat, NewPhoto], int], raw: bytes) -> Photo:
    key = keep(seat, NewPhoto(raw))
    return Photo(str(key), photos.read_photo(seat, key, small=True))
