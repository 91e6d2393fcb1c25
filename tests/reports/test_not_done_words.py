"""How orders and sheets stand on the list of what is not done, in words."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.inspections.rules.not_done import SheetOut
from fuyuan_desk.reports.catalogue import not_done_wording
from fuyuan_desk.reports.facts import NotDone
from fuyuan_desk.reports.sheets import not_done_rows, not_done_sheet
from fuyuan_desk.workorders.facts import OpenOrder
from fuyuan_desk.workorders.rules.orders import OrderStatus
from tests.paper import pdf

DUE = datetime(2026, 3, 16, 18).astimezone()
ORDER = OpenOrder(1, "PD2026-0001", 1, "3号楼", "楼道灯不亮", "福元物业", "何斌", DUE, OrderStatus.DISPATCHED)
SHEET = SheetOut(1, "XCB2026-000001", date(2026, 3, 2), "3号楼", "史国强", date(2026, 3, 9))
LIST = NotDone(
    "福元居民委员会",
    DUE,
    date(2026, 3, 11),
    "",
    "",
    "",
    {1: "南昌路168弄"},
    None,
    None,
    {},
    (ORDER,),
    (SHEET,),
)
HELD = datetime(2026, 3, 5, 9).astimezone()


@pytest.mark.parametrize(
    ("change", "due", "state"),
    [
        ({}, "2026-03-16\n18:00", "已派"),
        ({"status": OrderStatus.TO_DISPATCH}, "2026-03-16\n18:00", "待派"),
        ({"status": OrderStatus.TO_DISPATCH, "is_returned": True}, "2026-03-16\n18:00", "退回"),
        ({"status": OrderStatus.ACCEPTED, "is_overdue": True}, "2026-03-16\n18:00", "已接，超时"),
        ({"status": OrderStatus.UNDER_WAY, "due_at": None}, "未定", "处理中"),
        ({"status": OrderStatus.TO_VERIFY}, "2026-03-16\n18:00", "待核实"),
        (
            {"status": OrderStatus.PAUSED, "due_at": None, "paused_at": HELD},
            "暂停",
            "挂起（自03-05）",
        ),
    ],
)
def test_an_order_stands_as_in_its_course(change: dict[str, object], due: str, state: str) -> None:
    shown = replace(LIST, orders=(replace(ORDER, **change),))
    with in_chinese():
        [row] = not_done_rows(shown, not_done_wording())["orders"]
    assert row[-2:] == (due, state)


@pytest.mark.parametrize(
    ("change", "taken", "back"),
    [
        ({}, "史国强", "2026-03-09\n超2天"),
        ({"back_by": date(2026, 3, 11)}, "史国强", "2026-03-11"),
        ({"lead": "", "back_by": None}, "未登记", "未定"),
    ],
)
def test_a_sheet_says_who_took_it_and_until_when(change: dict[str, object], taken: str, back: str) -> None:
    shown = replace(LIST, sheets=(replace(SHEET, **change),))
    with in_chinese():
        [row] = not_done_rows(shown, not_done_wording())["sheets"]
    assert row[-2:] == (taken, back)


def test_the_paper_is_in_the_words_of_the_office_whatever_the_screen_speaks() -> None:
    text = pdf.flat(not_done_sheet(LIST), 1)
    assert "已派" in text
    assert "领表人" in text
