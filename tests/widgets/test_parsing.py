from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.widgets import parsing


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("  ", None),
        ("12", 12),
        (" １２ ", 12),
        ("1,200", 1200),
        ("-3", -3),
    ],
)
def test_whole_numbers(typed: str, meant: int | None) -> None:
    assert parsing.read_int(typed) == meant


@pytest.mark.parametrize("typed", ["1.5", "十二", "1e3", "12 ㎡ x", "٣"])
def test_what_is_no_whole_number_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        parsing.read_int(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12.5㎡", 1250),
        ("１２．５", 1250),
        ("1,234.56 元", 123456),
        ("¥ 0.05", 5),
        (".5", 50),
        ("12.", 1200),
        ("12.500", 1250),
        ("", None),
    ],
)
def test_money_and_area(typed: str, meant: int | None) -> None:
    assert parsing.read_hundredths(typed) == meant


@pytest.mark.parametrize("typed", ["12.505", "-1", "1.2.3", "abc", "."])
def test_wrong_money_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parsing.read_hundredths(typed)


@given(st.integers(0, 10**12), st.booleans(), st.booleans())
def test_hundredths_read_back_what_was_written(value: int, grouped: bool, trim: bool) -> None:
    assert parsing.read_hundredths(parsing.show_hundredths(value, grouped, trim)) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_read_back(value: Decimal) -> None:
    assert parsing.read_decimal(str(value)) == value


@given(st.dates(date(1800, 1, 1), date(2999, 12, 31)))
def test_dates_in_every_usual_writing(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for typed in (
        day.isoformat(),
        f"{y}.{m}.{d}",
        f"{y}/{m:02}/{d:02}",
        f"{y}年{m}月{d}日",
        f"{y:04}{m:02}{d:02}",
        f" {y}-{m} - {d} ",
    ):
        assert parsing.read_date(typed) == day


def test_a_short_date_means_this_year() -> None:
    assert parsing.read_date("3-2", date(2026, 11, 22)) == date(2026, 3, 2)
    with pytest.raises(ValueError, match="2026-03-02"):
        parsing.read_date("3-2")


@pytest.mark.parametrize("typed", ["2026-02-29", "20261301", "2026年4月31日", "2026 13812345678 1"])
def test_a_day_that_the_calendar_lacks_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=r"no 2026-.* in the calendar"):
        parsing.read_date(typed)


@pytest.mark.parametrize("typed", ["1985.3", "明天", "26-1-1", "2026-1-1-1", "00000000", "1799-01-01"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="2026-03-02"):
        parsing.read_date(typed)


@pytest.mark.parametrize(("typed", "fits"), [("0", False), ("1", True), ("30", True), ("31", False)])
def test_bounds(typed: str, fits: bool) -> None:
    if fits:
        assert parsing.read_int(typed, 1, 30) == int(typed)
    else:
        with pytest.raises(ValueError, match=r"at (least 1|most 30)"):
            parsing.read_int(typed, 1, 30)
