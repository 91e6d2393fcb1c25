"""The QR mark on a sheet that links a scan to its record.

Format: `FYT1:<kind>:<number>:<uid>:<page>`, for example `FYT1:IS:XC2026-0012:5F0C…:1`. Kind is two
letters (IS inspection sheet, RF registration form); the uid is the record's own, in capitals, so that
most of the text uses QR's dense alphabet; pages count from 1 within the sheet.
"""

from dataclasses import dataclass
from typing import Any

PREFIX = "FYT1"
INSPECTION = "IS"
REGISTRATION = "RF"
_DIGITS = bytes(48 + (value > 127) for value in range(256))


@dataclass(frozen=True, slots=True)
class Mark:
    """The contents of a sheet's QR code."""

    kind: str
    number: str
    uid: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol: its side in modules, and its rows as hex digits, each row padded to whole bytes."""

    modules: int
    bits: str


def encode(mark: Mark) -> str:
    """Return the text of a mark's QR code."""
    return f"{PREFIX}:{mark.kind}:{mark.number}:{mark.uid.upper()}:{mark.page}"


def decode(text: str) -> Mark | None:
    """Parse the text of a QR code; return None if it is not one of ours."""
    parts = text.strip().split(":")
    if len(parts) < 5 or parts[0] != PREFIX or not parts[-1].isdecimal():
        return None
    return Mark(parts[1], ":".join(parts[2:-2]), parts[-2].lower(), int(parts[-1]))


def symbol(text: str) -> Symbol:
    """Create the QR symbol of a text (error correction M), without its quiet zone."""
    import zxingcpp

    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)  # supports the buffer protocol
    side: int = image.shape[0]
    digits = bytes(memoryview(image)).translate(_DIGITS)
    padding = -side % 8
    width = (side + padding) // 4
    rows = (int(digits[start : start + side], 2) << padding for start in range(0, side * side, side))
    return Symbol(side, "".join(f"{row:0{width}X}" for row in rows))


def read(picture: Any) -> list[Mark]:
    """Find our marks in an image (PIL image or array of grey values) of a scanned page."""
    import zxingcpp

    reader: Any = zxingcpp
    found = reader.read_barcodes(picture, formats=reader.BarcodeFormat.QRCode)
    return [mark for mark in (decode(code.text) for code in found) if mark]
