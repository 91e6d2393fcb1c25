"""Cells that begin as the one above: 〃102室, 同上102室. The room is in the building above, or it is told."""

import pytest

from fuyuan_desk.roster.reading.ditto import behind_ditto
from tests.roster.rosters import Rows, draft

ESTATE = "福元小区"
ABOVE, BELOW = f"{ESTATE}1号101室", f"{ESTATE}2号201室"
MARKS = ("〃", "同上", "″", '"', "々", "……", "〃〃", "同前")


def read(*addresses: str) -> list[tuple[str, str, str, str]]:
    """Return estate, building, unit and fault of rows that name their addresses in one column."""
    rows: Rows = [["住址", "姓名"], *([text, f"住户{number}"] for number, text in enumerate(addresses))]
    return [(row.estate, row.building, row.unit, row.fault[:10]) for row in draft(rows).rows]


def told(*addresses: str) -> list[tuple[int, str, str]]:
    rows: Rows = [["住址", "姓名"], *([text, f"住户{number}"] for number, text in enumerate(addresses))]
    return [(one.row, one.value, one.severity) for one in draft(rows).problems if "as above" in one.message]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    "rest", ["102室", "102", " 102室", "，102室", "-102", "号102室", "号楼102室", "亭子间", "102室后间"]
)
def test_a_room_behind_a_mark_is_in_the_building_above(mark: str, rest: str) -> None:
    [_above, own, _below] = read(ABOVE, mark + rest, BELOW)
    [_one, whole, _two] = read(ABOVE, f"{ESTATE}1号{rest.lstrip(' ，-号楼')}", BELOW)
    assert own == whole
    assert told(ABOVE, mark + rest, BELOW) == []


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("rest", ["", "号", "室", "。"])
def test_nothing_behind_a_mark_is_the_home_above(mark: str, rest: str) -> None:
    [above, own, _below] = read(ABOVE, mark + rest, BELOW)
    assert own == above


def test_marks_follow_each_other_and_keep_the_lane() -> None:
    rows = read("南昌路168弄4号前楼", "〃后楼", "〃亭子间", "南昌路170弄4号前楼", "同上后楼")
    houses = ["南昌路168弄4号", "南昌路170弄4号"]
    assert rows == read(
        *(houses[0] + room for room in ("前楼", "后楼", "亭子间")),
        *(houses[1] + room for room in ("前楼", "后楼")),
    )
    assert len({row[:3] for row in rows}) == 5


def test_of_two_estates_it_is_the_one_above() -> None:
    rows = read(ABOVE, "长乐坊1号101室", "同上102室", "〃103室", BELOW)
    assert [row[:3] for row in rows[2:4]] == [("长乐坊", "1号", "102室"), ("长乐坊", "1号", "103室")]


def test_another_building_behind_a_mark_is_in_the_estate_above_and_told() -> None:
    addresses = (ABOVE, "长乐坊1号101室", "同上2号102室", BELOW)
    assert read(*addresses)[2] == ("长乐坊", "2号", "102室", "")
    assert told(*addresses) == [(4, "同上2号102室", "warning")]


@pytest.mark.parametrize("text", ["同上同户", "〃（搬走）", "同上边", "〃路102室"])
def test_what_is_not_understood_is_told_and_not_imported(text: str) -> None:
    [_above, own, _below] = read(ABOVE, text, BELOW)
    assert own[3]
    assert told(ABOVE, text, BELOW) == [(3, text, "error")]


@pytest.mark.parametrize("text", ["〃　　〃", "〃 〃", "同上、同上", "″″ ″"])
def test_a_mark_for_each_part_is_the_home_above(text: str) -> None:
    [above, own, below] = read(ABOVE, text, "″102室")
    assert own == above
    assert below == (*above[:2], "102室", "")


def test_below_what_was_not_understood_nothing_is_known() -> None:
    [_above, unclear, own, _below] = read(ABOVE, "〃（搬走）", "〃102室", BELOW)
    assert unclear[3]
    assert own[3]
    assert told(ABOVE, "〃（搬走）", "〃102室", BELOW) == [
        (3, "〃（搬走）", "error"),
        (4, "〃102室", "error"),
    ]


@pytest.mark.parametrize("mark", ["〃〃", "″", "〃", "同上"])
def test_a_mark_names_no_estate(mark: str) -> None:
    rows: Rows = [["地址", "户主"], ["延安中路913弄2号101室", "丁华"], [f"{mark}103室", "李新"]]
    assert draft(rows).estates == ("延安中路913弄",)


def test_above_the_first_row_there_is_nothing() -> None:
    assert told("〃102室", ABOVE) == [(2, "〃102室", "error")]


def test_the_building_of_another_section_is_not_the_one_above() -> None:
    rows: Rows = [
        [f"{ESTATE}名册"], ["住址", "姓名"], ["1号101室", "丁华"], ["2号"], ["〃102室", "李新"], ["201室", "王五"],
    ]  # fmt: skip
    [_one, own, _two] = draft(rows).rows
    assert own.fault


@pytest.mark.parametrize(
    ("cell", "unit"),
    [("〃102", "102室"), ("″102室", "102室"), ("〃", "101室"), ("同上室", "101室"), ("〃后间", "")],
)
def test_marks_in_a_column_of_rooms(cell: str, unit: str) -> None:
    rows: Rows = [
        ["楼栋", "室号", "姓名"],
        ["1号", "101室", "丁华"],
        ["1号", cell, "李新"],
        ["2号", "201室", "王五"],
    ]
    [_above, own, _below] = draft(rows, estate=ESTATE).rows
    assert (own.building, own.unit if not own.fault else "") == ("1号", unit)
    assert bool(own.fault) == (not unit)


@pytest.mark.parametrize("cell", ["〃号", "同上", "″", "〃幢", ""])
def test_marks_in_a_column_of_buildings(cell: str) -> None:
    rows: Rows = [
        ["楼栋", "室号", "姓名"],
        ["1号", "101室", "丁华"],
        [cell, "102室", "李新"],
        ["2号", "201室", "王五"],
    ]
    [_above, own, _below] = draft(rows, estate=ESTATE).rows
    assert (own.building, own.unit, own.fault) == ("1号", "102室", "")


@pytest.mark.parametrize("text", ["", "102室", "1号", "同乐坊1号", "“福元”小区1号", '"甲"号', "上同102"])
def test_other_texts_begin_with_no_mark(text: str) -> None:
    assert behind_ditto(text) is None
