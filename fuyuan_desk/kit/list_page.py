"""The page, or a tab, of a list whose records are opened elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.kit.book import Book, BookQuery
from fuyuan_desk.kit.book_list import BookList, ListUses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_screen import ListScreen
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.widgets.split import Settings

F = TypeVar("F")


class ListPage(QObject, Generic[F]):
    """Runs a book's list in a page with the header `title`, or in a tab of a record, which calls `show_within`.

    `can_add` decides whether the desk's operator may add records; `acts`, `without` and `many` are those of the
    screen. The page's owner opens what `view.opened` and `view.new_requested` ask for.
    """

    def __init__(
        self,
        desk: Desk,
        book: Book,
        uses: ListUses[F],
        settings: Settings | None,
        key: str,
        *,
        can_add: Callable[[Desk], bool],
        title: str = "",
        acts: Sequence[QWidget] = (),
        without: str = "",
        many: bool = False,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._uses = uses
        self._can_add = can_add
        self._within: dict[str, Any] | None = {} if title else None
        self._list = BookList(desk, book, uses, lambda: self._within)
        self.view = ListScreen(
            book, self._list.fetch, desk.seat.today, settings, key,
            title=title, acts=acts, without=without, many=many,
        )  # fmt: skip
        self.page = self.view
        self._list.attach(self.view)
        self.view.print_requested.connect(self._list.print_list)
        self._desk.changes.connect(self._allow)
        self._allow()
        self._list.read_options()
        if title:
            self.view.table.load()

    @property
    def within(self) -> Mapping[str, Any]:
        """The values that all shown records have in common."""
        return self._within or {}

    @property
    def preview(self) -> PreviewDialog | None:
        """The preview of the printed list, once it was opened."""
        return self._list.preview

    def query(self) -> BookQuery:
        """Return what the list shows, as a query of its services."""
        return self._list.query()

    def show_within(self, values: Mapping[str, Any]) -> None:
        """List the records that have these values, such as those of one estate."""
        if values == self._within:
            self.view.table.refresh()
            return
        self._within = dict(values)
        self._list.offer_again()
        self.view.table.clear_filters()

    def show_of(self, part: str, record_id: int) -> None:
        """List the records whose reference `part` points to a record; nothing else is filtered."""
        self._list.show_of(part, record_id)

    def _allow(self) -> None:
        paper = self._uses.paper is not None and self._desk.may(self._uses.paper)
        self.view.allow(add=self._can_add(self._desk), export=self._desk.can_reveal, paper=paper)
