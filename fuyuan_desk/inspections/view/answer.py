"""One item of a checklist: its answers, or a value, and a remark if it failed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.rules.answers import AnswerKind, PhotoNeed
from fuyuan_desk.inspections.rules.photo_numbers import LONGEST_NUMBERS, read_numbers
from fuyuan_desk.inspections.rules.visits import LONGEST_REMARK, CheckItem, Result, label
from fuyuan_desk.inspections.view.value import ValueBox
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.theme import TEXT_PX, colour, set_wrong, text_px

_LEAST_WORDS = 200  # pixels at normal text size
_MOST_BOX = 430
_NUMBERS = 78
_TONES = {Result.PASS: "ok", Result.FAIL: "error", Result.NOT_APPLICABLE: "neutral"}
_MARKS = {Result.PASS: "✓", Result.FAIL: "✗", Result.NOT_APPLICABLE: "–"}
_TYPED = (AnswerKind.NUMBER, AnswerKind.TEXT)


@dataclass(frozen=True)
class Cell:
    """One of the answers of a box: its text, the key that chooses it, and what it means."""

    text: str
    digit: int
    result: Result
    value: str = ""


def cells_of(item: CheckItem) -> tuple[Cell, ...]:
    """Return the answers to an item that is marked or chosen: 1 2 3, or a digit for each choice and 0 for none."""
    if item.answer.kind is not AnswerKind.CHOICE:
        return tuple(Cell(label(result), number, result) for number, result in enumerate(Result, 1))
    options = (
        Cell(option.text, number, Result.PASS if option.passes else Result.FAIL, option.text)
        for number, option in enumerate(item.answer.options, 1)
    )
    return (*options, Cell(label(Result.NOT_APPLICABLE), 0, Result.NOT_APPLICABLE))


class AnswerBox(QWidget):
    """Answers side by side, chosen by click, by their digits or the arrow keys.

    `chosen`: on every choice; `decided`: by a key that continues to the next item, or a click on "failed";
    `moved` carries -1 or 1 for Up or Down.
    """

    chosen = Signal()
    decided = Signal()
    moved = Signal(int)

    def __init__(self, name: str, cells: Sequence[Cell]) -> None:
        super().__init__()
        self._name = name
        self._cells = cells
        self._at = -1
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self._update_accessible_name()

    @property
    def result(self) -> Result | None:
        """The answer, None while unanswered."""
        return self._cells[self._at].result if self._at >= 0 else None

    @property
    def value(self) -> str:
        """The text of the choice, '' of a mark."""
        return self._cells[self._at].value if self._at >= 0 else ""

    typed = value
    """The value as it is kept in a draft."""

    def set_result(self, result: Result | None) -> None:
        """Set the answer; of several with one result, the first."""
        self._choose(next((at for at, cell in enumerate(self._cells) if cell.result is result), -1))

    def set_answer(self, result: Result | None, value: str) -> None:
        """Set the answer by its result and value; one that is not offered is no answer."""
        found = (at for at, cell in enumerate(self._cells) if (cell.result, cell.value) == (result, value))
        self._choose(next(found, -1))

    def _choose(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._update_accessible_name()
            self.update()
            self.chosen.emit()

    def sizeHint(self) -> QSize:
        areas = self._areas()
        right = max(area.right() for area in areas)
        return QSize(right + 2, areas[-1].bottom() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        digit = key - Qt.Key.Key_0
        found = next((at for at, cell in enumerate(self._cells) if cell.digit == digit), -1)
        if found >= 0:
            self._choose(found)
            self.decided.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.decided.emit()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._choose(-1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)
            if self.result is Result.FAIL:
                self.decided.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, area in enumerate(self._areas()):
            self._paint_answer(painter, area, index)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("ink" if self.hasFocus() else "edge"), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)

    def _paint_answer(self, painter: QPainter, area: QRect, index: int) -> None:
        result = self._cells[index].result
        is_chosen = index == self._at
        if is_chosen:
            painter.fillRect(area.adjusted(1, 1, -1, -1), colour(f"{_TONES[result]}_soft"))
        elif index == self._hovered:
            painter.fillRect(area.adjusted(1, 1, -1, -1), colour("hover"))
        if area.left() > 1:
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(area.left(), area.top() + 1, area.left(), area.bottom() - 1)
        painter.setFont(self._font(is_chosen))
        painter.setPen(colour(_TONES[result] if is_chosen else "muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._answer_text(index, is_chosen))

    def _font(self, strong: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def _answer_text(self, index: int, is_chosen: bool) -> str:
        cell = self._cells[index]
        return f"{_MARKS[cell.result] if is_chosen else str(cell.digit)} {cell.text}"

    def _areas(self) -> list[QRect]:
        """Return where the answers stand: on one line, more lines if there are many."""
        metrics = QFontMetrics(self._font(True))
        height = self.fontMetrics().height() + 7
        most = _MOST_BOX * text_px() // TEXT_PX
        areas: list[QRect] = []
        left = top = 1
        for index in range(len(self._cells)):
            width = metrics.horizontalAdvance(self._answer_text(index, True)) + 22
            if left > 1 and left + width > most:
                left, top = 1, top + height
            areas.append(QRect(left, top, width, height))
            left += width
        return areas

    def _index_at(self, point: QPoint) -> int:
        return next((index for index, area in enumerate(self._areas()) if area.contains(point)), -1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _step(self, by: int) -> None:
        self._choose(max(0, min(self._at + by, len(self._cells) - 1)))

    def _update_accessible_name(self) -> None:
        answer = self._cells[self._at].text if self._at >= 0 else _("not answered")
        self.setAccessibleName(f"{self._name} {answer}")


class ItemRow(QFrame):
    """An item with its answers and the numbers of its photos; the remark field is shown if it failed."""

    changed = Signal()
    done = Signal()
    moved = Signal(int)

    def __init__(self, item: CheckItem, number: int, text: str, law: str) -> None:
        super().__init__()
        self.key = item.key
        self.can_pass = item.answer.kind is AnswerKind.MARK
        is_typed = item.answer.kind in _TYPED
        self.box: AnswerBox | ValueBox = ValueBox(text, item) if is_typed else AnswerBox(text, cells_of(item))
        self.remark = QLineEdit()
        self.remark.setPlaceholderText(_("Where and what failed; Enter continues"))
        self.remark.setAccessibleName(_("Remark on: {item}").format(item=text))
        self.remark.hide()
        self.photos = QLineEdit()
        self.photos.setPlaceholderText(_("Photo #"))
        self.photos.setAccessibleName(_("Photo numbers of: {item}").format(item=text))
        self.photos.setToolTip(_("As on the sheet: 12, 13–15 or IMG_0412"))
        self.photos.setMaxLength(LONGEST_NUMBERS)
        self.photos.setFixedWidth(_NUMBERS * text_px() // TEXT_PX)
        self.last = labels.label("", "doubt", wrap=True)
        self.last.hide()
        self.error = labels.label("", "error", wrap=True)
        self.error.hide()
        self._text = labels.label(text + _marks(item), wrap=True)
        self._text.setToolTip(law)
        number_label = labels.label(str(number), "muted")
        number_label.setFixedWidth(24)
        number_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = QWidget()
        words.setMinimumWidth(_LEAST_WORDS * text_px() // TEXT_PX)  # else the answers stand below
        beside = QHBoxLayout(words)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addWidget(number_label)
        beside.addWidget(self._text, 1)
        line = Flow()
        line.add(words, grows=True)
        line.add(self.box, end=True)
        line.add(self.photos, end=True)
        details = QVBoxLayout()
        details.setContentsMargins(36, 0, 0, 0)
        details.setSpacing(4)
        details.addWidget(self.last)
        details.addWidget(self.remark)
        details.addWidget(self.error)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 8, 3)
        column.setSpacing(4)
        column.addLayout(line)
        column.addLayout(details)
        self.box.chosen.connect(self._on_chosen)
        self.box.decided.connect(self._on_decided)
        self.box.moved.connect(self.moved)
        self.remark.textChanged.connect(self._on_typed)
        self.remark.returnPressed.connect(self.done)
        self.photos.textChanged.connect(self._on_typed)
        self.photos.returnPressed.connect(self.done)

    @property
    def result(self) -> Result | None:
        """The answer, None while unanswered."""
        return self.box.result

    def raw(self) -> list[str]:
        """Return answer, remark, value and photo numbers, as far as there are any, as stored in a draft."""
        result = self.result.value if self.result is not None else ""
        if self.photos.text():
            return [result, self.remark.text(), self.box.typed, self.photos.text()]
        return [result, self.remark.text(), *filter(None, (self.box.typed,))]

    def set_raw(self, answer: str, remark: str, value: str = "", photos: str = "") -> None:
        """Restore the result of `raw`."""
        self.remark.setText(remark)
        self.photos.setText(photos)
        self.box.set_answer(Result(answer) if answer in set(Result) else None, value)

    def show_last(self, remark: str) -> None:
        """Show below the item what was wrong last time; '' shows nothing."""
        self.last.setText(remark)
        self.last.setVisible(bool(remark))

    def show_error(self, message: str) -> None:
        """Show an error below the item; '' removes it."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        set_wrong(self.remark, bool(message))
        self.box.setAccessibleDescription(message)

    def focus(self) -> None:
        """Focus the remark if it is required and empty, else the answers."""
        needs_remark = self.result is Result.FAIL and not self.remark.text().strip()
        (self.remark if needs_remark else self.box).setFocus(Qt.FocusReason.TabFocusReason)

    def _on_chosen(self) -> None:
        self.remark.setVisible(self.result is Result.FAIL)
        self.show_error("")
        self.changed.emit()

    def _on_decided(self) -> None:
        if self.result is Result.FAIL:
            self.remark.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.done.emit()

    def _on_typed(self) -> None:
        is_long = len(self.remark.text().strip()) > LONGEST_REMARK
        text = _("This is longer than {n} characters. Shorten it.")
        are_numbers = read_numbers(self.photos.text()) is not None
        set_wrong(self.photos, not are_numbers)
        numbers = "" if are_numbers else _("Enter the numbers of photos, such as 12, 13–15 or IMG_0412.")
        self.show_error(text.format(n=LONGEST_REMARK) if is_long else numbers)
        self.changed.emit()


def _marks(item: CheckItem) -> str:
    """Return what the item asks for beside an answer, as it is marked on paper too."""
    must = _("must be inspected") if item.mandatory else ""
    photo = "" if item.photo is PhotoNeed.NEVER else _("photo: {when}").format(when=item.photo.label)
    marks = _(", ").join(filter(None, (must, photo)))
    return f"  [{marks}]" if marks else ""
