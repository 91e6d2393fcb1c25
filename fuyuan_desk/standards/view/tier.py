"""The tier of one estate: where it stands, what it asks for, what came before; and giving it another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.form_pane import scrolled
from fuyuan_desk.standards.facts import EstateDuties, TierGiven
from fuyuan_desk.standards.rules import Change, Tier, label
from fuyuan_desk.standards.view.duties import ChangesView, DutiesView
from fuyuan_desk.standards.view.tier_picker import Stairs
from fuyuan_desk.standards.view.words import is_chinese, tier_chip
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card


class TierForm(QWidget):
    """The form that gives a tier, with what rises and falls beside it.

    Hear `submitted`, save, then call `saved()` or `refuse(error)`; `left` tells that the form may go.
    """

    submitted = Signal(dict)
    left = Signal()
    choice_changed = Signal()

    def __init__(self, wide: bool) -> None:
        super().__init__()
        self.form = Form(
            [
                Field("tier", _("&Tier"), "choice", required=True,
                      choices=[(tier.value, label(tier)) for tier in Tier]),
                Field("effective_on", _("&From"), "date", required=True),
                Field("document_no", _("&Document number"), required=True, span=2,
                      placeholder=_("Number of the decision")),
                Field("reason", _("&Reason"), "lines", required=True, rows=2, span=2),
            ],
            columns=2,
        )  # fmt: skip
        self.banner = Banner()
        self.changes = ChangesView()
        self._title = labels.label("", "section", wrap=True)
        self.save_button = button(_("&Give this tier"), self.form.submit, role="primary")
        self.save_button.setToolTip("Ctrl+S")
        cancel = button(_("Cancel"), self.cancel)
        cancel.setToolTip("Esc")
        form = Card()
        form.body.addWidget(self._title)
        form.body.addWidget(self.banner)
        form.body.addWidget(self.form)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button)
        foot.addWidget(cancel)
        foot.addStretch(1)
        form.body.addLayout(foot)
        changes = Card()
        changes.body.addWidget(self.changes)
        inner = QWidget()
        both = QHBoxLayout(inner) if wide else QVBoxLayout(inner)
        both.setContentsMargins(0, 0, 4, 0)
        both.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        both.addWidget(form, 1, top) if wide else both.addWidget(form)
        both.addWidget(changes, 1, top) if wide else both.addWidget(changes)
        if not wide:
            both.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))
        self._chosen: tuple[Any, Any] = (None, None)
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        self.form.changed.connect(self._on_changed)

    def open(self, estate: str, values: Mapping[str, Any]) -> None:
        """Begin for an estate."""
        self._title.setText(_("Give {estate} a tier").format(estate=estate))
        self.banner.clear()
        self.set_busy(False)
        self.form.set_values(values)

    def cancel(self) -> None:
        """Leave, after asking once if something typed would be lost."""
        self.form.leave(self.left.emit)

    def saved(self) -> None:
        """What was typed is kept."""
        self.set_busy(False)
        self.form.mark_clean()

    def refuse(self, error: UserError) -> None:
        """Show a refusal beside the fields it names, or above the form."""
        self.set_busy(False)
        if not self.form.show_errors(error.fields):
            self.banner.refuse(error)

    def set_busy(self, on: bool) -> None:
        """While a save is on its way nothing can be sent twice."""
        self.form.set_busy(on)
        self.save_button.setDisabled(on)

    def show_changes(self, before: Tier | None, after: Tier | None, changes: Sequence[Change]) -> None:
        """Show what the chosen tier changes."""
        self.changes.show_changes(before, after, changes)

    def _on_submitted(self, values: dict[str, Any]) -> None:
        self.set_busy(True)
        self.banner.clear()
        self.submitted.emit(values)

    def _on_changed(self) -> None:
        now = (self.form.editor("tier").raw(), self.form.editor("effective_on").raw())
        before, self._chosen = self._chosen, now
        if now != before:
            self.choice_changed.emit()


class TierView(QStackedWidget):
    """The tier of an estate, or the form that gives it another; `wide` puts the history beside the duties."""

    give_requested = Signal()
    withdraw_requested = Signal(int)
    estate_requested = Signal()

    def __init__(self, wide: bool, with_estate: bool) -> None:
        super().__init__()
        self._can_write = True
        self.banner = Banner()
        self.name = labels.label("", "section", wrap=True)
        self.tier = labels.label("", "title")
        self.reference = ChipLabel(Chip(_("Reference values"), "warn", "info"))
        self.since = labels.label("", "muted", wrap=True, selectable=True)
        self.next = labels.label("", "doubt", wrap=True)
        self.stairs = Stairs()
        self.duties = DutiesView()
        self._note = labels.label("", "hint", wrap=True)
        self._history = QVBoxLayout()
        self._history.setSpacing(8)
        self.give_button = button(
            _("&Give a tier"), self.give_requested.emit, role="primary", picture="standard"
        )
        self.estate_button = button(_("Open the &estate"), self.estate_requested.emit, role="link")
        self.withdraw_buttons: dict[int, QWidget] = {}
        self.give = TierForm(wide)
        self._shown = scrolled(self._body(wide))
        for part in (self.name, self.estate_button):
            part.setVisible(with_estate)
        self.addWidget(self._shown)
        self.addWidget(self.give)

    def _body(self, wide: bool) -> QWidget:
        head = Card()
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(self.estate_button)
        head.body.addLayout(line)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.tier)
        line.addWidget(self.reference)
        line.addStretch(1)
        line.addWidget(self.give_button)
        head.body.addLayout(line)
        head.body.addWidget(self.since)
        head.body.addWidget(self.next)
        head.body.addWidget(self.stairs)
        duties = Card(_("Duties"))
        duties.body.addWidget(self.duties)
        duties.body.addWidget(self._note)
        history = Card(_("History"))
        history.body.addLayout(self._history)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        if wide:
            both = QHBoxLayout()
            both.setSpacing(12)
            right = QVBoxLayout()
            right.setSpacing(12)
            right.addWidget(head)
            right.addWidget(history)
            right.addStretch(1)
            both.addLayout(right, 1)
            both.addWidget(duties, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(both)
        else:
            for card in (head, duties, history):
                column.addWidget(card)
        column.addStretch(1)
        return inner

    def show_tier(self, duties: EstateDuties, history: Sequence[TierGiven], laws: Mapping[str, str]) -> None:
        """Show the tier of an estate, its duties and its history, the latest first; `laws` names the clauses."""
        given, then = duties.given, duties.next_assignment
        self.name.setText(duties.estate)
        self.tier.setText(label(given.tier) if given is not None else _("No tier yet"))
        self.reference.setVisible(duties.is_reference and given is not None)
        self.since.setText(_since(duties))
        self.next.setText(
            _("{tier} from {day} on").format(tier=label(then.tier), day=then.effective_on) if then else ""
        )
        self.next.setVisible(then is not None)
        self.stairs.show_place(given.tier if given else None, then.tier if then else None)
        self.duties.show_duties(duties, laws)
        self._note.setText(duties.note if is_chinese() else duties.note_en)
        self._note.setVisible(duties.is_reference)
        self.give_button.setText(_("&Change the tier") if given is not None else _("&Give a tier"))
        self._show_history(history)

    def show_form(self, estate: str, values: Mapping[str, Any]) -> None:
        """Show the form in place of the tier."""
        self.give.open(estate, values)
        self.setCurrentWidget(self.give)
        self.give.form.focus_first()

    def show_facts(self) -> None:
        """Show the tier again."""
        self.setCurrentWidget(self._shown)
        if self._can_write:
            self.give_button.setFocus()

    @property
    def is_giving(self) -> bool:
        """Whether the form stands open."""
        return self.currentWidget() is self.give

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing typed is lost by it."""
        if self.is_giving:
            self.give.form.leave(then)
        else:
            then()

    def set_writable(self, on: bool) -> None:
        """Offer to change things, or only to look."""
        self._can_write = on
        self.give_button.setVisible(on)
        for made in self.withdraw_buttons.values():
            made.setVisible(on)

    def _show_history(self, history: Sequence[TierGiven]) -> None:
        while self._history.count():
            widget = self._history.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.withdraw_buttons.clear()
        if not history:
            self._history.addWidget(labels.label(_("Nothing yet."), "muted"))
        for place, given in enumerate(history):
            if place:
                self._history.addWidget(labels.rule())
            self._history.addWidget(self._entry(given))

    def _entry(self, given: TierGiven) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(labels.label(given.effective_on.isoformat(), "strong"))
        line.addWidget(ChipLabel(tier_chip(given.tier)))
        if given.is_current:
            line.addWidget(labels.label(_("now"), "muted"))
        line.addStretch(1)
        withdraw = button(_("Withdraw …"), lambda: self.withdraw_requested.emit(given.id), role="link")
        withdraw.setAccessibleName(
            _("Withdraw {tier} of {day}").format(tier=label(given.tier), day=given.effective_on)
        )
        if not self._can_write:
            withdraw.hide()
        self.withdraw_buttons[given.id] = withdraw
        line.addWidget(withdraw)
        column.addLayout(line)
        column.addWidget(labels.label(given.reason, wrap=True, selectable=True))
        column.addWidget(labels.label(given.document_no, "hint", wrap=True, selectable=True))
        return made


def _since(duties: EstateDuties) -> str:
    given = duties.given
    if given is None:
        return _("Give it one: the duties of the property company follow from it.")
    words = _("Since {day} · {document} · ladder {version}")
    return words.format(day=given.effective_on, document=given.document_no, version=duties.ladder_version)
