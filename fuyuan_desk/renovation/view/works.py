"""The works to choose from: groups that unfold, filtered while typing, ticked by mouse or keyboard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.renovation.facts import WorkGroup
from fuyuan_desk.widgets.buttons import clear_action
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label

_KEY = Qt.ItemDataRole.UserRole + 1
_TEXT = Qt.ItemDataRole.UserRole + 2
_TYPICAL = Qt.ItemDataRole.UserRole + 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FRAME = 8


@dataclass
class _Group:
    """A heading with its works."""

    name: str
    heading: QListWidgetItem
    lines: list[QListWidgetItem] = field(default_factory=list)
    is_open: bool = False


class _List(QListWidget):
    """A list as high as its rows, which scrolls with the page; `pressed_row` carries what Space or Enter hit.

    `opened(row, on)`: → or ← unfolds or folds.
    """

    pressed_row = Signal(object)
    opened = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.least_height = 0
        self.setViewportMargins(6, 4, 0, 4)
        self.setWordWrap(True)
        # Qt ignores horizontal padding of the stylesheet when it measures a wrapped line
        self.setStyleSheet("QListView::item { padding: 4px 0; }")
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoScroll(False)

    def fit(self) -> None:
        """Take the height of the rows in sight."""
        self.doItemsLayout()
        self.setFixedHeight(
            max(self.contentsSize().height() + _FRAME + 2 * self.frameWidth(), self.least_height)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(180, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item: QListWidgetItem | None = self.currentItem()
        if item is not None and event.key() in (*_ENTER, Qt.Key.Key_Space):
            self.pressed_row.emit(item)
        elif item is not None and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.opened.emit(item, event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()  # the page scrolls


def toggle(item: QListWidgetItem) -> None:
    """Toggle the check mark of a line."""
    on = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)


class WorksChooser(QFrame):
    """A filterable list of works; emits `toggled(key, on)`, and `set_chosen` ticks the chosen ones.

    Its groups are folded at first. Works that are unusual in this kind of house appear only in filter results.
    `row_reached(area)` asks to bring an area of `list` into sight.
    """

    toggled = Signal(str, bool)
    row_reached = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._is_filling = False
        self._groups: list[_Group] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Type a work, or Pinyin"))
        self.filter.setAccessibleName(_("Find a work"))
        self.filter.setToolTip(_("Enter ticks the first match, Down moves to the list (Alt+W)"))
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self.filter, _("Clear the filter"))
        self.list = _List()
        self.list.setAccessibleName(_("Works to choose from"))
        self.note = label("", "hint", wrap=True)
        title = label(_("&Works"), "section")
        title.setBuddy(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.filter)
        column.addWidget(self.list)
        column.addWidget(self.note)
        SettledText(self.filter).changed.connect(self._apply_filter)
        self.filter.installEventFilter(self)
        self.list.itemChanged.connect(self._on_changed)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.pressed_row.connect(self._press)
        self.list.opened.connect(self._unfold)
        self.list.currentItemChanged.connect(lambda item, _previous: self._reach(item))

    def set_works(self, groups: Sequence[WorkGroup], spoken: Mapping[str, str]) -> None:
        """Set the works to choose from, none chosen; `spoken` maps their keys to their names in Pinyin."""
        self._is_filling = True
        self.list.clear()
        self._groups.clear()
        for group in groups:
            heading = QListWidgetItem(group.name)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.list.addItem(heading)
            lines = [self._line(group.name, work, spoken.get(work.key, "")) for work in group.works]
            self._groups.append(_Group(group.name, heading, lines))
        self._is_filling = False
        self.list.least_height = 0
        self._apply_filter()
        # while a word is typed the list is never lower than folded, so that nothing below it moves
        self.list.least_height = self.list.height() if self._groups else 0

    def _line(self, group: str, work: Any, spoken: str) -> QListWidgetItem:
        line = QListWidgetItem(work.name)
        line.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        line.setCheckState(Qt.CheckState.Unchecked)
        line.setToolTip(work.name)
        line.setData(_KEY, work.key)
        line.setData(_TEXT, f"{group} {work.name} {spoken}".casefold())
        line.setData(_TYPICAL, work.is_typical)
        self.list.addItem(line)
        return line

    def set_chosen(self, keys: Collection[str]) -> None:
        """Tick the chosen works."""
        self._is_filling = True
        for line in self._lines():
            state = Qt.CheckState.Checked if line.data(_KEY) in keys else Qt.CheckState.Unchecked
            if line.checkState() != state:
                line.setCheckState(state)
        for group in self._groups:
            self._show_heading(group)
        self._is_filling = False

    def shown(self) -> list[str]:
        """Return the keys of the visible works, from top to bottom."""
        return [line.data(_KEY) for line in self._lines() if not line.isHidden()]

    def unfold(self, name: str, on: bool = True) -> None:
        """Unfold or fold the group of this name."""
        next(group for group in self._groups if group.name == name).is_open = on
        self._apply_filter()

    def _lines(self) -> list[QListWidgetItem]:
        return [line for group in self._groups for line in group.lines]

    def _show_heading(self, group: _Group) -> None:
        """Show at a heading how many of its works are chosen, which may be folded away."""
        count = sum(line.checkState() == Qt.CheckState.Checked for line in group.lines)
        text = _("{group} · {n} chosen").format(group=group.name, n=count) if count else group.name
        unfolded = group.is_open or self._words()
        self._is_filling, was_filling = True, self._is_filling
        group.heading.setText(text)
        group.heading.setIcon(icon("chevron-down" if unfolded else "chevron-right", "muted"))
        self._is_filling = was_filling

    def _words(self) -> list[str]:
        return self.filter.text().casefold().split()

    def _apply_filter(self) -> None:
        words = self._words()
        unusual = 0
        for group in self._groups:
            for line in group.lines:
                is_usual = bool(line.data(_TYPICAL)) or line.checkState() == Qt.CheckState.Checked
                if words:
                    line.setHidden(not all(word in line.data(_TEXT) for word in words))
                else:
                    line.setHidden(not (group.is_open and is_usual))
                    unusual += not is_usual
            group.heading.setHidden(bool(words) and all(line.isHidden() for line in group.lines))
            self._show_heading(group)
        first = next((line for line in self._lines() if not line.isHidden()), None)
        current: QListWidgetItem | None = self.list.currentItem()
        if words and first is not None and (current is None or current.isHidden() or not current.data(_KEY)):
            self.list.setCurrentItem(first)
        self.note.setText(self._note(bool(words), first is not None, unusual))
        self.note.setVisible(bool(self.note.text()))
        self.list.setVisible(first is not None or not words)  # an empty box says nothing
        self.list.fit()

    def _note(self, is_filtered: bool, is_any_found: bool, unusual: int) -> str:
        if is_filtered and not is_any_found:
            return _("No work matches. Try another word.")
        if unusual:
            return numbered(
                unusual,
                N_("{n} more work is unusual in this kind of house; type to find it."),
                N_("{n} more works are unusual in this kind of house; type to find them."),
            )
        return " " if is_filtered else ""  # the line stays while a word is typed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTER:
                self._toggle_current()
                return True
            if event.key() == Qt.Key.Key_Down:
                self._enter_list()
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def _enter_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.TabFocusReason)
        current: QListWidgetItem | None = self.list.currentItem()
        if current is None or current.isHidden():
            rows = (self.list.item(row) for row in range(self.list.count()))
            current = next((item for item in rows if not item.isHidden()), None)
        if current is not None:
            self.list.setCurrentItem(current)
            self._reach(current)

    def _reach(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.list.hasFocus():
            self.row_reached.emit(self.list.visualItemRect(item))

    def _toggle_current(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        if self._words() and item is not None and not item.isHidden() and item.data(_KEY):
            toggle(item)
            self.filter.selectAll()

    def _press(self, item: QListWidgetItem) -> None:
        if item.data(_KEY):
            toggle(item)
        else:
            self._on_clicked(item)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        group = next((group for group in self._groups if group.heading is item), None)
        if group is not None and not self._words():
            self.unfold(group.name, not group.is_open)

    def _unfold(self, item: QListWidgetItem, on: bool) -> None:
        """Unfold or fold the group in which a line or heading stands; folded, the heading is the current row."""
        group = next(group for group in self._groups if item is group.heading or item in group.lines)
        if not self._words():
            self.list.setCurrentItem(group.heading if not on else item)
            self.unfold(group.name, on)

    def _on_changed(self, item: QListWidgetItem) -> None:
        if not self._is_filling and item.data(_KEY):
            self.toggled.emit(item.data(_KEY), item.checkState() == Qt.CheckState.Checked)
