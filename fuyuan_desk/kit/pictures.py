"""Controller of a photo strip: add, show, caption, order and remove stored photos or pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import InvalidInput, NotFound, UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.attached import prepare_photo
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.photos import Photo, PhotoStrip, PictureDialog, decode_picture, image_bytes
from fuyuan_desk.widgets.question import confirm

# phone cameras produce 5 to 15 MB
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class PhotoStorage:
    """The storage behind a photo strip, in services.

    `owner` returns the id of the record now shown; `prepare(raw, keep_location)` turns a file into photos, and
    `keep(seat, owner, photos)` stores them for it, all or none, and returns their keys. `read(seat, key, small)`
    returns a JPEG. `changed` is called after each change, `refused` on errors. `is_lasting`: a photo that is ready
    only after another record is shown is still stored for its owner. Without `caption` or `move(seat, key, by)` the
    strip must offer none.
    """

    owner: Callable[[], int]
    keep: Callable[[Seat, int, tuple[NewPhoto, ...]], Sequence[int]]
    read: Callable[[Seat, int, bool], bytes]
    remove: Callable[[Seat, int], None]
    changed: Callable[[], object]
    refused: Callable[[UserError], object]
    is_lasting: bool
    caption: Callable[[Seat, int, str], None] | None = None
    move: Callable[[Seat, int, int], object] | None = None
    prepare: Callable[[bytes, bool], tuple[NewPhoto, ...]] = lambda raw, location: (
        prepare_photo(raw, location),
    )
    keeps_location: Callable[[Seat], bool] = lambda _seat: False


class PicturesController(QObject):
    """Connects a photo strip to the photo services."""

    def __init__(self, desk: Desk, strip: PhotoStrip, storage: PhotoStorage) -> None:
        super().__init__(strip)
        self._desk = desk
        self._strip = strip
        self._storage = storage
        self._pending = 0
        self._waiting: tuple[Callable[[], object], Callable[[], object]] | None = None
        strip.files_added.connect(self._add_files)
        strip.pasted.connect(self._paste)
        strip.removed.connect(self._confirm_remove)
        strip.opened.connect(self._open)
        strip.captioned.connect(self._caption)
        strip.moved.connect(self._move)

    def load(
        self,
        shown: Sequence[tuple[int, str]],
        then: Callable[[list[Photo]], object],
        notes: Mapping[int, str] | None = None,
    ) -> None:
        """Load thumbnails for (key, caption) pairs, skipping deleted photos; `notes` say by key what they are of."""
        self._desk.run(
            _thumbnails,
            self._storage.read,
            tuple(shown),
            notes or {},
            done=then,
            failed=self._storage.refused,
            owner=self._strip,
        )

    def when_added(self, then: Callable[[], object], refused: Callable[[], object]) -> None:
        """Call `then` once all photos chosen so far are stored, `refused` instead if one of them cannot be."""
        self._waiting = (then, refused)
        self._count(0)

    def _add_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self._add(partial(_read_file, path), f"{path.name}: ")

    def _paste(self, image: QImage) -> None:
        self._add(partial(image_bytes, image), "")

    def _add(self, read: Callable[[], bytes], name: str) -> None:
        """Read, prepare and store one file; only the last step occupies the database thread."""
        owner = self._storage.owner()

        def prepare(keep_location: bool) -> None:
            self._desk.run_file(
                _prepared, self._storage.prepare, read, keep_location,
                done=keep, failed=refuse, owner=self._strip,
            )  # fmt: skip

        def keep(photos: tuple[NewPhoto, ...]) -> None:
            if self._storage.is_lasting or self._storage.owner() == owner:
                self._desk.run(
                    _kept, self._storage, owner, photos, done=show, failed=refuse, owner=self._strip
                )
            else:
                self._count(-1)

        def show(photos: list[Photo]) -> None:
            if self._storage.owner() == owner:
                for photo in photos:
                    self._strip.add(photo)
                self._storage.changed()
            self._count(-1)

        def refuse(refusal: UserError) -> None:
            self._storage.refused(type(refusal)(name + refusal.message))
            waiting, self._waiting = self._waiting, None
            if waiting is not None:
                waiting[1]()
            self._count(-1)

        self._count(1)
        self._desk.run(self._storage.keeps_location, done=prepare, failed=refuse, owner=self._strip)

    def _count(self, more: int) -> None:
        self._pending += more
        self._strip.show_pending(self._pending)
        if not self._pending and self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting[0]()

    def _confirm_remove(self, key: str) -> None:
        confirm(
            self._strip,
            self._strip.words.ask_remove.format(name=self._name(key)),
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
            self._storage.remove, int(key), done=done, failed=self._storage.refused, owner=self._strip
        )

    def _caption(self, key: str, text: str) -> None:
        assert self._storage.caption is not None
        self._desk.run(self._storage.caption, int(key), text, failed=self._storage.refused, owner=self._strip)
        self._storage.changed()

    def _move(self, key: str, by: int) -> None:
        assert self._storage.move is not None

        def done(_pages: object) -> None:
            self._strip.show_moved(key, by)
            self._storage.changed()

        self._desk.run(
            self._storage.move, int(key), by, done=done, failed=self._storage.refused, owner=self._strip
        )

    def _name(self, key: str) -> str:
        shown = self._strip.photos()
        number = next(n for n, photo in enumerate(shown, 1) if photo.key == key)
        return shown[number - 1].caption or self._strip.words.one.format(n=number)

    def _open(self, key: str) -> None:
        title = self._name(key)

        def decode(raw: bytes) -> None:
            self._desk.run_paper(
                decode_picture, raw, done=lambda image: PictureDialog(self._strip, title, image).show(),
                owner=self._strip,
            )  # fmt: skip

        self._desk.run(
            self._storage.read, int(key), False, done=decode, failed=self._storage.refused, owner=self._strip
        )


def _thumbnails(
    seat: Seat,
    read: Callable[[Seat, int, bool], bytes],
    shown: Sequence[tuple[int, str]],
    notes: Mapping[int, str],
) -> list[Photo]:
    thumbnails = []
    for key, caption in shown:
        try:
            thumbnails.append(Photo(str(key), read(seat, key, True), caption, notes.get(key, "")))
        except NotFound:
            continue
    return thumbnails


def _read_file(path: Path) -> bytes:
    raw = files.read_at_most(path, _MOST_BYTES)
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(_("This file is too large for a photo. Choose another one."))
    return raw


def _prepared(
    prepare: Callable[[bytes, bool], tuple[NewPhoto, ...]], read: Callable[[], bytes], keep_location: bool
) -> tuple[NewPhoto, ...]:
    return prepare(read(), keep_location)


def _kept(seat: Seat, storage: PhotoStorage, owner: int, photos: tuple[NewPhoto, ...]) -> list[Photo]:
    return [Photo(str(key), storage.read(seat, key, True)) for key in storage.keep(seat, owner, photos)]
