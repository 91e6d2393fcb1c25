"""The content of a table file from outside, parsed; runs in the sandbox process only.

Imported by every such process: it must stay quick to load.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.meanwhile import Meanwhile
from fuyuan_desk.core.texts import _
from fuyuan_desk.workbook import package, plain, protection
from fuyuan_desk.workbook.altered import NOTHING_ALTERED, Altered, Struck, read_altered
from fuyuan_desk.workbook.marks import NO_MARKS, Marks, read_marks
from fuyuan_desk.workbook.plain import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Row = list[Cell]
Numbered = tuple[int, Row]  # a filled row and its number, from 0
Range = tuple[tuple[int, int], tuple[int, int]]

MAX_CELLS = 14_000_000  # of a sheet, empty ones between filled ones too
MAX_ROWS = 1_500_000
MOST_CHARACTERS = 120_000_000
LONG = 500
MOST_CHARACTERS_IN_CELL = 32_767  # as many as Excel takes
# the formula of a picture in a cell, and what Excel makes of it, as it does not know the formula
_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\(|#NAME\?$", re.IGNORECASE)
_MOST_MERGED_ROWS = 2_000_000
_BLOCK_ROWS, _BLOCK_CELLS = 1_000, 10_000


class Marked(NamedTuple):
    """Whether what stands beside the cells of this kind of file is read; comes once."""

    is_marked: bool


class Begin(NamedTuple):
    """A sheet begins; of a hidden one nothing but this follows, unless they are asked for."""

    name: str
    visible: bool = True


class Block(NamedTuple):
    """Some filled rows of the sheet, in order."""

    filled: list[Numbered]


class End(NamedTuple):
    """The sheet ends: its merged ranges, the rows with a cell of more than `LONG` characters, and its marks."""

    merged: tuple[Range, ...] = ()
    long: frozenset[int] = frozenset()
    marks: Marks = NO_MARKS


Piece = Marked | Begin | Block | End


def parse(name: str, raw: bytes, password: str = "", hidden: bool = False) -> Iterator[Piece]:
    """Yield the sheets of a table file piece by piece; `name` is used in error messages.

    `hidden` reads the hidden sheets, too. Raises `Locked` when the password of a protected file is missing or wrong,
    `InvalidInput` when the content is no table or larger than any list.
    """
    if protection.is_encrypted(raw):
        raw = protection.unlocked(name, raw, password)
    table = package.judge(name, raw)
    if table.kind == package.TEXT:
        yield Marked(is_marked=True)  # it has nothing beside its cells
        yield from _parse_text(name, raw, package.signs_of(name, raw).shows)
        return
    import python_calamine as calamine  # 2 ms that a text table does not need

    try:
        if table.kind == package.XLSX and package.is_too_wide(table, MAX_CELLS):
            from fuyuan_desk.workbook.trimming import without_blanks

            raw = without_blanks(raw)
            table = package.judge(name, raw)
        package.check_extent(name, table, MAX_CELLS)
        beside = Meanwhile(
            partial(_beside, name, raw, table.kind)
        )  # the native reader leaves a processor free
        yield from _parse_sheets(name, _opened(name, raw, password), hidden, beside)
        yield Marked(beside.result().marks is not None)
    except calamine.PasswordError as problem:
        raise package.locked(name) from problem
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as problem:
        raise package.damaged(name) from problem
    except BaseException as problem:
        if type(problem).__name__ == "PanicException":  # a bug of the native reader
            raise package.damaged(name) from problem
        raise


class _Beside(NamedTuple):
    """What stands beside the cells, by sheet, and whether cells show pictures; no `marks`: they cannot be read."""

    marks: Mapping[str, Marks] | None
    altered: Mapping[str, Altered]
    shows: bool


def _beside(name: str, raw: bytes, kind: str) -> _Beside:
    signs = package.signs_of(name, raw)
    if kind != package.XLSX:
        return _Beside(None, {}, signs.shows)
    try:
        return _Beside(
            read_marks(raw, signs.hides), read_altered(raw, signs.errs, signs.strikes), signs.shows
        )
    except ValueError:  # the cells may be sound all the same
        return _Beside(None, {}, signs.shows)


def _opened(name: str, raw: bytes, password: str) -> "CalamineWorkbook":
    import python_calamine as calamine

    try:
        return calamine.load_workbook(io.BytesIO(raw))
    except calamine.CalamineError:
        if not protection.is_encrypted_xls(raw):  # the reader does not know its format
            raise
    return calamine.load_workbook(io.BytesIO(protection.unlocked(name, raw, password)))


def _parse_text(name: str, raw: bytes, shows: bool) -> Iterator[Piece]:
    filled = plain.read_plain(name, raw)
    count = _Count(name)
    pictures = _Pictures()
    yield Begin(PurePath(name).stem)
    yield from count.blocks(pictures.taken_from(filled) if shows else filled)
    yield count.end((), Marks(pictures=pictures.found))


def _parse_sheets(
    name: str, book: "CalamineWorkbook", hidden: bool, beside: Meanwhile[_Beside]
) -> Iterator[Piece]:
    import python_calamine as calamine

    count = _Count(name)
    for metadata in book.sheets_metadata:
        if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = metadata.visible == calamine.SheetVisibleEnum.Visible
        yield Begin(metadata.name, visible)
        if visible or hidden:
            sheet = book.get_sheet_by_name(metadata.name)
            count.height(sheet.total_height if sheet.start else 0)
            marks, altered, shows = beside.result()
            pictures, struck = _Pictures(), Struck(altered.get(metadata.name, NOTHING_ALTERED))
            filled = struck.applied_to(_filled_rows(sheet))
            yield from count.blocks(pictures.taken_from(filled) if shows else filled)
            of_sheet = (
                (marks or {})
                .get(metadata.name, NO_MARKS)
                ._replace(pictures=pictures.found, struck=struck.texts, struck_rows=frozenset(struck.rows))
            )
            yield count.end(sheet.merged_cell_ranges or (), of_sheet)


class _Pictures:
    """Takes the pictures out of rows: `found` are the columns with any, each with its first row and their number."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[int, int]] = {}

    def taken_from(self, rows: Iterable[Numbered]) -> Iterator[Numbered]:
        """Yield the rows with blank cells in place of pictures."""
        for number, row in rows:
            for index, cell in enumerate(row):
                if type(cell) is str and _PICTURE.match(cell):
                    first, count = self.found.get(index, (number, 0))
                    self.found[index] = first, count + 1
                    row[index] = ""
            yield number, row


def _filled_rows(sheet: "CalamineSheet") -> Iterator[Numbered]:
    if sheet.start is None:
        return
    # the iterator starts at the first row but at the first filled column
    padding: Row = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows()):
        if any(row) or any(cell != "" for cell in row):
            yield number, padding + row if padding else row


class _Count:
    """Counts the contents of all sheets of a file; raises `InvalidInput` when they are larger than any list."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = self._filled = self._height = self._characters = self._merged = 0
        self._last = -1
        self._long: set[int] = set()

    def height(self, rows: int) -> None:
        """Count the rows of a sheet, empty ones too."""
        self._height += rows
        if self._height > MAX_ROWS:
            raise self._too_much()

    def blocks(self, rows: Iterable[Numbered]) -> Iterator[Block]:
        """Count the filled rows of a sheet, and pass them on in blocks that are quick to unpickle."""
        filled: list[Numbered] = []
        cells = 0
        for numbered in rows:
            filled.append(numbered)
            cells += len(numbered[1])
            if cells >= _BLOCK_CELLS or len(filled) == _BLOCK_ROWS:
                yield self._counted(filled, cells)
                filled, cells = [], 0
        if filled:
            yield self._counted(filled, cells)

    def end(self, merged: Iterable[Range], marks: Marks) -> End:
        """Return the end of the sheet, with the merged ranges among its rows, cut off at the last filled one."""
        inside = tuple(
            ((top, left), (min(bottom, self._last), right))
            for (top, left), (bottom, right) in merged
            if top <= self._last
        )
        self._merged += sum(bottom - top + 1 for (top, _left), (bottom, _right) in inside)
        if self._merged > _MOST_MERGED_ROWS:
            raise self._too_much()
        long = frozenset(self._long)
        self._last = -1
        self._long.clear()
        return End(inside, long, marks)

    def _counted(self, filled: list[Numbered], cells: int) -> Block:
        # a block at once: to count a row at a time takes three times as long
        lengths = [len(cell) for _number, row in filled for cell in row if type(cell) is str]
        if max(lengths, default=0) > LONG:
            self._note_long(filled)
        self._last = filled[-1][0]
        self._cells += cells
        self._filled += len(filled)
        self._characters += sum(lengths)
        if (
            self._cells > plain.MAX_CELLS
            or self._filled > plain.MAX_FILLED_ROWS
            or self._characters > MOST_CHARACTERS
        ):
            raise self._too_much()
        return Block(filled)

    def _note_long(self, filled: list[Numbered]) -> None:
        for number, row in filled:
            longest = max([len(cell) for cell in row if type(cell) is str], default=0)
            if longest > MOST_CHARACTERS_IN_CELL:
                raise InvalidInput(
                    _(
                        "A cell in row {row} of {name} contains {n} characters. Shorten it, save the file, "
                        "and choose it again."
                    ).format(row=number + 1, name=self._name, n=longest)
                )
            if longest > LONG:
                self._long.add(number)

    def _too_much(self) -> InvalidInput:
        return InvalidInput(
            _(
                "The file {name} holds more than a list can. Divide it into several files, "
                "such as one for each estate, and choose one after the other."
            ).format(name=self._name)
        )
