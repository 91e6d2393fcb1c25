"""The list of a book on any page: its rows, the choices of its filters, its export, its refresh after changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book, BookQuery, Line, Option
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.list_sheet import ListPaper, list_sheet
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Deliver, Query, Window
from fuyuan_desk.widgets.work import UiProgress

F = TypeVar("F")


@dataclass(frozen=True)
class ListUses(Generic[F]):
    """The services of a book's list; an export and a printed list that are None are not offered.

    `options`: by reference, the records to choose from; `names`: by part, the texts. `tables`: those that change what
    the list shows, besides the book's own. `export_hidden`: an export holds the columns that the clerk hid, too.
    """

    find: Callable[[Seat, BookQuery, int, int], Page[Line[F]]]
    export: Callable[[Seat, ExportOrder, BookQuery], Export[Line[F]]] | None = None
    options: Mapping[str, Callable[[Seat], tuple[Option, ...]]] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    export_hidden: bool = True
    paper: Callable[[Seat, BookQuery], ListPaper] | None = None
    names: Mapping[str, Callable[[Seat], tuple[str, ...]]] = field(default_factory=dict)


class ListWidget(Protocol):
    """The widget that holds the table; `shown` is emitted when it becomes visible."""

    table: TablePage
    banner: Banner
    progress: ProgressPanel
    shown: Any

    def isVisible(self) -> bool:
        """Return whether it is in sight."""


class BookList(QObject, Generic[F]):
    """Runs the services of a book's list for the page that shows it.

    `within()` returns the facets that the page itself sets, None while there is nothing to list. `fetch` is handed to
    the table, then `attach` connects the widget that holds it. `refreshed` is emitted after each refresh,
    `options_read` with the name of a reference and its options.
    """

    refreshed = Signal()
    options_read = Signal(str, object)

    def __init__(
        self, desk: Desk, book: Book, uses: ListUses[F], within: Callable[[], Mapping[str, Any] | None] = dict
    ) -> None:
        super().__init__()
        self._desk = desk
        self._book = book
        self._uses = uses
        self._within = within
        self._is_stale = False
        self._options: dict[str, tuple[Option, ...]] = {}
        self._widget: ListWidget | None = None
        self.preview: PreviewDialog | None = None

    def attach(self, widget: ListWidget) -> None:
        """Fill and refresh the table of a widget from now on."""
        self._widget = widget
        widget.table.export_requested.connect(lambda _query: self._export())
        widget.table.follow(self._desk.marks, self._book.kind.name)
        widget.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def query(self) -> BookQuery:
        """Return what the list shows, as a query of its services."""
        return self._query(self._shown.table.model.query)

    def fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        """Fetch a window of rows for the table."""
        if self._within() is None:
            return

        def done(page: Page[Line[F]]) -> None:
            deliver(Window(page.total, page.rows))

        self._run(self._uses.find, self._query(query), offset, limit, done=done)

    def read_options(self) -> None:
        """Read the records to choose from in the filters."""
        for name, options_of in self._uses.options.items():
            self._run(options_of, done=partial(self._take, name))
        for name, names_of in self._uses.names.items():
            self._run(names_of, done=partial(self._take_names, name))

    def show_of(self, part: str, record_id: int) -> None:
        """List the records whose reference `part` points to a record; nothing else is filtered."""

        def done(options: tuple[Option, ...]) -> None:
            self._take(part, options)
            self._shown.table.show_filter({"facets": {part: record_id}})

        self._run(self._uses.options[part], done=done)

    def refresh(self) -> None:
        """Read options and rows again."""
        self._is_stale = False
        self.read_options()
        self._shown.table.refresh()
        self.refreshed.emit()

    @property
    def _shown(self) -> ListWidget:
        assert self._widget is not None
        return self._widget

    def _query(self, query: Query) -> BookQuery:
        return list_view.book_query(query, self._within() or {})

    def _run(self, use: Callable[..., Any], *arguments: Any, done: Callable[[Any], object]) -> None:
        self._desk.run(use, *arguments, done=done, failed=self._refuse, owner=self._shown.table)

    def _take(self, name: str, options: tuple[Option, ...]) -> None:
        self._options[name] = options
        self._offer(name)
        self.options_read.emit(name, options)

    def offer_again(self) -> None:
        """Offer in the filters what is left within the facets that the page sets now."""
        for name in self._options:
            self._offer(name)

    def _offer(self, name: str) -> None:
        if self._shown.table.facets.has(name):
            estate = (self._within() or {}).get(self._book.estate)
            left = [one for one in self._options[name] if estate is None or one.within in (None, estate)]
            self._shown.table.facets.set_choices(name, [(option.id, option.text) for option in left])

    def _take_names(self, part: str, names: tuple[str, ...]) -> None:
        if self._shown.table.facets.has(part):
            self._shown.table.facets.set_choices(part, [(name, name) for name in names])

    def _export(self) -> None:
        if self._uses.export is None:
            return
        table = self._shown.table
        columns = [
            column
            for number, column in enumerate(table.model.columns)
            if self._uses.export_hidden or not table.table.isColumnHidden(number)
        ]
        may_unmask = any(part.mask is not None for part in self._book.fields)
        export_list(
            self._desk, table, self._book.title, list_view.export_columns(self._book, columns),
            self._uses.export, (self.query(),), may_unmask=may_unmask, failed=self._refuse,
        )  # fmt: skip

    def print_list(self) -> None:
        """Preview the whole filtered list on paper."""
        if self._uses.paper is not None:
            self._run(self._uses.paper, self.query(), done=self._draw)

    def _draw(self, paper: ListPaper) -> None:
        progress, panel = UiProgress(), self._shown.progress

        def show(printed: Any) -> None:
            panel.finish()
            name = joined_name(self._book.title, f"{paper.made.astimezone():%Y-%m-%d}")
            self.preview = open_preview(self._shown.table, self._book.title, printed.pdf, name=name)

        def failed(refusal: UserError) -> None:
            panel.finish()
            self._refuse(refusal)

        def cancelled() -> None:
            panel.finish()
            self._shown.banner.say("info", _("Nothing was printed."))

        job = self._desk.run_paper(
            list_sheet, paper, progress,
            done=show, failed=failed, cancelled=cancelled, progress=progress, owner=self._shown.table,
        )  # fmt: skip
        title = numbered(
            len(paper.rows), N_("Drawing a list of {n} record"), N_("Drawing a list of {n} records")
        )
        panel.follow(title, progress, job.cancel)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if not tables & ({self._book.kind.table} | self._uses.tables):
            return
        if self._shown.isVisible():
            self.refresh()
        else:
            self._is_stale = True

    def _on_shown(self) -> None:
        if self._is_stale:
            self.refresh()

    def _refuse(self, refusal: UserError) -> None:
        self._shown.banner.refuse(refusal)
