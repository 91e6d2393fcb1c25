"""The page of suspected duplicates, and the dialog that compares two organisations before they are merged."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Book, Line, plain_text
from fuyuan_desk.organisations.facts import Pair, PairState, Side
from fuyuan_desk.organisations.rules import MERGED_PARTS, differing
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


def pair_chip(state: PairState) -> Chip:
    """Return what is known of two names as a chip."""
    if state is PairState.SUSPECTED:
        return Chip(_("Perhaps the same"), "warn", "info")
    return Chip(_("Merged") if state is PairState.MERGED else _("Not the same"), "neutral")


def _columns() -> list[Column]:
    return [
        Column("state", _("State"), lambda _pair: "", 136, chip=lambda pair: pair_chip(pair.state)),
        Column("first", _("Organisation"), lambda pair: pair.first, 320),
        Column("second", _("And"), lambda pair: pair.second, 320),
    ]


class DuplicatesView(QWidget):
    """Lists pairs of organisations; what can be done with the chosen one stands above.

    `merge_requested`, `apart_requested`, `again_requested` and `split_requested` carry the pair.
    """

    merge_requested = Signal(object)
    apart_requested = Signal(object)
    again_requested = Signal(object)
    split_requested = Signal(object)
    back_requested = Signal()

    def __init__(self, fetch: Fetch) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._may_write = False
        self.banner = Banner()
        self.back = button(_("&Back to organisations"), self.back_requested.emit, picture="back")
        self.acts = {
            "merge": self._act(_("Compare and &merge …"), self.merge_requested, "primary"),
            "apart": self._act(_("&Not the same"), self.apart_requested),
            "again": self._act(_("&Ask again"), self.again_requested),
            "split": self._act(_("&Split off again"), self.split_requested),
        }
        empty = EmptyState(
            "people", _("No two names are alike"), _("Names that may be one organisation are listed here.")
        )
        self.table = TablePage(
            "organisation-pairs", _columns(), fetch, name=_("Possible duplicates"), empty=empty,
            exportable=False,
        )  # fmt: skip
        self.table.filter.hide()
        self.table.selected.connect(self._on_selected)
        self.table.opened.connect(self._on_opened)
        self.table.model.loaded.connect(self._choose_first)
        about = _("Only a clerk knows whether two names are one organisation. Nothing is merged by itself.")
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
    """Shows two organisations side by side; asks which value stays where they differ."""

    def __init__(self, parent: QWidget, book: Book, first: Side, second: Side) -> None:
        self._differing = differing(first.fields, second.fields)
        value = _reader(book)
        fields = [
            Field(
                name, book.part(name).name_shown, "choice", required=True, span=2,
                choices=[(_FIRST, value(name, first)), (_SECOND, value(name, second))],
            )
            for name in self._differing
        ]  # fmt: skip
        title = _("Merge “{other}” into “{kept}”").format(other=second.fields.name, kept=first.fields.name)
        hint = _(
            "Everything that refers to the right one then refers to the left one. It can be split off again. "
            "Choose which value stays; remarks are joined."
        )
        form = Form(fields)
        super().__init__(parent, title, form, _("&Merge"), hint)
        self.content.insertWidget(1, _side_by_side(book, first, second, value))
        form.set_values(dict.fromkeys(self._differing, _FIRST) | _only_filled(first, second, self._differing))

    def taken(self) -> list[str]:
        """Return the parts of which the value of the second one stays."""
        return [name for name in self._differing if self.form.editor(name).value() == _SECOND]


def _only_filled(first: Side, second: Side, names: list[str]) -> dict[str, str]:
    """Return the choices that are plain: where the first has no value, that of the second one."""
    return {
        name: _SECOND for name in names if not getattr(first.fields, name) and getattr(second.fields, name)
    }


def _reader(book: Book) -> Callable[[str, Side], str]:
    def value(name: str, side: Side) -> str:
        return plain_text(book.part(name), Line(side.id, side.version, side.fields)) or _("Not recorded")

    return value


def _side_by_side(book: Book, first: Side, second: Side, value: Callable[[str, Side], str]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    parts = (*MERGED_PARTS, "ended_on", "remarks")
    rows = [(book.part(name).name_shown, value(name, first), value(name, second)) for name in parts]
    nothing = _("Nothing")
    rows.append((_("Referred to by"), first.uses or nothing, second.uses or nothing))
    for column, title in ((1, _("Stays")), (2, _("Is merged into it"))):
        grid.addWidget(label(title, "hint"), 0, column)
    for number, (name, of_first, of_second) in enumerate(rows, 1):
        grid.addWidget(label(name, "hint"), number, 0)
        grid.addWidget(label(of_first, wrap=True, selectable=True), number, 1)
        grid.addWidget(label(of_second, wrap=True, selectable=True), number, 2)
    for column in (1, 2):
        grid.setColumnStretch(column, 1)
    return made
