"""One order: its state and acts, what it says, its findings, what happened to it."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.course import Offer
from fuyuan_desk.kit.course_view import ActBar, Timeline
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.labels import Card, Facts
from fuyuan_desk.widgets.photos import PhotoStrip
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.workorders.facts import Finding, OrderDetail
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.orders import WITHOUT_WORK
from fuyuan_desk.workorders.view import words
from fuyuan_desk.workorders.view.related import RelatedOrders, clear


class OrderView(QWidget):
    """Shows an `OrderDetail`; its signals carry only what was pressed."""

    back_requested = Signal()
    escaped = Signal()
    print_requested = Signal()
    notice_requested = Signal()
    estate_requested = Signal()
    visit_requested = Signal(int)
    order_requested = Signal(int)
    reveal_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.back = icon_button("back", _("Back to all work orders"), self.back_requested.emit)
        self._title = labels.OneLine("", "title")
        self.status = ChipLabel()
        self.severity = ChipLabel()
        self.estate_button = button(_("Open the e&state"), self.estate_requested.emit, role="link")
        self.notice_button = button(_("Not&ice to correct"), self.notice_requested.emit, picture="document")
        self.print_button = button(
            _("&Print the order"), self.print_requested.emit, picture="print", shortcut="Ctrl+P"
        )
        self.acts = ActBar(COURSE)
        self.banner = Banner()
        self._warning = Banner()
        self.progress = ProgressPanel()
        self.facts = Facts()
        self.facts.reveal_requested.connect(self.reveal_requested)
        self.timeline = Timeline()
        self.undos = ActBar(COURSE, undo=True)
        self.related = RelatedOrders()
        self.ladder = Facts()
        self._telling = Card(_("Who is told when it is overdue"))
        self.findings = Card(_("Findings"))
        self.before, self.after = PhotoStrip(editable=False), PhotoStrip(editable=False)
        self._lay_out()

    def _lay_out(self) -> None:
        facts, happened = Card(), Card(_("Course"))
        facts.body.addWidget(self.facts)
        happened.body.addWidget(self.timeline)
        happened.body.addWidget(self.undos)
        self._telling.body.addWidget(self.ladder)
        inner = QWidget()
        content = QVBoxLayout(inner)
        content.setContentsMargins(0, 0, 4, 0)
        content.setSpacing(12)
        beside, pictures = QHBoxLayout(), QHBoxLayout()
        for line in (beside, pictures):
            line.setSpacing(12)
            content.addLayout(line)
        content.addStretch(1)
        for title, strip in ((_("Before the work"), self.before), (_("After the work"), self.after)):
            card = Card(title)
            card.body.addWidget(strip)
            pictures.addWidget(card, 1)
        for parts in ((self.findings, facts, self._telling), (happened, self.related)):
            column = QVBoxLayout()
            column.setSpacing(12)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            beside.addLayout(column, 1)
        self._area = scrolled(inner)
        page = page_column(self)
        page.addLayout(
            labels.head_line(
                (self.back, self._title, self.status, self.severity),
                (self.estate_button, self.notice_button, self.print_button),
            )
        )
        for above in (self.acts, self.banner, self._warning, self.progress):
            page.addWidget(above)
        page.addWidget(self._area, 1)

    def show_order(
        self, order: OrderDetail, offers: Sequence[Offer], now: datetime, can_reveal: bool
    ) -> None:
        """Show an order with the acts that are offered."""
        self._title.setText(f"{order.number} {order.title}")
        self.setAccessibleName(order.number)
        self.status.set_chip(words.status_chip(order))
        self.severity.set_chip(words.severity_chip(order))
        self.acts.show_offers(offers)
        self.notice_button.setVisible(bool(order.organisation) and order.status not in WITHOUT_WORK)
        self._warn(order, now)
        self.facts.set_rows(words.facts(order, can_reveal))
        self.timeline.show_moments(words.timeline(order, now.astimezone().date()), offers)
        self.undos.show_offers(offers)
        self.related.show_order(order)
        self.ladder.set_rows(words.ladder(order))
        self._telling.setVisible(bool(order.ladder))
        self._show_findings(order.findings)

    def focus_first_act(self) -> None:
        """Focus the filled button."""
        if not self.acts.focus_primary():
            self.print_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def _warn(self, order: OrderDetail, now: datetime) -> None:
        if order.merged_into is not None:
            other, number = order.merged_into
            self._warning.say(
                "info", _("Merged into {number}.").format(number=number),
                _("Open {number}").format(number=number), lambda: self.order_requested.emit(other),
            )  # fmt: skip
            return
        tone, text = words.warning(order, now)
        if tone == "error":
            self._warning.say("error", text)
        elif tone:
            self._warning.say("warn", text)
        else:
            self._warning.clear()

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        clear(self.findings.body)
        self.findings.setVisible(bool(findings))
        self.findings.set_title(numbered(len(findings), N_("{n} finding"), N_("{n} findings")))
        for number, finding in enumerate(findings):
            if number:
                self.findings.body.addWidget(labels.rule())
            self.findings.body.addWidget(self._finding(finding))

    def _finding(self, finding: Finding) -> QWidget:
        item = finding.item
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(labels.label(item.text, wrap=True, selectable=True))
        column.addWidget(labels.label(item.remark, "strong", wrap=True, selectable=True))
        if item.clauses:
            column.addWidget(labels.label("　".join(item.clauses), "hint", wrap=True, selectable=True))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        text = _("Visit {number}, {day}").format(number=item.visit, day=item.at.astimezone().date())
        foot.addWidget(button(text, lambda: self.visit_requested.emit(item.visit_id), role="link"))
        if finding.is_withdrawn:
            foot.addWidget(ChipLabel(Chip(_("no longer failed: the visit was corrected"), "warn", "undo")))
        elif finding.before:
            foot.addWidget(ChipLabel(Chip(words.again_text(finding.before), "warn", "refresh")))
        if finding.is_right:
            foot.addWidget(ChipLabel(Chip(_("Passed on a later visit"), "ok", "ok")))
        foot.addStretch(1)
        column.addLayout(foot)
        return widget
