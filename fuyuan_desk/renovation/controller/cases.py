"""Controller of the renovation page: the list, one case, a filing."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.controller.report import DRAFTS as VISIT_REPORT
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.renovation.book import case_book
from fuyuan_desk.renovation.controller.filing import FilingController
from fuyuan_desk.renovation.controller.printing import Papers
from fuyuan_desk.renovation.controller.progress import DRAFTS, CaseActs
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import COURSE
from fuyuan_desk.renovation.service import cases, queries, sheet_data
from fuyuan_desk.renovation.view.case import VISITS, CaseView
from fuyuan_desk.renovation.view.print_menu import PrintMenu
from fuyuan_desk.widgets.split import Settings

CASES = frozenset({"renovation_case", "renovation_work", "renovation_document"})
VISITED = frozenset({"visit", "visit_result"})
HOMES = frozenset({"estate", "building", "unit"})
LIST = ListUses(
    queries.list_cases,
    queries.cases_for_export,
    {"estate_id": estates.estate_options},
    CASES | VISITED | HOMES,
    paper=queries.cases_for_print,
)


class VisitLog(Protocol):
    """The visit log of a case, supplied by the inspections job."""

    page: QWidget
    visit_requested: Any

    def show_case(self, case_id: int) -> object:
        """Show the visits to a case."""


class RenovationController(QObject):
    """Connects the renovation views to the services.

    `visit_requested(subject)` asks to log a visit to a case, `home_requested(unit_id)` to show its home,
    `estate_requested(estate_id)` to open the form of its estate, `visit_opened(visit_id)` to show a visit to it,
    `report_requested(visit_id)` to record over this page that a visit was reported.
    """

    visit_requested = Signal(object)
    home_requested = Signal(int)
    estate_requested = Signal(int)
    visit_opened = Signal(int)
    report_requested = Signal(int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._case: CaseDetail | None = None
        self._is_stale = False
        self._visits: OnUse[VisitLog] | None = None
        self._visits_holder = Pages()
        self._visits_of = 0
        self.page = Pages()
        self.print_menu = PrintMenu()
        self._list = ListPage(
            desk, case_book(), LIST, settings, "cases",
            can_add=lambda desk: desk.can_write, title=_("Renovation"), acts=[self.print_menu.button], many=True,
        )  # fmt: skip
        self.list = self._list.view
        self.print_menu.attach(self.list.table)
        self.page.set_first_focus(self.list, self.list.table.filter)
        self._case_view = OnUse(self._make_case_view)
        self._filing = OnUse(self._make_filing)
        self.papers = Papers(desk, self.page)
        acts = CaseActs(desk, self.page, self._show_changed)
        self.acts: dict[str, Callable[[CaseDetail], object]] = {
            "edit": self._edit,
            "receive": lambda _case: self.case.focus_documents(),
            "extend": lambda case: self._edit(case, "ends_on"),
            "visit": self._request_visit,
            "report": self._request_report,
            "start": acts.ask_start,
            "close": acts.ask_close,
            "undo_start": acts.ask_undo_start,
            "reopen": acts.ask_reopen,
        }
        self.page.addWidget(self.list)
        self._connect()
        self._allow()

    def _connect(self) -> None:
        self.list.opened.connect(self.open_case)
        self.list.new_requested.connect(self.new_filing)
        self.print_menu.requested.connect(self._print_many)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def _make_case_view(self) -> CaseView:
        made = CaseView()
        made.back_requested.connect(self.show_list)
        for bar in (made.acts, made.undos):
            bar.requested.connect(lambda name: self._with_case(self.acts[name]))
        made.print_requested.connect(self._print_one)
        made.reveal_requested.connect(self._reveal)
        made.received.connect(lambda document, day: self._receive((document,), day))
        made.all_received.connect(self._receive)
        made.home_requested.connect(self._request_home)
        made.estate_requested.connect(self._request_estate)
        made.finding.visit_requested.connect(self.visit_opened)
        made.set_rights(self._desk.rights)
        if self._visits is not None:
            made.add_visits(self._visits_holder)
        made.tabs.currentChanged.connect(self._on_tab)
        self.page.addWidget(made)
        return made

    @property
    def case(self) -> CaseView:
        """The screen of one case."""
        return self._case_view()

    def _make_filing(self) -> FilingController:
        made = FilingController(self._desk)
        made.left.connect(self._leave_filing)
        made.saved.connect(self._on_filed)
        made.case_requested.connect(self.open_case)
        self.page.addWidget(made.view)
        return made

    @property
    def filing(self) -> FilingController:
        """The form in which a renovation is registered or changed."""
        return self._filing()

    # --- for the composition root

    def use_visit_log(self, make: Callable[[], VisitLog]) -> None:
        """Add the visits tab to cases, before one is shown; `make()` is called when the tab is first shown."""

        def fill() -> VisitLog:
            section = make()
            section.visit_requested.connect(lambda: self._with_case(self._request_visit))
            self._visits_holder.show_screen(section.page)
            return section

        self._visits = OnUse(fill)

    def open_case(self, case_id: int, act: str = "") -> None:
        """Show a case, and begin an act with it if it is offered and nothing prevents it."""
        self._leave(lambda: self._read_case(case_id, act))

    def file_for(self, unit_id: int) -> None:
        """Open a new filing for a home."""
        self._begin(unit_id)

    def new_filing(self) -> None:
        """Open an empty filing."""
        self._begin(None)

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The case that is shown or being edited."""
        return None if self._case is None else ("case", self._case.id)

    def reopen(self, key: str) -> None:
        """Open the form whose draft is stored under `key`."""
        kind, _colon, which = key.partition(":")
        if key == "renovation:new":
            self.new_filing()
        elif kind == "renovation":
            self._with_case(self._edit)
        elif kind == VISIT_REPORT:
            self.report_requested.emit(int(which))
        else:
            self._with_case(lambda case: self._go_on(case, kind.removeprefix(DRAFTS)))

    def has_form(self, key: str) -> bool:
        """Whether the dialog of the draft `key` was opened here: that of a report of a visit to the shown case."""
        return self._is_case_shown and key.partition(":")[0] == VISIT_REPORT

    def _go_on(self, case: CaseDetail, act: str) -> None:
        """Open the dialog of an act again, unless the state of the case offers it no more."""
        seat = self._desk.seat
        if act in {offer.name for offer in COURSE.offered(case.course, seat.operator.role, seat.today())}:
            self.acts[act](case)
        else:
            text = _(
                "The state of {number} has changed, so that this cannot be done any more. The draft stays."
            )
            self.case.banner.say("warn", text.format(number=case.number))

    def show_list(self) -> None:
        """Show the list."""
        self._leave(self._show_list)

    # --- between screens

    @property
    def _is_case_shown(self) -> bool:
        return self._case_view.made is not None and self.page.currentWidget() is self._case_view.made

    def _leave(self, then: Any) -> None:
        made = self._filing.made
        if made is not None and self.page.currentWidget() is made.view:
            made.view.leave(then)
        else:
            then()

    def _begin(self, unit_id: int | None) -> None:
        if not self._desk.can_write:
            return

        def begin() -> None:
            self.page.show_screen(self.filing.view)
            self.filing.begin(unit_id)

        self._leave(begin)

    def _show_list(self) -> None:
        self._case = None
        self.page.show_screen(self.list)
        self.list.table.table.setFocus()

    def _leave_filing(self) -> None:
        if self._case is None:
            self._show_list()
        else:
            self._read_case(self._case.id)

    def _prepare_case_view(self) -> None:
        self._case_view()

    def _read_case(self, case_id: int, act: str = "") -> None:
        # the screen is made while the case is read: together they would stall the window
        QTimer.singleShot(0, self._prepare_case_view)

        def done(case: CaseDetail) -> None:
            self._open(case)
            self._say_changes(case)
            seat = self._desk.seat
            offers = COURSE.offered(case.course, seat.operator.role, seat.today())
            if any(offer.name == act and not offer.why_not for offer in offers):
                self.acts[act](case)

        def failed(refusal: UserError) -> None:
            self._show_list()
            self.list.banner.refuse(refusal)

        self._read_judged(case_id, done, failed)

    def _read_judged(
        self, case_id: int, done: Callable[[CaseDetail], object], failed: Callable[[UserError], object]
    ) -> None:
        """Read a case; one that is not started is judged anew first if its house has changed."""

        def read(case: CaseDetail) -> None:
            if not (case.is_outdated and self._desk.can_write):
                done(case)
                return

            def refused(refusal: UserError) -> None:
                done(case)
                self.case.banner.refuse(refusal)

            self._desk.run(cases.judge_again, case_id, done=done, failed=refused, owner=self.page)

        self._desk.run(queries.case_detail, case_id, done=read, failed=failed, owner=self.page)

    def _say_changes(self, case: CaseDetail) -> None:
        if case.changes:
            self.case.banner.say("info", " ".join(case.changes))

    def _open(self, case: CaseDetail) -> None:
        self.case.forget_last_act()
        self._show_case(case)
        self.page.show_screen(self.case)
        self._focus_first()

    def _focus_first(self) -> None:
        if not self.case.acts.focus_primary():
            self.case.print_button.setFocus()

    def _show_case(self, case: CaseDetail) -> None:
        self._case = case
        seat = self._desk.seat
        offers = COURSE.offered(case.course, seat.operator.role, seat.today())
        self.case.show_case(case, offers, seat.today())
        self._on_tab(self.case.tabs.currentIndex())

    def _on_tab(self, index: int) -> None:
        if index != VISITS or self._visits is None or self._case is None or self._visits_of == self._case.id:
            return
        self._visits_of = self._case.id
        self._visits().show_case(self._case.id)

    # --- changes

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if not tables & (CASES | VISITED | HOMES):
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        if self._case is None:
            return
        case_id, done = self._case.id, self._update_shown

        def failed(_refusal: UserError) -> None:
            self._forget()

        if self._is_case_shown:
            self._read_judged(case_id, done, failed)
        else:  # the form of the case is open: saving it judges it anew
            self._desk.run(queries.case_detail, case_id, done=done, failed=failed, owner=self.page)

    def _show_changed(self, case: CaseDetail) -> None:
        """Show a case after an act on it."""
        if self._case is not None and self._case.id == case.id:
            self.case.forget_last_act()
        self._update_shown(case)

    def _update_shown(self, case: CaseDetail) -> None:
        # an unchanged case is not redrawn: that would discard a day being typed
        if self._case is None or self._case.id != case.id:
            return
        if case != self._case:
            focus: Any = self.page.window().focusWidget()
            was_here = focus is not None and self.case.isAncestorOf(focus)
            has_acted = was_here and self.case.has_act(focus) and case.status is not self._case.status
            self._show_case(case)
            now: Any = self.page.window().focusWidget()
            # what goes passes its focus to whatever follows, such as the eye that reveals a number
            is_astray = now is not focus and not (now is not None and self.case.leads_on(now))
            if has_acted or (was_here and is_astray):
                self._focus_first()
        self._say_changes(case)

    def _forget(self) -> None:
        if self._is_case_shown:
            self._show_list()
        self._case = None

    def _allow(self) -> None:
        if self._case_view.made is not None:
            self.case.set_rights(self._desk.rights)
        self.print_menu.allow(reveal=self._desk.can_reveal)

    # --- the list

    def _print_many(self, kind: str, ranges: list[tuple[int, int]] | None) -> None:
        """Preview the papers of the chosen rows, which need not be in memory, or of all."""
        preview = self.papers.registration_forms if kind == "registration" else self.papers.inspection_sheets
        shown = {line.id for line in self.list.table.chosen_rows()}

        def done(keys: tuple[int, ...]) -> None:
            if ranges is None:
                preview(self.list, keys)
                return
            chosen = [key for first, count in ranges for key in keys[first : first + count]]
            if shown <= set(chosen):
                preview(self.list, chosen)
            else:  # somebody added or removed a case: other rows stand there now
                self.list.table.clear_selection()
                self.list.banner.say("warn", _("The list has changed meanwhile. Choose the rows again."))

        self._desk.run(
            queries.case_keys, self._list.query(),
            done=done, failed=self.list.banner.refuse, owner=self.page,
        )  # fmt: skip

    # --- the case

    def _print_one(self, kind: str) -> None:
        if self._case is None:
            return
        if kind == "inspection":
            self.papers.inspection_sheets(self.case, [self._case.id])
        else:
            self.papers.registration_forms(self.case, [self._case.id], kind == "revealed")

    def _with_case(self, action: Callable[[CaseDetail], object]) -> None:
        if self._case is not None:
            action(self._case)

    def _reveal(self, field: str) -> None:
        if self._case is None:
            return
        self._desk.run(
            queries.reveal, self._case.id, field,
            done=lambda text: self.case.facts.reveal(field, text),
            failed=self.case.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _receive(self, documents: tuple[str, ...], day: Any) -> None:
        if self._case is None:
            return

        def done(case: CaseDetail) -> None:
            self.case.banner.clear()
            self._update_shown(case)

        def failed(refusal: UserError) -> None:
            if "received_on" in refusal.fields and len(documents) == 1:
                self.case.show_error(documents[0], refusal.fields["received_on"])
                return
            if isinstance(refusal, SecondNeeded):
                for document in documents:
                    self.case.papers.rows[document].restore_day()
            self.case.banner.refuse(refusal)

        self._desk.run(
            cases.receive_documents, self._case.id, documents, day,
            done=done, failed=failed, owner=self.page,
        )  # fmt: skip

    def _request_visit(self, case: CaseDetail) -> None:
        def done(subjects: tuple[Subject, ...]) -> None:
            self.visit_requested.emit(subjects[0])

        self._desk.run(sheet_data.inspection_subjects, [case.id], done=done, owner=self.page)

    def _request_report(self, case: CaseDetail) -> None:
        if case.finding is not None:
            self.report_requested.emit(case.finding.visit_id)

    def _request_home(self) -> None:
        if self._case is not None:
            self.home_requested.emit(self._case.house.unit_id)

    def _request_estate(self) -> None:
        if self._case is not None:
            self.estate_requested.emit(self._case.house.estate_id)

    def _edit(self, case: CaseDetail, field: str = "") -> None:
        if self._desk.can_write:
            self.filing.edit(case.id, lambda: self._show_form(field))

    def _show_form(self, field: str) -> None:
        self.page.show_screen(self.filing.view)
        self.filing.view.focus_field(field)

    def _on_filed(self, case: CaseDetail, is_new: bool, with_print: bool) -> None:
        self._open(case)
        self._say_changes(case)
        if is_new:
            registered = _("Registered as {number}.").format(number=case.number)
            self.case.banner.say("ok", " ".join((registered, *case.changes)))
        if with_print:
            self._print_one("registration")
