"""What became of each cell of a row: nothing is missing, nothing is shown whole that is masked elsewhere."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.roster.reading.explain import CellReading, about_row, explain, without_unknown
from fuyuan_desk.roster.reading.rows import RosterPerson
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft

HEADER: list[Cell] = ["序号", "楼号", "房号", "姓名", "电话", "身份证号", "面积", "房屋性质", "备注", "爱好"]
ID = "310101199001010005"
ROW: list[Cell] = [1, "2", "302", "欧阳明慧（代）", "13812345678", ID, 52.3, "使用权", "独居", "下棋"]


def by_column(cells: tuple[CellReading, ...]) -> dict[str, tuple[str, ...]]:
    return {cell.name.split(" ")[0]: cell.became for cell in cells}


def test_each_cell_of_a_row_is_told_with_the_field_it_became() -> None:
    cells = explain(draft([HEADER, ROW], estate="福元小区"), "Sheet1", 2)
    assert by_column(cells) == {
        "A": ("Running number: not kept",),
        "B": ("Building or gate: 2号楼",),
        "C": ("Floor: 3楼", "Room or part: 302室"),
        "D": ("Name of the holder: 欧*", "added to the remarks"),
        "E": ("Telephone: 138****5678",),
        "F": ("ID number: 310101********0005",),
        "G": ("Area: 52.30",),
        "H": (
            "Tenure: Directly managed public housing",
            "Owner or tenant: Tenant of public housing",
        ),
        "I": ("added to the remarks",),
        "J": ("added to the remarks",),
    }
    assert [cell.name for cell in cells if cell.is_masked] == ["D 姓名", "E 电话", "F 身份证号"]
    assert about_row(draft([HEADER, ROW], estate="福元小区"), "Sheet1", 2) == ("福元小区2号楼302室 · 欧*",)


def test_one_address_is_told_with_all_that_it_gave() -> None:
    rows: list[list[Cell]] = [["地址", "姓名"], ["福元路12弄3号楼2单元502室", "张三"]]
    [address, _name] = explain(draft(rows), "Sheet1", 2)
    assert address.became == (
        "Estate: 福元路12弄",
        "Building or gate: 3号楼",
        "Entrance: 2单元",
        "Floor: 5楼",
        "Room or part: 502室",
    )


def test_a_value_that_is_left_out_is_told_with_the_problem() -> None:
    roster = draft([HEADER, [1, "2", "302", "张三", "", "", "很大", "", "", "无"]], estate="福元小区")
    cells = {cell.title: cell for cell in explain(roster, "Sheet1", 2)}
    assert cells["面积"].became == ("Area: nothing of it is imported",)
    assert "is not an area" in cells["面积"].problems[0]
    assert cells["爱好"].became == ("taken as empty: 无",)
    assert cells["电话"].became == ()


def test_a_cell_beside_the_table_is_told_as_not_read() -> None:
    roster = draft([["房号", "姓名"], ["1号101", "张三", "", "13812345678"]], estate="福元小区")
    [_unit, _name, beside] = explain(roster, "Sheet1", 2)
    assert (beside.name, beside.text) == ("D", "138****5678")
    assert "not read" in beside.became[0]


def test_a_row_that_joined_another_names_it() -> None:
    rows: list[list[Cell]] = [["房号", "姓名", "电话"], ["1号101", "张三", ""], ["", "", "13812345678"]]
    roster = draft(rows, estate="福元小区")
    assert about_row(roster, "Sheet1", 3) == ("Joined to row 2: 福元小区1号101室 · 张*",)
    [_unit, _name, phone] = explain(roster, "Sheet1", 3)
    assert phone.became == ("Telephone: 138****5678",)


def test_a_person_of_the_household_is_told_by_her_own_row() -> None:
    rows: list[list[Cell]] = [
        ["房号", "姓名", "电话"],
        ["1号101", "张三", ""],
        ["1号101", "李四", "13812345678"],
    ]
    roster = draft(rows, estate="福元小区")
    wife = RosterPerson("李四", "spouse", "1/2", phones=("13812345678",))
    together = replace(roster, rows=(roster.rows[0]._replace(persons=(wife,)),))
    [unit, name, phone] = explain(together, "Sheet1", 3)
    assert "Room or part: 101室" in unit.became
    assert name.became == ("Person of the household: 李* Spouse, 1/2",)
    assert phone.became == ("Telephone: 138****5678 (李*)",)


def test_a_column_that_was_not_recognised_can_be_hidden() -> None:
    cells = without_unknown(explain(draft([HEADER, ROW], estate="福元小区"), "Sheet1", 2))
    assert [(cell.text, cell.is_masked) for cell in cells if cell.title in ("爱好", "备注")] == [
        ("独居", False),
        ("***", True),
    ]


def test_a_mark_of_repetition_became_what_the_cell_above_did() -> None:
    header: list[Cell] = ["楼号", "房号", "姓名", "电话", "备注"]
    rows: list[list[Cell]] = [["1", "101", "张三", "13812345678", "独居"], ["〃", "102", "李四", "〃", "〃"]]
    phone, remark = explain(draft([header, *rows], estate="福元小区"), "Sheet1", 3)[3:]
    assert (phone.text, phone.became) == ("〃", ("Telephone: 138****5678",))
    assert (remark.text, remark.became) == ("〃", ("added to the remarks",))


@pytest.mark.parametrize("row", [0, 1, 9])
def test_a_row_of_no_household_has_no_cells(row: int) -> None:
    roster = draft([HEADER, ROW], estate="福元小区")
    assert explain(roster, "Sheet1", row) == ()
    assert "not of a household" in about_row(roster, "Sheet1", row)[0]


def test_two_tables_beside_each_other_are_told_apart() -> None:
    header: list[Cell] = ["房号", "姓名", "面积", "房号", "姓名", "面积"]
    roster = draft([header, ["1号101", "张三", 10, "2号201", "李四", 20]], estate="福元小区")
    cells = explain(roster, "Sheet1", 2)
    assert [cell.became[-1] for cell in cells if cell.title == "面积"] == ["Area: 10.00", "Area: 20.00"]


NAMES = st.sampled_from(["张三", "欧阳明慧", "福元有限公司", "空关", "李四/13912345678", "", "无"])
COLUMNS: dict[str, st.SearchStrategy[Cell]] = {
    "楼号": st.sampled_from(["1", "2号楼", "", "同上", "甲"]),
    "房号": st.sampled_from(["101", "亭子间", "2-302", "", "B1-023"]),
    "姓名": NAMES,
    "电话": st.sampled_from(["13812345678", "123", "", "62093705、13900001111", "打不通"]),
    "身份证号": st.sampled_from([ID, "3101", "", "E12345678"]),
    "面积": st.sampled_from([12.5, "大", "", "约12㎡"]),
    "房屋性质": st.sampled_from(["使用权", "私房", "不明", "", "某种"]),
    "是否空关": st.sampled_from(["是", "", "空关"]),
    "爱好": st.text("下棋书画A1：；，()（） ", max_size=8),
}
CELLS = st.tuples(*COLUMNS.values()).map(lambda cells: dict(zip(COLUMNS, cells, strict=True)))


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, min_size=2, max_size=5))
def test_every_filled_cell_appears_once_with_what_became_of_it(rows: list[dict[str, Cell]]) -> None:
    header: list[Cell] = list(rows[0])
    roster = draft([header, *(list(row.values()) for row in rows)], estate="福元小区")
    numbers = {number for table in roster.tables for number in table.numbers}
    for number, row in enumerate(rows, 2):
        cells = explain(roster, "Sheet1", number)
        if number not in numbers:
            assert cells == ()
            continue
        filled = {title for title, value in row.items() if str(value).strip()}
        assert [cell.title for cell in cells] == header
        assert {cell.title for cell in cells if cell.became} >= filled
        said = repr(cells)
        assert "13812345678" not in said
        assert ID not in said
        # an independent look for what is said to be lost: it stands in no text of any household
        texts = [value for household in roster.rows for value in household if isinstance(value, str)]
        for cell in cells:
            if cell.field == "" and any("nothing of it" in said for said in cell.became):
                whole = "".join(str(row[cell.title]).split())
                assert not any(whole in "".join(text.split()) for text in texts)
