"""Cells as clerks fill them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.estates.rules.housing import Tenure, UnitUse
from fuyuan_desk.roster.reading import cells, table_cells
from fuyuan_desk.roster.reading.cells import Cell


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (501.0, "501"),
        (88.5, "88.5"),
        (" x ", "x"),
        ('="013800"', "013800"),
        ("'310101", "310101"),
        (None, ""),
    ],
)
def test_cells_become_texts(cell: Cell, text: str) -> None:
    assert cells.text_of(cell) == text


def test_dates_become_texts() -> None:
    assert cells.text_of(date(2023, 2, 13)) == "2023-02-13"
    assert cells.text_of(datetime(2023, 2, 13)) == "2023-02-13"  # noqa: DTZ001 - as from Excel


@pytest.mark.parametrize(
    ("cell", "area"),
    [
        ("12.5㎡", 1250),
        ("１２．４", 1240),
        ("12.5平方米", 1250),
        ("950.5", 95050),
        (6.69, 669),
        (145.75, 14575),
        (9.995, 1000),
        (12, 1200),
        ("", None),
        ("无", None),
        (0.0, None),
    ],
)
def test_areas_are_read(cell: Cell, area: int | None) -> None:
    assert cells.read_area(cell) == (area, "")


def test_a_vast_area_is_read_and_doubted() -> None:
    area, doubt = cells.read_area("1,250.5")

    assert area == 125_050
    assert "1,250.5" in doubt


@pytest.mark.parametrize("cell", ["约12", "12㎡左右"])
def test_an_area_that_is_not_exact_is_taken_and_told(cell: str) -> None:
    area, doubt = cells.read_area(cell)
    assert (area, "is not exact" in doubt) == (1200, True)


@pytest.mark.parametrize("cell", ["x", "-3", "12+5", -2.0, 1e9, 1e300, "9" * 60, "9" * 400 + ".5"])
def test_invalid_areas_are_reported(cell: Cell) -> None:
    value, doubt = cells.read_area(cell)
    assert value is None
    assert doubt


@given(st.integers(1, 5_000_000))
def test_every_hundredth_survives(area: int) -> None:
    assert cells.read_area(area / 100)[0] == area
    assert cells.read_area(f"{area / 100:.2f}㎡")[0] == area


@pytest.mark.parametrize(
    ("cell", "people", "vacant"),
    [
        ("2人", 2, False),
        (4.0, 4, False),
        ("两人", 2, False),
        ("2大1小", 3, False),
        ("空关", 0, True),
        ("", None, False),
        ("0", 0, False),
    ],
)
def test_people_are_counted(cell: Cell, people: int | None, vacant: bool) -> None:
    assert cells.read_people(cell) == (people, vacant, "")


@pytest.mark.parametrize("cell", ["很多", 1.5, -1, 100])
def test_invalid_counts_are_reported(cell: Cell) -> None:
    assert cells.read_people(cell)[2]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1985.3", "1985-03"),
        (1985.3, "1985-03"),
        ("1985", "1985"),
        ("2023年3月12日", "2023-03-12"),
        ("2023年3月", "2023-03"),
        ("2023.2.22", "2023-02-22"),
        ("2023/3/12", "2023-03-12"),
        ("20230222", "2023-02-22"),
        ("2023-02-12 00:00:00", "2023-02-12"),
        (44970.0, "2023-02-13"),
        (date(2023, 2, 13), "2023-02-13"),
        ("", None),
    ],
)
def test_dates_are_read(cell: Cell, read: str | None) -> None:
    assert cells.read_date(cell) == (read, "")


def test_a_month_shortened_by_excel_is_reported() -> None:
    read, doubt = cells.read_date(1985.1)
    assert read == "1985"
    assert doubt


@pytest.mark.parametrize("cell", ["2023-13-01", "2023.2.30", "上月", "12"])
def test_invalid_dates_are_reported(cell: Cell) -> None:
    assert cells.read_date(cell)[0] is None
    assert cells.read_date(cell)[1]


def test_only_whole_dates_are_days() -> None:
    assert cells.whole_date("2023-03-12") == date(2023, 3, 12)
    assert cells.whole_date("2023-03") is None
    assert cells.whole_date(None) is None


@pytest.mark.parametrize(
    ("cell", "fen"), [("¥5,662.39", 566239), ("1.2万元", 1_200_000), (5662.39, 566239), ("", None), ("0", 0)]
)
def test_sums_are_read(cell: Cell, fen: int | None) -> None:
    assert cells.read_money(cell) == (fen, "")


@pytest.mark.parametrize(
    ("cell", "tenure"),
    [
        ("直管", Tenure.DIRECT_PUBLIC),
        ("直管公房", Tenure.DIRECT_PUBLIC),
        ("使用权", Tenure.DIRECT_PUBLIC),
        ("售后", Tenure.SOLD_PUBLIC),
        ("售后公房（里弄）", Tenure.SOLD_PUBLIC),
        ("系统公房", Tenure.UNIT_PUBLIC),
        ("私房", Tenure.PRIVATE),
        ("商品房", Tenure.COMMODITY),
        ("住宅", None),
        ("", None),
    ],
)
def test_tenures_are_known_by_many_words(cell: str, tenure: Tenure | None) -> None:
    assert cells.read_tenure(cell) == (tenure, "")


def test_unknown_and_ambiguous_tenures_are_reported() -> None:
    assert cells.read_tenure("军产")[1]
    assert cells.is_ambiguous_tenure("使用权")
    assert not cells.is_ambiguous_tenure("直管公房")


def test_uses_and_answers_are_read() -> None:
    assert cells.read_use("商铺")[0] == UnitUse.SHOP
    assert cells.read_use("商用办公39户")[0] == UnitUse.OFFICE
    assert [cells.read_yes(cell)[0] for cell in ("是", "√", "已缴", "否", "未缴清", "", True)] == [
        True, True, True, False, False, None, True,
    ]  # fmt: skip
    assert cells.read_yes("也许")[1]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("二前", "二楼前楼", True),
        ("三阁", "三层阁", True),
        ("3层阁", "三层阁", True),
        ("底前", "一楼前客堂", True),
        ("晒台间", "晒台", True),
        ("501", "501室", True),
        ("前楼", "二楼前楼", False),
        ("501", "502", False),
    ],
)
def test_labels_of_one_unit_are_equal(first: str, second: str, same: bool) -> None:
    assert (cells.canonical_unit(first) == cells.canonical_unit(second)) is same


@given(st.lists(st.integers(1, 999_999).map(lambda hundredths: hundredths / 100), min_size=1))
def test_a_column_of_plain_numbers_is_read_at_once_as_cell_by_cell(column: list[Cell]) -> None:
    assert [(value, "") for value in table_cells.plain_hundredths(column)] == list(
        map(cells.read_money, column)
    )


@given(st.lists(st.one_of(st.floats(), st.just("")), min_size=1))
def test_a_column_with_anything_else_is_not_read_at_once(column: list[Cell]) -> None:
    at_once = table_cells.plain_hundredths(column)
    assert not at_once or at_once == [cells.read_money(cell)[0] for cell in column]


def test_a_column_of_plain_numbers_is_read_at_once() -> None:
    assert table_cells.plain_hundredths([12.5, 0.01, 9_999.99]) == [1_250, 1, 999_999]
    for odd in (0.0, -1.0, 10_000.0, 1.005, float("nan"), float("inf"), "12.5", 12):
        assert table_cells.plain_hundredths([12.5, odd, 3.0]) == []
