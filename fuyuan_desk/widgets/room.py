"""Containers that require no more room than their content cannot do without.

Where a text wraps, Qt requires the preferred height of everything around it, also of lists and forms that scroll, and
of pages that are not in sight. In a low window the page would then be scrolled as a whole, its buttons out of sight.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import icon_button

SPACING = 6
_MOST_KEYS = 9
_NARROWED = QEvent.Type(QEvent.registerEventType())


def least_size(widget: QWidget) -> QSize:
    """Return the size in pixels below which a widget's content is cut, in its present width."""
    least = widget.minimumSizeHint()
    layout = widget.layout()
    if layout is not None and widget.hasHeightForWidth():
        height = layout.totalMinimumHeightForWidth(max(widget.width(), least.width()))
        least.setHeight(height)
    return least.expandedTo(widget.minimumSize())


def page_column(page: QWidget) -> QVBoxLayout:
    """Lay out a page: a column with the margins that all pages have."""
    column = QVBoxLayout(page)
    column.setContentsMargins(24, SPACING, 24, 12)
    column.setSpacing(SPACING)
    return column


def scrolled(inner: QWidget | None = None) -> QScrollArea:
    """Wrap a widget in a frameless scroll area; None leaves it empty for the time being."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if inner is not None:
        inner.setProperty("role", "page")
        area.setWidget(inner)
    return area


def padded(inner: QWidget) -> QWidget:
    """Return the content of a tab, with a margin below the tabs."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, SPACING, 0, 0)
    column.addWidget(inner)
    return made


def _tell_later(widget: QWidget, event: QResizeEvent) -> None:
    """Tell those around that lines may have been broken: afterwards, as Qt does not listen while it lays out."""
    if event.size().width() != event.oldSize().width():
        QCoreApplication.postEvent(widget, QEvent(_NARROWED))


def _pass_on(widget: QWidget, event: QEvent) -> bool:
    """Pass on what `_tell_later` told, which splitters and tabs would not do; return whether it was that."""
    if event.type() != _NARROWED:
        return False
    around: QWidget | None = widget
    while around is not None and not around.isWindow():
        around.updateGeometry()
        around = around.parentWidget()
    return True


class Bounded(QFrame):
    """A widget with a layout; what in it scrolls can be made as low as it likes."""

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return super().minimumSizeHint()
        least = layout.totalMinimumSize()
        if layout.hasHeightForWidth():
            least.setHeight(layout.totalMinimumHeightForWidth(max(self.width(), least.width())))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        _tell_later(self, event)

    def event(self, event: QEvent) -> bool:
        return _pass_on(self, event) or super().event(event)


class Stack(QStackedWidget):
    """Pages of which one is in sight; it alone determines the least size."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        return least_size(self.currentWidget()) if self.count() else QSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        _tell_later(self, event)

    def event(self, event: QEvent) -> bool:
        return _pass_on(self, event) or super().event(event)


class Tabs(QTabWidget):
    """Tabs without a frame; the one in sight alone determines the least size.

    Tabs for which the width does not suffice are in the menu of a button beside the others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self._folded_for: tuple[object, ...] = ()
        self._more = icon_button("more", _("More tabs"), self._open_menu)
        self._more.hide()
        self.setCornerWidget(self._more)
        self.currentChanged.connect(self._on_current)

    def add_keys(self, page: QWidget) -> None:
        """Let Ctrl and a digit show the tab of that number while the focus is on `page`."""
        for index in range(_MOST_KEYS):
            keys = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), page)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(lambda index=index: self.setCurrentIndex(index))

    def _on_current(self, _index: int) -> None:
        self.updateGeometry()
        self._fold()

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self._fold()

    def setTabText(self, index: int, text: str) -> None:
        """Change the title of a tab."""
        super().setTabText(index, text)
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        _tell_later(self, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Show as many tabs as there is room for, the current one among them, and the others in the menu."""
        numbers = range(self.count())
        now = (self.width(), self.currentIndex(), *map(self.tabText, numbers))
        if now == self._folded_for or not self.isVisible():
            return
        self._folded_for = now
        for number in numbers:
            self.setTabVisible(number, True)
        self._more.setVisible(self.tabBar().sizeHint().width() > self.width())
        room = self.width() - (0 if self._more.isHidden() else self._more.sizeHint().width())
        for number in reversed(numbers):
            if self.tabBar().sizeHint().width() > room and number != self.currentIndex():
                self.setTabVisible(number, False)
        self._scroll_back()

    def _scroll_back(self) -> None:
        """Show the first tab at the left edge: Qt stays scrolled to where the current one was."""
        bar, current = self.tabBar(), self.currentIndex()
        bar.blockSignals(True)
        bar.setCurrentIndex(next((n for n in range(self.count()) if self.isTabVisible(n)), current))
        bar.setCurrentIndex(current)
        bar.blockSignals(False)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number in range(self.count()):
            if not self.isTabVisible(number):
                menu.addAction(self.tabText(number)).triggered.connect(
                    lambda _checked, number=number: self.setCurrentIndex(number)
                )
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def setCurrentIndex(self, index: int) -> None:
        """Show a tab, also one of the menu."""
        if 0 <= index < self.count() and not self.isTabVisible(index):
            self.setTabVisible(index, True)
        super().setCurrentIndex(index)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # Qt keeps to itself that a page has become higher
        return _pass_on(self, event) or super().event(event)

    def hasHeightForWidth(self) -> bool:
        return False

    def minimumSizeHint(self) -> QSize:
        page = least_size(self.currentWidget()) if self.count() else QSize(0, 0)
        return page + QSize(0, self.tabBar().sizeHint().height() + 2)
