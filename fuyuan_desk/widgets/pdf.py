"""Rendering of PDF pages with pypdfium2; every call holds one lock, since PDFium is not thread-safe."""

import threading
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _

POINTS_PER_INCH = 72
_LOCK = threading.Lock()


class PdfFile:
    """An open PDF, created by `open_pdf`; thread-safe."""

    def __init__(self, document: Any, raw: bytes) -> None:
        self._document = document
        self.raw = raw
        self.sizes: list[tuple[float, float]] = [
            document.get_page_size(number) for number in range(len(document))
        ]
        """Width and height of each page in points."""

    def image(self, number: int, dots_per_inch: float, gray: bool = False) -> QImage:
        """Render page `number` (from 0) on white; raises `Unusable` when the file is closed."""
        with _LOCK:
            if self._document is None:
                raise Unusable(_("This document is already closed."))
            page = self._document[number]
            bitmap = page.render(
                scale=dots_per_inch / POINTS_PER_INCH,
                grayscale=gray,
                prefer_bgrx=not gray,
                may_draw_forms=False,
            )
            page.close()
            form = QImage.Format.Format_Grayscale8 if gray else QImage.Format.Format_RGB32
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
            bitmap.close()
        image.setDotsPerMeterX(round(dots_per_inch / 0.0254))
        image.setDotsPerMeterY(round(dots_per_inch / 0.0254))
        return image

    def close(self) -> None:
        """Free the memory; safe to call twice."""
        with _LOCK:
            if self._document is not None:
                self._document.close()
                self._document = None


def open_pdf(source: bytes | Path) -> PdfFile:
    """Open a PDF from memory or disk; raises `Unusable` if it cannot be read. Do not call on the UI thread."""
    import pypdfium2  # here: importing it takes over 0.1 s

    document: Any = pypdfium2.PdfDocument
    try:
        raw = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise Unusable(_("The file cannot be read: {reason}").format(reason=error.strerror)) from error
    try:
        with _LOCK:
            return PdfFile(document(raw), raw)
    except pypdfium2.PdfiumError as error:
        raise Unusable(_("This is not a readable PDF.")) from error
