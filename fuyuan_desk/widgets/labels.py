"""Static text on a page: plain labels, headings, cards and lists of facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.theme import show_if


def label(text: str = "", role: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """Create a label that shows `text` literally (never as HTML) in one of the stylesheet's roles."""
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
    """Create a thin horizontal line."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line


class PageHeader(QWidget):
    """The header of a page: its title, a subtitle, and its actions at the right."""

    def __init__(self, title: str, subtitle: str = "", actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._title = label(title, "title")
        self._subtitle = label(subtitle, "hint")
        self._subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        show_if(self._subtitle, bool(subtitle))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._subtitle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for action in actions:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_texts(self, title: str, subtitle: str = "") -> None:
        """Change the title and the subtitle."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setToolTip(subtitle)
        self._subtitle.setVisible(bool(subtitle))


class Card(QFrame):
    """A white panel with an optional heading; its content goes into `.body`."""

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
    """Label and value pairs in one or more columns; masked values have a reveal button."""

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
        """Show these facts, line by line; an empty value is shown as a dash."""
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        self._masked.clear()
        for index, fact in enumerate(rows):
            line, column = divmod(index, self._columns)
            name = label(fact.label, "muted", wrap=True)
            alignment = Qt.AlignmentFlag.AlignVCenter if fact.name else Qt.AlignmentFlag.AlignTop
            name.setAlignment(alignment | Qt.AlignmentFlag.AlignLeft)
            value = self._value(fact)
            if isinstance(value, QLabel):
                value.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(name, line, column * 2)
            self._grid.addWidget(value, line, column * 2 + 1)

    def reveal(self, name: str, text: str) -> None:
        """Show the value of a masked fact temporarily."""
        if name in self._masked:
            self._masked[name].reveal(text)

    def _value(self, fact: Fact) -> QWidget:
        if fact.name:
            masked = MaskedValue(fact.label, fact.value)
            masked.reveal_requested.connect(lambda name=fact.name: self.reveal_requested.emit(name))
            self._masked[fact.name] = masked
            return masked
        value = label(fact.value or "—", "" if fact.value else "muted", wrap=True, selectable=True)
        value.setAccessibleName(f"{fact.label} {fact.value or _('Not recorded')}")
        return value
