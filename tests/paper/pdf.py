"""Inspection of a printed PDF: its text and positions, its boxes, its QR codes."""

from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from fuyuan_desk.paper import qr
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import A4, UNIT, PageSize


@dataclass(frozen=True)
class Area:
    """A rectangle in mm from the top left corner of the page."""

    x0: float
    y0: float
    x1: float
    y1: float


def text(printed: Printed, page: int) -> str:
    """Return the text of a page, counted from 1, as it is copied."""
    found: str = pypdfium2.PdfDocument(printed.pdf)[page - 1].get_textpage().get_text_range()
    return found.replace("\r\n", "\n")


def flat(printed: Printed, page: int) -> str:
    """Return the text of a page without blanks and line ends."""
    return "".join(text(printed, page).split())


def characters(printed: Printed, page: int, only: str = "") -> list[Area]:
    """Return the bounds of all characters of a page, or of those in `only`."""
    opened = pypdfium2.PdfDocument(printed.pdf)[page - 1]
    found, height = opened.get_textpage(), opened.get_height() / UNIT
    areas = []
    for index in range(found.count_chars()):
        left, bottom, right, top = found.get_charbox(index)
        if right > left and only in ("", chr(raw.FPDFText_GetUnicode(found, index))):
            areas.append(_area(height, left, bottom, right, top))
    return areas


def shapes(printed: Printed, page: int) -> list[Area]:
    """Return the bounds of all rules, rectangles and pictures of a page, including line widths."""
    opened = pypdfium2.PdfDocument(printed.pdf)[page - 1]
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
    height = opened.get_height() / UNIT
    return [_area(height, *_bounds(found)) for found in opened.get_objects(filter=kinds, max_depth=4)]


def _bounds(found: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = found.get_bounds() if hasattr(found, "get_bounds") else found.get_pos()
    return left, bottom, right, top


def _area(height: float, left: float, bottom: float, right: float, top: float) -> Area:
    return Area(left / UNIT, height - top / UNIT, right / UNIT, height - bottom / UNIT)


def size(printed: Printed) -> PageSize:
    """Return the width and the height of the first page in mm."""
    width, height = pypdfium2.PdfDocument(printed.pdf)[0].get_size()
    return PageSize(width / UNIT, height / UNIT)


def marks(printed: Printed, page: int, dpi: int = 150) -> list[qr.Mark]:
    """Read the QR marks of the rasterised page."""
    return qr.read(pypdfium2.PdfDocument(printed.pdf)[page - 1].render(scale=dpi / 72).to_pil())


def boxes_match_drawing(printed: Printed) -> bool:
    """Return whether each tick box of the list is a square of that position and size on its page."""
    drawn = {page: shapes(printed, page) for page in range(1, printed.pages + 1)}
    return all(
        any(
            abs((area.x0 + area.x1) / 2 - box.x - box.w / 2) < 0.05
            and abs((area.y0 + area.y1) / 2 - box.y - box.h / 2) < 0.05
            and abs(area.x1 - area.x0 - box.w) < 0.5
            for area in drawn[box.page]
        )
        for box in printed.boxes
    )


def within_margins(printed: Printed, margin: float = 6.0, size: PageSize = A4) -> bool:
    """Return whether everything drawn keeps `margin` mm from the edges, which printers cannot reach."""
    return all(
        area.x0 >= margin
        and area.y0 >= margin
        and area.x1 <= size.width - margin
        and area.y1 <= size.height - margin
        for page in range(1, printed.pages + 1)
        for area in (*characters(printed, page), *shapes(printed, page))
    )
