"""Declared form fields and the simple editors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible, visible_lines
from fuyuan_desk.widgets import parsing
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import colour

Kind = Literal[
    "text", "lines", "int", "decimal", "money", "area", "date", "choice", "suggest", "check", "checks",
    "phones", "password", "folder", "search", "names",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a form.

    `label` may hold a mnemonic (`&Name`). Values by kind: text, lines, suggest, password, file, folder: str;
    int: int; decimal: Decimal; money: fen; area: 0.01 m²; date: date; choice: the value of one of `choices`;
    check: bool; checks: tuple of values; phones: tuple of str; search: the key of a record that is found by typing, ''
    for none; names: str, several names of which some are offered. Empty numbers, dates and choices are None.
    `choices` are (value, text); for `suggest` the texts are offered. `span` counts grid columns.
    `sensitive` shows a mark for sensitive personal data (PIPL §28) beside the label.
    `check(text)` returns what is wrong with a typed text, of `phones` with each number, '' for nothing; it is asked
    when the field is left.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[Any, str]] = ()
    unit: str = ""
    placeholder: str = ""
    span: int = 1
    rows: int = 3
    low: int | None = None
    high: int | None = None
    read_only: bool = False
    sensitive: bool = False
    check: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Section:
    """A heading between fields."""

    title: str
    hint: str = ""


@dataclass(frozen=True)
class Picked:
    """A value of a field of the kind `search`: the key of a record, and how it is shown."""

    key: str
    text: str


@dataclass(frozen=True)
class Masked:
    """A value that is shown masked; the field is not in `Form.values` until it is revealed."""

    text: str


class Editor(QWidget):
    """Base of the editors.

    Emits `changed` on every change, `entered` when Enter is pressed to save, `left` when a part of it is left.
    """

    changed = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def inner(self) -> list[QWidget]:
        """Return the widgets that take the focus, in order."""
        raise NotImplementedError

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets that Tab visits, in order."""
        return self.inner()

    def raw(self) -> Any:
        """Return the content as typed, JSON-serializable, for drafts and comparison."""
        raise NotImplementedError

    def set_raw(self, raw: Any) -> None:
        """Restore the content returned by `raw`."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the parsed value; ValueError carries the message for the user."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def faults(self) -> dict[int, str]:
        """Return what is wrong with what is typed, by the number of the part in `inner`."""
        try:
            self.value()
        except ValueError as reason:
            return {0: str(reason)}
        fault = (
            self.field.check(str(self.raw())) if self.field.check is not None and not self.is_empty() else ""
        )
        return {0: fault} if fault else {}

    def is_empty(self) -> bool:
        """Whether the field is empty."""
        return not self.raw()

    def set_read_only(self, on: bool) -> None:
        """Make the editor read-only or editable."""
        for part in self.inner():
            if isinstance(part, QLineEdit | QPlainTextEdit):
                part.setReadOnly(on)
            else:
                part.setEnabled(not on)

    def _hold(self, *parts: QWidget) -> QHBoxLayout:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in parts:
            row.addWidget(part)
        return row


_READERS: dict[str, Callable[[str, int | None, int | None], Any]] = {
    "int": parsing.read_int,
    "decimal": parsing.read_decimal,
    "money": parsing.read_hundredths,
    "area": parsing.read_hundredths,
}


class LineEditor(Editor):
    """A single-line editor for text, whole numbers, decimals, money, area and passwords."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = QLineEdit()
        self.line.setPlaceholderText(field.placeholder)
        self.line.textChanged.connect(self.changed)
        self.line.returnPressed.connect(self.entered)
        self.line.editingFinished.connect(self.left)
        row = self._hold(self.line)
        if field.kind == "password":
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        if field.kind in _READERS:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if field.unit:
            row.addWidget(label(field.unit, "muted"))

    def inner(self) -> list[QWidget]:
        return [self.line]

    def raw(self) -> str:
        # a password counts as typed
        return self.line.text() if self.field.kind == "password" else visible(self.line.text())

    def set_raw(self, raw: Any) -> None:
        self.line.setText(visible(str(raw or "")))

    def value(self) -> str | int | Decimal | None:
        text = self.raw()
        if self.field.kind == "password":
            return text
        if self.field.kind not in _READERS:
            return text.strip()
        read: int | Decimal | None = _READERS[self.field.kind](text, self.field.low, self.field.high)
        return read

    def set_value(self, value: Any) -> None:
        if self.field.kind in ("money", "area"):
            text = parsing.show_hundredths(value, self.field.kind == "money", self.field.kind == "area")
        else:
            text = "" if value is None else visible(str(value))
        self.line.setText(text)
        self.line.setCursorPosition(0)

    def faults(self) -> dict[int, str]:
        """Return what is wrong with what is typed, by the number of the part in `inner`."""
        try:
            self.value()
        except ValueError as reason:
            return {0: str(reason)}
        fault = (
            self.field.check(str(self.raw())) if self.field.check is not None and not self.is_empty() else ""
        )
        return {0: fault} if fault else {}

    def is_empty(self) -> bool:
        return not self.raw().strip()


class _Lines(QPlainTextEdit):
    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            return
        super().keyPressEvent(event)


class LinesEditor(Editor):
    """A multi-line editor; Tab moves the focus, Enter breaks the line, Ctrl+Enter saves."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.text = _Lines()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(field.placeholder)
        self.text.textChanged.connect(self.changed)
        self.text.submitted.connect(self.entered)
        self._hold(self.text)
        self.setMinimumHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(240, QFontMetrics(self.font()).lineSpacing() * self.field.rows + 22)

    def inner(self) -> list[QWidget]:
        return [self.text]

    def raw(self) -> str:
        return visible_lines(self.text.toPlainText())

    def set_raw(self, raw: Any) -> None:
        self.text.setPlainText(visible_lines(str(raw or "")))

    def value(self) -> str:
        return self.raw().strip()

    def set_value(self, value: Any) -> None:
        self.set_raw(value)


class _Combo(DropDown):
    """A combo box that ignores the mouse wheel, so that the page scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()


class ChoiceEditor(Editor):
    """A choice of one value from a list whose first entry, the field's placeholder, stands for none."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.combo = _Combo()
        self._values: list[Any] = []
        self._hold(self.combo)
        self.set_choices(field.choices)
        self.combo.currentTextChanged.connect(self.combo.setToolTip)  # it may be cut in a narrow form
        self.combo.currentIndexChanged.connect(self.changed)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Replace the choices, keeping the current one if it is among them."""
        kept = self.value() if self._values else None
        self._values = [None, *(value for value, _text in choices)]
        self.combo.blockSignals(True)
        self.combo.clear()
        unknown = _("Choose …") if self.field.required else _("Not recorded")
        self.combo.addItems([self.field.placeholder or unknown, *(text for _value, text in choices)])
        self.combo.setItemData(0, colour("muted"), Qt.ItemDataRole.ForegroundRole)
        self.combo.blockSignals(False)
        self.combo.setToolTip(self.combo.currentText())
        self.set_value(kept)

    def inner(self) -> list[QWidget]:
        return [self.combo]

    def raw(self) -> str:
        return self.combo.currentText() if self.combo.currentIndex() > 0 else ""

    def set_raw(self, raw: Any) -> None:
        self.combo.setCurrentIndex(max(self.combo.findText(str(raw or "")), 0))

    def value(self) -> Any:
        return self._values[max(self.combo.currentIndex(), 0)]

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentIndex(self._values.index(value) if value in self._values else 0)


class SuggestEditor(Editor):
    """Free text with suggestions: those that hold what is typed are offered below it."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.combo = _Combo()
        line = QLineEdit()
        self.combo.setLineEdit(line)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # completed within the line, what is only the beginning of a new name would become a known one
        offer = QCompleter(self.combo.model(), self.combo)
        offer.setFilterMode(Qt.MatchFlag.MatchContains)
        offer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        shown = offer.popup()
        shown.setItemDelegate(QStyledItemDelegate(shown))  # its own one knows no stylesheet
        # a window of its own, which has none of the stylesheet of the office's
        shown.setStyleSheet("QListView::item { min-height: 30px; padding: 0 8px; }")
        self.combo.setCompleter(offer)
        self.combo.addItems([text for _value, text in field.choices])
        self.combo.setCurrentIndex(-1)
        line.setPlaceholderText(field.placeholder)
        line.returnPressed.connect(self.entered)
        self.combo.editTextChanged.connect(self.changed)
        self.combo.editTextChanged.connect(self.combo.setToolTip)  # a long one is cut
        self._hold(self.combo)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Replace what is offered, keeping what is typed."""
        kept = self.combo.currentText()
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItems([text for _value, text in choices])
        self.combo.setEditText(kept)
        self.combo.blockSignals(False)

    def inner(self) -> list[QWidget]:
        return [self.combo]

    def raw(self) -> str:
        return visible(self.combo.currentText())

    def set_raw(self, raw: Any) -> None:
        self.combo.setEditText(visible(str(raw or "")))

    def value(self) -> str:
        return self.raw().strip()

    def set_value(self, value: Any) -> None:
        self.set_raw(value)


class CheckEditor(Editor):
    """A check box with the field's label beside it."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.box = QCheckBox(field.label)
        self.box.toggled.connect(self.changed)
        self._hold(self.box)

    def inner(self) -> list[QWidget]:
        return [self.box]

    def raw(self) -> bool:
        return self.box.isChecked()

    def set_raw(self, raw: Any) -> None:
        self.box.setChecked(bool(raw))

    def value(self) -> bool:
        return self.raw()

    def set_value(self, value: Any) -> None:
        self.set_raw(value)


_MAX_UNSCROLLED = 16


class ChecksEditor(Editor):
    """Check boxes for several values, in two columns when there are many."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.boxes: list[tuple[Any, QCheckBox]] = []
        self._grid = QGridLayout(self._container(len(field.choices)))
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._add(field.choices)

    def _add(self, choices: Sequence[tuple[Any, str]]) -> None:
        columns = 1 if len(choices) < 4 or self.field.span < 2 else 2
        for index, (value, text) in enumerate(choices):
            box = QCheckBox(text)
            box.toggled.connect(self.changed)
            self._grid.addWidget(box, index // columns, index % columns)
            self.boxes.append((value, box))

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Set what can be ticked, keeping what is; does nothing if it is the same as before."""
        if [(value, box.text()) for value, box in self.boxes] == list(choices):
            return
        ticked = self.value()
        for _value, box in self.boxes:
            box.hide()
            box.deleteLater()
        self.boxes.clear()
        self._add(choices)
        self.set_value(ticked)

    def _container(self, count: int) -> QWidget:
        """Return the widget for the boxes: this one, or a scroll area when there are too many."""
        if count <= _MAX_UNSCROLLED:
            return self
        inner = QWidget()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFixedHeight(208)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hold(area)
        return inner

    def inner(self) -> list[QWidget]:
        return [box for _value, box in self.boxes]

    def raw(self) -> list[str]:
        return [box.text() for _value, box in self.boxes if box.isChecked()]

    def set_raw(self, raw: Any) -> None:
        for _value, box in self.boxes:
            box.setChecked(box.text() in (raw or ()))

    def value(self) -> tuple[Any, ...]:
        return tuple(value for value, box in self.boxes if box.isChecked())

    def set_value(self, value: Any) -> None:
        for own, box in self.boxes:
            box.setChecked(own in (value or ()))


def today_or(day: date | None = None) -> date:
    """Return `day`, or the PC's current date, used only to open the calendar and to complete short dates."""
    from datetime import datetime

    return day or datetime.now().astimezone().date()
