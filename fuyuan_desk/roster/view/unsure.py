"""The readings of a roster that somebody must look at: each is confirmed for all like it, or read otherwise."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.unsure import COLUMN, NAMES, WORD, Unsure, count_text
from fuyuan_desk.roster.view.row_panel import RowPanel
from fuyuan_desk.roster.view.rows import beside
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.split import ListDetail
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window


def _kind(group: Unsure) -> str:
    return {COLUMN: _("Column"), WORD: _("Word"), NAMES: _("Name")}.get(group.kind, _("Value"))


def _columns() -> list[Column]:
    return [
        Column("kind", _("Unsure is"), _kind, 64),
        Column("text", _("How it was read"), lambda group: group.text, 400),
        Column("count", _("In"), count_text, 80, "right"),
    ]


class UnsureView(QWidget):
    """The unsure readings by kind, and beside them the first row of the chosen one.

    `confirmed(key)`: it is right for all like it; `chosen(group, code)`: it is to be read as something else.
    """

    confirmed = Signal(str)
    chosen = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[Unsure] = ()
        self._group: Unsure | None = None
        # Not a book of the kit: the readings are those of the file at hand.
        self.table = TablePage(
            "unsure_readings",
            _columns(),
            self._fetch,
            name=_("Unsure readings"),
            empty=EmptyState("ok", _("Nothing unsure"), _("Every reading is sure, or was confirmed.")),
            exportable=False,
            filter_hint=_("Filter the readings"),
            identity=lambda group: group.key,
        )
        self.table.selected.connect(self._on_selected)
        self.confirm_button = button(
            _("&Take it so for all like it"), self._confirm, picture="ok", shortcut="Ctrl+Shift+Return"
        )
        self.other_button = button(_("&Read it otherwise …"), self.open_menu, picture="edit")
        self.panel = RowPanel()
        listing = QWidget()
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.confirm_button)
        foot.addWidget(self.other_button)
        foot.addStretch(1)
        left = QVBoxLayout(listing)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addLayout(foot)
        self.split: ListDetail = beside(listing, self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.split)
        self._on_selected(None)

    def show_groups(self, groups: Sequence[Unsure]) -> None:
        """List the readings; the chosen one stays chosen while it is there."""
        self._groups = groups
        self.table.refresh()

    def menu(self) -> QMenu:
        """Return the menu of what the chosen reading can be read as."""
        menu = QMenu(self)
        group = self._group
        for code, name in group.choices if group is not None else ():
            action = menu.addAction(name)
            action.triggered.connect(lambda _on=False, code=code: self.chosen.emit(group, code))
        return menu

    def open_menu(self) -> None:
        """Open the menu of the other readings below its button."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.other_button.mapToGlobal(QPoint(0, self.other_button.height())))

    def _confirm(self) -> None:
        if self._group is not None:
            self.confirmed.emit(self._group.key)

    def _on_selected(self, group: Unsure | None) -> None:
        self._group = group
        self.confirm_button.setEnabled(group is not None)
        self.other_button.setEnabled(group is not None and bool(group.choices))

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        typed = query.filter.casefold()
        found = [group for group in self._groups if typed in group.text.casefold()]
        deliver(Window(len(found), found[offset : offset + limit]))
