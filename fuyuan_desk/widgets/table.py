"""A list page: filter box, count, table, empty state and export, with user-defined columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet, FacetBar
from fuyuan_desk.widgets.fields import today_or
from fuyuan_desk.widgets.filter_box import filter_box
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.room import Bounded, Stack
from fuyuan_desk.widgets.row_marks import RowMarks
from fuyuan_desk.widgets.saved_filters import SavedFilters
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Column, Fetch, WindowedModel
from fuyuan_desk.widgets.table_view import Table
from fuyuan_desk.widgets.theme import TEXT_PX, show_if, text_px

FILTER_MS = 120
_SAVE_MS = 500


def _identity(row: Any) -> Any:
    return getattr(row, "id", row)


def count_text(total: int, *, narrowed: bool) -> str:
    """Return how many rows a list has, or how many its filters leave; '' for an empty list, which says so itself."""
    if not narrowed:
        return f"{total:,}" if total else ""
    return _("{n} found").format(n=f"{total:,}") if total else _("None found")


class TablePage(Bounded):
    """A list with its filter, columns, empty state and export.

    `opened` and `selected` carry the row's object (`selected` None for no row or several); `export_requested` the
    current `Query`; `first_step` is the empty state's button. `facets` are filters beside the box, `today` returns the
    day from which their periods count; `add_tool` adds more controls, `filters_cleared` notifies their owner.
    `many`: several rows can be chosen, `chosen_many` carries how many. `identity` returns the identity of a
    row's record (its `id`), so that the selection follows it through a refresh. Rows are `lines` times as high as
    usual.
    """

    opened = Signal(object)
    selected = Signal(object)
    export_requested = Signal(object)
    first_step = Signal()
    filters_cleared = Signal()
    chosen_many = Signal(int)

    def __init__(
        self,
        key: str,
        columns: Sequence[Column],
        fetch: Fetch,
        *,
        name: str,
        empty: EmptyState,
        settings: Settings | None = None,
        exportable: bool = True,
        filter_hint: str = "",
        identity: Callable[[Any], Any] = _identity,
        facets: Sequence[Facet] = (),
        today: Callable[[], date] = today_or,
        many: bool = False,
        lines: int = 1,
    ) -> None:
        super().__init__()
        self._identity = identity
        self._selected_identity: Any = None
        self._is_shrinking = self._has_lost_choice = False
        self._chosen_identities: set[Any] = set()
        self.key = key
        self._key = f"table:{key}"
        self._settings = settings
        self._empty = empty
        self._empty_texts = self._shown_empty_texts = empty.texts()
        self._exportable = exportable
        self.model = WindowedModel(columns, fetch, self)
        self.model.rowsAboutToBeRemoved.connect(self._on_rows_going)  # before the table hears of it
        self.table = Table(self.model, lines)
        self.table.setAccessibleName(name)
        if many:
            self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.filter = filter_box(filter_hint or _("Filter this list"))
        self.count = label("", "hint")
        self.facets = FacetBar(facets, today)
        show_if(self.facets, bool(facets))
        self.lost = label(_("What this filter chose no longer exists here; that part is left out."), "doubt")
        self.lost.hide()
        self.saved_filters = (
            SavedFilters(self, key, settings, self.current_filter, self.show_filter)
            if settings is not None
            else None
        )
        self._columns_button = icon_button("columns", _("Choose columns"), self._open_columns)
        self._export_button = icon_button("export", _("Export this list to Excel"), self._export)
        show_if(self._export_button, exportable)
        self._stack = Stack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        self._filter_timer = _timer(self, FILTER_MS, self._apply_filter)
        self._save_timer = _timer(self, _SAVE_MS, self._save_columns)
        self._lay_out()
        self._restore_columns()
        self._connect()

    def _lay_out(self) -> None:
        self._top = Flow()
        self._top.add(self.filter, grows=True)
        self._top.add(self.facets)
        for at_end in (self.count, *self._saved_button(), self._columns_button, self._export_button):
            self._top.add(at_end, end=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._top)
        column.addWidget(self.lost)
        column.addWidget(self._stack, 1)

    def _saved_button(self) -> list[QWidget]:
        return [] if self.saved_filters is None else [self.saved_filters.button]

    def add_tool(self, tool: QWidget) -> None:
        """Add a control behind the filters."""
        self._top.add(tool)

    def _connect(self) -> None:
        SettledText(self.filter).changed.connect(self._filter_timer.start)
        self.facets.changed.connect(self._apply_facets)
        self.filter.returnPressed.connect(self._filter_entered)
        self.table.opened.connect(self._on_opened)
        self.table.typed.connect(self._type)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.model.rowsRemoved.connect(self._on_rows_gone)
        self.model.loaded.connect(self._on_loaded)
        self.model.modelReset.connect(self._on_reset)
        self._empty.acted.connect(self._on_first_step)
        header = self.table.horizontalHeader()
        header.sectionResized.connect(self._on_column_resized)
        header.sectionMoved.connect(self._save_timer.start)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_columns_at)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_filter)
        self.filter.installEventFilter(self)

    def load(self) -> None:
        """Fetch the list; after the first time, fetch it again in place."""
        if self.model.is_loaded:
            self.model.refresh()
        else:
            self.model.ask(self.model.query)

    def follow(self, marks: RowMarks, kind: str) -> None:
        """Mark the rows of the marked records of a kind from now on."""
        self._followed = (marks, kind)
        marks.changed.connect(self._show_marks)
        self._show_marks()

    def _show_marks(self) -> None:
        marks, kind = self._followed
        self.model.set_marks(marks.of(kind))

    def refresh(self) -> None:
        """Fetch the visible rows again; call this when the records changed."""
        self.load()

    def offer(self, export: bool, first_step: bool) -> None:
        """Show or hide the export button and the first step of the empty state."""
        self._export_button.setVisible(export and self._exportable)
        title, text, action = self._empty_texts
        self._shown_empty_texts = (title, text, action if first_step else "")
        if not (self.model.query.filter or self.model.query.facets):
            self._empty.set_texts(*self._shown_empty_texts)

    def set_facet(self, name: str, value: Any) -> None:
        """Filter the list by a facet; None removes it."""
        facets = {key: kept for key, kept in self.model.query.facets.items() if key != name}
        if value is not None:
            facets[name] = value
        self.model.ask(replace(self.model.query, facets=facets))

    def current_row(self) -> Any | None:
        """Return the object of the selected row, or None; also None if several are chosen."""
        chosen = self.table.selectionModel().selectedRows()
        return self.model.row(chosen[0].row()) if len(chosen) == 1 else None

    def chosen_ranges(self) -> list[tuple[int, int]]:
        """Return the chosen rows as runs: number of the first row and length; they need not be in memory."""
        numbers = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        ranges: list[tuple[int, int]] = []
        for number in numbers:
            if ranges and number == sum(ranges[-1]):
                ranges[-1] = (ranges[-1][0], ranges[-1][1] + 1)
            else:
                ranges.append((number, 1))
        return ranges

    def current_filter(self) -> dict[str, Any] | None:
        """Return what is typed, chosen and sorted, as `show_filter` takes it; None if the list is not filtered."""
        query = self.model.query
        if not (query.filter or query.facets or query.sort):
            return None
        return {
            "text": query.filter,
            "facets": self.facets.raw(),
            "sort": query.sort,
            "descending": query.descending,
        }

    def show_filter(self, saved: Mapping[str, Any]) -> None:
        """Show the list as a saved filter says; what of it no longer exists is left out."""
        chosen = saved.get("facets")
        is_whole = self.facets.set_raw(chosen if isinstance(chosen, dict) else {})
        self.lost.setHidden(is_whole)
        self.filter.setText(str(saved.get("text", "")))
        self._filter_timer.stop()
        sort = str(saved.get("sort", ""))
        numbers = [number for number, column in enumerate(self.model.columns) if sort and column.sort == sort]
        order = Qt.SortOrder.DescendingOrder if saved.get("descending") else Qt.SortOrder.AscendingOrder
        header = self.table.horizontalHeader()
        header.blockSignals(True)  # the query below asks once for everything
        header.setSortIndicator(numbers[0] if numbers else -1, order)
        header.blockSignals(False)
        self.model.ask(
            replace(
                self.model.query,
                filter=self.filter.text().strip(),
                facets=self._chosen_facets(),
                sort=sort if numbers else "",
                descending=bool(numbers and saved.get("descending")),
            )
        )

    def _apply_facets(self) -> None:
        self.lost.hide()
        self.model.ask(replace(self.model.query, facets=self._chosen_facets()))

    def _chosen_facets(self) -> dict[str, Any]:
        """Return the facets of the bar, and those that the owner set beside it."""
        own = {key: value for key, value in self.model.query.facets.items() if not self.facets.has(key)}
        return {**own, **self.facets.values()}

    def select_where(self, matches: Any) -> bool:
        """Select the first row in memory for which `matches(row)` holds; return whether there is one."""
        number = self.model.find(matches)
        if number >= 0:
            self._select_row(number)
            self.table.scrollTo(self.model.index(number, 0))
        return number >= 0

    def _select_row(self, number: int) -> None:
        # QTableView.selectRow would toggle the row while Ctrl is held, as it still is after Ctrl+S
        index = self.model.index(number, 0)
        how = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, how.ClearAndSelect | how.Rows)

    def clear_selection(self) -> None:
        """Deselect all rows."""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())

    def focus_filter(self) -> None:
        """Focus the filter box."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _type(self, text: str) -> None:
        """Continue in the filter what was begun in the table."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.end(False)
        self.filter.insert(text)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self.filter and event.type() == event.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) and self.model.total:
                self.table.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.table.selectionModel().hasSelection():  # the focus alone does not select a row
                    self._select_row(max(self.table.currentIndex().row(), 0))
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def _filter_entered(self) -> None:
        if self._filter_timer.isActive():
            self._filter_timer.stop()
            self._apply_filter()
        elif self.model.total:
            self._on_opened(max(self.table.currentIndex().row(), 0))

    def _apply_filter(self) -> None:
        text = self.filter.text().strip()
        if text != self.model.query.filter:
            self.model.ask(replace(self.model.query, filter=text))

    def _on_loaded(self, total: int) -> None:
        narrowed = bool(self.model.query.filter or self.model.query.facets)
        self.count.setText(count_text(total, narrowed=narrowed))
        rows = numbered(total, N_("{n} row"), N_("{n} rows"))
        self.count.setAccessibleName(rows if total else _("No rows"))
        self._export_button.setEnabled(total > 0)
        self._restore_selection()
        if total:
            self._stack.setCurrentWidget(self.table)
            return
        if narrowed:
            self._empty.set_texts(
                _("Nothing found"), _("No row matches this filter."), _("Clear the &filter")
            )
        else:
            self._empty.set_texts(*self._shown_empty_texts)
        self._stack.setCurrentWidget(self._empty)

    def _on_first_step(self) -> None:
        if self.model.query.filter or self.model.query.facets:
            self.clear_filters()
        else:
            self.first_step.emit()

    def clear_filters(self) -> None:
        """Show the whole list again."""
        self.filter.clear()
        self._filter_timer.stop()
        self.facets.clear()
        self.lost.hide()
        self.filters_cleared.emit()
        self.model.ask(replace(self.model.query, filter="", facets={}))

    def _on_reset(self) -> None:
        self.table.scrollToTop()
        self.selected.emit(None)
        self.chosen_many.emit(0)

    def _on_opened(self, number: int) -> None:
        row = self.model.row(number)
        if row is not None:
            self.opened.emit(row)

    def _on_rows_going(self) -> None:
        # the rows are still those of before: who is chosen is seen once the new ones are there
        self._is_shrinking = True

    def _on_rows_gone(self) -> None:
        self._is_shrinking = False
        self._has_lost_choice = (
            self._selected_identity is not None and not self.table.currentIndex().isValid()
        )

    def _on_selected(self, *_changed: QItemSelection) -> None:
        if self._is_shrinking:
            return
        count = len(self.table.selectionModel().selectedRows())
        many = self.chosen_rows() if count > 1 else []
        self._chosen_identities = {self._identity(row) for row in many}
        row = self.current_row()
        self._selected_identity = None if row is None else self._identity(row)
        self.selected.emit(row)
        self.chosen_many.emit(count)

    def chosen_rows(self) -> list[Any]:
        """Return the objects of the chosen rows that are in memory."""
        numbers = [index.row() for index in self.table.selectionModel().selectedRows()]
        return [row for number in numbers if (row := self.model.row(number)) is not None]

    def _release_moved_rows(self) -> None:
        # of several chosen rows each must still be the record that was chosen
        now = {self._identity(row) for row in self.chosen_rows()}
        if self._chosen_identities and not self._chosen_identities <= now:
            self.clear_selection()

    def _restore_selection(self) -> None:
        self._release_moved_rows()
        # after a refresh the selected record may be in another row; move the selection without signals
        row = self.current_row()
        has_lost, self._has_lost_choice = self._has_lost_choice, False
        if self._selected_identity is None or (row is None and not has_lost):
            return
        if row is not None and self._identity(row) == self._selected_identity:
            return
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        number = self.model.find(lambda row: self._identity(row) == self._selected_identity)
        if number >= 0:
            self._select_row(number)
        else:
            self.clear_selection()
        selection.blockSignals(False)
        if has_lost and number < 0:
            self._on_selected()  # it is gone, or elsewhere in the list
        self.table.viewport().update()

    def _export(self) -> None:
        self.export_requested.emit(self.model.query)

    # user-defined columns

    def _on_column_resized(self) -> None:
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:  # not the automatic fit
            self.table.has_own_widths = True
            self._save_timer.start()

    def _open_columns(self) -> None:
        self._columns_menu().popup(self._columns_button.mapToGlobal(QPoint(0, self._columns_button.height())))

    def _open_columns_at(self, point: QPoint) -> None:
        self._columns_menu().popup(self.table.horizontalHeader().mapToGlobal(point))

    def _columns_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, column in enumerate(self.model.columns):
            action = menu.addAction(column.header)
            action.setCheckable(True)
            action.setChecked(not self.table.isColumnHidden(number))
            action.toggled.connect(lambda on, number=number: self._show_column(number, on))
        return menu

    def _show_column(self, number: int, shown: bool) -> None:
        visible = [n for n in range(len(self.model.columns)) if not self.table.isColumnHidden(n)]
        if not shown and visible == [number]:
            return
        self.table.setColumnHidden(number, not shown)
        self.table.fit_columns()
        self._save_timer.start()

    def _save_columns(self) -> None:
        if self._settings is None:
            return
        header = self.table.horizontalHeader()
        names = [column.name for column in self.model.columns]
        order = sorted(range(len(names)), key=header.visualIndex)
        hidden = {number for number in order if self.table.isColumnHidden(number)}
        widths = {names[number]: self.table.columnWidth(number) for number in order if number not in hidden}
        self._settings.save(
            self._key,
            {
                "order": [names[number] for number in order],
                "hidden": [names[number] for number in sorted(hidden)],
                "widths": widths if self.table.has_own_widths else {},
                "text": text_px(),
            },
        )

    def _restore_columns(self) -> None:
        kept = self._settings.load(self._key) if self._settings is not None else None
        if not kept:
            return
        header = self.table.horizontalHeader()
        numbers = {column.name: number for number, column in enumerate(self.model.columns)}
        for position, name in enumerate(name for name in kept.get("order", ()) if name in numbers):
            header.moveSection(header.visualIndex(numbers[name]), position)
        self.table.has_own_widths = bool(kept.get("widths"))
        for name, width in kept.get("widths", {}).items():
            if name in numbers:
                # chosen with another size of the text
                own = int(width) * text_px() // kept.get("text", TEXT_PX)
                self.table.setColumnWidth(numbers[name], own)
        for name, number in numbers.items():
            if name in kept.get("order", ()):
                self.table.setColumnHidden(number, name in kept.get("hidden", ()))


def _timer(parent: QWidget, milliseconds: int, slot: Any) -> QTimer:
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(slot)
    return made
