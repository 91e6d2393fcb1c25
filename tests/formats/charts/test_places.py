"""Where the cells of a large grid stand: against a search through all of them."""

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.charts.data import Cell, Grid, Group, Row
from fuyuan_desk.formats.charts.places import Filled, Places, column_of_group, places_of
from fuyuan_desk.formats.charts.shapes import Box


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Return a grid with gaps, of at least one column."""
    spans = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    marks = st.lists(st.booleans(), min_size=sum(spans), max_size=sum(spans))
    rows = draw(st.lists(marks, max_size=6))
    made = tuple(
        Row("", tuple(Cell((r, c), "", None) if on else None for c, on in enumerate(row)))
        for r, row in enumerate(rows)
    )
    return Grid("", made, tuple(Group("", span) for span in spans), ())


def filled(grid: Grid) -> list[tuple[int, int]]:
    return [(r, c) for r, row in enumerate(grid.rows) for c, cell in enumerate(row.cells) if cell]


def places(grid: Grid) -> Places:
    return places_of(grid, (10, 6), 2, 7)


def every(found: Places) -> list[tuple[int, int]]:
    return [(r, c) for r in range(found.rows) for c in range(len(found.lefts))]


@given(grids(), st.integers(-20, 250), st.integers(-20, 80))
def test_a_point_is_in_the_one_box_that_holds_it(grid: Grid, x: int, y: int) -> None:
    found = places(grid)
    inside = [one for one in every(found) if found.box(*one).contains(x, y)]
    assert ([found.at(x, y)] if found.at(x, y) is not None else []) == inside


@given(grids(), st.integers(-20, 250), st.integers(-20, 80), st.integers(1, 200), st.integers(1, 80))
def test_an_area_holds_the_places_that_it_meets(grid: Grid, x: int, y: int, w: int, h: int) -> None:
    found, area = places(grid), Box(x, y, w, h)
    rows, columns = found.within(area)
    assert [(r, c) for r in rows for c in columns] == [
        one for one in every(found) if found.box(*one).meets(area)
    ]


@given(grids())
def test_boxes_are_apart_and_groups_further(grid: Grid) -> None:
    found = places(grid)
    boxes = [found.box(*one) for one in every(found)]
    assert not any(one.meets(other) for one in boxes for other in boxes if one is not other)
    assert all(box.right <= found.width and box.bottom <= found.height for box in boxes)
    for start in column_of_group(grid)[1:-1]:
        assert found.lefts[start] - found.lefts[start - 1] == 10 + 2 + 7


@given(grids(), st.data())
def test_the_keyboard_reaches_the_nearest_filled_place(grid: Grid, data: st.DataObject) -> None:
    known, walk = filled(grid), Filled(grid)
    assert bool(walk) == bool(known)
    if not known:
        return
    assert walk.whole == (known[0], known[-1])
    here = data.draw(st.sampled_from(known))
    row = [one for one in known if one[0] == here[0]]
    assert walk.ends(here) == (row[0], row[-1])
    assert walk.beside(here, 0, 1) == next((one for one in row if one[1] > here[1]), here)
    assert walk.beside(here, 0, -1) == next((one for one in reversed(row) if one[1] < here[1]), here)
    below = [one for one in known if one[0] > here[0]]
    if below:
        reached = walk.beside(here, 1, 0)
        assert reached[0] == below[0][0]
        distances = [abs(one[1] - here[1]) for one in known if one[0] == reached[0]]
        assert abs(reached[1] - here[1]) == min(distances)
    else:
        assert walk.beside(here, 1, 0) == here


@given(grids(), st.data())
def test_a_rectangle_holds_every_filled_place_in_it_once(grid: Grid, data: st.DataObject) -> None:
    known = filled(grid)
    if not known:
        return
    one, other = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(known))
    rows, columns = sorted((one[0], other[0])), sorted((one[1], other[1]))
    expected = [p for p in known if rows[0] <= p[0] <= rows[1] and columns[0] <= p[1] <= columns[1]]
    assert list(Filled(grid).between(one, other)) == expected
