"""Rosters that are no lists: charts of rooms with a name in each cell, and forms of one household each."""

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.reader import refuse_unconfirmed
from tests.roster.rosters import Rows, draft, summary_of

HOMES = {"301室": "张三", "302室": "李四", "201室": "王五", "202室": "赵六"}


@pytest.mark.parametrize(
    "rows",
    [
        [["楼层", "01室", "02室"], ["3层", "张三", "李四"], ["2层", "王五", "赵六"]],
        [["", "1", "2"], [3.0, "张三", "李四"], [2.0, "王五", "赵六"]],
        [
            ["楼层/室号", "01", "02", "楼层"],
            ["三楼", "张三", "李四", "三楼"],
            ["二楼", "王五", "赵六", "二楼"],
        ],
        [["3F", "301", "302"], ["", "张三", "李四"], ["2F", "201", "202"], ["", "王五", "赵六"]],
        [["301张三", "302李四"], ["201 王五", "202：赵六"]],
        [["3楼", "301\n张三", "302\n李四"], ["2楼", "201\n王五", "202\n赵六"]],
    ],
)
@pytest.mark.parametrize("estate", ["", "福元小区"])
def test_charts_of_rooms_are_read_cell_by_cell(rows: Rows, estate: str) -> None:
    roster = draft([["福元小区1号楼房态图"], *rows], estate=estate)
    assert roster.estates == ("福元小区",)
    assert {unit: name for _building, unit, name in summary_of(roster)} == HOMES
    assert {building for building, _unit, _name in summary_of(roster)} == {"1号楼"}
    assert [problem.severity for problem in roster.problems if "chart of rooms" in problem.message] == [
        "warning"
    ]
    refuse_unconfirmed(roster)


def test_telephones_vacancies_and_blanks_in_a_chart() -> None:
    roster = draft(
        [
            ["福元小区1号楼"],
            ["楼层", "01室", "02室", "03室"],
            ["2层", "张三 13812345678", "空置", ""],
            ["1层", "李四", "", "王五"],
        ]
    )
    found = {row.unit: (row.name, row.phones, row.vacant) for row in roster.rows}
    assert found == {
        "201室": ("张三", ("13812345678",), False),
        "202室": ("", (), True),
        "101室": ("李四", (), False),
        "103室": ("王五", (), False),
    }


def test_several_charts_on_a_sheet_keep_their_buildings() -> None:
    chart: Rows = [["楼层", "东", "西"], ["2楼", "张三", "李四"], ["1楼", "王五", "赵六"], []]
    roster = draft([["福元小区房态"], ["1号楼"], *chart, ["2号楼"], *chart])
    assert roster.estates == ("福元小区",)
    assert {building for building, _unit, _name in summary_of(roster)} == {"1号楼", "2号楼"}
    assert len({(row.building, row.unit) for row in roster.rows}) == 8


def test_a_problem_of_a_chart_names_its_cell() -> None:
    rows: Rows = [
        ["福元小区1号楼"],
        ["楼层", "01室", "02室"],
        ["2层", "李四", "张\ufffd三"],
        ["1层", "王五", "赵六"],
    ]
    told = [(problem.row, problem.column) for problem in draft(rows).problems if problem.severity == "error"]
    assert told == [(3, "C")]


def test_what_is_no_home_of_a_chart_is_told() -> None:
    rows: Rows = [
        ["福元小区1号楼"],
        ["楼层", "01室", "02室"],
        ["2层", "张三", "李四", "漏水"],
        ["1层", "王五", "赵六"],
    ]
    told = [
        (problem.row, problem.column, problem.value)
        for problem in draft(rows).problems
        if "by hand" in problem.message
    ]
    assert told == [(3, "D", "漏水")]


def test_a_chart_of_states_is_refused_in_words() -> None:
    rows: Rows = [
        ["福元小区1号楼"],
        ["楼层", "01室", "02室"],
        ["2层", "已售", "未售"],
        ["1层", "已售", "已售"],
    ]
    with pytest.raises(InvalidInput, match="chart of rooms without names"):
        draft(rows)


CARD: Rows = [
    ["户主姓名", "张三", "联系电话", "13812345678"],
    ["房屋地址", "1号楼101室", "建筑面积", 88.5],
    ["备注", "独居", "", ""],
]
OTHER: Rows = [
    ["户主姓名", "李四", "联系电话", "1391234"],
    ["房屋地址", "1号楼102室", "建筑面积", 90],
    ["备注", "", "", ""],
]


def test_forms_of_one_household_each_become_rows() -> None:
    roster = draft([["福元小区居民登记卡"], *CARD, [], *OTHER])
    assert roster.estates == ("福元小区",)
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]
    assert (roster.rows[0].phones, roster.rows[0].area, roster.rows[0].remarks) == (
        ("13812345678",),
        8850,
        "独居",
    )
    assert [row.row for row in roster.rows] == [2, 6]
    told = [(problem.row, problem.column) for problem in roster.problems if problem.value == "1391234"]
    assert told == [(6, "D")]


def test_forms_with_labels_in_their_cells() -> None:
    rows: Rows = [
        ["南昌路168弄住户信息卡"],
        ["户主：张三", "电话：13812345678"],
        ["门牌号：4号  室号：前楼"],
    ]
    roster = draft(rows)
    assert (roster.estates, summary_of(roster)) == (("南昌路168弄",), [("4号", "前楼", "张三")])
    assert roster.rows[0].phones == ("13812345678",)


def test_no_value_of_a_form_is_lost() -> None:
    rows: Rows = [
        ["南昌路168弄住户信息卡"],
        ["户主：张三", "养犬：一只"],
        ["门牌号：4号  室号：前楼"],
        ["备注", "独居"],
        ["备注", "听力差"],
        ["请注意 电话：13812345678"],
    ]
    roster = draft(rows)
    assert roster.rows[0].remarks == "独居、听力差；养犬：一只"
    told = [(problem.row, problem.value) for problem in roster.problems if "by hand" in problem.message]
    assert told == [(6, "请注意 电话：13812345678")]


def test_a_form_on_each_sheet_and_what_is_not_read_of_it() -> None:
    def form(room: str, name: str) -> Rows:
        return [
            ["居民信息登记表"],
            ["小区", "福元小区", "楼栋", "1号楼", "室号", room],
            ["姓名", name, "性别", "男", "", ""],
            ["家庭成员"],
            ["姓名", "与户主关系", "身份证号", "电话"],
            ["钱七", "妻", "", ""],
            ["外出打工", "", "", ""],
        ]

    roster = draft(("甲", form("101", "张三")), ("乙", form("102", "李四")))
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]
    told = [
        (problem.sheet, problem.row, problem.value)
        for problem in roster.problems
        if "by hand" in problem.message
    ]
    assert told == [("甲", 7, "外出打工"), ("乙", 7, "外出打工")]
    assert [[one.name for one in row.persons] for row in roster.rows] == [["钱七"], ["钱七"]]


def test_lines_of_a_form_above_a_list_are_no_card() -> None:
    rows: Rows = [
        ["小区：福元小区", "楼栋：1号楼", "联系人：王老师", "电话：63331234"],
        ["室号", "户主", "电话"],
        *([str(100 + number), "张三", "13812345678"] for number in range(60)),
    ]
    assert len(draft(rows).rows) == 60


def test_a_list_of_rooms_and_figures_is_no_chart() -> None:
    rows: Rows = [["福元小区户数统计"], ["", "1", "2"], ["1层", 3, 4], ["2层", 5, 6]]
    with pytest.raises(InvalidInput):
        draft(rows)
