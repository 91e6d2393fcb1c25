"""The place of a row: nothing of its cells is lost, and two places never become one."""

import re
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.plan import unit_key
from fuyuan_desk.roster.reading.reader import RosterDraft
from tests.roster.rosters import Rows, draft, plan, summary_of

ESTATE = "福元小区"
Place = tuple[str, str, str]


def place_of(header: list[str], cells: list[str], estate: str = ESTATE) -> Place:
    """Return the estate, the building, and the entrance and unit of a single row."""
    [row] = draft([[*header, "姓名"], [*cells, "张三"]], estate=estate).rows
    return row.estate, row.building, row.entrance + row.unit


@pytest.mark.parametrize(
    ("header", "cells", "building", "unit"),
    [
        (["楼号", "室号"], ["1.0", "303.0"], "1号楼", "303室"),
        (["楼号", "室号"], ["01", "101"], "1号楼", "101室"),
        (["门牌号", "室号"], ["东17号", "203室"], "东17号", "203室"),
        (["楼号", "室号"], ["3号楼", "东17号203室"], "3号楼", "东17号203室"),
        (["楼号", "室号"], ["3号楼", "3-203"], "3号楼", "203室"),
        (["楼号", "室号"], ["3号楼", "4-203"], "3号楼", "4-203室"),
        (["楼号", "室号"], ["3号楼", "3号楼2单元203"], "3号楼", "2单元203室"),
        (["楼号", "单元", "室号"], ["3号楼", "1", "2单元203"], "3号楼", "1单元2单元203"),
        (["楼号", "室号"], ["1", "203临"], "1号楼", "203临"),
        (["楼号", "室号"], ["1", "B1-023"], "1号楼", "B1-023室"),
        (["楼号", "室号"], ["1", "101（北）"], "1号楼", "101室（北）"),
        (["楼号", "室号"], ["1", "3楼5号"], "1号楼", "3楼5号"),
        (["楼号", "层", "室号"], ["1", "3", "5号"], "1号楼", "3楼5号"),
        (["楼号", "房号"], ["2栋", "B区-12"], "2栋", "B区-12"),
        (["地址"], ["南昌路168弄1号边门"], "1号边门", "整幢"),
        (["地址"], ["南昌路168弄4号101室前间"], "4号", "101室前间"),
        (["地址"], ["南昌路168弄4号、复兴中路5号"], "4号", "整幢（复兴中路5号）"),
        (["地址", "室号"], ["南昌路168弄4号二楼", "前楼"], "4号", "二楼前楼"),
        (["地址", "室号"], ["南昌路168弄4号底楼后客堂", "后客堂"], "4号", "底楼后客堂"),
        (["地址", "室号"], ["南昌路168弄4号101", "102"], "4号", "101室102室"),
        (["地址", "楼号", "室号"], ["南昌路168弄4号", "1幢", "101"], "4号1幢", "101室"),
        (["地址", "门牌号", "室号"], ["南昌路168弄4号", "5号", "101"], "4号5号", "101室"),
        (["地址", "门牌号", "室号"], ["南昌路168弄29支弄5号", "5号", "101"], "29支弄5号", "101室"),
        (["地址", "门牌号", "室号"], ["南昌路168弄15号", "5号", "101"], "15号5号", "101室"),
        (["楼号", "室号"], ["168弄4号", "101"], "168弄4号", "101室"),
        (["房屋坐落"], ["2栋3楼5号"], "2栋", "3楼5号"),
        (["房屋坐落"], ["3苑1幢202"], "3苑1幢", "202室"),
        (["房屋坐落"], ["西17号203"], "西17号", "203室"),
        (["组别", "门牌号", "室号"], ["第二组", "1号", "101"], "二组1号", "101室"),
        (["组", "门牌号", "室号"], ["2", "1号", "101"], "2组1号", "101室"),
        (["楼阁", "楼层", "房间"], ["2号楼", "1", "2"], "2号楼", "102室"),
    ],
)
def test_every_part_of_a_place_stands_in_its_labels(
    header: list[str], cells: list[str], building: str, unit: str
) -> None:
    assert place_of(header, cells) == (ESTATE, building, unit)


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (["楼号", "室号"], ["1", "东17号203室"], ["1", "西17号203室"]),
        (["楼号", "室号"], ["1", "203"], ["1", "203临"]),
        (["楼号", "室号"], ["1", "203（南）"], ["1", "203（北）"]),
        (["楼号", "室号"], ["1", "2楼3室"], ["1", "4楼3室"]),
        (["门牌号", "室号"], ["1号", "前楼"], ["1号边门", "前楼"]),
        (["楼号", "楼层", "室号"], ["1", "1层", "101"], ["1", "地下1层", "101"]),
        (["楼号", "室号"], ["168弄1号", "101"], ["170弄1号", "101"]),
        (["楼号", "室号"], ["1号楼（东）", "101"], ["1号楼（西）", "101"]),
        (["地址"], ["南昌路168弄1号101室A"], ["南昌路168弄1号101室B"]),
        (["地址"], ["黄浦区南昌路1弄1号101室"], ["徐汇区南昌路1弄1号101室"]),
        (["地址", "楼号", "室号"], ["南昌路1弄1号", "A座", "101"], ["南昌路1弄2号", "A座", "101"]),
        (["地址", "楼号", "室号"], ["复兴路1号", "A座", "101"], ["复兴路2号", "A座", "101"]),
        (["地址", "室号"], ["南昌路1弄1号二楼", "前楼"], ["南昌路1弄1号三楼", "前楼"]),
        (["楼号", "室号"], ["3号楼5号", "101"], ["3号楼6号", "101"]),
        (["楼号", "室号"], ["79号2幢", "101"], ["80号2幢", "101"]),
        (["地址", "室号"], ["福元小区1期1号", "101"], ["福元小区2期1号", "101"]),
        (["小区", "楼号", "室号"], ["福元一期", "1", "101"], ["福元二期", "1", "101"]),
    ],
)
def test_two_places_that_differ_are_two_units(header: list[str], one: list[str], other: list[str]) -> None:
    roster = draft([[*header, "姓名"], [*one, "张三"], [*other, "李四"]], estate=ESTATE, one_estate=True)
    assert len(plan(roster).units) == 2


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (["楼号", "室号"], ["1.0", "303.0"], ["1", "303"]),
        (["楼号", "室号"], ["01", "101"], ["1号楼", "101室"]),
        (["楼号", "室号"], ["1号", "101"], ["1幢", "101"]),
        (["楼号", "室号"], ["一号楼", "三层阁"], ["1栋", "三阁"]),
        (["楼号", "单元", "室号"], ["1", "2", "101"], ["1", "二单元", "101"]),
        (["楼号", "楼层", "室号"], ["1", "3", "301"], ["1", "三层", "301室"]),
        (["地址"], ["上海市黄浦区南昌路168弄4号101室"], ["南昌路168弄4号101"]),
    ],
)
def test_one_place_written_in_two_ways_is_one_unit(
    header: list[str], one: list[str], other: list[str]
) -> None:
    roster = draft([[*header, "姓名"], [*one, "张三"], [*other, "李四"]], estate=ESTATE)
    assert (len(plan(roster).buildings), len(plan(roster).units)) == (1, 1)


def test_what_fits_no_level_is_told_with_its_cell() -> None:
    roster = draft(
        [["地址", "姓名"], ["南昌路168弄4号101室", "张三"], ["南昌路168弄4号、复兴中路5号", "李四"]],
    )
    [problem] = [found for found in roster.problems if "fits no part" in found.message]
    assert (problem.row, problem.column, problem.severity) == (3, "A", "warning")
    assert "复兴中路5号" in problem.message


def test_a_number_of_a_house_never_becomes_a_room() -> None:
    rows: Rows = [["楼号", "室号", "姓名"], ["5号", "5号", "张三"], ["6号", "101", "李四"]]
    assert summary_of(draft(rows, estate=ESTATE)) == [("5号", "整幢", "张三"), ("6号", "101室", "李四")]


def test_an_estate_named_after_its_street_keeps_both() -> None:
    roster = draft([["地址", "姓名"], ["黄浦区建国中路100弄福元小区1号101室", "张三"]])
    assert (roster.estates, roster.addresses) == (("福元小区",), {"福元小区": "黄浦区建国中路100弄"})
    assert summary_of(roster) == [("1号", "101室", "张三")]


def test_districts_that_differ_are_told() -> None:
    rows: Rows = [["地址", "姓名"], ["黄浦区南昌路1弄1号101室", "张三"], ["徐汇区南昌路1弄2号101室", "李四"]]
    told = [problem.row for problem in draft(rows).problems if "徐汇区" in problem.message]
    assert told == [3]


# ---- over generated tables ----

_NUMBER = st.integers(1, 19).map(str)
_HOUSE = st.tuples(
    st.sampled_from(["", "东", "甲", "临"]),
    _NUMBER,
    st.sampled_from(["号", "号楼", "幢", "号边门", "支弄3号", ""]),
)
_ROOM = st.tuples(
    st.sampled_from(["", "2楼", "三层", "B1-", "地下1层"]),
    st.sampled_from(["101", "202", "3", "前楼", "亭子间", "车位7"]),
    st.sampled_from(["", "室", "临", "（南）", "A", "号"]),
)
_NOISE = st.sampled_from(["", "", "", "后间", "、9号", "（近路口）", "阁楼B"])
FIELDS = {
    "地址": st.tuples(
        st.sampled_from(["", "黄浦区", "徐汇区"]),
        st.sampled_from(["南昌路168弄", "思南路26弄"]),
        _HOUSE.map("".join),
        _NOISE,
    ),
    "楼号": _HOUSE,
    "单元": st.tuples(st.sampled_from(["", "1", "2单元", "东"])),
    "楼层": st.tuples(st.sampled_from(["", "1", "2楼", "地下1层", "夹层"])),
    "室号": st.tuples(_ROOM.map("".join), _NOISE),
}
_LAYOUTS = (
    ["地址"],
    ["地址", "室号"],
    ["楼号", "室号"],
    ["楼号", "单元", "室号"],
    ["楼号", "楼层", "室号"],
    ["地址", "楼号", "室号"],
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Draw a header and rows of cells that name places."""
    header = draw(st.sampled_from(_LAYOUTS))
    row = st.tuples(*(FIELDS[name].map("".join) for name in header)).map(list)
    return header, draw(st.lists(row, min_size=2, max_size=5))


def _read(header: list[str], rows: list[list[str]]) -> RosterDraft:
    # invented names, each of another person, that no place contains
    people = [f"{surname}卫" for surname in "蔡姚苏郝段"]
    return draft(
        [[*header, "姓名"], *([*row, name] for row, name in zip(rows, people, strict=False))], estate=ESTATE
    )


def _bare(cell: str) -> str:
    """Return what a cell says, without what only names the kind of its number."""
    text = re.sub(r"三(?=层|楼)", "3", half_width(cell)).replace("层", "楼")
    text = re.sub(r"(?<=[\d楼])室$", "", text)
    return re.sub(r"(?<=\d)(?:号楼|幢|号)$", "", text).removesuffix("单元").removesuffix("楼")


@settings(max_examples=150, deadline=None)
@given(tables())
def test_every_character_of_a_place_is_kept_or_told(table: tuple[list[str], list[list[str]]]) -> None:
    header, rows = table
    roster = _read(header, rows)
    told = defaultdict(str)
    districts = ""
    for problem in roster.problems:
        told[problem.row] += problem.value + problem.message
        districts += problem.value if problem.value.endswith("区") else ""  # told once for the estate
    for number, cells in enumerate(rows):
        [row] = [found for found in roster.rows if found.row == number + 2]
        home = "".join(
            (
                *row.home,
                row.floor,
                row.street,
                row.remarks,
                *roster.addresses.values(),
                told[row.row],
                districts,
            )
        )
        kept = re.sub(r"三(?=层|楼)", "3", half_width(home)).replace("层", "楼")
        kept += "号" if re.search(r"\d幢", kept) else ""  # 1幢 is the house 1号
        for cell in cells:
            for piece in re.findall(r"\d+|[^\d、()]", _bare(cell)):
                assert piece in kept, (cell, row)


def _plain(cell: str) -> str:
    """Return an address without what may be left out: its district, or the floor that the room says, 2楼202."""
    return re.sub(r"^..区|(\d)楼(?=\1\d\d)", "", cell)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_places_whose_cells_differ_are_never_one_unit(table: tuple[list[str], list[list[str]]]) -> None:
    header, rows = table
    roster = _read(header, rows)
    units: dict[tuple[str, ...], list[str]] = {}
    # a blank cell is filled from above, so it says nothing by itself
    rows = [
        ["" if not cell and name != "地址" else cell for name, cell in zip(header, row, strict=True)]
        for row in rows
    ]
    for row in roster.rows:
        if row.fault:
            continue
        cells = list(map(_bare, rows[row.row - 2]))
        first = units.setdefault(unit_key(row.estate, row.building, row.entrance, row.unit), cells)
        for one, other in zip(first, cells, strict=True):
            same = (
                one == other
                or not one
                or not other
                or {one, other} == {_plain(one), max(one, other, key=len)}
            )
            assert same, (row, first, cells)
