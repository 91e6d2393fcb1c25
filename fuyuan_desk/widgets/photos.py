"""Photos or pages of a record: a strip of thumbnails, added from files, by drag and drop, or by pasting."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QImageWriter,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.file_dialogs import choose_files
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.labels import OneLine, label
from fuyuan_desk.widgets.theme import colour, show_if

TILE = QSize(168, 126)
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".heic", ".tif", ".tiff")
PDF = ".pdf"


@dataclass(frozen=True)
class StripWords:
    """What a strip says of its photos: buttons, questions, what stands for none; `one`, `remove` with {n}."""

    all: str
    add: str
    none: str
    one: str
    remove: str
    ask_remove: str
    choose: str
    kinds: str


def photo_words() -> StripWords:
    """Return the words for photos."""
    return StripWords(
        all=_("Photos"),
        add=_("Add &photos"),
        none=_("No photos yet."),
        one=_("Photo {n}"),
        remove=_("Remove photo {n}"),
        ask_remove=_("Remove the photo “{name}”?"),
        choose=_("Add photos"),
        kinds=_("Pictures ({kinds})"),
    )


def page_words() -> StripWords:
    """Return the words for the pages of a letter."""
    return StripWords(
        all=_("Pages"),
        add=_("Add &pages"),
        none=_("No pages yet."),
        one=_("Page {n}"),
        remove=_("Remove page {n}"),
        ask_remove=_("Remove “{name}”?"),
        choose=_("Add pages"),
        kinds=_("Pictures and PDF ({kinds})"),
    )


@dataclass(frozen=True)
class Photo:
    """One photo: its key (content hash), a JPEG or PNG thumbnail, its caption, and a note on what it is of."""

    key: str
    thumbnail: bytes
    caption: str = ""
    note: str = ""


class _Picture(QLabel):
    """A thumbnail opened by Enter, Space or a double click."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(_("Press Enter to enlarge"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(colour("ink"), 3))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))


class _Tile(QFrame):
    opened = Signal()
    removed = Signal()
    captioned = Signal(str)
    moved = Signal(int)
    placed = Signal()

    def __init__(
        self, photo: Photo, words: StripWords, *, editable: bool, is_page: bool, can_place: bool
    ) -> None:
        super().__init__()
        self.photo = photo
        self._words = words
        self.setProperty("role", "card")
        self.picture = _Picture()
        self.picture.opened.connect(self.opened)
        self.picture.setFixedSize(TILE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setPixmap(_fitted(photo.thumbnail, self.devicePixelRatioF()))
        self.caption = QLineEdit(photo.caption)
        self.caption.setPlaceholderText(_("What the photo shows"))
        self.caption.setReadOnly(not editable)
        self.caption.setCursorPosition(0)
        self.caption.editingFinished.connect(self._on_caption)
        show_if(self.caption, not is_page)
        self.number = label("", "muted")
        show_if(self.number, is_page)
        self.remove = icon_button("delete", "", self.removed.emit)
        self.earlier = icon_button("chevron-left", "", lambda: self.moved.emit(-1))
        self.later = icon_button("chevron-right", "", lambda: self.moved.emit(1))
        self.place = icon_button("tag", "", self.placed.emit)
        self.note = OneLine(photo.note, "hint")
        show_if(self.note, can_place)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.caption, 1)
        below.addWidget(self.number, 1)
        acts = (self.earlier, is_page), (self.later, is_page), (self.place, can_place), (self.remove, True)
        for act, shown in acts:
            show_if(act, editable and shown)
            below.addWidget(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.picture)
        column.addWidget(self.note)
        column.addLayout(below)
        self.setFixedWidth(TILE.width() + 10)

    def set_number(self, number: int, count: int) -> None:
        """Say which photo of how many it is."""
        name = self._words.one.format(n=number)
        self.picture.setAccessibleName(name)
        self.number.setText(name)
        self.caption.setAccessibleName(_("Caption of photo {n}").format(n=number))
        for act, text in (
            (self.remove, self._words.remove),
            (self.place, _("Say what is on photo {n}")),
            (self.earlier, _("Move page {n} earlier")),
            (self.later, _("Move page {n} later")),
        ):
            act.setAccessibleName(text.format(n=number))
            act.setToolTip(text.format(n=number))
        self.earlier.setEnabled(number > 1)
        self.later.setEnabled(number < count)

    def set_note(self, note: str) -> None:
        """Say what it is of."""
        self.photo = replace(self.photo, note=note)
        self.note.setText(note)

    def _on_caption(self) -> None:
        text = self.caption.text().strip()
        if text != self.photo.caption:
            self.photo = replace(self.photo, caption=text)
            self.captioned.emit(text)


class PhotoStrip(QWidget):
    """Shows photos in a row and signals the user's requests; it stores nothing itself.

    `files_added` carries a list of `Path`, `pasted` a `QImage` (see `image_bytes`), `removed` and `opened` a
    key, `captioned` a key and the new caption, `moved` a key and by how many places. Show the result with `set_photos`,
    `add` or `show_moved`. Pages (`are_pages`) have an order in place of captions, and may come from a PDF. Photos that
    can be placed (`can_place`) say what they are of, and `placed` carries the key of one of which this is to be asked.
    """

    files_added = Signal(list)
    pasted = Signal(QImage)
    removed = Signal(str)
    opened = Signal(str)
    captioned = Signal(str, str)
    moved = Signal(str, int)
    placed = Signal(str)

    def __init__(self, editable: bool = True, *, are_pages: bool = False, can_place: bool = False) -> None:
        super().__init__()
        self._can_place = can_place
        self.words = page_words() if are_pages else photo_words()
        self._are_pages = are_pages
        self._suffixes = (*SUFFIXES, PDF) if are_pages else SUFFIXES
        self._editable = editable
        self._tiles: list[_Tile] = []
        self.setAcceptDrops(editable)
        self._add_button = button(self.words.add, self._choose, picture="photo")
        self._hint = label(_("or drop them here, or paste with Ctrl+V"), "hint", wrap=True)
        self._none = label(self.words.none, "muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._add_button)
        head.addWidget(self._hint, 1)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        holder = QWidget()
        holder.setProperty("role", "page")
        holder.setLayout(self._row)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(holder)
        self._area.setAccessibleName(self.words.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addWidget(self._area)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self.set_editable(editable)
        self._update_visibility()

    def set_photos(self, photos: list[Photo]) -> None:
        """Show these photos."""
        for tile in self._tiles:
            self._row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles.clear()
        for photo in photos:
            self.add(photo)
        self._update_visibility()

    def add(self, photo: Photo) -> None:
        """Append a photo."""
        tile = _Tile(
            photo, self.words, editable=self._editable, is_page=self._are_pages, can_place=self._can_place
        )
        tile.opened.connect(lambda: self.opened.emit(photo.key))
        tile.removed.connect(lambda: self.removed.emit(photo.key))
        tile.captioned.connect(lambda text: self.captioned.emit(photo.key, text))
        tile.moved.connect(lambda by: self.moved.emit(photo.key, by))
        tile.placed.connect(lambda: self.placed.emit(photo.key))
        self._row.insertWidget(len(self._tiles), tile)
        self._tiles.append(tile)
        self._number()
        self._area.setFixedHeight(tile.sizeHint().height() + 18)
        self._update_visibility()

    def show_moved(self, key: str, by: int) -> None:
        """Show a photo so many places further on; the focus stays on the button that moved it."""
        place = next(number for number, tile in enumerate(self._tiles) if tile.photo.key == key)
        tile = self._tiles.pop(place)
        place = min(max(place + by, 0), len(self._tiles))
        self._tiles.insert(place, tile)
        self._row.removeWidget(tile)
        self._row.insertWidget(place, tile)
        self._number()
        pressed, other = (tile.earlier, tile.later) if by < 0 else (tile.later, tile.earlier)
        (pressed if pressed.isEnabled() else other).setFocus()
        self._area.ensureWidgetVisible(tile)
        parts = [
            part
            for one in self._tiles
            for part in (one.picture, one.caption, one.earlier, one.later, one.remove)
        ]
        for before, after in pairwise(parts):  # Tab follows what is read
            QWidget.setTabOrder(before, after)

    def _number(self) -> None:
        for number, tile in enumerate(self._tiles, 1):
            tile.set_number(number, len(self._tiles))

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Say what photos are of, by their keys."""
        for tile in self._tiles:
            tile.set_note(notes.get(tile.photo.key, ""))

    def show_pending(self, count: int) -> None:
        """Show how many photos are still being added."""
        adding = _("Photos being added: {n} …").format(n=count)
        self._hint.setText(adding if count else _("or drop them here, or paste with Ctrl+V"))

    def photos(self) -> list[Photo]:
        """Return the photos shown, with their current captions."""
        return [replace(tile.photo, caption=tile.caption.text().strip()) for tile in self._tiles]

    def set_editable(self, on: bool) -> None:
        """Allow or forbid changes; affects photos shown from now on."""
        self._editable = on
        self.setAcceptDrops(on)
        self._add_button.setVisible(on)
        self._hint.setVisible(on)

    def paste(self) -> None:
        """Add pictures or picture files from the clipboard."""
        if self._editable:
            self._take(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._files(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData) -> None:
        files = self._files(data)
        if files:
            self.files_added.emit(files)
        elif data.hasImage():
            self.pasted.emit(QImage(data.imageData()))

    def _files(self, data: QMimeData) -> list[Path]:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return self._in_order([path for path in paths if path.suffix.lower() in self._suffixes])

    def _in_order(self, paths: list[Path]) -> list[Path]:
        """Return the files of pages by name, as people read it: a file dialog begins with the one clicked last."""
        return sorted(paths, key=lambda path: natural_key(path.name)) if self._are_pages else paths

    def _choose(self) -> None:
        pattern = " ".join(f"*{suffix}" for suffix in self._suffixes)
        kinds = self.words.kinds.format(kinds=pattern)
        chosen = choose_files(self, Purpose.PHOTO, self.words.choose, kinds)
        if chosen:
            self.files_added.emit(self._in_order(chosen))

    def _update_visibility(self) -> None:
        self._area.setVisible(bool(self._tiles))
        self._none.setVisible(not self._tiles)


class PictureDialog(QDialog):
    """One photo at most as large as the screen; Esc closes it."""

    def __init__(self, parent: QWidget | None, title: str, image: QImage) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        room = self.screen().availableSize() * 0.85
        scale = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(image)
        fitting = pixmap.scaled(
            room * scale, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown = fitting if fitting.width() < pixmap.width() else pixmap
        shown.setDevicePixelRatio(scale)
        picture = QLabel()
        picture.setPixmap(shown)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(picture)


def decode_picture(raw: bytes, longest: int = 1600) -> QImage:
    """Decode a picture, at most `longest` pixels a side; a null image if invalid. Call on a background thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def image_bytes(image: QImage) -> bytes:
    """Encode a pasted picture as PNG; call on a background thread."""
    array = QByteArray()
    buffer = QBuffer(array)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(array.data())


def _fitted(raw: bytes, scale: float) -> QPixmap:
    pixmap = QPixmap()
    pixmap.loadFromData(raw)
    if pixmap.isNull():
        return pixmap
    fitted = pixmap.scaled(
        TILE * scale, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    fitted.setDevicePixelRatio(scale)
    return fitted
