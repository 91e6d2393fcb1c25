"""The dialog that asks when a photo was really taken, from which the clock of its camera is put right."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.view.entry import read_time
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def ask_clock(parent: QWidget, shown: datetime, then: Callable[[datetime], object]) -> FormDialog:
    """Ask for the right time of a photo, `shown` at first; call `then` with it."""
    local = shown.astimezone()
    form = Form(
        [
            Field("day", _("&Day"), "date", required=True),
            Field("time", _("&Time"), required=True, placeholder="09:30"),
        ],
        only_asks=True,
    )
    form.set_values({"day": local.date(), "time": f"{local:%H:%M}"})
    dialog = FormDialog(
        parent,
        _("When was this photo really taken?"),
        form,
        _("&Set the clock"),
        _("The times of all photos are moved by the same amount. The files stay as they are."),
    )

    def submit(values: dict[str, Any]) -> None:
        try:
            right = datetime.combine(values["day"], read_time(values["time"])).astimezone()
        except ValueError as reason:
            form.show_errors({"time": str(reason)})
            return
        dialog.done_saving()
        then(right)

    form.submitted.connect(submit)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    form.focus_first()
    return dialog
