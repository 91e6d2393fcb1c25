"""The rows of a roster before its import: what becomes of each, filtered by text and state."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.listing import CHECK, FAULTY, LEFT_OUT, NEW, ListedRow, Listing, listed
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.view.row_panel import RowPanel
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.split import ListDetail
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_STATE = "state"
Found = Callable[[Sequence[RosterRow]], object]
Find = Callable[[str, str | None, Found], object]
"""Passes the rows with a text and a state to its last argument, at once or later."""


def state_chip(row: ListedRow) -> Chip:
    """Return the chip for what becomes of a row."""
    return {
        NEW: Chip(_("Will be imported"), "ok"),
        CHECK: Chip(_("Check"), "warn"),
        LEFT_OUT: Chip(_("Left out"), "neutral"),
        FAULTY: Chip(_("Not imported"), "error"),
    }[row.state]


def _columns() -> list[Column]:
    return [
        Column("sheet", _("Sheet"), lambda row: row.sheet, 96),
        Column("row", _("Row"), lambda row: str(row.row), 56, "right"),
        Column("home", _("Home"), lambda row: row.home or "–", 176, ends=True),
        Column("holder", _("Holder"), lambda row: row.holder or "–", 72, masked=True),
        Column("state", _("What becomes of it"), lambda row: "", 112, chip=state_chip),
        Column("reason", _("Why it is not imported"), lambda row: row.reason, 240),
    ]


def beside(listing: QWidget, panel: QWidget, ratio: float = 0.52) -> ListDetail:
    """Return a list with the picked row beside it, or in front of it in a narrow window."""
    nothing = EmptyState(
        "list", _("No row picked"), _("Choose a row to see which cell became what, and to correct it.")
    )
    return ListDetail(listing, panel, nothing, ratio=ratio)


class RowsView(QWidget):
    """The rows of a roster, and beside them the picked one; `table.selected` carries it as a `ListedRow`."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find
        self._listing = Listing()
        self._found: tuple[tuple[str, str | None], Sequence[RosterRow]] | None = None
        # Not a book of the kit: the rows are those of the file at hand and are stored nowhere.
        self.table = TablePage(
            "roster_rows",
            _columns(),
            self._fetch,
            name=_("Rows of the file"),
            empty=EmptyState("list", _("No rows"), _("Households of the file are listed here.")),
            exportable=False,
            filter_hint=_("Filter by home, holder or reason"),
            facets=[Facet(_STATE, _("State"), _("{what}: all").format(what=_("State")))],
        )
        self.panel = RowPanel()
        self.split = beside(self.table, self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.split)

    def show_rows(self, listing: Listing, counts: Mapping[str, int]) -> None:
        """List the rows; `counts` are those by state of which there are any."""
        self._listing, self._found = listing, None
        titles = (
            (FAULTY, _("Not imported ({n})")),
            (CHECK, _("To check ({n})")),
            (LEFT_OUT, _("Left out ({n})")),
        )
        choices = [(one, text.format(n=f"{counts[one]:,}")) for one, text in titles if one in counts]
        chosen = self.table.facets.values().get(_STATE)
        self.table.facets.set_choices(_STATE, choices)
        if chosen is not None and chosen not in counts:
            self.table.set_facet(_STATE, None)
        self.table.refresh()

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        key = (query.filter, query.facets.get(_STATE))

        def show(found: Sequence[RosterRow]) -> None:
            self._found = (key, found)
            rows = [listed(row, self._listing) for row in found[offset : offset + limit]]
            deliver(Window(len(found), rows))

        if self._found is not None and self._found[0] == key:
            show(self._found[1])
        else:
            self._find(*key, show)
