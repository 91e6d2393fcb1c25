"""What cannot be read in the cells of a roster: broken bytes, control characters, errors of Excel; pure functions."""

import re
from collections.abc import Sequence
from typing import Any

from fuyuan_desk.roster.reading.cells import Cell, listed

_CELLS_AT_ONCE = 20_000
# what a decoder puts in place of broken bytes, and control characters other than line ends and tabs
_DAMAGED = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f]")
_REPLACED = "\ufffd".encode()
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x20), 0x7F))


def is_error(text: str) -> bool:
    """Return whether a text is what Excel writes in place of a value that it could not compute: #N/A, #REF!."""
    return text[:1] == "#" and text.upper() in listed("errors")


def is_damaged(text: str) -> bool:
    """Return whether a text contains what cannot be read: the trace of broken bytes, or a control character."""
    return _DAMAGED.search(text) is not None


def has_damage(cells: Sequence[Cell]) -> bool:
    """Return whether a column may contain what cannot be read, or an error of Excel."""
    # a piece at a time: the window waits while a text is searched
    return any(
        _are_damaged(cells[start : start + _CELLS_AT_ONCE]) for start in range(0, len(cells), _CELLS_AT_ONCE)
    )


def _are_damaged(cells: Sequence[Any]) -> bool:
    # `is_damaged` in a third of the time; what may be an error of Excel is looked at cell by cell
    try:
        joined = "".join(cells)
    except TypeError:  # not only texts
        joined = "".join([cell for cell in cells if type(cell) is str])
    raw = joined.encode("utf-8", "surrogatepass")
    return _REPLACED in raw or b"#" in raw or len(raw.translate(None, _CONTROLS)) < len(raw)
