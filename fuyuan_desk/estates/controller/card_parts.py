"""What other jobs add to the cards of households: read when a home is shown, and again when it changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.cards import CardLine, CardWords
from fuyuan_desk.estates.facts.houses import UnitDetail
from fuyuan_desk.estates.view.card_section import CardSection
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.kit.desk import Desk


@dataclass(frozen=True)
class CardPart:
    """A part of every household's card.

    `read(seat, household_ids)` returns the latest lines by household, the last one first. `open_line(id)` shows the
    record of a line, `show_all(address)` all records of a home, `add(household_id)` the form of a new one, for those
    who `may_add`. After a change of one of the `tables` the lines are read again.
    """

    words: CardWords
    read: Callable[[Seat, Sequence[int]], Mapping[int, Sequence[CardLine]]]
    tables: frozenset[str]
    open_line: Callable[[int], object]
    show_all: Callable[[str], object]
    add: Callable[[int], object]
    may_add: Callable[[Desk], bool] = lambda desk: desk.can_write


class CardParts(QObject):
    """Shows the parts on the cards of a panel; `detail()` returns the home that is shown, None for none."""

    def __init__(
        self,
        desk: Desk,
        panel: UnitPanel,
        parts: Sequence[CardPart],
        detail: Callable[[], UnitDetail | None],
    ) -> None:
        super().__init__(panel)
        self._desk = desk
        self._panel = panel
        self._parts = parts
        self._detail = detail
        desk.changes.connect(self._on_changes)

    def show(self) -> None:
        """Add the parts to the cards of the home that was just shown, and read their lines."""
        for part in self._parts:
            for household_id in self._panel.households():
                self._connect(part, household_id)
            self._read(part)

    def _connect(self, part: CardPart, household_id: int) -> None:
        section = CardSection(part.words, part.may_add(self._desk))
        section.opened.connect(part.open_line)
        section.add_requested.connect(partial(part.add, household_id))
        section.all_requested.connect(partial(self._show_all, part))
        self._panel.card(household_id).add_section(section)

    def _show_all(self, part: CardPart) -> None:
        detail = self._detail()
        if detail is not None:
            part.show_all(detail.address)

    def _read(self, part: CardPart) -> None:
        shown = self._panel.households()

        def done(lines: Mapping[int, Sequence[CardLine]]) -> None:
            if shown == self._panel.households():
                for household_id in shown:
                    self._panel.card(household_id).section(part.words).set_lines(lines.get(household_id, ()))

        if shown:
            self._desk.run(
                part.read, tuple(shown), done=done, failed=self._panel.banner.refuse, owner=self._panel
            )

    def _on_changes(self, tables: frozenset[str]) -> None:
        for part in self._parts:
            if part.tables & tables:
                self._read(part)
