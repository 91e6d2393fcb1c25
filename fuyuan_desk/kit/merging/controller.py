"""The page of suspected duplicates of a job: merge, tell apart, split again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course_dialog import Typed, Version, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.facts import Comparison, Pair
from fuyuan_desk.kit.merging.view import DuplicatesView, MergeDialog
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.table_model import Column, Deliver, Query, Window


@dataclass(frozen=True)
class MergeUses:
    """The services of a job on its duplicates.

    list_pairs() → pairs; compare(first key, second key) → `Comparison`; merge(stamp, parts of the second one, answers)
    → `Saved`; tell_apart and suspect_again take two keys; split(second key of a merged pair) → `Saved`. `tables` are
    those after whose changes the list is read again.
    """

    list_pairs: Callable[..., tuple[Pair, ...]]
    compare: Callable[..., Comparison]
    merge: Callable[..., Saved]
    tell_apart: Callable[..., None]
    suspect_again: Callable[..., None]
    split: Callable[..., Saved]
    tables: frozenset[str]


@dataclass(frozen=True)
class DuplicatesTexts:
    """What the page of a job's duplicates says: the key of the list, its columns, the way back, what it is about."""

    key: str
    columns: list[Column]
    back: str
    about: str
    empty: EmptyState
    split_hint: str


def ask_merge(
    desk: Desk, page: QWidget, uses: MergeUses, found: Comparison, done: Callable[[Saved], object]
) -> MergeDialog:
    """Show two records side by side and merge the second into the first when the operator says so."""
    dialog = MergeDialog(page, found)

    def call(_typed: Typed, _version: Version) -> tuple[Any, ...]:
        return uses.merge, found.stamp, dialog.taken(), dialog.answers()

    # no draft: nothing is typed, and what is chosen is of the two as they were read
    run_dialog(desk, dialog, call, done, None)
    return dialog


class DuplicatesController(QObject):
    """Runs the services for the page of suspected duplicates."""

    def __init__(self, desk: Desk, uses: MergeUses, texts: DuplicatesTexts) -> None:
        super().__init__()
        self._desk = desk
        self._uses = uses
        self._texts = texts
        self.view = DuplicatesView(
            texts.key, texts.columns, self._fetch, texts.back, texts.about, texts.empty
        )
        self.page = self.view
        self.view.merge_requested.connect(self._compare)
        self.view.apart_requested.connect(lambda pair: self._do(uses.tell_apart, pair))
        self.view.again_requested.connect(lambda pair: self._do(uses.suspect_again, pair))
        self.view.split_requested.connect(self._ask_split)
        desk.changes.connect(self._on_changes)
        self.view.set_writable(desk.may(uses.merge))
        self.view.table.load()

    def show_list(self) -> None:
        """Show the list; there is no form."""
        self.view.table.table.setFocus()

    def _fetch(self, _query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(pairs: tuple[Pair, ...]) -> None:
            deliver(Window(len(pairs), pairs[offset : offset + limit]))

        self._desk.run(self._uses.list_pairs, done=done, owner=self.view)

    def _on_changes(self, tables: frozenset[str]) -> None:
        self.view.set_writable(self._desk.may(self._uses.merge))
        if tables & self._uses.tables:
            self.view.table.refresh()

    def _compare(self, pair: Pair) -> None:
        self.view.banner.clear()
        self._desk.run(
            self._uses.compare, pair.first_key, pair.second_key,
            done=lambda found: ask_merge(
                self._desk, self.view, self._uses, found,
                lambda saved: self._tell(_("Merged. It can be split off again."), saved),
            ),
            failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _tell(self, text: str, saved: Saved) -> None:
        """Say what was done, and above the list what is to be put right then."""
        self._desk.notify(text)
        if saved.doubts:
            self.view.banner.say("warn", " ".join(saved.doubts))

    def _do(self, use: Callable[..., None], pair: Pair) -> None:
        self.view.banner.clear()
        self._desk.run(
            use, pair.first_key, pair.second_key,
            done=lambda _none: self._desk.notify(_("Saved.")), failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_split(self, pair: Pair) -> None:
        self.view.banner.clear()
        confirm(
            self.view,
            _("Split “{name}” off again?").format(name=pair.second),
            self._texts.split_hint,
            _("&Split off"),
            lambda: self._split(pair),
        )

    def _split(self, pair: Pair) -> None:
        self._desk.run(
            self._uses.split, pair.second_key,
            done=lambda saved: self._tell(_("{name} was split off again.").format(name=pair.second), saved),
            failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip
