"""Columns of money are the fund's only where a list says so; 户号 is a room only where nothing denies it."""

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.reader import RosterDraft, refuse_unconfirmed
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, summary_of, told

MONEY = ("fund_first", "fund_balance", "topped_up", "topped_up_on")


def of_money(
    columns: list[Cell], title: str = "", sheet: str = "Sheet1", file: str = "导出.xlsx", cells: str = "1200"
) -> RosterDraft:
    """Read a list of two homes with further columns of money, all with the same cells."""
    head: list[Cell] = ["楼号", "室号", "业主", *columns]
    rows = [[house, "201", name, *[cells] * len(columns)] for house, name in (("7", "班昭"), ("8", "班固"))]
    titles: list[list[Cell]] = [[title]] if title else []
    return draft((sheet, [*titles, head, *rows]), file=file, estate="福元小区")


def fields(roster: RosterDraft) -> list[str]:
    """Return the fields of the columns of money, in their order."""
    return [column.field for column in roster.tables[0].columns[3:]]


@pytest.mark.parametrize(
    ("columns", "title"),
    [
        (["应缴金额", "实缴金额"], "加装电梯出资分摊表"),
        (["应缴金额", "余额"], "物业费催缴清单"),
        (["应交金额", "余额"], ""),
        (["缴费日期", "是否已缴"], "2026年停车费"),
        (["实缴", "结余"], "住户名册"),
        (["物业费余额", "水电费应缴"], "维修资金分户账"),
        (["应缴金额", "付款日期"], "物业费收缴表"),
    ],
)
def test_money_for_something_else_is_not_the_funds(columns: list[Cell], title: str) -> None:
    roster = of_money(columns, title)

    assert fields(roster) == ["", ""]
    assert [(row.fund_first, row.fund_balance, row.topped_up) for row in roster.rows] == [(None,) * 3] * 2
    assert all(str(column) in row.remarks for row in roster.rows for column in columns)
    row = 2 if title else 1
    assert {(row, "D"), (row, "E")} <= set(told(roster, WARNING))


@pytest.mark.parametrize(
    ("columns", "where", "expected"),
    [
        (["应缴金额", "余额"], {"title": "维修资金分户清册"}, ["fund_first", "fund_balance"]),
        (["应缴金额", "余额"], {"sheet": "维修基金"}, ["fund_first", "fund_balance"]),
        (["应缴金额", "余额"], {"file": "续筹台账.xlsx"}, ["fund_first", "fund_balance"]),
        (["首期维修资金", "余额"], {}, ["fund_first", "fund_balance"]),
        (["缴存金额", "是否已缴"], {}, ["fund_first", "topped_up"]),
        # the title is about something else, the header about the fund
        (["应缴金额", "维修资金余额"], {"title": "加装电梯出资分摊表"}, ["", "fund_balance"]),
        (["应缴金额", "首期维修资金"], {"title": ""}, ["", "fund_first"]),
        (["余额", "物业费余额"], {"title": "维修资金、物业费"}, ["fund_balance", ""]),
    ],
)
def test_money_that_a_list_says_is_the_funds(
    columns: list[Cell], where: dict[str, str], expected: list[str]
) -> None:
    assert fields(of_money(columns, **where)) == expected


def test_the_upper_level_of_a_header_says_whose_money_it_is() -> None:
    head: list[list[Cell]] = [
        ["楼号", "室号", "业主", "物业费", "", "维修资金", ""],
        ["", "", "", "应缴金额", "余额", "应缴金额", "余额"],
    ]
    rows: list[list[Cell]] = [["7", "201", "班昭", 1, 2, 3, 4], ["7", "202", "班固", 5, 6, 7, 8]]
    spans = [((0, index), (1, index)) for index in range(3)] + [((0, 3), (0, 4)), ((0, 5), (0, 6))]

    roster = draft([*head, *rows], merged=spans, estate="福元小区")

    assert [(row.fund_first, row.fund_balance) for row in roster.rows] == [(300, 400), (700, 800)]
    assert roster.rows[0].remarks == "物业费应缴金额：1；物业费余额：2"


def test_the_next_years_fee_does_not_touch_the_fund() -> None:
    roster = of_money(["首期维修资金", "应交金额"], cells="3000")

    assert [row.fund_first for row in roster.rows] == [300_000, 300_000]
    assert roster.rows[0].remarks == "应交金额：3000"


# ---- 户号 ----

FAMILY: list[list[Cell]] = [
    ["0001", "黄阿根", "户主", "建国西路506弄12号3室"],
    ["0001", "周小妹", "妻", "建国西路506弄12号3室"],
    ["0002", "林惠珍", "户主", "建国西路506弄12号4室"],
]


@pytest.mark.parametrize("number", ["户号", "户编号", "家庭编号"])
def test_a_register_of_families_has_its_homes_in_the_registered_addresses(number: str) -> None:
    roster = draft([[number, "姓名", "与户主关系", "户籍地址"], *FAMILY])

    assert summary_of(roster) == [("12号", "3室", "黄阿根"), ("12号", "4室", "林惠珍")]
    assert roster.rows[0].remarks == f"{number}：0001"
    assert (1, "D") in told(roster, WARNING)
    with pytest.raises(InvalidInput):
        refuse_unconfirmed(roster)


def test_a_number_of_the_family_alone_is_asked() -> None:
    roster = draft([["户号", "姓名", "与户主关系"], *(row[:3] for row in FAMILY)], estate="福元小区")

    assert (1, "A") in told(roster, WARNING)
    with pytest.raises(InvalidInput):
        refuse_unconfirmed(roster)


def test_a_number_of_the_family_beside_a_house_is_a_room() -> None:
    rows: list[list[Cell]] = [["楼号", "户号", "姓名"], ["7", "201", "班昭"], ["7", "202", "班固"]]

    roster = draft(rows, estate="福元小区")

    assert summary_of(roster) == [("7号楼", "201室", "班昭"), ("7号楼", "202室", "班固")]
    refuse_unconfirmed(roster)


def test_a_registered_address_beside_a_home_is_where_somebody_is_registered() -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", "姓名", "户籍地址"],
        ["7", "201", "班昭", "建国西路506弄12号3室"],
        ["7", "202", "班固", "建国西路506弄12号4室"],
    ]

    roster = draft(rows, estate="福元小区")

    assert summary_of(roster) == [("7号楼", "201室", "班昭"), ("7号楼", "202室", "班固")]
    assert roster.rows[0].registered_at == "建国西路506弄12号3室"
