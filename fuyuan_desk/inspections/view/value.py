"""The value of an item that is typed: a number with its unit and range, or a text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.rules.answers import AnswerKind, is_omitted, range_text
from fuyuan_desk.inspections.rules.visits import CheckItem, Result, label, result_of
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.chips import Chip, ChipLabel, Tone
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_WIDTHS = {AnswerKind.NUMBER: 96, AnswerKind.TEXT: 240}  # pixels at normal text size
_LOOKS: dict[Result | None, tuple[Tone, str]] = {
    Result.PASS: ("ok", "ok"),
    Result.FAIL: ("error", "error"),
    Result.NOT_APPLICABLE: ("neutral", ""),
}


class _Line(QLineEdit):
    """A line whose Up and Down lead to other items."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)


class ValueBox(QWidget):
    """A field for a number or a text, with the result that follows from it; “-” says that the item does not apply.

    `chosen`: on every change; `decided`: Enter was pressed; `moved` carries -1 or 1 for Up or Down.
    """

    chosen = Signal()
    decided = Signal()
    moved = Signal(int)

    def __init__(self, name: str, item: CheckItem) -> None:
        super().__init__()
        self._item = item
        self._name = name
        is_number = item.answer.kind is AnswerKind.NUMBER
        self.line = _Line()
        self.line.setFixedWidth(_WIDTHS[item.answer.kind] * text_px() // TEXT_PX)
        self.line.setPlaceholderText(
            _("Number, or -") if is_number else _("What was found; - for not applicable")
        )
        self._chip = ChipLabel()
        about = range_text(item.answer) or item.answer.unit
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line)
        if about:
            row.addWidget(labels.label(about, "muted"))
        row.addWidget(self._chip)
        self.line.textChanged.connect(self._on_typed)
        self.line.returnPressed.connect(self.decided)
        self.line.moved.connect(self.moved)
        self._show_result()

    @property
    def result(self) -> Result | None:
        """What follows from what is typed, None if that is no answer."""
        if is_omitted(self.typed):
            return Result.NOT_APPLICABLE
        return result_of(self._item, None, self.typed)

    @property
    def value(self) -> str:
        """The value to be stored, '' if the item does not apply."""
        return "" if self.result is Result.NOT_APPLICABLE else self.typed

    @property
    def typed(self) -> str:
        """What is typed."""
        return self.line.text()

    def set_result(self, _result: Result | None) -> None:
        """Clear the value: a result alone is no answer to this item."""
        self.line.clear()

    def set_answer(self, _result: Result | None, value: str) -> None:
        """Show a value as it was typed; the result follows from it."""
        self.line.setText(value)

    def _on_typed(self) -> None:
        self._show_result()
        self.chosen.emit()

    def _show_result(self) -> None:
        result = self.result
        tone, picture = _LOOKS.get(result, ("neutral", ""))
        unknown = "?" if self.typed.strip() else _("not answered")
        text = label(result) if result is not None else unknown
        self._chip.set_chip(Chip(text, tone, picture))
        self.line.setAccessibleName(f"{self._name} {text}")
