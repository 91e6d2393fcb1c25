"""The operators in the settings: their list, what can be done with each, and the fields of the dialogs."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem

from fuyuan_desk.core.texts import _
from fuyuan_desk.office.view.single_person import SinglePersonPart
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.labels import Card
from fuyuan_desk.widgets.theme import row_px

_COLUMNS = 5
_ENDED = Qt.ItemDataRole.UserRole + 1
Choices = Sequence[tuple[Any, str]]
OperatorRow = tuple[int, str, str, str, bool, datetime | None]
"""An operator: id, login, name, role name, active, last sign-in."""


class OperatorsCard(Card):
    """The operators of the office; the buttons below the list follow the selected one.

    The signals carry the key of an operator.
    """

    add_requested = Signal()
    change_requested = Signal(int)
    reset_password_requested = Signal(int)
    end_requested = Signal(int)
    reactivate_requested = Signal(int)

    def __init__(self, rows: Sequence[OperatorRow]) -> None:
        add = button(_("&Add an operator …"), role="primary")
        super().__init__(_("Operators"), [add])
        add.clicked.connect(lambda _checked: self.add_requested.emit())
        self.table = self._table()
        captions = (
            (_("Set a &new password …"), self.reset_password_requested),
            (_("&Change the role …"), self.change_requested),
            (_("&End …"), self.end_requested),
        )
        self._acts_of_active = [
            button(caption, partial(self._of_selected, requested)) for caption, requested in captions
        ]
        self.end_button = self._acts_of_active[-1]
        self.reactivate_button = button(
            _("&Reactivate …"), lambda: self._of_selected(self.reactivate_requested)
        )
        row = QHBoxLayout()
        row.addStretch(1)
        for made in (*self._acts_of_active, self.reactivate_button):
            row.addWidget(made)
        self.body.addWidget(self.table)
        self.body.addLayout(row)
        self.single_person = SinglePersonPart()
        self.body.addWidget(self.single_person)
        self.show_operators(rows)

    def _table(self) -> QTableWidget:
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
        table.itemActivated.connect(lambda item: self._open(item.row()))
        table.currentItemChanged.connect(lambda _now, _before: self._show_acts())
        return table

    def show_operators(self, rows: Sequence[OperatorRow]) -> None:
        """List the operators."""
        self.table.setRowCount(len(rows))
        for number, (identity, login, name, role, active, last) in enumerate(rows):
            state = _("active") if active else _("ended")
            seen = last.astimezone().strftime("%Y-%m-%d %H:%M") if last else "–"
            for column, text in enumerate((login, name, role, state, seen)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, identity)
                item.setData(_ENDED, not active)
                self.table.setItem(number, column, item)
        if rows and self.table.currentRow() < 0:
            self.table.setCurrentCell(0, 0)
        self._show_acts()

    def _show_acts(self) -> None:
        """Show what can be done with the selected operator."""
        is_ended = self._is_ended(self.table.currentRow())
        hidden = self._acts_of_active if is_ended else [self.reactivate_button]
        had_focus = self.window().focusWidget() in hidden
        for made in self._acts_of_active:
            made.setVisible(not is_ended)
        self.reactivate_button.setVisible(is_ended)
        if had_focus:
            self.table.setFocus()

    def _open(self, row: int) -> None:
        requested = self.reactivate_requested if self._is_ended(row) else self.change_requested
        requested.emit(self._id_of(row))

    def _is_ended(self, row: int) -> bool:
        item = self.table.item(row, 0)
        return bool(item.data(_ENDED)) if item else False

    def _id_of(self, row: int) -> int:
        item = self.table.item(row, 0)
        return item.data(Qt.ItemDataRole.UserRole) if item else 0

    def _of_selected(self, signal: SignalInstance) -> None:
        if self.table.currentRow() >= 0:
            signal.emit(self._id_of(self.table.currentRow()))


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
