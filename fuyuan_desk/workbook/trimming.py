"""Workbooks without their blank cells; runs in the sandbox process only.

One space in the last row or column makes a sheet of 17 billion cells for the native reader, which holds them all.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from fuyuan_desk.workbook import package, unpacking

_SHARED = "xl/sharedStrings.xml"
_TEXT = rb"(?:<is>\s*)?<(t|v)\b[^>]*>\s*</\1>(?:\s*</is>)?"
_MOST_BLANKS = 200  # different blank texts; a program writes one


def without_blanks(raw: bytes) -> bytes:
    """Return an .xlsx file without the cells that hold nothing but blanks.

    Raises `ValueError` when it is damaged.
    """
    packed = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(raw)) as archive,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        ):
            blank = _blank_cells(archive)
            for entry in archive.infolist():
                with made.open(entry.filename, "w") as part:
                    pieces = unpacking.pieces(raw, entry)
                    for piece in _trimmed(pieces, blank) if package.is_sheet(entry) else pieces:
                        part.write(piece)
    except (*package.BROKEN, ElementTree.ParseError) as problem:
        raise ValueError from problem
    return packed.getvalue()


def _blank_cells(archive: zipfile.ZipFile) -> re.Pattern[bytes]:
    """Return the pattern of a cell with a blank text of its own, or that refers to one."""
    blanks = []
    if _SHARED in archive.namelist():
        with archive.open(_SHARED) as file:
            number = 0
            for _event, element in ElementTree.iterparse(file):
                if not element.tag.endswith("}si"):
                    continue
                if not "".join(element.itertext()).strip():
                    blanks.append(b"%d" % number)
                number += 1
                element.clear()
    shared = b"|".join(blanks[:_MOST_BLANKS]) or b"-"
    return re.compile(
        rb"<c\b(?=[^>]*\bt=\"(?:s\"[^>]*>\s*<v>(?:%s)</v>|(?:str|inlineStr)\"[^>]*>%s)\s*</c>)[^>]*>.*?</c>"
        % (shared, _TEXT),
        re.DOTALL,
    )


def _trimmed(pieces: Iterator[bytes], blank: re.Pattern[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        block = rest + piece
        cut = block.rfind(b"<c ")  # a cell that is cut off waits for its end
        cut = len(block) if cut < 0 else cut
        yield blank.sub(b"", block[:cut])
        rest = block[cut:]
    yield blank.sub(b"", rest)
