"""The problems found in a roster by row and cell, filtered by severity."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.masking import masked_home, masked_value
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, Problem
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_SEVERITY = "severity"


def severity_chip(problem: Problem) -> Chip:
    """Return the chip for a problem's severity."""
    return {
        ERROR: Chip(_("Error"), "error"),
        WARNING: Chip(_("Check"), "warn"),
        INFO: Chip(_("Note"), "neutral", "info"),
    }[problem.severity]


def _columns() -> list[Column]:
    return [
        Column("severity", _("Severity"), lambda row: "", 96, chip=severity_chip),
        Column("sheet", _("Sheet"), lambda row: row.sheet, 104),
        Column("cell", _("Cell"), lambda row: f"{row.column}{row.row}", 64, "right"),
        Column("home", _("Home and holder"), masked_home, 200, masked=True, ends=True),
        Column("value", _("Content"), masked_value, 150, masked=True),
        Column("message", _("Explanation"), lambda row: row.message, 440),
    ]


def _searched(problem: Problem) -> str:
    cell = f"{problem.column}{problem.row}"
    return " ".join((problem.sheet, cell, *(problem.home or ()), problem.value, problem.message))


class ProblemsView(QWidget):
    """The list of problems, with a filter for the severity; `opened(problem)`: a row was chosen.

    Names, documents and telephones are masked; a full name typed into the filter is found all the same.
    Not a book of the kit: the problems are those of the file at hand and are stored nowhere.
    """

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._problems: Sequence[Problem] = ()
        self.table = TablePage(
            "problems",
            _columns(),
            self._fetch,
            name=_("Issues"),
            empty=EmptyState("ok", _("No issues"), _("Every row can be imported as it is.")),
            exportable=False,
            filter_hint=_("Filter by cell or text"),
            facets=[Facet(_SEVERITY, _("Severity"), _("{what}: all").format(what=_("Severity")))],
        )
        self.table.opened.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.table)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List the problems."""
        self._problems = problems
        counts = Counter(problem.severity for problem in problems)
        titles = ((ERROR, _("Errors ({n})")), (WARNING, _("To check ({n})")), (INFO, _("Notes ({n})")))
        choices = [(one, title.format(n=f"{counts[one]:,}")) for one, title in titles if counts[one]]
        self.table.clear_filters()
        self.table.facets.set_choices(_SEVERITY, choices)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        severity = query.facets.get(_SEVERITY)
        typed = query.filter.casefold()
        found = [
            problem
            for problem in self._problems
            if severity in (None, problem.severity) and typed in _searched(problem).casefold()
        ]
        deliver(Window(len(found), found[offset : offset + limit]))
