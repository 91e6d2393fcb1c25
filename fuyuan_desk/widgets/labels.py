"""Static text on a page: plain labels, headings, cards and lists of facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.chips import ChipLabel
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.picture import Picture
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


class OneLine(QLabel):
    """A text that wants one line, and breaks into more where its layout has no room for it."""

    def __init__(self, text: str = "", role: str = "", selectable: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        if role:
            self.setProperty("role", role)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def sizeHint(self) -> QSize:
        """Return the size of the text in one line; Qt would suggest several short ones."""
        self.ensurePolished()
        size = self.fontMetrics().size(0, self.text())  # the words alone, without the stylesheet's box
        margins = self.contentsMargins()
        return QSize(size.width() + margins.left() + margins.right() + 2, size.height())

    def minimumSizeHint(self) -> QSize:
        preferred = self.sizeHint()
        return QSize(min(preferred.width(), self.fontMetrics().averageCharWidth() * 8), preferred.height())


class Aside(QLabel):
    """A remark that is shortened where there is no room for it, and then told whole in its tooltip."""

    def __init__(self, text: str = "", role: str = "hint") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(1)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Change the text."""
        super().setText(text)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, shortened if needed; nothing where only a few characters would be left of it."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(
            self.contentsRect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.drawn()
        )

    def drawn(self) -> str:
        """Return what is drawn of the text in the room that there is."""
        metrics = self.fontMetrics()
        if not self._is_whole() and self.width() <= metrics.averageCharWidth() * 12:
            return ""
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def _is_whole(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()

    def _tell(self) -> None:
        self.setToolTip("" if self._is_whole() else self.text())


def head_line(parts: Sequence[QWidget], actions: Sequence[QWidget] = ()) -> Flow:
    """Return the first line of a page: its parts at the left, its actions at the right."""
    line = Flow()
    for part in parts:
        line.add(part, grows=isinstance(part, Aside | ChipLabel))
    for action in actions:
        line.add(action, end=True)
    return line


class PageHeader(QWidget):
    """The header of a page: its title, a subtitle beside it, and its actions at the right."""

    def __init__(self, title: str, subtitle: str = "", actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._title = OneLine(title, "title")
        self._subtitle = Aside(subtitle)
        self._subtitle.setContentsMargins(4, 6, 0, 0)  # on the base line of the title
        show_if(self._subtitle, bool(subtitle))
        self.setLayout(head_line([self._title, self._subtitle], actions))

    def set_texts(self, title: str, subtitle: str = "") -> None:
        """Change the title and the subtitle."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
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
        self._title = OneLine(title, "section")
        show_if(self._title, bool(title))
        if title or actions:
            outer.addLayout(head_line([self._title], actions))
        outer.addLayout(self.body)
        if title:
            self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)


class WarningLine(QWidget):
    """A hint with a warning picture before it."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = label(text, "hint", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Picture("warning", 18, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def set_text(self, text: str) -> None:
        """Change the hint."""
        self._text.setText(text)


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
