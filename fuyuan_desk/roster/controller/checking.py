"""Controller of what a clerk looks at and decides on the check screen: rows, unsure readings, cells typed anew."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.controller.roster_file import Looked, Roster
from fuyuan_desk.roster.reading.explain import about_row, explain
from fuyuan_desk.roster.reading.listing import Listing, find_rows
from fuyuan_desk.roster.reading.meanings import SOUND_NAMES
from fuyuan_desk.roster.reading.shapes import readings_of
from fuyuan_desk.roster.reading.unsure import COLUMN, NAMES, Unsure, word_key
from fuyuan_desk.roster.service import readings
from fuyuan_desk.roster.view.check import ImportCheckView
from fuyuan_desk.roster.view.rows import Found
from fuyuan_desk.widgets.question import ask


class Checking:
    """Shows rows and unsure readings of a roster, and passes on what a clerk decides by `read_again`."""

    def __init__(
        self, desk: Desk, page: QWidget, view: ImportCheckView, read_again: Callable[[Roster], object]
    ) -> None:
        self._desk, self._page, self._view = desk, page, view
        self._read_again = read_again
        self._roster: Roster | None = None
        self._looked: Looked | None = None
        view.row_picked.connect(self._show_row)
        view.rows_wanted.connect(self._find_rows)
        view.confirmed.connect(self._confirm)
        view.chosen.connect(self._choose)
        view.typed.connect(self._type)

    def show(self, roster: Roster, looked: Looked) -> None:
        """Show what was read; a row that is picked is shown as it is now."""
        self._roster, self._looked = roster, looked
        self._view.show_rows(looked.listing, looked.counts)
        self._show_unsure()
        picked = self._view.picked()
        if picked is not None:
            self._show_row(*picked)

    # --- rows

    def _show_row(self, sheet: str, row: int) -> None:
        looked = self._looked
        if looked is not None:
            draft, problems = looked.report.draft, looked.report.problems
            about = about_row(draft, sheet, row, problems)
            self._view.show_row(sheet, row, about, explain(draft, sheet, row, problems))

    def _find_rows(self, typed: str, state: str | None, found: Found) -> None:
        listing = self._looked.listing if self._looked is not None else Listing()
        if not typed and state is None:
            found(listing.rows)
        else:
            self._desk.run_paper(find_rows, listing, typed, state, done=found, owner=self._page)

    def _type(self, sheet: str, row: int, column: int, text: str) -> None:
        if self._roster is not None:
            self._roster.typed.setdefault((sheet, row), {})[column] = text
            self._read_again(self._roster)

    # --- unsure readings

    def _show_unsure(self) -> None:
        roster, looked = self._roster, self._looked
        if roster is not None and looked is not None:
            self._view.show_unsure([one for one in looked.unsure if one.key not in roster.confirmed])

    def _confirm(self, key: str) -> None:
        roster = self._roster
        if roster is None:
            return
        roster.confirmed.add(key)
        if key == NAMES:
            roster.words["name"] = {"": SOUND_NAMES}
            self._read_again(roster)
        else:
            self._show_unsure()

    def _choose(self, group: Unsure, code: str) -> None:
        roster = self._roster
        if roster is None:
            return
        roster.confirmed.add(group.key)
        if group.kind == COLUMN:
            mapping = self._view.mapping()
            mapping.setdefault(group.sheet, {})[group.index] = code
            roster.mapping = mapping
            self._view.set_fields(mapping)
        else:
            roster.words.setdefault(group.field, {})[group.word] = code
            roster.confirmed.add(word_key(group.field, group.word, code))
        self._read_again(roster)

    # --- what is kept for the next file

    def tell_kept(self, roster: Roster) -> None:
        """Say whose corrections of an earlier file hold for this one, and offer to forget them."""
        newest = max(roster.kept, key=lambda one: str(one.at), default=None)
        if newest is None or newest.at is None:
            self._view.kept.clear()
            return
        text = _("Read as corrected on {day} by {name}, in a file with the same headers.")
        self._view.kept.say(
            "info",
            text.format(day=f"{newest.at.astimezone():%Y-%m-%d}", name=newest.operator),
            _("&Forget these corrections"),
            lambda: self._forget(roster),
        )

    def _forget(self, roster: Roster) -> None:
        def done(_count: int) -> None:
            roster.forget()
            self._view.set_fields(roster.read)
            self._read_again(roster)

        shapes = [reading.shape for reading in roster.kept]
        self._desk.run(
            readings.forget_readings, shapes, done=done, failed=self._view.kept.refuse, owner=self._page
        )

    def remember(self, roster: Roster) -> None:
        """Keep what was corrected for the next file of the same shape; to be called after the import."""
        if roster.draft is None:
            return
        found = readings_of(roster.draft.tables, roster.read, roster.mapping, roster.words, roster.confirmed)
        if roster.kept or any(reading.is_corrected for reading in found):
            self._desk.run(readings.remember_readings, found, done=self._tell_remembered, owner=self._page)

    def _tell_remembered(self, count: int) -> None:
        if count:
            self._desk.notify(_("What was corrected is kept for the next file with the same headers."))


def ask_about_typed(page: QWidget, file_name: str, then: Callable[[], object]) -> None:
    """Ask whether cells that were typed anew are given up, and call `then` if so."""
    ask(
        page,
        _("Leave without importing the corrected cells?"),
        _("What you typed for {file} is in this import alone, not in the file.").format(file=file_name),
        [(_("&Discard what was typed"), "danger", then), (_("Keep &checking"), "", None)],
    )
