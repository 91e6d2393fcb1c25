"""What titles, sheets, files and lines between the rows name holds for the rows below."""

import pytest

from fuyuan_desk.roster.reading.titles import read_title
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft, plan, summary_of

HOMES: Rows = [["室号", "业主", "电话"], ["101", "张三", "13812345678"], ["102", "李四", ""]]


@pytest.mark.parametrize(
    ("title", "estate", "building", "entrance"),
    [
        ("福元小区3号楼业主统计表", "福元小区", "3号楼", ""),
        ("福元小区收楼情况", "福元小区", "", ""),
        ("富南大厦房态表", "富南大厦", "", ""),
        ("礼德国际2号楼房态表", "礼德国际", "2号楼", ""),
        ("福元小区车位", "福元小区", "", ""),
        ("福元小区地下车库车位表", "福元小区", "", ""),
        ("福元小区2号楼收楼情况表", "福元小区", "2号楼", ""),
        ("太阳都市花园（后期）维修资金分户账", "太阳都市花园（后期）", "", ""),
        ("福元小区3、5号楼业主名单", "福元小区", "", ""),
        ("直管公房租赁户名册（南昌路168弄）", "南昌路168弄", "", ""),
        ("福元小区实有人口信息采集表", "福元小区", "", ""),
        ("一标三实信息采集表-福元小区", "福元小区", "", ""),
        ("南昌路168弄 4号 居民信息", "南昌路168弄", "4号", ""),
        ("南昌路168弄29支弄居民名册", "南昌路168弄", "29支弄", ""),
        ("小区：福元小区    楼栋：3号楼", "福元小区", "3号楼", ""),
        ("福元小区（3号楼）业主名册", "福元小区", "3号楼", ""),
        ("福元小区·3号楼", "福元小区", "3号楼", ""),
        ("物业 福元小区 客户资料", "福元小区", "", ""),
        ("海棠苑3号楼一单元住户表", "海棠苑", "3号楼", "1单元"),
        ("福元花园2期10幢房态", "福元花园", "2期10幢", ""),
        ("房态表_福元小区_20250101", "福元小区", "", ""),
        ("3号楼1单元", "", "3号楼", "1单元"),
        ("A座业主", "", "A座", ""),
        ("Sheet1", "", "", ""),
        ("车位", "", "", ""),
        ("名单", "", "", ""),
        ("其中3号楼", "", "", ""),
        ("2025年3月", "", "", ""),
        ("3号楼出租房屋承租人登记表2026", "", "3号楼", ""),
        ("3号楼出租户", "", "3号楼", ""),
        ("第3幢住户一览表", "", "3幢", ""),
        ("福元小区第3幢第2单元住户", "福元小区", "3幢", "2单元"),
        ("3号楼党员名单", "", "3号楼", ""),
        ("3号楼1单元低保户", "", "3号楼", "1单元"),
        ("3、5号楼党员名单", "", "", ""),
        ("2026年1月变更清单", "", "", ""),
        ("福元小区变动户名单", "福元小区", "", ""),
        ("福元小区业委会候选人推荐表", "福元小区", "", ""),
        ("福元小区已签约加装电梯户", "福元小区", "", ""),
    ],
)
def test_titles_name_estates_and_buildings(title: str, estate: str, building: str, entrance: str) -> None:
    assert read_title(title)[:3] == (estate, building, entrance)


@pytest.mark.parametrize("estate", ["", "福元小区"])
@pytest.mark.parametrize(
    ("sheet", "title"),
    [("Sheet1", "福元小区2号楼收楼情况表"), ("2号楼", "福元小区业主统计表"), ("2#", "福元小区房态表")],
)
def test_the_building_of_a_title_or_sheet_holds_also_for_an_estate_from_elsewhere(
    sheet: str, title: str, estate: str
) -> None:
    roster = draft((sheet, [[title], *HOMES]), estate=estate)
    assert roster.estates == ("福元小区",)
    assert summary_of(roster) == [("2号楼", "101室", "张三"), ("2号楼", "102室", "李四")]


@pytest.mark.parametrize(
    "form",
    [
        [["小区名称：福元小区", "", "楼栋：2号楼"]],
        [["小区名称", "福元小区", "楼栋", "2号楼", "填表人", "王老师"]],
        [["小区：福元小区  楼栋：2号楼  填表日期：2025.1.1"]],
        [["小区：", "福元小区", ""], ["楼栋：", "2号楼", ""]],
    ],
)
def test_lines_of_a_form_above_the_table_name_estate_and_building(form: Rows) -> None:
    roster = draft([*form, *HOMES])
    assert roster.estates == ("福元小区",)
    assert {row.building for row in roster.rows} == {"2号楼"}


@pytest.mark.parametrize(
    ("headings", "buildings"),
    [
        (["1号楼", "2号楼"], ["1号楼", "2号楼"]),
        (["1号楼1单元", "1号楼2单元"], ["1号楼1单元", "1号楼2单元"]),
        (["1单元", "2单元"], ["9号楼1单元", "9号楼2单元"]),
        (["A区", "B区"], ["A区", "B区"]),
        (["福元小区1号楼（共6户）", "福元小区2号楼（共6户）"], ["1号楼", "2号楼"]),
        (["【1号楼】", "【2号楼】"], ["1号楼", "2号楼"]),
        (["一、1号楼", "二、2号楼"], ["1号楼", "2号楼"]),
        (["1号楼业主：", "2号楼业主："], ["1号楼", "2号楼"]),
    ],
)
def test_lines_between_the_rows_hold_for_the_rows_below(headings: list[str], buildings: list[str]) -> None:
    rows: Rows = [["福元小区9号楼业主名册"] if "单元" in headings[0] else ["福元小区业主名册"], HOMES[0]]
    for heading in headings:
        rows = [*rows, [heading, "", ""], HOMES[1]]
    roster = draft(rows)
    assert [row.building + row.entrance for row in roster.rows] == buildings
    assert len(plan(roster).units) == 2


def test_floors_between_the_rows_keep_parts_apart() -> None:
    rows: Rows = [["部位", "承租人", "备注"]]
    for floor in ("底楼", "二楼", "三层"):
        rows = [*rows, ["", floor, ""], ["前楼", "张三", ""]]
    roster = draft(rows, file="南昌路168弄4号住户名册.xlsx")
    assert [row.floor for row in roster.rows] == ["底楼", "二楼", "三楼"]
    assert len(plan(roster).units) == 3


@pytest.mark.parametrize(
    ("heading", "own", "building"),
    [
        ("A区", "3", "A区3号楼"),
        ("3号楼", "12号", "3号楼12号"),
        ("3号楼", "5号楼", "5号楼"),
        ("二期", "3", "二期3号楼"),
    ],
)
def test_a_heading_above_rows_with_buildings_of_their_own(heading: str, own: Cell, building: str) -> None:
    rows: Rows = [["福元小区业主名册"], ["楼号", "室号", "业主"], [heading, "", ""], [own, "101", "张三"]]
    assert [row.building for row in draft(rows).rows] == [building]


def test_a_part_of_an_estate_in_the_title_precedes_the_houses() -> None:
    rows: Rows = [["南昌路168弄29支弄居民名册"], ["门牌号", "部位", "户主"], ["5号", "前楼", "张三"]]
    assert summary_of(draft(rows)) == [("29支弄5号", "前楼", "张三")]


def test_a_title_of_another_building_is_told() -> None:
    rows: Rows = [["福元小区3号楼业主名册"], ["楼号", "室号", "业主"], ["5号楼", "101", "张三"]]
    [problem] = draft(rows).problems
    assert (problem.value, problem.row, problem.severity) == ("3号楼", 3, "warning")


@pytest.mark.parametrize(
    ("title", "estate"),
    [("匯賢居住戶登記冊", "匯賢居"), ("福元花園業主名冊", "福元花園")],
)
def test_the_estate_of_a_title_in_traditional_characters(title: str, estate: str) -> None:
    assert read_title(title).estate == estate
