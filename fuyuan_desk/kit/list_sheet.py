"""A printed list: the columns that the list shows, row by row, on A4 upright; personal data masked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.kit.book import RIGHT, Book, Line, Part, text_of
from fuyuan_desk.paper import frame, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns

_NUMBER = 9.0  # mm, the column that counts the rows
_SIZE = 9.0
_LEAST = 6.2
_MOST_WORD = 36.0  # mm; a longer word, such as the number of a certificate, is broken


@dataclass(frozen=True)
class ListPaper:
    """What a printed list holds: the office, when and of what it was printed, the rows as texts by column.

    `chosen` names the filters (title, value), so that a part of the list is not taken for the whole.
    """

    office: str
    title: str
    made: datetime
    chosen: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, int, bool], ...]
    """Title, width on the screen, whether it is aligned to the right."""
    rows: tuple[tuple[str, ...], ...]
    masked: bool


def paper_of(
    book: Book,
    lines: Sequence[Line[Any]],
    office: str,
    made: datetime,
    chosen: Sequence[tuple[str, str]],
    without: str = "",
) -> ListPaper:
    """Lay out a list of a book; call it `in_chinese`, with a book made there.

    `without` is a part that is the same in all lines, which `chosen` names.
    """
    shown = [
        part
        for part in book.fields
        if part.shown is not None and part.shown.at_first and part.name != without
    ]
    columns = tuple((part.name_shown, _width(part), part.kind in RIGHT) for part in shown)
    rows = tuple(tuple(_text(part, line) for part in shown) for line in lines)
    masked = any(part.mask is not None for part in shown)
    return ListPaper(office, book.title, made, tuple(chosen), columns, rows, masked)


def _text(part: Part, line: Line[Any]) -> str:
    """Return a value as a whole: a cell of a paper grows with its text."""
    whole = part.shown.whole if part.shown is not None else None
    return whole(line) if whole is not None and part.kind not in RIGHT else text_of(part, line)


def _width(part: Part) -> int:
    assert part.shown is not None
    return part.shown.width


def list_sheet(paper: ListPaper, progress: Progress | None = None) -> Printed:
    """Draw a list; one of no rows says so."""
    wording = read_json("forms", "list.json")
    chosen = "；".join(wording["chosen"].format(name=name, value=value) for name, value in paper.chosen)
    made = wording["made"].format(time=f"{paper.made.astimezone():%Y-%m-%d %H:%M}")
    count = wording["count"].format(count=f"{len(paper.rows):,}") if paper.rows else ""
    aside = made + count + (f"　{wording['filtered'].format(chosen=chosen)}" if chosen else "")
    note = wording["masked" if paper.masked else "plain"]
    title = wording["title"].format(title=paper.title)
    sheet = frame.Sheet(paper.office, title, None, tuple(_blocks(paper, wording)), note, aside)
    return frame.print_sheets([sheet], title, paper.office, paper.made.astimezone().date(), progress)


def _blocks(paper: ListPaper, wording: dict[str, Any]) -> Iterator[Block]:
    room = frame.CONTENT - _NUMBER
    columns = Columns.of(frame.LEFT, _NUMBER, *shared_widths(paper.columns, paper.rows, room))
    yield table.head(
        columns, (wording["number"], *(title for title, _width, _right in paper.columns)), "rows"
    )
    aligned = [False, *(right for _title, _width, right in paper.columns)]
    for number, row in enumerate(paper.rows, 1):
        yield list_row(columns, (str(number), *row), aligned, "rows", counted=True)
    if not paper.rows:
        yield table.passage(Columns.of(frame.LEFT, _NUMBER, room), "", wording["nothing"], _SIZE)


def shared_widths(
    wanted: Sequence[tuple[str, int, bool]], rows: Sequence[Sequence[str]], room: float
) -> list[float]:
    """Share the room (mm) as the screen does, but so that no date, number or title is broken in two.

    `wanted` are title, share and alignment of the columns.
    """
    whole = sum(width for _title, width, _right in wanted)
    shares = [room * width / whole for _title, width, _right in wanted]
    cells = zip(*rows, strict=True) if rows else ((),) * len(shares)
    least = [_least(title, texts) for (title, _w, _r), texts in zip(wanted, cells, strict=True)]
    missing = sum(max(0.0, own - share) for share, own in zip(shares, least, strict=True))
    spare = sum(max(0.0, share - own) for share, own in zip(shares, least, strict=True))
    if missing > spare:
        return shares
    taken = missing / spare if spare else 0.0
    return [max(own, share - (share - own) * taken) for share, own in zip(shares, least, strict=True)]


def _least(title: str, texts: Iterable[str]) -> float:
    """Return the width (mm) of a column whose longest word without Chinese characters stays on one line."""
    words = {word for text in set(texts) for word in text.split() if word.isascii()}
    widest = max((table.width_of_line(word, Style.SANS, _SIZE) for word in words), default=0.0)
    return max(min(widest, _MOST_WORD), table.width_of_line(title, Style.BOLD, _SIZE))


def list_row(
    columns: Columns, texts: Sequence[str], aligned: Sequence[bool], section: str, counted: bool = False
) -> Block:
    """Return a row of a list as high as its longest text; `counted`: the first column numbers the rows."""
    spans = [columns.span(index) for index in range(len(texts))]
    height = max(
        table.room(text, Style.SANS, _SIZE, width, _LEAST)
        for text, (_x, width) in zip(texts, spans, strict=True)
    )

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)

    def own(drawing: Drawing, y: float) -> None:
        for index, (text, (x, width)) in enumerate(zip(texts, spans, strict=True)):
            anchor = "middle" if counted and index == 0 else "right" if aligned[index] else "left"
            drawing.cell(x, y, width, height, text, Style.SANS, _SIZE, anchor, pad=1.0)

    return Block(height, ("list-row", columns, height), fixed, own, section=section)
