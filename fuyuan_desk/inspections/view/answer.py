"""One item of a checklist: its three answers, and a remark if it failed."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.rules.visits import LONGEST_REMARK, Result, label
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.theme import TEXT_PX, colour, set_wrong, text_px

_LEAST_WORDS = 200  # pixels at normal text size
_ORDER = list(Result)
_TONES = {Result.PASS: "ok", Result.FAIL: "error", Result.NOT_APPLICABLE: "neutral"}
_MARKS = {Result.PASS: "✓", Result.FAIL: "✗", Result.NOT_APPLICABLE: "–"}
_KEYS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}


class AnswerBox(QWidget):
    """Three answers side by side, chosen by click, the keys 1 2 3 or the arrow keys.

    `chosen`: on every choice; `decided`: by a key that continues to the next item, or a click on "failed";
    `moved` carries -1 or 1 for Up or Down.
    """

    chosen = Signal()
    decided = Signal()
    moved = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._result: Result | None = None
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self._update_accessible_name()

    @property
    def result(self) -> Result | None:
        """The answer, None while unanswered."""
        return self._result

    def set_result(self, result: Result | None) -> None:
        """Set the answer."""
        if result is not self._result:
            self._result = result
            self._update_accessible_name()
            self.update()
            self.chosen.emit()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 2, self.fontMetrics().height() + 9)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.set_result(_ORDER[_KEYS[key]])
            self.decided.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.decided.emit()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_result(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint().x())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.set_result(_ORDER[index])
            if self._result is Result.FAIL:
                self.decided.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position().toPoint().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 1
        for index, width in enumerate(self._widths()):
            self._paint_answer(painter, QRect(left, 1, width, self.height() - 2), index)
            left += width
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("ink" if self.hasFocus() else "edge"), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)

    def _paint_answer(self, painter: QPainter, area: QRect, index: int) -> None:
        result = _ORDER[index]
        is_chosen = result is self._result
        if is_chosen:
            painter.fillRect(area.adjusted(1, 1, -1, -1), colour(f"{_TONES[result]}_soft"))
        elif index == self._hovered:
            painter.fillRect(area.adjusted(1, 1, -1, -1), colour("hover"))
        if index:
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(area.left(), area.top() + 1, area.left(), area.bottom() - 1)
        painter.setFont(self._font(is_chosen))
        painter.setPen(colour(_TONES[result] if is_chosen else "muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._answer_text(result, is_chosen))

    def _font(self, strong: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def _answer_text(self, result: Result, is_chosen: bool) -> str:
        mark = _MARKS[result] if is_chosen else str(_ORDER.index(result) + 1)
        return f"{mark} {label(result)}"

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self._font(True))
        return [metrics.horizontalAdvance(self._answer_text(result, True)) + 22 for result in _ORDER]

    def _index_at(self, x: int) -> int:
        left = 1
        for index, width in enumerate(self._widths()):
            if left <= x < left + width:
                return index
            left += width
        return -1

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _step(self, by: int) -> None:
        index = -1 if self._result is None else _ORDER.index(self._result)
        self.set_result(_ORDER[max(0, min(index + by, len(_ORDER) - 1))])

    def _update_accessible_name(self) -> None:
        answer = label(self._result) if self._result is not None else _("not answered")
        self.setAccessibleName(f"{self._name} {answer}")


class ItemRow(QFrame):
    """An item with its answers; the remark field is shown if it failed."""

    changed = Signal()
    done = Signal()
    moved = Signal(int)

    def __init__(self, key: str, number: int, text: str, law: str) -> None:
        super().__init__()
        self.key = key
        self.box = AnswerBox(text)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText(_("Where and what failed; Enter continues"))
        self.remark.setAccessibleName(_("Remark on: {item}").format(item=text))
        self.remark.hide()
        self.last = labels.label("", "doubt", wrap=True)
        self.last.hide()
        self.error = labels.label("", "error", wrap=True)
        self.error.hide()
        self._text = labels.label(text, wrap=True)
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

    @property
    def result(self) -> Result | None:
        """The answer, None while unanswered."""
        return self.box.result

    def raw(self) -> list[str]:
        """Return answer and remark as stored in a draft."""
        return [self.result.value if self.result is not None else "", self.remark.text()]

    def set_raw(self, answer: str, remark: str) -> None:
        """Restore the result of `raw`."""
        self.remark.setText(remark)
        self.box.set_result(Result(answer) if answer in set(Result) else None)

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
        self.show_error(text.format(n=LONGEST_REMARK) if is_long else "")
        self.changed.emit()
