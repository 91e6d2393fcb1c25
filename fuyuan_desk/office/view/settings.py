"""The settings page: this PC, own password, office, operators, and safety checks."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.office.rules import password_scope_text
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.keyed_tabs import KeyedTabs
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import SPACING
from fuyuan_desk.widgets.theme import row_px

_COLUMNS = 5
_ENDED = Qt.ItemDataRole.UserRole + 1
Choices = Sequence[tuple[Any, str]]
PageGroups = Sequence[tuple[str, str, Choices]]
"""Groups of the navigation: name, heading, and the pages to choose from by name and title."""


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

    What is changed of this PC is submitted last, by `save_pc()` once all others are saved: it makes all pages anew.
    `discard_requested` asks for the saved values; `changed_again`: something is unsaved after all was saved.
    """

    discard_requested = Signal()
    changed_again = Signal()

    office_submitted = Signal(dict)
    password_submitted = Signal(dict)
    pc_submitted = Signal(dict)
    pages_submitted = Signal(dict)
    streets_submitted = Signal(str)
    add_operator_requested = Signal()
    change_operator_requested = Signal(int)
    reset_password_requested = Signal(int)
    end_operator_requested = Signal(int)
    reactivate_requested = Signal(int)
    new_code_requested = Signal()
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
        self._make_acts()
        self.operators = self._operator_table()
        self.streets = QPlainTextEdit()
        self.streets.setAccessibleName(_("Streets, one per line: code and name"))
        self.streets.setFixedHeight(260)
        self._saved_streets = ""
        self.streets.textChanged.connect(self._show_dirty)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Save), self.streets, self.save,
            context=Qt.ShortcutContext.WidgetShortcut,
        )  # fmt: skip
        for form in self._saved_together():
            form.changed.connect(self._show_dirty)
            form.cleaned.connect(self._show_dirty)
            form.submitted.connect(lambda _typed: self._rest.start())
        self.findings = label("", wrap=True, selectable=True)
        self.progress = ProgressPanel()
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
        self._office_page = _scrolled(self._card(_("Office"), self.office), self._street_card())
        self._people = _scrolled(self._operator_card())
        self._safety = _scrolled(self._check_card(), self._code_card())
        self.show_admin(False)

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
        self.office = Form(
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
        self.password.submitted.connect(self.password_submitted)
        self.office.submitted.connect(self.office_submitted)

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

    def _saved_together(self) -> tuple[Form, ...]:
        return (self.office, self.pages, self.pc)

    @property
    def is_dirty(self) -> bool:
        """Whether anything is changed that `save` saves."""
        return any(form.is_dirty for form in self._saved_together()) or self._are_streets_dirty

    @property
    def _are_streets_dirty(self) -> bool:
        return self.streets.toPlainText() != self._saved_streets

    def save(self) -> None:
        """Submit everything that was changed, in whatever tab."""
        if self._are_streets_dirty:
            self.streets_submitted.emit(self.streets.toPlainText())
        for form in (self.office, self.pages):
            if form.is_dirty:
                form.submit()
        wrong = next((form for form in self._saved_together() if form.errors()), None)
        if wrong is not None:
            self.bring(wrong)
        self.save_pc()

    def save_pc(self) -> None:
        """Submit what was changed of this PC, unless something else is not saved yet."""
        if self.pc.is_dirty and not (self.office.is_dirty or self.pages.is_dirty or self._are_streets_dirty):
            typed = self.pc.read()
            if typed is not None:
                self.pc_submitted.emit(typed)

    def bring(self, form: Form) -> None:
        """Show the tab of a form, and its first error."""
        self.tabs.show_key("office" if form is self.office else "mine")
        form.show_errors(form.errors())

    def show_streets(self, text: str) -> None:
        """Show the saved streets."""
        self._saved_streets = text
        self.streets.setPlainText(text)
        self._show_dirty()

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
            (_("Office"), self.office.is_dirty),
            (_("Streets to choose from"), self._are_streets_dirty),
        ]

    def _pages_card(self) -> Card:
        card = self._card(_("Pages shown"), self.pages)
        hint = _("Applies to everybody at this PC. The search and links still open a page that is hidden.")
        card.body.insertWidget(0, label(hint, "hint", wrap=True))
        return card

    def _operator_table(self) -> QTableWidget:
        table = QTableWidget(0, _COLUMNS)
        table.setHorizontalHeaderLabels(
            [_("Operator"), _("Name"), _("Role"), _("State"), _("Last signed in")]
        )
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(row_px())
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.setMinimumHeight(240)
        table.setAccessibleName(_("Operators"))
        table.itemActivated.connect(lambda item: self._open_operator(item.row()))
        table.currentItemChanged.connect(lambda _now, _before: self._show_acts())
        return table

    def _operator_card(self) -> Card:
        card = Card(
            _("Operators"),
            [button(_("&Add an operator …"), self.add_operator_requested.emit, role="primary")],
        )
        card.body.addWidget(self.operators)
        row = QHBoxLayout()
        row.addStretch(1)
        for made in (*self._acts_of_active, self.reactivate_button):
            row.addWidget(made)
        card.body.addLayout(row)
        self._show_acts()
        return card

    def _make_acts(self) -> None:
        """Create the buttons below the operators: what is done with an active one, and with an ended one."""
        captions = (
            (_("Set a &new password …"), self.reset_password_requested),
            (_("&Change the role …"), self.change_operator_requested),
            (_("&End …"), self.end_operator_requested),
        )
        self._acts_of_active = [
            button(caption, partial(self._of_selected, requested)) for caption, requested in captions
        ]
        self.end_button = self._acts_of_active[-1]
        self.reactivate_button = button(
            _("&Reactivate …"), lambda: self._of_selected(self.reactivate_requested)
        )

    def _show_acts(self) -> None:
        """Show what can be done with the selected operator."""
        is_ended = self._is_ended(self.operators.currentRow())
        hidden = self._acts_of_active if is_ended else [self.reactivate_button]
        had_focus = self.focusWidget() in hidden
        for made in self._acts_of_active:
            made.setVisible(not is_ended)
        self.reactivate_button.setVisible(is_ended)
        if had_focus:
            self.operators.setFocus()

    def _open_operator(self, row: int) -> None:
        requested = self.reactivate_requested if self._is_ended(row) else self.change_operator_requested
        requested.emit(self._id_of(row))

    def _street_card(self) -> Card:
        card = Card(_("Streets to choose from"))
        card.body.addWidget(label(_("One per line: code, a space, name."), "hint"))
        card.body.addWidget(self.streets)
        return card

    def _check_card(self) -> Card:
        card = Card(_("Data check"), [button(_("&Check now"), self.check_requested.emit)])
        card.body.addWidget(
            label(_("Checks the database, the audit log and every photo."), "hint", wrap=True)
        )
        card.body.addWidget(self.progress)
        card.body.addWidget(self.findings)
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
        tabs = [("mine", _("My desk"), self._mine)]
        if is_admin:
            tabs += [
                ("office", _("Office"), self._office_page),
                ("operators", _("Operators"), self._people),
                ("safety", _("Safety"), self._safety),
            ]
        if (
            len(tabs) != self.tabs.count()
        ):  # after each change of an operator: she stays in the tab where she is
            self.tabs.show_tabs(tabs)

    def show_operators(self, rows: Sequence[tuple[int, str, str, str, bool, datetime | None]]) -> None:
        """List operators: id, login, name, role name, active, last sign-in."""
        self.operators.setRowCount(len(rows))
        for number, (identity, login, name, role, active, last) in enumerate(rows):
            state = _("active") if active else _("ended")
            seen = last.astimezone().strftime("%Y-%m-%d %H:%M") if last else "–"
            for column, text in enumerate((login, name, role, state, seen)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, identity)
                item.setData(_ENDED, not active)
                self.operators.setItem(number, column, item)
        if rows and self.operators.currentRow() < 0:
            self.operators.setCurrentCell(0, 0)
        self._show_acts()

    def _is_ended(self, row: int) -> bool:
        item = self.operators.item(row, 0)
        return bool(item.data(_ENDED)) if item else False

    def _id_of(self, row: int) -> int:
        item = self.operators.item(row, 0)
        return item.data(Qt.ItemDataRole.UserRole) if item else 0

    def _of_selected(self, signal: SignalInstance) -> None:
        if self.operators.currentRow() >= 0:
            signal.emit(self._id_of(self.operators.currentRow()))


def _estate_field(estates: Choices) -> Field:
    hint = _("The operator sees and visits only these. A change applies from the next sign-in.")
    if not estates:
        hint = _(
            "There is no estate yet. Import a roster first: an operator of a property company needs one."
        )
    return Field("estates", _("&Estates of the company"), "checks", choices=estates, span=2, hint=hint)


def operator_fields(roles: Choices, estates: Choices) -> list[Field]:
    """Return the fields of a new operator."""
    return [
        Field("login", _("&Operator name for signing in"), required=True),
        Field("name", _("&Name"), required=True),
        Field("role", _("&Role"), "choice", choices=roles, required=True, span=2),
        _estate_field(estates),
        Field("password", _("First &password"), "password", required=True),
        Field("again", _("Repeat the p&assword"), "password", required=True),
    ]


def role_fields(roles: Choices, estates: Choices) -> list[Field]:
    """Return the fields of an operator's role and estates."""
    return [
        Field("role", _("&Role"), "choice", choices=roles, required=True, span=2),
        _estate_field(estates),
    ]


def reactivation_fields(roles: Choices, estates: Choices) -> list[Field]:
    """Return the fields of an ended operator who may sign in again."""
    return [
        *role_fields(roles, estates),
        Field("password", _("First &password"), "password", required=True),
        Field("again", _("Repeat the p&assword"), "password", required=True),
    ]


def password_fields() -> list[Field]:
    """Return the fields of a new password for another operator."""
    return [
        Field("password", _("New &password"), "password", required=True),
        Field("again", _("Repeat the p&assword"), "password", required=True),
    ]
