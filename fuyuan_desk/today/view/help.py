"""The help page: titles at the left, narrowed as one types, the text at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from fuyuan_desk.widgets.editors import clear_action
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.theme import colour, text_px

_LIST_WIDTH = 260
_LINE_PERCENT = 140
_MARGIN = 24
_HEADINGS = {1: 1.5, 2: 1.2}
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class HelpPage:
    """One page of the help; `text` is Markdown."""

    key: str
    title: str
    text: str


class HelpView(QWidget):
    """Shows the pages; a filter keeps those whose title or text holds every word typed."""

    def __init__(self, pages: Sequence[HelpPage]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._pages = {page.key: page for page in pages}
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Find in the help"))
        self.filter.setAccessibleName(_("Find in the help"))
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self.filter, _("Clear the filter"))
        self.filter.textChanged.connect(self._narrow)
        self.titles = QListWidget()
        self.titles.setAccessibleName(_("Pages of the help"))
        self.titles.currentItemChanged.connect(lambda item, _former: self._show(item))
        self.filter.returnPressed.connect(self.titles.setFocus)
        self.nothing = label(_("No page of the help holds these words."), "muted", wrap=True)
        self.nothing.hide()
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Text of the help"))
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
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 16, 24, 16)
        page.setSpacing(12)
        page.addWidget(PageHeader(_("Help"), _("How the daily work is done, page by page.")))
        page.addLayout(row, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.titles.doItemsLayout()  # only now the stylesheet's padding is known

    def open(self, key: str) -> None:
        """Show a page by its key; an unknown key changes nothing."""
        for row in range(self.titles.count()):
            if self.titles.item(row).data(_KEY) == key:
                self.filter.clear()
                self.titles.setCurrentRow(row)

    @property
    def current(self) -> str:
        """The key of the page shown."""
        return str(self.titles.currentIndex().data(_KEY) or "")

    def visible_keys(self) -> list[str]:
        """Give the keys of the pages that the filter leaves."""
        items = [self.titles.item(row) for row in range(self.titles.count())]
        return [str(item.data(_KEY)) for item in items if not item.isHidden()]

    def _narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        first = None
        for row in range(self.titles.count()):
            item = self.titles.item(row)
            page = self._pages[item.data(_KEY)]
            told = f"{page.title} {page.text}".casefold()
            item.setHidden(not all(word in told for word in words))
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
        self._space_out()

    def _space_out(self) -> None:
        """Give lines and headings room; Markdown itself knows no spacing."""
        cursor = QTextCursor(self.text.document())
        block = self.text.document().begin()
        while block.isValid():
            wanted = QTextBlockFormat(block.blockFormat())
            wanted.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            heading = wanted.headingLevel() > 0
            cursor.setPosition(block.position())
            close = heading or block.textList() is not None
            wanted.setTopMargin(16 if heading and block.blockNumber() else 0)
            wanted.setBottomMargin(0 if cursor.currentTable() is not None else 4 if close else 10)
            cursor.setBlockFormat(wanted)
            if heading:
                self._size(cursor, _HEADINGS.get(wanted.headingLevel(), 1.0))
            block = block.next()
        for frame in self.text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._draw_table(frame)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _size(self, cursor: QTextCursor, factor: float) -> None:
        font = QFont(self.text.document().defaultFont())
        font.setPixelSize(round(text_px() * factor))
        font.setWeight(QFont.Weight.Bold)
        wanted = QTextCharFormat()
        wanted.setFont(font)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.setCharFormat(wanted)

    def _draw_table(self, table: QTextTable) -> None:
        wanted = table.format()
        wanted.setCellPadding(6)
        wanted.setCellSpacing(0)
        wanted.setBorderCollapse(True)
        wanted.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        wanted.setBorder(1)
        wanted.setBorderBrush(colour("line"))
        wanted.setTopMargin(4)
        wanted.setBottomMargin(12)
        table.setFormat(wanted)
