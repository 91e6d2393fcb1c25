"""The page of suspected duplicates: merge, tell apart, split again."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.course_dialog import run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.organisations.book import organisation_book
from fuyuan_desk.organisations.facts import Pair, Side
from fuyuan_desk.organisations.service import merging
from fuyuan_desk.organisations.view.duplicates import DuplicatesView, MergeDialog
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

TABLES = frozenset({"organisation", "organisation_difference"})


def ask_merge(
    desk: Desk, page: QWidget, sides: tuple[Side, Side], done: Callable[[Saved], object]
) -> MergeDialog:
    """Show two organisations side by side and merge the second into the first when the operator says so."""
    first, second = sides
    dialog = MergeDialog(page, organisation_book(), first, second)

    def call(_typed: dict[str, Any]) -> tuple[Any, ...]:
        kept, other = Known(first.id, first.version), Known(second.id, second.version)
        return merging.merge, kept, other, dialog.taken()

    run_dialog(desk, dialog, call, done)
    return dialog


class DuplicatesController(QObject):
    """Runs the services for the page of suspected duplicates."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.view = DuplicatesView(self._fetch)
        self.page = self.view
        self.view.merge_requested.connect(self._compare)
        self.view.apart_requested.connect(lambda pair: self._do(merging.tell_apart, pair))
        self.view.again_requested.connect(lambda pair: self._do(merging.suspect_again, pair))
        self.view.split_requested.connect(self._ask_split)
        desk.changes.connect(self._on_changes)
        self.view.set_writable(desk.may(merging.merge))
        self.view.table.load()

    def show_list(self) -> None:
        """Show the list; there is no form."""

    def _fetch(self, _query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(pairs: tuple[Pair, ...]) -> None:
            deliver(Window(len(pairs), pairs[offset : offset + limit]))

        self._desk.run(merging.list_pairs, done=done, owner=self.view)

    def _on_changes(self, tables: frozenset[str]) -> None:
        self.view.set_writable(self._desk.may(merging.merge))
        if tables & TABLES:
            self.view.table.refresh()

    def _compare(self, pair: Pair) -> None:
        self._desk.run(
            merging.compare, pair.first_id, pair.second_id,
            done=lambda sides: ask_merge(
                self._desk, self.view, sides, lambda _saved: self._desk.notify(_("Merged. It can be split off again."))
            ),
            failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _do(self, use: Callable[..., None], pair: Pair) -> None:
        self.view.banner.clear()
        self._desk.run(
            use, pair.first_id, pair.second_id,
            done=lambda _none: self._desk.notify(_("Saved.")), failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_split(self, pair: Pair) -> None:
        self.view.banner.clear()
        confirm(
            self.view,
            _("Split “{name}” off again?").format(name=pair.second),
            _("What referred to it before the merge refers to it again."),
            _("&Split off"),
            lambda: self._split(pair),
        )

    def _split(self, pair: Pair) -> None:
        self._desk.run(
            merging.split, pair.second_id,
            done=lambda _saved: self._desk.notify(_("{name} was split off again.").format(name=pair.second)),
            failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip
