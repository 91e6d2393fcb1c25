"""Any file that an office calls a table, read into sheets of cells; judged by its content, never by its name.

The bytes are read here, everything else happens in a process of its own (`parser.py`).
"""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.sandbox import LimitExceeded, stream_from_sandbox
from fuyuan_desk.workbook import parser
from fuyuan_desk.workbook.parser import Begin, Block, End, Piece, Range, Row

MOST_BYTES = 60_000_000
_SANDBOX_MB = 350
# a mark of Windows and of POSIX each: bytes as they are; no waiting for whoever writes into a pipe
_HOW = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: `rows[0]` is row 1 of Excel, empty rows are empty lists, `merged` is 0-based and inclusive.

    `long` are the rows, from 0, with a cell of more than `parser.LONG` characters.
    """

    name: str
    rows: Sequence[Row]
    merged: tuple[Range, ...] = ()
    long: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Workbook:
    """A file that was read: its sheets with something in them, and the names of hidden ones that were left out."""

    path: Path
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def read_workbook(path: Path, progress: Progress | None = None) -> Workbook:
    """Read a spreadsheet (.xlsx .xls .xlsb .ods) or a text table (CSV, TSV) whatever its name says.

    Raises `InvalidInput` when the content is no table or more than a roster can be, `Unusable` when the file cannot
    be read; both say what to do. Takes at most 10 s and 500 MB, whatever the file holds.
    """
    progress = progress or Progress()
    raw = _content(path)
    try:
        with stream_from_sandbox(
            parser.parse, path.name, raw, progress=progress, megabytes=_SANDBOX_MB
        ) as pieces:
            return assemble(path, pieces, progress)
    except LimitExceeded as problem:
        raise InvalidInput(
            _(
                "The file {name} takes too long or too much memory to read. "
                "Copy the rows of the roster into a new Excel file and choose that."
            ).format(name=path.name)
        ) from problem


def assemble(path: Path, pieces: Iterable[Piece], progress: Progress) -> Workbook:
    """Put together what `parser.parse` yields of a file."""
    sheets: list[Sheet] = []
    hidden: list[str] = []
    name, rows = "", list[Row]()
    for piece in pieces:
        match piece:
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
                progress.step(len(rows), 0)
            case End(merged, long) if rows:
                sheets.append(Sheet(name, rows, merged, long))
    if not sheets:
        raise InvalidInput(
            _(
                "The file {name} has no filled sheet. Open it in Excel and check that it is the right one."
            ).format(name=path.name)
        )
    return Workbook(path, tuple(sheets), tuple(hidden))


def _content(path: Path) -> bytes:
    """Read a file once, so that what was judged is what is read, even while somebody writes to it."""
    try:
        with os.fdopen(os.open(path, _HOW), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unusable(
                    _("{name} is no file but a device. Choose the file of the roster.").format(name=path.name)
                )
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError as problem:
        raise Unusable(
            _("The file {name} is not there. Look for it again; it may have been moved or renamed.").format(
                name=path.name
            )
        ) from problem
    except IsADirectoryError as problem:
        raise Unusable(_("{name} is a folder. Choose a file inside it.").format(name=path.name)) from problem
    except PermissionError as problem:
        if path.is_dir():  # Windows says so of a folder, too
            raise Unusable(
                _("{name} is a folder. Choose a file inside it.").format(name=path.name)
            ) from problem
        raise Unusable(
            _("The file {name} cannot be opened. Close it in Excel, then try again.").format(name=path.name)
        ) from problem
    except (OSError, ValueError) as problem:  # a name with a NUL sign in it is a ValueError
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
            _("The file {name} is empty (0 bytes). Copy or export it again from where it came.").format(
                name=name
            )
        )
    if len(raw) > MOST_BYTES:
        raise InvalidInput(
            _("The file {name} is larger than {mb} MB. Keep only the roster in it and save it again.").format(
                name=name, mb=MOST_BYTES // 1_000_000
            )
        )
