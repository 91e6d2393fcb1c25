"""The geometry of every chart: nothing overlaps, nothing leaves the box, every text fits."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.formats.charts.data import Bar, Bars, Chart, Grid, HeatMap
from fuyuan_desk.formats.charts.fitting import broken, elided, number_text, ticks
from fuyuan_desk.formats.charts.grid import split
from fuyuan_desk.formats.charts.layout import beside, ends_of_row, lay_out
from fuyuan_desk.formats.charts.patterns import strokes
from fuyuan_desk.formats.charts.shapes import (
    Box,
    Element,
    Layer,
    Layout,
    Look,
    Pattern,
    Polyline,
    Rectangle,
    Shape,
    Size,
    Text,
    Tone,
)
from tests.formats.charts import charts

RULER = charts.ruler()
WIDTHS = st.floats(60, 1500)
HEIGHTS = st.floats(40, 900)
VALUES = st.one_of(st.none(), st.floats(0, 1e6), st.integers(0, 100))
CHARTS: st.SearchStrategy[Chart] = st.one_of(
    st.builds(charts.grid, st.integers(0, 12), st.integers(1, 20), groups=st.just(1)),
    st.builds(charts.grid, st.integers(1, 9), st.integers(3, 20), st.just("二楼前厢房{room}"), st.integers(1, 3)),
    st.builds(charts.bars, st.lists(VALUES, max_size=12), st.text("安居型abc ", max_size=30)),
    st.builds(charts.curve, st.lists(VALUES, min_size=1, max_size=15)),
    st.builds(
        charts.heat_map,
        st.integers(1, 8).flatmap(
            lambda n: st.lists(st.lists(VALUES, min_size=n, max_size=n), min_size=1, max_size=6)
        ),
    ),
    st.builds(
        charts.timeline,
        st.lists(st.tuples(st.integers(0, 1000), st.one_of(st.none(), st.integers(0, 400))), min_size=1, max_size=6),
    ),
)  # fmt: skip


def boxes(shapes: tuple[Shape, ...], kind: type[Rectangle] | type[Text]) -> list[Box]:
    return [shape.box for shape in shapes if isinstance(shape, kind)]


def elements_and_texts_fit(layout: Layout) -> None:
    whole = Box(0, 0, layout.width, layout.height)
    for shape in layout.shapes:
        assert shape.box.inside(whole, 0.01), shape
        assert shape.box.w >= 0
        assert shape.box.h >= 0
    assert all(element.box.h > 0 for element in layout.elements)
    for text in (shape for shape in layout.shapes if isinstance(shape, Text)):
        assert RULER.width(text.text, text.size) <= text.box.w + 1e-5, text
        before, cut, after = text.text.partition("…")
        assert not text.full or text.text in ("", text.full) or cut
        assert not cut or (text.full.startswith(before) and text.full.endswith(after))


@settings(max_examples=150, deadline=None)
@given(CHARTS, WIDTHS, HEIGHTS)
def test_every_shape_is_inside_and_every_text_fits(chart: Chart, width: float, height: float) -> None:
    layout = lay_out(chart, width, height, RULER)
    assert layout.width >= width
    assert layout.height >= height
    elements_and_texts_fit(layout)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(3, 20), st.integers(1, 3), WIDTHS, HEIGHTS)
def test_cells_do_not_overlap_and_stand_right_of_the_labels(
    rows: int, columns: int, groups: int, width: float, height: float
) -> None:
    layout = lay_out(charts.grid(rows, columns, groups=groups), width, height, RULER)
    cells = [element.box for element in layout.elements]
    assert len(cells) == rows * columns
    assert not any(one.meets(other) for one, other in combinations(cells, 2))
    assert all(cell.x >= layout.left and cell.y >= layout.top for cell in cells)
    assert [box for box in boxes(layout.shapes, Rectangle) if box in cells] == cells
    labels = [shape for shape in layout.shapes if isinstance(shape, Text) and shape.layer is Layer.ROWS]
    assert all(label.box.right <= layout.left for label in labels)


@pytest.mark.parametrize("chart", charts.one_of_each(), ids=lambda chart: type(chart).__name__)
def test_texts_do_not_cover_each_other(chart: Chart) -> None:
    layout = lay_out(chart, 700, 300, RULER)
    texts = [shape for shape in layout.shapes if isinstance(shape, Text) and shape.text]
    assert texts
    goal = [
        text for text in texts if text.text == "三分之二"
    ]  # may lie under a curve, as every line of the plot
    for one, other in combinations([text for text in texts if text not in goal], 2):
        assert not one.box.meets(other.box), (one, other)


@pytest.mark.parametrize("chart", charts.one_of_each(), ids=lambda chart: type(chart).__name__)
def test_the_geometry_is_the_same_in_every_unit(chart: Chart) -> None:
    pixels = lay_out(chart, 700, 300, charts.ruler(10))
    mm = lay_out(chart, 175, 75, charts.ruler(2.5))
    assert len(pixels.shapes) == len(mm.shapes)
    for one, other in zip(pixels.shapes, mm.shapes, strict=True):
        assert type(one) is type(other)
        assert isinstance(one, Polyline) or one.layer is other.layer
        assert (one.box.x, one.box.y, one.box.w, one.box.h) == pytest.approx(
            (4 * other.box.x, 4 * other.box.y, 4 * other.box.w, 4 * other.box.h)
        )


@pytest.mark.parametrize("chart", charts.nothing_of_each(), ids=lambda chart: type(chart).__name__)
def test_an_empty_chart_shows_its_sentence(chart: Chart) -> None:
    layout = lay_out(chart, 300, 200, RULER)
    assert layout.elements == ()
    assert charts.EMPTY in [shape.text for shape in layout.shapes if isinstance(shape, Text)]


def texts_of(chart: Chart, width: float = 700, height: float = 300) -> list[str]:
    layout = lay_out(chart, width, height, RULER)
    return [shape.text for shape in layout.shapes if isinstance(shape, Text)]


def test_cells_write_room_and_state_if_there_is_room_for_both() -> None:
    low, high = texts_of(charts.grid(6, 3), height=150), texts_of(charts.grid(6, 3), height=400)
    assert "出租" in high
    assert "101室" in high
    # in one line the state is shown by colour, pattern and legend; only the unknown one is written
    assert low.count("出租") == 1
    assert "102室 ?" in low
    assert not [text for text in low + high if "…" in text]


def test_a_legend_names_only_what_is_shown() -> None:
    row = charts.grid(1, 1).rows[0]
    known = Grid("", (row,), charts.grid(1, 1).groups, charts.STATES, unknown="不详")
    assert "业主自住" not in texts_of(known)
    assert "? 不详" in texts_of(charts.grid(3, 3))


def test_unknown_values_look_unknown_and_not_like_zero() -> None:
    layout = lay_out(charts.bars([None, 0, 2]), 400, 200, RULER)
    rectangles = [shape for shape in layout.shapes if isinstance(shape, Rectangle)]
    assert [(shape.dashed, shape.look.tone) for shape in rectangles] == [
        (True, Tone.UNKNOWN),
        (False, Tone.OK),
    ]
    assert {"?", "0", "2"} <= set(texts_of(charts.bars([None, 0, 2])))


@pytest.mark.parametrize("width", [240, 700])
def test_a_long_name_is_cut_and_never_of_how_many(width: float) -> None:
    name = "如有电梯，半月维保有记录，标志在有效期内，轿厢内张贴使用须知"
    shown = Bars(
        "合格率", tuple(Bar(n, name, 50.0, charts.OWNER, of=f"({n}/365)") for n in range(3)), unit="%"
    )
    texts = texts_of(shown, width)
    assert name not in texts
    assert {f"50 ({n}/365)" for n in range(3)} <= set(texts)


def test_bars_are_as_long_as_their_values() -> None:
    layout = lay_out(charts.bars([10, 5, 1]), 400, 200, RULER)
    ten, five, one = (shape.box.w for shape in layout.shapes if isinstance(shape, Rectangle))
    assert (ten / five, ten / one) == pytest.approx((2, 10))


def test_a_curve_is_interrupted_where_a_value_is_unknown() -> None:
    layout = lay_out(charts.curve([10, 20, None, 40, 50, 60]), 400, 200, RULER)
    curves = [shape for shape in layout.shapes if isinstance(shape, Polyline) and isinstance(shape.ink, Look)]
    assert [len(line.points) for line in curves] == [2, 3]
    assert [element.name for element in layout.elements][:3] == [
        "已收, 11-01: 10%", "已收, 11-02: 20%", "已收, 11-03: ?"
    ]  # fmt: skip


def test_heat_is_shown_by_pattern_too_and_written() -> None:
    layout = lay_out(charts.heat_map([[0, 10, 20, 30, 40, None]]), 700, 300, RULER)
    cells = [shape for shape in layout.shapes if isinstance(shape, Rectangle) and shape.layer is Layer.BODY]
    assert len({shape.look.pattern for shape in cells[1:5]}) == 4
    assert cells[-1].look.tone is Tone.UNKNOWN
    assert {"0", "10", "40", "?"} <= set(texts_of(charts.heat_map([[0, 10, 20, 30, 40, None]])))


def test_a_period_that_lasts_reaches_the_end_and_is_dashed() -> None:
    layout = lay_out(charts.timeline([(0, 200), (220, None)]), 700, 300, RULER)
    first, lasting, *_ = (shape for shape in layout.shapes if isinstance(shape, Rectangle))
    assert not first.dashed
    assert lasting.dashed
    assert lasting.box.right == pytest.approx(700)


def test_a_wide_grid_is_split_at_its_groups() -> None:
    wide = charts.grid(2, 12, groups=3)
    parts = split(wide, 9)
    assert [[group.columns for group in part.groups] for part in parts] == [[4, 4], [4]]
    assert [[group.columns for group in part.groups] for part in split(wide, 3)] == [
        [3],
        [1],
        [3],
        [1],
        [3],
        [1],
    ]
    keys = [cell.key for part in parts for row in part.rows for cell in row.cells if cell]
    assert sorted(keys) == sorted(cell.key for row in wide.rows for cell in row.cells if cell)


# --- moving by keyboard ------------------------------------------------------------------------------


def test_arrows_move_to_the_next_cell_and_over_blanks() -> None:
    elements = [
        Element("301", Box(0, 0, 10, 10), "", 0, 0),
        Element("303", Box(40, 0, 10, 10), "", 0, 2),
        Element("101", Box(0, 40, 10, 10), "", 2, 0),
        Element("102", Box(20, 40, 10, 10), "", 2, 1),
    ]
    moves = {
        (0, 0, 1): 1, (1, 0, -1): 0, (1, 0, 1): 1, (0, 1, 0): 2, (1, 1, 0): 3, (3, -1, 0): 0, (0, -1, 0): 0,
        (2, 0, 1): 3, (3, 1, 0): 3,
    }  # fmt: skip
    assert {move: beside(elements, *move) for move in moves} == moves
    assert ends_of_row(elements, 3) == (2, 3)


# --- texts and values --------------------------------------------------------------------------------


@given(st.text("南昌路 abc", max_size=20), st.floats(0, 200))
def test_an_elided_text_fits_and_is_the_longest_that_does(text: str, room: float) -> None:
    cut = elided(text, Size.TEXT, room, RULER)
    assert RULER.width(cut, Size.TEXT) <= room + 1e-5
    if cut.endswith("…"):
        longer = text[: len(cut)].rstrip() + "…"
        assert len(longer) <= len(cut) or RULER.width(longer, Size.TEXT) > room


@given(st.text("南昌路 abc", max_size=20), st.floats(0, 200))
def test_a_text_cut_in_its_middle_keeps_both_ends(text: str, room: float) -> None:
    cut = elided(text, Size.TEXT, room, RULER, ends=True)
    assert RULER.width(cut, Size.TEXT) <= room + 1e-5
    before, dots, after = cut.partition("…")
    assert cut in ("", text) or (text.startswith(before) and text.endswith(after) and dots)
    if dots and len(text) < 20:
        assert abs(len(before) - len(after)) <= 1 + text.count(" ")


@given(st.text("南昌路 abc", max_size=60), st.floats(20, 200))
def test_a_broken_sentence_loses_nothing_that_fits(text: str, room: float) -> None:
    lines = broken(text, Size.TEXT, room, RULER)
    assert all(RULER.width(line, Size.TEXT) <= room + 1e-5 for line in lines)
    if "…" not in "".join(lines):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(most=st.integers(0, 10**7), count=st.integers(1, 9))
def test_an_axis_of_counts_has_whole_numbers_only(most: int, count: int) -> None:
    marks = ticks(most, count, whole=True)
    assert all(mark.is_integer() for mark in marks)
    assert marks[-1] >= most
    assert len(marks) <= 2 * count + 2


def test_the_classes_of_counts_do_not_overlap() -> None:
    counts = HeatMap("巡查", ("10月",), tuple("一二三四"), ((0, 1, 2, 3),))
    shares = HeatMap("完成", ("10月",), tuple("一二三四"), ((0, 0.5, 1.5, 2.5),))
    found = [
        {shape.text for shape in lay_out(chart, 400, 200, charts.ruler(10)).shapes if isinstance(shape, Text)}
        for chart in (counts, shares)
    ]
    assert {"0–1", "2", "3"} <= found[0]
    assert not {"1–2", "2–3"} & found[0]
    assert any("–" in text and not text.startswith("0") for text in found[1])


@given(st.floats(1e-3, 1e9), st.integers(1, 10))
def test_ticks_reach_the_largest_value_in_equal_steps(most: float, count: int) -> None:
    marks = ticks(most, count)
    assert marks[0] == 0
    assert marks[-1] >= most * (1 - 1e-6)
    assert 2 <= len(marks) <= count + 1
    assert number_text(1234.5, "件") == "1,234.5 件"


def test_every_pattern_is_drawn_differently_and_inside() -> None:
    box = Box(3, 5, 40, 20)
    drawn = {pattern: strokes(pattern, box, 6) for pattern in Pattern}
    assert len({(found.lines, found.dots) for found in drawn.values()}) == len(Pattern)
    for found in drawn.values():
        for x0, y0, x1, y1 in found.lines:
            assert Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)).inside(box)
        for x, y, radius in found.dots:
            assert Box(x - radius, y - radius, 2 * radius, 2 * radius).inside(box)
