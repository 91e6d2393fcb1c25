"""How heavy a spreadsheet is to read, measured before the reader sees it; pure functions of its bytes.

The directory of a zip is never believed: every part is unpacked once, in pieces, and counted. What looks as Excel,
WPS and LibreOffice write it is read at once; whatever does not is read in a process of its own.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

MOST_UNPACKED = 250_000_000
_MOST_RATIO = 400  # nothing but noughts packs better
_MOST_DIRECTORY = 2_000_000
_MOST_PARTS = 10_000
# what is read at once: dense tables of these many cells take some 200 MB
_LIGHT_CELLS = 1_000_000
_LIGHT_SHEETS = 16
_LIGHT_TEXT = 100_000_000
_LIGHT_STRINGS = 60_000_000
_PIECE = 1 << 22
_OVERLAP = 256

_FAR = re.compile(rb'<c r="(?:[A-Za-z]{2}|[A-Za-z]\d{6})')
_CELL = re.compile(rb'<c r="([A-Za-z]+)(\d+)"')
_ODD_CELL = re.compile(rb'<c(?:[\t\r\n/>]| (?:[^r]|r(?:[^=]|=[^"])))')
_NAMED_CELL = re.compile(rb":c[\s/>]")
_INDEX = re.compile(rb"<v[^>]*>\s*\+?(\d{1,9})")
_OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)


class Broken(Exception):
    """The zip contradicts itself or ends too early."""


@dataclass
class _Found:
    """What the parts of a workbook hold between them."""

    cells: int = 0
    sheets: int = 0
    rows: int = 0
    columns: int = 26
    odd: bool = False
    lengths: list[int] = field(default_factory=list)
    indexed: list[bytes] = field(default_factory=list)


def check_directory(name: str, raw: bytes) -> None:
    """Refuse a zip whose directory alone would fill the memory; to be called before anything reads it."""
    for mark, size, form in ((b"PK\x05\x06", 12, "<I"), (b"PK\x06\x06", 40, "<Q")):
        place = raw.rfind(mark)
        while place >= max(0, len(raw) - 70_000):
            with_size = raw[place + size : place + size + struct.calcsize(form)]
            if len(with_size) == struct.calcsize(form):
                (directory,) = struct.unpack(form, with_size)
                if directory > _MOST_DIRECTORY and directory != 0xFFFFFFFF:
                    raise _too_heavy(name)
            place = raw.rfind(mark, 0, place)


def check_parts(name: str, raw: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a zip of too many parts, or whose parts unpack to more than `MOST_UNPACKED` or not to what is said.

    Raises `Broken` when a part cannot be unpacked.
    """
    _check_count(name, entries)
    left = MOST_UNPACKED
    for entry in entries:
        for piece in _pieces(raw, entry):
            left -= len(piece)
            if left < 0:
                raise unpacks_to(name, MOST_UNPACKED)


def is_light(name: str, raw: bytes, entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether an .xlsx can be read at once; refuses and raises as `check_parts` does."""
    _check_count(name, entries)
    found, left = _Found(), MOST_UNPACKED
    for entry in entries:
        found.odd |= entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        seen = _Part(found)
        for piece in _pieces(raw, entry):
            left -= len(piece)
            if left < 0:
                raise unpacks_to(name, MOST_UNPACKED)
            seen.take(piece)
        seen.end()
    return (
        not found.odd
        and found.cells <= _LIGHT_CELLS
        and found.sheets <= _LIGHT_SHEETS
        and found.rows * found.columns <= _LIGHT_CELLS * 4
        and _text(found) <= _LIGHT_TEXT
    )


def _check_count(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    said = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if said > MOST_UNPACKED or (said > MOST_UNPACKED / 5 and said / packed > _MOST_RATIO):
        raise unpacks_to(name, said)
    if len(entries) > _MOST_PARTS:
        raise _too_heavy(name)


def unpacks_to(name: str, size: int) -> InvalidInput:
    """Make the refusal of a file that grows too large when it is unpacked."""
    return InvalidInput(
        _(
            "The file {name} would unpack to {mb} MB; a roster never does. "
            "Copy the rows of the roster into a new Excel file and choose that."
        ).format(name=name, mb=size // 1_000_000)
    )


def _too_heavy(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} is made of too many parts for a roster. "
            "Copy the rows of the roster into a new Excel file and choose that."
        ).format(name=name)
    )


# ---- unpacking ----


def _pieces(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece; Python's own reader would stop where the directory says that it ends."""
    start = entry.header_offset
    if raw[start : start + 4] != b"PK\x03\x04" or entry.flag_bits & 1:
        raise Broken
    named, more = struct.unpack_from("<HH", raw.ljust(start + 30), start + 26)
    begin = start + 30 + named + more
    packed = memoryview(raw)[begin : begin + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise Broken
    size = 0
    for piece in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else iter((bytes(packed),)):
        size += len(piece)
        yield piece
    if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and size != entry.file_size:
        raise Broken


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(-15)
    waiting: memoryview | bytes = packed
    while not unpacking.eof:
        try:
            piece = unpacking.decompress(waiting, _PIECE)
        except zlib.error as problem:
            raise Broken from problem
        waiting = unpacking.unconsumed_tail
        if not piece and not waiting and not unpacking.eof:
            raise Broken
        yield piece


# ---- looking at the parts ----


class _Part:
    """Looks at one part piece by piece and notes what it finds."""

    def __init__(self, found: _Found) -> None:
        self._found = found
        self._tail = b""
        self._first = True
        self._is_sheet = False
        self._strings: list[bytes] | None = None

    def take(self, piece: bytes) -> None:
        """Look at the next piece."""
        found = self._found
        if self._first:
            self._first = False
            head = piece[:1000]
            found.odd |= (
                head.startswith((b"\xff\xfe", b"\xfe\xff"))
                or b"<\0" in head
                or b"\0<" in head
                or b"<!DOCTYPE" in head
                or _OTHER_ENCODING.search(head) is not None
            )
            if b"<sst" in head or b":sst" in head:
                self._strings = []
        if self._strings is not None:
            self._strings.append(piece)
            if sum(map(len, self._strings)) > _LIGHT_STRINGS:
                found.odd, self._strings = True, None
            return
        block = self._tail + piece
        if not self._is_sheet and b"sheetData" in block:
            self._is_sheet = True
            found.sheets += 1
        if self._is_sheet and not found.odd:
            self._look(block, len(self._tail))
        self._tail = block[-_OVERLAP:]

    def _look(self, block: bytes, known: int) -> None:
        found = self._found
        usual = block.count(b'<c r="')
        found.odd |= usual < block.count(b"<c") and _ODD_CELL.search(block) is not None
        found.odd |= _NAMED_CELL.search(block) is not None
        found.cells += usual - block.count(b'<c r="', 0, known)
        if _FAR.search(block):
            for letters, number in _CELL.findall(block):
                found.columns = max(found.columns, column_number(letters))
                found.rows = max(found.rows, int(number[:9]))
        else:
            found.rows = max(found.rows, 99_999 if found.columns > 26 else 0)
        found.indexed.append(block)
        if sum(map(len, found.indexed)) > _LIGHT_TEXT:
            found.odd = True
            found.indexed.clear()

    def end(self) -> None:
        """Look at what only a whole part tells."""
        if self._strings is not None:
            found = self._found
            found.odd |= bool(found.lengths)  # two lists of texts: which one is read is the reader's guess
            found.lengths = [len(text) for text in b"".join(self._strings).split(b"<si")[1:]]


def _text(found: _Found) -> int:
    """Give at most how many bytes of text the cells hold: each has its own copy of the text that it points to."""
    if max(found.lengths, default=0) * found.cells <= _LIGHT_TEXT:
        return 0
    known = len(found.lengths)
    return sum(
        found.lengths[number]
        for block in found.indexed
        for number in map(int, _INDEX.findall(block))
        if number < known
    )


def column_number(letters: bytes) -> int:
    """Give the number of a column from its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number
