"""Any file that an office calls a table, read into sheets of cells; judged by its content, never by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fuyuan_desk.errors import InvalidInput, Unusable
from fuyuan_desk.progress import Progress
from fuyuan_desk.texts import _
from fuyuan_desk.workbook import package
from fuyuan_desk.workbook.plain import read_plain

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = str | float | int | bool | date | datetime | time | timedelta
Row = list[Cell]
Range = tuple[tuple[int, int], tuple[int, int]]

MOST_BYTES = 200_000_000
MOST_CELLS = 4_000_000
_STEP = 1_000


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: `rows[0]` is row 1 of Excel, empty rows are empty lists, `merged` is 0-based and inclusive."""

    name: str
    rows: Sequence[Row]
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A file that was read: its sheets with something in them, and the names of hidden ones that were left out."""

    path: Path
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def read_workbook(path: Path, progress: Progress | None = None) -> Workbook:
    """Read a spreadsheet (.xlsx .xls .xlsb .ods) or a text table (CSV, TSV) whatever its name says.

    Raises `InvalidInput` when the content is no table, `Unusable` when the file cannot be read;
    both say what to do.
    """
    progress = progress or Progress()
    try:
        with path.open("rb") as file:
            kind = _judge(path, file)
            if kind == package.TEXT:
                name, rows = read_plain(path, file)
                return Workbook(path, (Sheet(name, rows),))
            return _read_spreadsheet(path, file, kind, progress)
    except FileNotFoundError as problem:
        raise Unusable(
            _("The file {name} is not there. Look for it again; it may have been moved or renamed.").format(
                name=path.name
            )
        ) from problem
    except IsADirectoryError as problem:
        raise Unusable(_("{name} is a folder. Choose a file inside it.").format(name=path.name)) from problem
    except PermissionError as problem:
        raise Unusable(
            _("The file {name} cannot be opened. Close it in Excel, then try again.").format(name=path.name)
        ) from problem
    except OSError as problem:
        raise Unusable(
            _("The file {name} cannot be read. Copy it to this PC first, then try again.").format(
                name=path.name
            )
        ) from problem


def _judge(path: Path, file: BinaryIO) -> str:
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise InvalidInput(
            _("The file {name} is empty (0 bytes). Copy or export it again from where it came.").format(
                name=path.name
            )
        )
    if size > MOST_BYTES:
        raise InvalidInput(
            _("The file {name} is larger than {mb} MB. Keep only the roster in it and save it again.").format(
                name=path.name, mb=MOST_BYTES // 1_000_000
            )
        )
    kind = package.judge(path.name, file)
    file.seek(0)
    return kind


def _read_spreadsheet(path: Path, file: BinaryIO, kind: str, progress: Progress) -> Workbook:
    import python_calamine as calamine  # 10 ms, and only when a file is read

    package.check_extent(path.name, file, kind, MOST_CELLS)
    file.seek(0)
    try:
        book = calamine.load_workbook(file)
        sheets, hidden = [], []
        for metadata in book.sheets_metadata:
            if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            if metadata.visible != calamine.SheetVisibleEnum.Visible:
                hidden.append(metadata.name)
                continue
            progress.step(0, 0, metadata.name)
            sheet = book.get_sheet_by_name(metadata.name)
            rows = _rows(sheet, progress)
            if rows:
                merged = tuple(sheet.merged_cell_ranges or ())
                sheets.append(Sheet(metadata.name, rows, merged))
    except calamine.PasswordError as problem:
        raise package.locked(path.name) from problem
    except (calamine.CalamineError, ValueError, EOFError) as problem:
        raise package.damaged(path.name) from problem
    if not sheets:
        raise InvalidInput(
            _(
                "The file {name} has no filled sheet. Open it in Excel and check that it is the right one."
            ).format(name=path.name)
        )
    return Workbook(path, tuple(sheets), tuple(hidden))


def _rows(sheet: "CalamineSheet", progress: Progress) -> list[Row]:
    rows: list[Row] = []
    if sheet.start is None:
        return rows
    padding: Row = [""] * sheet.start[
        1
    ]  # the iterator starts at the first row but at the first filled column
    for number, row in enumerate(sheet.iter_rows()):
        if number % _STEP == 0:
            progress.step(number, 0)
        if any(row) or any(cell != "" for cell in row):
            # a million empty rows cost one reference each, up to the last filled one
            rows.extend([[]] * (number - len(rows)))
            rows.append(padding + row if padding else row)
    return rows
