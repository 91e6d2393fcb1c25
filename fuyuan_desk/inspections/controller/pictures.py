"""Photos between a strip on the screen and the store: kept, shown, captioned, taken away."""

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

# the camera of a phone makes 5 to 15 MB
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Shelf:
    """Where the photos of a strip are kept.

    `keep(seat, photo)` gives the key of the kept photo; `changed` after each change on the strip; `refused`.
    """

    keep: Callable[[Seat, NewPhoto], int]
    changed: Callable[[], object]
    refused: Callable[[UserError], object]


class PicturesController(QObject):
    """Hears a strip and runs the services of photos."""

    def __init__(self, desk: Desk, strip: PhotoStrip, shelf: Shelf) -> None:
        super().__init__(strip)
        self._desk = desk
        self._strip = strip
        self._shelf = shelf
        strip.files_added.connect(self._add_files)
        strip.pasted.connect(self._paste)
        strip.removed.connect(self._ask_remove)
        strip.opened.connect(self._open)
        strip.captioned.connect(self._caption)

    def load(self, shown: Sequence[tuple[int, str]], then: Callable[[list[Photo]], object]) -> None:
        """Fetch small pictures for (key, caption) pairs; photos that are gone are left out."""
        self._desk.run(_small, tuple(shown), done=then, failed=self._shelf.refused, owner=self._strip)

    def _add_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self._desk.run(
                _keep_file, self._shelf.keep, path,
                done=self._kept, failed=partial(self._refuse, path),
                owner=self._strip,
            )  # fmt: skip

    def _refuse(self, path: Path, refusal: UserError) -> None:
        self._shelf.refused(type(refusal)(f"{path.name}: {refusal.message}"))

    def _paste(self, image: QImage) -> None:
        def keep(raw: bytes) -> None:
            self._desk.run(
                _keep_raw, self._shelf.keep, raw,
                done=self._kept, failed=self._shelf.refused, owner=self._strip,
            )  # fmt: skip

        self._desk.run_paper(image_bytes, image, done=keep, owner=self._strip)

    def _kept(self, photo: Photo) -> None:
        self._strip.add(photo)
        self._shelf.changed()

    def _ask_remove(self, key: str) -> None:
        shown = self._strip.photos()
        place = next(number for number, photo in enumerate(shown, 1) if photo.key == key)
        name = shown[place - 1].caption or _("Photo {n}").format(n=place)
        confirm(
            self._strip,
            _("Remove the photo “{name}”?").format(name=name),
            _("It is deleted from the store. The file it came from stays where it is."),
            _("&Remove"),
            lambda: self._remove(key),
            dangerous=True,
        )

    def _remove(self, key: str) -> None:
        def done(_nothing: None) -> None:
            self._strip.set_photos([photo for photo in self._strip.photos() if photo.key != key])
            self._shelf.changed()

        self._desk.run(
            photos.remove_photo, int(key), done=done, failed=self._shelf.refused, owner=self._strip
        )

    def _caption(self, key: str, words: str) -> None:
        self._desk.run(photos.caption_photo, int(key), words, failed=self._shelf.refused, owner=self._strip)
        self._shelf.changed()

    def _open(self, key: str) -> None:
        shown = self._strip.photos()
        place = next(number for number, photo in enumerate(shown, 1) if photo.key == key)
        title = shown[place - 1].caption or _("Photo {n}").format(n=place)

        def decode(raw: bytes) -> None:
            self._desk.run_paper(
                decode_picture, raw, done=lambda image: PictureDialog(self._strip, title, image).show(),
                owner=self._strip,
            )  # fmt: skip

        self._desk.run(
            photos.read_photo, int(key), done=decode, failed=self._shelf.refused, owner=self._strip
        )


def _small(seat: Seat, shown: Sequence[tuple[int, str]]) -> list[Photo]:
    found = []
    for key, caption in shown:
        try:
            found.append(Photo(str(key), photos.read_photo(seat, key, small=True), caption))
        except NotFound:
            continue
    return found


def _keep_file(seat: Seat, keep: Callable[[Seat, NewPhoto], int], path: Path) -> Photo:
    raw = files.read_given(path, _MOST_BYTES)
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(_("This file is too large for a photo. Choose another one."))
    return _keep_raw(seat, keep, raw)


def _keep_raw(seat: Seat, keep: Callable[[Seat, NewPhoto], int], raw: bytes) -> Photo:
    key = keep(seat, NewPhoto(raw))
    return Photo(str(key), photos.read_photo(seat, key, small=True))
