"""Whatever Excel may hold in a cell of a roster ends in a field, a label, a remark or a problem, in every column."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book

from fuyuan_desk.formats.fillers import is_filler
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import listed, text_of
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.rows import RosterPerson
from fuyuan_desk.workbook.parser import Cell
from fuyuan_desk.workbook.reader import read_workbook
from tests.roster.rosters import draft

PLACE = {"楼栋": "3号楼", "室号": "301", "姓名": "王建国"}
ABOVE = {"楼栋": "19号楼", "室号": "1901", "姓名": "张三"}
ROW = 4
COLUMNS = (
    "电话", "身份证号", "证件类型", "姓名", "小区", "路名", "弄号", "组团", "支弄", "楼栋", "单元", "楼层", "室号",
    "分室", "地址", "面积", "使用面积", "份额", "居住人数", "首期维修资金", "余额", "是否续筹", "缴款日期",
    "租赁凭证号", "入住时间", "住户身份", "与户主关系", "产权性质", "用途", "是否空关", "在住", "户籍地址", "UUID",
    "房屋ID", "紧急联系人", "标签", "备注", "车牌号", "租客姓名", "租客电话", "租客身份证号", "配偶姓名", "配偶电话",
    "家庭成员", "业主2", "业主2电话",
)  # fmt: skip
TEXTS = (
    "1.38E+10", "3.1E+17", "－5", "３３．３", "TRUE", "FALSE", "10:30", "2023/2/13", "2023-02-13", "1e5",
)  # fmt: skip
# the column whose person these are about
BESIDE = {"租客电话": "租客姓名", "租客身份证号": "租客姓名", "配偶电话": "配偶姓名", "业主2电话": "业主2"}


def _values() -> st.SearchStrategy[Cell]:
    numbers = st.floats(-1e6, 1e6, allow_nan=False, width=32).map(lambda value: round(value, 2) + 0.0)
    return st.one_of(
        numbers.filter(lambda value: value not in (0, 1) and not is_filler(text_of(abs(value)))),
        st.sampled_from([55.5, 33.3, 0.5, 0.333, -5.0, 99999.99, 1e-7, 12345678901234567.0, 1.5e29, 13800000000.0]),
        st.booleans(),
        st.dates(date(1900, 3, 1), date(2099, 12, 31)),
        st.datetimes().map(lambda value: value.replace(year=2000 + value.year % 100, microsecond=0)),
        st.times().map(lambda value: value.replace(microsecond=0)),
        st.timedeltas(timedelta(minutes=1), timedelta(days=40)).map(lambda one: timedelta(seconds=one.seconds + 60)),
        st.integers(1, 100).map(lambda value: f"{value}%"),
        st.sampled_from(sorted(listed("errors"))),
        st.text("0123456789", min_size=12, max_size=60).filter(lambda text: not is_filler(text) and text.strip("0")),
        st.sampled_from(TEXTS),
    )  # fmt: skip


def _read(title: str, value: Cell) -> RosterDraft:
    cells: dict[str, Cell] = {**PLACE, title: value}
    if title in BESIDE:
        cells[BESIDE[title]] = "李丽"
    heads = [head for head in (*PLACE, BESIDE.get(title, title), title) if title != "地址" or head != "楼栋"]
    heads = list(dict.fromkeys(heads))
    rows = [[ABOVE.get(head, "") for head in heads], [cells[head] for head in heads]]
    return draft([["福元小区业主名册"], heads, *rows])


def _said(found: RosterDraft) -> set[tuple[str, str]]:
    """Return all that the rows of the second home say, by the field."""
    return {
        (field, str(value))
        for row in found.rows
        if row.row == ROW
        for one in (row._replace(persons=()), *row.persons)
        for field, value in _fields(one)
    }


def _fields(one: Any) -> Iterator[tuple[str, Any]]:
    prefix = "person " if isinstance(one, RosterPerson) else ""
    return ((prefix + field, value) for field, value in one._asdict().items() if value not in ("", None, ()))


def _plain(text: str) -> str:
    # a tag is parted at its marks
    return "".join(char for char in half_width(text).lower() if char not in " ,/'")


def _forms(value: Cell) -> set[str]:
    """Return how a value may be written in a field: as Excel shows it, in hundredths, as a fraction."""
    text = half_width(text_of(value))
    number = text.removesuffix("%")
    forms = {_plain(text), _plain(text).replace("e-0", "e-"), mask_id(text)}  # as in remarks
    if re.fullmatch(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", number):
        share = Fraction(number) / (100 if number != text else 1)
        forms |= {_plain(f"{share}"), str(round(share * 100))}
    return forms


@settings(max_examples=600)
@given(title=st.sampled_from(COLUMNS), value=_values())
@example("电话", 55.5)
@example("电话", 33.3)
@example("电话", False)
@example("电话", date(2023, 2, 13))
@example("身份证号", 33.3)
@example("身份证号", "2023-02-13")
@example("姓名", "50%")
@example("姓名", True)
@example("姓名", "1.38E+10")
@example("室号", -5.5)
@example("面积", 1e-7)
@example("首期维修资金", 1.5e29)
@example("用途", 55.5)
@example("证件类型", 55.5)
@example("租客姓名", 55.5)
@example("家庭成员", "2023/2/13")
def test_every_value_is_in_a_field_a_label_a_remark_or_a_problem(title: str, value: Cell) -> None:
    found = _read(title, value)
    if any(problem.row == ROW for problem in found.problems):
        return
    said = _said(found) - _said(_read(title, ""))
    assert (
        any(form in _plain(text) for form in _forms(value) for _field, text in said)
        or (
            isinstance(value, str)
            and value.isdigit()  # 00 and 021 are written otherwise before a telephone
            and any(value[-7:] in text for field, text in said if field.endswith("phones"))
        )
    ), said


@given(title=st.sampled_from(COLUMNS), value=_values())
def test_a_problem_of_a_value_quotes_it(title: str, value: Cell) -> None:
    found = _read(title, value)
    letters = {column.letter for table in found.tables for column in table.columns if column.title == title}
    own = [problem for problem in found.problems if problem.row == ROW and problem.column in letters]
    assert all(problem.value in ("", text_of(value)) for problem in own)


@pytest.mark.parametrize("title", ["电话", "面积", "份额", "缴款日期", "姓名", "居住人数"])
def test_the_same_in_a_file(title: str, tmp_path: Path) -> None:
    values: tuple[Any, ...] = (
        55.5,
        -3,
        True,
        False,
        date(2023, 2, 13),
        time(10, 30),
        0.25,
        "1.38E+10",
        "1" * 30 + "2",
    )
    book = Book()
    sheet = book.active
    assert sheet is not None
    sheet.append(["福元小区业主名册"])
    sheet.append(["楼栋", "室号", *dict.fromkeys(("姓名", title))])
    for number, value in enumerate(values):
        sheet.append(["1号楼", str(101 + number), *{"姓名": "王建国", title: value}.values()])
        sheet.cell(sheet.max_row, sheet.max_column).number_format = "0%" if value == 0.25 else "General"
    book.save(tmp_path / "名册.xlsx")
    found = understand(read_workbook(tmp_path / "名册.xlsx"))
    told = {problem.row for problem in found.problems if problem.row > 2}
    kept = {row.row for row in found.rows if row.phones or row.area or row.share or row.remarks or row.people}
    assert set(range(3, 3 + len(values))) <= told | kept
    assert len({row.row for row in found.rows} | told) == len(values)


@pytest.mark.parametrize(
    "value", [55.5, True, date(2023, 2, 13), "2023/2/13", "1.38E+10", "FALSE", timedelta(hours=30)]
)
@pytest.mark.parametrize("title", ["姓名", "租客姓名", "配偶姓名", "家庭成员", "业主2"])
def test_a_value_is_nobodys_name(title: str, value: Cell) -> None:
    rows = _read(title, value).rows
    names = {one.name for row in rows if not row.fault for one in (row, *row.persons)}
    assert names <= {"张三", "王建国"}
    assert any(row.fault or text_of(value) in row.remarks for row in rows)


@pytest.mark.parametrize(
    ("title", "value"), [("电话", date(2023, 2, 13)), ("电话", "2023-02-13"), ("身份证号", "2023.02.13")]
)
def test_a_date_is_no_number_of_anybody(title: str, value: Cell) -> None:
    row = next(row for row in _read(title, value).rows if row.row == ROW)
    assert (row.phones, row.id_number) == ((), "")
    assert row.remarks.endswith(text_of(value))


def test_a_level_of_digits_stays_apart_from_the_house() -> None:
    [_above, row] = _read("组团", 5.5).rows
    assert row.building == "5.5-3号楼"


def test_a_yes_among_ones_is_not_one_of_them() -> None:
    rows = [["楼栋", "室号", "姓名", "人数"], ["1号楼", "101", "张三", 1.0], ["1号楼", "102", "李四", True]]
    found = draft(rows, estate="福元小区")
    assert [row.people for row in found.rows] == [1, None]
    assert [(problem.row, problem.value) for problem in found.problems] == [(3, "TRUE")]
