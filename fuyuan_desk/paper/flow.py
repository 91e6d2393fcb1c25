"""Page layout: blocks flow from top to bottom and break into pages."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from fuyuan_desk.paper.drawing import Drawing

Draw = Callable[[Drawing, float], None]
"""Draws a block with its top at the given height (mm)."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a sheet that must not be split by a page break.

    `fixed` draws the part that many sheets share and `key` identifies it, so that equal keys draw equal
    stencils; `own` draws the part of this sheet alone. `section` ties the rows of a table to its `head`,
    which is repeated on top of every page of the table. Rows of one `group` share a label
    beside them. A block with `keep` stays on the page of the next block.
    """

    height: float
    key: Hashable
    fixed: Draw
    own: Draw | None = None
    section: str = ""
    head: bool = False
    group: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the height of its top (mm)."""

    y: float
    block: Block


def paginate(blocks: Sequence[Block], top: float, bottom: float) -> list[list[Placed]]:
    """Place blocks on pages between `top` and `bottom`; a block higher than a page gets its own page."""
    pages: list[list[Placed]] = [[]]
    y = top
    head: Block | None = None
    for index, block in enumerate(blocks):
        if head is not None and block.section != head.section:
            head = None
        needed, follower = block.height, index
        while blocks[follower].keep and follower + 1 < len(blocks):
            follower += 1
            needed += blocks[follower].height
        if needed > bottom - top:  # they do not fit on one page together
            needed = block.height
        if pages[-1] and y + needed > bottom + 1e-6:
            pages.append([])
            y = top
            if head is not None:
                pages[-1].append(Placed(y, head))
                y += head.height
        pages[-1].append(Placed(y, block))
        y += block.height
        if block.head:
            head = block
    return pages


def groups(page: Sequence[Placed]) -> Iterator[tuple[str, float, float]]:
    """Yield each run of equal group labels on a page with its top and bottom (mm)."""
    run: list[Placed] = []
    for placed in page:
        if run and placed.block.group != run[-1].block.group:
            yield _run(run)
            run = []
        if placed.block.group:
            run.append(placed)
    if run:
        yield _run(run)


def _run(run: list[Placed]) -> tuple[str, float, float]:
    return run[0].block.group, run[0].y, run[-1].y + run[-1].block.height
