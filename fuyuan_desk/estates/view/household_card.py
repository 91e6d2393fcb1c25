"""The card of a household: what is known of it and of its holder, and its people, each in a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.book import TAG_TONES
from fuyuan_desk.estates.facts.cards import CardWords
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdView, PersonView
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import SEPARATED, HouseholdEnd, Relation, Residence, Sex
from fuyuan_desk.estates.view.card_section import CardSection
from fuyuan_desk.estates.view.fields import named
from fuyuan_desk.formats.id_numbers import id_kind_label
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, Fact, Facts, OneLine, WarningLine, label
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.rights import Rights


@dataclass(frozen=True)
class Asked:
    """What is to be done with a household, or with a person in it: `act` with the value named `what`, if any."""

    act: str
    household_id: int
    person_id: int = HOLDER
    what: str = ""


EDIT, REMOVE, END, REVEAL, PASS_ON = "edit", "remove", "end", "reveal", "pass-on"
CALL, MERGE, MERGE_PEOPLE = "call", "merge", "merge-people"
ADD_PERSON, EDIT_PERSON, REMOVE_PERSON = "add-person", "edit-person", "remove-person"


def person_chips(view: PersonView, is_holder: bool) -> list[Chip]:
    """Return what is to be seen of a person at a glance: tags first, then share, key, where she lives."""
    chips = [Chip(tag.name, TAG_TONES.get(tag.look, "neutral"), "tag") for tag in view.tags]
    if view.share:
        chips.append(Chip(_("Share {share}").format(share=view.share), "neutral", "estate"))
    if view.is_voter:
        chips.append(Chip(_("Votes for the owners"), "neutral", "ok"))
    if view.is_emergency:
        chips.append(Chip(_("Emergency contact"), "neutral", "phone"))
    if view.has_key:
        chips.append(Chip(_("Has a key"), "neutral", "lock"))
    if view.residence in SEPARATED:
        chips.append(Chip(name_of(Residence, view.residence), "warn", "household"))
    elif view.residence == Residence.NEITHER:
        chips.append(Chip(name_of(Residence, view.residence), "neutral", "household"))
    elif view.lives_here is False:
        chips.append(Chip(_("Lives elsewhere"), "neutral", "household"))
    if not is_holder and not view.is_current and view.until_on is not None:
        chips.append(Chip(_("Left {day}").format(day=view.until_on.isoformat()), "neutral", "clock"))
    return chips


def household_chips(shown: HouseholdView, holder: PersonView) -> list[Chip]:
    """Return what is to be seen of a household at a glance."""
    role = named(HoldingRole, shown.role)
    chips = [
        Chip(role, "neutral", "user") if role else Chip(_("Owner or tenant: not recorded"), "warn", "info")
    ]
    if shown.moved_out_on is not None:
        how = name_of(HouseholdEnd, shown.ended_how) if shown.ended_how else _("Moved out")
        moved = _("{how} {day}").format(how=how, day=shown.moved_out_on.isoformat())
        chips.append(Chip(moved, "neutral", "household"))
    if shown.vacant:
        chips.append(Chip(_("Vacant"), "warn", "household"))
    if shown.is_company:
        chips.append(Chip(_("Company"), "neutral", "building"))
    return chips + person_chips(holder, True)


def _facts(shown: HouseholdView, holder: PersonView, can_reveal: bool) -> list[Fact]:
    def masked(name: str, title: str, value: str) -> Fact:
        return Fact(title, value, name if can_reveal and value else "")

    facts = [] if shown.is_company else [masked("head", _("Name"), shown.head)]
    phones = list(enumerate(shown.phones)) or [(0, "")]
    facts += [masked(f"phone:{index}", _("Telephone"), number) for index, number in phones]
    facts.append(masked("id_number", id_kind_label(shown.id_kind) or _("ID document"), shown.id_number))
    facts.append(Fact(_("People"), "" if shown.people is None else str(shown.people)))
    more = [
        Fact(_("Sex and age"), _sex_and_age(holder)),
        Fact(_("Moved in"), _day(shown.moved_in_on)),
        Fact(_("Lease"), _lease(shown.lease_from, shown.lease_until)),
        Fact(_("Remarks"), shown.remarks),
    ]
    if shown.contact:
        facts.append(masked("contact", _("Other contact"), shown.contact))
    return facts + [fact for fact in more if fact.value]


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _lease(begin: date | None, end: date | None) -> str:
    return (
        _("{begin} to {end}").format(begin=_day(begin) or "…", end=_day(end) or "…") if begin or end else ""
    )


def _sex_and_age(view: PersonView) -> str:
    if view.is_company:
        return ""
    sex = name_of(Sex, view.sex) if view.sex else ""
    age = "" if view.age is None else numbered(view.age, N_("{n} year"), N_("{n} years"))
    return _(", ").join(filter(None, (sex, age)))


class HouseholdCard(Card):
    """The card of a household, with its buttons; `asked` carries what is to be done."""

    asked = Signal(object)

    def __init__(self, shown: HouseholdView, rights: Rights) -> None:
        self.edit_button = button(_("Edit"), role="link")
        self.more_button = icon_button("more", _("More for this household"))
        super().__init__(shown.head, [self.edit_button, self.more_button] if rights.write else [])
        self.household = shown
        self._rights = rights
        self.rows: dict[int, _PersonRow] = {}
        self._sections: list[CardSection] = []
        self.edit_button.clicked.connect(lambda checked: self.ask(EDIT))
        self.more_button.clicked.connect(lambda checked: self._open_menu())
        holder, others = shown.members[0], shown.members[1:]
        self.body.addLayout(_chip_line(household_chips(shown, holder)))
        self.facts = Facts()
        self.facts.set_rows(_facts(shown, holder, rights.reveal))
        self.facts.reveal_requested.connect(lambda what: self.ask(REVEAL, what=what))
        self.body.addWidget(self.facts)
        if shown.doubt:
            self.body.addWidget(WarningLine(shown.doubt))
        if others:
            self.body.addWidget(label(_("Others of this household"), "muted"))
        for view in others:
            self._add_row(view)

    def add_section(self, section: CardSection) -> None:
        """Add a part that another job fills."""
        self._sections.append(section)
        self.body.addWidget(section)

    def section(self, words: CardWords) -> CardSection:
        """Return the part with these words."""
        return next(section for section in self._sections if section.words == words)

    def ask(self, act: str, person_id: int = HOLDER, what: str = "") -> None:
        """Say what is to be done with the household or one of its people."""
        self.asked.emit(Asked(act, self.household.id, person_id, what))

    def reveal(self, of: Asked, value: str) -> None:
        """Show an unmasked value for a while."""
        if of.person_id == HOLDER:
            self.facts.reveal(of.what, value)
        elif of.person_id in self.rows:
            self.rows[of.person_id].reveal(of.what, value)

    def _add_row(self, view: PersonView) -> None:
        row = _PersonRow(view, self._rights)
        row.edit_requested.connect(lambda: self.ask(EDIT_PERSON, view.id))
        row.remove_requested.connect(lambda: self.ask(REMOVE_PERSON, view.id))
        row.reveal_requested.connect(lambda what: self.ask(REVEAL, view.id, what))
        self.rows[view.id] = row
        self.body.addWidget(row)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        acts = [
            ("people", _("Record a &call …"), CALL),
            ("add", _("Add a &person"), ADD_PERSON),
            ("user", _("More about the &holder"), EDIT_PERSON),
            ("clock", _("Sold, moved &out, lease ended …"), END),
            ("people", _("Passed on &within the household …"), PASS_ON),
            ("household", _("Household recorded &twice: merge …"), MERGE),
            ("user", _("Person recorded twice: &merge …"), MERGE_PEOPLE),
            ("delete", _("&Remove this household"), REMOVE),
        ]
        has_ended = self.household.moved_out_on is not None
        for picture, text, act in acts:
            if has_ended and act in (END, PASS_ON):
                continue
            if act == MERGE_PEOPLE and len(self.household.members) == 1:
                continue
            if act == PASS_ON and not any(view.is_current for view in self.household.members[1:]):
                continue
            menu.addAction(icon(picture), text).triggered.connect(lambda checked, act=act: self.ask(act))
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))


def _chip_line(chips: Sequence[Chip]) -> Flow:
    line = Flow()
    line.setSpacing(6)
    for chip in chips:
        line.add(ChipLabel(chip))
    return line


class _PersonRow(QWidget):
    """A person of a household besides its holder: name, relation, telephones, chips."""

    edit_requested = Signal()
    remove_requested = Signal()
    reveal_requested = Signal(str)

    def __init__(self, view: PersonView, rights: Rights) -> None:
        super().__init__()
        self._masked: dict[str, MaskedValue] = {}
        self.edit_button = button(_("Edit"), self.edit_requested.emit, role="link")
        self.edit_button.setAccessibleName(_("Edit {name}").format(name=view.name))
        self.remove_button = icon_button("delete", _("Remove {name}").format(name=view.name))
        self.remove_button.clicked.connect(lambda checked: self.remove_requested.emit())
        relation = name_of(Relation, view.relation) if view.relation else _("Relation not recorded")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._value("name", _("Name"), view.name, rights))
        head.addWidget(OneLine(_(", ").join(filter(None, (relation, _sex_and_age(view)))), "muted"), 1)
        if rights.write:
            head.addWidget(self.edit_button)
            head.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(head)
        for place, number in enumerate(view.phones):
            column.addWidget(self._value(f"phone:{place}", _("Telephone"), number, rights))
        if chips := person_chips(view, False):
            column.addLayout(_chip_line(chips))
        if view.remarks:
            column.addWidget(label(view.remarks, "hint", wrap=True))

    def _value(self, what: str, title: str, text: str, rights: Rights) -> QWidget:
        if not rights.reveal:
            return label(text)
        value = MaskedValue(title, text)
        value.reveal_requested.connect(lambda: self.reveal_requested.emit(what))
        self._masked[what] = value
        return value

    def reveal(self, what: str, text: str) -> None:
        """Show an unmasked value for a while."""
        if what in self._masked:
            self._masked[what].reveal(text)
