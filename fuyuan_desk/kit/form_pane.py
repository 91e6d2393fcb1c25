"""A scrollable form with a heading and two buttons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fields import Field, Section
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import head_line, label
from fuyuan_desk.widgets.room import Bounded, page_column, scrolled


def framed(inner: QWidget) -> QWidget:
    """Return a container of a widget with the margins of a page."""
    made = QWidget()
    page_column(made).addWidget(inner)
    return made


_LEAST_HEIGHT = 40
"""Height in pixels of the fields in sight; a low window shows no more, but the buttons below."""


class FormPane(Bounded):
    """A form pane: connect to `submitted`, save, then call `saved()` or `refuse(error)`; on `left` close the form."""

    submitted = Signal(dict)
    left = Signal()

    def __init__(self, fields: Sequence[Field | Section]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.form = Form(fields, 2, when_needed=True)
        self.form.setParent(self)
        self.form.hide()
        self.banner = Banner()
        self._title = label("", "section", wrap=True)
        self._save = button(_("&Save"), self.form.submit, role="primary", shortcut="")
        self._save.setToolTip("Ctrl+S")
        self._cancel = button(_("Cancel"), self.cancel)
        self._cancel.setToolTip("Esc")
        self.extra = Flow()
        self.note = QVBoxLayout()
        self.area = scrolled()
        self.area.setMinimumHeight(_LEAST_HEIGHT)
        further = QWidget()
        further.setLayout(self.extra)
        foot = head_line((self._save, self._cancel), (further,))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self.note)
        column.addWidget(self.banner)
        column.addWidget(self.area, 1)
        column.addLayout(foot)
        self.form.submitted.connect(self._submit)
        self.form.escaped.connect(self.cancel)
        self.form.save_key.setParent(self)  # on the buttons beside the fields, too

    def open(self, title: str, values: Mapping[str, Any]) -> None:
        """Show the values of a record, or of a new one."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self.banner.clear()
        self.set_busy(False)
        self.form.set_values(values)
        self._fill_area()
        self.area.verticalScrollBar().setValue(0)

    def _fill_area(self) -> None:
        # a form whose fields appear within a scroll area keeps the height it had without them
        if self.area.widget() is None:
            inner = QWidget()
            inner.setProperty("role", "page")
            room = QVBoxLayout(inner)
            room.setContentsMargins(0, 0, 8, 0)
            room.addWidget(self.form)
            self.form.show()
            self.area.setWidget(inner)
            self.form.order_tabs(self._save, self._cancel)

    def showEvent(self, event: QShowEvent) -> None:
        self._fill_area()
        super().showEvent(event)

    def cancel(self) -> None:
        """Leave, after asking once if unsaved input would be lost."""
        self.leave(self.left.emit)

    def leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` once no unsaved input is lost, or `stay` if the form stays open."""
        self.form.leave(then, stay)

    def set_busy(self, on: bool) -> None:
        """Disable saving while a save is running."""
        self.form.set_busy(on)
        self._save.setDisabled(on)

    def set_writable(self, on: bool) -> None:
        """Make the form editable or read-only."""
        self._save.setVisible(on)
        self._cancel.setText(_("Cancel") if on else _("Close"))
        self.form.set_read_only(not on)

    def saved(self) -> bool:
        """Mark the input as saved; return whether the form was being left, which then continues."""
        is_being_left = self.form.is_being_left
        self.set_busy(False)
        self.banner.clear()
        self.form.mark_clean()
        return is_being_left

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields it names, or above the form."""
        self.set_busy(False)
        if not self.form.show_errors(error.fields):
            self.form.stop_leaving()
            self.banner.refuse(error)

    def _submit(self, values: dict[str, Any]) -> None:
        self.set_busy(True)
        self.banner.clear()
        self.submitted.emit(values)
