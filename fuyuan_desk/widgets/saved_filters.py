"""Filters of a list saved under a name: what was typed, chosen and sorted, on this PC."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.split import Settings

MOST = 20
_NAME_MOST = 40

Filter = dict[str, Any]
"""A filter, JSON-serializable."""


class SavedFilters:
    """A button with the saved filters of a list.

    `current()` returns the filter shown, None if the list is not filtered; `show(filter)` shows a saved one.
    """

    def __init__(
        self,
        owner: QWidget,
        key: str,
        settings: Settings,
        current: Callable[[], Filter | None],
        show: Callable[[Filter], object],
    ) -> None:
        self._owner = owner
        self._key = f"filters:{key}"
        self._settings = settings
        self._current = current
        self._show = show
        self.button: QToolButton = icon_button("star", _("Saved filters"), self._open)

    def names(self) -> list[str]:
        """Return the names of the saved filters."""
        return list(self._saved())

    def save(self, name: str) -> None:
        """Save the filter shown under a name, in place of an earlier one of that name."""
        name = visible(name).strip()
        shown = self._current()
        if shown is not None:
            self._settings.save(self._key, {**self._saved(), name: shown})

    def remove(self, name: str) -> None:
        """Forget a filter."""
        self._settings.save(self._key, {kept: value for kept, value in self._saved().items() if kept != name})

    def show(self, name: str) -> None:
        """Filter the list as saved."""
        self._show(self._saved()[name])

    def _saved(self) -> dict[str, Filter]:
        found = self._settings.load(self._key) or {}
        return {visible(name): value for name, value in found.items() if isinstance(value, dict)}

    def _open(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """Return a menu of the saved filters, with entries to save the current one and to remove others."""
        menu = QMenu(self._owner)
        menu.aboutToHide.connect(menu.deleteLater)
        names = self.names()
        for name in names:
            menu.addAction(icon("filter", "muted"), name).triggered.connect(
                lambda _checked=False, name=name: self.show(name)
            )
        if names:
            menu.addSeparator()
        save = menu.addAction(icon("save"), _("&Save this filter …"))
        save.setEnabled(self._current() is not None and len(names) < MOST)
        save.triggered.connect(self._ask_name)
        if names:
            below = menu.addMenu(icon("delete", "muted"), _("&Remove"))
            for name in names:
                below.addAction(name).triggered.connect(lambda _checked=False, name=name: self.remove(name))
        return menu

    def _ask_name(self) -> None:
        form = Form([Field("name", _("&Name of the filter"), required=True)])
        hint = _("What is typed, chosen and sorted now is shown again with one click.")
        dialog = FormDialog(self._owner, _("Save this filter"), form, hint=hint)

        def submit(values: dict[str, str]) -> None:
            if len(values["name"]) > _NAME_MOST:
                too_long = _("This is longer than {n} characters. Shorten it.").format(n=_NAME_MOST)
                form.show_errors({"name": too_long})
                return
            self.save(values["name"])
            dialog.done_saving()

        form.submitted.connect(submit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        form.focus_first()
