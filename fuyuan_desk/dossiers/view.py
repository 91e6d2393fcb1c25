"""View of a file: its contents at the left, all parts at the right, and the order of a paper."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QWidget,
)

from fuyuan_desk.core.dossier import Column
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.dossiers.facts import FileView
from fuyuan_desk.dossiers.rules import (
    About,
    Level,
    Place,
    ShownListing,
    ShownSection,
    attached_text,
    section_at,
)
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.export_dialog import order_fields
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Aside, OneLine, head_line
from fuyuan_desk.widgets.masked import SECONDS_SHOWN
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.revealed import Revealed
from fuyuan_desk.widgets.room import Stack, page_column
from fuyuan_desk.widgets.theme import colour

_KEY = Qt.ItemDataRole.UserRole
_LEAST, _LEAST_TEXT = 200, 320  # px
_FACTS = 3
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_ROWS = 300
"""So many rows of tables are shown of one file; the paper holds all."""


class FileScreen(QWidget):
    """Shows one file; `print_requested` asks for its paper.

    A masked value is a link: `reveal_requested` carries its place and the file that is shown, `reveal_all_requested`
    the file of a home, all of which is asked for. What is revealed is masked again after `seconds_shown`, or when it is
    pressed again.
    """

    back_requested = Signal()
    reveal_requested = Signal(object, object)
    reveal_all_requested = Signal(object)
    print_requested = Signal()
    estates_requested = Signal()

    def __init__(self, seconds_shown: float = SECONDS_SHOWN) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._shown: FileView | None = None
        self._may_reveal = False
        self._seconds_shown = seconds_shown
        self._timers: dict[Place, QTimer] = {}
        self.back = icon_button("back", _("Back"), self.back_requested.emit)
        self._title = OneLine("", "title")
        self._hint = Aside()
        self.print_button = button(
            _("&Print or save …"),
            self.print_requested.emit,
            role="primary",
            picture="print",
            shortcut="Ctrl+P",
        )
        self.reveal_button = button(_("Show &all (logged)"), self._toggle_all, picture="eye")
        self.banner = Banner()
        self.contents = QListWidget()
        self.contents.setAccessibleName(_("Contents"))
        self.contents.setMinimumWidth(_LEAST)
        self.contents.setWordWrap(True)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.contents.currentItemChanged.connect(lambda item, _previous: self._jump(item))
        self.contents.itemClicked.connect(self._jump)
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("File"))
        self.text.setMinimumWidth(_LEAST_TEXT)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._press)
        self._revealed = Revealed(self.text)
        self.text.document().setDocumentMargin(16)
        self._panes = Panes(((_("Contents"), self.contents), (_("File"), self.text)), (240, 1080))
        self._empty = EmptyState(
            "document",
            _("No file is open"),
            _("Open a home or an estate and choose its file under “More actions”."),
            _("Show the estates"),
        )
        self._empty.acted.connect(self.estates_requested)
        self._body = Stack()
        for screen in (self._empty, self._panes):
            self._body.addWidget(screen)
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addLayout(
            head_line((self.back, self._title, self._hint), (self.reveal_button, self.print_button))
        )
        column.addWidget(self.banner)
        column.addWidget(self._body, 1)
        self.clear()

    def clear(self) -> None:
        """Show that no file is open."""
        self._shown = None
        self._title.setText(_("File"))
        self._hint.setText("")
        self.print_button.setEnabled(False)
        self.reveal_button.hide()
        self._forget_revealed()
        self._body.setCurrentWidget(self._empty)

    def show_file(self, file: FileView) -> None:
        """Show a file; the same one keeps its place, and one that did not change is left as it is."""
        if file == self._shown:
            return
        is_same = self._shown is not None and (self._shown.about, self._shown.subject) == (
            file.about,
            file.subject,
        )
        place = self.text.verticalScrollBar().value() if is_same else 0
        self._shown = file
        self._title.setText(file.subject)
        self._forget_revealed()
        self._hint.setText(self._hint_text(file))
        self.reveal_button.setVisible(self._may_reveal and file.about is About.UNIT)
        self.print_button.setEnabled(True)
        self._show_contents(file)
        self.text.setHtml("".join(file_html(file, self._may_reveal)))
        self.text.verticalScrollBar().setValue(place)
        self._body.setCurrentWidget(self._panes)
        if not is_same:
            self.contents.setFocus()

    def set_may_reveal(self, on: bool) -> None:
        """Offer to show what is masked, or not, from the next file on."""
        self._may_reveal = on

    def _hint_text(self, file: FileView) -> str:
        if self._may_reveal:
            text = _("{kind}; masked: press a value to show it (logged)")
        else:
            text = _("{kind}; personal data masked")
        return text.format(kind=file.about.label)

    # --- revealing

    def reveal(self, values: Mapping[Place, str]) -> None:
        """Show these values in full for a while."""
        for place, text in values.items():
            self._replace(place, text)
            timer = self._timers.get(place)
            if timer is None:
                timer = self._timers[place] = QTimer(self, singleShot=True)
                timer.timeout.connect(partial(self._hide, place))
            timer.start(round(self._seconds_shown * 1000))
        self._say_revealed()

    def _press(self, link: QUrl) -> None:
        place = _place_of(link.toString())
        if place in self._timers:
            self._hide(place)
        elif place is not None and self._shown is not None:
            self.reveal_requested.emit(place, self._shown)

    def _toggle_all(self) -> None:
        if self._timers:
            for place in tuple(self._timers):
                self._hide(place)
        else:
            self.reveal_all_requested.emit(self._shown)

    def _hide(self, place: Place) -> None:
        timer = self._timers.pop(place, None)
        if timer is not None and self._shown is not None:
            timer.stop()
            timer.deleteLater()
            self._replace(place, masked_text(self._shown, place))
        self._say_revealed()

    def _forget_revealed(self) -> None:
        for timer in self._timers.values():
            timer.stop()
            timer.deleteLater()
        self._timers.clear()
        self._say_revealed()

    def _say_revealed(self) -> None:
        self.reveal_button.setText(_("Hide &all") if self._timers else _("Show &all (logged)"))
        self._revealed.set_on(bool(self._timers))

    def _replace(self, place: Place, text: str) -> None:
        """Write another text into the link of a value; the rest of the page stays as it is."""
        found = link_range(self.text.document(), _link(place))
        if found is not None:
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(found[0] + 1)
            kept = cursor.charFormat()
            cursor.setPosition(found[0])
            cursor.setPosition(found[1], QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(text.replace("\n", "\N{LINE SEPARATOR}"), kept)

    def _show_contents(self, file: FileView) -> None:
        self.contents.blockSignals(True)
        self.contents.clear()
        for number, section in enumerate(file.shown.sections, 1):
            item = QListWidgetItem(f"{number}  {section.title}")
            item.setData(_KEY, section.key)
            self.contents.addItem(item)
        self.contents.setCurrentRow(0)
        self.contents.blockSignals(False)

    def _jump(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._panes.bring(self.text)
            self.text.scrollToAnchor(item.data(_KEY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
            return
        super().keyPressEvent(event)


# --- the text


def masked_text(file: FileView, place: Place) -> str:
    """Return what a file shows at a place."""
    section = section_at(file.shown, place)
    assert section is not None
    if place.item >= 0:
        return section.items[place.item].text
    return section.listings[place.listing].rows[place.row][place.column]


def link_range(document: QTextDocument, link: str) -> tuple[int, int] | None:
    """Return the first and the last position of the text of a link, None if it is not in the document."""
    positions: list[int] = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().anchorHref() == link:
                positions += (piece.position(), piece.position() + piece.length())
            pieces += 1
        block = block.next()
    return (min(positions), max(positions)) if positions else None


def _link(place: Place) -> str:
    return "reveal:" + "/".join(map(str, place))


def _place_of(link: str) -> Place | None:
    section, *numbers = link.removeprefix("reveal:").split("/")
    return Place(section, *map(int, numbers)) if len(numbers) == 4 else None


def file_html(file: FileView, may_reveal: bool = False) -> Iterator[str]:
    """Yield the parts of a file as HTML; every text from the office is escaped, every masked one a link."""
    room = MOST_ROWS
    for number, section in enumerate(file.shown.sections, 1):
        yield f'<h3><a name="{escape(section.key)}"></a>{number}&nbsp; {escape(section.title)}</h3>'
        yield from _items(section, may_reveal)
        for table, listing in enumerate(section.listings):
            yield from _listing(listing, max(0, room), Place(section.key, -1, table) if may_reveal else None)
            room -= len(listing.rows)


def _value(text: str, place: Place | None) -> str:
    """Return a text as HTML, as a link if it can be revealed."""
    if place is None:
        return _lines(text)
    style = f"color:{colour('accent').name()}"
    title = escape(_("Show (this is logged)"))
    return f'<a href="{escape(_link(place))}" title="{title}" style="{style}">{_lines(text)}</a>'


def _items(section: ShownSection, may_reveal: bool) -> Iterator[str]:
    muted = colour("muted").name()
    if section.items:
        yield '<table width="98%" cellpadding="4" cellspacing="0">'
        for start in range(0, len(section.items), _FACTS):
            cells = (
                f'<td width="12%" style="color:{muted}">{escape(item.label)}</td>'
                f'<td width="21%">{_value(item.text, place if may_reveal and item.is_masked else None)}</td>'
                for number, item in enumerate(section.items[start : start + _FACTS], start)
                for place in (Place(section.key, number),)
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</table>"
    if section.unknown:
        text = _("Not recorded: {names}").format(names=_(", ").join(section.unknown))
        yield f'<p style="color:{muted}">{escape(text)}</p>'
    if section.attached:
        text = _("Attached: {what}").format(what=attached_text(section.attached))
        yield f"<p>{escape(text)}</p>"
    if section.withheld:
        yield f'<p style="color:{colour("warn").name()}">{escape(section.withheld)}</p>'


def _listing(listing: ShownListing, room: int, place: Place | None) -> Iterator[str]:
    line, soft = colour("line").name(), colour("neutral_soft").name()
    if listing.title:
        yield f"<p><b>{escape(listing.title)}</b></p>"
    if not listing.rows:
        yield f'<p style="color:{colour("muted").name()}">{escape(listing.nothing)}</p>'
        return
    kept = listing.rows[:room]
    if kept:
        yield (
            f'<table width="98%" border="1" cellpadding="4" cellspacing="0"'
            f' style="border-collapse:collapse; border-color:{line}">'
        )
        heads = (
            f'<th bgcolor="{soft}" align="{_side(column)}">{escape(column.title)}</th>'
            for column in listing.columns
        )
        yield f"<thead><tr>{''.join(heads)}</tr></thead>"
        for number, row in enumerate(kept):
            cells = (
                f'<td align="{_side(column)}"{_whole(text)}>{_value(text, _cell(listing, place, number, where))}</td>'
                for where, (column, text) in enumerate(zip(listing.columns, row, strict=True))
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</table>"
    if hidden := len(listing.rows) - len(kept):
        text = numbered(hidden, N_("{n} more row is on the paper."), N_("{n} more rows are on the paper."))
        yield f'<p style="color:{colour("muted").name()}">{escape(text)}</p>'


def _cell(listing: ShownListing, place: Place | None, row: int, column: int) -> Place | None:
    if place is None or (row, column) not in listing.masked:
        return None
    return place._replace(row=row, column=column)


def _side(column: Column) -> str:
    return "right" if column.right else "left"


def _whole(text: str) -> str:
    """Return how a cell is kept on one line if it holds a day."""
    return ' style="white-space:nowrap"' if _DAY.fullmatch(text) else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


# --- the order of a paper


def _print_pages_text(count: int) -> str:
    return numbered(
        count, N_("Print the {n} a&ttached page at the end"), N_("Print the {n} a&ttached pages at the end")
    )


class OrderDialog(FormDialog):
    """Asks what a paper is for, who gets it, how much of the file, and whether with its `attached` pages.

    `ordered` carries the values.
    """

    ordered = Signal(dict)

    def __init__(self, parent: QWidget | None, title: str, may_unmask: bool, attached: int = 0) -> None:
        purpose, receiver = order_fields(False)
        levels = [level for level in Level if may_unmask or level is not Level.FULL]
        fields = [
            replace(purpose, label=_("What the file is &for")),
            receiver,
            Field(
                "level",
                _("How &much of it"),
                "choice",
                choices=[(level.value, level.label) for level in levels],
                required=True,
                hint=_("Unmasked, a second person must approve.") if may_unmask else "",
            ),
        ]
        if may_unmask and attached:
            only = _("Unmasked only: a picture cannot be masked.")
            fields.append(Field("pages", _print_pages_text(attached), "check", hint=only))
        hint = _("All three are printed on the first page and written into the audit log.")
        super().__init__(parent, title, Form(fields, only_asks=True), _("Co&ntinue …"), hint)
        self.form.submitted.connect(self.ordered)
        self.finished.connect(self.deleteLater)

    def open_with(self, values: Mapping[str, Any]) -> None:
        """Show the dialog with these values."""
        self.form.set_values(values)
        self.open()
        self.form.focus_first()
