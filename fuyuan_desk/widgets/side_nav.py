"""The side navigation: pages with icons and counts of due items."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.theme import set_role

WIDTH = 208


@dataclass(frozen=True)
class NavItem:
    """A page; `below` puts it at the bottom, with settings and help."""

    name: str
    text: str
    picture: str
    below: bool = False


class _NavButton(QPushButton):
    def __init__(self, item: NavItem, shortcut: str) -> None:
        super().__init__(icon(item.picture), "  " + item.text)
        self.item = item
        self.setCheckable(True)
        self.setProperty("role", "nav")
        self.setIconSize(QSize(20, 20))
        self.setAccessibleName(item.text)
        self.setToolTip(f"{item.text} ({shortcut})" if shortcut else item.text)
        if shortcut:
            self.setShortcut(QKeySequence(shortcut))
        self.badge = label("", "badge")
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.badge.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.addStretch(1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.toggled.connect(lambda on: self.setIcon(icon(item.picture, "accent" if on else "ink")))


class SideNav(QFrame):
    """A column of pages, chosen by click, arrow keys or Ctrl+1 … Ctrl+9."""

    chosen = Signal(str)

    def __init__(self, items: Sequence[NavItem], title: str = "") -> None:
        super().__init__()
        self.setProperty("role", "sidenav")
        self.setAccessibleName(_("Pages"))
        self._buttons: dict[str, _NavButton] = {}
        self._group = QButtonGroup(self)
        self._subtitle = label("", "hint", wrap=True)
        self._subtitle.setContentsMargins(18, 0, 8, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 8)
        column.setSpacing(2)
        if title:
            head = label(title, "title")
            head.setContentsMargins(18, 0, 8, 0)
            column.addWidget(head)
            column.addWidget(self._subtitle)
        for item in items:
            if not item.below:
                column.addWidget(self._add(item))
        column.addStretch(1)
        if any(item.below for item in items):
            column.addWidget(rule())
        for item in items:
            if item.below:
                column.addWidget(self._add(item))
        self._fit()

    def set_subtitle(self, text: str) -> None:
        """Change the subtitle, e.g. the committee's name."""
        self._subtitle.setText(text)

    def choose(self, name: str) -> None:
        """Mark a page as current, without emitting `chosen`."""
        self._buttons[name].setChecked(True)

    @property
    def current(self) -> str:
        """The name of the current page, '' for none."""
        checked = self._group.checkedButton()
        return checked.item.name if isinstance(checked, _NavButton) else ""

    def set_count(self, name: str, count: int, due: bool = False) -> None:
        """Show a page's count; `due` adds the accent colour and a mark, 0 hides the count."""
        made = self._buttons[name]
        made.badge.setText(f"{'! ' if due else ''}{count}" if count <= 999 else "999+")
        made.badge.setVisible(count > 0)
        set_role(made.badge, "badge_due" if due else "badge")
        made.setAccessibleName(f"{made.item.text} {count}" if count else made.item.text)

    def count(self, name: str) -> str:
        """Return the count shown beside a page, '' for none."""
        badge = self._buttons[name].badge
        return "" if badge.isHidden() else badge.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        buttons: list[QWidget] = list(self._buttons.values())
        focused = self.focusWidget()
        if step is None or focused not in buttons:
            super().keyPressEvent(event)
            return
        buttons[(buttons.index(focused) + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self, item: NavItem) -> QPushButton:
        number = len(self._buttons) + 1
        made = _NavButton(item, f"Ctrl+{number}" if number <= 9 else "")
        made.clicked.connect(lambda checked: self.chosen.emit(item.name))
        self._buttons[item.name] = made
        self._group.addButton(made)
        return made

    def _fit(self) -> None:
        widths = [
            made.fontMetrics().horizontalAdvance(made.item.text) + 124 for made in self._buttons.values()
        ]
        self.setFixedWidth(max([WIDTH, *widths]))
