"""The group of unfinished input on the first page: a line for each draft, to continue or discard it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card, label


@dataclass(frozen=True)
class DraftLine:
    """A draft as it is listed; `words` says what is to be known of it, '' for nothing."""

    key: str
    name: str
    when: str
    words: str = ""
    can_continue: bool = True


class Unfinished(Card):
    """The drafts, hidden while there are none; `continued` and `discarded` carry the key of one.

    `others` are sentences on what other operators left unfinished.
    """

    continued = Signal(str)
    discarded = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("Not finished yet"))
        self._rows = QWidget()
        self.body.addWidget(self._rows)
        self.lines: tuple[DraftLine, ...] = ()
        self._others: tuple[str, ...] = ()
        self.hide()

    def show_drafts(self, lines: Sequence[DraftLine], others: Sequence[str] = ()) -> None:
        """List these drafts; the focus stays at the draft where it was."""
        if (tuple(lines), tuple(others)) == (self.lines, self._others):
            return
        focused = QApplication.focusWidget() or self
        name = focused.objectName() if self._rows.isAncestorOf(focused) else None
        self.lines, self._others = tuple(lines), tuple(others)
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for number, line in enumerate(lines):
            self._add(grid, number, line)
        for number, sentence in enumerate(others, len(lines)):
            grid.addWidget(label(sentence, "hint", wrap=True), number, 0, 1, 4)
        self.body.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = rows
        self.set_title(_("Not finished yet · {n}").format(n=len(lines)) if lines else _("Not finished yet"))
        self.setVisible(bool(lines or others))
        if name is not None:
            found = rows.findChild(QPushButton, name) or rows.findChild(QPushButton)
            if found is not None:
                found.setFocus()

    def _add(self, grid: QGridLayout, number: int, line: DraftLine) -> None:
        text = label(f"{line.name}  {line.words}".rstrip(), wrap=True)
        when = label(line.when, "hint")
        grid.addWidget(text, number, 0)
        grid.addWidget(when, number, 1, Qt.AlignmentFlag.AlignRight)
        discard = button(_("Discard"), partial(self.discarded.emit, line.key), role="link")
        discard.setAccessibleName(_("Discard {name}").format(name=line.name))
        grid.addWidget(discard, number, 3)
        if line.can_continue:
            go_on = button(_("Continue"), partial(self.continued.emit, line.key))
            go_on.setAccessibleName(_("Continue {name}").format(name=line.name))
            grid.addWidget(go_on, number, 2)
            go_on.setObjectName(f"continue {line.key}")
        discard.setObjectName(f"discard {line.key}")
