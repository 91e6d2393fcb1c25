import re
from datetime import date, timedelta
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
        ("1 200", 1200),
        ("12.0", 12),
        ("12.", 12),
        ("6层", 6),
        ("2003 年", 2003),
    ],
)
def test_whole_numbers(typed: str, meant: int | None) -> None:
    assert parsing.read_int(typed) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1.5", "without decimals"),
        ("0.5", "without decimals"),
        (".5", "without decimals"),
        ("0。5", "without decimals"),
        ("十二", "in digits"),
        ("1e3", "in digits"),
        ("12 ㎡ x", "in digits"),
        ("٣", "in digits"),
        (".", "in digits"),
        ("层", "in digits"),
        ("0,5", "decimals with a point"),
        ("1,2", "decimals with a point"),
    ],
)
def test_what_is_no_whole_number_is_refused_in_words(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parsing.read_int(typed)


@given(st.text("0123456789.,。 -", max_size=8))
def test_a_number_is_never_read_as_another_one(typed: str) -> None:
    """What is read is what is left when the signs between thousands are taken out, and no comma was a decimal one."""
    try:
        read = parsing.read_decimal(typed)
    except ValueError:
        return
    digits = [sign for sign in typed if sign not in ", "]
    assert read is None or read == Decimal("".join(digits).replace("。", "."))
    assert "," not in typed or re.search(r"[0-9]{1,3}(,[0-9]{3})+", typed)


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
        ("12。5", 1250),
        ("", None),
    ],
)
def test_money_and_area(typed: str, meant: int | None) -> None:
    assert parsing.read_hundredths(typed) == meant


@pytest.mark.parametrize("typed", ["12.505", "-1", "1.2.3", "abc", ".", "0,5", "12万"])
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
    with pytest.raises(ValueError, match="year, month and day"):
        parsing.read_date("3-2")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2023-02-29", "no such day: the month ends on 2023-02-28"),
        ("20230229", "no such day: the month ends on 2023-02-28"),
        ("2-29", "no such day: the month ends on 2026-02-28"),
        ("2024年2月30日", "no such day: the month ends on 2024-02-29"),
        ("2026-04-31", "no such day: the month ends on 2026-04-30"),
        ("2026-04-00", "the month ends on 2026-04-30"),
        ("2026-13-01", "months 1 to 12"),
        ("2026-00-01", "months 1 to 12"),
        ("1985.3", "year, month and day"),
        ("2026年3月", "year, month and day"),
        ("1985", "year, month and day"),
        ("26-1-1", "year in four digits"),
        ("3/2/2026", "year in four digits"),
        ("00000000", "year in four digits"),
        ("1700-01-01", "from 1800 to 2999"),
        ("2026-1-1-1", "one date only"),
        ("明天", "like 2026-03-02"),
        ("2026-٣-1", "like 2026-03-02"),
        ("-", "like 2026-03-02"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_do(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parsing.read_date(typed, date(2026, 11, 22))


@given(st.integers(1800, 2999), st.integers(1, 12), st.integers(1, 31))
def test_a_day_is_told_exactly_where_the_calendar_has_none(year: int, month: int, day: int) -> None:
    try:
        meant: date | None = date(year, month, day)
    except ValueError:
        meant = None
    try:
        read = parsing.read_date(f"{year}-{month}-{day}")
    except ValueError as told:
        assert meant is None
        end = int(re.findall(r"[0-9]+", str(told))[-1])
        assert date(year, month, end) + timedelta(days=1) == date(year + month // 12, month % 12 + 1, 1)
    else:
        assert read == meant


@pytest.mark.parametrize(("typed", "fits"), [("0", False), ("1", True), ("30", True), ("31", False)])
def test_bounds(typed: str, fits: bool) -> None:
    if fits:
        assert parsing.read_int(typed, 1, 30) == int(typed)
    else:
        with pytest.raises(ValueError, match=r"at (least 1|most 30)"):
            parsing.read_int(typed, 1, 30)
