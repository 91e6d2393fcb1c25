"""The screen of the rows of one roster that were not imported: where each is, why, and its cells."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.facts import Cell, Unimported, UnimportedList
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
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


def _columns() -> list[Column]:
    return [
        Column("sheet", _("Sheet"), lambda row: row.sheet, 120),
        Column("row", _("Row"), lambda row: str(row.row), 64, "right"),
        Column("home", _("Home"), lambda row: row.home or "–", 200),
        Column("reason", _("Why it was not imported"), lambda row: row.reason, 320),
        Column("content", _("Content"), _content, 320, masked=True),
    ]


class ImportUnimportedView(QWidget):
    """Lists the rows of one import that were not imported, masked.

    `reveal_requested(id)` asks for the cells of a row, `file_requested()` for a file of all.
    """

    reveal_requested = Signal(int)
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
            _columns(),
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
        foot.addWidget(self.file_button)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        inner = QWidget()
        column = page_column(inner)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.hint)
        self.table.setMinimumHeight(240)
        column.addWidget(self.table, 1)
        column.addWidget(self._cells_card)
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
                "Correct the rows in your roster at the places listed here and import it again: what is in the "
                "store already is skipped. The list is kept for 90 days, or until the import is undone."
            )
        )
        self.file_button.setEnabled(count > 0)
        self._choose(None)
        self.table.clear_filters()
        self.table.load()

    def reveal(self, row_id: int, cells: Sequence[Cell]) -> None:
        """Show the cells of a row unmasked for a while, if it is still chosen."""
        if self._chosen is not None and self._chosen.id == row_id:
            self.cells.reveal(self._lines(self._chosen, cells))

    def _choose(self, row: Unimported | None) -> None:
        self._chosen = row
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
