from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.paper.drawing import Drawing
from fuyuan_desk.paper.flow import Block, Placed, groups, paginate
from fuyuan_desk.paper.table import Fact, facts


def nothing(drawing: Drawing, y: float) -> None:
    """Draw nothing; only positions matter here."""


def block(name: str, height: float = 10, **more: Any) -> Block:
    return Block(height, name, nothing, **more)


def names(pages: list[list[Placed]]) -> list[list[object]]:
    return [[placed.block.key for placed in page] for page in pages]


@given(st.lists(st.tuples(st.floats(1, 40), st.booleans()), min_size=1, max_size=60))
def test_every_block_stands_once_in_order_and_inside(shape: list[tuple[float, bool]]) -> None:
    blocks = [block(str(index), height, keep=keep) for index, (height, keep) in enumerate(shape)]
    pages = paginate(blocks, 30, 100)
    assert [placed.block for page in pages for placed in page] == blocks
    assert all(pages)
    for page in pages:
        y = 30.0
        for placed in page:
            assert placed.y == y
            y += placed.block.height
        assert y <= 100.001


def test_the_head_of_a_table_is_repeated_and_not_beyond_it() -> None:
    rows = [block(f"row{n}", section="t") for n in range(9)]
    blocks = [block("head", section="t", head=True, keep=True), *rows, block("end"), block("last", 65)]
    assert names(paginate(blocks, 0, 50)) == [
        ["head", "row0", "row1", "row2", "row3"],
        ["head", "row4", "row5", "row6", "row7"],
        ["head", "row8", "end"],
        ["last"],
    ]


def test_what_keeps_together_moves_together() -> None:
    blocks = [block("a"), block("b"), block("c", keep=True), block("d", keep=True), block("e")]
    assert names(paginate(blocks, 0, 40)) == [["a", "b"], ["c", "d", "e"]]


def test_runs_of_a_group_are_found_on_each_page() -> None:
    blocks = [
        block("1", group="甲"),
        block("2", group="甲"),
        block("3", group="乙"),
        block("4"),
        block("5", group="乙"),
    ]
    (page,) = paginate(blocks, 0, 100)
    assert list(groups(page)) == [("甲", 0, 20), ("乙", 20, 30), ("乙", 40, 50)]


@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_no_row_of_facts_has_a_label_cell_without_a_label(wide: list[bool]) -> None:
    entries = [Fact(f"标签{number}", "值", is_wide) for number, is_wide in enumerate(wide)]
    rows = list(facts(entries, 20.0, 176.0))
    labels = [row.key[2] for row in rows if isinstance(row.key, tuple)]
    assert [label for row in labels for label in row] == [entry.label for entry in entries]
    edges = [row.key[1].right for row in rows if isinstance(row.key, tuple)]
    assert set(edges) == {196.0}
