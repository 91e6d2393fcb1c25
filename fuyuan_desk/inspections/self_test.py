"""The self-test of printing: create a sheet, extract its text, and read its QR code back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet, inspection_sheets
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.paper import qr

_RARE = "喆㛃𬭼䶮"


def check(_folder: Path) -> str:
    """Create an inspection sheet and read its text and QR code back; raise `CheckFailed` if they differ."""
    import pypdfium2

    sheet = InspectionSheet(
        "XC2026-0001", "renovation", _RARE, "自检", (InspectionItem("自检"),), uid="0" * 32
    )
    pdf = inspection_sheets([sheet], "自检", datetime.now(UTC).date()).pdf
    open_document: Any = pypdfium2.PdfDocument
    document = open_document(pdf)
    page = document[0]
    text = page.get_textpage().get_text_range()
    marks = qr.read(page.render(scale=3).to_pil())
    document.close()
    if _RARE not in text:
        raise CheckFailed(_("rare characters cannot be copied from a printed sheet"))
    if not marks or marks[0].uid != "0" * 32:
        raise CheckFailed(_("the QR code of a printed sheet cannot be read back"))
    return _("drawn, shown and read back")
