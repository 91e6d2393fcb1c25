"""Asks, before a list leaves, what for and for whom; personal data stays masked unless that is unticked."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

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
    """Give the fields of an order."""
    fields = [
        Field("purpose", _("What the list is &for"), "suggest", choices=_purposes(), required=True),
        Field("receiver", _("&Who gets it"), "suggest", choices=_receivers(), required=True),
    ]
    if may_unmask:
        hint = _("A second person must agree. The file then holds personal data that anybody can read.")
        fields.append(Field("unmasked", _("Names and telephones &unmasked"), "check", hint=hint))
    return fields


class ExportDialog(FormDialog):
    """`ordered` carries purpose, receiver and `unmasked` as soon as the first two are filled in."""

    ordered = Signal(dict)

    def __init__(self, parent: QWidget | None, title: str, may_unmask: bool) -> None:
        form = Form(order_fields(may_unmask))
        hint = _("Both stand in the first lines of the file and in the trail.")
        super().__init__(parent, _("Export: {list}").format(list=title), form, _("&Go on …"), hint)
        form.submitted.connect(self._order)

    def open_with(self, values: Mapping[str, Any]) -> None:
        """Show the dialog, beginning with these values."""
        self.form.set_values(values)
        self.open()
        self.form.focus_first()

    def reject(self) -> None:
        """Close; an order that was not given is nothing to save."""
        QDialog.reject(self)

    def _order(self, values: dict[str, Any]) -> None:
        self.accept()
        self.ordered.emit({"unmasked": False, **values})
