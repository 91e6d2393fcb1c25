"""The side navigation: pages with icons and counts of due items, in groups that fold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.theme import TEXT_PX, set_role, text_px

WIDTH = 208
NARROW_WIDTH = 72
ROOM_PX = 690
"""The height of a maximized window on a screen of 768 pixels, without title bar and task bar."""
_MOST_SHOWN, _MOST_SHOWN_NARROW = 999, 99
_BADGE_RIGHT, _BADGE_RIGHT_NARROW = 12, 2
_NUMBERED = 10
_CLICK_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


@dataclass(frozen=True)
class NavGroup:
    """A group of pages under a heading; the lower `rank`, the sooner it is unfolded when there is room."""

    name: str
    text: str
    rank: int = 0


@dataclass(frozen=True)
class NavItem:
    """A page; one without a `group` stands above the groups, or `below` them with settings and help."""

    name: str
    text: str
    picture: str
    below: bool = False
    group: str = ""


def page_key(number: int) -> str:
    """Return the keys that choose the page with this number, counted from 1; '' for none."""
    return f"Alt+{number % _NUMBERED}" if number <= _NUMBERED else ""


class _Row(QPushButton):
    """A line of the navigation with a badge at its right; `arrow` carries an arrow key."""

    arrow = Signal(Qt.Key)

    def __init__(self, text: str, role: str) -> None:
        super().__init__(text)
        self._text = text
        self._role = role
        self._is_narrow = False
        self._counted = (0, False)
        self.setAutoDefault(False)
        self.setProperty("role", role)
        self.badge = label("", "badge")
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.badge.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, _BADGE_RIGHT, 0)
        row.addStretch(1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_count(self, count: int, due: bool) -> None:
        """Show a count in the badge; 0 hides it."""
        self._counted = (count, due)
        most, mark = (_MOST_SHOWN_NARROW, "!") if self._is_narrow else (_MOST_SHOWN, "! ")
        self.badge.setText(f"{mark if due else ''}{count}" if count <= most else f"{most}+")
        self.badge.setVisible(count > 0)
        set_role(self.badge, ("badge_due" if due else "badge") + ("_narrow" if self._is_narrow else ""))

    def set_narrow(self, on: bool) -> None:
        """Show only the icon and the badge; what the text says is in the tooltip and the accessible name."""
        self._is_narrow = on
        set_role(self, self._role + ("_narrow" if on else ""))
        self.setText("" if on else self._text)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, _BADGE_RIGHT_NARROW if on else _BADGE_RIGHT, 0)
        _Row.show_count(self, *self._counted)

    def full_width(self) -> int:
        """Return the width in pixels that icon, text and badge take."""
        return self.fontMetrics().horizontalAdvance(self._text) + 124

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.arrow.emit(key)
        elif key in _CLICK_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


class _PageRow(_Row):
    def __init__(self, item: NavItem, keys: str) -> None:
        super().__init__("  " + item.text, "nav")
        self.item = item
        self.setIcon(icon(item.picture))
        self.setIconSize(QSize(20, 20))
        self.setCheckable(True)
        self.setAccessibleName(item.text)
        self.setToolTip(f"{item.text} ({keys})" if keys else item.text)
        self.toggled.connect(lambda on: self.setIcon(icon(item.picture, "accent" if on else "ink")))

    def show_count(self, count: int, due: bool) -> None:
        super().show_count(count, due)
        self.setAccessibleName(f"{self.item.text} {count}" if count else self.item.text)


class _Heading(_Row):
    """The heading of a group and the rows below it; `toggled_by_hand` follows a click or a key."""

    toggled_by_hand = Signal()

    def __init__(self, group: NavGroup) -> None:
        super().__init__(group.text, "navgroup")
        self.shown_group = group
        self.rows: list[_PageRow] = []
        self.is_folded = False
        self._count = 0
        self._due = False
        self.setIconSize(QSize(14, 14))
        self.setToolTip(group.text + "\n" + _("Fold or unfold the group (← and →)"))
        self.clicked.connect(lambda _checked: self.toggled_by_hand.emit())

    def fold(self, on: bool) -> None:
        """Hide or show the rows of the group."""
        if on and any(row.hasFocus() for row in self.rows):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.is_folded = on
        for row in self.rows:
            row.setHidden(on)
        self._show_state()

    def show_count(self, count: int, due: bool) -> None:
        self._count, self._due = count, due
        self._show_state()

    def _show_state(self) -> None:
        self.setIcon(icon("chevron-right" if self.is_folded else "chevron-down", "muted"))
        super().show_count(self._count if self.is_folded else 0, self._due)
        name = _("{group}, folded") if self.is_folded else _("{group}, unfolded")
        count = f" {self._count}" if self.is_folded and self._count else ""
        self.setAccessibleName(name.format(group=self.shown_group.text) + count)


class SideNav(QFrame):
    """A column of pages, chosen by click, arrow keys, Alt+1 … Alt+9, Alt+0 and Ctrl+Tab.

    Groups fold by a click on their heading or by ← and →; `group_folded(name, folded)` follows. Groups that nobody
    folded are unfolded as far as `ROOM_PX` allows. In a lower window the groups scroll; the pages above and below
    them stay in sight.
    """

    chosen = Signal(str)
    group_folded = Signal(str, bool)

    def __init__(
        self,
        items: Sequence[NavItem],
        title: str = "",
        groups: Sequence[NavGroup] = (),
        folded: Mapping[str, bool] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "sidenav")
        self.setAccessibleName(_("Pages"))
        self._pages: dict[str, _PageRow] = {}
        self._headings: dict[str, _Heading] = {}
        self._counts: dict[str, tuple[int, bool]] = {}
        self._group = QButtonGroup(self)
        self._is_narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 16, 0, 8)
        self._column.setSpacing(2)
        self._head = label(title, "title")
        self._head.setContentsMargins(18, 0, 8, 0)
        self._head.setVisible(False)
        self._subtitle = label("", "hint", wrap=True)
        self._subtitle.setContentsMargins(18, 0, 8, 8)
        if title:
            self._column.addWidget(self._head)
            self._column.addWidget(self._subtitle)
            self._head.show()
        self._area = QScrollArea()
        self._lay_out()
        self.set_items(items, groups, folded or {})
        self._add_keys()

    def _lay_out(self) -> None:
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setMinimumWidth(1)  # the navigation is narrower than a scroll area would like to be
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._above, self._below = QVBoxLayout(), QVBoxLayout()
        for layout in (self._above, self._below):
            layout.setSpacing(2)
        self._column.addLayout(self._above)
        self._column.addWidget(self._area, 1)
        self._column.addLayout(self._below)

    def set_items(
        self, items: Sequence[NavItem], groups: Sequence[NavGroup], folded: Mapping[str, bool]
    ) -> None:
        """Show these pages in these groups; `folded` says which groups were folded or unfolded by hand.

        A group without a page is not shown.
        """
        current = self.current
        self._clear()
        shown = [group for group in groups if any(item.group == group.name for item in items)]
        known = {group.name for group in shown}
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        above = [item for item in items if not item.below and item.group not in known]
        below = [item for item in items if item.below]
        self._add_rows(above, self._above)
        for group in shown:
            column.addWidget(self._add_heading(group))
            self._add_rows([item for item in items if item.group == group.name and not item.below], column)
        column.addStretch(1)
        self._replace_body(column)
        if below:
            self._below.addWidget(rule())
        self._add_rows(below, self._below)
        self._number()
        self._fold_by_room(folded)
        self._fit()
        for name, counted in self._counts.items():
            self.set_count(name, *counted)
        self.choose(current)

    def set_subtitle(self, text: str) -> None:
        """Change the subtitle, e.g. the committee's name."""
        self._subtitle.setText(text)

    def full_width(self) -> int:
        """Return the width in pixels with the names of the pages."""
        return max([WIDTH, *(row.full_width() for row in (*self._pages.values(), *self._headings.values()))])

    def set_narrow(self, on: bool) -> None:
        """Show only icons and counts, for a narrow window, or the names as well."""
        if on != self._is_narrow or not on:  # the size of the text may have changed
            self._is_narrow = on
            for part in (self._head, self._subtitle):
                part.setHidden(on)
            self._fit()

    def choose(self, name: str) -> None:
        """Mark a page as current and unfold its group, without emitting `chosen`; an unknown name marks none."""
        if name not in self._pages:
            checked = self._group.checkedButton()
            if checked is not None:
                self._group.setExclusive(False)
                checked.setChecked(False)
                self._group.setExclusive(True)
            return
        row = self._pages[name]
        row.setChecked(True)
        heading = self._headings.get(row.item.group)
        if heading is not None and heading.is_folded:
            heading.fold(False)
        self._show_row(row)

    @property
    def current(self) -> str:
        """The name of the current page, '' for none."""
        checked = self._group.checkedButton()
        return checked.item.name if isinstance(checked, _PageRow) else ""

    @property
    def names(self) -> list[str]:
        """The names of all pages from top to bottom, also of those in folded groups."""
        return list(self._pages)

    def is_folded(self, group: str) -> bool:
        """Return whether a group is folded."""
        return self._headings[group].is_folded

    def set_count(self, name: str, count: int, due: bool = False) -> None:
        """Show a page's count; `due` adds the accent colour and a mark, 0 hides the count.

        A folded group shows the sum of its pages.
        """
        self._counts[name] = (count, due)
        row = self._pages.get(name)
        if row is None:
            return
        row.show_count(count, due)
        heading = self._headings.get(row.item.group)
        if heading is not None:
            counted = [self._counts.get(one.item.name, (0, False)) for one in heading.rows]
            heading.show_count(sum(number for number, _due in counted), any(due for n, due in counted if n))

    def count(self, name: str) -> str:
        """Return the count shown beside a page or a folded group, '' for none."""
        row = self._pages.get(name) or self._headings.get(name)
        return "" if row is None or row.badge.isHidden() else row.badge.text()

    # --- building

    def _clear(self) -> None:
        for row in self._pages.values():
            self._group.removeButton(row)
        self._pages, self._headings = {}, {}
        for layout in (self._above, self._below):
            while layout.count():
                old = layout.takeAt(0).widget()
                old.hide()
                old.deleteLater()

    def _replace_body(self, column: QVBoxLayout) -> None:
        body = QWidget()
        body.setProperty("role", "page")
        body.setLayout(column)
        self._body, self._column_of_groups = body, column
        self._area.setWidget(body)  # deletes the previous one

    def _add_rows(self, items: Sequence[NavItem], layout: QVBoxLayout) -> None:
        for item in items:
            row = _PageRow(item, "")
            self._pages[item.name] = row
            self._group.addButton(row)
            self._connect(row, partial(self.chosen.emit, item.name))
            if item.group in self._headings:
                self._headings[item.group].rows.append(row)
            layout.addWidget(row)

    def _add_heading(self, group: NavGroup) -> _Heading:
        heading = _Heading(group)
        self._headings[group.name] = heading
        heading.toggled_by_hand.connect(lambda: self._fold_by_hand(heading, not heading.is_folded))
        heading.arrow.connect(lambda key: self._on_arrow(heading, key))
        return heading

    def _connect(self, row: _PageRow, choose: Callable[[], object]) -> None:
        row.clicked.connect(lambda _checked: choose())
        row.arrow.connect(lambda key: self._on_arrow(row, key))

    def _number(self) -> None:
        for number, row in enumerate(self._pages.values(), 1):
            keys = page_key(number)
            row.setToolTip(f"{row.item.text} ({keys})" if keys else row.item.text)

    def _fold_by_room(self, folded: Mapping[str, bool]) -> None:
        """Fold what was folded by hand, and of the other groups those for which `ROOM_PX` has no room."""
        by_rank = sorted(self._headings.values(), key=lambda heading: heading.shown_group.rank)
        unfolded = [heading for heading in by_rank if folded.get(heading.shown_group.name) is False]
        left = ROOM_PX - self._fixed_height() - sum(map(self._height_of, unfolded))
        for heading in by_rank:
            by_hand = folded.get(heading.shown_group.name)
            fits = self._height_of(heading) <= left
            if by_hand is None and fits:
                left -= self._height_of(heading)
            heading.fold(not fits if by_hand is None else by_hand)

    def _fixed_height(self) -> int:
        """Return the height with all groups folded, in pixels."""
        margins = self._column.contentsMargins()
        head = self.fontMetrics().lineSpacing() * 4  # the title and a subtitle of two lines
        loose = [row for row in self._pages.values() if row.item.group not in self._headings]
        rows = [*loose, *self._headings.values()]
        return margins.top() + margins.bottom() + head + sum(row.sizeHint().height() + 2 for row in rows)

    def _height_of(self, heading: _Heading) -> int:
        return sum(row.sizeHint().height() + 2 for row in heading.rows)

    def _fit(self) -> None:
        rows = [*self._pages.values(), *self._headings.values()]
        for row in rows:
            row.set_narrow(self._is_narrow)
        narrow = round(NARROW_WIDTH * text_px() / TEXT_PX)
        self.setFixedWidth(narrow if self._is_narrow else self.full_width())

    # --- keys

    def _add_keys(self) -> None:
        for number in range(1, _NUMBERED + 1):
            self._shortcut(page_key(number), partial(self._choose_number, number))
        self._shortcut("Ctrl+Tab", lambda: self._step(1))
        self._shortcut("Ctrl+Shift+Tab", lambda: self._step(-1))

    def _shortcut(self, keys: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(action)

    def _choose_number(self, number: int) -> None:
        if number <= len(self._pages):
            self.chosen.emit(self.names[number - 1])

    def _step(self, step: int) -> None:
        names = self.names
        here = names.index(self.current) if self.current else min(-step, 0)
        self.chosen.emit(names[(here + step) % len(names)])

    def _on_arrow(self, row: _Row, key: Qt.Key) -> None:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            rows = [one for one in self._in_order() if not one.isHidden()]
            step = 1 if key == Qt.Key.Key_Down else -1
            self._focus(rows[(rows.index(row) + step) % len(rows)])
        elif isinstance(row, _Heading):
            self._on_heading_arrow(row, key == Qt.Key.Key_Left)
        elif isinstance(row, _PageRow) and key == Qt.Key.Key_Left and row.item.group in self._headings:
            self._focus(self._headings[row.item.group])

    def _on_heading_arrow(self, heading: _Heading, to_left: bool) -> None:
        if heading.is_folded != to_left:
            self._fold_by_hand(heading, to_left)
        elif not to_left and heading.rows:
            self._focus(heading.rows[0])

    def _in_order(self) -> list[_Row]:
        grouped = [row for heading in self._headings.values() for row in (heading, *heading.rows)]
        loose = [row for row in self._pages.values() if row not in grouped]
        below = [row for row in loose if row.item.below]
        return [*(row for row in loose if not row.item.below), *grouped, *below]

    def _fold_by_hand(self, heading: _Heading, on: bool) -> None:
        heading.fold(on)
        if not on and heading.rows:
            self._show_row(heading.rows[-1])
            self._show_row(heading)
        self.group_folded.emit(heading.shown_group.name, on)

    def _focus(self, row: _Row) -> None:
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._show_row(row)

    def _show_row(self, row: _Row) -> None:
        if self._body.isAncestorOf(row):
            self._column_of_groups.activate()
            self._area.ensureWidgetVisible(row, 0, 8)
