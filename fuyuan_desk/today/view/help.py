"""View of the help: filtered titles at the left, the text of a page at the right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import clear_action
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.theme import colour, text_px

_LIST_WIDTH = 260
_LINE_PERCENT = 140
_MARGIN = 24
_HEADINGS = {1: 1.5, 2: 1.2}
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class HelpPage:
    """A help page; `text` is Markdown."""

    key: str
    title: str
    text: str


class HelpView(QWidget):
    """Shows the help pages; a filter keeps those whose title or text contains every word."""

    def __init__(self, pages: Sequence[HelpPage], pictures: Path) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._pages = {page.key: page for page in pages}
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Search the help"))
        self.filter.setAccessibleName(_("Search the help"))
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self.filter, _("Clear the filter"))
        SettledText(self.filter).changed.connect(self._apply_filter)
        self.titles = QListWidget()
        self.titles.setAccessibleName(_("Help pages"))
        self.titles.currentItemChanged.connect(lambda item, _previous: self._show(item))
        self.filter.returnPressed.connect(self.titles.setFocus)
        self.nothing = label(_("No help page contains these words."), "muted", wrap=True)
        self.nothing.hide()
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Help text"))
        self.text.setSearchPaths([str(pictures)])
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(lambda link: self.open(link.toString().removesuffix(".md")))
        self.text.document().setDocumentMargin(_MARGIN)
        self._build()
        for page in pages:
            item = QListWidgetItem(page.title)
            item.setData(_KEY, page.key)
            self.titles.addItem(item)
        self.titles.setCurrentRow(0)

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.filter)
        column.addWidget(self.nothing)
        column.addWidget(self.titles, 1)
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        column.setContentsMargins(0, 0, 0, 0)
        left.setLayout(column)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(left)
        row.addWidget(self.text, 1)
        page = page_column(self)
        page.addWidget(PageHeader(_("Help"), _("How to do the daily work, page by page.")))
        page.addLayout(row, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.titles.doItemsLayout()  # the padding of the stylesheet is known only now

    def open(self, key: str) -> None:
        """Show a page by its key; ignore an unknown key."""
        for row in range(self.titles.count()):
            if self.titles.item(row).data(_KEY) == key:
                self.filter.clear()
                self.titles.setCurrentRow(row)

    def open_first(self, keys: Iterable[str]) -> None:
        """Show the first of these pages that there is; else the first page."""
        self.open(next((key for key in keys if key in self._pages), next(iter(self._pages))))

    @property
    def current(self) -> str:
        """The key of the current page."""
        return str(self.titles.currentIndex().data(_KEY) or "")

    def visible_keys(self) -> list[str]:
        """Return the keys of the pages that match the filter."""
        items = [self.titles.item(row) for row in range(self.titles.count())]
        return [str(item.data(_KEY)) for item in items if not item.isHidden()]

    def _apply_filter(self, text: str) -> None:
        words = text.casefold().split()
        first = None
        for row in range(self.titles.count()):
            item = self.titles.item(row)
            page = self._pages[item.data(_KEY)]
            content = f"{page.title} {page.text}".casefold()
            item.setHidden(not all(word in content for word in words))
            if first is None and not item.isHidden():
                first = item
        self.nothing.setVisible(first is None)
        if first is not None and self.current not in self.visible_keys():
            self.titles.setCurrentItem(first)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        font = QFont(self.font())
        font.setPixelSize(text_px())
        self.text.document().setDefaultFont(font)
        self.text.setMarkdown(self._pages[item.data(_KEY)].text)
        self._set_spacing()

    def _set_spacing(self) -> None:
        """Set the spacing of lines and headings, which Markdown does not define."""
        cursor = QTextCursor(self.text.document())
        block = self.text.document().begin()
        while block.isValid():
            layout = QTextBlockFormat(block.blockFormat())
            layout.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            heading = layout.headingLevel() > 0
            cursor.setPosition(block.position())
            close = heading or block.textList() is not None
            layout.setTopMargin(16 if heading and block.blockNumber() else 0)
            layout.setBottomMargin(0 if cursor.currentTable() is not None else 4 if close else 10)
            cursor.setBlockFormat(layout)
            if heading:
                self._set_size(cursor, _HEADINGS.get(layout.headingLevel(), 1.0))
            block = block.next()
        for frame in self.text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._format_table(frame)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_size(self, cursor: QTextCursor, factor: float) -> None:
        font = QFont(self.text.document().defaultFont())
        font.setPixelSize(round(text_px() * factor))
        font.setWeight(QFont.Weight.Bold)
        char_format = QTextCharFormat()
        char_format.setFont(font)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.setCharFormat(char_format)

    def _format_table(self, table: QTextTable) -> None:
        table_format = table.format()
        table_format.setCellPadding(6)
        table_format.setCellSpacing(0)
        table_format.setBorderCollapse(True)
        table_format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        table_format.setBorder(1)
        table_format.setBorderBrush(colour("line"))
        table_format.setTopMargin(4)
        table_format.setBottomMargin(12)
        table.setFormat(table_format)
