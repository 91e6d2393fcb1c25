"""View of a file: its contents at the left, all parts at the right, and the order of a paper."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QWidget,
)

from fuyuan_desk.core.dossier import Column
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.dossiers.facts import FileView
from fuyuan_desk.dossiers.rules import Level, ShownListing, ShownSection
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.export_dialog import order_fields
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Aside, OneLine, head_line
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.room import Stack, page_column
from fuyuan_desk.widgets.theme import colour

_KEY = Qt.ItemDataRole.UserRole
_LEAST, _LEAST_TEXT = 200, 320  # px
_FACTS = 3
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_ROWS = 300
"""So many rows of tables are shown of one file; the paper holds all."""


class FileScreen(QWidget):
    """Shows one file; `print_requested` asks for its paper."""

    back_requested = Signal()
    print_requested = Signal()
    estates_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._shown: FileView | None = None
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
        column.addLayout(head_line((self.back, self._title, self._hint), (self.print_button,)))
        column.addWidget(self.banner)
        column.addWidget(self._body, 1)
        self.clear()

    def clear(self) -> None:
        """Show that no file is open."""
        self._shown = None
        self._title.setText(_("File"))
        self._hint.setText("")
        self.print_button.setEnabled(False)
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
        self._hint.setText(_("{kind}; personal data masked").format(kind=file.about.label))
        self.print_button.setEnabled(True)
        self._show_contents(file)
        self.text.setHtml("".join(file_html(file)))
        self.text.verticalScrollBar().setValue(place)
        self._body.setCurrentWidget(self._panes)
        if not is_same:
            self.contents.setFocus()

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


def file_html(file: FileView) -> Iterator[str]:
    """Yield the parts of a file as HTML; every text from the office is escaped."""
    room = MOST_ROWS
    for number, section in enumerate(file.shown.sections, 1):
        yield f'<h3><a name="{escape(section.key)}"></a>{number}&nbsp; {escape(section.title)}</h3>'
        yield from _items(section)
        for listing in section.listings:
            yield from _listing(listing, max(0, room))
            room -= len(listing.rows)


def _items(section: ShownSection) -> Iterator[str]:
    muted = colour("muted").name()
    if section.items:
        yield '<table width="98%" cellpadding="4" cellspacing="0">'
        for start in range(0, len(section.items), _FACTS):
            cells = (
                f'<td width="12%" style="color:{muted}">{escape(item.label)}</td>'
                f'<td width="21%">{_lines(item.text)}</td>'
                for item in section.items[start : start + _FACTS]
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</table>"
    if section.unknown:
        text = _("Not recorded: {names}").format(names=_(", ").join(section.unknown))
        yield f'<p style="color:{muted}">{escape(text)}</p>'
    if section.withheld:
        yield f'<p style="color:{colour("warn").name()}">{escape(section.withheld)}</p>'


def _listing(listing: ShownListing, room: int) -> Iterator[str]:
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
        for row in kept:
            cells = (
                f'<td align="{_side(column)}"{_whole(text)}>{_lines(text)}</td>'
                for column, text in zip(listing.columns, row, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</table>"
    if hidden := len(listing.rows) - len(kept):
        text = numbered(hidden, N_("{n} more row is on the paper."), N_("{n} more rows are on the paper."))
        yield f'<p style="color:{colour("muted").name()}">{escape(text)}</p>'


def _side(column: Column) -> str:
    return "right" if column.right else "left"


def _whole(text: str) -> str:
    """Return how a cell is kept on one line if it holds a day."""
    return ' style="white-space:nowrap"' if _DAY.fullmatch(text) else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


# --- the order of a paper


class OrderDialog(FormDialog):
    """Asks what a paper is for, who gets it and how much of the file; `ordered` carries the values."""

    ordered = Signal(dict)

    def __init__(self, parent: QWidget | None, title: str, may_unmask: bool) -> None:
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
        hint = _("All three are printed on the first page and written into the audit log.")
        super().__init__(parent, title, Form(fields, only_asks=True), _("Co&ntinue …"), hint)
        self.form.submitted.connect(self.ordered)
        self.finished.connect(self.deleteLater)

    def open_with(self, values: Mapping[str, Any]) -> None:
        """Show the dialog with these values."""
        self.form.set_values(values)
        self.open()
        self.form.focus_first()
