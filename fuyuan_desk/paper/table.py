"""Table rows as blocks: label and value pairs, column heads, ruled rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fuyuan_desk.paper.drawing import BOX, FRAME, RULE, Drawing
from fuyuan_desk.paper.fit import LEADING, POINT, wrap
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style, measure

SHADE = 0.94  # grey of label cells: visible on paper, unobtrusive in a photocopy
ROW = 7.3  # mm, enough to write in by hand
LABEL = 9.0
LABEL_WIDTH = 23.0
VALUE = 10.0
_HEAD, _BAR = 6.5, 6.4  # mm
_PAD = 1.6


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value; `wide`: use the whole width. An empty value leaves space to write."""

    label: str
    value: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edges of the columns in mm, and last the right edge of the table."""

    edges: tuple[float, ...]

    @classmethod
    def of(cls, left: float, *widths: float) -> "Columns":
        """Return adjacent columns of the given widths, starting at `left`."""
        edges = [left]
        for width in widths:
            edges.append(edges[-1] + width)
        return cls(tuple(edges))

    @property
    def left(self) -> float:
        """Left edge of the table."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """Right edge of the table."""
        return self.edges[-1]

    def span(self, index: int) -> tuple[float, float]:
        """Return left edge and width of a column."""
        return self.edges[index], self.edges[index + 1] - self.edges[index]


@lru_cache(maxsize=2048)
def room(text: str, style: Style, size: float, width: float, least: float) -> float:
    """Return the height (mm) that a cell of `width` needs for its text at about `size`."""
    inner = width - 2 * _PAD
    if fits_on_one_line(text, style, size, width):
        return least
    return max(least, wrap(text, style, size * 0.85, inner).height + 1.4)


def fits_on_one_line(text: str, style: Style, size: float, width: float) -> bool:
    """Return whether the text fits into a cell of `width` mm on one line, at `size` or slightly smaller."""
    return "\n" not in text and width_of_line(text, style, size) <= width


def width_of_line(text: str, style: Style, size: float) -> float:
    """Return the width (mm) of the narrowest cell in which a text fits on one line, at `size` or slightly smaller."""
    return measure(text, style) * size * 0.88 * POINT + 2 * _PAD


def rules(drawing: Drawing, columns: Columns, y: float, height: float) -> None:
    """Draw a row's rules: the outer frame at both sides, the columns between, the line below."""
    bottom = y + height
    drawing.rule(columns.left, y, columns.left, bottom, FRAME)
    drawing.rule(columns.right, y, columns.right, bottom, FRAME)
    for edge in columns.edges[1:-1]:
        drawing.rule(edge, y, edge, bottom, RULE)
    drawing.rule(columns.left, bottom, columns.right, bottom, RULE)


def head(columns: Columns, titles: Sequence[str], section: str) -> Block:
    """Return the row of column titles of a table."""

    def fixed(drawing: Drawing, y: float) -> None:
        drawing.fill(columns.left, y, columns.right - columns.left, _HEAD, SHADE)
        rules(drawing, columns, y, _HEAD)
        for index, title in enumerate(titles):
            x, width = columns.span(index)
            drawing.cell(x, y, width, _HEAD, title, Style.BOLD, LABEL, "middle", pad=0.6)

    return Block(_HEAD, ("head", columns, tuple(titles)), fixed, section=section, head=True, keep=True)


def bar(columns: Columns, title: str) -> Block:
    """Return the title row of a section of the form."""

    def fixed(drawing: Drawing, y: float) -> None:
        outer = Columns((columns.left, columns.right))
        drawing.fill(columns.left, y, columns.right - columns.left, _BAR, SHADE)
        rules(drawing, outer, y, _BAR)
        drawing.cell(columns.left, y, columns.right - columns.left, _BAR, title, Style.BOLD, LABEL + 0.5)

    return Block(_BAR, ("bar", columns.left, columns.right, title), fixed, keep=True)


def facts(entries: Iterable[Fact], left: float, width: float, label: float = LABEL_WIDTH) -> Iterator[Block]:
    """Yield rows of label and value, two pairs side by side unless a fact is wide; one left alone is wide too."""
    narrow = Columns.of(left, label, width / 2 - label, label, width / 2 - label)
    broad = Columns.of(left, label, width - label)
    pending: Fact | None = None
    for fact in entries:
        if fact.wide:
            if pending is not None:
                yield _fact_row(broad, (pending,))
                pending = None
            yield _fact_row(broad, (fact,))
        elif pending is None:
            pending = fact
        else:
            yield _fact_row(narrow, (pending, fact))
            pending = None
    if pending is not None:
        yield _fact_row(broad, (pending,))


def _fact_row(columns: Columns, pair: tuple[Fact, ...]) -> Block:
    height = max(
        room(fact.value, Style.SANS, VALUE, columns.span(2 * index + 1)[1], ROW)
        for index, fact in enumerate(pair)
    )
    labels = tuple(fact.label for fact in pair)

    def fixed(drawing: Drawing, y: float) -> None:
        for index in range(len(labels)):
            x, width = columns.span(2 * index)
            drawing.fill(x, y, width, height, SHADE)
        rules(drawing, columns, y, height)
        for index, text in enumerate(labels):
            x, width = columns.span(2 * index)
            drawing.cell(x, y, width, height, text, Style.SANS, LABEL, "middle", pad=0.8)

    def own(drawing: Drawing, y: float) -> None:
        for index, fact in enumerate(pair):
            if fact.value:
                x, width = columns.span(2 * index + 1)
                drawing.cell(x, y, width, height, fact.value, Style.SANS, VALUE)

    return Block(height, ("facts", columns, labels, round(height, 2)), fixed, own)


def choices(
    columns: Columns, label: str, name: str, options: Sequence[dict[str, str]], chosen: Sequence[str],
    blanks: Sequence[str] = (), remark: str = "", keep: bool = False,
) -> Block:  # fmt: skip
    """Return a row of tick boxes after a label.

    `options` are pairs of key and name; boxes are named `<name>.<key>`. `chosen` are the ticked keys,
    whose wide blanks are filled with `blanks`. `remark` is small print after the last box.
    """
    x0, width = columns.span(1)
    names = {option["key"]: option["name"] for option in options}
    widths = [BOX + 1.2 + measure(text, Style.SANS) * VALUE * POINT for text in names.values()]
    gap = min(12.0, (width - 4 - sum(widths)) / max(1, len(names) - 1))
    positions: dict[str, float] = {}
    x = x0 + 2
    for option, extent in zip(names, widths, strict=True):
        positions[option] = x
        x += extent + gap

    def fixed(drawing: Drawing, y: float) -> None:
        label_cell(drawing, columns, y, ROW, label)
        for option, text in names.items():
            drawing.choice(f"{name}.{option}", positions[option], y + ROW / 2, text, size=VALUE)
        if remark:
            drawing.cell(x - gap, y, columns.right - x + gap, ROW, remark, Style.SANS, 8.0, smallest=6.5)

    def own(drawing: Drawing, y: float) -> None:
        for option in chosen:
            if option in positions:
                drawing.tick(positions[option], y + (ROW - BOX) / 2)
                _fill_gaps(drawing, positions[option] + BOX + 1.2, y + ROW / 2, names[option], blanks)

    key = ("choices", columns, label, name, tuple(names.items()), remark)
    return Block(ROW, key, fixed, own, keep=keep)


def _fill_gaps(drawing: Drawing, x: float, middle: float, name: str, blanks: Sequence[str]) -> None:
    """Write `blanks` into the wide blanks of a printed name, in order."""
    em = VALUE * POINT
    for gap, text in zip(re.finditer("　+", name), blanks, strict=False):
        offset = (measure(name[: gap.start()], Style.SANS) + len(gap.group()) / 2) * em
        drawing.text(x + offset, middle + 0.36 * em, text, Style.SANS, VALUE, "middle")


def passage(
    columns: Columns, label: str, text: str, size: float, least: float = ROW, own: bool = False,
    keep: bool = False,
) -> Block:  # fmt: skip
    """Return a row of label and running text at `size` points; `own` text belongs to this sheet alone."""
    x, width = columns.span(1)
    laid = wrap(text, Style.SANS, size, width - 2 * _PAD)
    height = round(max(least, laid.height + 1.6), 2)

    def write(drawing: Drawing, y: float) -> None:
        if text:
            drawing.lines(x + _PAD, y + 0.8 if own else y + (height - laid.height) / 2, laid)

    def fixed(drawing: Drawing, y: float) -> None:
        label_cell(drawing, columns, y, height, label)
        if not own:
            write(drawing, y)

    key = ("passage", columns, label, height, size, "" if own else text)
    return Block(height, key, fixed, write if own else None, keep=keep)


def parts(text: str, size: float, width: float, height: float) -> list[str]:
    """Split running text into parts that each fit into a cell of `width` × `height` mm.

    It is split between lines, so that a text longer than a page can continue on the next.
    """
    most = max(1, int((height - 1.6) / (size * LEADING * POINT)))
    lines = wrap(text, Style.SANS, size, width - 2 * _PAD).lines
    found, start, end = [], 0, 0
    for number, line in enumerate(lines):
        begin = text.index(line, end)  # a line is a substring of the text
        end = begin + len(line)
        if number and number % most == 0:
            found.append(text[start:begin].rstrip())
            start = begin
    return [*found, text[start:]]


def label_cell(drawing: Drawing, columns: Columns, y: float, height: float, label: str) -> None:
    """Draw the rules of a row and the label in its first column."""
    x, width = columns.span(0)
    drawing.fill(x, y, width, height, SHADE)
    rules(drawing, columns, y, height)
    drawing.cell(x, y, width, height, label, Style.SANS, LABEL, "middle", pad=0.8)
