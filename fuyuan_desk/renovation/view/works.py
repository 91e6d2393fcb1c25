"""The works to choose from: grouped, filtered while typing, ticked by mouse or keyboard."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import WorkGroup
from fuyuan_desk.widgets.editors import clear_action
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import colour

_KEY = Qt.ItemDataRole.UserRole + 1
_TEXT = Qt.ItemDataRole.UserRole + 2
_TYPICAL = Qt.ItemDataRole.UserRole + 3


class _List(QListWidget):
    """A list whose current line is ticked by Space and Enter."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewportMargins(6, 4, 0, 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        item: QListWidgetItem | None = self.currentItem()
        if event.key() in keys and item is not None and item.data(_KEY):
            toggle(item)
            return
        super().keyPressEvent(event)


def toggle(item: QListWidgetItem) -> None:
    """Toggle the check mark of a line."""
    on = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)


class WorksChooser(QFrame):
    """A filterable list of works; emits `toggled(key, on)`, and `set_chosen` ticks the chosen ones.

    Works that are unusual in this kind of house appear only in filter results.
    """

    toggled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._is_filling = False
        self._headings: list[tuple[QListWidgetItem, list[QListWidgetItem]]] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Type to find a work (Pinyin accepted)"))
        self.filter.setAccessibleName(_("Find a work"))
        self.filter.setToolTip(_("Enter ticks the first match, Down moves to the list (Alt+W)"))
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self.filter, _("Clear the filter"))
        self.list = _List()
        self.list.setAccessibleName(_("Works to choose from"))
        self.list.setWordWrap(True)
        # Qt ignores horizontal padding of the stylesheet when it measures a wrapped line
        self.list.setStyleSheet("QListView::item { padding: 4px 0; }")
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(240)
        self.note = label("", "hint", wrap=True)
        title = label(_("&Works"), "section")
        title.setBuddy(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        self.setMinimumWidth(220)
        self.filter.textChanged.connect(self._apply_filter)
        self.filter.installEventFilter(self)
        self.list.itemChanged.connect(self._on_changed)

    def set_works(self, groups: Sequence[WorkGroup], spoken: Mapping[str, str]) -> None:
        """Set the works to choose from, none chosen; `spoken` maps their keys to their names in Pinyin."""
        self._is_filling = True
        self.list.clear()
        self._headings.clear()
        for group in groups:
            heading = QListWidgetItem(group.name)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setForeground(colour("muted"))
            self.list.addItem(heading)
            lines = [self._line(group.name, work, spoken.get(work.key, "")) for work in group.works]
            self._headings.append((heading, lines))
        self._is_filling = False
        self._apply_filter()

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
        for _heading, lines in self._headings:
            for line in lines:
                state = Qt.CheckState.Checked if line.data(_KEY) in keys else Qt.CheckState.Unchecked
                if line.checkState() != state:
                    line.setCheckState(state)
        self._is_filling = False
        self._apply_filter()

    def shown(self) -> list[str]:
        """Return the keys of the visible works, from top to bottom."""
        return [
            line.data(_KEY) for _heading, lines in self._headings for line in lines if not line.isHidden()
        ]

    def _apply_filter(self) -> None:
        words = self.filter.text().casefold().split()
        hidden = 0
        first: QListWidgetItem | None = None
        for heading, lines in self._headings:
            for line in lines:
                ticked = line.checkState() == Qt.CheckState.Checked
                if words:
                    shown = all(word in line.data(_TEXT) for word in words)
                else:
                    shown = bool(line.data(_TYPICAL)) or ticked
                    hidden += not shown
                line.setHidden(not shown)
                first = line if shown and first is None else first
            heading.setHidden(all(line.isHidden() for line in lines))
        current: QListWidgetItem | None = self.list.currentItem()
        if words and first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)
        if words and first is None:
            self.note.setText(_("No work matches. Try another word."))
        elif hidden:
            self.note.setText(
                _("{n} more works are unusual in this kind of house; type to find them.").format(n=hidden)
            )
        else:
            self.note.setText("")
        self.note.setVisible(bool(self.note.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._toggle_current()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                current: QListWidgetItem | None = self.list.currentItem()
                if current is None or current.isHidden():
                    self._select_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def _select_first(self) -> None:
        for _heading, lines in self._headings:
            for line in lines:
                if not line.isHidden():
                    self.list.setCurrentItem(line)
                    return

    def _toggle_current(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        if self.filter.text().strip() and item is not None and not item.isHidden() and item.data(_KEY):
            toggle(item)
            self.filter.selectAll()

    def _on_changed(self, item: QListWidgetItem) -> None:
        if not self._is_filling and item.data(_KEY):
            self.toggled.emit(item.data(_KEY), item.checkState() == Qt.CheckState.Checked)
