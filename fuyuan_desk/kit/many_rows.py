"""Change one part of several chosen rows of a book's list: ask, follow the progress, show the result."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.book import Book, BookQuery, Known, Line
from fuyuan_desk.kit.book_view import BookView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.many_dialog import ManyDialog
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.widgets.work import UiProgress

Find = Callable[[Seat, BookQuery, int, int], Page[Line[Any]]]
ChangeMany = Callable[[Seat, Sequence[Known], Mapping[str, Any], Progress], int]


class ManyRows(QObject):
    """Changes the chosen rows of a book's page; `changed` is emitted once they were."""

    changed = Signal()

    def __init__(self, desk: Desk, book: Book, view: BookView) -> None:
        super().__init__()
        self._desk = desk
        self._book = book
        self._view = view

    def ask(
        self,
        find: Find,
        query: BookQuery,
        change_many: ChangeMany,
        options: Mapping[str, Sequence[tuple[Any, str]]],
    ) -> None:
        """Read the chosen rows, which need not be in memory, and ask what to change in them."""
        ranges = self._view.table.chosen_ranges()
        shown = {row.id for row in self._view.table.chosen_rows()}

        def read(seat: Seat) -> list[Known]:
            pages = [find(seat, query, first, count) for first, count in ranges]
            return [line.known for page in pages for line in page.rows]

        def done(records: list[Known]) -> None:
            if records and shown <= {known.id for known in records}:
                self._open(records, change_many, options)
            else:  # somebody added or removed a record: other rows stand there now
                self._view.table.clear_selection()
                self._view.banner.say("warn", _("The list has changed meanwhile. Choose the rows again."))

        self._desk.run(read, done=done, failed=self._view.banner.refuse, owner=self._view)

    def _open(
        self,
        records: Sequence[Known],
        change_many: ChangeMany,
        options: Mapping[str, Sequence[tuple[Any, str]]],
    ) -> None:
        dialog = ManyDialog(self._view, self._book, len(records), options)
        dialog.chosen.connect(lambda changes: self._change(dialog, change_many, records, changes))
        dialog.open()

    def _change(
        self,
        dialog: ManyDialog,
        change_many: ChangeMany,
        records: Sequence[Known],
        changes: Mapping[str, Any],
    ) -> None:
        progress = UiProgress()
        dialog.hide()  # the desk stays usable meanwhile

        def done(count: int) -> None:
            self._end(dialog)
            self.changed.emit()
            text = numbered(count, N_("{n} record was changed."), N_("{n} records were changed."))
            self._desk.notify(text if count else _("No record was changed."))

        def cancelled() -> None:
            self._end(dialog)
            self._view.banner.say("info", _("Cancelled. None of the records was changed."))

        def failed(refusal: UserError) -> None:
            self._view.end_changing()
            dialog.open()
            dialog.refuse(refusal)

        job = self._desk.run(
            change_many, records, changes, progress,
            done=done, failed=failed, cancelled=cancelled, progress=progress, owner=self._view,
        )  # fmt: skip
        title = numbered(len(records), N_("Changing {n} record"), N_("Changing {n} records"))
        self._view.follow_changing(title, progress, job.cancel)

    def _end(self, dialog: ManyDialog) -> None:
        self._view.end_changing()
        dialog.done_saving()
