"""The page of suspected duplicates, and the dialog that compares two records before they are merged."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.merging.facts import Choice, Comparison, Pair, PairState
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch

_FIRST, _SECOND = "first", "second"
_PART, _ASKED = "part:", "asked:"


def pair_chip(state: PairState) -> Chip:
    """Return what is known of two records as a chip."""
    if state is PairState.SUSPECTED:
        return Chip(_("Perhaps the same"), "warn", "info")
    return Chip(_("Merged") if state is PairState.MERGED else _("Not the same"), "neutral")


class DuplicatesView(QWidget):
    """Lists pairs of records; what can be done with the chosen one stands above.

    `key` names the list's settings, `columns` are those of the two names, `back` is the text of the way back.
    `merge_requested`, `apart_requested`, `again_requested` and `split_requested` carry the pair.
    """

    merge_requested = Signal(object)
    apart_requested = Signal(object)
    again_requested = Signal(object)
    split_requested = Signal(object)
    back_requested = Signal()

    def __init__(
        self, key: str, columns: list[Column], fetch: Fetch, back: str, about: str, empty: EmptyState
    ) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._may_write = False
        self.banner = Banner()
        self.back = button(back, self.back_requested.emit, picture="back")
        self.acts = {
            "merge": self._act(_("Compare and &merge …"), self.merge_requested, "primary"),
            "apart": self._act(_("&Not the same"), self.apart_requested),
            "again": self._act(_("&Ask again"), self.again_requested),
            "split": self._act(_("&Split off again"), self.split_requested),
        }
        state = Column("state", _("State"), lambda _pair: "", 136, chip=lambda pair: pair_chip(pair.state))
        self.table = TablePage(
            key, [state, *columns], fetch, name=_("Possible duplicates"), empty=empty, exportable=False
        )
        self.table.filter.hide()
        self.table.selected.connect(self._on_selected)
        self.table.opened.connect(self._on_opened)
        self.table.model.loaded.connect(self._choose_first)
        column = page_column(self)
        column.addWidget(PageHeader(_("Possible duplicates"), about, [self.back, *self.acts.values()]))
        column.addWidget(self.banner)
        column.addWidget(self.table, 1)
        self._on_selected(None)

    def _act(self, text: str, signal: Any, role: str = "") -> QWidget:
        return button(text, lambda: self._emit(signal), role=role)

    def _emit(self, signal: Any) -> None:
        pair = self.table.current_row()
        if pair is not None:
            signal.emit(pair)

    def set_writable(self, on: bool) -> None:
        """Show or hide what changes something."""
        self._may_write = on
        self._on_selected(self.table.current_row())

    def _on_selected(self, pair: Pair | None) -> None:
        state = pair.state if pair is not None and self._may_write else None
        shown = {
            "merge": state is PairState.SUSPECTED,
            "apart": state is PairState.SUSPECTED,
            "again": state is PairState.APART,
            "split": state is PairState.MERGED,
        }
        for name, act in self.acts.items():
            act.setVisible(shown[name])

    def _choose_first(self) -> None:
        if self.table.current_row() is None:
            self.table.select_where(lambda _pair: True)

    def _on_opened(self, pair: Pair) -> None:
        if self._may_write and pair.state is PairState.SUSPECTED:
            self.merge_requested.emit(pair)


class MergeDialog(FormDialog):
    """Shows two records side by side; asks which value stays where they differ, and what else must be known."""

    def __init__(self, parent: QWidget, found: Comparison) -> None:
        self._found = found
        fields = [
            *(
                Field(_ASKED + one.name, one.label, "choice", required=True, span=2, choices=one.answers)
                for one in found.questions
            ),
            *(
                Field(
                    _PART + one.name, one.label, "choice", required=True, span=2,
                    choices=[(_FIRST, one.first), (_SECOND, one.second)],
                )
                for one in found.choices
            ),
        ]  # fmt: skip
        title = _("Merge “{other}” into “{kept}”").format(other=found.second, kept=found.first)
        form = Form(fields)
        super().__init__(parent, title, form, _("&Merge"), found.hint)
        self.content.insertWidget(1, _side_by_side(found))
        form.set_values(
            {_ASKED + one.name: one.usual for one in found.questions}
            | {_PART + one.name: _SECOND if one.takes_second else _FIRST for one in found.choices}
        )
        form.changed.connect(self._show_asked)
        self._show_asked()

    def _show_asked(self) -> None:
        for one in self._found.choices:
            self.form.show_field(_PART + one.name, self._is_asked(one))

    def _is_asked(self, choice: Choice) -> bool:
        return choice.only_if is None or self.answers().get(choice.only_if[0]) == choice.only_if[1]

    def taken(self) -> list[str]:
        """Return the parts of which the value of the second one stays."""
        asked = (one.name for one in self._found.choices if self._is_asked(one))
        return [name for name in asked if self.form.editor(_PART + name).value() == _SECOND]

    def answers(self) -> dict[str, str]:
        """Return the answers by the names of their questions."""
        return {one.name: self.form.editor(_ASKED + one.name).value() for one in self._found.questions}


def _side_by_side(found: Comparison) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    for column, title in ((1, _("Stays")), (2, _("Is merged into it"))):
        grid.addWidget(label(title, "hint"), 0, column)
        grid.setColumnStretch(column, 1)
    for number, (name, first, second) in enumerate(found.rows, 1):
        grid.addWidget(label(name, "hint"), number, 0)
        grid.addWidget(label(first, wrap=True, selectable=True), number, 1)
        grid.addWidget(label(second, wrap=True, selectable=True), number, 2)
    return made
