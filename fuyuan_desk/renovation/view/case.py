"""One case: its state, obstacles, documents, works with their verdicts, and visits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.id_numbers import id_kind_label
from fuyuan_desk.kit.course import Offer
from fuyuan_desk.kit.course_view import ActBar, Obstacles, Timeline
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus, beside_documents
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.view.case_head import CaseHead
from fuyuan_desk.renovation.view.columns import Cell, Columns, OneScroll, column_of, follow_reading
from fuyuan_desk.renovation.view.finding import FindingLine
from fuyuan_desk.renovation.view.judged import WorkCards
from fuyuan_desk.renovation.view.papers import AllReceived, PaperRow, PaperRows
from fuyuan_desk.renovation.view.words import (
    case_state,
    hours_text,
    house_facts,
    missing_chip,
    period_text,
    present_chip,
    protection_chips,
    role_text,
    status_chip,
)
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, Fact, Facts, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.room import Tabs, padded

CASE, VISITS = 0, 1
_WIDTHS = (400, 360, 400)
_BESIDE = (Cell(0, 0), Cell(0, 1, rows=2), Cell(1, 0))
"""The course and below it the people, beside the works."""


def _facts(case: CaseDetail, can_reveal: bool) -> list[Fact]:
    def masked(name: str, label_text: str, value: str) -> Fact:
        return Fact(label_text, value, name if can_reveal and value else "")

    facts = [
        masked("applicant", _("Applicant"), case.applicant),
        Fact(_("Relation to the home"), role_text(case.role)),
        masked("applicant_phone", _("Telephone"), case.applicant_phone),
        masked(
            "applicant_id_number",
            id_kind_label(case.applicant_id_kind) or _("ID document"),
            case.applicant_id_number,
        ),
        Fact(_("Period"), period_text(case.starts_on, case.ends_on)),
    ]
    if case.closing_note:
        facts.append(Fact(_("Closing note"), case.closing_note))
    facts.append(Fact(_("Contractor"), case.contractor or _("None (done by the resident)")))
    if case.contractor:
        facts += [
            Fact(_("Credit code"), case.contractor_code),
            masked("contractor_lead", _("Person in charge"), case.contractor_lead),
            masked("contractor_phone", _("Site telephone"), case.contractor_phone),
        ]
    if case.remarks:
        facts.append(Fact(_("Remarks"), case.remarks))
    return facts


class CaseView(QWidget):
    """Shows a `CaseDetail`; its signals carry only what was pressed."""

    back_requested = Signal()
    print_requested = Signal(str)
    home_requested = Signal()
    estate_requested = Signal()
    reveal_requested = Signal(str)
    received = Signal(str, object)
    all_received = Signal(tuple, object)

    def __init__(self) -> None:
        super().__init__()
        self._rights = Rights()
        self._case: CaseDetail | None = None
        self._today: date | None = None
        self._facts_shown: list[Fact] = []
        self._at_once: tuple[str, ...] = ()
        self.head = CaseHead()
        self.head.back_requested.connect(self.back_requested)
        self.head.print_menu_requested.connect(self._open_menu)
        self.undos = ActBar(COURSE, undo=True)
        self.finding = FindingLine()
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.obstacles = Obstacles()
        self.timeline = Timeline()
        self.facts = Facts()
        self.facts.reveal_requested.connect(self.reveal_requested)
        self.doubts = label("", "doubt", wrap=True)
        self.house = label("", "", wrap=True, selectable=True)
        self.own = label("", "hint", wrap=True)
        self.hours = label("", "hint", wrap=True)
        self._protection = QVBoxLayout()
        self._protection.setSpacing(4)
        self.papers = PaperRows()
        self.papers.received.connect(self._on_received)
        self.missing = ChipLabel()
        self.all_button = AllReceived()
        self.all_button.received.connect(self._receive_all)
        self.all_button.undone.connect(self._undo_all)
        self.papers_card = Card(_("Documents"), [self.missing, self.all_button])
        self.locked = label(
            _("Closed: to correct it press “Edit”, to go on with it “Reopen …”. A second person must agree."),
            "hint",
            wrap=True,
        )
        self.papers_card.body.addWidget(self.locked)
        self.papers_card.body.addWidget(self.papers)
        self.works = WorkCards(editable=False)
        self.works.house_requested.connect(self.estate_requested)
        self.law = label("", "hint", wrap=True)
        self.tabs = Tabs()
        self._lay_out()

    @property
    def acts(self) -> ActBar:
        """The buttons of the acts."""
        return self.head.acts

    def has_act(self, widget: QWidget) -> bool:
        """Return whether a widget is the button of an act."""
        bars = (self.acts, self.undos)
        return widget is self.all_button or any(bar.isAncestorOf(widget) for bar in bars)

    def leads_on(self, widget: QWidget) -> bool:
        """Return whether a widget is where work goes on after an act: the button of another one, or a document."""
        return self.has_act(widget) or self.papers.isAncestorOf(widget)

    def forget_last_act(self) -> None:
        """Take away what stood only until the next act: what the one before changed, and the undo of “all received”."""
        self.banner.clear()
        self._at_once = ()

    @property
    def status(self) -> ChipLabel:
        """The chip of the state."""
        return self.head.status

    @property
    def verdict(self) -> ChipLabel:
        """The chip of the verdict as it stands."""
        return self.head.verdict

    @property
    def print_button(self) -> QPushButton:
        """The button that opens the menu of papers."""
        return self.head.print_button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addWidget(self.finding)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.tabs, 1)
        parts = (self._course_part(), self._works_part(), self._people_part())
        self.columns = Columns(parts, _WIDTHS, [_BESIDE])
        self.area = OneScroll(self.columns)
        self.tabs.addTab(padded(self.area), _("Case"))
        for number in (1, 2):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda number=number: self.tabs.setCurrentIndex(number - 1))

    def _course_part(self) -> QWidget:
        happened = Card()
        happened.body.addWidget(self.timeline)
        happened.body.addWidget(self.undos, 0, Qt.AlignmentFlag.AlignLeft)
        # nothing above the documents changes when one is received: their rows stay under the mouse
        return column_of(self.obstacles, self.papers_card, happened)

    def _works_part(self) -> QWidget:
        return column_of(label(_("Works"), "section"), self.works, self.law)

    def _people_part(self) -> QWidget:
        house = Card(_("The home"), [button(_("Open the home"), self.home_requested.emit, role="link")])
        house.body.addWidget(self.house)
        house.body.addLayout(self._protection)
        house.body.addWidget(self.own)
        house.body.addWidget(self.hours)
        people = Card(_("Applicant and contractor"))
        people.body.addWidget(self.facts)
        people.body.addWidget(self.doubts)
        return column_of(people, house)

    def add_visits(self, page: QWidget) -> None:
        """Add the visits tab."""
        self.tabs.addTab(padded(page), _("Visits"))

    def show_case(self, case: CaseDetail, offers: Sequence[Offer], today: date) -> None:
        """Show a case, and the acts that are offered; what is shown already changes in place."""
        if self._case is None or self._case.id != case.id:
            self.tabs.setCurrentIndex(CASE)
            self.banner.clear()
            self.works.show_works(())
            self.area.verticalScrollBar().setValue(0)
            self._at_once = ()
        elif self._case.status is not case.status:
            self._at_once = ()
        self._case, self._today = case, today
        closed = "" if case.outcome is None else f" · {course.label(case.outcome)} {case.closed_on}"
        self.head.show_case(
            case.number,
            case.house.address + closed,
            status_chip(case.status),
            present_chip(case_state(case)),
        )
        self.setAccessibleName(f"{case.number} {case.house.address}")
        is_open = case.status is not CaseStatus.CLOSED or case.course.must_report
        self.finding.show_finding(case.finding if is_open else None, today)
        self._show_facts(_facts(case, self._rights.reveal))
        self.doubts.setText("\n".join(case.doubts))
        self.doubts.setVisible(bool(case.doubts))
        self._show_house(case)
        self.head.show_offers(offers)
        self.undos.show_offers(offers)
        self.obstacles.show_offer(COURSE.next_offer(beside_documents(case.course), today))
        self.timeline.show_moments(COURSE.timeline(case.events, case.course, today), offers)
        self._show_papers(case, today)
        self.works.show_works(case.works, case.documents)
        self.works.offer_house(self._rights.write and case.status is CaseStatus.REGISTERED)
        notes = [_("Judged by catalogue version {version}.").format(version=case.law_version)]
        if case.firm_works:
            notes.append(
                _("Qualified firm required for: {works}.").format(works=_(", ").join(case.firm_works))
            )
        self.law.setText(" ".join(notes))
        follow_reading(self.head, self.tabs.tabBar(), self.area)

    def _show_facts(self, facts: list[Fact]) -> None:
        if facts != self._facts_shown:  # else a value that was revealed would be masked again
            self._facts_shown = facts
            self.facts.set_rows(facts)

    def _show_papers(self, case: CaseDetail, today: date) -> None:
        can_write = self._rights.write and case.status is not CaseStatus.CLOSED
        kept = Due.START if case.status is CaseStatus.UNDER_WAY else None
        row = self.papers.show_papers(case.documents, today, can_write, kept)
        if row is not None:
            self._go_on_from(row)
        self.locked.setVisible(self._rights.write and not can_write)
        missing = [paper for paper in case.documents if paper.due is Due.START and paper.received_on is None]
        complete = Chip(_("complete to start"), "ok")
        self.missing.set_chip(missing_chip(len(missing)) or complete)
        received = {paper.document for paper in case.documents if paper.received_on == today}
        if not set(self._at_once) <= received:
            self._at_once = ()
        self.all_button.setVisible(can_write and (bool(self._due()) or bool(self._at_once)))
        self.all_button.offer(bool(self._due()), bool(self._at_once))

    def _go_on_from(self, row: PaperRow) -> None:
        """Focus what comes after a document that was received, so that a second key does not undo it."""
        following = self.papers.missing_beside(row)
        if following is None:
            self.acts.focus_primary()
            return
        following.today_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not row.underMouse():  # else a row would move under the mouse
            self.area.ensureWidgetVisible(following, 0, 0)

    def _due(self) -> tuple[str, ...]:
        """Return the documents that are to come next: before the start, or by completion."""
        if self._case is None:
            return ()
        due = Due.START if self._case.started_on is None else Due.COMPLETION
        return tuple(key for key in self.papers.missing() if self.papers.rows[key].document.due is due)

    def _on_received(self, document: str, day: object) -> None:
        self._at_once = ()
        self.received.emit(document, day)

    def _receive_all(self) -> None:
        self._at_once = self._due()
        self.all_received.emit(self._at_once, self._today)

    def _undo_all(self) -> None:
        documents, self._at_once = self._at_once, ()
        self.all_received.emit(documents, None)

    def focus_documents(self) -> None:
        """Bring the documents into sight, the first missing one under the keys."""
        self.tabs.setCurrentIndex(CASE)
        self.papers.focus_missing()
        self.area.bring(self.papers_card)

    def _show_house(self, case: CaseDetail) -> None:
        self.house.setText(f"{case.house.address}\n{house_facts(case.house)}")
        _clear(self._protection)
        for chip in protection_chips(case.house):
            self._protection.addWidget(ChipLabel(chip))
        own = case.house.own_requirements
        self.own.setText(_("Protection requirements: {text}").format(text=own))
        self.own.setVisible(bool(own))
        self.hours.setText(hours_text(case.house))

    def show_error(self, document: str, message: str) -> None:
        """Show an error in the day of a document below it."""
        if document in self.papers.rows:
            self.papers.rows[document].show_error(message)

    def set_rights(self, rights: Rights) -> None:
        """Show personal values as the operator may see them."""
        has_changed = rights != self._rights
        self._rights = rights
        if has_changed and self._case is not None:
            self._show_facts(_facts(self._case, rights.reveal))

    def menu(self) -> QMenu:
        """Build the menu of printable forms of the case."""
        menu = QMenu(self)
        action: Any
        if self._rights.reveal:
            action = menu.addAction(icon("print"), _("&Registration form"))
            action.triggered.connect(lambda checked: self.print_requested.emit("registration"))
            action = menu.addAction(
                icon("eye"), _("Registration form with &full phone numbers (this is logged)")
            )
            action.triggered.connect(lambda checked: self.print_requested.emit("revealed"))
        action = menu.addAction(icon("inspection"), _("Blank &inspection sheet"))
        action.triggered.connect(lambda checked: self.print_requested.emit("inspection"))
        return menu

    def _open_menu(self) -> None:
        shown = self.print_button if self.print_button.isVisible() else self.head.more
        self.menu().popup(shown.mapToGlobal(shown.rect().bottomLeft()))


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        widget.hide()
        widget.deleteLater()
