"""The frame of the window: navigation at the left, search at the top, the current page, the status line."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import PageController
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.room import least_size
from fuyuan_desk.widgets.side_nav import NavGroup, NavItem, SideNav
from fuyuan_desk.widgets.status_line import StatusLine
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

NARROW, PAGE = 1200, 870
"""Below this width of the window in pixels the navigation shows only icons, and where it would leave a page less than
this width, at normal text size."""
_SEARCH_WIDTH = 640


class _Pages(QWidget):
    """A stack of pages, as large as its window and at least as large as the current page requires.

    It has no layout: Qt would ask all pages of a layout how high they would like to be, and scroll the current one
    for the sake of another.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget(self)
        self.stack.currentChanged.connect(lambda _index: self._fit())

    def _fit(self) -> None:
        """Require what the current page cannot do without in this width."""
        self.setMinimumSize(least_size(self.stack.currentWidget()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.stack.count():
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stack.setGeometry(self.rect())
        if self.stack.count():
            self._fit()


def _scrolled(pages: _Pages) -> QScrollArea:
    """Wrap the pages in a scroll area, for screens too small for them, such as 1366 × 768 at 200 %."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(pages)
    pages.stack.currentChanged.connect(lambda _index: area.horizontalScrollBar().setValue(0))
    pages.stack.currentChanged.connect(lambda _index: area.verticalScrollBar().setValue(0))
    return area


class Frame(QWidget):
    """Holds the pages and creates each when it is first shown.

    `lock_requested()`: the operator locks the desk; `page_left()`: another page is about to be shown;
    `page_shown(name)`: it is shown; `page_chosen_again(name)`: the operator chose the page that is shown;
    `back_requested()`, `forward_requested()`: to the previous or next place; `help_requested()`: F1 was pressed.
    """

    lock_requested = Signal()
    page_left = Signal()
    page_shown = Signal(str)
    page_chosen_again = Signal(str)
    back_requested = Signal()
    forward_requested = Signal()
    help_requested = Signal()

    def __init__(
        self,
        items: Sequence[NavItem],
        make: Callable[[str], PageController],
        search: QWidget,
        title: str,
        groups: Sequence[NavGroup] = (),
        folded: Mapping[str, bool] | None = None,
    ) -> None:
        super().__init__()
        self._make = make
        self._made: dict[str, PageController] = {}
        self._current = ""
        self._under: dict[str, str] = {}
        self.nav = SideNav(items, title, groups, folded)
        self.nav.chosen.connect(self._on_nav)
        self.back = icon_button("chevron-left", _("Back"))
        self.forward = icon_button("chevron-right", _("Forward"))
        self.banner = Banner()
        self.unfinished = Banner()
        self.full_disk = Banner()
        self.status = StatusLine()
        self._pages = _Pages()
        self._stack = self._pages.stack
        self._build(search)
        self._shortcut("Ctrl+L", self.lock_requested.emit)
        self._shortcut("F1", self.help_requested.emit)
        self._connect_way(self.back, "Alt+Left", self.back_requested)
        self._connect_way(self.forward, "Alt+Right", self.forward_requested)
        self.show_ways(False, False)

    def _build(self, search: QWidget) -> None:
        top = QFrame()
        top.setProperty("role", "topbar")
        bar = QHBoxLayout(top)
        bar.setContentsMargins(16, 6, 16, 6)
        bar.setSpacing(4)
        bar.addWidget(self.back)
        bar.addWidget(self.forward)
        bar.addSpacing(4)
        search.setMaximumWidth(_SEARCH_WIDTH)
        bar.addWidget(search, 1)
        bar.addStretch(0)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(top)
        banner = QVBoxLayout()
        banner.setContentsMargins(16, 8, 16, 0)
        banner.setSpacing(4)
        banner.addWidget(self.full_disk)
        banner.addWidget(self.banner)
        banner.addWidget(self.unfinished)
        middle.addLayout(banner)
        middle.addWidget(_scrolled(self._pages), 1)
        middle.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addLayout(middle, 1)

    def _connect_way(self, way: QToolButton, keys: str, requested: SignalInstance) -> None:
        # the keys belong to the window: a place that was not noted yet is left while the button is still disabled
        self._shortcut(keys, requested.emit)
        way.setToolTip(f"{way.accessibleName()} ({keys})")
        way.clicked.connect(lambda _checked: requested.emit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_navigation()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.isVisible():
            self._fit_navigation()

    def _fit_navigation(self) -> None:
        page = self.width() - self.nav.full_width()
        self.nav.set_narrow(self.width() < NARROW or page < PAGE * text_px() // TEXT_PX)

    def show_ways(self, back: bool, forward: bool) -> None:
        """Enable the buttons for which there is a place."""
        self.back.setEnabled(back)
        self.forward.setEnabled(forward)

    def lead_from(self, under: Mapping[str, str]) -> None:
        """Mark another page in the navigation for these pages, which are not listed there."""
        self._under = dict(under)

    def _shortcut(self, keys: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(action)

    def controller(self, name: str) -> PageController:
        """Return the controller of a page, which is created on first use."""
        if name not in self._made:
            controller = self._make(name)
            self._made[name] = controller
            self._stack.addWidget(controller.page)
        return self._made[name]

    def go(self, name: str) -> PageController:
        """Show a page and return its controller."""
        controller = self.controller(name)
        self.page_left.emit()
        self._current = name
        self._stack.setCurrentWidget(controller.page)
        self.nav.choose(self._under.get(name, name))
        self.banner.clear()
        self.page_shown.emit(name)
        return controller

    def enter(self, name: str) -> None:
        """Show a page and focus what is to be worked on there."""
        page = self.go(name).page
        focused = QApplication.focusWidget()
        if focused is not None and page.isAncestorOf(focused):
            return
        target = _initial_focus(page)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_nav(self, name: str) -> None:
        is_again = name == self._current
        self.enter(name)
        if is_again:
            self.page_chosen_again.emit(name)

    @property
    def current(self) -> str:
        """The name of the current page."""
        return self._current

    @property
    def made(self) -> dict[str, PageController]:
        """The controllers created so far, by page."""
        return dict(self._made)

    def refuse(self, refusal: UserError, retry: Callable[[], object] | None = None) -> None:
        """Show a refusal that no page handled; `retry` repeats the work once the cause is removed."""
        if retry is None:
            self.banner.refuse(refusal)
        else:
            self.banner.say("error", refusal.message, _("&Try again"), retry)

    def show_operator(self, text: str) -> None:
        """Show who is signed in."""
        self.status.set_item("operator", text, "user", _("Signed in. Ctrl+L locks the desk."))


def _initial_focus(page: QWidget) -> QWidget | None:
    """Return the widget to focus: the last one focused, else the list, first step, tabs or primary button."""
    return next((found for found in _to_focus(page) if found.isVisible() and found.isEnabled()), None)


def _to_focus(page: QWidget) -> Iterator[QWidget]:
    # one kind after the other: each search looks at all objects of the page
    previous: QWidget | None = page.focusWidget()  # None before anything in the page was focused
    if previous is not None:
        yield previous
    yield from page.findChildren(QAbstractItemView)
    buttons = [found for found in page.findChildren(QPushButton) if found.property("role") == "primary"]
    yield from (found for found in buttons if isinstance(found.parentWidget(), EmptyState))
    yield from page.findChildren(QTabBar)
    yield from buttons
