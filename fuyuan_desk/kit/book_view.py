"""The widgets of a book's page: header, list with filters, and at the right the form of the chosen record.

The form is created when a record is first opened.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Fetch
from fuyuan_desk.widgets.work import UiProgress

_RATIO = 0.6


class BookView(QWidget):
    """Shows the list of a book and the form of the chosen record.

    `chosen` carries the row, None for none or several; `shown` is emitted when the page becomes visible.
    """

    chosen = Signal(object)
    new_requested = Signal()
    change_many_requested = Signal()
    print_requested = Signal()
    shown = Signal()

    def __init__(
        self,
        book: Book,
        fetch: Fetch,
        today: Callable[[], date],
        settings: Settings | None,
        *,
        in_estate: bool,
    ) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._book = book
        self._in_estate = in_estate
        self._acts: list[QWidget] = []
        self._was_shown = False
        self._offered: dict[str, Sequence[tuple[int, str]]] = {}
        self._may_write = self._may_remove = self._may_change_many = self._may_see_history = False
        without = book.estate if in_estate else ""
        key = f"{book.kind.name}-of-estate" if in_estate else book.kind.name
        words = book.words
        self.banner = Banner()
        self.progress = ProgressPanel()
        self._is_changing = False
        self.table = TablePage(
            key, list_view.columns_of(book, today(), without), fetch, name=book.title,
            empty=EmptyState(book.kind.icon, words.nothing, words.nothing_hint, words.add),
            settings=settings, filter_hint=words.find, facets=list_view.facets_of(book, without), today=today,
            many=any(part.for_many for part in book.fields),
        )  # fmt: skip
        self.new_button = button(
            words.add,
            self.new_requested.emit,
            role="" if in_estate else "primary",
            picture="add",
            shortcut="Ctrl+N",
        )
        self._many_button = button(_("&Change them …"), self.change_many_requested.emit)
        self._many_button.hide()
        self.table.add_tool(self._many_button)
        self.print_button = button(_("Print the &list"), self.print_requested.emit, picture="print")
        self._left_out = label(
            _("The list, as it is filtered, does not show this record."), "doubt", wrap=True
        )
        self._left_out.hide()
        self.history_button = button(_("Histor&y"), role="link")
        self.remove_button = button(_("&Remove …"), role="danger")
        self._pane_place = Pages()
        self._pane = OnUse(lambda: self._make_pane(without))
        self._aside = EmptyState(book.kind.icon, words.choose_title, words.choose)
        self._aside.acted.connect(self.change_many_requested)
        self.split = ListDetail(self.table, self._pane_place, self._aside, settings, key, _RATIO)
        self._lay_out(in_estate)
        self._show_chosen(0)
        self.table.selected.connect(self.chosen)
        self.table.chosen_many.connect(self._show_chosen)
        self.table.opened.connect(self._enter)
        self.table.first_step.connect(self.new_requested)

    def _lay_out(self, in_estate: bool) -> None:
        column = page_column(self)
        if in_estate:
            column.setContentsMargins(0, 0, 0, 0)
            for tool in (self.print_button, self.new_button):
                self.table.add_tool(tool)
        else:
            header = PageHeader(self._book.title, self._book.about, [self.print_button, self.new_button])
            column.addWidget(header)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.split, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
        if not self._was_shown and not self._in_estate:
            self._was_shown = True
            QTimer.singleShot(0, self.table.filter.setFocus)  # after the stack has focused its first widget

    # --- the form

    def _make_pane(self, without: str) -> FormPane:
        made = FormPane(list_view.fields_of(self._book, without))
        made.note.addWidget(self._left_out)
        for tool in (*reversed(self._acts), self.history_button, self.remove_button):
            made.extra.addWidget(tool)
        made.set_writable(self._may_write)
        for name, choices in self._offered.items():
            _set_choices(made, name, choices)
        self._pane_place.show_screen(made)
        return made

    @property
    def pane(self) -> FormPane:
        """The form of the chosen record."""
        return self._pane()

    @property
    def is_dirty(self) -> bool:
        """Whether the form has unsaved input."""
        return self._pane.made is not None and self._pane.made.form.is_dirty

    def leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` once no unsaved input is lost, or `stay` if the form stays open."""
        if self._pane.made is None:
            then()
        else:
            self._pane.made.leave(then, stay)

    def add_act(self, act: QWidget) -> None:
        """Add a button of the job beside the form of a record, before one is shown; a new record has none."""
        self._acts.append(act)

    def open_form(self, title: str, values: Mapping[str, Any], *, is_new: bool) -> None:
        """Show the form of a record, or an empty one for a new record."""
        self.banner.clear()
        self.pane.open(title, values)
        self.pane.set_writable(self._may_write)
        for act in self._acts:
            act.setHidden(is_new)
        self.history_button.setHidden(is_new or not self._may_see_history)
        self.remove_button.setHidden(is_new or not self._may_remove)
        self.split.show_detail()
        if is_new:
            self.pane.form.focus_first()

    def show_doubts(self, doubts: Mapping[str, str]) -> None:
        """Show warnings beside the fields they are about, and none beside all others."""
        for part in self._book.fields:
            if part.in_form and self.pane.form.has(part.name):
                self.pane.form.show_doubt(part.name, doubts.get(part.name, ""))

    def show_left_out(self, on: bool) -> None:
        """Say beside the form that the list does not hold its record, or that no more."""
        self._left_out.setVisible(on)

    def close_form(self) -> None:
        """Show the placeholder instead of the form."""
        self.split.show_detail(False)

    def focus_list(self) -> None:
        """Focus the list if the page is in sight."""
        if self.isVisible():
            self.table.table.setFocus()

    def chosen_reference(self, name: str) -> int | None:
        """Return what a reference of the form points to now."""
        form = None if self._pane.made is None else self._pane.made.form
        value = form.editor(name).value() if form is not None and form.is_made and form.has(name) else None
        return value if isinstance(value, int) else None

    def set_choices(self, name: str, choices: Sequence[tuple[int, str]]) -> None:
        """Set the records that a reference can point to, in the form."""
        if not self._book.part(name).within:
            self.offer(name, choices)

    def offer(self, name: str, choices: Sequence[tuple[int, str]]) -> None:
        """Set the choices of a reference in the form."""
        if self._offered.get(name) == choices:
            return
        self._offered[name] = choices  # before the form reports the change, upon which this is called again
        if self._pane.made is not None:
            _set_choices(self._pane.made, name, choices)

    # --- rights

    def allow(
        self, *, write: bool, remove: bool, many: bool, export: bool, paper: bool, history: bool
    ) -> None:
        """Show only what the operator may do."""
        self._may_write, self._may_remove = write, remove
        self._may_change_many, self._may_see_history = many, history
        self.new_button.setVisible(write)
        self.print_button.setVisible(paper)
        self.table.offer(export=export, first_step=write)
        if self._pane.made is not None:
            self._pane.made.set_writable(write)

    def _show_chosen(self, count: int) -> None:
        words = self._book.words
        # where there is no room for the pane beside the list, which offers the same
        self._many_button.setVisible(count > 1 and self._may_change_many and self.split.is_single)
        if count > 1:
            may_change = self._may_change_many and not self._is_changing
            action = _("&Change them …") if may_change else ""
            self._aside.set_texts(_("{n} chosen").format(n=f"{count:,}"), _("Esc chooses none."), action)
            if not self.is_dirty:  # unsaved input stays in sight
                self.close_form()
        else:
            self._aside.set_texts(words.choose_title, words.choose)

    # --- several records at once

    def follow_changing(self, title: str, progress: UiProgress, cancel: Callable[[], object]) -> None:
        """Show the progress of a change of several records; no other one can be begun meanwhile."""
        self._set_changing(True)
        self.progress.follow(title, progress, cancel)

    def end_changing(self) -> None:
        """Hide the progress of a change that has ended."""
        self._set_changing(False)
        self.progress.finish()

    def _set_changing(self, on: bool) -> None:
        self._is_changing = on
        self._show_chosen(sum(count for _first, count in self.table.chosen_ranges()))

    def _enter(self, line: Any) -> None:
        self.chosen.emit(line)
        self.pane.form.focus_first()


def _set_choices(pane: FormPane, name: str, choices: Sequence[tuple[int, str]]) -> None:
    if pane.form.has(name):  # a tab of an estate has no field for the estate
        pane.form.set_choices(name, choices)
