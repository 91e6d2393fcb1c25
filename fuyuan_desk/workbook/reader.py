"""Any file that an office calls a table, read into sheets of cells; judged by its content, never by its name."""

import io
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox
from fuyuan_desk.workbook import package, plain
from fuyuan_desk.workbook.plain import read_plain

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = str | float | int | bool | date | datetime | time | timedelta
Row = list[Cell]
Range = tuple[tuple[int, int], tuple[int, int]]

MOST_BYTES = 60_000_000
MOST_CELLS = 4_000_000  # of a sheet, empty ones between filled ones too
MOST_ROWS = 1_500_000
MOST_SIGNS = 40_000_000
LONG = 500
MOST_SIGNS_IN_CELL = 32_767  # as many as Excel takes
_APART_MB = 350
_MOST_MERGED_ROWS = 2_000_000
_STEP = 1_000
# a mark of Windows and of POSIX each: bytes as they are; no waiting for whoever writes into a pipe
_HOW = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: `rows[0]` is row 1 of Excel, empty rows are empty lists, `merged` is 0-based and inclusive.

    `long` are the rows, from 0, with a cell of more than `LONG` signs.
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
    kind, light = package.judge(path.name, raw)
    if kind == package.TEXT:
        name, rows = read_plain(path, raw)
        count = _Count(path.name)
        for number, row in enumerate(rows):
            if row:
                count.row(row, number)
        return Workbook(path, (Sheet(name, rows, long=count.long()),))
    if not light:
        package.check_extent(path.name, raw, kind, MOST_CELLS)
    told = _read_here(path.name, raw, progress) if light else _read_apart(path.name, raw, progress)
    sheets, hidden = told
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


# ---- spreadsheets ----

_Told = tuple[list[Sheet], list[str]]


def _read_apart(name: str, raw: bytes, progress: Progress) -> _Told:
    try:
        return run_in_sandbox(_read_here, name, raw, progress=progress, megabytes=_APART_MB)
    except LimitExceeded as problem:
        raise InvalidInput(
            _(
                "The file {name} takes too long or too much memory to read. "
                "Copy the rows of the roster into a new Excel file and choose that."
            ).format(name=name)
        ) from problem


def _read_here(name: str, raw: bytes, progress: Progress | None = None) -> _Told:
    import python_calamine as calamine  # 10 ms, and only when a file is read

    try:
        return _sheets(name, calamine.load_workbook(io.BytesIO(raw)), progress or Progress())
    except calamine.PasswordError as problem:
        raise package.locked(name) from problem
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as problem:
        raise package.damaged(name) from problem
    except BaseException as problem:
        if type(problem).__name__ == "PanicException":  # what the native reader never expected
            raise package.damaged(name) from problem
        raise


def _sheets(name: str, book: "CalamineWorkbook", progress: Progress) -> _Told:
    import python_calamine as calamine

    sheets: list[Sheet] = []
    hidden: list[str] = []
    count = _Count(name)
    for metadata in book.sheets_metadata:
        if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if metadata.visible != calamine.SheetVisibleEnum.Visible:
            hidden.append(metadata.name)
            continue
        progress.step(0, 0, metadata.name)
        sheet = book.get_sheet_by_name(metadata.name)
        rows = _rows(sheet, count, progress)
        if rows:
            merged = count.merged(rows, sheet.merged_cell_ranges or ())
            sheets.append(Sheet(metadata.name, rows, merged, count.long()))
    return sheets, hidden


class _Count:
    """Counts what all sheets of a file hold together, and refuses what is more than any roster."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = self._filled = self._rows = self._signs = self._merged = 0
        self._long: set[int] = set()

    def row(self, row: Row, number: int) -> None:
        """Count a filled row; `number` is its place in the sheet from 0."""
        self._cells += len(row)
        self._filled += 1
        for cell in row:
            if type(cell) is str:
                self._signs += len(cell)
                if len(cell) > LONG:
                    self._long.add(number)
                if len(cell) > MOST_SIGNS_IN_CELL:
                    raise InvalidInput(
                        _(
                            "A cell in row {row} of {name} holds {n} signs. Shorten it, save the file, "
                            "and choose it again."
                        ).format(row=number + 1, name=self._name, n=len(cell))
                    )
        if (
            self._cells > plain.MOST_CELLS
            or self._filled > plain.MOST_FILLED_ROWS
            or self._signs > MOST_SIGNS
        ):
            raise self._too_much()

    def long(self) -> frozenset[int]:
        """Give the rows with long cells since this was asked last: those of one sheet."""
        found = frozenset(self._long)
        self._long.clear()
        return found

    def rows(self, count: int) -> None:
        """Count rows, empty ones too."""
        self._rows += count
        if self._rows > MOST_ROWS:
            raise self._too_much()

    def merged(self, rows: Sequence[Row], ranges: Sequence[Range]) -> tuple[Range, ...]:
        """Give the merged ranges that lie among the rows, cut off at the last."""
        last = len(rows) - 1
        inside = [
            ((top, left), (min(bottom, last), right))
            for (top, left), (bottom, right) in ranges
            if top <= last
        ]
        self._merged += sum(bottom - top + 1 for (top, _left), (bottom, _right) in inside)
        if self._merged > _MOST_MERGED_ROWS:
            raise self._too_much()
        return tuple(inside)

    def _too_much(self) -> InvalidInput:
        return InvalidInput(
            _(
                "The file {name} holds more than a roster can. Divide it into several files, "
                "such as one for each estate, and choose one after the other."
            ).format(name=self._name)
        )


def _rows(sheet: "CalamineSheet", count: _Count, progress: Progress) -> list[Row]:
    rows: list[Row] = []
    if sheet.start is None:
        return rows
    # the iterator starts at the first row but at the first filled column
    padding: Row = [""] * sheet.start[1]
    count.rows(sheet.total_height)
    for number, row in enumerate(sheet.iter_rows()):
        if number % _STEP == 0:
            progress.step(number, 0)
        if any(row) or any(cell != "" for cell in row):
            # a million empty rows cost one reference each, up to the last filled one
            rows.extend([[]] * (number - len(rows)))
            rows.append(padding + row if padding else row)
            count.row(rows[-1], number)
    return rows
