"""Detection of a file's type from its first bytes and its zip directory, before its contents are read."""

import io
import re
import struct
import zipfile
import zlib

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.workbook import unpacking

XLSX, XLSB, XLS, ODS, TEXT = "xlsx", "xlsb", "xls", "ods", "text"

# errors raised for a damaged zip or one of its parts
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError, struct.error,
    unpacking.Broken,
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_CELL_FAR_RIGHT = re.compile(rb' r="([A-Z]{2,3})\d+"[^>]*(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_CHUNK = 1 << 24


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
        _("The file {name} is {what}, not a table. Choose the Excel or CSV file of the roster.").format(
            name=name, what=what
        )
    )


def judge(name: str, raw: bytes) -> str:
    """Return the file's kind of table.

    A file that is no table, or that would unpack to more than any roster, raises `InvalidInput` with what to do
    instead.
    """
    start = raw[:4096]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _judge_zip(name, raw)
    if start.startswith(_OLE):
        return _judge_ole(name, raw)
    return _judge_start(name, start)


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


def _judge_zip(name: str, raw: bytes) -> str:
    unpacking.check_directory(name, raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            names = {entry.filename.lower().lstrip("/") for entry in entries}
            if any(entry.flag_bits & 1 for entry in entries):
                raise locked(name)
            unpacking.check_parts(name, raw, entries)
            if "mimetype" in names and "content.xml" in names:
                return _judge_open_document(name, archive)
    except _BROKEN as problem:
        raise damaged(name) from problem
    return _judge_names(name, names)


def _judge_names(name: str, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
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


def check_extent(name: str, raw: bytes, kind: str, most_cells: int) -> None:
    """Raise `InvalidInput` for sheets whose cells, including empty ones, would not fit into memory.

    One stray cell at the end of a sheet makes a table of 17 billion cells, nearly all empty.
    """
    if kind not in (XLSX, XLSB):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                if not re.fullmatch(r"/?xl/worksheets/[^/]+\.(?:xml|bin)", entry.filename, re.IGNORECASE):
                    continue
                rows, columns = (
                    _filled_extent(archive, entry) if kind == XLSX else _binary_extent(archive, entry)
                )
                if rows * columns > most_cells:
                    raise InvalidInput(
                        _(
                            "A sheet of {name} extends to row {rows}, nearly all of it empty. In Excel, select the "
                            "rows and columns after the last household, delete them, save, and choose the file again."
                        ).format(name=name, rows=rows)
                    )
    except _BROKEN as problem:
        raise damaged(name) from problem


def _filled_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    # only filled cells count for the reader; the last <row> with a value is close enough to the last row.
    # The declared size of a sheet is not used: programs that write tables do not update it.
    last_row, last_column, tail = 0, 26, b""
    with archive.open(entry) as sheet:
        while chunk := sheet.read(_CHUNK):
            block = tail + chunk
            for column in set(_CELL_FAR_RIGHT.findall(block)):
                last_column = max(last_column, _column_number(column))
            last_row = max(last_row, _last_filled_row(block))
            tail = block[-4096:]
    return last_row, last_column


def _last_filled_row(block: bytes) -> int:
    value = -1
    for mark in (b"<v>", b"<t>", b"<t ", b":v>"):
        value = max(value, block.rfind(mark, max(value, 0)))  # no search before what was found
    if value < 0:
        return 0
    start = max(block.rfind(b"<row", 0, value), block.rfind(b":row", 0, value) - 2, 0)
    found = _ROW.search(block, start, value)
    return int(found[1]) if found else 0


def _binary_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    # BrtWsDim (148, 16 bytes): first row, last row, first column, last column, each 32 bits
    with archive.open(entry) as sheet:
        head = sheet.read(4096)
    found = head.find(b"\x94\x01\x10")
    if found < 0:
        return 0, 0
    numbers = head[found + 3 : found + 19]
    return int.from_bytes(numbers[4:8], "little") + 1, int.from_bytes(numbers[12:16], "little") + 1


def _column_number(letters: bytes) -> int:
    """Compute the number of a column from its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
