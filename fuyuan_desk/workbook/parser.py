"""The content of a table file from outside, parsed; runs in the sandbox process only.

Imported by every such process: it must stay quick to load.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.workbook import package, plain
from fuyuan_desk.workbook.plain import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Row = list[Cell]
Numbered = tuple[int, Row]  # a filled row and its number, from 0
Range = tuple[tuple[int, int], tuple[int, int]]

MAX_CELLS = 4_000_000  # of a sheet, empty ones between filled ones too
MAX_ROWS = 1_500_000
MOST_CHARACTERS = 40_000_000
LONG = 500
MOST_CHARACTERS_IN_CELL = 32_767  # as many as Excel takes
_MOST_MERGED_ROWS = 2_000_000
_BLOCK_ROWS, _BLOCK_CELLS = 1_000, 10_000


class Begin(NamedTuple):
    """A sheet begins; of a hidden one nothing but this follows."""

    name: str
    visible: bool = True


class Block(NamedTuple):
    """Some filled rows of the sheet, in order."""

    filled: list[Numbered]


class End(NamedTuple):
    """The sheet ends: its merged ranges, and the rows with a cell of more than `LONG` characters."""

    merged: tuple[Range, ...] = ()
    long: frozenset[int] = frozenset()


Piece = Begin | Block | End


def parse(name: str, raw: bytes) -> Iterator[Piece]:
    """Yield the sheets of a table file piece by piece; `name` is used in error messages.

    Raises `InvalidInput` when the content is no table or larger than any roster.
    """
    table = package.judge(name, raw)
    if table.kind == package.TEXT:
        yield from _parse_text(name, raw)
        return
    package.check_extent(name, table, MAX_CELLS)
    import python_calamine as calamine  # 2 ms that a text table does not need

    try:
        yield from _parse_sheets(name, raw)
    except calamine.PasswordError as problem:
        raise package.locked(name) from problem
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as problem:
        raise package.damaged(name) from problem
    except BaseException as problem:
        if type(problem).__name__ == "PanicException":  # a bug of the native reader
            raise package.damaged(name) from problem
        raise


def _parse_text(name: str, raw: bytes) -> Iterator[Piece]:
    rows = plain.read_plain(name, raw)
    count = _Count(name)
    yield Begin(PurePath(name).stem)
    yield from count.blocks((number, row) for number, row in enumerate(rows) if row)
    yield count.end()


def _parse_sheets(name: str, raw: bytes) -> Iterator[Piece]:
    import python_calamine as calamine

    book = calamine.load_workbook(io.BytesIO(raw))
    count = _Count(name)
    for metadata in book.sheets_metadata:
        if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = metadata.visible == calamine.SheetVisibleEnum.Visible
        yield Begin(metadata.name, visible)
        if visible:
            sheet = book.get_sheet_by_name(metadata.name)
            count.height(sheet.total_height if sheet.start else 0)
            yield from count.blocks(_filled_rows(sheet))
            yield count.end(sheet.merged_cell_ranges or ())


def _filled_rows(sheet: "CalamineSheet") -> Iterator[Numbered]:
    if sheet.start is None:
        return
    # the iterator starts at the first row but at the first filled column
    padding: Row = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows()):
        if any(row) or any(cell != "" for cell in row):
            yield number, padding + row if padding else row


class _Count:
    """Counts the contents of all sheets of a file; raises `InvalidInput` when they are larger than any roster."""

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

    def end(self, merged: Iterable[Range] = ()) -> End:
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
        return End(inside, long)

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
                "The file {name} holds more than a roster can. Divide it into several files, "
                "such as one for each estate, and choose one after the other."
            ).format(name=self._name)
        )
