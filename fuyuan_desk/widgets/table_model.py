"""A table model that holds only the pages of rows in view, fetched in the background."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPixmap

from fuyuan_desk.widgets.chips import CHIP_ROLE, Chip
from fuyuan_desk.widgets.theme import colour

Align = Literal["left", "right", "center"]
AnyIndex = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 200
PAGES_KEPT = 24
_IN_FLIGHT = 2
_QUEUE_LIMIT = 3
PENDING = "…"
"""The text of a cell whose row is not fetched yet."""


@dataclass(frozen=True)
class Column:
    """One column: `text` returns a row's cell text, `sort` is the sort key of the header.

    `width` is in pixels at normal text size; `chip` returns a state to draw instead of text; `tip` a tooltip.
    `masked` marks personal data (shown in the muted colour); `hidden` columns can be shown from the header's menu.
    In a small window a column is not made narrower than its `least` width. Where a `chip` shortens what it says, `text`
    has the whole, for the tooltip and for an export. `ends`: a text that is cut keeps its end, too. `picture` returns a
    row's picture, drawn in place of its text once it is there.
    """

    name: str
    header: str
    text: Callable[[Any], str]
    width: int = 120
    align: Align = "left"
    sort: str = ""
    chip: Callable[[Any], Chip | None] | None = None
    tip: Callable[[Any], str] | None = None
    masked: bool = False
    hidden: bool = False
    least: int = 72
    ends: bool = False
    picture: Callable[[Any], QPixmap | None] | None = None


@dataclass(frozen=True)
class Query:
    """A query of a list: the filter text, the sort key, and the chosen facets (name → value)."""

    filter: str = ""
    sort: str = ""
    descending: bool = False
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """Consecutive rows of a list, and the length of the whole list."""

    total: int
    rows: Sequence[Any]


Deliver = Callable[[Window], object]
Fetch = Callable[[Query, int, int, Deliver], object]
"""fetch(query, offset, limit, deliver): starts in the background and calls deliver on the UI thread."""

ALIGNMENT = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignCenter,
}


class WindowedModel(QAbstractTableModel):
    """Table model with `Column`s of rows that `fetch` delivers page by page.

    `arrived` is emitted with a page's number, then `loaded` with the total, whenever a page has arrived. Rows not
    fetched yet show '…'.
    """

    arrived = Signal(int)
    loaded = Signal(int)

    def __init__(self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._fetch = fetch
        self._query = Query()
        self._total = 0
        self._generation = 0
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._fresh: set[int] = set()
        self._queue: OrderedDict[int, None] = OrderedDict()
        self._requested: set[int] = set()
        self._is_loaded = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(15)
        self._timer.timeout.connect(self._ask)
        self._align = [int(ALIGNMENT[column.align]) for column in self.columns]
        self._muted = colour("muted")
        self._marks: Mapping[int, str] = {}

    @property
    def query(self) -> Query:
        """The current query."""
        return self._query

    @property
    def total(self) -> int:
        """The known length of the whole list."""
        return self._total

    @property
    def is_loaded(self) -> bool:
        """Whether the first page of the current query has arrived."""
        return self._is_loaded

    def ask(self, query: Query) -> None:
        """Show another query from the top; the old rows stay until the new ones arrive."""
        self._query = query
        self._restart(keep=False)

    def refresh(self) -> None:
        """Fetch the visible rows again, in place; the old rows stay until the new ones arrive."""
        self._restart(keep=True)

    def row(self, number: int) -> Any | None:
        """Return a row's object, None while it is not fetched."""
        rows = self._pages.get(number // PAGE_ROWS)
        offset = number % PAGE_ROWS
        return rows[offset] if rows is not None and offset < len(rows) else None

    def shown_row(self, number: int) -> Any | None:
        """Return a row's object to show it, None while it is not fetched; fetches it if it is missing or stale."""
        page = number // PAGE_ROWS
        if self._is_loaded and page not in self._fresh:
            self._enqueue(page)
        return self.row(number)

    def rows_of_page(self, page: int) -> Sequence[Any]:
        """Return the rows of a page, none while it is not fetched."""
        return self._pages.get(page, ())

    def pages_held(self) -> list[int]:
        """Return the numbers of the pages in memory."""
        return sorted(self._pages)

    def find(self, matches: Callable[[Any], bool]) -> int:
        """Return the number of the first row in memory for which `matches` holds, else -1."""
        for page in sorted(self._pages):
            for offset, row in enumerate(self._pages[page]):
                if matches(row):
                    return page * PAGE_ROWS + offset
        return -1

    # Qt overrides

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align[number]
        if role not in _ROLES:
            return None
        row = self.shown_row(index.row())
        if row is None:
            return PENDING if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[number]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == CHIP_ROLE:
            return column.chip(row) if column.chip is not None else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._muted if column.masked else None
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = column.tip(row) if column.tip is not None else column.text(row)
            mark = self.mark_of(row)
            return f"{mark}\n{tip}" if mark else tip
        text = self._accessible_text(column, row)
        return f"{text} {self.mark_of(row)}".rstrip() if number == 0 else text

    def set_marks(self, marks: Mapping[int, str]) -> None:
        """Mark the rows of these records, by id, each with a text; a row without an id has no mark."""
        self._marks = marks
        if self._total:
            self.dataChanged.emit(self.index(0, 0), self.index(self._total - 1, len(self.columns) - 1))

    def mark_of(self, row: Any) -> str:
        """Return the text of a row's mark, '' for none."""
        return self._marks.get(getattr(row, "id", 0), "") if self._marks else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].header
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        key = self.columns[column].sort if 0 <= column < len(self.columns) else ""
        if not key and column >= 0:
            return
        descending = bool(key) and order == Qt.SortOrder.DescendingOrder
        if (key, descending) != (self._query.sort, self._query.descending):
            self.ask(Query(self._query.filter, key, descending, self._query.facets))

    def _accessible_text(self, column: Column, row: Any) -> str:
        chip = column.chip(row) if column.chip is not None else None
        return f"{column.header} {chip.text if chip is not None else column.text(row)}"

    # fetching

    def _restart(self, keep: bool) -> None:
        self._generation += 1
        self._requested.clear()
        self._queue.clear()
        self._fresh.clear()
        self._is_loaded = self._is_loaded and keep
        first = next(reversed(self._pages), 0) if keep else 0
        self._enqueue(first)
        self._ask()
        if keep and self._total:  # views then request their rows again
            self.dataChanged.emit(self.index(0, 0), self.index(self._total - 1, len(self.columns) - 1))

    def _enqueue(self, page: int) -> None:
        self._queue[page] = None
        self._queue.move_to_end(page)
        while len(self._queue) > _QUEUE_LIMIT:  # drop pages that were scrolled past
            self._queue.popitem(last=False)
        if not self._timer.isActive():
            self._timer.start()

    def _ask(self) -> None:
        while self._queue and len(self._requested) < _IN_FLIGHT:
            page, _nothing = self._queue.popitem(last=True)
            if page in self._fresh or page in self._requested:
                continue
            self._requested.add(page)
            self._fetch(
                self._query, page * PAGE_ROWS, PAGE_ROWS, partial(self._on_page, self._generation, page)
            )

    def _on_page(self, generation: int, page: int, window: Window) -> None:
        if generation != self._generation:
            return
        self._requested.discard(page)
        if not self._is_loaded:
            self._reset_to(page, window)
        else:
            self._resize(window.total)
            self._store_page(page, window.rows)
            first = page * PAGE_ROWS
            last = min(first + PAGE_ROWS, self._total) - 1
            if last >= first:
                self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.arrived.emit(page)
        self.loaded.emit(self._total)
        self._ask()

    def _reset_to(self, page: int, window: Window) -> None:
        self.beginResetModel()
        self._pages.clear()
        self._total = window.total
        self._is_loaded = True
        self._store_page(page, window.rows)
        self.endResetModel()

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _store_page(self, page: int, rows: Sequence[Any]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        self._fresh.add(page)
        while len(self._pages) > PAGES_KEPT:
            old, _rows = self._pages.popitem(last=False)
            self._fresh.discard(old)


_ROLES = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ForegroundRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(CHIP_ROLE),
    }
)
