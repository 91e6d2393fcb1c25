"""Fitting of Chinese text into a given width: line breaking and size reduction.

Text is never truncated: what does not fit at the requested size is wrapped, then set smaller.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fuyuan_desk.paper.fonts import Style, measure

POINT = 25.4 / 72  # mm
LEADING = 1.28  # line distance in em
_STEP = 0.94

# characters that must not start or end a line (GB/T 15834)
_NOT_FIRST = frozenset("、。，．·：；！？）》〉」』】〕］｝〗’”…—～％‰℃)]}>,.:;!?%°⟩")
_NOT_LAST = frozenset("（《〈「『【〔［｛〖‘“([{<￥¥$⟨№")
# numbers, codes and foreign words are not broken, including the dots, dashes and slashes inside them
_TOKEN = re.compile(
    r"[一-鿿]{1,8}§\d+(?:\(\d+\))?|"  # a clause with the short name of its statute
    r"[0-9A-Za-zÀ-ɏ]+(?:[.,:/\-_@+'’][0-9A-Za-zÀ-ɏ]+)*[%‰℃㎡]?|⟨[^⟩]*⟩|[ \t]+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text laid out in lines at one size (points)."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """Height of the lines in mm."""
        return len(self.lines) * self.leading

    @property
    def leading(self) -> float:
        """Line distance in mm."""
        return self.size * LEADING * POINT


def fit(text: str, style: Style, size: float, width: float, height: float, smallest: float = 7.0) -> Fitted:
    """Fit `text` into `width` × `height` mm, at `size` points or as little below as necessary.

    First on one line down to 88 % of `size`; then on several lines; below `smallest` only if
    the text would otherwise exceed the cell.
    """
    if "\n" not in text:
        natural = measure(text, style) * POINT
        if natural * size <= width:
            return Fitted((text,), size)
        if natural * max(smallest, size * 0.88) <= width:
            return Fitted((text,), width / natural)
    while True:
        fitted = wrap(text, style, size, width)
        # the code of a character that no face has is not broken and may be wider than the cell
        widest = max(measure(line, style) for line in fitted.lines) * size * POINT
        if (fitted.height <= height and widest <= width + 1e-6) or size < 1:
            return fitted
        size = max(smallest, size * _STEP) if size > smallest else size * _STEP


def one_line(text: str, style: Style, size: float, width: float) -> float:
    """Return the size, at most `size` points, at which `text` fits on one line of `width` mm."""
    natural = measure(text, style) * POINT
    return min(size, width / natural) if natural else size


def wrap(text: str, style: Style, size: float, width: float) -> Fitted:
    """Break `text` into lines of at most `width` mm at `size` points."""
    room = width / (size * POINT) + 1e-6
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_lines(paragraph, style, room))
    return Fitted(tuple(lines), size)


def _lines(paragraph: str, style: Style, room: float) -> Iterator[str]:
    """Fill lines of `room` em greedily."""
    line, used = "", 0.0
    for unit in _units(paragraph):
        width = measure(unit, style)
        if used + width <= room:
            line, used = line + unit, used + width
            continue
        if unit.isspace():
            continue  # a blank that does not fit is dropped at the line end
        if line.strip():
            yield line.rstrip()
        line, used = "", 0.0
        if width > room:  # longer than a whole line: break it anywhere
            *full, unit = _broken(unit, style, room)
            yield from full
            width = measure(unit, style)
        line, used = unit, width
    yield line.rstrip()


def _units(paragraph: str) -> Iterator[str]:
    """Yield the units within which a line must not break."""
    unit = ""
    for token in _TOKEN.findall(paragraph):
        if unit and (token[0] in _NOT_FIRST or unit[-1] in _NOT_LAST):
            unit += token
            continue
        if unit:
            yield unit
        unit = token
    if unit:
        yield unit


def _broken(unit: str, style: Style, room: float) -> list[str]:
    """Split a unit that is wider than a line, keeping at least one character per line."""
    parts, part, used = [], "", 0.0
    for character in unit:
        width = measure(character, style)
        if part and used + width > room:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + character, used + width
    return [*parts, part]
