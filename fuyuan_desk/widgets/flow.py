"""A line of widgets that breaks into further lines where the window is narrow, so that nothing is cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

SPACING = 8
_LINE_SPACING = 6


@dataclass
class _Placed:
    """A widget in its line; `grows`: it takes what its line leaves over."""

    item: QLayoutItem
    width: int
    grows: bool = False


Line = list[_Placed]


class Flow(QLayout):
    """Widgets side by side; what has no room moves into a further line.

    Widgets added with `grows` take what their line leaves over, up to their maximum width, and are narrowed to their
    minimum before the line breaks; those added with `end` stand at the right end of the first line, or below it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._growing: list[QWidget] = []
        self._ending: list[QWidget] = []
        self._heights: dict[int, int] = {}
        self.setSpacing(SPACING)
        self.setContentsMargins(0, 0, 0, 0)
        if parent is not None:
            parent.setLayout(self)

    def add(self, widget: QWidget, *, grows: bool = False, end: bool = False) -> None:
        """Add a widget behind the others."""
        if grows:
            self._growing.append(widget)
        if end:
            self._ending.append(widget)
        self.addWidget(widget)

    def insertWidget(self, index: int, widget: QWidget) -> None:
        """Add a widget before the one with this number."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())

    # --- what Qt asks a layout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # PySide says: never None
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            margins = self.contentsMargins()
            heights = [_height(line) for line in self._lines(width - margins.left() - margins.right())]
            between = _LINE_SPACING * max(len(heights) - 1, 0)
            self._heights[width] = sum(heights) + between + margins.top() + margins.bottom()
        return self._heights[width]

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(len(shown) - 1, 0)
        return self._framed(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        least = [item.minimumSize() for item in self._shown()]
        return self._framed(
            max((size.width() for size in least), default=0),
            max((size.height() for size in least), default=0),
        )

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        margins = self.contentsMargins()
        inner = area.adjusted(margins.left(), margins.top(), -margins.right(), -margins.bottom())
        top = inner.top()
        for line in self._lines(inner.width()):
            height = _height(line)
            self._place(line, QRect(inner.left(), top, inner.width(), height))
            top += height + _LINE_SPACING

    # --- lines

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _framed(self, width: int, height: int) -> QSize:
        margins = self.contentsMargins()
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _lines(self, room: int) -> list[Line]:
        """Return the lines in this room; the widgets at the end come last in the first line, or below it."""
        parts = [self._part(item, room) for item in self._shown() if item.widget() not in self._ending]
        ending = [self._part(item, room) for item in self._shown() if item.widget() in self._ending]
        tail = self._broken(ending, room, room)
        first = room - sum(part.width + self.spacing() for part in ending)
        if not parts or not tail:
            lines = tail or self._broken(parts, room, room)
        elif len(tail) == 1 and parts[0].width <= first:
            lines = self._broken(parts, first, room)
            lines[0] += ending
        else:
            lines = [*self._broken(parts, room, room), *tail]
        for line in lines:
            self._grow(line, room)
        return lines

    def _part(self, item: QLayoutItem, room: int) -> _Placed:
        grows = item.widget() in self._growing
        wanted = (item.minimumSize() if grows else item.sizeHint()).width()
        return _Placed(item, min(wanted, max(room, item.minimumSize().width())), grows)

    def _broken(self, parts: Sequence[_Placed], first: int, room: int) -> list[Line]:
        lines: list[Line] = []
        left = 0
        for part in parts:
            if not lines or part.width > left:
                left = room if lines else first
                lines.append([])
            lines[-1].append(part)
            left -= part.width + self.spacing()
        return lines

    def _grow(self, line: Line, room: int) -> None:
        left = room - sum(part.width for part in line) - self.spacing() * (len(line) - 1)
        growing = [part for part in line if part.grows]
        for number, part in enumerate(growing):
            share = max(left, 0) // (len(growing) - number)
            more = min(share, max(part.item.maximumSize().width() - part.width, 0))
            part.width += more
            left -= more

    def _place(self, line: Line, area: QRect) -> None:
        ending = [part for part in line if part.item.widget() in self._ending]
        x = area.left()
        for part in line:
            if ending and part is ending[0]:
                used = sum(one.width for one in ending) + self.spacing() * (len(ending) - 1)
                x = max(x, area.right() + 1 - used)
            height = min(_height([part]), area.height())
            part.item.setGeometry(QRect(x, area.top() + (area.height() - height) // 2, part.width, height))
            x += part.width + self.spacing()


def _height(line: Line) -> int:
    return max(
        part.item.heightForWidth(part.width)
        if part.item.hasHeightForWidth()
        else part.item.sizeHint().height()
        for part in line
    )
