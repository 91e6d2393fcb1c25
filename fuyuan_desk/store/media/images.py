"""Preparation of photos and pages for the store.

Files from outside are decoded in the sandbox process (`decoder.py`, `pdf_pages.py`).
"""

from collections.abc import Sequence
from io import BytesIO

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox, stream_from_sandbox
from fuyuan_desk.store.media.decoder import Glance, Picture, decode, glance
from fuyuan_desk.store.media.pdf_pages import decode_pages

THUMBNAIL_SIDE = 256
MAX_BYTES = 64_000_000
# the largest supported picture, a progressive JPEG with four full-size channels, needs 375
_SANDBOX_MB = 400
_THUMBNAIL_QUALITY = 80
_PDF_SECONDS = 60.0
_GLANCE_SECONDS = 10.0
_PDF_MARK_WITHIN = 1024


def prepare(raw: bytes, keep_location: bool) -> Picture:
    """Turn a picture file into an upright JPEG of at most 2560 pixels on its long side.

    Reads JPEG, PNG, WEBP, TIFF, BMP and GIF (the first of several frames). Of the metadata only the date is kept,
    and the location if `keep_location`. Raises `InvalidInput` for anything that is no picture, is cut off, is
    larger than 64 MB, or has more than 50 megapixels (WEBP 24); the last two are checked before any pixel is
    decoded. Takes at most 10 s and 500 MB, whatever the file contains.
    """
    _refuse_large(raw)
    try:
        return run_in_sandbox(decode, raw, keep_location, megabytes=_SANDBOX_MB)
    except LimitExceeded as problem:
        raise _too_much() from problem


def glance_at(raws: Sequence[bytes]) -> tuple[Glance, ...]:
    """Return what is seen of picture files at first, in their order; what cannot be read says why.

    One process looks at all of them. A file at which it ends is looked at alone, and is at fault if that fails, too;
    the rest is looked at by another process. Takes at most 20 s a file and 500 MB, whatever the files contain.
    """
    seen: list[Glance] = []
    is_alone = False
    while len(seen) < len(raws):
        batch = list(raws[len(seen) :][: 1 if is_alone else None])
        try:
            with stream_from_sandbox(glance, batch, seconds=_GLANCE_SECONDS, megabytes=_SANDBOX_MB) as found:
                seen.extend(found)  # what came before the process ended stays
            is_alone = False
        except LimitExceeded:
            if is_alone:
                seen.append(Glance(fault=_too_much().message))
            is_alone = not is_alone
    return tuple(seen)


def _too_much() -> InvalidInput:
    return InvalidInput(
        _(
            "This picture takes too long or too much memory to read. "
            "Open it on the phone or PC, save it as a JPEG, then add that."
        )
    )


def _refuse_large(raw: bytes) -> None:
    if len(raw) > MAX_BYTES:
        raise InvalidInput(
            _("This picture file is larger than {mb} MB. Make it smaller, then add it again.").format(
                mb=MAX_BYTES // 1_000_000
            )
        )


def is_pdf(raw: bytes) -> bool:
    """Return whether a file is a PDF; readers accept some bytes before its mark."""
    return b"%PDF-" in raw[:_PDF_MARK_WITHIN]


def prepare_pdf(raw: bytes, most: int) -> tuple[Picture, ...]:
    """Turn each page of a PDF into a JPEG of at most 2560 pixels on its long side.

    Raises `InvalidInput` for a file that is damaged, locked, larger than 64 MB or of more than `most` pages. Takes at
    most a minute and 400 MB besides the pages, whatever the file contains.
    """
    _refuse_large(raw)
    try:
        with stream_from_sandbox(
            decode_pages, raw, most, seconds=_PDF_SECONDS, megabytes=_SANDBOX_MB
        ) as pages:
            return tuple(pages)
    except LimitExceeded as problem:
        raise InvalidInput(
            _(
                "This PDF takes too long or too much memory to read."
                " Save fewer pages of it as a new PDF, or photograph them."
            )
        ) from problem


def thumbnail(jpeg: bytes) -> bytes:
    """Make a JPEG of at most 256 pixels on its long side from a prepared picture."""
    return shrunk(jpeg, THUMBNAIL_SIDE).jpeg


def shrunk(jpeg: bytes, side: int) -> Picture:
    """Return a prepared picture, at most `side` pixels long."""
    from PIL import Image  # here, so that opening the window does not load it

    out = BytesIO()
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        image.save(out, "JPEG", quality=_THUMBNAIL_QUALITY)
        return Picture(out.getvalue(), image.width, image.height)
