"""The head of a sheet: its title stands whole beside the code, however long it is."""

from datetime import date

import pytest

from fuyuan_desk.paper import frame, qr
from tests.paper import pdf


@pytest.mark.parametrize("length", [5, 20, 24, 40])
def test_a_title_fits_beside_the_code(length: int) -> None:
    title = "检" * length
    sheet = frame.Sheet("福元居民委员会", title, qr.Mark("R", "XC2026-0001", "0" * 32), (), "小字")
    printed = frame.print_sheets([sheet], title, "福元居民委员会", date(2026, 3, 2))
    areas = pdf.characters(printed, 1, "检")
    assert len(areas) == length
    assert min(area.x0 for area in areas) >= frame.LEFT
    assert max(area.x1 for area in areas) <= frame.RIGHT - 17.5
