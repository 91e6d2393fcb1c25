"""Charts on paper: where the geometry puts them, legible, and never beyond their box."""

from datetime import date

import pypdfium2
import pytest

from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.formats.charts.fitting import ELLIPSIS
from fuyuan_desk.formats.charts.layout import lay_out
from fuyuan_desk.formats.charts.shapes import Box, Look, Pattern, Rectangle, Text, Tone
from fuyuan_desk.paper.charts import BEST, draw_chart, fitting_size, ruler
from fuyuan_desk.paper.document import Document, Printed
from tests.formats.charts import charts
from tests.paper import pdf

BOX = Box(20, 40, 170, 110)


def printed(chart: Chart, box: Box = BOX) -> Printed:
    document = Document("房屋图", "居委会", date(2026, 11, 20))
    draw_chart(document.page(), chart, box)
    return document.finish()


@pytest.mark.parametrize("chart", charts.one_of_each(), ids=lambda chart: type(chart).__name__)
def test_the_paper_shows_every_text_of_the_geometry_inside_its_box(chart: Chart) -> None:
    paper = printed(chart)
    size = fitting_size(chart, BOX.w, BOX.h)
    assert size is not None
    layout = lay_out(chart, BOX.w, BOX.h, ruler(size))
    copied = pdf.flat(paper, 1)
    for shape in layout.shapes:
        if isinstance(shape, Text):
            assert shape.text.replace(" ", "") in copied
            assert ELLIPSIS not in shape.text
    outer = Box(BOX.x - 0.3, BOX.y - 0.3, BOX.w + 0.6, BOX.h + 0.6)
    for area in (*pdf.characters(paper, 1), *pdf.shapes(paper, 1)):
        assert Box(area.x0, area.y0, area.x1 - area.x0, area.y1 - area.y0).inside(outer), area


def test_cells_stand_where_the_geometry_puts_them() -> None:
    chart = charts.grid(5, 6)
    drawn = pdf.shapes(printed(chart), 1)
    layout = lay_out(chart, BOX.w, BOX.h, ruler(BEST))
    for element in layout.elements:
        box = element.box
        assert any(
            abs(area.x0 - BOX.x - box.x) < 0.2
            and abs(area.y0 - BOX.y - box.y) < 0.2
            and abs(area.x1 - BOX.x - box.right) < 0.2
            and abs(area.y1 - BOX.y - box.bottom) < 0.2
            for area in drawn
        ), element


def test_a_chart_that_is_too_large_gets_smaller_text_and_is_refused_at_last() -> None:
    assert fitting_size(charts.grid(6, 8), BOX.w, BOX.h) == BEST
    smaller = fitting_size(charts.grid(14, 12), BOX.w, BOX.h)
    assert smaller is not None
    assert smaller < BEST
    with pytest.raises(ValueError, match="does not fit"):
        printed(charts.grid(40, 60))


@pytest.mark.parametrize("pattern", Pattern)
def test_patterns_are_legible_in_black_and_white(pattern: Pattern) -> None:
    plain = charts.grid(1, 1)
    states = tuple(type(state)(state.label, Look(Tone.INFO, pattern)) for state in plain.states)
    chart = type(plain)("", plain.rows, plain.groups, states)
    paper = printed(chart)
    layout = lay_out(chart, BOX.w, BOX.h, ruler(BEST))
    cell = next(s.box for s in layout.shapes if isinstance(s, Rectangle) and s.box.y >= layout.top)
    scale = 200 / 25.4  # pixels in a mm
    grey = pypdfium2.PdfDocument(paper.pdf)[0].render(scale=200 / 72).to_pil().convert("L")
    corner = grey.crop(
        tuple(round(scale * mm) for mm in (
            BOX.x + cell.x + 0.5, BOX.y + cell.y + 0.5, BOX.x + cell.x + 6, BOX.y + cell.y + 2.2
        ))
    )  # fmt: skip
    darkest, lightest = corner.getextrema()
    assert lightest > 220
    assert (darkest > 220) if pattern is Pattern.PLAIN else (darkest < 190)
