"""The tier of one estate, its duties and history; and the form to assign another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.standards.facts import AssignedTier, EstateDuties
from fuyuan_desk.standards.rules import Change, Tier, label
from fuyuan_desk.standards.view.duties import ChangesView, DutiesView
from fuyuan_desk.standards.view.tier_picker import TierPicker
from fuyuan_desk.standards.view.words import is_chinese, tier_chip
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card
from fuyuan_desk.widgets.room import Stack, scrolled


class TierForm(QWidget):
    """The form to assign a tier, with the resulting changes beside it.

    On `submitted`, save, then call `saved()` or `refuse(error)`; `left`: the form may be closed.
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
        self.save_button = button(_("Assi&gn this tier"), self.form.submit, role="primary")
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
        """Reset the form for an estate."""
        self._title.setText(_("Assign a tier to {estate}").format(estate=estate))
        self.banner.clear()
        self.set_busy(False)
        self.form.set_values(values)

    def cancel(self) -> None:
        """Leave the form, asking first if there are unsaved changes."""
        self.form.leave(self.left.emit)

    def saved(self) -> None:
        """Mark the input as saved."""
        self.set_busy(False)
        self.form.mark_clean()

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields it names, or above the form."""
        self.set_busy(False)
        if not self.form.show_errors(error.fields):
            self.banner.refuse(error)

    def set_busy(self, on: bool) -> None:
        """Disable the form while a save is running."""
        self.form.set_busy(on)
        self.save_button.setDisabled(on)

    def show_changes(self, before: Tier | None, after: Tier | None, changes: Sequence[Change]) -> None:
        """Show the changes of the chosen tier."""
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


class TierView(Stack):
    """The tier of an estate, or the form to assign one; `wide` puts the history beside the duties."""

    assign_requested = Signal()
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
        self.picker = TierPicker()
        self.duties = DutiesView()
        self._note = labels.label("", "hint", wrap=True)
        self._history = QVBoxLayout()
        self._history.setSpacing(8)
        self.assign_button = button(
            _("Assi&gn a tier"), self.assign_requested.emit, role="primary", picture="standard"
        )
        self.estate_button = button(_("Open the &estate"), self.estate_requested.emit, role="link")
        self.withdraw_buttons: dict[int, QWidget] = {}
        self._shown = scrolled(self._body(wide))
        for part in (self.name, self.estate_button):
            part.setVisible(with_estate)
        self.addWidget(self._shown)
        self._form = OnUse(lambda: self._make_form(wide))

    def _make_form(self, wide: bool) -> TierForm:
        made = TierForm(wide)
        self.addWidget(made)
        return made

    @property
    def assign_form(self) -> TierForm:
        """The form to assign a tier."""
        return self._form()

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
        line.addWidget(self.assign_button)
        head.body.addLayout(line)
        head.body.addWidget(self.since)
        head.body.addWidget(self.next)
        head.body.addWidget(self.picker)
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

    def show_tier(
        self, duties: EstateDuties, history: Sequence[AssignedTier], laws: Mapping[str, str]
    ) -> None:
        """Show an estate's tier, duties and history, latest first; `laws` maps clauses to citations."""
        assigned, later = duties.assigned, duties.next_assignment
        self.name.setText(duties.estate)
        self.tier.setText(label(assigned.tier) if assigned is not None else _("No tier yet"))
        self.reference.setVisible(duties.is_reference and assigned is not None)
        self.since.setText(_since(duties))
        self.next.setText(
            _("{tier} from {day}").format(tier=label(later.tier), day=later.effective_on) if later else ""
        )
        self.next.setVisible(later is not None)
        self.picker.show_tiers(assigned.tier if assigned else None, later.tier if later else None)
        self.duties.show_duties(duties, laws)
        self._note.setText(duties.note if is_chinese() else duties.note_en)
        self._note.setVisible(duties.is_reference)
        self.assign_button.setText(_("&Change the tier") if assigned is not None else _("Assi&gn a tier"))
        self._show_history(history)

    def show_form(self, estate: str, values: Mapping[str, Any]) -> None:
        """Show the form instead of the tier."""
        self.assign_form.open(estate, values)
        self.setCurrentWidget(self.assign_form)
        self.assign_form.form.focus_first()

    def show_facts(self) -> None:
        """Show the tier again."""
        self.setCurrentWidget(self._shown)
        if self._can_write:
            self.assign_button.setFocus()

    @property
    def is_assigning(self) -> bool:
        """Whether the form is open."""
        return self._form.made is not None and self.currentWidget() is self._form.made

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once unsaved changes are saved or discarded."""
        if self.is_assigning:
            self.assign_form.form.leave(then)
        else:
            then()

    def set_writable(self, on: bool) -> None:
        """Show or hide the actions that change data."""
        self._can_write = on
        self.assign_button.setVisible(on)
        for withdraw in self.withdraw_buttons.values():
            withdraw.setVisible(on)

    def _show_history(self, history: Sequence[AssignedTier]) -> None:
        while self._history.count():
            widget = self._history.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.withdraw_buttons.clear()
        if not history:
            self._history.addWidget(labels.label(_("Nothing yet."), "muted"))
        for index, assigned in enumerate(history):
            if index:
                self._history.addWidget(labels.rule())
            self._history.addWidget(self._entry(assigned))

    def _entry(self, assigned: AssignedTier) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(labels.label(assigned.effective_on.isoformat(), "strong"))
        line.addWidget(ChipLabel(tier_chip(assigned.tier)))
        if assigned.is_current:
            line.addWidget(labels.label(_("current"), "muted"))
        line.addStretch(1)
        withdraw = button(_("Withdraw …"), lambda: self.withdraw_requested.emit(assigned.id), role="link")
        withdraw.setAccessibleName(
            _("Withdraw {tier} of {day}").format(tier=label(assigned.tier), day=assigned.effective_on)
        )
        if not self._can_write:
            withdraw.hide()
        self.withdraw_buttons[assigned.id] = withdraw
        line.addWidget(withdraw)
        column.addLayout(line)
        column.addWidget(labels.label(assigned.reason, wrap=True, selectable=True))
        column.addWidget(labels.label(assigned.document_no, "hint", wrap=True, selectable=True))
        return widget


def _since(duties: EstateDuties) -> str:
    assigned = duties.assigned
    if assigned is None:
        return _("Assign one: it sets the duties of the property company.")
    text = _("Since {day} · {document} · ladder {version}")
    return text.format(
        day=assigned.effective_on, document=assigned.document_no, version=duties.ladder_version
    )
