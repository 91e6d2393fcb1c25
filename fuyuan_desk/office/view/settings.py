"""The settings page: this PC, own password, office, operators, and safety checks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.office.rules import password_scope_text
from fuyuan_desk.office.view.office_key import KeyCard
from fuyuan_desk.office.view.operators import Choices, OperatorRow, OperatorsCard
from fuyuan_desk.office.view.text_list import TextList
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.keyed_tabs import KeyedTabs
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import SPACING

PageGroups = Sequence[tuple[str, str, Choices]]
"""Groups of the navigation: name, heading, and the pages to choose from by name and title."""
T = TypeVar("T")


STREETS, CALENDAR = LISTS = ("streets", "calendar")


def _list_texts() -> dict[str, tuple[str, str, str]]:
    """Return title, hint and accessible name of each list that is edited as lines."""
    return {
        STREETS: (
            _("Streets to choose from"),
            _("One per line: code, a space, name."),
            _("Streets, one per line: code and name"),
        ),
        CALENDAR: (
            _("Calendar of work"),
            _(
                "Deadlines count working days by it. A line for each year – “2028 source”, “2028? source” while its "
                "days are not moved yet – and below it its days: “10-01 国庆节”, “10-05 休” moved free, "
                "“10-10 班” moved to work. A year that is not listed is unknown: no deadline is counted into it."
            ),
            _("Calendar of work, one day per line"),
        ),
    }


class _OfficeTab(NamedTuple):
    form: Form
    lists: Mapping[str, TextList]


class _SafetyTab(NamedTuple):
    findings: QLabel
    progress: ProgressPanel
    key: KeyCard


def _scrolled(*cards: QWidget) -> QScrollArea:
    inner = QWidget()
    inner.setProperty("role", "page")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 16, 16, 16)
    column.setSpacing(16)
    for card in cards:
        card.setMaximumWidth(880)
        # a column would ask a card for its height in the width of the page, in which messages take fewer lines
        row = QHBoxLayout()
        row.addWidget(card, 1)
        row.addStretch(0)
        column.addLayout(row)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    return area


class SettingsView(QWidget):
    """Tabs of cards, which are saved together: `save()` submits what was changed; a new password is a card of its own.

    The tabs of an administrator are created when they are first shown.
    What is changed of this PC is submitted last, by `save_pc()` once all others are saved: it makes all pages anew.
    `discard_requested` asks for the saved values; `changed_again`: something is unsaved after all was saved.
    """

    discard_requested = Signal()
    changed_again = Signal()

    office_submitted = Signal(dict)
    password_submitted = Signal(dict)
    pc_submitted = Signal(dict)
    pages_submitted = Signal(dict)
    list_submitted = Signal(str, str)  # STREETS or CALENDAR, lines
    add_operator_requested = Signal()
    change_operator_requested = Signal(int)
    reset_password_requested = Signal(int)
    end_operator_requested = Signal(int)
    reactivate_requested = Signal(int)
    single_person_requested = Signal(bool)
    new_code_requested = Signal()
    key_change_requested = Signal()
    check_requested = Signal()

    def __init__(self, languages: Sequence[tuple[str, str]], groups: PageGroups = ()) -> None:
        super().__init__()
        self.setProperty("role", "page")
        # Enter or Ctrl+S in one form saves the others too
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.save)
        self.banner = Banner()
        self._forms(languages)
        self.pages = Form([Field(name, text, "checks", choices=pages) for name, text, pages in groups], 2)
        self.pages.submitted.connect(self.pages_submitted)
        self._saved_lists = dict.fromkeys(LISTS, "")
        self._saved_office: Mapping[str, Any] = {}
        self._operator_rows: Sequence[OperatorRow] = ()
        self._single_person = ("", False)
        self._office, self._office_place = self._later(self._make_office)
        self._people, self._people_place = self._later(self._make_people)
        self._safety, self._safety_place = self._later(self._make_safety)
        for form in (self.pages, self.pc):
            self._save_with_others(form)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, SPACING, 8, 8)  # at the right the tabs have margins
        column.setSpacing(SPACING)
        column.addWidget(
            PageHeader(_("Settings"), _("Save at the bottom, or Ctrl+S, saves all tabs at once."))
        )
        self.tabs = KeyedTabs()
        column.addWidget(self.tabs, 1)
        column.addWidget(self.banner)  # below: the tabs stay where they are when it comes and goes
        self.tabs.add_keys(self)
        column.addWidget(self._bar())
        mine = [self._card(_("This PC"), self.pc), self._password_card()]
        self._mine = _scrolled(*mine, *([self._pages_card()] if groups else []))
        self.show_admin(False)

    def _later(self, make: Callable[[Pages], T]) -> tuple[OnUse[T], Pages]:
        """Return a tab that `make(place)` fills when it is first shown or asked for, and its place."""
        place = Pages()
        made = OnUse(lambda: make(place))

        def fill() -> None:
            made()

        place.shown.connect(fill)
        return made, place

    def _save_with_others(self, form: Form) -> None:
        form.changed.connect(self._show_dirty)
        form.cleaned.connect(self._show_dirty)
        form.submitted.connect(lambda _typed: self._rest.start())

    def _forms(self, languages: Sequence[tuple[str, str]]) -> None:
        self.pc = Form(
            [
                Field("language", "语言 / Language", "choice", choices=languages, required=True),
                Field("large_text", _("&Large text"), "check"),
                Field(
                    "tall_rows",
                    _("&Taller rows in lists"),
                    "check",
                    span=2,
                    hint=_("A row has 35 pixels instead of 28; with large text, more."),
                ),
                Field(
                    "bar_capture",
                    _("&Keep revealed data out of screen pictures and remote views"),
                    "check",
                    span=2,
                    hint=_(
                        "Only Windows can do this. Turn it off while somebody helps you by sharing the screen."
                    ),
                ),
            ],
            columns=2,
        )
        self.password = Form(
            [
                Field("old", _("Current &password"), "password", required=True, span=2),
                Field("password", _("&New password"), "password", required=True),
                Field("again", _("Repeat the p&assword"), "password", required=True),
            ],
            columns=2,
        )
        self.password.submitted.connect(self.password_submitted)

    def _make_office(self, place: Pages) -> _OfficeTab:
        office = Form(
            [
                Field("name", _("&Residents' committee"), required=True, span=2),
                Field("district", _("&District"), required=True),
                Field("street", _("&Street"), "suggest"),
                Field("phone", _("Office &telephone"), check=phone_fault, hint=_("Printed on papers.")),
                Field("idle_minutes", _("&Minutes until the desk locks itself"), "int", required=True,
                      low=1, high=120),
                Field("keep_photo_location", _("Kee&p the location of photos"), "check", span=2,
                      hint=_("Usually off: the location is personal data.")),
            ],
            columns=2,
        )  # fmt: skip
        office.submitted.connect(self.office_submitted)
        office.set_values(self._saved_office)
        self._save_with_others(office)
        lists = {name: self._list(name, *texts) for name, texts in _list_texts().items()}
        place.show_screen(_scrolled(self._card(_("Office"), office), *lists.values()))
        return _OfficeTab(office, lists)

    def _list(self, name: str, title: str, hint: str, spoken: str) -> TextList:
        made = TextList(title, hint, spoken, self._saved_lists[name], self.save)
        made.changed.connect(self._show_dirty)
        return made

    def _make_people(self, place: Pages) -> OperatorsCard:
        card = OperatorsCard(self._operator_rows)
        card.add_requested.connect(self.add_operator_requested)
        card.change_requested.connect(self.change_operator_requested)
        card.reset_password_requested.connect(self.reset_password_requested)
        card.end_requested.connect(self.end_operator_requested)
        card.reactivate_requested.connect(self.reactivate_requested)
        card.single_person.requested.connect(self.single_person_requested)
        card.single_person.show_state(*self._single_person)
        place.show_screen(_scrolled(card))
        return card

    def _make_safety(self, place: Pages) -> _SafetyTab:
        made = _SafetyTab(label("", wrap=True, selectable=True), ProgressPanel(), KeyCard())
        made.key.change_requested.connect(self.key_change_requested)
        place.show_screen(_scrolled(self._check_card(made), made.key, self._code_card()))
        return made

    @property
    def office(self) -> Form:
        """The form of the office."""
        return self._office().form

    @property
    def lists(self) -> Mapping[str, TextList]:
        """The lists of the office that are edited as lines: `STREETS` and `CALENDAR`."""
        return self._office().lists

    @property
    def people(self) -> OperatorsCard:
        """The operators, and what can be done with each."""
        return self._people()

    @property
    def operators(self) -> QTableWidget:
        """The table of operators."""
        return self.people.table

    @property
    def findings(self) -> QLabel:
        """What the last check found."""
        return self._safety().findings

    @property
    def key(self) -> KeyCard:
        """The key of the office."""
        return self._safety().key

    @property
    def progress(self) -> ProgressPanel:
        """The progress of a check."""
        return self._safety().progress

    def _card(self, title: str, form: Form) -> Card:
        card = Card(title)
        card.body.addWidget(form)
        return card

    def _password_card(self) -> Card:
        card = self._card(_("My password"), self.password)
        card.body.insertWidget(0, label(password_scope_text(), "hint", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Change my password"), self.password.submit))
        card.body.addLayout(row)
        return card

    def _bar(self) -> QWidget:
        """Return the line below the tabs: whether anything is unsaved, and the one button that saves it."""
        self.state = label("", "hint")
        self.discard_button = button(_("Undo the changes"), self.discard_requested.emit, role="link")
        self.save_button = button(_("Save"), self.save, role="primary")
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self.state, 1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        self._show_dirty()
        return bar

    def _before_pc(self) -> tuple[Form, ...]:
        """Return the forms that are submitted before that of this PC."""
        return (self.pages,) if self._office.made is None else (self._office.made.form, self.pages)

    @property
    def is_office_dirty(self) -> bool:
        """Whether the settings of the office are changed."""
        return self._office.made is not None and self._office.made.form.is_dirty

    @property
    def is_dirty(self) -> bool:
        """Whether anything is changed that `save` saves."""
        return self.pc.is_dirty or self._is_dirty_before_pc

    @property
    def _is_dirty_before_pc(self) -> bool:
        return any(form.is_dirty for form in self._before_pc()) or bool(self._dirty_lists())

    def _dirty_lists(self) -> list[tuple[str, TextList]]:
        made = self._office.made
        return [] if made is None else [(name, shown) for name, shown in made.lists.items() if shown.is_dirty]

    def save(self) -> None:
        """Submit everything that was changed, in whatever tab."""
        for name, shown in self._dirty_lists():
            self.list_submitted.emit(name, shown.text)
        for form in self._before_pc():
            if form.is_dirty:
                form.submit()
        wrong = next((form for form in (*self._before_pc(), self.pc) if form.errors()), None)
        if wrong is not None:
            self.bring(wrong)
        self.save_pc()

    def save_pc(self) -> None:
        """Submit what was changed of this PC, unless something else is not saved yet."""
        if self.pc.is_dirty and not self._is_dirty_before_pc:
            typed = self.pc.read()
            if typed is not None:
                self.pc_submitted.emit(typed)

    def bring(self, form: Form) -> None:
        """Show the tab of a form, and its first error."""
        self.tabs.show_key("mine" if form in (self.pc, self.pages, self.password) else "office")
        form.show_errors(form.errors())

    def show_list(self, name: str, text: str) -> None:
        """Show the saved lines of a list."""
        self._saved_lists[name] = text
        if self._office.made is not None:
            self._office.made.lists[name].show_saved(text)
        self._show_dirty()

    def show_office(self, values: Mapping[str, Any]) -> None:
        """Show the saved settings of the office."""
        self._saved_office = values
        if self._office.made is not None:
            self._office.made.form.set_values(values)

    def _show_dirty(self) -> None:
        is_dirty = self.is_dirty
        if is_dirty and not self.save_button.isEnabled():
            self.changed_again.emit()
        names = [title for title, is_unsaved in self._titles() if is_unsaved]
        self.state.setText(_("Not saved yet: {names}").format(names=_(", ").join(names)) if is_dirty else "")
        self.save_button.setEnabled(is_dirty)
        self.discard_button.setVisible(is_dirty)

    def _titles(self) -> list[tuple[str, bool]]:
        """Return what is saved together, with whether it is unsaved."""
        return [
            (_("This PC"), self.pc.is_dirty),
            (_("Pages shown"), self.pages.is_dirty),
            (_("Office"), self.is_office_dirty),
            *((shown.title, True) for _name, shown in self._dirty_lists()),
        ]

    def _pages_card(self) -> Card:
        card = self._card(_("Pages shown"), self.pages)
        hint = _("Applies to everybody at this PC. The search and links still open a page that is hidden.")
        card.body.insertWidget(0, label(hint, "hint", wrap=True))
        return card

    def _check_card(self, shown: _SafetyTab) -> Card:
        card = Card(_("Data check"), [button(_("&Check now"), self.check_requested.emit)])
        card.body.addWidget(
            label(
                _(
                    "Checks the database, the audit log, the key file and every photo; compares all records and the"
                    " backups within reach with the audit log."
                ),
                "hint",
                wrap=True,
            )
        )
        card.body.addWidget(shown.progress)
        card.body.addWidget(shown.findings)
        return card

    def _code_card(self) -> Card:
        card = Card(_("Recovery code"), [button(_("Create a &new code …"), self.new_code_requested.emit)])
        card.body.addWidget(
            label(
                _("The code opens the office when all passwords are forgotten. Create a new one if the "
                  "printed sheet was lost or seen by others; the old code then no longer works."),
                "hint", wrap=True,
            )
        )  # fmt: skip
        return card

    def show_admin(self, is_admin: bool) -> None:
        """Show or hide the administrator's tabs."""
        tabs: list[tuple[str, str, QWidget]] = [("mine", _("My desk"), self._mine)]
        if is_admin:
            tabs += [
                ("office", _("Office"), self._office_place),
                ("operators", _("Operators"), self._people_place),
                ("safety", _("Safety"), self._safety_place),
            ]
        if (
            len(tabs) != self.tabs.count()
        ):  # after each change of an operator: she stays in the tab where she is
            self.tabs.show_tabs(tabs)

    def show_operators(self, rows: Sequence[OperatorRow]) -> None:
        """List the operators."""
        self._operator_rows = rows
        if self._people.made is not None:
            self._people.made.show_operators(rows)

    def show_single_person(self, text: str, holds: bool) -> None:
        """Show whether this is a single-person office; see `SinglePersonPart.show_state`."""
        self._single_person = (text, holds)
        if self._people.made is not None:
            self._people.made.single_person.show_state(text, holds)
