"""Tabs that are known by keys, whatever their order and titles."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.widgets.room import Tabs


class KeyedTabs(Tabs):
    """Tabs with keys; `key_shown(key)` is emitted when a tab becomes visible."""

    key_shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[str] = []
        self.currentChanged.connect(lambda _index: self.key_shown.emit(self.key))

    def show_tabs(self, tabs: Sequence[tuple[str, str, QWidget]]) -> None:
        """Show these tabs – key, title, page – and keep the current one if it is among them."""
        current, keys = self.key, [key for key, _title, _page in tabs]
        self.blockSignals(True)
        self.clear()
        for _key, title, page in tabs:
            self.addTab(page, title)
        self._keys = keys
        if current in keys:
            self.setCurrentIndex(keys.index(current))
        self.blockSignals(False)
        if current and self.key != current:
            self.key_shown.emit(self.key)

    def show_key(self, key: str) -> None:
        """Show a tab; do nothing if there is no such one."""
        if key in self._keys:
            self.setCurrentIndex(self._keys.index(key))

    @property
    def key(self) -> str:
        """The key of the current tab, '' if there is none."""
        index = self.currentIndex()
        return self._keys[index] if 0 <= index < len(self._keys) else ""
