"""The dialog that asks whose people are exported in the columns of 社区云."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.export_dialog import order_fields
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


def community_dialog(page: QWidget, estates: Sequence[tuple[int, str]]) -> FormDialog:
    """Create the dialog for the estate, purpose and receiver; it begins with full data, as 社区云 needs it."""
    fields = [
        Field("estate", _("Whose &people"), "choice", choices=estates, placeholder=_("All estates")),
        *order_fields(may_unmask=True),
    ]
    dialog = FormDialog(
        page,
        _("Roster for 社区云"),
        Form(fields, only_asks=True),
        _("Co&ntinue …"),
        _(
            "A text table (.tsv) in the columns of 社区云, with purpose and receiver in a note beside it. Masked, it "
            "is without numbers of 社区云, tags and remarks."
        ),
    )
    dialog.form.set_values({"purpose": _("exchange with 社区云"), "receiver": "", "unmasked": True})
    return dialog
