"""A new filing beside the resident: home, applicant and period at the left, works, and the verdict at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import HouseholdView
from fuyuan_desk.kit.form_pane import scrolled
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
from fuyuan_desk.widgets.labels import Card, label
from fuyuan_desk.widgets.search_box import SearchBox, SearchHit

_WIDE = 940
"""Narrower than this the works stand below the form."""


class HomeCard(Card):
    """Finds the home; `holder_chosen(household)` takes one of its households over as the applicant."""

    holder_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("The home"))
        self.search = SearchBox(_("Address, name, Pinyin or end of a phone"), of_window=False)
        self.search.setAccessibleName(_("Find the home"))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.address = label("", "strong", wrap=True, selectable=True)
        self.facts = label("", "hint", wrap=True)
        self.own = label("", "hint", wrap=True)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(4)
        self._take = label("", "hint", wrap=True)
        self._holders = QVBoxLayout()
        self._holders.setSpacing(4)
        self.holders: dict[int, QWidget] = {}
        for part in (self.search, self.error, self.address, self.facts):
            self.body.addWidget(part)
        self.body.addLayout(self._chips)
        self.body.addWidget(self.own)
        self.body.addWidget(self._take)
        self.body.addLayout(self._holders)
        self.show_home(None, ())

    def show_home(self, house: House | None, households: Sequence[HouseholdView]) -> None:
        """Show the home and whom to take over; None: none is chosen."""
        self.show_error("")
        self.address.setText(house.address if house else "")
        self.facts.setText(house_facts(house) if house else "")
        own = _("What must be preserved here: {text}").format(text=house.own_requirements) if house else ""
        self.own.setText(own if house and house.own_requirements else "")
        for part in (self.address, self.facts, self.own):
            part.setVisible(bool(part.text()))
        self._show_chips(
            [Chip(words, "accent", "shield") for words in protection_text(house)] if house else []
        )
        self._show_holders(households)

    def _show_chips(self, chips: Sequence[Chip]) -> None:
        _empty(self._chips)
        for chip in chips:
            self._chips.addWidget(ChipLabel(chip))

    def _show_holders(self, households: Sequence[HouseholdView]) -> None:
        _empty(self._holders)
        self.holders = {}
        for household in households:
            words = " · ".join(part for part in (household.head, role_text(household.role)) if part)
            made = button(words, partial(self.holder_chosen.emit, household.id), picture="user")
            made.setToolTip(_("Take name, phone and paper over (this is logged)"))
            self.holders[household.id] = made
            self._holders.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        self._take.setText(_("Who applies? Take over with a click, or type below.") if households else "")
        self._take.setVisible(bool(households))

    def show_error(self, message: str) -> None:
        """Show what is wrong with the home."""
        self.error.setText(message)
        self.error.setVisible(bool(message))


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        old = layout.takeAt(0).widget()
        old.hide()
        old.deleteLater()


class VerdictPanel(QSplitter):
    """What the scope amounts to: each work with its questions, the latest first; below, the papers that follow."""

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
        self._area = _part(self.note, self.works)
        self._upper = QWidget()
        upper = QVBoxLayout(self._upper)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(8)
        upper.addLayout(head)
        upper.addWidget(self._area, 1)
        self._lower = Card(_("Papers: tick what was handed in"))
        self._lower.body.addWidget(_part(self.papers, self.firm, self.deposit))
        for part in (self._upper, self._lower):
            part.setMinimumHeight(128)
            self.addWidget(part)
        self.setSizes([330, 250])
        self.show_nothing("")

    def show_nothing(self, words: str) -> None:
        """Say what is needed before anything can be judged."""
        self.chip.set_chip(None)
        self.works.show_works(())
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self._lower.hide()

    def show_judgement(
        self, judged: ScopeJudgement, ticked: Collection[str], locked: Collection[str]
    ) -> None:
        """Show a judgement."""
        chosen = bool(judged.works)
        is_longer = len(judged.works) > len(self.works.cards)
        self.chip.set_chip(verdict_chip(judged.verdict) if chosen else None)
        self.note.setText(
            "" if chosen else _("Tick the works: what the law says of them stands here at once.")
        )
        self.note.setVisible(not chosen)
        self.works.show_works(judged.works[::-1])
        if is_longer:
            self._area.verticalScrollBar().setValue(0)
        firm = _("Only a qualified firm may do: {works}.").format(works=_(", ").join(judged.firm_works))
        self.firm.setText(firm)
        self.firm.setVisible(bool(judged.firm_works))
        self.papers.show_papers(judged.documents, ticked, locked)
        self._lower.setVisible(chosen)
        self.deposit.setText(judged.deposit)
        self.deposit.setVisible(bool(judged.deposit))


def _part(*parts: QWidget) -> QScrollArea:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 12, 0)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return scrolled(inner)


class FilingView(QWidget):
    """Hear `save_requested(values, print)`; `left` tells that the page may go."""

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
        self._title = label("", "title")
        self.back = icon_button("back", _("Back without saving"), self.cancel, shortcut="Alt+Left")
        self.save_button = button(_("Save &only"), lambda: self.submit(False))
        self.print_button = button(
            _("&Save and print"), lambda: self.submit(True), role="primary", picture="print"
        )
        self.print_button.setToolTip("Ctrl+S")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.save_button)
        head.addWidget(self.print_button)
        inner = QWidget()
        self._left = QVBoxLayout(inner)
        self._left.setContentsMargins(0, 0, 12, 0)
        self._left.setSpacing(12)
        self._left.addWidget(self.home)
        typed = Card()
        typed.body.addWidget(self.form)
        self._left.addWidget(typed)
        self._works = QFrame()
        held = QVBoxLayout(self._works)
        held.setContentsMargins(0, 0, 0, 0)
        held.setSpacing(4)
        held.addWidget(self.works_error)
        held.addWidget(self.works, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(12)
        self._split.setChildrenCollapsible(False)
        self._area = scrolled(inner)
        self._area.setMinimumWidth(288)
        self.verdict.setMinimumWidth(280)
        for pane in (self._area, self._works, self.verdict):
            self._split.addWidget(pane)
        self._split.setSizes([378, 292, 420])
        for place, stretch in enumerate((4, 3, 4)):
            self._split.setStretchFactor(place, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 12, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self._split, 1)

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
        """Begin with another filing."""
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
        """Show the home that is filed for, and the works people do in such a house."""
        self.home.show_home(house, households)
        self.form.show_hours(hours_text(house) if house else "")
        self.works.set_works(groups, spoken)
        self.works.set_chosen(self.form.works)
        self.works.setEnabled(house is not None)
        if house is None:
            self.verdict.show_nothing(_("Find the home first; then tick the works."))

    def show_hits(self, text: str, hits: Sequence[tuple[int, str, str]]) -> None:
        """Show homes found: key, address, holders."""
        found = [
            SearchHit("unit", identity, address, holders, "household") for identity, address, holders in hits
        ]
        self.home.search.show_hits(text, [(_("Homes"), found)])

    def focus_works(self) -> None:
        """Go on to the works."""
        self._area.ensureWidgetVisible(self._works, 0, 0)
        self.works.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self, with_print: bool) -> None:
        """Read what is typed and ask to save it."""
        self._print = with_print
        self.form.submit()
        self._print = True

    def cancel(self) -> None:
        """Leave, after asking once if something typed would be lost."""
        self.leave(self.left.emit)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing typed is lost by it."""
        self.form.leave(then)

    def set_busy(self, on: bool) -> None:
        """While a save is on its way nothing can be sent twice."""
        self.form.set_busy(on)
        self.save_button.setDisabled(on)
        self.print_button.setDisabled(on)

    def saved(self) -> None:
        """What was typed is kept."""
        self.set_busy(False)
        self.banner.clear()
        self.form.mark_clean()

    def refuse(self, error: UserError, stale: bool = False) -> None:
        """Show a refusal beside what it names, else above; a stale form offers to be loaded again."""
        self.set_busy(False)
        if stale:
            self.banner.say(
                "error",
                error.message,
                _("&Load it anew"),
                self.reload_requested.emit,
                _("Keep what I typed"),
                None,
            )
        elif not self.show_errors(error.fields):
            self.banner.refuse(error)

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside what it is about; tell whether any was shown."""
        of_works = [text for name, text in errors.items() if name == "works" or name.startswith("works.")]
        in_form = self.form.show_errors(errors)
        self.home.show_error(errors.get("unit_id", ""))
        self.show_works_error(" ".join(of_works))
        if "unit_id" in errors:
            self.home.search.setFocus()
            self._area.verticalScrollBar().setValue(0)
        elif of_works and not in_form:
            self.works.filter.setFocus()
        return in_form or "unit_id" in errors or bool(of_works)

    def show_works_error(self, message: str) -> None:
        """Show above the works what is wrong with them."""
        self.works_error.setText(message)
        self.works_error.setVisible(bool(message))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        if wide and self._split.count() == 2:
            self._split.insertWidget(1, self._works)
            self._split.setSizes([378, 292, 420])
        elif not wide and self._split.count() == 3:
            self._left.insertWidget(1, self._works)
        self._works.show()

    def _choose_home(self, hit: SearchHit) -> None:
        self.home.search.clear()
        self.home_chosen.emit(hit.record_id)

    def _on_submitted(self, values: dict) -> None:
        self.save_requested.emit(values, self._print)
