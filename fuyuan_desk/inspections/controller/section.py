"""Controller of the visit log in the tab of an estate or a case."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.inspections.facts import VisitQuery, VisitRow
from fuyuan_desk.inspections.rules import SubjectKind
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.view.log import SectionView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

TABLES = frozenset({"visit", "visit_result", "attachment"})


class VisitLogSection(QObject):
    """Lists the visits to one estate, including its renovations, or to one case.

    `visit_opened` carries the key of a visit; `visit_requested` asks to log one for the shown record.
    """

    visit_opened = Signal(int)
    visit_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._query: VisitQuery | None = None
        self._is_stale = False
        self.view = SectionView(self._fetch, settings)
        pages = Pages()
        pages.show_screen(self.view)
        self.page: QWidget = pages
        self.view.opened.connect(self.visit_opened)
        self.view.new_requested.connect(self._request_visit)
        pages.shown.connect(self._on_shown)
        desk.changes.connect(self._on_changes)
        self._allow()

    @property
    def estate_id(self) -> int:
        """The estate whose visits are shown, 0 for none."""
        return (self._query.estate_id or 0) if self._query is not None else 0

    @property
    def case_id(self) -> int:
        """The case whose visits are shown, 0 for none."""
        return (self._query.subject_id or 0) if self._query is not None else 0

    def show_estate(self, estate_id: int) -> None:
        """List the visits to an estate and to the renovations in it."""
        self._show(VisitQuery(estate_id=estate_id), True)

    def show_case(self, case_id: int) -> None:
        """List the visits to a case."""
        self._show(VisitQuery(kind=SubjectKind.RENOVATION, subject_id=case_id), False)

    def _show(self, query: VisitQuery, with_subject: bool) -> None:
        if query == self._query:
            self.view.table.refresh()
            return
        self._query = query
        self.view.show_subject(with_subject)
        self.view.table.clear_filters()

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        if self._query is None:
            return

        def done(page: Page[VisitRow]) -> None:
            deliver(Window(page.total, page.rows))

        visits = sorted_query(replace(self._query, text=query.filter), query)
        self._desk.run(list_visits, visits, offset, limit, done=done, owner=self.view)

    def _request_visit(self) -> None:
        if self._desk.can_visit:
            self.visit_requested.emit()

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if not tables & TABLES or self._query is None:
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.view.table.refresh()

    def _allow(self) -> None:
        self.view.set_rights(self._desk.rights)


def sorted_query(visits: VisitQuery, query: Query) -> VisitQuery:
    """Apply the order of a table to the query of a log, latest visit first by default."""
    if not query.sort:
        return visits
    return replace(visits, sort=query.sort, descending=query.descending)
