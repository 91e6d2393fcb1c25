"""The menu that prints the papers of the chosen cases of a list, or of all."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.table import TablePage


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
        kinds = [
            ("inspection", _("Inspection sheets of all {n} shown"), _("Inspection sheets of the {n} chosen"))
        ]
        if self._may_reveal:
            forms = _("Registration forms of all {n} shown"), _("Registration forms of the {n} chosen")
            kinds.insert(0, ("registration", *forms))
        for kind, all_text, chosen_text in kinds:
            count_chosen = sum(count for _first, count in chosen)
            for text, rows, count in ((chosen_text, chosen, count_chosen), (all_text, None, total)):
                action = menu.addAction(icon("print"), text.format(n=f"{count:,}"))
                action.setEnabled(count > 0)
                action.triggered.connect(
                    lambda checked, kind=kind, rows=rows: self.requested.emit(kind, rows)
                )
            menu.addSeparator()
        return menu

    def _open(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
