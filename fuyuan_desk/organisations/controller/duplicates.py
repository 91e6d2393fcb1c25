"""The page of suspected duplicates: merge, tell apart, split again."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.course_dialog import DialogDraft, Typed, Version, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.organisations.book import organisation_book
from fuyuan_desk.organisations.facts import Pair, Side
from fuyuan_desk.organisations.service import merging
from fuyuan_desk.organisations.view.duplicates import DuplicatesView, MergeDialog
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

TABLES = frozenset({"organisation", "organisation_difference"})
MERGE = "organisation_merge"
"""The keys of drafts of merging begin with this: `organisation_merge:kept:other`."""


def ask_merge(
    desk: Desk, page: QWidget, sides: tuple[Side, Side], done: Callable[[Saved], object]
) -> MergeDialog:
    """Show two organisations side by side and merge the second into the first when the operator says so."""
    first, second = sides
    dialog = MergeDialog(page, organisation_book(), first, second)

    def call(_typed: Typed, versions: Version) -> tuple[Any, ...]:
        of_first, of_second = map(int, str(versions).split("."))
        return merging.merge, Known(first.id, of_first), Known(second.id, of_second), dialog.taken()

    draft = DialogDraft(f"{MERGE}:{first.id}:{second.id}", f"{first.version}.{second.version}")
    run_dialog(desk, dialog, call, done, draft)
    return dialog


def compare_again(
    desk: Desk,
    page: QWidget,
    key: str,
    done: Callable[[Saved], object],
    refuse: Callable[[UserError], object],
) -> None:
    """Open the dialog of the draft `key` again, with the organisations as they are now."""
    _form, first, second = key.split(":")
    desk.run(
        merging.compare, int(first), int(second),
        done=lambda sides: ask_merge(desk, page, sides, done), failed=refuse, owner=page,
    )  # fmt: skip


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

    def has_form(self, key: str) -> bool:
        """Whether the dialog of the draft `key` was opened here."""
        return key.partition(":")[0] == MERGE

    def reopen(self, key: str) -> None:
        """Open the dialog of the draft `key`."""
        compare_again(self._desk, self.view, key, self._on_merged, self.view.banner.refuse)

    def _on_merged(self, _saved: Saved) -> None:
        self._desk.notify(_("Merged. It can be split off again."))

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
            done=lambda sides: ask_merge(self._desk, self.view, sides, self._on_merged),
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
