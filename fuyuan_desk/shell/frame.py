"""The desk's frame: navigation at the left, search at the top, one page at a time, a quiet line at the foot."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import PageController
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.side_nav import NavItem, SideNav
from fuyuan_desk.widgets.status_line import StatusLine


class _Pages(QStackedWidget):
    """Asks for the room of the page that is shown, not of the widest of all."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _place: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        if not self.count():
            return QSize()
        page = self.currentWidget()
        return page.minimumSizeHint().expandedTo(page.minimumSize())


def _scrolled(pages: QStackedWidget) -> QScrollArea:
    """Let pages scroll on a screen too small for them, such as 1366 × 768 at 150 %."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(pages)
    pages.currentChanged.connect(lambda _place: area.horizontalScrollBar().setValue(0))
    pages.currentChanged.connect(lambda _place: area.verticalScrollBar().setValue(0))
    return area


class Frame(QWidget):
    """Holds the pages, each made when it is first gone to.

    `lock_requested`: the operator leaves the desk; `page_shown(name)`.
    """

    lock_requested = Signal()
    page_shown = Signal(str)

    def __init__(
        self, items: Sequence[NavItem], make: Callable[[str], PageController], search: QWidget, title: str
    ) -> None:
        super().__init__()
        self._make = make
        self._made: dict[str, PageController] = {}
        self.nav = SideNav(items, title)
        self.nav.chosen.connect(self._enter)
        self.banner = Banner()
        self.status = StatusLine()
        self._stack = _Pages()
        self._build(search)
        self._shortcut("Ctrl+L", self.lock_requested.emit)

    def _build(self, search: QWidget) -> None:
        top = QFrame()
        top.setProperty("role", "topbar")
        bar = QHBoxLayout(top)
        bar.setContentsMargins(16, 8, 16, 8)
        bar.addWidget(search, 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(top)
        held = QVBoxLayout()
        held.setContentsMargins(16, 8, 16, 0)
        held.addWidget(self.banner)
        middle.addLayout(held)
        middle.addWidget(_scrolled(self._stack), 1)
        middle.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addLayout(middle, 1)

    def _shortcut(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    def controller(self, name: str) -> PageController:
        """Give the controller of a page, made when first asked for."""
        if name not in self._made:
            made = self._make(name)
            self._made[name] = made
            self._stack.addWidget(made.page)
        return self._made[name]

    def go(self, name: str) -> PageController:
        """Show a page."""
        controller = self.controller(name)
        self._stack.setCurrentWidget(controller.page)
        self.nav.choose(name)
        self.banner.clear()
        self.page_shown.emit(name)
        return controller

    def _enter(self, name: str) -> None:
        page = self.go(name).page
        focused = QApplication.focusWidget()
        if focused is not None and page.isAncestorOf(focused):
            return
        begins_at = _where_to_begin(page)
        if begins_at is not None:
            begins_at.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def current(self) -> str:
        """The name of the page shown."""
        return self.nav.current

    @property
    def made(self) -> dict[str, PageController]:
        """The controllers made so far, by page."""
        return dict(self._made)

    def refuse(self, refusal: UserError, again: Callable[[], object] | None = None) -> None:
        """Show a refusal that no page took; `again` does the same work anew, once what hindered it is mended."""
        if again is None:
            self.banner.refuse(refusal)
        else:
            self.banner.say("error", refusal.message, _("&Try again"), again)

    def show_operator(self, text: str) -> None:
        """Show who is signed in."""
        self.status.set_item("operator", text, "user", _("Signed in. Ctrl+L locks the desk."))


def _where_to_begin(page: QWidget) -> QWidget | None:
    """Give where the cursor was when the page was left, else its list, first step, tabs or primary act."""
    former: QWidget | None = page.focusWidget()  # none while nothing in it had the cursor
    lists: list[QWidget] = [*page.findChildren(QAbstractItemView)]
    acts = [made for made in page.findChildren(QPushButton) if made.property("role") == "primary"]
    first_steps = [made for made in acts if isinstance(made.parentWidget(), EmptyState)]
    for widget in (former, *lists, *first_steps, *page.findChildren(QTabBar), *acts):
        if widget is not None and widget.isVisible() and widget.isEnabled():
            return widget
    return None
