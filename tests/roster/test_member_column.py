"""Rosters that name the head in one column and the people of the household in another."""

import pytest

from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, told

# sequence 000 is never issued
ZHANG, LI = "31010119800101000X", "310101199001010004"


def _roster(*rows: list[Cell]) -> RosterDraft:
    return draft(list(rows), file="福元小区名册.xlsx")


@pytest.mark.parametrize("head", ["户主姓名", "户主", "业主姓名", "承租人姓名"])
def test_a_row_for_each_person_with_the_head_beside(head: str) -> None:
    roster = _roster(
        ["楼号", "室号", head, "姓名", "与户主关系", "身份证号", "电话", "备注"],
        ["1", "101", "张三", "张三", "户主", ZHANG, "13812345678", "党员"],
        ["1", "101", "张三", "李四", "妻", LI, "13912345678", "教师"],
        ["1", "102", "王五", "王五", "户主", "", "", ""],
    )
    row, other = roster.rows
    assert people_of(row) == [("张三", "", ""), ("李四", "spouse", "")]
    assert (row.id_number, row.phones, row.people, row.remarks) == (ZHANG, ("13812345678",), 2, "党员")
    [person] = row.persons
    assert (person.id_number, person.phones, person.remarks) == (LI, ("13912345678",), "教师")
    assert people_of(other) == [("王五", "", "")]
    assert not told(roster, WARNING)


def test_a_head_without_a_row_of_her_own() -> None:
    roster = _roster(
        ["楼号", "室号", "户主", "户主电话", "家庭成员姓名", "与户主关系", "身份证号"],
        ["1", "101", "张三", "13812345678", "李四", "妻", LI],
        ["", "", "", "", "张小三", "子", ""],
        ["1", "102", "王五", "", "", "", ""],
    )
    row, other = roster.rows
    assert people_of(row) == [("张三", "", ""), ("李四", "spouse", ""), ("张小三", "child", "")]
    assert (row.phones, row.id_number, row.persons[0].id_number) == (("13812345678",), "", LI)
    assert (people_of(other), other.unit) == ([("王五", "", "")], "102室")
    assert not told(roster, WARNING)


def test_all_people_in_one_cell_beside_the_head() -> None:
    roster = _roster(
        ["楼号", "室号", "户主", "家庭成员", "电话"],
        ["1", "101", "张三", "李四（妻）、张小三（子）", "13812345678"],
        ["1", "102", "王五", "3人", ""],
        ["1", "103", "赵六", "赵六、钱七（夫）", ""],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("张三", "", ""), ("李四", "spouse", ""), ("张小三", "child", "")],
        [("王五", "", "")],
        [("赵六", "", ""), ("钱七", "spouse", "")],
    ]
    assert [row.remarks for row in roster.rows] == ["", "家庭成员：3人", ""]
    assert roster.rows[0].phones == ("13812345678",)


def test_the_same_person_twice_and_a_word_that_is_no_relation_are_told() -> None:
    roster = _roster(
        ["楼号", "室号", "户主姓名", "姓名", "与户主关系"],
        ["1", "101", "张三", "张三", "户主"],
        ["1", "101", "张三", "李四", "妻"],
        ["1", "101", "张三", "李四", "妻"],
        ["1", "101", "张三", "钱七", "网友"],
    )
    [row] = roster.rows
    assert people_of(row) == [("张三", "", ""), ("李四", "spouse", ""), ("钱七", "", "")]
    assert row.persons[1].remarks == "与户主关系：网友"
    assert sorted(told(roster, WARNING)) == [(4, "E"), (5, "E")]


def test_two_heads_of_one_home_stay_two_households() -> None:
    roster = _roster(
        ["楼号", "室号", "户主姓名", "姓名", "与户主关系"],
        ["1", "101", "张三", "张三", "户主"],
        ["1", "101", "赵六", "钱七", "夫"],
        ["1", "101", "张三", "李四", "妻"],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("张三", "", ""), ("李四", "spouse", "")],
        [("赵六", "", ""), ("钱七", "spouse", "")],
    ]
