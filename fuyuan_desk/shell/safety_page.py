"""The data safety page: the tabs of all jobs that the operator's role sees."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import Shell
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.shell.safety_page_view import SafetyView


class SafetyController(QObject):
    """Shows the tabs, each of which is created when it is first shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.page = SafetyView()
        self._tabs = {tab.name: tab for job in shell.jobs for tab in job.tabs if tab.is_shown(shell.desk)}
        self._holders = {name: Pages() for name in self._tabs}
        self._made: dict[str, OnUse[Any]] = {
            name: OnUse(partial(self._make, shell, name)) for name in self._tabs
        }
        self.page.shown.connect(self._on_shown)
        self.page.show_tabs([(name, _(tab.title), self._holders[name]) for name, tab in self._tabs.items()])
        self.tab(self.page.current)

    def _make(self, shell: Shell, name: str) -> Any:
        made = self._tabs[name].make(shell)
        self._holders[name].show_screen(made.page)
        return made

    def tab(self, name: str) -> Any:
        """Return the controller of a tab."""
        return self._made[name]()

    def go(self, name: str) -> None:
        """Show a tab."""
        self.page.go(name)

    def _on_shown(self, name: str) -> None:
        if name in self._tabs:
            made, shown = self.tab(name), self._tabs[name].shown
            if shown is not None:
                shown(made)
