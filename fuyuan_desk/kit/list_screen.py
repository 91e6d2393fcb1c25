"""The widgets of a list whose records are opened elsewhere: a page with header, or a tab."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Fetch


class ListScreen(QWidget):
    """Shows the list of a book under a header with `acts` and the button of a new record.

    Without a `title` it is a tab: no header, no shortcut, and the button beside the filters. `without` is a part that
    is the same in all rows. `opened` carries the id of a record, `shown` is emitted when the list becomes visible.
    """

    opened = Signal(int)
    new_requested = Signal()
    print_requested = Signal()
    shown = Signal()

    def __init__(
        self,
        book: Book,
        fetch: Fetch,
        today: Callable[[], date],
        settings: Settings | None,
        key: str,
        *,
        title: str = "",
        acts: Sequence[QWidget] = (),
        without: str = "",
        many: bool = False,
    ) -> None:
        super().__init__()
        words = book.words
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.table = TablePage(
            key, list_view.columns_of(book, today(), without), fetch, name=book.title,
            empty=EmptyState(book.kind.icon, words.nothing, words.nothing_hint, words.add),
            settings=settings, filter_hint=words.find,
            facets=list_view.facets_of(book, without), today=today, many=many,
        )  # fmt: skip
        self.new_button = button(
            words.add, self.new_requested.emit, role="primary" if title else "", picture="add",
            shortcut="Ctrl+N" if title else "",
        )  # fmt: skip
        self.print_button = button(_("Print the &list"), self.print_requested.emit, picture="print")
        tools = (*acts, self.print_button, self.new_button)
        self.table.opened.connect(lambda line: self.opened.emit(line.id))
        self.table.first_step.connect(self.new_requested)
        column = page_column(self)
        if title:
            self.setProperty("role", "page")
            column.addWidget(PageHeader(title, book.about, tools))
        else:
            column.setContentsMargins(0, 0, 0, 0)
            for tool in tools:
                self.table.add_tool(tool)
        for part in (self.banner, self.progress):
            column.addWidget(part)
        column.addWidget(self.table, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def allow(self, *, add: bool, export: bool, paper: bool) -> None:
        """Show only what the operator may do."""
        self.print_button.setVisible(paper)
        self.new_button.setVisible(add)
        self.table.offer(export=export, first_step=add)

    def show_column(self, name: str, visible: bool) -> None:
        """Show or hide a column."""
        names = [column.name for column in self.table.model.columns]
        self.table.table.setColumnHidden(names.index(name), not visible)
