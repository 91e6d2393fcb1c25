"""The works to choose from: grouped, narrowed as one types, ticked by mouse or by keyboard."""

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
_USUAL = Qt.ItemDataRole.UserRole + 3


class _List(QListWidget):
    """Space and Enter tick the current line."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewportMargins(6, 4, 0, 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        item: QListWidgetItem | None = self.currentItem()
        if event.key() in keys and item is not None and item.data(_KEY):
            flip(item)
            return
        super().keyPressEvent(event)


def flip(item: QListWidgetItem) -> None:
    """Tick a line, or take its tick away."""
    on = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)


class WorksChooser(QFrame):
    """Hear `toggled(key, on)`; `set_chosen` shows which works are chosen.

    Works that are unusual in this kind of house wait until something is typed.
    """

    toggled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._filling = False
        self._headings: list[tuple[QListWidgetItem, list[QListWidgetItem]]] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Type to find a work, Pinyin too"))
        self.filter.setAccessibleName(_("Find a work"))
        self.filter.setToolTip(_("Enter ticks the first one found, Down goes into the list (Alt+W)"))
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear_action(self.filter, _("Clear the filter"))
        self.list = _List()
        self.list.setAccessibleName(_("Works to choose from"))
        self.list.setWordWrap(True)
        # Qt measures a line that wraps without the stylesheet's padding at its sides
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
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.list.itemChanged.connect(self._on_changed)

    def set_works(self, groups: Sequence[WorkGroup], spoken: Mapping[str, str]) -> None:
        """Offer these works, none of them chosen; `spoken` gives their names in Pinyin by their keys."""
        self._filling = True
        self.list.clear()
        self._headings.clear()
        for group in groups:
            heading = QListWidgetItem(group.name)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setForeground(colour("muted"))
            self.list.addItem(heading)
            lines = [self._line(group.name, work, spoken.get(work.key, "")) for work in group.works]
            self._headings.append((heading, lines))
        self._filling = False
        self._narrow()

    def _line(self, group: str, work: Any, spoken: str) -> QListWidgetItem:
        line = QListWidgetItem(work.name)
        line.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        line.setCheckState(Qt.CheckState.Unchecked)
        line.setToolTip(work.name)
        line.setData(_KEY, work.key)
        line.setData(_TEXT, f"{group} {work.name} {spoken}".casefold())
        line.setData(_USUAL, work.is_typical)
        self.list.addItem(line)
        return line

    def set_chosen(self, keys: Collection[str]) -> None:
        """Show which works are chosen."""
        self._filling = True
        for _heading, lines in self._headings:
            for line in lines:
                wanted = Qt.CheckState.Checked if line.data(_KEY) in keys else Qt.CheckState.Unchecked
                if line.checkState() != wanted:
                    line.setCheckState(wanted)
        self._filling = False
        self._narrow()

    def shown(self) -> list[str]:
        """Give the keys of the works in sight, from top to bottom."""
        return [
            line.data(_KEY) for _heading, lines in self._headings for line in lines if not line.isHidden()
        ]

    def _narrow(self) -> None:
        words = self.filter.text().casefold().split()
        hidden = 0
        first: QListWidgetItem | None = None
        for heading, lines in self._headings:
            for line in lines:
                ticked = line.checkState() == Qt.CheckState.Checked
                if words:
                    shown = all(word in line.data(_TEXT) for word in words)
                else:
                    shown = bool(line.data(_USUAL)) or ticked
                    hidden += not shown
                line.setHidden(not shown)
                first = line if shown and first is None else first
            heading.setHidden(all(line.isHidden() for line in lines))
        current: QListWidgetItem | None = self.list.currentItem()
        if words and first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)
        if words and first is None:
            self.note.setText(_("No work is called that. Try another word for it."))
        elif hidden:
            self.note.setText(_("{n} works are unusual in such a house; type to find them.").format(n=hidden))
        else:
            self.note.setText("")
        self.note.setVisible(bool(self.note.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._tick_found()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                current: QListWidgetItem | None = self.list.currentItem()
                if current is None or current.isHidden():
                    self._choose_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def _choose_first(self) -> None:
        for _heading, lines in self._headings:
            for line in lines:
                if not line.isHidden():
                    self.list.setCurrentItem(line)
                    return

    def _tick_found(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        if self.filter.text().strip() and item is not None and not item.isHidden() and item.data(_KEY):
            flip(item)
            self.filter.selectAll()

    def _on_changed(self, item: QListWidgetItem) -> None:
        if not self._filling and item.data(_KEY):
            self.toggled.emit(item.data(_KEY), item.checkState() == Qt.CheckState.Checked)
