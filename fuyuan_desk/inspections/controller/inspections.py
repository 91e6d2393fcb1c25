"""Controller of the inspection page: the log, one visit, and a new one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.controller.entry import EntryController
from fuyuan_desk.inspections.controller.papers import CasesOf, PapersController, no_cases
from fuyuan_desk.inspections.controller.pictures import PhotoStorage, PicturesController
from fuyuan_desk.inspections.controller.section import TABLES, sorted_query
from fuyuan_desk.inspections.facts import NewPhoto, Subject, VisitDetail, VisitQuery, VisitRow
from fuyuan_desk.inspections.rules import Period, SubjectKind, days_of
from fuyuan_desk.inspections.service import page_data, photos
from fuyuan_desk.inspections.service.photos import parties_of
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.view.detail import DetailView
from fuyuan_desk.inspections.view.log import CUSTOM, LogView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

_SEARCH_KINDS = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "case"}


class InspectionsController(QObject):
    """Connects the views to the services; `subject_opened` carries kind and key of the subject to open.

    Renovations, whose job is above this one, are offered once `use_cases` was called.
    """

    subject_opened = Signal(str, int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._visit: VisitDetail | None = None
        self._is_stale = False
        self.page = Pages()
        self.log = LogView(self._fetch, settings)
        self.detail = DetailView()
        self._cases_of: CasesOf = no_cases
        self.entry = EntryController(desk, self._list_cases, self._refuse)
        self.papers = PapersController(desk, self.page, self.log.progress, self._refuse, self._list_cases)
        storage = PhotoStorage(
            self._visit_id, _keep_with_visit, lambda: None, self.detail.banner.refuse, is_lasting=True
        )
        self._photos = PicturesController(desk, self.detail.photos, storage)
        for screen in (self.log, self.detail, self.entry.view):
            self.page.addWidget(screen)
        self._connect()
        self._allow()
        self.log.table.load()
        self._read_estates()

    def _connect(self) -> None:
        self.log.opened.connect(self.open_visit)
        self.log.new_requested.connect(self.new_visit)
        self.log.sheets_requested.connect(self.papers.choose)
        self.log.narrowed.connect(self._on_filter_chosen)
        self.log.table.export_requested.connect(self._export)
        self.detail.back_requested.connect(self.show_log)
        self.detail.print_requested.connect(self._print_visit)
        self.detail.subject_requested.connect(self._open_subject)
        self.entry.opened.connect(lambda: self.page.show_screen(self.entry.view))
        self.entry.left.connect(self.show_log)
        self.entry.saved.connect(self._on_logged)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    # --- for other jobs

    def use_cases(self, cases_of: CasesOf) -> None:
        """Offer renovations to be visited: `cases_of(seat, ids)`."""
        self._cases_of = cases_of

    def _list_cases(self, seat: Seat, ids: Sequence[int] | None) -> tuple[Subject, ...]:
        return self._cases_of(seat, ids)

    def open_visit(self, visit_id: int) -> None:
        """Show a logged visit."""
        self.entry.leave(lambda: self._read_visit(visit_id))

    def new_visit(self) -> None:
        """Open the page of a new visit."""
        if self._desk.can_visit:
            self.entry.begin()

    def log_visit(self, subject: Subject) -> None:
        """Open the page of a new visit to a subject, such as a renovation."""
        if self._desk.can_visit:
            self.entry.begin(subject)

    def log_estate_visit(self, estate_id: int) -> None:
        """Open the page of a new round of an estate."""
        if self._desk.can_visit:
            self.entry.begin(estate_id=estate_id)

    def print_estate_sheet(self, estate_id: int) -> None:
        """Preview a blank sheet for a round of an estate."""
        self.papers.print_estate(estate_id)

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown visit."""
        return None if self._visit is None else ("visit", self._visit.id)

    def reopen(self, key: str) -> None:
        """Open the form whose draft is stored under `key`."""
        self.new_visit()

    def show_log(self) -> None:
        """Show the log."""
        self._visit = None
        self.page.show_screen(self.log)
        self.log.table.table.setFocus()

    # --- one visit

    def _read_visit(self, visit_id: int) -> None:
        def failed(refusal: UserError) -> None:
            self.show_log()
            self.log.banner.refuse(refusal)

        self._desk.run(visit_detail, visit_id, done=self._show_visit, failed=failed, owner=self.page)

    def _show_visit(self, visit: VisitDetail) -> None:
        is_another = self._visit is None or self._visit.id != visit.id
        old_photos = self._visit.photos if self._visit is not None and not is_another else None
        self._visit = visit
        if is_another:
            self.detail.banner.clear()
        self.detail.show_visit(visit)
        self._allow_photos()
        if old_photos is None or [photo.id for photo in old_photos] != [photo.id for photo in visit.photos]:
            self._photos.load([(photo.id, photo.caption) for photo in visit.photos], self.detail.show_photos)
        if self.page.currentWidget() is not self.detail:
            self.page.show_screen(self.detail)
        if is_another:
            self.detail.print_button.setFocus()

    def _on_logged(self, visit: VisitDetail) -> None:
        self._visit = None
        self._show_visit(visit)
        self.detail.banner.say("ok", _("Visit {number} is logged.").format(number=visit.number))

    def _visit_id(self) -> int:
        return self._visit.id if self._visit is not None else 0

    def _print_visit(self) -> None:
        if self._visit is not None:
            case_id = self._visit.subject_id if self._visit.kind is SubjectKind.RENOVATION else None
            self.papers.print_visit(self._visit.id, case_id)

    def _open_subject(self) -> None:
        if self._visit is not None:
            self.subject_opened.emit(_SEARCH_KINDS[self._visit.kind], self._visit.subject_id)

    # --- the log

    def _query(self, query: Query) -> VisitQuery:
        first, last = query.facets.get("period", (None, None))
        visits = VisitQuery(
            estate_id=query.facets.get("estate"),
            party=query.facets.get("party"),
            first_day=first,
            last_day=last,
            text=query.filter,
        )
        return sorted_query(visits, query)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: Page[VisitRow]) -> None:
            deliver(Window(page.total, page.rows))

        self._desk.run(list_visits, self._query(query), offset, limit, done=done, owner=self.page)

    def _on_filter_chosen(self, name: str, value: Any) -> None:
        if name != "period":
            self.log.table.set_facet(name, value)
        elif value == CUSTOM:
            self._ask_days()
        else:
            days = None if value is None else days_of(Period(value), self._desk.seat.today())
            self.log.table.set_facet("period", days)

    def _ask_days(self) -> None:
        form = Form([Field("first", _("&From"), "date"), Field("last", _("&To"), "date")], columns=2)
        first, last = self.log.table.model.query.facets.get("period", (None, None))
        form.set_values({"first": first, "last": last})
        dialog = FormDialog(self.page, _("Choose the days of the visits"), form, _("&Show"))
        form.submitted.connect(lambda days: self._choose_days(days, dialog))
        dialog.rejected.connect(lambda: self._show_days(first, last))
        dialog.open()
        form.focus_first()

    def _choose_days(self, days: dict[str, date | None], dialog: FormDialog) -> None:
        first, last = days["first"], days["last"]
        if first is not None and last is not None and first > last:
            dialog.form.show_errors({"last": _("The last day is before the first.")})
            return
        dialog.done_saving()
        self._show_days(first, last)
        self.log.table.set_facet("period", None if first is None and last is None else (first, last))

    def _show_days(self, first: date | None, last: date | None) -> None:
        self.log.show_days(first, last)

    def _read_estates(self) -> None:
        self._desk.run(estates.estate_choices, done=self.log.set_estates, owner=self.page)

    # --- export

    def _export(self, query: Query) -> None:
        shown = [
            column
            for index, column in enumerate(self.log.table.model.columns)
            if not self.log.table.table.isColumnHidden(index)
        ]
        export_list(
            self._desk, self.page, _("Visit log"), shown, page_data.visits_for_export,
            (self._query(query),), failed=self.log.banner.refuse,
        )  # fmt: skip

    # --- changes

    def _refuse(self, refusal: UserError) -> None:
        shown = self.page.currentWidget()
        banner = self.detail.banner if shown is self.detail else self.log.banner
        banner.refuse(refusal)

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if not tables & (TABLES | {"estate"}):
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.log.table.refresh()
        self._read_estates()
        if self._visit is not None and self.page.currentWidget() is self.detail:
            self._read_visit(self._visit.id)

    def _allow(self) -> None:
        self.log.set_rights(self._desk.rights)
        self._allow_photos()

    def _allow_photos(self) -> None:
        own = parties_of(self._desk.operator.role) if self._desk.can_visit else ()
        self.detail.set_writable(self._visit is not None and self._visit.party in own)


def _keep_with_visit(seat: Seat, visit_id: int, photo: NewPhoto) -> int:
    return photos.add_photos(seat, visit_id, (photo,))[-1].id
