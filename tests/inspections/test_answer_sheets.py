"""What a checklist asks beside a tick is printed with room to write it, and read back from a logged visit."""

from dataclasses import replace

import pytest

from fuyuan_desk.inspections.rules.checklists import TypedItem
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.sheet_data import example_sheet
from fuyuan_desk.inspections.sheets import InspectionSheet
from tests.inspections.test_checklists import ITEMS
from tests.inspections.test_sheets import UID, printed
from tests.paper import pdf

MANY = "；".join(f"第{n}种情形较长的写法" for n in range(1, 10))


@pytest.fixture
def blank() -> InspectionSheet:
    items = (*ITEMS, TypedItem("many", "门牌", "选项很多", kind="choice", choices=MANY, passing=MANY))
    return replace(example_sheet(SubjectKind.ESTATE, "南昌路168弄", items), number="XCB-2026-000001", uid=UID)


def test_a_blank_sheet_shows_range_choices_and_photos(blank: InspectionSheet) -> None:
    paper = printed(blank)
    shown = pdf.flat(paper, 1)
    for text in ("实测", "MPa", "合格 1.0–1.4 MPa", "不亮", "记录", "【不合格须拍照】", "（必查）", "𬭼字"):
        assert text.replace(" ", "") in shown.replace(" ", ""), text
    assert shown.count("【") == 1
    names = [box.name for box in paper.boxes]
    for number in range(1, 6):
        assert {f"item{number}.{result}" for result in ("pass", "fail", "na")} <= set(names)
    assert [name for name in names if name.startswith("item2.choice")] == [
        f"item2.choice{n}" for n in (1, 2, 3)
    ]
    assert len([name for name in names if name.startswith("item5.choice")]) == 9
    assert not [name for name in names if name.startswith(("item1.choice", "item4.choice"))]


def test_choices_stay_within_their_column(blank: InspectionSheet) -> None:
    paper = printed(blank)
    choices = [box for box in paper.boxes if box.name.startswith("item5.choice")]
    left = next(box for box in paper.boxes if box.name == "item5.pass").x
    assert len({round(box.y, 1) for box in choices}) > 1, "on several lines"
    assert max(box.x for box in choices) < left


def test_what_was_found_is_printed(blank: InspectionSheet) -> None:
    found = [("fail", "1.6"), ("pass", "亮"), ("pass", "很长的记录" * 30), ("pass", ""), ("na", "")]
    items = tuple(
        replace(item, result=result, value=value, remark="2号楼" if result == "fail" else "")
        for item, (result, value) in zip(blank.items, found, strict=True)
    )
    paper = printed(replace(blank, items=items, title="冬季巡查表"))
    shown = pdf.flat(paper, 1)
    assert "1.6" in shown
    assert "冬季巡查表" in shown
    assert shown.count("很长的记录") == 30
    assert printed(blank).pages == paper.pages == 1
