"""View of the data safety page: backups, audit log, personal data, diagnostics; the tabs depend on the role."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.room import Tabs, page_column


class SafetyView(QWidget):
    """Tabs with keys; `shown(key)` is emitted when a tab becomes visible."""

    shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._tabs: list[tuple[str, QWidget]] = []
        self.tabs = Tabs()
        column = page_column(self)
        column.addWidget(
            PageHeader(_("Data safety"), _("Backups, access control and an audit log protect the data."))
        )
        column.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(self._on_changed)

    def show_tabs(self, tabs: Sequence[tuple[str, str, QWidget]]) -> None:
        """Show these tabs – key, title, page – and keep the current one if it is among them."""
        current = self.current
        self.tabs.blockSignals(True)
        self.tabs.clear()
        self._tabs = [(key, page) for key, _title, page in tabs]
        for _key, title, page in tabs:
            self.tabs.addTab(page, title)
        self.tabs.blockSignals(False)
        self.go(current or (self._tabs[0][0] if self._tabs else ""))

    def go(self, key: str) -> None:
        """Show a tab; do nothing if this role does not see it."""
        for index, (name, _page) in enumerate(self._tabs):
            if name == key:
                self.tabs.setCurrentIndex(index)

    @property
    def current(self) -> str:
        """The key of the current tab, '' if there is none."""
        index = self.tabs.currentIndex()
        return self._tabs[index][0] if 0 <= index < len(self._tabs) else ""

    def _on_changed(self, _index: int) -> None:
        self.shown.emit(self.current)
