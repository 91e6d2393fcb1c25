"""The dialog for purpose and receiver of an export; personal data stays masked unless requested otherwise."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def _suggested(*texts: str) -> list[tuple[Any, str]]:
    return [(text, text) for text in texts]


def _purposes() -> list[tuple[Any, str]]:
    return _suggested(
        _("Work of this committee"),
        _("Checking with the property company"),
        _("Report to the street office"),
        _("Preparing a vote of the owners"),
        _("Inspection of a project"),
    )


def _receivers() -> list[tuple[Any, str]]:
    return _suggested(
        _("This residents' committee"),
        _("Street office"),
        _("Property company"),
        _("Owners' committee"),
        _("Housing authority"),
    )


def order_fields(may_unmask: bool) -> list[Field]:
    """Return the fields of an export order."""
    fields = [
        Field("purpose", _("What the list is &for"), "suggest", choices=_purposes(), required=True),
        Field("receiver", _("&Who gets it"), "suggest", choices=_receivers(), required=True),
    ]
    if may_unmask:
        hint = _("A second person must approve. Anybody can then read the personal data in the file.")
        fields.append(Field("unmasked", _("Names and phone numbers &unmasked"), "check", hint=hint))
    return fields


class ExportDialog(FormDialog):
    """Asks for an export order; `ordered` carries purpose, receiver and `unmasked`."""

    ordered = Signal(dict)

    def __init__(self, parent: QWidget | None, title: str, may_unmask: bool) -> None:
        form = Form(order_fields(may_unmask), only_asks=True)
        hint = _("Both are written into the first lines of the file and into the audit log.")
        super().__init__(parent, _("Export: {list}").format(list=title), form, _("Co&ntinue …"), hint)
        form.submitted.connect(self._order)

    def open_with(self, values: Mapping[str, Any]) -> None:
        """Show the dialog with these values."""
        self.form.set_values(values)
        self.open()
        self.form.focus_first()

    def _order(self, values: dict[str, Any]) -> None:
        self.accept()
        self.ordered.emit({"unmasked": False, **values})
