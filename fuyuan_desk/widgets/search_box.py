"""The search box: results by kind appear below it while typing, all usable by keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import clear_action
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.icons import icon, paint_icon
from fuyuan_desk.widgets.theme import colour, smaller

DEBOUNCE_MS = 25
_HIT_ROLE = Qt.ItemDataRole.UserRole + 1
_MAX_HEIGHT = 480
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True)
class SearchHit:
    """One result: its kind, its record, and the texts to show.

    `meant` says what a guess matches instead, `why` which fields contain what was typed.
    """

    kind: str
    record_id: int
    title: str
    detail: str = ""
    picture: str = ""
    meant: str = ""
    why: str = ""


def guessed_groups(hits: Sequence[SearchHit]) -> list[tuple[str, list[SearchHit]]]:
    """Return guesses by what they match, each under a heading that says so, for `SearchBox.show_hits`."""
    by_words: dict[str, list[SearchHit]] = {}
    for hit in hits:
        by_words.setdefault(hit.meant, []).append(hit)
    return [(_("Perhaps {words}").format(words=words), found) for words, found in by_words.items()]


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line = option.fontMetrics.height()  # type: ignore[attr-defined]
        return QSize(200, line + (8 if index.data(_HIT_ROLE) is None else 16))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Any = index.data(_HIT_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.save()
        if not isinstance(hit, SearchHit):
            painter.setFont(smaller(font))
            painter.setPen(colour("muted"))
            painter.drawText(area.adjusted(12, 0, -8, 0), middle, str(index.data()))
            painter.restore()
            return
        if index == self._view().currentIndex():
            painter.fillRect(area, colour("accent_soft"))
            painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), colour("accent"))
        if hit.picture:
            paint_icon(painter, hit.picture, QPoint(area.left() + 14, area.center().y() - 9), 20, "muted")
        text_area = area.adjusted(44, 0, -12, 0)
        painter.setFont(font)
        painter.setPen(colour("ink"))
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(hit.title), text_area.width())
        painter.drawText(
            text_area, middle, metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, width + 1)
        )
        rest = text_area.adjusted(width + 16, 0, 0, 0)
        if hit.why and rest.width() > 40:
            painter.setPen(colour("muted"))
            why = metrics.elidedText(hit.why, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, middle, why)
            rest = rest.adjusted(metrics.horizontalAdvance(why) + 16, 0, 0, 0)
        if hit.detail and rest.width() > 40:
            painter.setPen(colour("muted"))
            text = metrics.elidedText(hit.detail, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        painter.restore()

    def _view(self) -> QListWidget:
        view = self.parent()
        assert isinstance(view, QListWidget)
        return view


class SearchBox(QLineEdit):
    """Search as you type; Ctrl+K focuses it from anywhere in the window if `window_shortcut`.

    `asked` carries the text shortly after the last keystroke; answer with `show_hits`.
    `chosen` carries the `SearchHit` chosen with Enter or a click. `recent_asked` asks for the records opened lately,
    for a box without text; answer with `show_hits` and "".
    """

    asked = Signal(str)
    chosen = Signal(object)
    recent_asked = Signal()

    def __init__(self, hint: str = "", window_shortcut: bool = True) -> None:
        super().__init__()
        text = hint or _("Search estates, addresses, people, cases")
        self.setPlaceholderText(_("{hint}  (Ctrl+K)").format(hint=text) if window_shortcut else text)
        self.setAccessibleName(text)
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self, _("Clear the search"))
        self._popup: QFrame | None = None
        self._answered = ""
        self.results = QListWidget()
        self.results.setItemDelegate(_HitDelegate(self.results))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setMouseTracking(True)
        self.results.setFrameShape(QFrame.Shape.NoFrame)
        self.results.setStyleSheet("QListWidget, QListWidget:focus { border: none; }")
        self.results.setAccessibleName(_("Search results"))
        self.results.itemEntered.connect(self._on_entered)
        self.results.itemClicked.connect(self._choose)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self._settled = SettledText(self)
        self._settled.changed.connect(self._on_text)
        if window_shortcut:
            key = QShortcut(QKeySequence("Ctrl+K"), self)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(self.begin)

    def begin(self) -> None:
        """Focus the box and select its text."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if not self.text().strip():
            self.recent_asked.emit()

    def show_hits(self, text: str, groups: Sequence[tuple[str, Sequence[SearchHit]]]) -> None:
        """Show results by kind (heading, hits); ignored when the text has changed since."""
        if text != self.text().strip() or not self.hasFocus():
            return
        self._answered = text
        self.results.clear()
        self._add(groups)
        if self.results.count() == 0 and not text:
            self.close_results()
            return
        if self.results.count() == 0:
            nothing = QListWidgetItem(_("Nothing found for “{text}”").format(text=text))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nothing)
        self._move(1, start=-1)
        self._open()

    def add_hits(self, text: str, groups: Sequence[tuple[str, Sequence[SearchHit]]]) -> None:
        """Add results below those shown, leaving the choice where it is; ignored once the results are closed."""
        if text != self.text().strip() or not self.is_open:
            return
        self._add(groups)
        self._place()

    def _add(self, groups: Sequence[tuple[str, Sequence[SearchHit]]]) -> None:
        for heading, hits in groups:
            if not hits:
                continue
            head = QListWidgetItem(heading)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(head)
            for hit in hits:
                item = QListWidgetItem(" ".join(filter(None, (hit.title, hit.why, hit.detail))))
                item.setData(_HIT_ROLE, hit)
                self.results.addItem(item)

    @property
    def is_open(self) -> bool:
        """Whether results are shown."""
        return self._popup is not None and self._popup.isVisible()

    def current_hit(self) -> SearchHit | None:
        """Return the result that Enter would choose."""
        row = self.results.currentRow()
        hit = self.results.item(row).data(_HIT_ROLE) if row >= 0 else None
        return hit if isinstance(hit, SearchHit) else None

    def close_results(self) -> None:
        """Hide the results."""
        if self._popup is not None:
            self._popup.hide()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if self._settled.is_composing:
                return super().event(event)
            if event.type() == QEvent.Type.KeyPress and self._on_key(
                event.key(), event.modifiers() == Qt.KeyboardModifier.NoModifier
            ):
                return True
            # Esc closes the results before any shortcut of the window sees it
            if (
                event.type() == QEvent.Type.ShortcutOverride
                and event.key() == Qt.Key.Key_Escape
                and self.is_open
            ):
                event.accept()
                return True
        return super().event(event)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_results()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.is_open:
            self._place()
        return super().eventFilter(watched, event)

    def _on_key(self, key: int, plain: bool) -> bool:
        if key == Qt.Key.Key_Escape and (self.is_open or self.text()):
            if self.is_open:
                self.close_results()
            else:
                self.clear()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # what is shown may still answer a text before this one: Enter must not open that
            is_answer = self.is_open and self._answered == self.text().strip()
            if is_answer and self.results.currentRow() >= 0:
                self._choose(self.results.currentItem())
            else:
                self._search()
            return True
        if self.is_open and plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = self.results.count()
            self._move(*((1, -1) if key == Qt.Key.Key_Home else (-1, last)))
            return True
        if self.is_open and key in _STEPS:
            self._move(_STEPS[key], start=self.results.currentRow())
            return True
        if self.is_open and key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._move_group(1 if key == Qt.Key.Key_PageDown else -1)
            return True
        if not self.is_open and key == Qt.Key.Key_Down:
            self._search() if self.text().strip() else self.recent_asked.emit()
            return True
        return False

    def _move_group(self, step: int) -> None:
        """Go to the first result of the next group, or of this one and the groups before it."""
        hits = [self.results.item(row).data(_HIT_ROLE) is not None for row in range(self.results.count())]
        firsts = [row for row in range(1, len(hits)) if hits[row] and not hits[row - 1]]
        here = self.results.currentRow()
        ahead = [row for row in firsts if (row > here if step > 0 else row < here)]
        if ahead:
            self._choose_row(ahead[0] if step > 0 else ahead[-1])

    def _choose_row(self, row: int) -> None:
        self.results.setCurrentRow(row)
        if row == 1:  # with its heading
            self.results.scrollToTop()

    def _move(self, step: int, start: int) -> None:
        row = start + step
        while 0 <= row < self.results.count():
            if self.results.item(row).data(_HIT_ROLE) is not None:
                self._choose_row(row)
                return
            row += step
        if start < 0:
            self.results.setCurrentRow(-1)

    def _on_text(self, text: str) -> None:
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.close_results()

    def _search(self) -> None:
        self._timer.stop()
        if text := self.text().strip():
            self.asked.emit(text)

    def _on_entered(self, item: QListWidgetItem) -> None:
        if item.data(_HIT_ROLE) is not None:
            self.results.setCurrentItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        hit = item.data(_HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.close_results()
            self.chosen.emit(hit)

    def _open(self) -> None:
        if self._popup is None:
            window = self.window()
            self._popup = QFrame(window)
            self._popup.setProperty("role", "popup")
            column = QVBoxLayout(self._popup)
            column.setContentsMargins(4, 4, 4, 4)
            column.addWidget(self.results)
            window.installEventFilter(self)
        self._place()
        self._popup.show()
        self._popup.raise_()

    def _place(self) -> None:
        if self._popup is None:
            return
        window: QWidget = self.window()
        corner = self.mapTo(window, QPoint(0, self.height() + 2))
        rows = sum(self.results.sizeHintForRow(row) for row in range(self.results.count()))
        room = window.height() - corner.y() - 16
        height = min(rows + 12, _MAX_HEIGHT, room)
        width = min(max(self.width(), 560), window.width() - 32)
        left = min(corner.x(), window.width() - width - 16)
        self._popup.setGeometry(left, corner.y(), width, height)
