"""Fitting of texts and values: eliding, breaking, round steps of an axis, numbers as text."""

from collections.abc import Iterable, Iterator
from math import ceil, floor, log10

from fuyuan_desk.formats.charts.shapes import Ruler, Size

ELLIPSIS = "…"
_SLACK = 1e-6  # rooms are sums of measured widths
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def elided(text: str, size: Size, room: float, ruler: Ruler, *, ends: bool = False) -> str:
    """Return the text, cut with “…” to a width of `room`; empty if not even that fits.

    `ends`: it is cut in its middle, so that names which differ at their end stay different.
    """
    if ruler.width(text, size) <= room + _SLACK:
        return text
    low, high = 0, len(text)
    while low < high:  # as many characters as fit with the ellipsis
        middle = (low + high + 1) // 2
        if ruler.width(_cut(text, middle, ends), size) <= room + _SLACK:
            low = middle
        else:
            high = middle - 1
    cut = _cut(text, low, ends)
    return cut if ruler.width(cut, size) <= room + _SLACK else ""


def _cut(text: str, kept: int, ends: bool) -> str:
    after = kept // 2 if ends else 0
    return text[: kept - after].rstrip() + ELLIPSIS + text[len(text) - after :].lstrip()


def broken(text: str, size: Size, room: float, ruler: Ruler) -> list[str]:
    """Break a sentence into lines of at most `room`, at blanks or between Chinese characters."""
    lines = [""]
    for unit in _units(text):
        if lines[-1] and ruler.width((lines[-1] + unit).rstrip(), size) > room + _SLACK:
            lines.append("")
        lines[-1] += unit if lines[-1] else unit.lstrip()
    return [elided(line.rstrip(), size, room, ruler) for line in lines]


def _units(text: str) -> Iterator[str]:
    unit = ""
    for character in text:
        if unit and (character == " " or ord(character) > 0x2E7F or ord(unit[-1]) > 0x2E7F):
            yield unit
            unit = ""
        unit += character
    if unit:
        yield unit


def ticks(most: float, count: int, *, whole: bool = False) -> tuple[float, ...]:
    """Return at most about `count` round values from zero up to the first that reaches `most`.

    `whole`: only whole numbers, for an axis of things that are counted.
    """
    if most <= 0:
        return (0.0, 1.0)
    raw = most / max(1, count)
    if whole:
        raw = max(raw, 1.0)
    power = 10.0 ** floor(log10(raw))
    steps = (factor * power for factor in _ROUND if not whole or (factor * power).is_integer())
    step = next(step for step in steps if step >= raw * (1 - 1e-9))
    return tuple(step * number for number in range(ceil(most / step - 1e-9) + 1))


def are_whole(values: Iterable[float]) -> bool:
    """Return whether all values are whole numbers, such as counts."""
    return all(float(value).is_integer() for value in values)


def number_text(value: float, unit: str = "") -> str:
    """Format a value with thousands separators, at most two decimals and its unit."""
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{shown}{unit}" if unit in ("", "%") else f"{shown} {unit}"
