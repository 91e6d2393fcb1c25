"""The pages of a PDF from outside as pictures.

Runs in the sandbox process only, as the pictures of `decoder.py` do: PDFium is native code, and the file is foreign.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.store.media.decoder import LONG_SIDE, Picture

_QUALITY = 85
_MOST_DPI, _POINTS = 300, 72


def decode_pages(raw: bytes, most: int) -> Iterator[Picture]:
    """Yield the pages of a PDF as upright JPEGs of at most `LONG_SIDE` pixels on their long side.

    Raises `InvalidInput` for what is no PDF, is damaged or locked, and before any page of more than `most`.
    """
    import pypdfium2

    document: Any = pypdfium2.PdfDocument
    try:
        opened = document(raw)
        count = len(opened)
        if count > most:
            raise _too_many(count, most)
        for number in range(count):
            yield _picture(opened[number])
    except pypdfium2.PdfiumError as problem:
        raise InvalidInput(
            _(
                "This PDF is damaged or protected by a password."
                " Open it, save or print it as a new PDF, or photograph its pages."
            )
        ) from problem
    if not count:
        raise InvalidInput(_("This PDF has no pages. Choose another file."))


def _too_many(count: int, most: int) -> InvalidInput:
    return InvalidInput(
        numbered(
            count,
            N_("This PDF has {n} page; at most {most} can be attached. Save what matters as a new PDF."),
            N_("This PDF has {n} pages; at most {most} can be attached. Save what matters as a new PDF."),
            most=most,
        )
    )


def _picture(page: Any) -> Picture:
    scale = min(LONG_SIDE / max(1.0, *page.get_size()), _MOST_DPI / _POINTS)
    image = page.render(scale=scale).to_pil().convert("RGB")
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return Picture(out.getvalue(), image.width, image.height)
