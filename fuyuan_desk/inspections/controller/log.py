"""The list of visits: the log of all, and a tab of an estate or a case."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.facts import VisitFields
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import queries
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.widgets.split import Settings

TABLES = frozenset({"visit", "visit_result", "attachment"})
USES = ListUses(
    queries.list_visits,
    queries.visits_for_export,
    {"estate_id": estates.estate_options, "building_id": queries.visited_buildings},
    TABLES | {"estate", "building"},
    # the names of inspectors do not leave the office when the clerk hid them
    export_hidden=False,
    paper=queries.visits_for_print,
    names={"inspectors": queries.recent_inspectors},
)


def visit_log(desk: Desk, settings: Settings | None, acts: Sequence[QWidget]) -> ListPage[VisitFields]:
    """Return the page of all visits; `acts` are buttons of its header."""
    return ListPage(
        desk, visit_book(), USES, settings, "visits",
        can_add=lambda desk: desk.can_visit, title=_("Inspections"), acts=acts,
    )  # fmt: skip


class VisitLogSection(QObject):
    """Lists the visits to one estate, including its renovations, or to one case.

    `visit_opened` carries the key of a visit; `visit_requested` asks to log one for the shown record.
    """

    visit_opened = Signal(int)
    visit_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._list = ListPage(
            desk, visit_book(), USES, settings, "visits-of",
            can_add=lambda desk: desk.can_visit, without="estate_id",
        )  # fmt: skip
        self.view = self._list.view
        self.page: QWidget = self.view
        self.view.opened.connect(self.visit_opened)
        self.view.new_requested.connect(self.visit_requested)

    @property
    def estate_id(self) -> int:
        """The estate whose visits are shown, 0 for none."""
        return int(self._list.within.get("estate_id", 0))

    @property
    def case_id(self) -> int:
        """The case whose visits are shown, 0 for none."""
        return int(self._list.within.get("subject_id", 0))

    def show_estate(self, estate_id: int) -> None:
        """List the visits to an estate and to the renovations in it."""
        self.view.show_column("subject", True)
        self._list.show_within({"estate_id": estate_id})

    def show_case(self, case_id: int) -> None:
        """List the visits to a case."""
        self.view.show_column("subject", False)
        self._list.show_within({"subject_kind": SubjectKind.RENOVATION.value, "subject_id": case_id})
