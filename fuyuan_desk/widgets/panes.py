"""Parts of a page side by side; in a narrow window one at a time, under tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabBar, QVBoxLayout, QWidget

from fuyuan_desk.widgets.room import Bounded, least_size

_HANDLE, _BELOW_TABS = 12, 4


class Panes(Bounded):
    """Shows parts, each with a title, side by side while all fit in their least widths, else one under tabs.

    `shares` are their widths in relation to each other.
    """

    def __init__(self, parts: Sequence[tuple[str, QWidget]], shares: Sequence[int]) -> None:
        super().__init__()
        self._parts = [part for _title, part in parts]
        self._shares = list(shares)
        self._is_narrow = False
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        for title, _part in parts:
            self.bar.addTab(title)
        self.bar.hide()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(_HANDLE)
        self._split.setChildrenCollapsible(False)
        for number, part in enumerate(self._parts):
            self._split.addWidget(part)
            self._split.setStretchFactor(number, shares[number])
        self._split.setSizes(self._shares)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BELOW_TABS)
        column.addWidget(self.bar)
        column.addWidget(self._split, 1)
        self.bar.currentChanged.connect(lambda _index: self._arrange())

    @property
    def is_narrow(self) -> bool:
        """Whether one part is shown at a time."""
        return self._is_narrow

    def bring(self, part: QWidget) -> None:
        """Show this part, or the one in which this widget is, where one is shown at a time."""
        for number, one in enumerate(self._parts):
            if one is part or one.isAncestorOf(part):
                self.bar.setCurrentIndex(number)

    def minimumSizeHint(self) -> QSize:
        """Return what the largest part and the tabs require: there is room for all parts, or one is shown."""
        widths = [least_size(part).width() for part in self._parts]
        heights = [least_size(part).height() for part in self._parts if not part.isHidden()]
        tabs = self.bar.sizeHint().height() + _BELOW_TABS if self._is_narrow else 0
        return QSize(max(widths), max(heights) + tabs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        needed = sum(least_size(part).width() for part in self._parts) + _HANDLE * (len(self._parts) - 1)
        is_narrow = self.width() < needed
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange()
            self._split.setSizes(self._shares)
        super().resizeEvent(event)

    def _arrange(self) -> None:
        self.bar.setVisible(self._is_narrow)
        for number, part in enumerate(self._parts):
            part.setHidden(self._is_narrow and number != self.bar.currentIndex())
