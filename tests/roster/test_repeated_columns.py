"""The same headings two or three times in a row: tables beside each other, or several people of one home."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft, told

ESTATE = "福元小区"
PHONES = tuple(f"1380000000{number}" for number in range(1, 7))


@pytest.mark.parametrize(
    ("block", "cells"),
    [
        (["室号", "姓名", "电话"], ["1-10{}", "{name}", "{phone}"]),
        (["室号", "姓名", "电话", "备注"], ["1-10{}", "{name}", "{phone}", "{note}"]),
        (["姓名", "电话", "室号"], ["{name}", "{phone}", "1-10{}"]),
        (["姓名", "电话", "备注", "楼号", "室号"], ["{name}", "{phone}", "{note}", "1", "10{}"]),
        (["序号", "姓名", "室号", "电话"], ["{}", "{name}", "1-10{}", "{phone}"]),
    ],
)
@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("gap", [False, True])
def test_tables_beside_each_other_repeat_the_room(
    block: list[str], cells: list[str], times: int, gap: bool
) -> None:
    names, notes = ("王建国", "李丽", "赵敏"), ("独居", "党员", "残疾")
    header: list[Cell] = []
    row: list[Cell] = []
    for number in range(times):
        said = {"name": names[number], "phone": PHONES[number], "note": notes[number]}
        header += [*(["", *block] if gap and number else block)]
        row += [""] if gap and number else []
        row += [cell.format(number + 1, **said) for cell in cells]
    roster = draft([header, row], estate=ESTATE)
    assert [(home.building, home.unit, home.name, home.phones, home.remarks) for home in roster.rows] == [
        (
            "1号楼",
            f"10{number + 1}室",
            names[number],
            (PHONES[number],),
            notes[number] if "备注" in block else "",
        )
        for number in range(times)
    ]
    assert not roster.problems


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("is_behind", [False, True])
def test_one_room_and_repeated_names_are_people_of_one_home(times: int, is_behind: bool) -> None:
    names, notes = ("王建国", "李丽", "赵敏"), ("独居", "党员", "残疾")
    place: tuple[list[Cell], list[Cell]] = (["楼栋", "室号"], ["1号楼", "101"])
    people = [cell for number in range(times) for cell in (names[number], PHONES[number], notes[number])]
    titles: list[Cell] = ["姓名", "电话", "备注"] * times
    rows: Rows = [[*titles, *place[0]], [*people, *place[1]]]
    if not is_behind:
        rows = [[*place[0], *titles], [*place[1], *people]]
    [home] = draft(rows, estate=ESTATE).rows
    assert (home.unit, home.name, home.phones, home.remarks) == ("101室", "王建国", (PHONES[0],), "独居")
    assert [(one.name, one.phones, one.remarks) for one in home.persons] == [
        (names[number], (PHONES[number],), notes[number]) for number in range(1, times)
    ]


def test_what_belongs_to_nobody_by_name_is_told_with_whose_column_it_is() -> None:
    titles: list[Cell] = ["楼栋", "室号", "姓名", "电话", "备注", "姓名", "电话", "备注"]
    [home] = draft(
        [titles, ["1号楼", "101", "王建国", PHONES[0], "独居", "", PHONES[1], "党员"]], estate=ESTATE
    ).rows
    assert home.phones == (PHONES[0],)
    assert (home.contact, home.remarks) == (f"姓名2电话：{PHONES[1]}", "独居；姓名2备注：党员")


@pytest.mark.parametrize("names", [["户主", "姓名"], ["业主", "产权人"]])
def test_the_only_telephone_behind_two_names_is_asked_about(names: list[Cell]) -> None:
    rows: Rows = [["楼栋", "室号", *names, "电话"], ["1号楼", "101", "王建国", "李丽", PHONES[0]]]
    assert (1, "E") in told(draft(rows, estate=ESTATE), "warning")


GROUPED: list[list[Cell]] = [
    ["幢", "室", "姓名", "手机", "姓名", "手机"],
    ["1", "101", "王建国", PHONES[0], "李丽", PHONES[1]],
    ["1", "102", "赵敏", PHONES[2], "", ""],
    ["1", "103", "钱芳", PHONES[3], "周强、吴敏", PHONES[4]],
]


@pytest.mark.parametrize(
    "groups",
    [
        ["房屋信息", "", "业主信息", "", "租住信息", ""],
        ["房屋", "", "业主", "", "租客", ""],
        ["", "", "产权人情况", "", "承租人情况", ""],
    ],
)
def test_a_head_of_a_group_holds_until_the_next_one(groups: list[Cell]) -> None:
    merged = [((0, 2), (0, 3)), ((0, 4), (0, 5))]
    for spans in ((), merged):
        roster = draft([groups, *GROUPED], estate=ESTATE, merged=spans)
        found = [(row.unit, row.name, row.role, row.phones) for row in roster.rows]
        assert found == [
            ("101室", "王建国", "owner", (PHONES[0],)),
            ("102室", "赵敏", "owner", (PHONES[2],)),
            ("103室", "钱芳", "owner", (PHONES[3],)),
            ("101室", "李丽", "renter", (PHONES[1],)),
            ("103室", "周强", "renter", (PHONES[4],)),
        ]
        assert [(one.name, one.relation) for one in roster.rows[-1].persons] == [("吴敏", "flatmate")]


@pytest.mark.parametrize("title", [["某街道住户表"], ["填表人", "张三", "", "", "", ""]])
def test_a_row_that_names_no_holders_is_no_head_of_groups(title: list[Cell]) -> None:
    assert [row.role for row in draft([title, *GROUPED], estate=ESTATE).rows] == ["", "", ""]


def test_whose_the_names_of_a_further_column_are_is_asked() -> None:
    roster = draft(GROUPED, estate=ESTATE)

    assert [[one.name for one in row.persons] for row in roster.rows] == [["李丽"], [], ["周强", "吴敏"]]
    assert roster.rows[2].persons[0].phones == (PHONES[4],)
    assert told(roster, "warning") == [(1, "E")]


def test_what_are_not_all_names_in_a_further_column_is_told() -> None:
    rows: Rows = [GROUPED[0], ["1", "101", "王建国", PHONES[0], "李丽、波尔", PHONES[1]]]
    roster = draft(rows, estate=ESTATE)

    assert "波尔" in roster.rows[0].remarks
    assert (2, "E") in told(roster, "warning")


def test_two_renters_in_a_further_column_are_one_household() -> None:
    titles: list[Cell] = ["楼栋", "室号", "业主", "租客1", "租客2"]
    rows = draft([titles, ["1号楼", "101", "王建国", "李丽", "周强、吴敏"]], estate=ESTATE).rows

    assert [(row.name, row.role, [one.name for one in row.persons]) for row in rows] == [
        ("王建国", "owner", []),
        ("李丽", "renter", []),
        ("周强", "renter", ["吴敏"]),
    ]


# --- nothing of one person is said of another, whoever stands beside whom

OWN = {
    "电话": PHONES,
    "备注": ("独居", "党员", "残疾", "高龄", "低保", "军属"),
    "性别": ("男一", "女二", "男三", "女四", "男五", "女六"),
    "身份证号": tuple(f"3101011980010{number}000X" for number in range(1, 7)),
    "户籍地址": tuple(f"中山路{number}号" for number in range(11, 17)),
    "工作单位": tuple(f"第{number}厂" for number in "一二三四五六"),
}
NAMES = [
    ["姓名", "姓名"], ["姓名", "姓名", "姓名"], ["业主", "业主2"], ["业主1", "业主2", "业主3"], ["户主", "姓名"],
    ["业主", "产权人"], ["业主", "租客"], ["户主", "配偶"], ["产权人", "共有人"], ["户主", "成员1", "成员2"],
    ["姓名", "房东"], ["承租人", "姓名"],
]  # fmt: skip
PEOPLE = ("王建国", "李丽", "赵敏")


def _said_of(row: RosterRow) -> dict[str, str]:
    """Return by name all that a row and its people say; pieces that name another column's person are left out."""
    said = {}
    for one in (row, *row.persons):
        others = one._replace(persons=()) if isinstance(one, RosterRow) else one
        pieces = f"{others.remarks}；{getattr(others, 'contact', '')}".replace("、", "；").split("；")
        bare = [piece for piece in pieces if "：" not in piece or piece.split("：")[0] in OWN]
        said[one.name] = f"{others._replace(remarks='')} {bare}".replace(
            getattr(others, "contact", "") or "\0", ""
        )
    return said


@given(
    names=st.sampled_from(NAMES),
    block=st.lists(st.sampled_from(list(OWN)), min_size=1, max_size=4, unique=True),
    is_behind=st.booleans(),
    between=st.sampled_from(["", "面积"]),
)
def test_nothing_of_one_person_is_said_of_another(
    names: list[str], block: list[str], is_behind: bool, between: str
) -> None:
    header: list[Cell] = []
    row: list[Cell] = []
    for number, name in enumerate(names):
        header += [name, *([between] if between and number else []), *block]
        row += [
            PEOPLE[number],
            *(["50"] if between and number else []),
            *(OWN[title][number] for title in block),
        ]
    place: tuple[list[Cell], list[Cell]] = (["楼栋", "室号"], ["1号楼", "101"])
    rows: Rows = [place[0] + header, place[1] + row]
    if is_behind:
        rows = [header + place[0], row + place[1]]
    roster = draft(rows, estate=ESTATE)
    for home in roster.rows:
        for name, said in _said_of(home).items():
            others = [
                value
                for title in block
                for number, value in zip(count(), OWN[title], strict=False)
                if number < len(names) and PEOPLE[number] != name
            ]
            wrong = [value for value in others if value in said]
            assert not wrong, (name, wrong, home)
    kept = f"{roster.rows}{[problem.value for problem in roster.problems]}"
    for title in block:
        for value in OWN[title][: len(names)]:
            assert value in kept or mask_id(value) in kept, (value, kept)


@pytest.mark.parametrize("whom", ["配偶", "成员1", "业主2"])
def test_a_remark_that_names_its_person_is_not_the_holders(whom: str) -> None:
    rows: Rows = [
        ["楼栋", "室号", "户主", "备注", f"{whom}姓名", f"{whom}电话", f"{whom}备注"],
        ["1号楼", "101", "王建国", "独居", "李丽", PHONES[0], "党员"],
    ]
    [home] = draft(rows, estate=ESTATE).rows
    assert "党员" not in home.remarks.replace("配偶备注：党员", "")
    assert "党员" in f"{home.remarks}{[one.remarks for one in home.persons]}"
