"""One case: its state, obstacles, documents, works with their verdicts, and visits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.id_numbers import id_kind_label
from fuyuan_desk.kit.course import Offer
from fuyuan_desk.kit.course_view import ActBar, Obstacles, Timeline
from fuyuan_desk.renovation.facts import CaseDetail, WorkView
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import COURSE
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.view.judged import WorkCards
from fuyuan_desk.renovation.view.papers import PaperRows
from fuyuan_desk.renovation.view.words import (
    hours_text,
    house_facts,
    missing_chip,
    period_text,
    protection_text,
    role_text,
    status_chip,
    verdict_chip,
)
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, Fact, Facts, OneLine, head_line, label
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.room import Tabs, padded, page_column, scrolled

CASE, VISITS = 0, 1
_LEAST_PANE = 280


def _worst_first(works: Sequence[WorkView]) -> list[WorkView]:
    return sorted(works, key=lambda view: -view.verdict)


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
    reveal_requested = Signal(str)
    received = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._rights = Rights()
        self._case: CaseDetail | None = None
        self.back = icon_button("back", _("Back to all renovations"), self.back_requested.emit)
        self._title = OneLine("", "title", selectable=True)
        self._address = OneLine("", "muted", selectable=True)
        self.status = ChipLabel()
        self.verdict = ChipLabel()
        self.print_button = button(_("&Print"), self._open_menu, picture="print")
        self.acts = ActBar(COURSE)
        self.undos = ActBar(COURSE, undo=True)
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
        self.papers.received.connect(self.received)
        self.missing = ChipLabel()
        self.papers_card = Card(_("Documents"), [self.missing])
        self.papers_card.body.addWidget(self.papers)
        self.works = WorkCards(editable=False)
        self.law = label("", "hint", wrap=True)
        self.tabs = Tabs()
        self._lay_out()

    def _lay_out(self) -> None:
        column = page_column(self)
        column.addLayout(self._head())
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.tabs, 1)
        areas = [scrolled(part) for part in (self._left(), self._right())]
        for area in areas:
            area.setMinimumWidth(_LEAST_PANE)
        titles = (_("Course and documents"), _("Works"))
        self.panes = Panes(list(zip(titles, areas, strict=True)), (1, 1))
        self.tabs.addTab(padded(self.panes), _("Case"))
        for number in (1, 2):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda number=number: self.tabs.setCurrentIndex(number - 1))

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addLayout(head_line((self.back, self._title), (self.print_button, self.acts)))
        head.addLayout(head_line((self.status, self.verdict, self._address)))
        return head

    def _left(self) -> QWidget:
        house = Card(_("The home"), [button(_("Open the home"), self.home_requested.emit, role="link")])
        house.body.addWidget(self.house)
        house.body.addLayout(self._protection)
        house.body.addWidget(self.own)
        house.body.addWidget(self.hours)
        people = Card(_("Applicant and contractor"))
        people.body.addWidget(self.facts)
        people.body.addWidget(self.doubts)
        happened = Card()
        happened.body.addWidget(self.timeline)
        happened.body.addWidget(self.undos, 0, Qt.AlignmentFlag.AlignLeft)
        return _column(self.obstacles, happened, self.papers_card, people, house)

    def _right(self) -> QWidget:
        return _column(label(_("Works"), "section"), self.works, self.law)

    def add_visits(self, page: QWidget) -> None:
        """Add the visits tab."""
        self.tabs.addTab(padded(page), _("Visits"))

    def show_case(self, case: CaseDetail, offers: Sequence[Offer], today: date) -> None:
        """Show a case, and the acts that are offered."""
        if self._case is None or self._case.id != case.id:
            self.tabs.setCurrentIndex(CASE)
            self.banner.clear()
        self._case = case
        self._title.setText(case.number)
        closed = "" if case.outcome is None else f" · {course.label(case.outcome)} {case.closed_on}"
        self._address.setText(case.house.address + closed)
        self.setAccessibleName(f"{case.number} {case.house.address}")
        self.status.set_chip(status_chip(case.status))
        self.verdict.set_chip(verdict_chip(case.verdict))
        self.facts.set_rows(_facts(case, self._rights.reveal))
        self.doubts.setText("\n".join(case.doubts))
        self.doubts.setVisible(bool(case.doubts))
        self._show_house(case)
        self.acts.show_offers(offers)
        self.undos.show_offers(offers)
        self.obstacles.show_offer(COURSE.next_offer(case.course, today))
        self.timeline.show_moments(COURSE.timeline(case.events, case.course, today), offers)
        self.papers.show_papers(case.documents, today, self._rights.write)
        missing = [paper for paper in case.documents if paper.due is Due.START and paper.received_on is None]
        complete = Chip(_("complete to start"), "ok")
        self.missing.set_chip(missing_chip(len(missing)) or complete)
        self.works.show_works(_worst_first(case.works))
        notes = [_("Judged by catalogue version {version}.").format(version=case.law_version)]
        if case.firm_works:
            notes.append(
                _("Qualified firm required for: {works}.").format(works=_(", ").join(case.firm_works))
            )
        self.law.setText(" ".join(notes))

    def _show_house(self, case: CaseDetail) -> None:
        self.house.setText(f"{case.house.address}\n{house_facts(case.house)}")
        _clear(self._protection)
        for text in protection_text(case.house):
            self._protection.addWidget(ChipLabel(Chip(text, "accent", "shield")))
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
            self.facts.set_rows(_facts(self._case, rights.reveal))

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
        self.menu().popup(self.print_button.mapToGlobal(self.print_button.rect().bottomLeft()))


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        widget.hide()
        widget.deleteLater()


def _column(*parts: QWidget) -> QWidget:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 12, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return widget
