"""The filing page: home, applicant and period on the left, the works, and the verdict beside them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import HouseholdView
from fuyuan_desk.renovation.facts import House, ScopeJudgement, WorkGroup
from fuyuan_desk.renovation.view.filing_form import FilingForm
from fuyuan_desk.renovation.view.judged import WorkCards
from fuyuan_desk.renovation.view.papers import PaperTicks
from fuyuan_desk.renovation.view.words import (
    hours_text,
    house_facts,
    protection_text,
    role_text,
    verdict_chip,
)
from fuyuan_desk.renovation.view.works import WorksChooser
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.labels import Card, OneLine, head_line, label
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.room import scrolled
from fuyuan_desk.widgets.search_box import SearchBox, SearchHit
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_LEAST_HEIGHT = 128
_WIDE = 940
"""Width in pixels below which the works move under the form."""


class HomeCard(Card):
    """Finds the home; `holder_chosen(household)` copies one of its households into the applicant fields."""

    holder_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("The home"))
        self.search = SearchBox(_("Address, name, Pinyin or last digits of a phone"), window_shortcut=False)
        self.search.setAccessibleName(_("Find the home"))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.address = label("", "strong", wrap=True, selectable=True)
        self.facts = label("", "hint", wrap=True)
        self.own = label("", "hint", wrap=True)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(4)
        self._take_hint = label("", "hint", wrap=True)
        self._holders = QVBoxLayout()
        self._holders.setSpacing(4)
        self.holders: dict[int, QWidget] = {}
        for part in (self.search, self.error, self.address, self.facts):
            self.body.addWidget(part)
        self.body.addLayout(self._chips)
        self.body.addWidget(self.own)
        self.body.addWidget(self._take_hint)
        self.body.addLayout(self._holders)
        self.show_home(None, ())

    def show_home(self, house: House | None, households: Sequence[HouseholdView]) -> None:
        """Show the home and its households; None: none is chosen."""
        self.show_error("")
        self.address.setText(house.address if house else "")
        self.facts.setText(house_facts(house) if house else "")
        own = _("Protection requirements: {text}").format(text=house.own_requirements) if house else ""
        self.own.setText(own if house and house.own_requirements else "")
        for part in (self.address, self.facts, self.own):
            part.setVisible(bool(part.text()))
        self._show_chips([Chip(text, "accent", "shield") for text in protection_text(house)] if house else [])
        self._show_holders(households)

    def _show_chips(self, chips: Sequence[Chip]) -> None:
        _clear(self._chips)
        for chip in chips:
            self._chips.addWidget(ChipLabel(chip))

    def _show_holders(self, households: Sequence[HouseholdView]) -> None:
        _clear(self._holders)
        self.holders = {}
        for household in households:
            text = " · ".join(part for part in (household.head, role_text(household.role)) if part)
            holder = button(text, partial(self.holder_chosen.emit, household.id), picture="user")
            holder.setToolTip(_("Fill in name, phone and ID document (this is logged)"))
            self.holders[household.id] = holder
            self._holders.addWidget(holder, 0, Qt.AlignmentFlag.AlignLeft)
        self._take_hint.setText(_("Who is applying? Click to fill in, or type below.") if households else "")
        self._take_hint.setVisible(bool(households))

    def show_error(self, message: str) -> None:
        """Show an error about the home."""
        self.error.setText(message)
        self.error.setVisible(bool(message))


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        widget.hide()
        widget.deleteLater()


class VerdictPanel(QSplitter):
    """The judgement of the scope: each work with its questions, latest first; below, the documents needed."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setHandleWidth(12)
        self.setChildrenCollapsible(False)
        self.chip = ChipLabel()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(_("Verdict"), "section"))
        head.addWidget(self.chip)
        head.addStretch(1)
        self.note = label("", "muted", wrap=True)
        self.works = WorkCards(editable=True)
        self.firm = label("", "hint", wrap=True)
        self.papers = PaperTicks()
        self.deposit = label("", "hint", wrap=True)
        self._area = _scroll_area(self.note, self.works)
        self._upper = QWidget()
        upper = QVBoxLayout(self._upper)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(8)
        upper.addLayout(head)
        upper.addWidget(self._area, 1)
        self._lower = Card(_("Documents: tick those received"))
        self._lower.body.addWidget(_scroll_area(self.papers, self.firm, self.deposit))
        for part in (self._upper, self._lower):
            part.setMinimumHeight(_LEAST_HEIGHT * text_px() // TEXT_PX)
            self.addWidget(part)
        self.setSizes([330, 250])
        self.show_placeholder("")

    def show_placeholder(self, text: str) -> None:
        """Show `text` in place of a judgement."""
        self.chip.set_chip(None)
        self.works.show_works(())
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self._lower.hide()

    def show_judgement(
        self, judged: ScopeJudgement, ticked: Collection[str], locked: Collection[str]
    ) -> None:
        """Show a judgement."""
        has_works = bool(judged.works)
        is_added = len(judged.works) > len(self.works.cards)
        self.chip.set_chip(verdict_chip(judged.verdict) if has_works else None)
        self.note.setText("" if has_works else _("Tick the works to see here what the law says about them."))
        self.note.setVisible(not has_works)
        self.works.show_works(judged.works[::-1])
        if is_added:
            self._area.verticalScrollBar().setValue(0)
        firm = _("Qualified firm required for: {works}.").format(works=_(", ").join(judged.firm_works))
        self.firm.setText(firm)
        self.firm.setVisible(bool(judged.firm_works))
        self.papers.show_papers(judged.documents, ticked, locked)
        self._lower.setVisible(has_works)
        self.deposit.setText(judged.deposit)
        self.deposit.setVisible(bool(judged.deposit))


def _scroll_area(*parts: QWidget) -> QScrollArea:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 12, 0)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return scrolled(inner)


class FilingView(QWidget):
    """The filing page; emits `save_requested(values, print)`, and `left` when the page may be closed."""

    left = Signal()
    save_requested = Signal(dict, bool)
    home_typed = Signal(str)
    home_chosen = Signal(int)
    reload_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._print = True
        self.form = FilingForm()
        self.home = HomeCard()
        self.works = WorksChooser()
        self.works_error = label("", "error", wrap=True)
        self.works_error.hide()
        self.verdict = VerdictPanel()
        self.banner = Banner()
        self._title = OneLine("", "title")
        self.back = icon_button("back", _("Back without saving"), self.cancel)
        self.save_button = button(_("Save &only"), lambda: self.submit(False))
        self.print_button = button(
            _("&Save and print"), lambda: self.submit(True), role="primary", picture="print"
        )
        self.print_button.setToolTip("Ctrl+S")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = head_line((self.back, self._title), (self.save_button, self.print_button))
        inner = QWidget()
        self._left = QVBoxLayout(inner)
        self._left.setContentsMargins(0, 0, 12, 0)
        self._left.setSpacing(12)
        self._left.addWidget(self.home)
        form_card = Card()
        form_card.body.addWidget(self.form)
        self._left.addWidget(form_card)
        self._works = QFrame()
        works_column = QVBoxLayout(self._works)
        works_column.setContentsMargins(0, 0, 0, 0)
        works_column.setSpacing(4)
        works_column.addWidget(self.works_error)
        works_column.addWidget(self.works, 1)
        self._left_shown = QSplitter(Qt.Orientation.Horizontal)
        self._left_shown.setHandleWidth(12)
        self._left_shown.setChildrenCollapsible(False)
        self._area = scrolled(inner)
        self._area.setMinimumWidth(288)
        self.verdict.setMinimumWidth(280)
        self._left_shown.addWidget(self._area)
        self._left_shown.setMinimumWidth(288)
        self.panes = Panes([(_("Filing"), self._left_shown), (_("Verdict"), self.verdict)], (670, 420))
        self._left.insertWidget(1, self._works)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.panes, 1)

    def _connect(self) -> None:
        self.home.search.asked.connect(self.home_typed)
        self.home.search.chosen.connect(self._choose_home)
        self.works.toggled.connect(self.form.toggle_work)
        self.works.toggled.connect(lambda key, on: self.show_works_error(""))
        self.verdict.works.answered.connect(self.form.answer)
        self.verdict.works.removed.connect(lambda key: self.form.toggle_work(key, False))
        self.verdict.papers.ticked.connect(self.form.tick)
        self.form.changed.connect(lambda: self.works.set_chosen(self.form.works))
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        for part in (self.home, self.works, self.verdict):
            save = QShortcut(QKeySequence.StandardKey.Save, part)
            save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            save.activated.connect(lambda: self.submit(True))

    def open(self, title: str) -> None:
        """Reset the page for another filing."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self.banner.clear()
        self.show_errors({})
        self.works.filter.clear()
        self.home.search.clear()
        self.show_home(None, (), (), {})
        self._area.verticalScrollBar().setValue(0)
        self.set_busy(False)

    def show_home(
        self,
        house: House | None,
        households: Sequence[HouseholdView],
        groups: Sequence[WorkGroup],
        spoken: Mapping[str, str],
    ) -> None:
        """Show the home and the works to choose from for its kind of house."""
        self.home.show_home(house, households)
        self.form.show_hours(hours_text(house) if house else "")
        self.works.set_works(groups, spoken)
        self.works.set_chosen(self.form.works)
        self.works.setEnabled(house is not None)
        if house is None:
            self.verdict.show_placeholder(_("Find the home first; then tick the works."))

    def show_hits(self, text: str, hits: Sequence[tuple[int, str, str]]) -> None:
        """Show the homes found, each as (key, address, holders)."""
        found = [
            SearchHit("unit", unit_id, address, holders, "household") for unit_id, address, holders in hits
        ]
        self.home.search.show_hits(text, [(_("Homes"), found)])

    def focus_works(self) -> None:
        """Move the focus to the works."""
        self.panes.bring(self._left_shown)
        self._area.ensureWidgetVisible(self._works, 0, 0)
        self.works.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self, with_print: bool) -> None:
        """Read the input and request saving it."""
        self._print = with_print
        self.form.submit()
        self._print = True

    def cancel(self) -> None:
        """Leave the page, asking first if there are unsaved changes."""
        self.leave(self.left.emit)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once unsaved changes are saved or discarded."""
        self.form.leave(then)

    def set_busy(self, on: bool) -> None:
        """Disable the form while a save is running."""
        self.form.set_busy(on)
        self.save_button.setDisabled(on)
        self.print_button.setDisabled(on)

    def saved(self) -> None:
        """Mark the input as saved."""
        self.set_busy(False)
        self.banner.clear()
        self.form.mark_clean()

    def refuse(self, error: UserError, stale: bool = False) -> None:
        """Show an error beside the fields it names, else in the banner; a stale form offers to reload."""
        self.set_busy(False)
        if stale:
            self.banner.say(
                "error",
                error.message,
                _("Re&load"),
                self.reload_requested.emit,
                _("Keep my changes"),
                None,
            )
        elif not self.show_errors(error.fields):
            self.banner.refuse(error)

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its field; return whether any was shown."""
        work_errors = [text for name, text in errors.items() if name == "works" or name.startswith("works.")]
        if errors:
            self.panes.bring(self._left_shown)
        in_form = self.form.show_errors(errors)
        self.home.show_error(errors.get("unit_id", ""))
        self.show_works_error(" ".join(work_errors))
        if "unit_id" in errors:
            self.home.search.setFocus()
            self._area.verticalScrollBar().setValue(0)
        elif work_errors and not in_form:
            self.works.filter.setFocus()
        return in_form or "unit_id" in errors or bool(work_errors)

    def show_works_error(self, message: str) -> None:
        """Show an error above the works."""
        self.works_error.setText(message)
        self.works_error.setVisible(bool(message))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        if wide and self._left_shown.count() == 1:
            self._left_shown.addWidget(self._works)
            self._left_shown.setSizes([378, 292])
        elif not wide and self._left_shown.count() == 2:
            self._left.insertWidget(1, self._works)
        self._works.show()

    def _choose_home(self, hit: SearchHit) -> None:
        self.home.search.clear()
        self.home_chosen.emit(hit.record_id)

    def _on_submitted(self, values: dict) -> None:
        self.save_requested.emit(values, self._print)
