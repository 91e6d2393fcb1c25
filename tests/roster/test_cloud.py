"""Exports of 社区云 (domain §12): a row for each person, without relations, with numbers of people and homes."""

from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import INFO, WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, told

CLOUD: list[Cell] = [
    "UUID", "姓名", "身份证", "电话", "户籍地址", "居住ID", "居住地址", "房屋ID", "在住", "人员类型", "社区标识",
    "实口", "紧急联系人", "紧急联系电话", "备注",
]  # fmt: skip
AT = "上海市黄浦区南昌路168弄4号"


def _cloud(*people: tuple[str, str, str, str, str]) -> RosterDraft:
    """Return an export with these people: name, room, number of the home, lives there, remarks."""
    rows: list[list[Cell]] = [
        [
            f"u{place}", name, "", "", "思南路26弄", f"j{place}", f"{AT}{room}", home, lives, "户籍", "党员", "是",
            "李四", "13912345678", remarks,
        ]
        for place, (name, room, home, lives, remarks) in enumerate(people)
    ]  # fmt: skip
    return draft([CLOUD, *rows], file="社区云.tsv")


def test_an_export_of_another_system_comes_in_as_it_is() -> None:
    roster = _cloud(
        ("张三", "101室", "f1", "是", ""),
        ("李四", "101室", "f1", "否", ""),
        ("王五", "102室", "f2", "是", ""),
    )
    row, other = roster.rows
    assert (row.estate, row.building, row.unit) == ("南昌路168弄", "4号", "101室")
    assert people_of(row) == [("张三", "", ""), ("李四", "", "")]
    assert (row.registered_at, row.lives_here, row.people) == ("思南路26弄", True, 1)
    assert row.other_ids == (("社区云 UUID", "u0"), ("社区云 居住ID", "j0"))
    assert (row.unit_ids, row.contact) == ((("社区云 房屋ID", "f1"),), "李四、13912345678")
    assert row.remarks == "社区标识：党员；实口：是；人员类型：户籍"
    [person] = row.persons
    assert (person.registered_at, person.lives_here) == ("思南路26弄", False)
    assert person.other_ids == (("社区云 UUID", "u1"), ("社区云 居住ID", "j1"))
    assert person.remarks == row.remarks
    assert (people_of(other), other.unit_ids) == ([("王五", "", "")], (("社区云 房屋ID", "f2"),))
    assert not told(roster, WARNING)
    assert (2, "B") in told(roster, INFO)


def test_the_one_marked_as_head_is_the_holder() -> None:
    roster = _cloud(("张三", "101室", "f1", "是", ""), ("李四", "101室", "f1", "是", "户主"))
    [row] = roster.rows
    assert (people_of(row), row.people) == ([("李四", "", ""), ("张三", "", "")], 2)


def test_people_of_one_number_at_two_places_are_not_taken_together() -> None:
    roster = _cloud(("张三", "101室", "f1", "是", ""), ("李四", "102室", "f1", "是", ""))
    assert [people_of(row) for row in roster.rows] == [[("张三", "", "")], [("李四", "", "")]]
    assert told(roster, WARNING) == [(3, "H")]


def test_another_number_of_the_same_home_istold() -> None:
    roster = _cloud(("张三", "101室", "f1", "是", ""), ("李四", "101室", "f2", "是", ""))
    [row] = roster.rows
    assert (row.unit_ids, len(row.persons)) == ((("社区云 房屋ID", "f1"),), 1)
    assert told(roster, WARNING) == [(3, "H")]


def test_people_of_houses_without_rooms_are_told_apart_by_the_number_of_the_home() -> None:
    roster = _cloud(("张三", "", "f1", "是", ""), ("李四", "", "f1", "是", ""), ("王五", "", "f2", "是", ""))
    assert [people_of(row)[0][0] for row in roster.rows] == ["张三", "王五"]
