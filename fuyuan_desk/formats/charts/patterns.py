"""Patterns as strokes and dots within a box; both painters draw these."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from fuyuan_desk.formats.charts.shapes import Box, Pattern

Segment = tuple[float, float, float, float]
"""x0, y0, x1, y1."""

_DOT = 0.16  # radius of a dot, in steps


@dataclass(frozen=True, slots=True)
class Strokes:
    """The lines of a pattern, and its dots as x, y and radius."""

    lines: tuple[Segment, ...] = ()
    dots: tuple[tuple[float, float, float], ...] = ()


def strokes(pattern: Pattern, box: Box, step: float) -> Strokes:
    """Return a pattern clipped to `box`; `step` is the distance of its lines.

    The phase depends on the origin only, so that a tile of step × step repeats without a seam.
    """
    if pattern is Pattern.DOTS:
        return Strokes(dots=tuple(_dots(box, step)))
    kinds = _KINDS[pattern]
    return Strokes(tuple(line for kind in kinds for line in kind(box, step)))


def _between(low: float, high: float, step: float) -> Iterator[float]:
    """Yield the multiples of `step`, shifted by half a step, between two values."""
    for number in range(ceil(low / step - 0.5), floor(high / step - 0.5) + 1):
        yield (number + 0.5) * step


def _level(box: Box, step: float) -> Iterator[Segment]:
    for y in _between(box.y, box.bottom, step):
        yield box.x, y, box.right, y


def _upright(box: Box, step: float) -> Iterator[Segment]:
    for x in _between(box.x, box.right, step):
        yield x, box.y, x, box.bottom


def _rising(box: Box, step: float) -> Iterator[Segment]:
    for total in _between(box.x + box.y, box.right + box.bottom, step):
        left = max(box.x, total - box.bottom)
        right = min(box.right, total - box.y)
        if right > left:
            yield left, total - left, right, total - right


def _falling(box: Box, step: float) -> Iterator[Segment]:
    for difference in _between(box.x - box.bottom, box.right - box.y, step):
        left = max(box.x, difference + box.y)
        right = min(box.right, difference + box.bottom)
        if right > left:
            yield left, left - difference, right, right - difference


def _dots(box: Box, step: float) -> Iterator[tuple[float, float, float]]:
    radius = _DOT * step
    for y in _between(box.y + radius, box.bottom - radius, step):
        for x in _between(box.x + radius, box.right - radius, step):
            yield x, y, radius


_KINDS = {
    Pattern.PLAIN: (),
    Pattern.RISING: (_rising,),
    Pattern.FALLING: (_falling,),
    Pattern.LEVEL: (_level,),
    Pattern.UPRIGHT: (_upright,),
    Pattern.CROSSED: (_rising, _falling),
    Pattern.GRID: (_level, _upright),
}
