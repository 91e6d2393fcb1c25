"""The page of data safety: backups, the trail, personal data, diagnostics; each role sees its own tabs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.labels import PageHeader


class SafetyView(QWidget):
    """Tabs, named by key; `shown` carries the key of the tab that came into sight."""

    shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._tabs: list[tuple[str, QWidget]] = []
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(
            PageHeader(_("Data safety"), _("Nothing is lost, nobody gets in, and it can be proven."))
        )
        column.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(self._on_changed)

    def show_tabs(self, tabs: Sequence[tuple[str, str, QWidget]]) -> None:
        """Show these tabs – key, title, page – and keep the one in front when it is still among them."""
        front = self.current
        self.tabs.blockSignals(True)
        self.tabs.clear()
        self._tabs = [(key, page) for key, _title, page in tabs]
        for _key, title, page in tabs:
            self.tabs.addTab(page, title)
        self.tabs.blockSignals(False)
        self.go(front or (self._tabs[0][0] if self._tabs else ""))

    def go(self, key: str) -> None:
        """Bring a tab to the front; one that this role does not see leaves things as they are."""
        for number, (name, _page) in enumerate(self._tabs):
            if name == key:
                self.tabs.setCurrentIndex(number)

    @property
    def current(self) -> str:
        """The key of the tab in front, '' for none."""
        number = self.tabs.currentIndex()
        return self._tabs[number][0] if 0 <= number < len(self._tabs) else ""

    def _on_changed(self, _number: int) -> None:
        self.shown.emit(self.current)
