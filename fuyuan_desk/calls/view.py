"""The dialog that asks for which months the sheet for 社区云 is made."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.export_dialog import order_fields
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def _months() -> Sequence[tuple[Any, str]]:
    return [(month, _("Month {n}").format(n=month)) for month in range(1, 13)]


def month_dialog(page: QWidget, today: date) -> FormDialog:
    """Create the dialog for months, which calls, purpose and receiver; it begins with this month."""
    fields = [
        Field("year", _("&Year"), "int", required=True),
        Field("month", _("&Month"), "choice", choices=_months(), placeholder=_("The whole year")),
        Field("only_open", _("&Only what is not entered yet"), "check", span=2),
        *order_fields(may_unmask=True),
    ]
    dialog = FormDialog(
        page,
        _("Month sheets for 社区云"),
        Form(fields, 2, only_asks=True),
        _("Co&ntinue …"),
        _("One worksheet for each month, in the columns of 社区云. Names and what was said are masked."),
    )
    dialog.form.set_values({"year": today.year, "month": today.month, "only_open": True, "unmasked": False})
    return dialog
