"""The menu that prints the papers of the chosen cases of a list, or of all."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.table import TablePage


@dataclass(frozen=True)
class _Paper:
    """A kind of paper that is offered: its texts for none, one and several cases, shown and chosen."""

    kind: str
    all_none: str
    all: tuple[str, str]
    chosen_none: str
    chosen: tuple[str, str]


_REGISTRATION = _Paper(
    "registration",
    N_("Registration forms of all shown"),
    (N_("Registration form of the {n} shown"), N_("Registration forms of all {n} shown")),
    N_("Registration forms of those chosen"),
    (N_("Registration form of the {n} chosen"), N_("Registration forms of the {n} chosen")),
)
_INSPECTION = _Paper(
    "inspection",
    N_("Inspection sheets of all shown"),
    (N_("Inspection sheet of the {n} shown"), N_("Inspection sheets of all {n} shown")),
    N_("Inspection sheets of those chosen"),
    (N_("Inspection sheet of the {n} chosen"), N_("Inspection sheets of the {n} chosen")),
)


class PrintMenu(QObject):
    """A button with the menu.

    `requested(kind, ranges)`: kind is 'registration' or 'inspection'; ranges are the chosen rows as runs (number of the
    first row and length), which need not be in memory, or None for all shown cases.
    """

    requested = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._table: TablePage | None = None
        self._may_reveal = False
        self.button = button(_("&Print"), self._open, picture="print")

    def attach(self, table: TablePage) -> None:
        """Print what this list shows."""
        self._table = table

    def allow(self, *, reveal: bool) -> None:
        """Offer the papers with personal data, or not."""
        self._may_reveal = reveal

    def menu(self) -> QMenu:
        """Build the menu."""
        assert self._table is not None
        menu = QMenu(self.button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen, total = self._table.chosen_ranges(), self._table.model.total
        count_chosen = sum(count for _first, count in chosen)
        for paper in (_REGISTRATION, _INSPECTION) if self._may_reveal else (_INSPECTION,):
            for none, texts, rows, count in (
                (paper.chosen_none, paper.chosen, chosen, count_chosen),
                (paper.all_none, paper.all, None, total),
            ):
                action = menu.addAction(icon("print"), numbered(count, *texts) if count else _(none))
                action.setEnabled(count > 0)
                action.triggered.connect(
                    lambda checked, kind=paper.kind, rows=rows: self.requested.emit(kind, rows)
                )
            menu.addSeparator()
        return menu

    def _open(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
