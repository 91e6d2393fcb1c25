"""The data safety page: the tabs of all jobs that the operator's role sees."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import Shell
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.shell.safety_page_view import SafetyView


class SafetyController(QObject):
    """Shows the tabs, each created when it is first shown; `tab_changed` is emitted when another is in front."""

    tab_changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.page = SafetyView()
        self._tabs = {tab.name: tab for job in shell.jobs for tab in job.tabs if tab.is_shown(shell.desk)}
        self._holders = {name: Pages() for name in self._tabs}
        self._made: dict[str, OnUse[Any]] = {
            name: OnUse(partial(self._make, shell, name)) for name in self._tabs
        }
        self.page.tabs.key_shown.connect(self._on_shown)
        self.page.tabs.show_tabs(
            [(name, _(tab.title), self._holders[name]) for name, tab in self._tabs.items()]
        )
        self.tab(self.shown_tab)

    def _make(self, shell: Shell, name: str) -> Any:
        made = self._tabs[name].make(shell)
        self._holders[name].show_screen(made.page)
        return made

    def tab(self, name: str) -> Any:
        """Return the controller of a tab."""
        return self._made[name]()

    @property
    def shown_tab(self) -> str:
        """The name of the tab in front."""
        return self.page.tabs.key

    def show_tab(self, name: str) -> None:
        """Show a tab; do nothing if this role does not see it."""
        self.page.tabs.show_key(name)

    def _on_shown(self, name: str) -> None:
        if name in self._tabs:
            made, shown = self.tab(name), self._tabs[name].shown
            if shown is not None:
                shown(made)
        self.tab_changed.emit()
