"""Words on a page: plain labels, headings, cards and lists of facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.theme import show_if


def label(text: str = "", role: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """Make a label that shows `text` literally (never as HTML) in one of the stylesheet's roles."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def rule() -> QFrame:
    """Make a thin horizontal line."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line


class PageHeader(QWidget):
    """The head of a page: its name, one line about it, and at the right its few actions."""

    def __init__(self, title: str, subtitle: str = "", actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._title = label(title, "title")
        self._subtitle = label(subtitle, "hint")
        self._subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        show_if(self._subtitle, bool(subtitle))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for action in actions:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_texts(self, title: str, subtitle: str = "") -> None:
        """Change the name and the line below it."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setToolTip(subtitle)
        self._subtitle.setVisible(bool(subtitle))


class Card(QFrame):
    """A white surface with an optional heading; put content into `.body`."""

    def __init__(self, title: str = "", actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 16)
        outer.setSpacing(8)
        self._title = label(title, "section", wrap=True)
        show_if(self._title, bool(title))
        if title or actions:
            head = QHBoxLayout()
            head.setSpacing(8)
            head.addWidget(self._title, 1)
            for action in actions:
                head.addWidget(action)
            outer.addLayout(head)
        outer.addLayout(self.body)
        if title:
            self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts; with `name` the value is masked and can be revealed."""

    label: str
    value: str
    name: str = ""


class Facts(QWidget):
    """Labels and values beside each other, in one or more columns; masked ones with a reveal button."""

    reveal_requested = Signal(str)

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self._columns = columns
        self._masked: dict[str, MaskedValue] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for column in range(columns):
            self._grid.setColumnStretch(column * 2 + 1, 1)

    def set_rows(self, rows: Sequence[Fact]) -> None:
        """Show these facts, column after column of each line; an empty value shows as a dash."""
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        self._masked.clear()
        for number, fact in enumerate(rows):
            line, column = divmod(number, self._columns)
            name = label(fact.label, "muted")
            level = Qt.AlignmentFlag.AlignVCenter if fact.name else Qt.AlignmentFlag.AlignTop
            name.setAlignment(level | Qt.AlignmentFlag.AlignLeft)
            value = self._value(fact)
            if isinstance(value, QLabel):
                value.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(name, line, column * 2)
            self._grid.addWidget(value, line, column * 2 + 1)

    def reveal(self, name: str, text: str) -> None:
        """Show the true value of a masked fact for a while."""
        if name in self._masked:
            self._masked[name].reveal(text)

    def _value(self, fact: Fact) -> QWidget:
        if fact.name:
            masked = MaskedValue(fact.label, fact.value)
            masked.reveal_requested.connect(lambda name=fact.name: self.reveal_requested.emit(name))
            self._masked[fact.name] = masked
            return masked
        value = label(fact.value or "—", wrap=True, selectable=True)
        value.setAccessibleName(f"{fact.label} {fact.value}")
        return value
