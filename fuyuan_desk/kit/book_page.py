"""The page of a book: the list with the form of the chosen record beside it; also as a tab of an estate."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book, BookQuery, Found, Known, Line, Option, Part
from fuyuan_desk.kit.book_list import BookList, ListUses
from fuyuan_desk.kit.book_view import BookView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.history_view import HistoryDialog
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.many_rows import ManyRows
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.pick import PickEditor
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Query

F = TypeVar("F")


@dataclass(frozen=True)
class Uses(Generic[F]):
    """The services of a book; those that are None are not offered.

    Each is offered to the roles that its service permits. `options`: by reference, the records to choose from.
    `finders`: by part of the kind `search`, what finds its records. `tables`: those that change what the list shows,
    besides the book's own.
    """

    find: Callable[[Seat, BookQuery, int, int], Page[Line[F]]]
    read: Callable[[Seat, int], Line[F]]
    save: Callable[[Seat, F, Known | None, Collection[str]], Saved]
    remove: Callable[[Seat, int], str] | None = None
    change_many: Callable[[Seat, Sequence[Known], Mapping[str, Any], Progress], int] | None = None
    reveal: Callable[[Seat, int, str], Any] | None = None
    history: Callable[[Seat, int], tuple[RecordEvent, ...]] | None = None
    export: Callable[[Seat, ExportOrder, BookQuery], Export[Line[F]]] | None = None
    paper: Callable[[Seat, BookQuery], ListPaper] | None = None
    options: Mapping[str, Callable[[Seat], tuple[Option, ...]]] = field(default_factory=dict)
    finders: Mapping[str, Callable[[Seat, str], tuple[Found, ...]]] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()


class BookPage(QObject, Generic[F]):
    """Runs the services of a book for its view.

    As a tab of an estate (`in_estate`) it lists the records of one estate and shows no column and field for it. The
    form of a new record shows the choices that `fields` has by default, and what `defaults()` returns by part. `tools`
    stand before the header's buttons.
    """

    record_shown = Signal(int)

    def __init__(
        self,
        desk: Desk,
        book: Book,
        fields: type[F],
        uses: Uses[F],
        settings: Settings | None = None,
        *,
        in_estate: bool = False,
        tools: Sequence[QWidget] = (),
        defaults: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._book = book
        self._fields = fields
        self._defaults = defaults
        self._uses = uses
        self._in_estate = in_estate
        self._estate_id = 0
        self._line: Line[F] | None = None
        self._is_new = False
        self._shown_with = Query()
        self._options: dict[str, tuple[Option, ...]] = {}
        self.dialogs: dict[str, Callable[[str], object]] = {}
        """What opens the dialogs that a book adds, by how the keys of their drafts begin; called with the key."""
        self._list = BookList(
            desk, book,
            ListUses(uses.find, uses.export, uses.options, uses.tables, paper=uses.paper), self._within,
        )  # fmt: skip
        self.view = BookView(
            book, self._list.fetch, desk.seat.today, settings, in_estate=in_estate, tools=tools
        )
        self.page = self.view
        self._many = ManyRows(desk, book, self.view)
        self._drafts = OnUse(self._connect_pane)
        self._connect()
        self._allow()
        self._list.read_options()
        if not in_estate:
            self.view.table.load()

    def _connect(self) -> None:
        view = self.view
        view.chosen.connect(self._on_chosen)
        view.new_requested.connect(self.new_record)
        view.change_many_requested.connect(self._ask_many)
        self._many.changed.connect(self._end_many)
        view.print_requested.connect(self._list.print_list)
        self._list.attach(view)
        self._list.options_read.connect(self._take)
        self._list.refreshed.connect(self._read_again)
        view.history_button.clicked.connect(self._show_history)
        view.remove_button.clicked.connect(self._ask_remove)
        self._desk.changes.connect(self._allow)
        # the form in a turn of its own, once the list is shown: neither page nor first record waits for the other
        once = Qt.ConnectionType.SingleShotConnection
        view.table.model.loaded.connect(lambda: QTimer.singleShot(0, self._prepare_pane), once)

    def _prepare_pane(self) -> None:
        self._drafts()

    def _connect_pane(self) -> DraftSaver:
        pane = self.view.pane
        pane.submitted.connect(self._save)
        pane.left.connect(self._close)
        pane.form.reveal_requested.connect(self._reveal)
        pane.form.changed.connect(self._offer_options)
        if self._book.doubts is not None:
            pane.form.changed.connect(self._show_doubts)
        for name, find in self._uses.finders.items():
            pane.form.prepare(name, partial(self._connect_finder, name, find))
        return keep_drafts(self._desk, pane.form, f"{self._kind}:0")

    def _connect_finder(
        self, name: str, find: Callable[[Seat, str], tuple[Found, ...]], editor: PickEditor
    ) -> None:
        """Answer what is typed into a field that finds a record."""
        heading = self._book.part(name).name_shown

        def ask(text: str) -> None:
            self._desk.run(
                find, text,
                done=lambda found: editor.show_found(text, found, heading), failed=self._refuse, owner=editor,
            )  # fmt: skip

        editor.asked.connect(ask)

    @property
    def _kind(self) -> str:
        return self._book.kind.name

    @property
    def preview(self) -> PreviewDialog | None:
        """The preview of the printed list, once it was opened."""
        return self._list.preview

    # --- for the shell and other jobs

    def show_estate(self, estate_id: int) -> None:
        """List the records of an estate."""
        if estate_id == self._estate_id:
            self.view.table.refresh()
        else:
            self.leave(lambda: self._show_estate(estate_id))

    def _show_estate(self, estate_id: int) -> None:
        self._estate_id = estate_id
        self._close()
        self.view.table.clear_filters()

    def open_record(self, record_id: int) -> None:
        """Show a record, whatever the list is filtered by."""
        self._desk.run(self._uses.read, record_id, done=self._leave_for, failed=self._refuse, owner=self.view)

    def show_of(self, part: str, record_id: int) -> None:
        """List the records whose reference `part` points to a record; nothing else is filtered."""
        self.leave(lambda: self._list.show_of(part, record_id))

    def show_words(self, text: str) -> None:
        """List the records that are found by a text; nothing else is filtered."""
        self.leave(lambda: self.view.table.show_filter({"text": text}))

    def new_record(self, estate_id: int = 0, values: Mapping[str, Any] | None = None) -> None:
        """Open the form of a new record, in an estate and with values by part if given."""
        if self._may(self._uses.save):
            chosen = self.view.table.facets.values().get(self._book.estate, 0)
            estate_id = estate_id or self._estate_id or chosen
            self.view.leave(lambda: self._open_new(estate_id, values or {}), self._show_row)

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The record in the form as kind and id."""
        return None if self._line is None else (self._kind, self._line.id)

    @property
    def record_name(self) -> str:
        """The name of the record in the form, '' for none."""
        return "" if self._line is None else self._book.name(self._line.fields)

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`, or a dialog of the book's own."""
        form, _colon, rest = key.partition(":")
        which, _colon, estate = rest.partition(":")
        if form in self.dialogs:
            self.dialogs[form](key)
        elif which == "new":
            self.new_record(int(estate or 0))
        else:
            self.open_record(int(which))

    def show_list(self) -> None:
        """Close the form, asking first if there is unsaved input."""
        self.leave(self._close)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no unsaved input is lost."""
        self.view.leave(then, self._show_row)

    # --- the list

    def _within(self) -> dict[str, int] | None:
        if not self._in_estate:
            return {}
        return {self._book.estate: self._estate_id} if self._estate_id else None

    def _on_chosen(self, line: Line[F] | None) -> None:
        if line is not None:
            if self._line is None or line.id != self._line.id:
                self._leave_for(line)
        elif self._is_new or self._is_still_listed() or self.view.is_dirty:
            self._check_listed()
        else:
            self._forget()

    def _is_still_listed(self) -> bool:
        """Return whether the record in the form may stay there after the list was fetched anew: it is in it."""
        line, table = self._line, self.view.table
        if line is None or table.chosen_ranges():
            return False
        # a record may be beyond the rows in memory of the same list
        return table.select_where(lambda row: row.id == line.id) or self._filters() == self._shown_with

    def _filters(self) -> Query:
        return replace(self.view.table.model.query, sort="", descending=False)

    def _check_listed(self, *, rows_are_new: bool = True) -> None:
        """Say beside the form whether the list, as it is filtered, leaves its record out."""
        line, query = self._line, self._list.query()
        if line is None or self._within() is None:
            self.view.show_left_out(False)
            return

        def done(page: Page[Line[F]]) -> None:
            if self._line is not None and self._line.id == line.id and query == self._list.query():
                self.view.show_left_out(page.total == 0)

        if rows_are_new and self.view.table.model.find(lambda row: row.id == line.id) >= 0:
            self.view.show_left_out(False)
        else:
            only_it = replace(query, facets={**query.facets, "id": line.id})
            self._desk.run(self._uses.find, only_it, 0, 1, done=done, failed=self._refuse, owner=self.view)

    def _take(self, name: str, options: tuple[Option, ...]) -> None:
        self._options[name] = options
        self.view.set_choices(name, [(option.id, option.text) for option in options])
        self._offer_options()

    def _offer_options(self) -> None:
        """Offer in the form what belongs to what is chosen there, such as the buildings of the estate."""
        self._offer_within(
            {part.within: self.view.chosen_reference(part.within) for part in self._dependent()}
        )

    def _offer_within(self, chosen: Mapping[str, Any]) -> None:
        for part in self._dependent():
            whole = (
                self._estate_id
                if self._in_estate and part.within == self._book.estate
                else chosen[part.within]
            )
            fitting = [(o.id, o.text) for o in self._options.get(part.name, ()) if o.within == whole]
            self.view.offer(part.name, fitting)

    def _dependent(self) -> list[Part]:
        return [part for part in self._book.fields if part.within]

    # --- the form

    def _leave_for(self, line: Line[F]) -> None:
        if self._line is not None and self._line.id == line.id and self.view.is_dirty:
            self._show_row()  # it is open with unsaved input, such as that of a lock: nothing is left
            return
        self.view.leave(lambda: self._open(line), self._show_row)

    def _open(self, line: Line[F]) -> None:
        is_other = self._line is None or self._line.id != line.id
        self._line = line
        self._is_new = False
        self._shown_with = self._filters()
        self._drafts().set_key(f"{self._kind}:{line.id}", line.version)
        self._offer_within({part.within: getattr(line.fields, part.within) for part in self._dependent()})
        self.view.open_form(
            self._book.name(line.fields), list_view.form_values(self._book, line), is_new=False
        )
        if self._book.doubts is not None:
            self._show_doubts()
        self.view.table.select_where(lambda row: row.id == line.id)
        self._check_listed()
        # a draft whose question waits may have been asked for meanwhile
        if (is_other or self._drafts().form.is_asking) and self._may(self._uses.save):
            self._drafts().offer()
        self.record_shown.emit(line.id)

    def _open_new(self, estate_id: int, given: Mapping[str, Any]) -> None:
        self._line = None
        self._is_new = True  # the list that is fetched meanwhile chooses no row and must not close the form
        self.view.show_left_out(False)
        self.view.table.clear_selection()
        self._drafts().set_key(f"{self._kind}:new" + (f":{estate_id}" if estate_id else ""))
        empty, parts = self._fields(), self._book.fields
        chosen = {
            part.name: value
            for part in parts
            if part.kind == "choice" and part.in_form and (value := getattr(empty, part.name))
        }
        own = {self._book.estate: estate_id} if estate_id else {}
        values = {**chosen, **self._defaults(), **own, **given}
        self.view.open_form(self._book.words.new, values, is_new=True)
        self._drafts().offer()

    def _show_doubts(self) -> None:
        """Show below the fields what looks wrong in what is typed; what cannot be read yet counts as empty."""
        assert self._book.doubts is not None
        form = self.view.pane.form
        typed = form.readable_values()
        fields = replace(
            self._fields(), **{name: value for name, value in typed.items() if value is not None}
        )  # type: ignore[type-var]
        found = self._book.doubts(fields, self._line)
        for name in typed:
            form.show_doubt(name, found.get(name, ""))

    def _show_row(self) -> None:
        """Choose the row of the record in the form again: the operator goes on with it."""
        line = self._line
        if line is None or not self.view.table.select_where(lambda row: row.id == line.id):
            self.view.table.clear_selection()

    def _forget(self) -> None:
        self._line = None
        self._is_new = False
        self.view.close_form()

    def _close(self) -> None:
        self._forget()  # first: the record in the form would be chosen again
        self.view.table.clear_selection()
        self.view.focus_list()

    def _save(self, values: dict[str, Any]) -> None:
        kept = {part.name for part in self._book.fields if part.in_form and part.name not in values}
        if self._in_estate:
            kept.discard(self._book.estate)
            own = getattr(self._line.fields, self._book.estate) if self._line is not None else self._estate_id
            values = {**values, self._book.estate: own}
        # what is not known stays as the dataclass says: '' for a code, None for a number
        fields = replace(
            self._fields(), **{name: value for name, value in values.items() if value is not None}
        )  # type: ignore[type-var]
        line = self._line
        # a restored draft was typed on an earlier version, which must not overwrite a later one
        known = None if line is None else Known(line.id, int(self._drafts().version or line.version))

        def done(saved: Saved) -> None:
            is_leaving = self.view.pane.saved()
            self._desk.notify("; ".join((_("Saved."), *saved.doubts)))
            if not is_leaving:
                self.open_record(saved.id)

        self._desk.run(
            self._uses.save, fields, known, frozenset(kept) if known is not None else frozenset(),
            done=done, failed=self.view.pane.refuse, owner=self.view,
        )  # fmt: skip

    def _reveal(self, name: str) -> None:
        line = self._line
        if self._uses.reveal is None or line is None:
            return

        def done(value: Any) -> None:
            if self._line is not None and self._line.id == line.id:
                self.view.pane.form.reveal(name, value)

        self._desk.run(
            self._uses.reveal, line.id, name, done=done, failed=self.view.pane.banner.refuse, owner=self.view
        )

    # --- acts on a record

    def _show_history(self) -> None:
        line = self._line
        if self._uses.history is None or line is None:
            return
        title = _("History: {name}").format(name=self._book.name(line.fields))
        self._desk.run(
            self._uses.history, line.id,
            done=lambda events: HistoryDialog(self.view, title, events).open(),
            failed=self.view.pane.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_remove(self) -> None:
        line = self._line
        if line is None:
            return
        confirm(
            self.view,
            _("Remove {name}?").format(name=self._book.name(line.fields)),
            self._book.words.remove_hint,
            _("&Remove"),
            lambda: self._remove(line.id),
            dangerous=True,
        )

    def _remove(self, record_id: int) -> None:
        assert self._uses.remove is not None

        def done(name: str) -> None:
            self.view.pane.form.set_values({})
            self._close()
            self._desk.notify(_("{name} was removed.").format(name=name))

        self._desk.run(
            self._uses.remove, record_id, done=done, failed=self.view.pane.banner.refuse, owner=self.view
        )

    def _ask_many(self) -> None:
        assert self._uses.change_many is not None
        options = {name: [(o.id, o.text) for o in found] for name, found in self._options.items()}
        self._many.ask(self._uses.find, self._list.query(), self._uses.change_many, options)

    def _end_many(self) -> None:
        if not self.view.split.is_detail_shown:  # unless a record was opened meanwhile
            self._close()

    # --- changes

    def _read_again(self) -> None:
        self._check_listed(rows_are_new=False)  # they are being fetched
        if self._line is not None and not self.view.is_dirty:
            self._desk.run(
                self._uses.read, self._line.id, done=self._show_again, failed=lambda _gone: self._close(),
                owner=self.view,
            )  # fmt: skip

    def _show_again(self, line: Line[F]) -> None:
        is_same = self._line is not None and self._line.id == line.id
        if is_same and self._line != line and not self.view.is_dirty:
            self._open(line)

    def _allow(self) -> None:
        uses = self._uses
        self.view.allow(
            write=self._may(uses.save),
            remove=self._may(uses.remove),
            many=self._may(uses.change_many),
            export=self._may(uses.export),
            paper=self._may(uses.paper),
            history=self._may(uses.history),
        )

    def _may(self, use: Callable[..., Any] | None) -> bool:
        return use is not None and self._desk.may(use)

    def _refuse(self, refusal: UserError) -> None:
        self.view.banner.refuse(refusal)
