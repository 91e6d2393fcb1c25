"""The pages attached to a record: the window to look at, add, order and remove them, and a button that opens it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.attached import MOST_PAGES, prepare_pages
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pictures import PhotoStorage, PicturesController
from fuyuan_desk.store.db.attachments import Attachment, Photo
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fitted_dialog import room_around
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.photos import PhotoStrip

TABLE = Attachment.__tablename__


@dataclass(frozen=True)
class PageUses:
    """The services on the pages of a job's records."""

    read_all: Callable[[Seat, int], Sequence[Photo]]
    read: Callable[[Seat, int, bool], bytes]
    add: Callable[[Seat, int, tuple[NewPhoto, ...]], Sequence[Photo]]
    move: Callable[[Seat, int, int], object]
    remove: Callable[[Seat, int], None]


class PagesWindow(QDialog):
    """The strip of pages of one record; Esc closes it."""

    def __init__(self, desk: Desk, parent: QWidget, title: str, uses: PageUses, record_id: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(QSize(760, 360).boundedTo(room_around(self)))
        may_change = desk.may(uses.add)
        self.banner = Banner()
        self.strip = PhotoStrip(may_change, are_pages=True)
        self._hint = label(_hint_text(), "muted", wrap=True)
        self._hint.setVisible(may_change)
        foot = Flow()
        foot.add(button(_("C&lose"), self.reject), end=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "section", wrap=True))
        column.addWidget(self._hint)
        column.addWidget(self.banner)
        column.addWidget(self.strip)
        column.addStretch(1)
        column.addLayout(foot)
        self._read(desk, uses, record_id)

    def _read(self, desk: Desk, uses: PageUses, record_id: int) -> None:
        def add(seat: Seat, owner: int, pages: tuple[NewPhoto, ...]) -> list[int]:
            return [page.id for page in uses.add(seat, owner, pages)[-len(pages) :]]

        storage = PhotoStorage(
            lambda: record_id, add, uses.read, uses.remove, self.banner.clear, self.banner.refuse,
            is_lasting=True, move=uses.move, prepare=lambda raw, _location: prepare_pages(raw),
        )  # fmt: skip
        self.pictures = PicturesController(desk, self.strip, storage)

        def done(pages: Sequence[Photo]) -> None:
            self.pictures.load([(page.id, page.caption) for page in pages], self.strip.set_photos)

        desk.run(uses.read_all, record_id, done=done, failed=self.banner.refuse, owner=self)


def _hint_text() -> str:
    return numbered(
        MOST_PAGES,
        N_("Photos or scans as JPEG, PNG, TIFF, BMP or WEBP, or a PDF; at most {n} page."),
        N_("Photos or scans as JPEG, PNG, TIFF, BMP or WEBP, or a PDF; at most {n} pages."),
    )


class PagesButton(QObject):
    """A link beside the form of a record that says how many pages it has, and opens their window.

    `words(count)` returns its text. `open(record_id)` shows the window.
    """

    def __init__(
        self, desk: Desk, uses: PageUses, words: Callable[[int], str], open_window: Callable[[int], object]
    ) -> None:
        self.button: QPushButton = button(words(0), self._open, role="link")
        super().__init__(self.button)
        self._desk = desk
        self._uses = uses
        self._words = words
        self._open_window = open_window
        self._record_id = 0
        desk.changes.connect(self._on_changes)

    def show_for(self, record_id: int) -> None:
        """Count the pages of a record."""
        self._record_id = record_id

        def done(pages: Sequence[Photo]) -> None:
            if record_id == self._record_id:
                self.button.setText(self._words(len(pages)))

        def failed(_refusal: UserError) -> None:
            self.button.setText(self._words(0))  # the record is gone; its page says so

        self._desk.run(self._uses.read_all, record_id, done=done, failed=failed, owner=self.button)

    def _open(self) -> None:
        if self._record_id:
            self._open_window(self._record_id)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if TABLE in tables and self._record_id:
            self.show_for(self._record_id)
