"""What is done with the rooms chosen in a room chart: change one part of all, take it back, print or export them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.book import room_book
from fuyuan_desk.estates.facts.houses import ChangedRooms, ChosenRooms, RoomFields
from fuyuan_desk.estates.service import rooms as service
from fuyuan_desk.estates.view.rooms import RoomsView
from fuyuan_desk.kit.book import Book, Line, text_of
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.list_view import columns_of
from fuyuan_desk.kit.many_dialog import ManyDialog
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.work import UiProgress


class ChosenRoomsController(QObject):
    """Runs the acts with the chosen rooms; `chosen()` returns them with the states that are shown."""

    def __init__(self, desk: Desk, view: RoomsView, chosen: Callable[[], ChosenRooms]) -> None:
        super().__init__()
        self._desk = desk
        self._view = view
        self._chosen = chosen
        self.preview: PreviewDialog | None = None
        view.choice.change_requested.connect(self.ask)
        view.choice.print_requested.connect(self.print_list)
        view.choice.export_requested.connect(self.export)

    def allow(self) -> None:
        """Offer what the operator may do."""
        self._view.choice.set_rights(write=self._desk.can_write, export=self._desk.can_reveal)

    def add_act(
        self, text: str, run: Callable[[tuple[int, ...]], object], picture: str, is_offered: bool
    ) -> None:
        """Offer an act of another job with the ids of the chosen units."""
        self._view.choice.add_act(text, lambda: run(self._chosen().ids), picture, is_offered)

    # --- changing

    def ask(self) -> None:
        """Read the chosen rooms and ask what to change in them."""
        self._desk.run(
            service.read_rooms, self._chosen().ids,
            done=self._open, failed=self._view.banner.refuse, owner=self._view,
        )  # fmt: skip

    def _open(self, lines: Sequence[Line[RoomFields]]) -> None:
        book = room_book()
        title = numbered(len(lines), N_("Change {n} home"), N_("Change {n} homes"))
        dialog = ManyDialog(self._view, book, len(lines), {}, title, _before(book, lines))
        dialog.chosen.connect(lambda changes: self._change(dialog, lines, changes))
        dialog.open()

    def _change(
        self, dialog: ManyDialog, lines: Sequence[Line[RoomFields]], changes: Mapping[str, Any]
    ) -> None:
        progress = UiProgress()
        dialog.hide()  # the desk stays usable meanwhile
        self._view.choice.set_busy(True)

        def done(changed: ChangedRooms) -> None:
            self._end()
            dialog.done_saving()
            count = len(changed.before)
            self._view.banner.say(
                "ok",
                numbered(count, N_("{n} home was changed."), N_("{n} homes were changed.")),
                _("Take bac&k"),
                lambda: self._take_back(changed),
            )

        def cancelled() -> None:
            self._end()
            dialog.done_saving()
            self._view.banner.say("info", _("Cancelled. None of the homes was changed."))

        def failed(refusal: UserError) -> None:
            self._end()
            dialog.open()
            dialog.refuse(refusal)

        job = self._desk.run(
            service.change_rooms, [line.known for line in lines], changes, progress,
            done=done, failed=failed, cancelled=cancelled, progress=progress, owner=self._view,
        )  # fmt: skip
        title = numbered(len(lines), N_("Changing {n} home"), N_("Changing {n} homes"))
        self._view.progress.follow(title, progress, job.cancel)

    def _end(self) -> None:
        self._view.choice.set_busy(False)
        self._view.progress.finish()

    def _take_back(self, changed: ChangedRooms) -> None:
        def done(count: int) -> None:
            text = numbered(
                count, N_("{n} home is as it was before."), N_("{n} homes are as they were before.")
            )
            self._view.banner.say("ok", text)

        self._desk.run(
            service.restore_rooms, changed, done=done, failed=self._view.banner.refuse, owner=self._view
        )

    # --- lists

    def print_list(self) -> None:
        """Preview the list of the chosen rooms."""
        title = _("Chosen homes")

        def draw(paper: ListPaper) -> Printed:
            from fuyuan_desk.kit.list_sheet import list_sheet

            return list_sheet(paper)

        def show(printed: Printed) -> None:
            self.preview = open_preview(self._view, title, printed.pdf, name=title)

        self._desk.run(
            service.rooms_for_print, self._chosen(),
            done=lambda paper: self._desk.run_paper(
                draw, paper, done=show, failed=self._view.banner.refuse, owner=self._view
            ),
            failed=self._view.banner.refuse, owner=self._view,
        )  # fmt: skip

    def export(self) -> None:
        """Export the list of the chosen rooms."""
        chosen = self._chosen()
        columns = columns_of(room_book(chosen.title), self._desk.seat.today())
        export_list(
            self._desk, self._view, _("Chosen homes"), columns, service.rooms_for_export, (chosen,),
            failed=self._view.banner.refuse,
        )  # fmt: skip


def _before(book: Book, lines: Sequence[Line[RoomFields]]) -> dict[str, str]:
    """Return in words, by part, what rooms have now and how many of them."""
    found = {}
    for part in book.fields:
        if part.for_many:
            counts = Counter(text_of(part, line) or _("Not recorded") for line in lines)
            listed = _(", ").join(f"{text} {count:,}" for text, count in counts.most_common())
            found[part.name] = _("At present: {values}").format(values=listed)
    return found
