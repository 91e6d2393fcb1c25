"""One unit with its households: facts with masked personal values, or a form in their place."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.houses import UnitDetail, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdView, TagView
from fuyuan_desk.estates.rules.checks import needs_top_up, unit_doubts
from fuyuan_desk.estates.rules.housing import Tenure, UnitUse
from fuyuan_desk.estates.rules.other_ids import read_ids, write_ids
from fuyuan_desk.estates.view.fields import household_fields, named, person_fields, unit_fields
from fuyuan_desk.estates.view.household_card import Asked, HouseholdCard
from fuyuan_desk.formats.id_numbers import parse_typed_id_number
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, Fact, Facts, WarningLine, label
from fuyuan_desk.widgets.parsing import show_hundredths
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.room import Stack, scrolled
from fuyuan_desk.widgets.theme import show_if


def _unit_facts(detail: UnitDetail) -> list[Fact]:
    fields = detail.fields
    facts = [
        Fact(_("Use"), named(UnitUse, fields.use)),
        Fact(_("Tenure"), named(Tenure, fields.tenure)),
        Fact(_("Built area"), _area(fields.area)),
    ]
    more = [
        Fact(_("Inner area"), _area(fields.inner_area)),
        Fact(_("Floor"), fields.floor),
        Fact(_("Lease number"), fields.lease_no),
        Fact(_("First deposit"), _yuan(fields.fund_first)),
        Fact(_("Balance"), _balance(fields)),
        Fact(_("Topped up"), _topped_up(detail)),
    ]
    return facts + [fact for fact in more if fact.value]


def _unit_numbers(fields: UnitFields) -> list[Fact]:
    numbers = [
        Fact(_("Fund account"), fields.fund_account),
        Fact(_("Real-estate unit"), fields.real_estate_no),
        *(Fact(system, number) for system, number in fields.other_ids),
    ]
    return [fact for fact in numbers if fact.value]


def _area(value: int | None) -> str:
    return "" if value is None else f"{show_hundredths(value)}\N{NO-BREAK SPACE}㎡"


def _yuan(value: int | None) -> str:
    return "" if value is None else _("{n} yuan").format(n=show_hundredths(value, grouped=True))


def _balance(fields: UnitFields) -> str:
    parts = [
        _yuan(fields.fund_balance),
        "" if fields.fund_balance_on is None else fields.fund_balance_on.isoformat(),
        _("below 30 % of the first deposit") if needs_top_up(fields.fund_first, fields.fund_balance) else "",
    ]
    return _(", ").join(part for part in parts if part)


def unit_values(fields: UnitFields) -> dict[str, Any]:
    """Return the values with which the form of a unit is filled."""
    return {**vars(fields), "other_ids": write_ids(fields.other_ids)}


def unit_fields_of(values: dict[str, Any]) -> UnitFields:
    """Return the fields of a unit from the values of its form."""
    return UnitFields(
        **{**values, "tenure": values["tenure"] or "", "other_ids": read_ids(values["other_ids"] or "")}
    )


def _topped_up(detail: UnitDetail) -> str:
    done, day = detail.fields.fund_topped_up, detail.fields.fund_topped_up_on
    answer = {True: _("Yes"), False: _("No"), None: ""}[done]
    return f"{answer} {day.isoformat()}" if day is not None else answer


class UnitPanel(Stack):
    """Shows a unit, its form, or the form of one of its households or of a person in it."""

    escaped = Signal()
    renovation_requested = Signal()
    edit_unit_requested = Signal()
    remove_unit_requested = Signal()
    add_household_requested = Signal()
    asked = Signal(object)
    """Something is to be done with a household or a person: an `Asked`."""
    shares_requested = Signal()
    day_requested = Signal()
    file_requested = Signal()
    merge_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rights = Rights()
        self._cards: dict[int, HouseholdCard] = {}
        self._address = label("", "section", wrap=True, selectable=True)
        self._place = label("", "hint")
        self.banner = Banner()
        self.facts = Facts(2)
        self.numbers = Facts()  # too long for two columns
        self.renovation_button = button(
            _("File a &renovation"), self.renovation_requested.emit, role="primary", picture="renovation"
        )
        self.edit_button = button(_("&Edit"), self.edit_unit_requested.emit, picture="edit", shortcut="F2")
        self.more_button = icon_button("more", _("More actions"), self._open_menu)
        self.add_button = button(
            _("Add a household"), self.add_household_requested.emit, role="link", picture="add"
        )
        self.shares_line = WarningLine()
        self._households = QVBoxLayout()
        self._households.setSpacing(12)
        self._shown = scrolled(self._body())
        self.unit_pane = FormPane(unit_fields(()))
        self.household_pane = FormPane(household_fields())
        self.person_pane = FormPane(person_fields(False, ()))
        self.holder_pane = FormPane(person_fields(True, ()))
        self.panes = (self.unit_pane, self.household_pane, self.person_pane, self.holder_pane)
        for screen in (self._shown, *self.panes):
            self.addWidget(screen)
        for pane in self.panes[1:]:
            pane.form.changed.connect(lambda pane=pane: _check_id_number(pane))
        self.unit_pane.form.changed.connect(self._show_doubts)

    def _body(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._address)
        head.addWidget(self._place)
        column.addLayout(head)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.renovation_button)
        actions.addWidget(self.edit_button)
        actions.addWidget(self.more_button)
        actions.addStretch(1)
        column.addLayout(actions)
        card = Card()
        card.body.addWidget(self.facts)
        card.body.addWidget(self.numbers)
        card.body.addWidget(self.shares_line)
        column.addWidget(card)
        column.addLayout(self._households)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return inner

    def show_unit(self, detail: UnitDetail) -> None:
        """Show a unit and its households, masked."""
        if detail.address != self._address.text():
            self.banner.clear()
        self._address.setText(detail.address)
        count = len(detail.households)
        text = numbered(count, N_("{n} household"), N_("{n} households"))
        self._place.setText(text if count else _("No household"))
        self.facts.set_rows(_unit_facts(detail))
        show_if(self.shares_line, bool(detail.shares_doubt))
        self.shares_line.set_text(detail.shares_doubt)
        numbers = _unit_numbers(detail.fields)
        self.numbers.set_rows(numbers)
        self.numbers.setVisible(bool(numbers))
        self._clear_households()
        for shown in detail.households:
            self._add_card(shown)
        self.setCurrentWidget(self._shown)
        self._shown.verticalScrollBar().setValue(0)

    def _clear_households(self) -> None:
        for card in self._cards.values():
            self._households.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards.clear()

    def _add_card(self, shown: HouseholdView) -> None:
        card = HouseholdCard(shown, self._rights)
        card.asked.connect(self.asked)
        self._cards[shown.id] = card
        self._households.addWidget(card)

    def households(self) -> list[int]:
        """Return the ids of the households that are shown."""
        return list(self._cards)

    def card(self, household_id: int) -> HouseholdCard:
        """Return the card of a shown household."""
        return self._cards[household_id]

    def reveal(self, of: Asked, value: str) -> None:
        """Show an unmasked value for a while."""
        if of.household_id in self._cards:
            self._cards[of.household_id].reveal(of, value)

    def set_tags(self, tags: Sequence[TagView]) -> None:
        """Set the tags to choose from in the forms of people."""
        for pane in (self.person_pane, self.holder_pane):
            pane.form.set_choices("tags", [(tag.id, tag.name) for tag in tags])

    def show_form(self, pane: FormPane) -> None:
        """Show a form in place of the unit."""
        self.setCurrentWidget(pane)
        pane.form.focus_first()

    def show_facts(self) -> None:
        """Show the unit again."""
        self.setCurrentWidget(self._shown)

    @property
    def is_editing(self) -> bool:
        """Whether a form is open."""
        return self.currentWidget() is not self._shown

    def leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` once an open form has no unsaved input, or `stay` if it stays open."""
        pane = self.currentWidget()
        if isinstance(pane, FormPane):
            pane.leave(then, stay)
        else:
            then()

    def enter(self) -> None:
        """Move the focus into the unit."""
        (self.renovation_button if self._rights.write else self._shown).setFocus()

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may use."""
        self._rights = rights
        for widget in (self.renovation_button, self.edit_button, self.add_button):
            widget.setVisible(rights.write)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.is_editing:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def _show_doubts(self) -> None:
        form = self.unit_pane.form
        typed = {name: value for name, value in form.readable_values().items() if value is not None}
        doubts = unit_doubts(UnitFields(**{**typed, "other_ids": ()}))
        for name in ("real_estate_no", "fund_balance"):
            form.show_doubt(name, doubts.get(name, ""))

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = [("document", _("&File of this home"), self.file_requested)]
        if self._rights.write:
            entries += [
                ("people", _("&Shares of the owners …"), self.shares_requested),
                ("clock", _("&Who was here on a day …"), self.day_requested),
                ("household", _("Recorded &twice: merge …"), self.merge_requested),
                ("delete", _("&Remove this unit …"), self.remove_unit_requested),
            ]
        for picture, text, signal in entries:
            action = menu.addAction(icon(picture), text)
            action.triggered.connect(lambda checked, signal=signal: signal.emit())
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))


def _check_id_number(pane: FormPane) -> None:
    form = pane.form
    typed = str(form.editor("id_number").raw() or "")
    paper = parse_typed_id_number(form.editor("id_kind").value() or "", typed)
    form.show_doubt("id_number", paper.doubt if paper is not None else "")
