"""The items of a checklist in their order: added, copied, moved and deleted by keys or buttons, each undone."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QToolButton

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules import checklists as rules
from fuyuan_desk.inspections.rules.checklists import TypedItem
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.labels import Card
from fuyuan_desk.widgets.theme import colour

Items = tuple[TypedItem, ...]
_LEAST_WIDTH = 300


class _List(QListWidget):
    """A list whose keys edit it."""

    pressed_act = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        act = {
            (Qt.Key.Key_Up, True, False): "up",
            (Qt.Key.Key_Down, True, False): "down",
            (Qt.Key.Key_D, False, True): "copy",
            (Qt.Key.Key_Z, False, True): "undo",
            (Qt.Key.Key_Insert, False, False): "add",
            (Qt.Key.Key_Delete, False, False): "delete",
            (Qt.Key.Key_Return, False, False): "edit",
        }.get((Qt.Key(event.key()), alt, control))
        if act is None:
            super().keyPressEvent(event)
        else:
            self.pressed_act.emit(act)


class ItemList(Card):
    """Shows and arranges the items; `changed` on every change of the items, `chosen` when another one is shown.

    `edit_asked`: the item is to be edited. `new_key` makes the key of a new item.
    """

    changed = Signal()
    chosen = Signal()
    edit_asked = Signal()

    def __init__(self, new_key: Callable[[], str]) -> None:
        super().__init__()
        self._new_key = new_key
        self._items: Items = ()
        self._undo: list[Callable[[Items], Items]] = []
        self._is_filling = self._read_only = False
        self.list = _List()
        self.list.setAccessibleName(_("Items of the checklist"))
        self.list.setWordWrap(False)
        self.list.setMinimumWidth(_LEAST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.count = labels.OneLine("", "hint")
        self._acts: dict[str, Callable[[], object]] = {
            "add": self.add, "copy": self.duplicate, "up": partial(self.shift, -1), "down": partial(self.shift, 1),
            "delete": self.delete, "undo": self.undo, "edit": self.edit_asked.emit,
        }  # fmt: skip
        self.buttons: dict[str, QToolButton] = {
            name: icon_button(picture, f"{text} ({keys})", self._acts[name])
            for name, picture, text, keys in (
                ("add", "add", _("Add an item below"), "Insert"),
                ("copy", "document", _("Duplicate the item"), "Ctrl+D"),
                ("up", "chevron-up", _("Move up"), "Alt+↑"),
                ("down", "chevron-down", _("Move down"), "Alt+↓"),
                ("delete", "delete", _("Delete the item"), "Del"),
                ("undo", "undo", _("Undo"), "Ctrl+Z"),
            )
        }
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.count, 1)
        for made in self.buttons.values():
            row.addWidget(made)
        self.body.addLayout(row)
        self.body.addWidget(self.list, 1)
        self.list.currentRowChanged.connect(self._on_row)
        self.list.pressed_act.connect(self.press)

    @property
    def items(self) -> Items:
        """The items in their order."""
        return self._items

    @property
    def place(self) -> int:
        """The place of the chosen item, -1 for none."""
        return self.list.currentRow()

    @property
    def current(self) -> TypedItem | None:
        """The chosen item, None for none."""
        return self._items[self.place] if 0 <= self.place < len(self._items) else None

    def set_items(self, items: Sequence[TypedItem], place: int = 0) -> None:
        """Show other items; what was done before cannot be undone any more."""
        self._undo.clear()
        self._show(tuple(items), place)

    def set_read_only(self, on: bool) -> None:
        """Allow to look only."""
        self._read_only = on
        for made in self.buttons.values():
            made.setHidden(on)

    def replace_current(self, item: TypedItem) -> None:
        """Take over what was typed into the chosen item."""
        place = self.place
        self._items = (*self._items[:place], item, *self._items[place + 1 :])
        row = self.list.item(place)
        row.setText(self._text(place))
        row.setToolTip(item.text)
        self.changed.emit()

    def replace_all(self, items: Sequence[TypedItem]) -> None:
        """Take over the items of a file; this can be undone."""
        before = self._items
        self._act(tuple(items), 0, lambda _items: before)

    def add(self) -> None:
        """Add an empty item below the chosen one, in its group."""
        key = self._new_key()
        self._act(rules.added(self._items, self.place, key), self.place + 1, partial(_without, key))
        self.edit_asked.emit()

    def duplicate(self) -> None:
        """Copy the chosen item below it."""
        if self.current is not None:
            key = self._new_key()
            self._act(rules.duplicated(self._items, self.place, key), self.place + 1, partial(_without, key))

    def shift(self, by: int) -> None:
        """Move the chosen item up or down, into the next group first."""
        item, place = self.current, self.place
        after = rules.moved(self._items, place, by)
        if item is not None and after != self._items:
            at = next(number for number, one in enumerate(after) if one.key == item.key)
            self._act(after, at, partial(_back, item.key, place, item.group, item.group_en))

    def delete(self) -> None:
        """Delete the chosen item."""
        item, place = self.current, self.place
        if item is not None:
            after = (*self._items[:place], *self._items[place + 1 :])
            self._act(after, min(place, len(after) - 1), partial(_inserted, item, place))

    def undo(self) -> None:
        """Undo what was last added, copied, moved, deleted or read; what was typed since stays."""
        if self._undo:
            self._show(self._undo.pop()(self._items), self.place)
            self.changed.emit()

    def show_faults(self, places: Collection[int]) -> None:
        """Mark the items that have faults."""
        for place in range(self.list.count()):
            wrong = place in places
            self.list.item(place).setForeground(colour("error" if wrong else "ink"))
            self.list.item(place).setText(self._text(place) + ("  ✗" if wrong else ""))

    def _act(self, items: Items, place: int, undo: Callable[[Items], Items]) -> None:
        self._undo.append(undo)
        self._show(items, place)
        self.changed.emit()

    def press(self, act: str) -> None:
        """Do the act of a key, of a version that is published none but to look."""
        if not self._read_only or act == "edit":
            self._acts[act]()

    def _show(self, items: Items, place: int) -> None:
        self._items = items
        self._is_filling = True
        self.list.clear()
        for number, item in enumerate(items):
            row = QListWidgetItem(self._text(number))
            row.setToolTip(item.text)
            row.setSizeHint(QSize(0, self.fontMetrics().height() + 12))
            self.list.addItem(row)
        self.list.setCurrentRow(max(0, min(place, len(items) - 1)) if items else -1)
        self._is_filling = False
        self.count.setText(numbered(len(items), N_("{n} item"), N_("{n} items")) if items else _("No items"))
        for name, made in self.buttons.items():
            made.setEnabled(name == "add" or (bool(self._undo) if name == "undo" else bool(items)))
        self.chosen.emit()

    def _text(self, place: int) -> str:
        item = self._items[place]
        text = item.text or _("(empty)")
        return f"{place + 1}  {item.group or '…'} · {text}"

    def _on_row(self, _row: int) -> None:
        if not self._is_filling:
            self.chosen.emit()


def _without(key: str, items: Items) -> Items:
    return tuple(item for item in items if item.key != key)


def _inserted(item: TypedItem, place: int, items: Items) -> Items:
    return (*items[:place], item, *items[place:])


def _back(key: str, place: int, group: str, group_en: str, items: Items) -> Items:
    moved = next((item for item in items if item.key == key), None)
    if moved is None:
        return items
    return _inserted(replace(moved, group=group, group_en=group_en), place, _without(key, items))
