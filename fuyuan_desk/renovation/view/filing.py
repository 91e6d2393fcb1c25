"""The filing page: the home and the works, the verdict, the form; one scroll, and a foot that stays in sight."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HouseholdView
from fuyuan_desk.renovation.facts import House, ScopeJudgement, WorkGroup
from fuyuan_desk.renovation.view.columns import Cell, Columns, OneScroll, column_of, follow_reading
from fuyuan_desk.renovation.view.filing_foot import FilingFoot
from fuyuan_desk.renovation.view.filing_form import FilingForm
from fuyuan_desk.renovation.view.judged import WorkCards
from fuyuan_desk.renovation.view.open_cases import OpenCases
from fuyuan_desk.renovation.view.papers import AllReceived, PaperTicks
from fuyuan_desk.renovation.view.words import (
    hours_text,
    house_facts,
    protection_chips,
    role_text,
)
from fuyuan_desk.renovation.view.works import WorksChooser
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.labels import Card, label
from fuyuan_desk.widgets.search_box import SearchBox, SearchHit, guessed_groups

_WIDTHS = (270, 350, 320)
_ARRANGEMENTS = (
    (Cell(0, 0), Cell(0, 1), Cell(0, 2)),
    (Cell(0, 0), Cell(0, 1), Cell(1, 0, 2)),
)
"""Home and works, verdict, form: side by side, or the form below, or all below each other."""


class HomeCard(Card):
    """Finds the home; `holder_chosen(household)` copies one of its households into the applicant fields."""

    holder_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("The home"))
        self.search = SearchBox(_("Address, name or phone"), window_shortcut=False)
        self.search.setToolTip(_("Address, name, Pinyin or last digits of a phone"))
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
        self.cases = OpenCases()
        for part in (self.search, self.error, self.address, self.cases, self.facts):
            self.body.addWidget(part)
        self.body.addLayout(self._chips)
        self.body.addWidget(self.own)
        self.body.addWidget(self._take_hint)
        self.body.addLayout(self._holders)
        self.show_home(None, ())

    def show_home(self, house: House | None, households: Sequence[HouseholdView]) -> None:
        """Show the home and its households; None: none is chosen."""
        self.show_error("")
        self.cases.show_cases(())
        self.address.setText(house.address if house else "")
        self.facts.setText(house_facts(house) if house else "")
        own = _("Protection requirements: {text}").format(text=house.own_requirements) if house else ""
        self.own.setText(own if house and house.own_requirements else "")
        for part in (self.address, self.facts, self.own):
            part.setVisible(bool(part.text()))
        self._show_chips(protection_chips(house) if house else [])
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
        self._take_hint.setText(
            _("Who is applying? Click to fill in, or type it into the form.") if households else ""
        )
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


class VerdictPanel(QWidget):
    """The judgement of the scope: each work with its questions, the worst first; below, the documents needed."""

    def __init__(self) -> None:
        super().__init__()
        self.note = label("", "muted", wrap=True)
        self.works = WorkCards(editable=True)
        self.firm = label("", "hint", wrap=True)
        self.papers = PaperTicks()
        self.all_received = AllReceived()
        self.deposit = label("", "hint", wrap=True)
        self.card = Card(_("Documents: tick those received"), [self.all_received])
        for part in (self.papers, self.firm, self.deposit):
            self.card.body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(_("Verdict"), "section"))
        for below in (self.note, self.works, self.card):
            column.addWidget(below)
        self.show_placeholder("")

    def show_placeholder(self, text: str) -> None:
        """Show `text` in place of a judgement."""
        self.works.show_works(())
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.card.hide()

    def show_judgement(
        self, judged: ScopeJudgement, ticked: Collection[str], locked: Collection[str]
    ) -> None:
        """Show a judgement."""
        has_works = bool(judged.works)
        self.note.setText("" if has_works else _("Tick the works to see here what the law says about them."))
        self.note.setVisible(not has_works)
        self.works.show_works(judged.works)
        firm = _("Qualified firm required for: {works}.").format(works=_(", ").join(judged.firm_works))
        self.firm.setText(firm)
        self.firm.setVisible(bool(judged.firm_works))
        self.papers.show_papers(judged.documents, ticked, locked)
        self.card.setVisible(has_works)
        self.deposit.setText(judged.deposit)
        self.deposit.setVisible(bool(judged.deposit))


class FilingView(QWidget):
    """The filing page, with one scroll: home and works, the verdict, the form; a foot that stays in sight.

    They stand in this order side by side, or below each other where it is narrow, and Tab follows it.
    Emits `save_requested(values, print)`, and `left` when the page may be closed.
    """

    left = Signal()
    save_requested = Signal(dict, bool)
    home_typed = Signal(str)
    home_chosen = Signal(int)
    reload_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._print = True
        self._judged: ScopeJudgement | None = None
        self.form = FilingForm()
        self.home = HomeCard()
        self.works = WorksChooser()
        self.works_error = label("", "error", wrap=True)
        self.works_error.hide()
        self.verdict = VerdictPanel()
        self.foot = FilingFoot()
        self.banner = Banner()
        self._title = label("", "title", wrap=True)
        self.back = icon_button("back", _("Back without saving"), self.cancel)
        self._lay_out()
        self._connect()

    @property
    def save_button(self) -> QPushButton:
        """Saves without printing."""
        return self.foot.save_button

    @property
    def print_button(self) -> QPushButton:
        """Saves and prints, the primary act of the page."""
        return self.foot.print_button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        self._form_card = Card()
        self._form_card.body.addWidget(self.form)
        subject = column_of(self.home, self.works_error, self.works)
        parts = (subject, self.verdict, self._form_card)
        self.form.asking.connect(subject.setDisabled)
        self.form.asking.connect(self.verdict.setDisabled)
        self.columns = Columns(parts, _WIDTHS, _ARRANGEMENTS)
        self.area = OneScroll(self.columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 12, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.area, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.home.search.asked.connect(self.home_typed)
        self.home.search.chosen.connect(self._choose_home)
        self.works.toggled.connect(self.form.toggle_work)
        self.works.toggled.connect(lambda key, on: self.show_works_error(""))
        self.works.row_reached.connect(lambda area: self.area.bring(self.works.list, area))
        self.verdict.works.answered.connect(self.form.answer)
        self.verdict.works.removed.connect(lambda key: self.form.toggle_work(key, False))
        self.verdict.papers.ticked.connect(self.form.tick)
        self.verdict.all_received.received.connect(
            lambda: self.form.receive_all(self.verdict.papers.needed())
        )
        self.verdict.all_received.undone.connect(self.form.undo_receive_all)
        self.foot.saved.connect(self.submit)
        self.foot.led.connect(self.show_worst)
        self.form.changed.connect(self._on_changed)
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        for part in (self.home, self.works, self.verdict, self.foot):
            save = QShortcut(QKeySequence.StandardKey.Save, part)
            save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            save.activated.connect(lambda: self.submit(True))

    def _on_changed(self) -> None:
        self.works.set_chosen(self.form.works)
        self.verdict.papers.set_ticked(self.form.received)
        self._show_received()

    def _show_received(self) -> None:
        needed = set(self.verdict.papers.needed())
        self.verdict.all_received.offer(
            bool(needed - set(self.form.received)), self.form.can_undo_receive_all
        )
        if self._judged is not None and self._judged.works:
            self.foot.show_judgement(self._judged, self.form.received)

    def show_judgement(self, judged: ScopeJudgement, locked: Collection[str]) -> None:
        """Show what the law says about the works; `locked` documents were received earlier."""
        self._judged = judged
        self.verdict.show_judgement(judged, self.form.received, locked)
        if not judged.works:
            self.foot.show_text(_("Tick the works to see here what the law says about them."))
        self._show_received()
        self._order_tabs()

    def show_worst(self) -> None:
        """Bring the work with the worst verdict into sight, and its first question or button under the keys."""
        card = self.verdict.works.worst()
        if card is not None:
            self.area.bring(card)
            card.focus_first()

    def _order_tabs(self) -> None:
        follow_reading(self.back, self.area, self.foot)

    def open(self, title: str) -> None:
        """Reset the page for another filing."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self.banner.clear()
        self.show_errors({})
        self.works.filter.clear()
        self.home.search.clear()
        self.show_home(None, (), (), {})
        self.area.verticalScrollBar().setValue(0)
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
            self._judged = None
            self.verdict.show_placeholder("")
            self.foot.show_text(_("Find the home first; then tick the works."))
        self._order_tabs()

    def show_hits(self, text: str, hits: Sequence[tuple[int, str, str, str]]) -> None:
        """Show the homes found, each as (key, address, holders, what was meant if it is a guess)."""
        homes = [
            SearchHit("unit", unit_id, address, holders, "household", meant)
            for unit_id, address, holders, meant in hits
        ]
        found = [home for home in homes if not home.meant]
        guessed = guessed_groups([home for home in homes if home.meant])
        self.home.search.show_hits(text, [(_("Homes"), found), *guessed])

    def focus_works(self) -> None:
        """Move the focus to the works."""
        self.area.bring(self.works.filter)
        self.works.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_field(self, name: str) -> None:
        """Move the focus to a field of the form, '' to the first one, and bring it into sight."""
        if name:
            self.form.editor(name).inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.bring(self.form.editor(name))
        else:
            self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # beside the form, such as in the search for the home
            self.cancel()
            return
        super().keyPressEvent(event)

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
        self.foot.set_busy(on)

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
        in_form = self.form.show_errors(errors)
        self.home.show_error(errors.get("unit_id", ""))
        self.show_works_error(" ".join(work_errors))
        if "unit_id" in errors:
            self.home.search.setFocus()
            self.area.verticalScrollBar().setValue(0)
        elif work_errors and not in_form:
            self.focus_works()
        return in_form or "unit_id" in errors or bool(work_errors)

    def show_works_error(self, message: str) -> None:
        """Show an error above the works."""
        self.works_error.setText(message)
        self.works_error.setVisible(bool(message))

    def _choose_home(self, hit: SearchHit) -> None:
        self.home.search.clear()
        self.home_chosen.emit(hit.record_id)

    def _on_submitted(self, values: dict) -> None:
        self.save_requested.emit(values, self._print)
