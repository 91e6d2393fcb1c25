"""The data safety page: the tabs of all jobs that the operator's role sees."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import Shell
from fuyuan_desk.shell.safety_page_view import SafetyView


class SafetyController(QObject):
    """Shows the tabs; `tabs` holds their controllers by name, `tab_changed` is emitted when another is in front."""

    tab_changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.page = SafetyView()
        self._tabs = {tab.name: tab for job in shell.jobs for tab in job.tabs if tab.is_shown(shell.desk)}
        self.tabs: dict[str, Any] = {name: tab.make(shell) for name, tab in self._tabs.items()}
        self.page.tabs.key_shown.connect(self._on_shown)
        self.page.tabs.show_tabs(
            [(name, _(tab.title), self.tabs[name].page) for name, tab in self._tabs.items()]
        )

    @property
    def shown_tab(self) -> str:
        """The name of the tab in front."""
        return self.page.tabs.key

    def show_tab(self, name: str) -> None:
        """Show a tab; do nothing if this role does not see it."""
        self.page.tabs.show_key(name)

    def _on_shown(self, name: str) -> None:
        self.tab_changed.emit()
        tab = self._tabs.get(name)
        if tab is not None and tab.shown is not None:
            tab.shown(self.tabs[name])
