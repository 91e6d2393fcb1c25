"""Flowing blocks over pages: what a sheet consists of from top to bottom, and where its pages break."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from fuyuan_desk.paper.drawing import Drawing

Draw = Callable[[Drawing, float], None]
"""Draws a block whose top lies at the given height (mm)."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a sheet that no page break may divide.

    `fixed` draws what many sheets share and `key` names exactly that, so that equal keys draw equal
    stencils; `own` draws what is this sheet's. `section` binds the rows of a table to its `head`,
    which is drawn again on top of every page the table reaches. Rows of one `group` share a label that
    stands beside them. A block with `keep` stays on the page of the block after it.
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
    """A block and the height at which its top lies (mm)."""

    y: float
    block: Block


def paginate(blocks: Sequence[Block], top: float, bottom: float) -> list[list[Placed]]:
    """Place blocks on pages between `top` and `bottom`; a block higher than a page has one to itself."""
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
        if needed > bottom - top:  # no page would hold them together
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
    """Give each run of equal group labels on a page with its top and bottom (mm)."""
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
