"""The frame of the office's sheets: A4 portrait unless asked otherwise, header with title, number and QR, footer.

Solid squares in the corners (`MARKS`) are used to straighten a scan before its boxes are read.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.paper import qr
from fuyuan_desk.paper.document import Document, Page, Printed
from fuyuan_desk.paper.drawing import A4, FRAME, HEIGHT, RULE, WIDTH, Drawing, PageSize
from fuyuan_desk.paper.fit import LEADING, POINT, one_line
from fuyuan_desk.paper.flow import Block, Placed, groups, paginate
from fuyuan_desk.paper.fonts import Style, measure

LEFT, RIGHT = 20.0, 196.0  # the left margin leaves room for binding
CONTENT = RIGHT - LEFT
TOP, BOTTOM = 31.5, 283.0
GROUP = 8.0  # width of the column for the labels of groups of rows
_MARK, _INSET = 4.0, 7.5


def marks(size: PageSize = A4) -> tuple[tuple[float, float, float, float], ...]:
    """Return the squares in the corners of a page as x, y, width and height."""
    return tuple(
        (x, y, _MARK, _MARK)
        for y in (_INSET, size.height - _INSET - _MARK)
        for x in (_INSET, size.width - _INSET - _MARK)
    )


def body(size: PageSize = A4) -> tuple[float, float]:
    """Return the right and the lower edge (mm) of what a page of this size holds; `LEFT` and `TOP` are the others."""
    return RIGHT + size.width - WIDTH, BOTTOM + size.height - HEIGHT


MARKS = marks()
_QR = 17.5  # mm; a quiet zone of four modules surrounds it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet (of one or more pages): its header, its mark, its blocks from top to bottom.

    `note` is one line of small print at the foot of each page, `aside` is printed after the number. A sheet without
    a mark belongs to no record; it has no number and no QR code, and `aside` stands in their place. A mark without a
    number is that of a draft: a hint and an empty square show where both will be.
    """

    office: str
    title: str
    mark: qr.Mark | None
    blocks: tuple[Block, ...]
    note: str = ""
    aside: str = ""
    size: PageSize = A4


def print_sheets(
    sheets: Sequence[Sheet], title: str, author: str, made: date, progress: Progress | None = None
) -> Printed:
    """Return one PDF of sheets of one size, each with its own page count.

    `title` and `author` go into the file's properties; `made` is its date.
    """
    size = sheets[0].size if sheets else A4
    return print_many(sheets, len(sheets), title, author, made, progress, size)


def print_many(
    sheets: Iterable[Sheet],
    count: int,
    title: str,
    author: str,
    made: date,
    progress: Progress | None = None,
    size: PageSize = A4,
) -> Printed:
    """Return one PDF of `count` sheets that are laid out one by one, so that no more than one is in memory."""
    document = Document(title, author, made, size)
    progress = progress or Progress()
    for done, sheet in enumerate(sheets, 1):
        draw_sheet(document, sheet)
        progress.step(done, count, sheet.mark.number if sheet.mark is not None else sheet.title)
    return document.finish()


def draw_sheet(document: Document, sheet: Sheet) -> None:
    """Add the pages of one sheet to a document."""
    pages = paginate(sheet.blocks, TOP, body(sheet.size)[1])
    for number, placed in enumerate(pages, 1):
        page = document.page()
        page.use(document.stencil(_key(sheet, placed, number > 1), _Fixed(sheet, placed, number > 1)))
        for item in placed:
            if item.block.own is not None:
                item.block.own(page, item.y)
        _head_and_foot(page, sheet, number, len(pages))


def _key(sheet: Sheet, placed: Sequence[Placed], later: bool) -> Hashable:
    blocks = tuple((item.block.key, item.block.group) for item in placed)
    return sheet.office, sheet.title, sheet.note, sheet.mark is None, later, blocks


@dataclass(frozen=True, slots=True)
class _Fixed:
    """Draws the part of a page shared by all sheets of one office and layout."""

    sheet: Sheet
    placed: Sequence[Placed]
    later: bool

    def __call__(self, drawing: Drawing) -> None:
        wording = read_json("forms", "frame.json")
        for mark in marks(self.sheet.size):
            drawing.fill(*mark, grey=0)
        right, bottom = body(self.sheet.size)
        middle = (LEFT + right) / 2
        size = one_line(self.sheet.office, Style.SANS, 10.5, right - LEFT - 2 * _QR - 12)
        drawing.text(middle, 14.0, self.sheet.office, Style.SANS, size, "middle")
        title = self.sheet.title + (wording["continued"] if self.later else "")
        size = one_line(title, Style.SERIF, 20, right - LEFT - 2 * _QR - 6)
        drawing.text(middle, 23.5, title, Style.SERIF, size, "middle", stroke=0.55 * size / 20)
        if self.sheet.mark is not None:
            drawing.text(LEFT, 29.6, wording["number"], Style.SANS, 9)
        for item in self.placed:
            item.block.fixed(drawing, item.y)
        drawing.rule(LEFT, TOP, right, TOP, FRAME)
        size = one_line(self.sheet.note, Style.SANS, 7.5, right - LEFT)
        drawing.text(LEFT, bottom + 3.4, self.sheet.note, Style.SANS, size)
        for label, y0, y1 in groups(self.placed):
            _group(drawing, label, y0, y1)


def _group(drawing: Drawing, label: str, top: float, bottom: float) -> None:
    """Write the label of a group of rows vertically into the first column."""
    upright = len(label) * 9.0 * LEADING * POINT <= bottom - top - 0.6
    pad = 1.9 if upright else 0.6  # one or two characters a line
    drawing.cell(LEFT, top, GROUP, bottom - top, label, Style.SANS, 9.0, "middle", pad=pad, smallest=5.5)
    drawing.rule(LEFT, bottom, LEFT + GROUP, bottom, RULE)


def _mark(page: Page, mark: qr.Mark, number: int, label: str, right: float) -> float:
    """Write the number and the QR code of a sheet; return where the line goes on."""
    start = LEFT + measure(label, Style.SANS) * 9 * POINT
    if not mark.number:
        hint = read_json("forms", "frame.json")["unnumbered"]
        page.text(start, 29.6, hint, Style.SANS, 9)
        page.frame(right - _QR, 11.6, _QR, _QR)
        return start + measure(hint, Style.SANS) * 9 * POINT + 8
    size = one_line(mark.number, Style.BOLD, 10, CONTENT / 2)
    page.text(start, 29.6, mark.number, Style.BOLD, size)
    page.bitmap(right - _QR, 11.6, _QR, qr.symbol(qr.encode(replace(mark, page=number))))
    return start + measure(mark.number, Style.BOLD) * size * POINT + 8


def _head_and_foot(page: Page, sheet: Sheet, number: int, count: int) -> None:
    wording = read_json("forms", "frame.json")
    right, bottom = body(sheet.size)
    start = LEFT if sheet.mark is None else _mark(page, sheet.mark, number, wording["number"], right)
    page.text(
        start, 29.6, sheet.aside, Style.SANS, one_line(sheet.aside, Style.SANS, 9, right - _QR - 4 - start)
    )
    foot = wording["page"].format(page=number, pages=count)
    page.text((LEFT + right) / 2, bottom + 7.0, foot, Style.SANS, 8.5, "middle")
