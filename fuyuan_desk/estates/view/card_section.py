"""A part of the card of a household that another job fills: its latest lines, and ways to all and to a new one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.estates.facts.cards import CardLine, CardWords
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import OneLine, head_line, label


class CardSection(QWidget):
    """Shows lines, each with a link that opens its record."""

    opened = Signal(int)
    all_requested = Signal()
    add_requested = Signal()

    def __init__(self, words: CardWords, may_add: bool) -> None:
        super().__init__()
        self.words = words
        self.add_button = button(words.add, self.add_requested.emit, role="link")
        self.all_button = button(words.all, self.all_requested.emit, role="link")
        self.links: list[QWidget] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        acts = [self.add_button, self.all_button] if may_add else [self.all_button]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head_line([OneLine(words.title, "muted")], acts))
        column.addLayout(self._lines)

    def set_lines(self, lines: Sequence[CardLine]) -> None:
        """Show these lines, or that there are none."""
        while self._lines.count():
            if (old := self._lines.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()
        self.links.clear()
        for line in lines:
            self._lines.addWidget(self._row(line))
        if not lines:
            self._lines.addWidget(label(self.words.nothing, "muted", wrap=True))
        self.all_button.setEnabled(bool(lines))

    def _row(self, line: CardLine) -> QWidget:
        link = button(line.day, partial(self.opened.emit, line.id), role="link")
        link.setAccessibleName(self.words.open.format(day=line.day))
        self.links.append(link)
        parts: list[QWidget] = [link, OneLine(line.text)]
        if line.due:
            parts.append(ChipLabel(Chip(line.due, "error" if line.is_overdue else "warn", "calendar")))
        row = QWidget()
        held = Flow(row)
        for part in parts:
            held.add(part)
        return row
