"""Titles that decide what cells mean: yes and no, codes, names with their telephones, days."""

import pytest

from fuyuan_desk.roster.reading.choices import choices_of, decoded
from fuyuan_desk.roster.reading.header_words import match_word
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of

ESTATE = "福元小区"
HOME: list[Cell] = ["楼号", "室号"]
NAMES = ("张三", "李四", "王五")


def people(title: str, cells: list[Cell], *more: Cell) -> list[tuple[str, str]]:
    """Return name and role of each household of a table with a column beside the names."""
    rows = [["1", f"10{n}", name, cell] for n, (name, cell) in enumerate(zip(NAMES, cells, strict=False), 1)]
    return [(row.name, row.role) for row in draft([[*HOME, "姓名", title], *rows], estate=ESTATE).rows]


# ---- yes and no ----


@pytest.mark.parametrize(
    ("title", "cells", "roles"),
    [
        ("是否业主", ["是", "否", "是"], ["owner", "occupant", "owner"]),
        ("是否为产权人", ["是", "", "否"], ["owner", "", "occupant"]),
        ("是否承租人", ["是", "否", ""], ["tenant", "occupant", ""]),
        ("是否租客", ["否", "是", "否"], ["", "renter", ""]),
        ("业主", ["√", "", "×"], ["owner", "", "occupant"]),
        ("租客", ["", "√", ""], ["", "renter", ""]),
        ("是否出租", ["是", "否", ""], ["", "", ""]),
        ("业主是否到场", ["是", "否", "是"], ["", "", ""]),
    ],
)
def test_yes_and_no_are_nobody(title: str, cells: list[Cell], roles: list[str]) -> None:
    assert people(title, cells) == list(zip(NAMES, roles, strict=True))


def test_a_column_of_renters_in_which_nobody_is_named_yet_stays_one_of_names() -> None:
    rows: list[list[Cell]] = [["1", str(101 + n), "张三", "无"] for n in range(250)]
    roster = draft([[*HOME, "业主", "租客"], *rows, ["2", "101", "李四", "王五"]], estate=ESTATE)
    assert [(row.name, row.role) for row in roster.rows[-2:]] == [("李四", "owner"), ("王五", "renter")]


def test_a_no_that_leaves_open_what_somebody_is_is_told() -> None:
    rows: list[list[Cell]] = [["1", "101", "张三", "是"], ["1", "102", "李四", "否"]]
    header: list[Cell] = [*HOME, "姓名", "是否业主"]
    [told] = draft([header, *rows], estate=ESTATE).problems
    assert (told.row, told.column, told.severity, "«使用人»" in told.message) == (1, "D", "warning", True)
    assert not draft([header, rows[0]], estate=ESTATE).problems


def test_who_is_not_the_head_belongs_to_the_one_who_is() -> None:
    rows: list[list[Cell]] = [
        ["1", "101", "李四", "否"],
        ["1", "101", "张三", "是"],
        ["1", "102", "王五", "是"],
    ]
    roster = draft([[*HOME, "姓名", "是否户主"], *rows], estate=ESTATE)
    assert list(map(people_of, roster.rows)) == [
        [("张三", "", ""), ("李四", "other", "")],
        [("王五", "", "")],
    ]


def test_a_second_column_of_yes_and_no_stays_in_the_remarks() -> None:
    header: list[Cell] = [*HOME, "姓名", "身份", "是否业主"]
    [row] = draft([header, ["1", "101", "张三", "租客", "否"]], estate=ESTATE).rows
    assert (row.name, row.role, row.remarks) == ("张三", "renter", "是否业主：否")


# ---- codes ----


@pytest.mark.parametrize(
    ("title", "head", "words"),
    [
        ("住户身份：A房主 B租客", "住户身份", {"A": "房主", "B": "租客"}),
        ("住户身份 a.房主 b.租客", "住户身份", {"A": "房主", "B": "租客"}),
        ("身份（1.业主 2.租客 3.借住）", "身份", {"1": "业主", "2": "租客", "3": "借住"}),
        ("身份(1)业主(2)租客", "身份", {"1": "业主", "2": "租客"}),
        ("人员类别（①产权人②承租人）", "人员类别", {"1": "产权人", "2": "承租人"}),
        ("用途：0住宅、1办公", "用途", {"0": "住宅", "1": "办公"}),
        ("身份：房主/租客", "身份", {}),
        # no choices: numbers of columns, houses, people, an explanation
        ("业主1 业主2", "业主1 业主2", {}),
        ("楼号（1号楼 2号楼）", "楼号（1号楼 2号楼）", {}),
        ("联系人：王老师/李老师", "联系人：王老师/李老师", {}),
        ("电话：请填手机", "电话：请填手机", {}),
        ("身份：A房主 C租客", "身份：A房主 C租客", {}),
    ],
)
def test_the_choices_of_a_title(title: str, head: str, words: dict[str, str]) -> None:
    assert choices_of(title) == (head, words)


@pytest.mark.parametrize(
    ("cell", "word"),
    [(1.0, "业主"), ("01", "业主"), ("①", "业主"), ("２．", "租客"), ("2.租客", "租客"), ("3", "3"), ("", "")],
)  # fmt: skip
def test_a_code_is_read_as_its_word(cell: Cell, word: str) -> None:
    assert decoded(cell, {"1": "业主", "2": "租客"}) == word


@pytest.mark.parametrize(
    ("title", "cells", "roles"),
    [
        ("住户身份：A房主 B租客", ["A", "b", "A"], ["owner", "renter", "owner"]),
        ("住户身份 A房主 B租客", ["A", "B房客", "A房主"], ["owner", "renter", "owner"]),
        ("身份（1.业主 2.租客 3.借住）", [1, 2.0, "3"], ["owner", "renter", "occupant"]),
        ("人员类别（①产权人②承租人③使用人）", ["①", "②", "③"], ["owner", "tenant", "occupant"]),
        ("身份：房主/租客", ["房主", "租客", "房主"], ["owner", "renter", "owner"]),
    ],
)
def test_the_codes_of_a_title_say_what_somebody_is(title: str, cells: list[Cell], roles: list[str]) -> None:
    assert people(title, cells) == list(zip(NAMES, roles, strict=True))


def test_a_code_that_the_title_does_not_explain_is_told() -> None:
    header: list[Cell] = [*HOME, "姓名", "身份（1.业主 2.租客）"]
    roster = draft([header, ["1", "101", "张三", "3"]], estate=ESTATE)
    assert [(one.row, one.column) for one in roster.problems] == [(2, "D")]


# ---- a name and its telephone in one cell ----


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("户主及联系方式", "name"),
        ("户主/电话", "name"),
        ("业主及手机号码", "name"),
        ("户主、联系方式", "name"),
        ("承租人和联系电话", "name"),
        ("产权人与手机", "name"),
        ("住户姓名,电话", "name"),
        ("姓名\n电话", "name"),
        ("电话/姓名", "name"),
        ("业主电话", "phone"),
        ("业主/租客电话", "phone"),
        ("手机/固定电话", "phone"),
        ("联系人/电话", "phone"),
    ],
)
def test_a_title_that_joins_a_holder_and_a_telephone(title: str, field: str) -> None:
    assert match_word(title)[0] == field


@pytest.mark.parametrize("title", ["户主及联系方式", "户主/电话", "户主、手机号码"])
@pytest.mark.parametrize(
    "cell",
    ["张三13812345678", "张三 13812345678", "张三（13812345678）", "张三/13812345678", "13812345678 张三"],
)
def test_a_holder_and_her_telephone_in_one_cell(title: str, cell: str) -> None:
    roster = draft([[*HOME, title], ["1", "101", cell], ["1", "102", "李四"]], estate=ESTATE)
    assert [(row.name, row.phones) for row in roster.rows] == [("张三", ("13812345678",)), ("李四", ())]


def test_two_holders_each_with_a_telephone_in_the_cell() -> None:
    header: list[Cell] = [*HOME, "业主/电话", "租客/电话"]
    roster = draft([header, ["1", "101", "张三13812345678", "李四13912345678"]], estate=ESTATE)
    assert [(row.name, row.role, row.phones) for row in roster.rows] == [
        ("张三", "owner", ("13812345678",)),
        ("李四", "renter", ("13912345678",)),
    ]


# ---- days ----


@pytest.mark.parametrize(
    "title", ["接房日期", "签约时间", "交接日", "登记年月", "电话登记时间", "身份证有效期"]
)
@pytest.mark.parametrize(
    "cells", [["2020-05-01", "2021-06-02"], ["20200501", "20210602"], [20200501, 20210602]]
)
def test_days_are_no_telephones(title: str, cells: list[Cell]) -> None:
    rows: list[list[Cell]] = [["1", f"10{n}", NAMES[n], cell] for n, cell in enumerate(cells)]
    for row, cell in zip(draft([[*HOME, "姓名", title], *rows], estate=ESTATE).rows, cells, strict=True):
        assert (row.phones, row.id_number, row.remarks) == ((), "", f"{title}：{cell}")


@pytest.mark.parametrize(
    ("cells", "phones"),
    [
        (["20200501", "20210602", "20190703"], [(), (), ()]),
        (["62093705", "20210602", "63331234"], [("021-62093705",), ("021-20210602",), ("021-63331234",)]),
    ],
)
def test_only_the_content_says_whether_they_are_days(
    cells: list[Cell], phones: list[tuple[str, ...]]
) -> None:
    rows: list[list[Cell]] = [["1", f"10{n}", NAMES[n], cell] for n, cell in enumerate(cells)]
    assert [row.phones for row in draft([[*HOME, "姓名", "登记"], *rows], estate=ESTATE).rows] == phones
