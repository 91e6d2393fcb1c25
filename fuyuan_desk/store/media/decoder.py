"""Pictures from outside, decoded: upright, of sensible size, and with no more metadata than needed.

Runs in the sandbox process only, and is imported by every such process: it must stay quick to load.
"""

import logging
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

if TYPE_CHECKING:
    from PIL import Image

LONG_SIDE = 2560
GLANCE_SIDE = 256
MAX_PIXELS = 50_000_000
# the WEBP decoder cannot scale down and holds three copies of the picture
MAX_PIXELS_WEBP = 24_000_000
_QUALITY = 85
_GLANCE_QUALITY = 75

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")

# EXIF tags (CIPA DC-008): orientation, the two sub-directories, when the photo was taken
_ORIENTATION, _EXIF_PART, _GPS_PART, _TAKEN = 0x0112, 0x8769, 0x8825, 0x9003
# each follows the tag of its hemisphere; altitude, speed, direction and free text are not needed
_LATITUDE, _LONGITUDE = 2, 4
_TAKEN_FORM = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")

# errors raised by Pillow for files that are cut off, damaged or only look like pictures
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, struct.error,
    TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError, AttributeError,
)  # fmt: skip


class Picture(NamedTuple):
    """A photo ready for the store: JPEG bytes, size in pixels."""

    jpeg: bytes
    width: int
    height: int


class Glance(NamedTuple):
    """What is seen of a picture file at first: a small JPEG, and when it was taken as its camera wrote it, '' if not.

    `fault` says why it is no picture that can be stored, '' if it is one.
    """

    thumbnail: bytes = b""
    taken: str = ""
    fault: str = ""


def glance(raws: Sequence[bytes]) -> Iterator[Glance]:
    """Yield what is seen of each picture file, whatever is wrong with the others."""
    for raw in raws:
        try:
            yield _glance(raw)
        except InvalidInput as refusal:
            yield Glance(fault=refusal.message)


def _glance(raw: bytes) -> Glance:
    _refuse_heif(raw)
    with _opened(raw) as image:
        try:
            orientation, exif = _read_exif(image, keep_location=False)
            small = _turned(_shrunk(image, GLANCE_SIDE), orientation)
        except _BROKEN as problem:
            raise _damaged() from problem
    small.info.clear()
    out = BytesIO()
    small.save(out, "JPEG", quality=_GLANCE_QUALITY)
    return Glance(out.getvalue(), str(exif.get_ifd(_EXIF_PART).get(_TAKEN, "")))


def decode(raw: bytes, keep_location: bool) -> Picture:
    """Turn a picture file into an upright JPEG as `images.prepare` describes it."""
    _refuse_heif(raw)
    with _opened(raw) as image:
        try:
            orientation, exif = _read_exif(image, keep_location)
            upright = _turned(_shrunk(image), orientation)
        except _BROKEN as problem:
            raise _damaged() from problem
    upright.info.clear()  # comments and profiles would be saved too
    out = BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY, exif=exif)
    return Picture(out.getvalue(), upright.width, upright.height)


def _damaged() -> InvalidInput:
    return InvalidInput(_("This picture is damaged or cut off. Copy it again from the phone or camera."))


def _refuse_heif(raw: bytes) -> None:
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIF_BRANDS:
        raise InvalidInput(
            _(
                "This is a HEIC photo, which cannot be read here. On the iPhone choose Settings – Camera – Formats"
                " – Most Compatible, or send the photo by WeChat, then add the JPEG."
            )
        )


@contextmanager
def _opened(raw: bytes) -> Iterator["Image.Image"]:
    """Read a picture's header without decoding a pixel."""
    from PIL import Image

    if _webp_pixels(raw) > MAX_PIXELS_WEBP:
        raise _too_large(MAX_PIXELS_WEBP)
    logging.getLogger("PIL").setLevel(logging.CRITICAL)  # its warnings about damaged files are redundant here
    try:
        with warnings.catch_warnings():
            # warnings about a header (bomb, odd tag) are replaced by the check of the size and by decoding
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(raw), formats=_FORMATS)
    except Image.DecompressionBombError as problem:
        raise _too_large() from problem
    except _BROKEN as problem:
        raise InvalidInput(
            _("This file is not a picture. Choose a photo (JPEG, PNG, WEBP, TIFF or BMP).")
        ) from problem
    with image:
        most = MAX_PIXELS_WEBP if image.format == "WEBP" else MAX_PIXELS
        if image.width * image.height > most:
            raise _too_large(most)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield image


def _webp_pixels(raw: bytes) -> int:
    """Read the size of a WEBP from its header; 0 for another file.

    Pillow allocates the whole canvas before it knows the size; beyond the memory limit it reports no picture.
    """
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP" or len(raw) < 30:
        return 0
    kind = raw[12:16]
    if kind == b"VP8X":  # extended: width and height less 1, 24 bits each
        return (1 + int.from_bytes(raw[24:27], "little")) * (1 + int.from_bytes(raw[27:30], "little"))
    if kind == b"VP8L":  # lossless: width and height less 1, 14 bits each
        sides = int.from_bytes(raw[21:25], "little")
        return (1 + (sides & 0x3FFF)) * (1 + (sides >> 14 & 0x3FFF))
    width, height = (int.from_bytes(raw[at : at + 2], "little") for at in (26, 28))
    return (width & 0x3FFF) * (height & 0x3FFF)  # lossy: 14 bits each, above them a scale


def _too_large(most: int = MAX_PIXELS) -> InvalidInput:
    return InvalidInput(
        _("This picture has more than {n} megapixels. Make it smaller, then add it again.").format(
            n=most // 1_000_000
        )
    )


def _read_exif(image: "Image.Image", keep_location: bool) -> tuple[int, "Image.Exif"]:
    """Return the orientation (1 to 8) and the few metadata that are kept."""
    from PIL import Image

    kept = Image.Exif()
    try:
        found = image.getexif()
        orientation = found.get(_ORIENTATION, 1)
        taken = str(found.get_ifd(_EXIF_PART).get(_TAKEN, "")).strip("\0 ")
        position = found.get_ifd(_GPS_PART)
    except _BROKEN:  # unreadable metadata are no reason to refuse the photo
        return 1, kept
    if _TAKEN_FORM.fullmatch(taken):
        kept.get_ifd(_EXIF_PART)[_TAKEN] = taken
    if keep_location:
        kept.get_ifd(_GPS_PART).update(_position(position))
    return orientation if orientation in range(1, 9) else 1, kept


def _position(tags: dict[int, Any]) -> dict[int, Any]:
    """Return latitude and longitude as hemisphere and degrees, minutes, seconds; empty when they are invalid."""
    try:
        angles = {tag: tuple(float(part) for part in tags[tag]) for tag in (_LATITUDE, _LONGITUDE)}
        hemispheres = {tag: tags[tag - 1] for tag in angles}
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return {}
    valid = (
        hemispheres[_LATITUDE] in ("N", "S")
        and hemispheres[_LONGITUDE] in ("E", "W")
        and all(len(angle) == 3 and all(0 <= part <= 180 for part in angle) for angle in angles.values())
    )
    return {**angles, **{tag - 1: hemispheres[tag] for tag in angles}} if valid else {}


def _shrunk(image: "Image.Image", longest: int = LONG_SIDE) -> "Image.Image":
    """Return the first frame in RGB, at most `longest` pixels long; takes little more memory than the picture."""
    from PIL import Image

    image.seek(0)
    share = min(1.0, longest / max(image.size))
    # a JPEG is then decoded at a half, a quarter or an eighth of its size
    image.draft("RGB", (max(1, int(image.width * share)), max(1, int(image.height * share))))
    factor = max(image.size) // longest
    image.load()
    small = _reduced(image, factor) if factor > 1 else _flat(image)
    if max(small.size) > longest:
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def _reduced(image: "Image.Image", factor: int) -> "Image.Image":
    """Reduce by an integer factor, strip by strip, to avoid a second full-size copy."""
    from PIL import Image

    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = factor * 256
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        small.paste(_flat(strip).reduce(factor), (0, top // factor))
    return small


def _flat(image: "Image.Image") -> "Image.Image":
    """Convert a picture of any mode to RGB; transparent areas become white."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey, of which the upper 8 are kept
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _turned(image: "Image.Image", orientation: int) -> "Image.Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image
