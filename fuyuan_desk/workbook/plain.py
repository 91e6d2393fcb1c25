"""Text tables: CSV and similar formats in any encoding used by offices, with any delimiter."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

Cell = str | float | int | bool | date | datetime | time | timedelta

DELIMITERS = ",\t;|，"
MAX_ROWS = 1_048_576
MAX_BYTES = 60_000_000
MAX_CELLS = 6_000_000
MAX_FILLED_ROWS = 500_000
_SAMPLE = 50
_MOST_BROKEN, _FEW = 50, 8
_WIDE_PER_BROKEN = 5
_MAX_COLUMNS = 2_000
_MAX_ROW_LENGTH = 500_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


# how text tables are written; the first in which a file can be read is taken
_STRICT: Mapping[str, Any] = {"skipinitialspace": True, "strict": True}
_LOOSE: Mapping[str, Any] = {"skipinitialspace": True, "strict": False}
_UNQUOTED: Mapping[str, Any] = {"quoting": csv.QUOTE_NONE}


def _not_a_table(name: str) -> InvalidInput:
    return InvalidInput(
        _("The file {name} is neither a spreadsheet nor a text table. Choose an Excel or CSV file.").format(
            name=name
        )
    )


def _too_large(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} holds more than a list can. Divide it into several files, "
            "such as one for each estate, and choose one after the other."
        ).format(name=name)
    )


def decode(name: str, raw: bytes) -> str:
    """Decode a file in UTF-8, UTF-16 or GB18030, with or without a byte order mark.

    A few broken bytes become U+FFFD, so that the rest is read and their rows are named.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            body = raw[len(mark) :]
            if encoding.startswith("utf-16"):
                body = body[: len(body) // 2 * 2]
            return _checked(name, body.decode(encoding, errors="replace"))
    if encoding := _utf16_without_mark(raw):
        return _checked(name, raw[: len(raw) // 2 * 2].decode(encoding, errors="replace"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(name, raw.decode(encoding))
        except UnicodeDecodeError as problem:
            # an incomplete last character means a truncated copy, not another encoding
            is_cut = "unexpected end" in problem.reason or "incomplete" in problem.reason
            if is_cut and problem.start > 0 and len(raw) > 200:
                raise InvalidInput(
                    _(
                        "The file {name} ends in the middle of a character: the copy is incomplete. Copy it again."
                    ).format(name=name)
                ) from problem
            if text := _with_gaps(raw, encoding):
                return _checked(name, text)
    raise _not_a_table(name)


def _with_gaps(raw: bytes, encoding: str) -> str:
    """Decode a file of which a few bytes are broken, each replaced by U+FFFD; "" if it is not in this encoding."""
    text = raw.decode(encoding, errors="replace")
    broken = text.count("\ufffd")
    if broken > _MOST_BROKEN:
        return ""
    # in the wrong encoding hardly a character is read; ASCII is the same in all
    wide = sum(char > "\u2e7f" for char in text) - broken
    return text if wide >= broken * _WIDE_PER_BROKEN else ""


def _utf16_without_mark(raw: bytes) -> str:
    sample = raw[:2000]
    if b"\x00" not in sample:
        return ""
    for encoding, line_end in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
        if line_end in sample and (
            b",\x00" in sample or b"\t\x00" in sample or b"\x00," in sample or b"\x00\t" in sample
        ):
            return encoding
    return ""


def _checked(name: str, text: str) -> str:
    sample = text[:20_000]
    unprintable = sum(
        1 for char in sample if (char < " " and char not in "\t\r\n\x0b\x0c") or char == "\ufffd"
    )
    # a few are broken in the copying, even of a short list
    if unprintable > max(len(sample) // 200, min(_FEW, len(sample) // 12)):
        raise _not_a_table(name)
    return text


def find_delimiter(name: str, text: str) -> str:
    """Return the column delimiter: the one that most lines contain equally often; "" if there is none."""
    best, best_score = "", 0.0
    sample = "\n".join(text[:200_000].splitlines()[: _SAMPLE * 2])
    for char in DELIMITERS:
        rows = islice(_rows(sample, char, _find_dialect(name, sample, char, _SAMPLE)), _SAMPLE)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, lines = widths.most_common(1)[0]
        score = lines * min(width, 12) + lines / 1000
        if score > best_score:
            best, best_score = char, score
    return best


class _Endless(Exception):
    """A row is longer than the limit."""


class _Lines:
    """Yields lines to the CSV reader and limits the length of a row, which could otherwise exhaust memory."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.since_row = 0

    def __iter__(self) -> Iterator[str]:
        # not by `io.StringIO`, which holds four bytes a character once more
        for line in _LINE.finditer(self._text):
            self.since_row += line.end() - line.start()
            if self.since_row > _MAX_ROW_LENGTH:
                raise _Endless
            yield line[0]


def _rows(text: str, delimiter: str, dialect: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the rows; raises `csv.Error` or `_Endless` for what is no table in this dialect."""
    lines = _Lines(text)
    for row in csv.reader(iter(lines), delimiter=delimiter, **dialect):
        lines.since_row = 0
        yield row if dialect is not _UNQUOTED else [cell.strip('"') for cell in row]


def _find_dialect(name: str, text: str, delimiter: str, most: int = MAX_ROWS) -> Mapping[str, Any]:
    """Return the strictest dialect in which all rows are read, the first `most` of them."""
    for dialect in (_STRICT, _LOOSE):
        try:
            _count(name, islice(_rows(text, delimiter, dialect), most))
        except _Endless:
            break
        except csv.Error as problem:
            if "end of data" in str(problem):  # an unclosed quotation mark would consume the rest
                break
        else:
            return dialect
    try:
        _count(name, islice(_rows(text, delimiter, _UNQUOTED), most))
    except (_Endless, csv.Error) as problem:  # csv raises an error for a cell of more than 128,000 characters
        raise _not_a_table(name) from problem
    return _UNQUOTED


def _count(name: str, rows: Iterable[list[str]]) -> None:
    cells = filled = 0
    for row in rows:
        if len(row) > _MAX_COLUMNS:
            raise _not_a_table(name)
        cells += len(row)
        filled += any(row)
        if cells > MAX_CELLS or filled > MAX_FILLED_ROWS:
            raise _too_large(name)


def read_plain(name: str, raw: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the filled rows of a text table, each with its number from 0, one after the other; cells are texts.

    Raises `InvalidInput` before the first row when it is no table, or larger than any list.
    """
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    text = decode(name, raw)
    delimiter = find_delimiter(name, text)
    if not delimiter:
        raise InvalidInput(
            _(
                "The file {name} is a text file without columns, not a table. Choose an Excel or CSV file."
            ).format(name=name)
        )
    dialect = _find_dialect(name, text, delimiter)
    is_empty = True
    for number, row in enumerate(islice(_rows(text, delimiter, dialect), MAX_ROWS)):
        cells: list[Cell] = [cell.strip() for cell in row]
        if any(cells):
            is_empty = False
            yield number, cells
    if is_empty:
        raise InvalidInput(_("The file {name} contains no data. Export it again.").format(name=name))
