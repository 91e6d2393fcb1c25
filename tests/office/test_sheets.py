"""The sheet with the recovery code."""

from datetime import datetime

import pypdfium2

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.office.sheets import new_key_sheets, recovery_sheet
from fuyuan_desk.paper.document import Printed
from tests.paper import pdf

CODE = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
MADE = datetime(2026, 11, 27, 15, 53)  # noqa: DTZ001 -- local time, as printed


def printed(made: datetime = MADE) -> Printed:
    return Printed(recovery_sheet("福元居民委员会", "admin", CODE, "D:\\福元台", made), 1, ())


def test_the_sheet_has_a_number_of_its_own_and_no_qr_code() -> None:
    assert "编号：HF-20261127-1553" in pdf.flat(printed(), 1)
    assert "HF-20261128-0805" in pdf.flat(printed(datetime(2026, 11, 28, 8, 5)), 1)  # noqa: DTZ001
    assert pdf.marks(printed(), 1) == []
    assert CODE in pdf.text(printed(), 1)
    assert "第1页/共1页" in pdf.flat(printed(), 1)


def test_its_rules_are_indented_behind_their_bullets() -> None:
    rules = read_json("forms", "recovery.json")["rules"]
    bullets = pdf.characters(printed(), 1, only="•")
    assert len(bullets) == len(rules)
    edge = max(bullet.x1 for bullet in bullets)
    below = [
        area for area in pdf.characters(printed(), 1) if bullets[0].y0 - 2 < area.y0 < bullets[-1].y1 + 1
    ]
    texts = [area for area in below if area not in bullets]
    assert texts
    assert min(area.x0 for area in texts) > edge, "the second line of a rule does not run under its bullet"


def test_there_is_room_for_a_signature_and_a_stamp() -> None:
    shown = pdf.flat(printed(), 1)
    for text in ("保管人签字：", "居民委员会（盖章）：", "日期："):
        assert text in shown
    assert pdf.within_margins(printed())


def test_after_a_change_of_the_key_each_operator_has_a_slip_of_her_own() -> None:
    slips = [("clerk", "欧阳\U0002b7fc", "7k3m-9qx2-p4tz"), ("a" * 50, "名" * 50, "0123-4567-89ab")]
    slips += [(f"op{number}", f"张{number}", "abcd-efgh-jkmn") for number in range(9)]
    made = Printed(new_key_sheets("福元居民委员会", "admin", CODE, "D:\\福元台", MADE, slips), 3, ())
    assert CODE in pdf.text(made, 1)
    assert "编号：MM-20261127-1553" in pdf.flat(made, 2)
    shown = pdf.flat(made, 2) + pdf.flat(made, 3)
    for login, name, password in slips:
        assert name in shown
        assert password in shown
        assert login in shown
    assert CODE not in shown
    assert pdf.within_margins(made)


def test_alone_in_the_office_there_is_no_page_of_slips() -> None:
    made = Printed(new_key_sheets("福元居民委员会", "admin", CODE, "D:\\福元台", MADE, []), 1, ())
    assert "第1页/共1页" in pdf.flat(made, 1)
    assert len(pypdfium2.PdfDocument(made.pdf)) == 1
