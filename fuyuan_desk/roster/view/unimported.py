"""The screen of the rows of one roster that were not imported: where each is, why, and its cells."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.facts import Cell, Unimported, UnimportedList
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.explain import CellReading
from fuyuan_desk.roster.view.row_panel import RowPanel
from fuyuan_desk.roster.view.rows import beside
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_PER_LINE = 3


def _content(row: Unimported) -> str:
    return " · ".join(filter(None, map(text_of, row.cells)))


def _columns(state: Callable[[Unimported], Chip | None]) -> list[Column]:
    return [
        Column("sheet", _("Sheet"), lambda row: row.sheet, 120),
        Column("row", _("Row"), lambda row: str(row.row), 64, "right"),
        Column("home", _("Home"), lambda row: row.home or "–", 200, ends=True),
        Column("state", _("State"), lambda row: "", 112, chip=state),
        Column("reason", _("Why it was not imported"), lambda row: row.reason, 320),
        Column("content", _("Content"), _content, 320, masked=True),
    ]


class ImportUnimportedView(QWidget):
    """Lists the rows of one import that were not imported, masked, and corrects them.

    `reveal_requested(id)` asks for the cells of a row, which can be corrected then: `typed(id, column, text)`.
    `import_requested()`: those that can be imported now are to be, `file_requested()` asks for a file of all.
    """

    reveal_requested = Signal(int)
    typed = Signal(int, int, str)
    import_requested = Signal()
    file_requested = Signal()
    back_requested = Signal()

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._shown: UnimportedList | None = None
        self._chosen: Unimported | None = None
        self.header = PageHeader("")
        self.back = icon_button("back", _("Back to the imports"), self.back_requested.emit)
        self.banner = Banner()
        self.hint = label("", wrap=True)
        # Not a book of the kit: the rows belong to one import and have no form.
        self.table = TablePage(
            "unimported_rows",
            _columns(self._state),
            self._fetch,
            name=_("Rows that were not imported"),
            empty=EmptyState(
                "ok", _("No rows"), _("Every row was imported, or what was not is no longer kept.")
            ),
            settings=settings,
            exportable=False,
            filter_hint=_("Filter by home or reason"),
        )
        self.table.selected.connect(self._choose)
        self.cells = MaskedValue(_("the row"))
        self.cells.reveal_requested.connect(self._ask_reveal)
        self._cells_card = Card(_("Content of the row"))
        self.panel = RowPanel()
        self.panel.typed.connect(self._on_typed)
        self._panel_of = 0
        self._faults: Mapping[int, str | None] = {}
        self.import_button = button("", self.import_requested.emit, role="primary", picture="import")
        self.import_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.file_button = button(_("&Save to Excel …"), self.file_requested.emit, picture="export")
        self.file_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.close_button = button(_("&Back to the imports"), self.back_requested.emit)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.header, 1)
        self._cells_card.body.addWidget(self.cells)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.import_button)
        foot.addWidget(self.file_button)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        inner = QWidget()
        column = page_column(inner)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.hint)
        detail = QWidget()
        shown = QVBoxLayout(detail)
        shown.setContentsMargins(0, 0, 0, 0)
        shown.addWidget(self._cells_card)
        shown.addWidget(self.panel, 1)
        self.split = beside(self.table, detail)
        self.split.setMinimumHeight(320)
        column.addWidget(self.split, 1)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))

    @property
    def shown(self) -> UnimportedList | None:
        """The list on the screen, None before the first time."""
        return self._shown

    def show_list(self, rows: UnimportedList) -> None:
        """Show the rows of an import."""
        self._shown = rows
        self.banner.clear()
        count = len(rows.rows)
        self.header.set_texts(
            numbered(count, N_("{n} row was not imported"), N_("{n} rows were not imported")), rows.file_name
        )
        self.hint.setText(
            _(
                "Choose a row, show its content and correct its cells here – or correct the roster and import it "
                "again: what is in the store already is skipped. The list is kept for 90 days, or until the import "
                "is undone."
            )
        )
        self.file_button.setEnabled(count > 0)
        self.show_corrected({})
        self._choose(None)
        self.table.clear_filters()
        self.table.load()

    def reveal(self, row_id: int, cells: Sequence[Cell]) -> None:
        """Show the cells of a row unmasked for a while, if it is still chosen."""
        if self._chosen is not None and self._chosen.id == row_id:
            self.cells.reveal(self._lines(self._chosen, cells))

    def show_cells(self, row_id: int, about: Sequence[str], cells: Sequence[CellReading]) -> None:
        """Show what the cells of a row become, to be corrected, if it is still chosen."""
        row = self._chosen
        if row is not None and row.id == row_id:
            hint = _(
                "To correct a cell, double-click it (or F2) and type the new text; a masked one is typed anew."
            )
            self._panel_of = row_id
            self.panel.show_row(row.sheet, row.row, about, cells, hint)
            self.panel.show()

    def show_corrected(self, faults: Mapping[int, str | None]) -> None:
        """Show which rows were corrected: by key, why they still cannot be imported, "" if they can."""
        self._faults = faults
        ready = sum(1 for fault in faults.values() if fault == "")
        self.import_button.setVisible(bool(faults))
        self.import_button.setEnabled(ready > 0)
        text = numbered(ready, N_("&Import the {n} corrected row"), N_("&Import the {n} corrected rows"))
        self.import_button.setText(text if ready else _("&Import the corrected rows"))
        if self._shown is not None:
            self.table.refresh()

    def _state(self, row: Unimported) -> Chip | None:
        if row.id not in self._faults:
            return None
        return Chip(_("Corrected"), "ok") if self._faults[row.id] == "" else Chip(_("Still faulty"), "error")

    def _on_typed(self, _sheet: str, _row: int, column: int, text: str) -> None:
        self.typed.emit(self._panel_of, column, text)

    def _choose(self, row: Unimported | None) -> None:
        if row is not None and self._chosen is not None and row.id == self._chosen.id:
            return
        self._chosen = row
        self.panel.hide()
        self.split.show_detail(row is not None)
        self._cells_card.setVisible(row is not None)
        self.cells.set_masked("" if row is None else self._lines(row, row.cells))

    def _ask_reveal(self) -> None:
        if self._chosen is not None:
            self.reveal_requested.emit(self._chosen.id)

    def _lines(self, row: Unimported, cells: Sequence[Cell]) -> str:
        assert self._shown is not None  # a row of it was chosen
        columns = self._shown.tables[row.table].columns
        pairs = [
            _("{name}: {value}").format(name=title, value=text_of(cell))
            for (_field, title), cell in zip(columns, cells, strict=True)
            if text_of(cell)
        ]
        lines = ["    ".join(pairs[start : start + _PER_LINE]) for start in range(0, len(pairs), _PER_LINE)]
        return "\n".join(lines)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        typed = query.filter.casefold()
        rows = () if self._shown is None else self._shown.rows
        found = [row for row in rows if typed in f"{row.sheet} {row.row} {row.home} {row.reason}".casefold()]
        deliver(Window(len(found), found[offset : offset + limit]))
