"""The office's own calendar of work: edited as lines, stored by year, used by deadlines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.calendar import Calendar, Year, as_data, read_calendar, shipped
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.inspections.service.page_data import begin_entry
from fuyuan_desk.office.rules import calendar_lines, read_calendar_lines
from fuyuan_desk.office.service.settings import change_calendar, read_calendar_text

YEAR_2028 = "2028 国务院办公厅通知\n01-01 元旦\n1月3日 休\n01/08 班"


@st.composite
def _years(draw: st.DrawFn) -> Year:
    number = draw(st.integers(2020, 2040))
    days = draw(st.sets(st.dates(date(number, 1, 1), date(number, 12, 31)), min_size=1, max_size=20))
    first, *others = sorted(days)
    named = {first: "元旦"} | {day: draw(st.sampled_from(("春节", "国庆节"))) for day in others[::2]}
    rest = [day for day in others if day not in named]
    return Year(
        number,
        draw(st.sampled_from(("通知", "国务院办公厅 2028 年通知"))),
        named,
        frozenset(day for day in rest if day.weekday() < 5),
        frozenset(day for day in rest if day.weekday() > 4),
        draw(st.booleans()),
    )


@given(st.lists(_years(), max_size=3, unique_by=lambda table: table.year))
def test_what_is_written_is_read_back(tables: list[Year]) -> None:
    calendar = Calendar({table.year: table for table in tables})
    assert read_calendar_lines(calendar_lines(calendar)) == (calendar, [])
    assert read_calendar(as_data(calendar)) == calendar


def test_the_shipped_calendar_is_read_back() -> None:
    assert read_calendar_lines(calendar_lines(shipped())) == (shipped(), [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("10-01 国庆节", "Line 1: No year stands above this day"),
        ("2028 通知\n01-01 元旦\n02-30 春节", "Line 3: 2028 has no such day"),
        ("2028 通知\n01-01 元旦\n01-01 休", "Line 3: 2028-01-01 is listed twice"),
        ("2028 通知\n01-01 元旦\n01-02 休", "Line 3: 2028-01-02 is a weekend"),
        ("2028 通知\n01-01 元旦\n01-03 班", "Line 3: 2028-01-03 is no weekend"),
        ("2028\n01-01 元旦", "Line 1: Enter behind the year"),
        ("2028 通知", "2028: no holiday is listed"),
        ("2028 通知\n01-01 元旦\n2028 通知", "Line 3: 2028 is listed twice"),
        ("2028 通知\n01-01 元旦\n国庆节放假七天", "Line 3: «国庆节放假七天» is no day"),
        (f"2028 {'长' * 201}\n01-01 元旦", "Line 1: This is longer than 200 characters"),
        (f"2028 通知\n01-01 {'长' * 21}", "Line 2: The name is longer than 20 characters"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(text: str, fault: str) -> None:
    [told] = read_calendar_lines(text)[1]
    assert told.startswith(fault)


def test_the_office_adds_a_year_and_takes_it_back(seat: Seat) -> None:
    before = read_calendar_text(seat)
    assert before == calendar_lines(shipped())
    change_calendar(seat, f"{before}\n{YEAR_2028}")
    calendar = begin_entry(seat).calendar
    days = (date(2028, 1, 1), date(2028, 1, 3), date(2028, 1, 4), date(2028, 1, 8))
    assert [calendar.is_working(day) for day in days] == [False, False, True, True]
    assert calendar.years[2026] == shipped().years[2026]
    change_calendar(seat, "")
    assert read_calendar_text(seat) == before


def test_a_shipped_year_can_be_corrected(seat: Seat) -> None:
    change_calendar(seat, "2026 本办公室核对\n10-01 国庆节")
    calendar = begin_entry(seat).calendar
    assert calendar.is_working(date(2026, 10, 2))
    assert calendar.years[2027] == shipped().years[2027]


def test_only_the_first_faults_are_told(seat: Seat) -> None:
    with pytest.raises(InvalidInput, match=r"Line 3.*And 2 more lines"):
        change_calendar(seat, "\n".join(["2028 通知", "01-01 元旦", *["x"] * 5]))
    with pytest.raises(InvalidInput, match="no such day"):
        change_calendar(seat, "2028 通知\n01-01 元旦\n13-01 休")
