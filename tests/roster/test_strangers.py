"""Numbers right of somebody who is no holder, or named after her: never the holder's in silence."""

import pytest

from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, told

ESTATE = "福元小区"
HOME: list[Cell] = ["楼号", "室号"]
OWN, OTHER = "13712345678", "13912345678"
PAPER, OTHERS_PAPER = "310101198106280006", "310101194003090009"
NAMES = ("贾小山", "王丽", "赵大有")


def of_columns(*titles: Cell, rows: int = 3) -> RosterDraft:
    """Read a list in which columns of people, telephones and documents are filled by their titles."""
    numbers: dict[Cell, Cell] = {"身份证": OTHERS_PAPER, "业主身份证": PAPER, "关系": "朋友"}
    table: list[list[Cell]] = [[*HOME, *titles]]
    for row in range(rows):
        seen = 0
        cells: list[Cell] = ["1号", str(101 + row)]
        for place, title in enumerate(titles):
            if title in numbers:
                cells.append(numbers[title])
            elif str(title).endswith(("电话", "手机", "方式")):
                seen += 1
                is_first = seen == 1 and "户主" in titles[:place]
                cells.append(OWN if is_first and titles.count("电话") > 1 else OTHER)
            elif title in ("户主", "业主", "租客", "产权人", "住户", "房东"):
                cells.append(("周德兴", "沈国华", "俞美凤")[row])
            else:
                cells.append(NAMES[row])
        table.append(cells)
    return draft(table, estate=ESTATE)


@pytest.mark.parametrize(
    "whom",
    [
        "代办人", "授权代表", "结对党员", "经营者", "托管公司", "代管人", "房屋管理人", "家庭医生", "孩子",
        # titles of which nothing is known: the cells are names
        "帮忙的人", "申领", "看护", "老友",
    ],
)  # fmt: skip
def test_the_telephone_beside_somebody_is_hers_where_the_holder_has_one(whom: str) -> None:
    roster = of_columns("户主", "电话", whom, "电话")

    assert [(row.phones, row.contact) for row in roster.rows] == [((OWN,), f"{whom}：{OTHER}")] * 3
    assert not told(roster, WARNING)


@pytest.mark.parametrize("whom", ["授权代表", "结对党员", "孩子", "现任联络", "申领"])
@pytest.mark.parametrize("number", ["联系电话", "手机"])
def test_the_only_telephone_beside_somebody_is_asked_about(whom: str, number: str) -> None:
    roster = of_columns("户主", whom, number)

    assert roster.rows[0].phones == (OTHER,)
    assert told(roster, WARNING) == [(1, "E")]


@pytest.mark.parametrize("whom", ["经营者", "楼组长", "网格员", "申领"])
def test_the_telephone_beside_somebody_before_the_holder_is_hers(whom: str) -> None:
    roster = of_columns(whom, "电话", "房东")

    assert [(row.name, row.phones, row.contact) for row in roster.rows[:1]] == [
        ("周德兴", (), f"{whom}：{OTHER}")
    ]


def test_the_document_beside_somebody_is_not_the_holders() -> None:
    [row] = of_columns("代办人", "关系", "身份证", "电话", "业主", "业主身份证", "电话", rows=1).rows

    assert (row.id_number, row.contact) == (PAPER, f"代办人：{OTHER}")
    assert "代办人身份证：310101********0009" in row.remarks


def test_the_only_document_beside_somebody_is_asked_about() -> None:
    roster = of_columns("业主", "申领", "身份证")

    assert (1, "E") in told(roster, WARNING)


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("籍贯", ("江苏", "安徽", "江西")),
        ("籍贯", ("江苏省", "安徽省", "江西省")),
        ("学历", ("高中", "大专", "本科")),
        ("单元类型", ("两室", "一室", "三室")),
        ("所属社区", ("周家渡", "唐家湾", "徐家汇")),
        ("曾用名", ("周小兴", "沈小华", "")),
        ("性别", ("男", "女", "男")),
        ("工作单位", ("上海福元公司", "江海厂", "")),
        ("签名", ("周德兴", "沈国华", "俞美凤")),
        ("领取", ("周德兴", "沈国华", "")),
    ],
)
def test_what_is_no_other_person_leaves_the_number_the_holders(title: str, cells: tuple[str, ...]) -> None:
    rows: list[list[Cell]] = [
        ["1号", str(101 + number), name, cell, OWN]
        for number, (name, cell) in enumerate(zip(("周德兴", "沈国华", "俞美凤"), cells, strict=True))
    ]

    roster = draft([[*HOME, "户主", title, "电话"], *rows], estate=ESTATE)

    assert [row.phones for row in roster.rows] == [(OWN,)] * 3
    assert not told(roster, WARNING)


@pytest.mark.parametrize(
    ("holder", "title", "whom"),
    [
        ("户主", "租客手机", "租客"),
        ("业主", "租客电话", "租客"),
        ("户主", "房东电话", "房东"),
        ("租客", "房东电话", "房东"),
        ("租客", "业主联系电话", "业主"),
        ("户主", "代领人电话", "代领人"),
        ("户主", "家庭医生电话", "家庭医生"),
    ],
)
def test_the_number_of_somebody_without_a_column_is_not_the_holders(
    holder: str, title: str, whom: str
) -> None:
    row = of_columns(holder, title).rows[0]

    assert (row.phones, row.contact) == ((), f"{whom}：{OTHER}")


def test_the_landlords_number_beside_who_may_be_anybody() -> None:
    beside = of_columns("姓名", "电话", "房东电话")
    alone = of_columns("姓名", "房东电话")

    assert (beside.rows[0].phones, beside.rows[0].contact) == ((OTHER,), f"房东：{OTHER}")
    assert told(alone, WARNING) == [(1, "D")]


@pytest.mark.parametrize("title", ["业主电话", "住户电话", "本人电话", "联系电话", "家庭电话"])
def test_the_holders_number_in_other_words_stays_hers(title: str) -> None:
    roster = of_columns("户主", title)

    assert roster.rows[0].phones == (OTHER,)
    assert not told(roster, WARNING)


def test_who_lives_there_now_has_her_own_number() -> None:
    header: list[Cell] = [*HOME, "户主姓名", "户主电话", "现住人姓名", "现住人电话"]

    first, second = draft([header, ["1号", "101", "周德兴", OWN, "马小跳", OTHER]], estate=ESTATE).rows

    assert (first.name, first.phones, second.name, second.role, second.phones) == (
        "周德兴",
        (OWN,),
        "马小跳",
        "occupant",
        (OTHER,),
    )


def test_a_corrected_number_is_the_holders() -> None:
    header: list[Cell] = [*HOME, "姓名", "更正后姓名", "电话", "更正后电话"]

    [row] = draft([header, ["1号", "101", "周德兴", "", OWN, OTHER]], estate=ESTATE).rows

    assert row.phones == (OWN, OTHER)


def test_the_number_named_of_a_column_of_names_that_are_no_holders_is_theirs() -> None:
    header: list[Cell] = [*HOME, "户主姓名", "户主电话", "申请人姓名", "申请人电话"]

    [row] = draft([header, ["1号", "101", "周德兴", OWN, "马小跳", OTHER]], estate=ESTATE).rows

    assert (row.phones, row.contact) == ((OWN,), f"申请人：{OTHER}")
    assert "马小跳" in row.remarks
