"""Reading of spreadsheets and text tables into sheets of cells, by their content, whatever the file name.

Only the bytes are read here; they are parsed in the sandbox process (`parser.py`).
"""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.packed import LONG, PackedList, Rows
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.sandbox import SECONDS, LimitExceeded, stand_by, stream_from_sandbox
from fuyuan_desk.workbook import parser
from fuyuan_desk.workbook.marks import NO_MARKS, Marks
from fuyuan_desk.workbook.parser import Begin, Block, End, Marked, Piece, Range, Row

MAX_BYTES = 60_000_000
_SANDBOX_MB = 420
_SECONDS_PER_MB = 2.5  # a large list on a slow PC; what is small and takes long is no list
# Windows: no conversion of line ends; POSIX: no waiting for the writer of a pipe
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: `rows[0]` is row 1 of Excel, empty rows are empty lists, `merged` is 0-based and inclusive.

    `long` holds the rows, from 0, with a cell of more than `parser.LONG` characters.
    """

    name: str
    rows: Sequence[Row]
    merged: tuple[Range, ...] = ()
    long: frozenset[int] = frozenset()
    marks: Marks = NO_MARKS


@dataclass(frozen=True)
class Workbook:
    """A table file: its filled sheets, and the names of the hidden sheets, which are left out unless asked for.

    `is_marked`: what stands beside the cells is read, which it is not of every kind of file.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    is_marked: bool = True


def expect_file() -> None:
    """Start the process that reads files, so that it is ready when one is chosen; returns at once."""
    stand_by(parser.parse)


def read_workbook(
    path: Path, progress: Progress | None = None, password: str = "", hidden: bool = False
) -> Workbook:
    """Read a spreadsheet (.xlsx .xls .xlsb .ods) or a text table (CSV, TSV), whatever its file name.

    `password` opens a protected file, `hidden` reads the hidden sheets, too. Raises `Locked` when the password is
    missing or wrong, `InvalidInput` when the content is no table or larger than any list, `Unusable` when the file
    cannot be read; all say what to do. Takes at most 500 MB, whatever the file contains, and 10 s, with
    `_SECONDS_PER_MB` more for each megabyte of the file.
    """
    progress = progress or Progress()
    raw = _content(path)
    try:
        with stream_from_sandbox(
            parser.parse, path.name, raw, password, hidden,
            progress=progress, seconds=SECONDS + len(raw) / 1e6 * _SECONDS_PER_MB, megabytes=_SANDBOX_MB,
        ) as pieces:  # fmt: skip
            return assemble(path, pieces, progress)
    except LimitExceeded as problem:
        raise InvalidInput(
            _(
                "The file {name} takes too long or too much memory to read. "
                "Copy its rows into a new Excel file and choose that."
            ).format(name=path.name)
        ) from problem


def assemble(path: Path, pieces: Iterable[Piece], progress: Progress) -> Workbook:
    """Assemble the sheets of a file from the pieces yielded by `parser.parse`."""
    sheets: list[Sheet] = []
    hidden: list[str] = []
    name, is_marked = "", True
    rows: Rows[Row] = []
    for piece in pieces:
        match piece:
            case Marked(is_marked):
                progress.step(0, 0)
            case Begin(name, visible):
                progress.step(0, 0, name)
                if not visible:
                    hidden.append(name)
                rows = []
            case Block(filled):
                for number, row in filled:
                    # a million empty rows cost one reference each, up to the last filled one
                    rows.extend([[]] * (number - len(rows)))
                    rows.append(row)
                if len(rows) > LONG and isinstance(rows, list):
                    rows = PackedList(rows)
                progress.step(len(rows), 0)
            case End(merged, long, marks) if rows:
                sheets.append(Sheet(name, rows, merged, long, marks))
    if not sheets:
        raise InvalidInput(
            _(
                "The file {name} has no filled sheet. Open it in Excel and check that it is the right one."
            ).format(name=path.name)
        )
    return Workbook(path, tuple(sheets), tuple(hidden), is_marked)


def _content(path: Path) -> bytes:
    """Read a file once, so that all checks see the same bytes even while another program writes to it."""
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unusable(_("{name} is a device, not a file. Choose a file.").format(name=path.name))
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError as problem:
        raise Unusable(
            _("The file {name} does not exist; it may have been moved or renamed. Choose it again.").format(
                name=path.name
            )
        ) from problem
    except IsADirectoryError as problem:
        raise Unusable(_("{name} is a folder. Choose a file inside it.").format(name=path.name)) from problem
    except PermissionError as problem:
        if path.is_dir():  # Windows raises this for a folder, too
            raise Unusable(
                _("{name} is a folder. Choose a file inside it.").format(name=path.name)
            ) from problem
        raise Unusable(
            _("The file {name} cannot be opened. Close it in Excel, then try again.").format(name=path.name)
        ) from problem
    except (OSError, ValueError) as problem:  # a name with a NUL character raises ValueError
        raise Unusable(
            _("The file {name} cannot be read. Copy it to this PC first, then try again.").format(
                name=path.name
            )
        ) from problem
    _check_size(path.name, raw)
    return raw


def _check_size(name: str, raw: bytes) -> None:
    if not raw:
        raise InvalidInput(
            _("The file {name} is empty (0 bytes). Copy or export it again.").format(name=name)
        )
    if len(raw) > MAX_BYTES:
        raise InvalidInput(
            _("The file {name} is larger than {mb} MB. Keep only the list in it and save it again.").format(
                name=name, mb=MAX_BYTES // 1_000_000
            )
        )
