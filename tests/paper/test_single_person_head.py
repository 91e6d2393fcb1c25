"""The words 单人办公 stand whole at the head of every sheet, however long the office is called."""

from datetime import date

import pytest

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.paper import frame, qr
from tests.paper import pdf

NAMES = (
    "福元居民委员会",
    "福元新村第一居民委员会",
    "老西门街道方斜路蓬莱路文庙路中华路联合居民委员会",
    "福" * 60,
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mark", [None, qr.Mark("R", "ZX-2026-0001", "0" * 32)])
def test_it_fits_beside_the_code(name: str, mark: qr.Mark | None) -> None:
    office = OfficeSettings(name, street="瑞金二路街道", is_single_person=True)
    sheet = frame.Sheet(office.heading, "装修登记表", mark, (), "小字")
    printed = frame.print_sheets([sheet], "装修登记表", office.heading, date(2026, 3, 2))
    assert office.heading in pdf.flat(printed, 1)
    middle = (frame.LEFT + frame.RIGHT) / 2
    room = frame.CONTENT / 2 - 17.5  # beside the code at the right
    for area in pdf.characters(printed, 1, "（单人办公）"):
        assert middle - room <= area.x0 < area.x1 <= middle + room
        assert area.y1 < frame.TOP
