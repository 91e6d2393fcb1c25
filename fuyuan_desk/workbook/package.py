"""Detection of a file's type from its first bytes and its zip directory, before its contents are read."""

import io
import re
import struct
import zipfile
import zlib
from typing import NamedTuple

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.workbook import unpacking

XLSX, XLSB, XLS, ODS, TEXT = "xlsx", "xlsb", "xls", "ods", "text"
_BINARY = "xl/workbook.bin"

# raised for a damaged zip or one of its parts
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError, struct.error,
    unpacking.Broken,
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_CELL_FAR_RIGHT = re.compile(rb' r="([A-Z]{2,3})\d+"[^>]*(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
# the formula by which WPS puts a picture into a cell; the text of an .xls may have one byte a character, or two
_PICTURE_CELLS = (b"DISPIMG", "DISPIMG".encode("utf-16-le"))
# found in half the time that `in` takes
_HIDDEN, _DISPIMG, _ERROR, _STRIKE = map(re.compile, (b"hidden", b"DISPIMG", b't="e"', b"strike"))
_STRINGS = "xl/sharedstrings.xml"
_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.(?:xml|bin)", re.IGNORECASE)
_OVERLAP = 4096  # a tag that is cut off at the end of a piece is found in the next one


class Table(NamedTuple):
    """A file that is a table: its kind, and rows and columns of each sheet of a workbook whose parts are a zip."""

    kind: str
    extents: tuple[tuple[int, int], ...] = ()


class Signs(NamedTuple):
    """What the cells of a table may have besides values.

    `hides`: rows or columns are hidden, `shows`: cells hold pictures, as WPS puts them there, `errs`: cells are errors,
    `strikes`: a part of a text is struck through.
    """

    hides: bool = False
    shows: bool = False
    errs: bool = False
    strikes: bool = False


def locked(name: str) -> InvalidInput:
    """Return the error for a password-protected file."""
    return InvalidInput(
        _(
            "The file {name} is protected by a password. Open it in Excel, remove the password "
            "under File – Info – Protect Workbook, save it, then choose it again."
        ).format(name=name)
    )


def damaged(name: str) -> InvalidInput:
    """Return the error for a damaged file."""
    return InvalidInput(
        _(
            "The file {name} is damaged or was not copied completely. "
            "Copy it again, or open it in Excel and save it as a new .xlsx file."
        ).format(name=name)
    )


def _no_table(name: str, what: str) -> InvalidInput:
    return InvalidInput(
        _("The file {name} is {what}, not a table. Choose an Excel or CSV file.").format(name=name, what=what)
    )


def judge(name: str, raw: bytes) -> Table:
    """Return what kind of table the file is.

    A file that is no table, or that would unpack to more than any list, raises `InvalidInput` with what to do
    instead.
    """
    start = raw[:4096]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _judge_zip(name, raw)
    if start.startswith(_OLE):
        return Table(_judge_ole(name, raw))
    return Table(_judge_start(name, start))


def signs_of(name: str, raw: bytes) -> Signs:
    """Return the signs of a table that was judged, and verify the checksums of a zip's sheets.

    May run beside the native reader of the cells. Raises `InvalidInput` when a sheet is damaged.
    """
    if not raw.startswith(b"PK"):
        return Signs(shows=_shows_pictures(raw))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _signs_of_zip(raw, archive)
    except BROKEN as problem:
        raise damaged(name) from problem


def _signs_of_zip(raw: bytes, archive: zipfile.ZipFile) -> Signs:
    found = Signs()
    is_binary = any(entry.filename.lower().lstrip("/") == _BINARY for entry in archive.infolist())
    for entry in archive.infolist():
        if is_sheet(entry):
            archive.open(entry).close()  # raises when it contradicts the directory
            found = _examined(raw, entry, is_binary, found)
        elif entry.filename.lower().lstrip("/") == _STRINGS:
            strikes = any(_STRIKE.search(piece) for piece in unpacking.pieces(raw, entry))
            found = found._replace(strikes=strikes)
    return found


def _examined(raw: bytes, entry: zipfile.ZipInfo, is_binary: bool, signs: Signs) -> Signs:
    hides, shows, errs, _strikes = signs
    checksum, tail = 0, b""
    for piece in unpacking.pieces(raw, entry):
        checksum = zlib.crc32(piece, checksum)
        block = tail + piece
        hides = hides or _HIDDEN.search(block) is not None
        errs = errs or _ERROR.search(block) is not None
        shows = shows or (_shows_pictures(block) if is_binary else _DISPIMG.search(block) is not None)
        tail = piece[-_OVERLAP:]
    if checksum != entry.CRC:
        raise zipfile.BadZipFile
    return signs._replace(hides=hides, shows=shows, errs=errs)


def _shows_pictures(content: bytes) -> bool:
    return any(word in content for word in _PICTURE_CELLS)


def _judge_start(name: str, start: bytes) -> str:
    if start.startswith(_BIFF):
        return XLS
    if start.startswith(b"%PDF"):
        raise _no_table(name, _("a PDF document"))
    if start.startswith(_PICTURES):
        raise _no_table(name, _("a picture"))
    if start.startswith(b"{\\rtf"):
        raise _no_table(name, _("a text document"))
    if start.startswith(_ARCHIVES):
        raise _packed(name)
    _refuse_markup(name, start)
    return TEXT


def _packed(name: str) -> InvalidInput:
    return InvalidInput(
        _("The file {name} is a compressed archive. Unpack it first, then choose the table inside.").format(
            name=name
        )
    )


def _refuse_markup(name: str, start: bytes) -> None:
    # old programs "export to Excel" by naming a web page .xls; Excel can open and convert it
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(
        (b"<!doctype", b"<html", b"<table", b"<head", b"<meta", b"<style", b"<?xml", b"<div", b"<body")
    ):
        raise InvalidInput(
            _(
                "The file {name} is a web page named like a spreadsheet. Open it in Excel, choose File – Save As, "
                "type “Excel Workbook (*.xlsx)”, and choose the new file."
            ).format(name=name)
        )


def _judge_zip(name: str, raw: bytes) -> Table:
    unpacking.check_directory(name, raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            names = {entry.filename.lower().lstrip("/") for entry in entries}
            if any(entry.flag_bits & 1 for entry in entries):
                raise locked(name)
            sheets = {entry.header_offset: _Sheet() for entry in entries if is_sheet(entry)}
            is_binary = _BINARY in names

            def examine(entry: zipfile.ZipInfo, piece: bytes) -> None:
                sheet = sheets.get(entry.header_offset)
                if sheet is not None:
                    sheet.examine(piece, is_binary)

            unpacking.check_parts(name, raw, entries, examine)
            if "mimetype" in names and "content.xml" in names:
                return Table(_judge_open_document(name, archive))
            kind = _judge_names(name, names)
    except BROKEN as problem:
        raise damaged(name) from problem
    return Table(kind, tuple(sheet.extent for sheet in sheets.values()))


def _judge_names(name: str, names: set[str]) -> str:
    if _BINARY in names:
        return XLSB
    if any(entry.startswith("xl/") for entry in names):
        return XLSX
    if any(entry.startswith("word/") for entry in names):
        raise _no_table(name, _("a Word document"))
    if any(entry.startswith("ppt/") for entry in names):
        raise _no_table(name, _("a slide show"))
    if "[content_types].xml" in names:
        raise damaged(name)
    raise _packed(name)


def _judge_open_document(name: str, archive: zipfile.ZipFile) -> str:
    kind = archive.read("mimetype")[:200]
    if b"spreadsheet" not in kind:
        raise _no_table(name, _("a text document"))
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise locked(name)
    return ODS


def _judge_ole(name: str, content: bytes) -> str:
    if len(content) < 1024:
        raise damaged(name)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise locked(name)
    if any(stream.encode("utf-16-le") + b"\x00\x00" in content for stream in ("Workbook", "Book")):
        return XLS
    if "WordDocument".encode("utf-16-le") in content:
        raise _no_table(name, _("a Word document"))
    if "PowerPoint Document".encode("utf-16-le") in content:
        raise _no_table(name, _("a slide show"))
    raise damaged(name)


# ---- extent of the sheets ----


def is_sheet(entry: zipfile.ZipInfo) -> bool:
    """Return whether a part of a workbook is a sheet."""
    return _SHEET.fullmatch(entry.filename) is not None


def is_too_wide(table: Table, most_cells: int) -> bool:
    """Return whether the cells of a sheet, including empty ones, would not fit into memory.

    One stray cell at the end of a sheet makes a table of 17 billion cells, nearly all empty.
    """
    return any(rows * columns > most_cells for rows, columns in table.extents)


def check_extent(name: str, table: Table, most_cells: int) -> None:
    """Raise `InvalidInput` for sheets whose cells, including empty ones, would not fit into memory."""
    for rows, columns in table.extents:
        if rows * columns > most_cells:
            raise InvalidInput(
                _(
                    "A sheet of {name} extends to row {rows}, nearly all of it empty. In Excel, select the "
                    "rows and columns after the last household, delete them, save, and choose the file again."
                ).format(name=name, rows=rows)
            )


class _Sheet:
    """Measures a sheet while it is unpacked piece by piece."""

    def __init__(self) -> None:
        self._tail = b""
        self._begun_row = 0
        # only filled cells count for the reader. The declared size of a sheet is not used: programs that write
        # tables do not update it.
        self._rows, self._columns = 0, 26
        self._is_new = True

    @property
    def extent(self) -> tuple[int, int]:
        """Rows and columns up to the last filled ones."""
        return self._rows, self._columns

    def examine(self, piece: bytes, is_binary: bool) -> None:
        """Measure the next piece."""
        if not is_binary:
            self._measure(self._tail + piece)
            self._tail = piece[-_OVERLAP:]
        elif self._is_new:
            self._rows, self._columns = _binary_extent(piece[:4096])
        self._is_new = False

    def _measure(self, block: bytes) -> None:
        for column in set(_CELL_FAR_RIGHT.findall(block)):
            self._columns = max(self._columns, column_number(column))
        value = -1
        for mark in (b"<v>", b"<t>", b"<t ", b":v>"):
            value = max(value, block.rfind(mark, max(value, 0)))  # no search before what was found
        if value >= 0:
            start = _start_of_row(block, value)
            self._rows = max(self._rows, self._begun_row if start < 0 else _row_number(block, start, value))
        last = _start_of_row(block, len(block))
        if last >= 0:
            self._begun_row = _row_number(block, last, len(block)) or self._begun_row


def _start_of_row(block: bytes, end: int) -> int:
    """Return where the last row before `end` starts, or a negative number."""
    start = block.rfind(b"<row", 0, end)
    return start if start >= 0 else block.rfind(b":row", 0, end) - 2


def _row_number(block: bytes, start: int, end: int) -> int:
    found = _ROW.search(block, start, end)
    return int(found[1]) if found else 0


def _binary_extent(head: bytes) -> tuple[int, int]:
    # BrtWsDim (148, 16 bytes): first row, last row, first column, last column, each 32 bits
    found = head.find(b"\x94\x01\x10")
    if found < 0:
        return 0, 0
    numbers = head[found + 3 : found + 19]
    return int.from_bytes(numbers[4:8], "little") + 1, int.from_bytes(numbers[12:16], "little") + 1


def column_number(letters: bytes) -> int:
    """Compute the number of a column from its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
