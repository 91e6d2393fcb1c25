"""How heavy a picture file is to read, told from its parts before any decoder sees it; pure functions of bytes.

Light files are read at once: they are what phones and chat programs make. All others are read in a process of their
own, where a file that was made to fill the memory or to take for ever harms nothing.
"""

import struct
from collections.abc import Iterator

# libjpeg holds all coefficients of a picture in several scans, and goes through all of them for each scan
_COEFFICIENTS = 330_000_000
_SCANNED_PIXELS = 1_000_000_000
_JPEG_PARTS, _PNG_PARTS, _WEBP_PARTS = 300, 20_000, 50
# what a phone remarks of its photo fits one segment; the sum of all values a little more
_EXIF_BYTES, _EXIF_VALUES = 65_536, 1_000_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_BELOW = (0x8769, 0x8825, 0xA005)  # directories of EXIF, GPS, interoperability
_MANY_SCANS = range(0xC2, 0xD0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def is_light(raw: bytes) -> bool:
    """Tell whether a picture can be read within a few seconds and 400 MB, whatever a hostile hand put into it."""
    try:
        if raw.startswith(b"\xff\xd8\xff"):
            return _light_jpeg(raw)
        if raw.startswith(b"\x89PNG\r\n\x1a\n"):
            return _light_png(raw)
        if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
            return _light_webp(raw)
    except (struct.error, IndexError):  # cut off
        return False
    return False


# ---- JPEG ----


def _segments(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Give marker and content of each segment before the first scan; a marker 0 where the file makes no sense."""
    place = 2
    for _number in range(_JPEG_PARTS):
        if raw[place] != 0xFF:
            break
        marker = raw[place + 1]
        if marker == 0xDA:
            return
        (length,) = struct.unpack_from(">H", raw, place + 2)
        yield marker, raw[place + 4 : place + 2 + length]
        place += 2 + length
    yield 0, b""


def _light_jpeg(raw: bytes) -> bool:
    frame: tuple[int, bytes] | None = None
    remarks = 0
    for marker, content in _segments(raw):
        if marker == 0:
            return False
        if marker in _FRAMES:
            if frame is not None:
                return False
            frame = marker, content
        if marker == 0xE1 and content.startswith(b"Exif\0\0"):
            remarks += 1
            if remarks > 1 or not _light_exif(content[6:]):
                return False
    return frame is not None and _light_frame(*frame, scans=raw.count(b"\xff\xda"))


def _light_frame(marker: int, content: bytes, scans: int) -> bool:
    height, width, parts = struct.unpack_from(">HHB", content, 1)
    sampling = [content[7 + 3 * number] for number in range(parts)]
    if not height or not width or not sampling:
        return False
    across, down = [sign >> 4 for sign in sampling], [sign & 15 for sign in sampling]
    if not all(across) or not all(down):
        return False
    share = sum(h * v for h, v in zip(across, down, strict=True)) / (max(across) * max(down))
    held = width * height * share * 2 if marker in _MANY_SCANS or scans > 1 + parts else 0
    return held <= _COEFFICIENTS and width * height * scans <= _SCANNED_PIXELS


# ---- PNG and WEBP ----


def _light_png(raw: bytes) -> bool:
    place = 8
    for _number in range(_PNG_PARTS):
        length, kind = struct.unpack_from(">I4s", raw, place)
        content = raw[place + 8 : place + 8 + min(length, _EXIF_BYTES + 1)]
        if kind == b"eXIf" and not _light_exif(content):
            return False
        # remarks of cameras in a text: Pillow would read them like an eXIf of any size
        if kind in (b"zTXt", b"tEXt", b"iTXt") and content.startswith(b"Raw profile type"):
            return False
        if kind == b"IEND":
            return True
        place += 12 + length
    return False


def _light_webp(raw: bytes) -> bool:
    place = 12
    for _number in range(_WEBP_PARTS):
        if place >= len(raw):
            return True
        kind, length = struct.unpack_from("<4sI", raw, place)
        if kind in (b"ANIM", b"ANMF"):
            return False
        if kind == b"EXIF" and not _light_exif(raw[place + 8 : place + 8 + min(length, _EXIF_BYTES + 1)]):
            return False
        place += 8 + length + length % 2
    return False


# ---- EXIF ----


def _light_exif(exif: bytes) -> bool:
    # each of thousands of tags may claim the whole of the remarks as its value
    if exif.startswith(b"Exif\0\0"):
        exif = exif[6:]
    if len(exif) > _EXIF_BYTES:
        return False
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return True  # no reader takes it for remarks
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    weight, waiting, seen = 0, [first], set[int]()
    while waiting:
        start = waiting.pop()
        if start in seen or start + 2 > len(exif):
            continue
        seen.add(start)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for place in range(start + 2, min(start + 2 + 12 * count, len(exif) - 11), 12):
            tag, kind, number, value = struct.unpack_from(f"{order}HHII", exif, place)
            weight += min(number * _SIZES.get(kind, 0), len(exif))
            if tag in _BELOW:
                waiting.append(value)
        if weight > _EXIF_VALUES or len(seen) > 8:
            return False
    return True
