"""The data safety page: the tabs of all jobs that the operator's role sees."""

from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import Shell
from fuyuan_desk.shell.safety_page_view import SafetyView


class SafetyController(QObject):
    """Shows the tabs; `tabs` holds their controllers by name."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.page = SafetyView()
        self._tabs = {tab.name: tab for job in shell.jobs for tab in job.tabs if tab.is_shown(shell.desk)}
        self.tabs: dict[str, Any] = {name: tab.make(shell) for name, tab in self._tabs.items()}
        self.page.shown.connect(self._on_shown)
        self.page.show_tabs([(name, _(tab.title), self.tabs[name].page) for name, tab in self._tabs.items()])

    def go(self, name: str) -> None:
        """Show a tab."""
        self.page.go(name)

    def _on_shown(self, name: str) -> None:
        tab = self._tabs.get(name)
        if tab is not None and tab.shown is not None:
            tab.shown(self.tabs[name])
