"""The problems found in a roster by row and cell, filtered by severity."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, Problem
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window


def severity_chip(problem: Problem) -> Chip:
    """Return the chip for a problem's severity."""
    return {
        ERROR: Chip(_("Left out"), "error"),
        WARNING: Chip(_("Check"), "warn"),
        INFO: Chip(_("Note"), "info", "info"),
    }[problem.severity]


def _columns() -> list[Column]:
    return [
        Column("severity", _("Severity"), lambda row: "", 96, chip=severity_chip),
        Column("sheet", _("Sheet"), lambda row: row.sheet, 104),
        Column("cell", _("Cell"), lambda row: f"{row.column}{row.row}", 64, "right"),
        Column("value", _("Content"), lambda row: row.value, 184),
        Column("message", _("Explanation"), lambda row: row.message, 560),
    ]


class ProblemsView(QWidget):
    """The list of problems, with a filter for the severity."""

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
        )
        self.severity = QComboBox()
        self.severity.setAccessibleName(_("Severity"))
        self.severity.setMinimumWidth(144)
        self.severity.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.severity.activated.connect(
            lambda index: self.table.set_facet("severity", self.severity.itemData(index))
        )
        self.table.tools.addWidget(self.severity)
        self.table.filters_cleared.connect(lambda: self.severity.setCurrentIndex(0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(self.table)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List the problems."""
        self._problems = problems
        counts = Counter(problem.severity for problem in problems)
        self.severity.clear()
        self.severity.addItem(_("All ({n})").format(n=len(problems)), None)
        for severity, title in (
            (ERROR, _("Left out ({n})")),
            (WARNING, _("To check ({n})")),
            (INFO, _("Notes ({n})")),
        ):
            if counts[severity]:
                self.severity.addItem(title.format(n=counts[severity]), severity)
        self.table.clear_filters()

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        severity = query.facets.get("severity")
        typed = query.filter.casefold()
        found = [
            problem
            for problem in self._problems
            if severity in (None, problem.severity)
            and typed
            in f"{problem.sheet} {problem.column}{problem.row} {problem.value} {problem.message}".casefold()
        ]
        deliver(Window(len(found), found[offset : offset + limit]))
