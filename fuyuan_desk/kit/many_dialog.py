"""Change one part of several records at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit import list_view
from fuyuan_desk.kit.book import Book
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import show_if

_WHAT = "what"


class ManyDialog(FormDialog):
    """Asks which part of `count` records is changed, and to what; `chosen` carries it as name and value.

    `title` names the records in other words; `before` says by part what they have now.
    """

    chosen = Signal(dict)

    def __init__(
        self,
        parent: QWidget,
        book: Book,
        count: int,
        options: Mapping[str, Sequence[tuple[Any, str]]],
        title: str = "",
        before: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._parts = {part.name: part for part in book.fields if part.for_many}
        what = Field(
            _WHAT,
            _("Wha&t to change"),
            "choice",
            required=True,
            choices=list_view.names_of(tuple(self._parts.values())),
        )
        fields = [replace(list_view.field_of(part), required=False, span=1) for part in self._parts.values()]
        offered = [replace(one, choices=options.get(one.name, one.choices)) for one in fields]
        form = Form([what, *offered])
        title = title or numbered(count, N_("Change {n} record"), N_("Change {n} records"))
        super().__init__(parent, title, form, _("&Change"), _("All of them get the same value."))
        self._before = before
        self._now = label("", "muted", wrap=True)
        self.content.addWidget(self._now)
        form.changed.connect(self._show_chosen)
        form.submitted.connect(self._submit)
        self.finished.connect(self.deleteLater)
        self._show_chosen()
        form.focus_first()

    def _what(self) -> str:
        return str(self.form.editor(_WHAT).value() or "")

    def _show_chosen(self) -> None:
        for name in self._parts:
            self.form.show_field(name, name == self._what())
        self._now.setText(self._before.get(self._what(), ""))
        show_if(self._now, bool(self._now.text()))

    def _submit(self, values: dict[str, Any]) -> None:
        part = self._parts[self._what()]
        if part.required and self.form.editor(part.name).is_empty():
            self.form.show_errors({part.name: _("This must be filled in.")})
            return
        self.save_button.setEnabled(False)
        self.chosen.emit({part.name: values[part.name]})
