"""The numbers of sheets as typed, how a sheet stands, and when it is asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.rules.printed import (
    SheetState,
    day_of_entry,
    is_before_print,
    names_sheet,
    read_number,
    sheet_standing,
    sheets_task,
    standing_text,
    standing_whole,
    whole_number,
    withdrawal_text,
)
from fuyuan_desk.inspections.rules.visits import sheet_number

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("XCB-2026-000123", "XCB-2026-000123"),
        (" ｘｃｂ－２０２５－０００１２３ ", "XCB-2025-000123"),
        ("xcb-2025-123", "XCB-2025-000123"),
        ("xcb 123", "XCB-2026-000123"),
        ("xcb123", "XCB-2026-000123"),
        ("XCB-2026-1000000", "XCB-2026-1000000"),
        ("XCB2026000001", "XCB-2026-000001"),
        ("xcb 2025 000001", "XCB-2025-000001"),
        ("XCB–2025—000001", "XCB-2025-000001"),
        ("XCB_2025_000001", "XCB-2025-000001"),
        ("XCB20261000000", "XCB-2026-1000000"),
        ("123", ""),
        ("2026000001", ""),
        ("XC2026-0012", ""),
        ("南昌路168弄", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed: str, number: str) -> None:
    assert read_number(typed, 2026) == number
    assert names_sheet(typed) is bool(number)


@pytest.mark.parametrize(
    ("typed", "number", "whole"),
    [
        ("123", "XCB-2026-000123", ""),
        ("１２３", "XCB-2026-000123", ""),
        ("2025000123", "XCB-2025-000123", "XCB-2025-000123"),
        ("2025-000123", "XCB-2025-000123", "XCB-2025-000123"),
        ("XCB-2025-000123", "XCB-2025-000123", "XCB-2025-000123"),
        ("xcb 2025 000123", "XCB-2025-000123", "XCB-2025-000123"),
        ("XCB-2025-00012", "XCB-2025-000012", ""),
        ("xcb 123", "XCB-2026-000123", ""),
        ("XC2026-0001", "", ""),
        ("12楼", "", ""),
        ("", "", ""),
    ],
)
def test_digits_alone_are_a_number_where_a_sheet_is_asked_for(typed: str, number: str, whole: str) -> None:
    assert read_number(typed, 2026, is_bare=True) == number
    assert whole_number(typed) == whole


def test_the_text_of_a_code_names_a_sheet_whatever_it_holds() -> None:
    assert names_sheet(" fyt1:IS:XCB-2026-000123:0F:1")


@given(st.integers(2000, 2999), st.integers(1, 10_000_000))
def test_every_number_that_is_printed_is_read(year: int, serial: int) -> None:
    assert read_number(sheet_number(year, serial), 1999) == sheet_number(year, serial)


def test_a_visit_in_the_minute_of_printing_is_none_before_it() -> None:
    printed = datetime(2026, 3, 2, 9, 30, 40, tzinfo=UTC)
    assert not is_before_print(datetime(2026, 3, 2, 9, 30, tzinfo=UTC), printed)
    assert is_before_print(datetime(2026, 3, 2, 9, 29, tzinfo=UTC), printed)


@pytest.mark.parametrize(
    ("day", "printed", "expected"),
    [(None, 0, 0), (0, 0, 0), (-1, -3, -1), (-3, -1, -1), (4, -1, 0)],
)
def test_the_day_of_an_entry_lies_between_print_and_today(
    day: int | None, printed: int, expected: int
) -> None:
    planned = None if day is None else TODAY + timedelta(days=day)
    printed_on = TODAY + timedelta(days=printed)
    assert day_of_entry(planned, printed_on, TODAY) == TODAY + timedelta(days=expected)


@pytest.mark.parametrize(
    ("state", "back_by", "detail", "text", "overdue"),
    [
        (SheetState.OUT, None, "", "Out", False),
        (SheetState.OUT, TODAY, "", "Out", False),
        (SheetState.OUT, TODAY - timedelta(days=1), "", "out, 1 day overdue", True),
        (SheetState.OUT, TODAY - timedelta(days=5), "", "out, 5 days overdue", True),
        (SheetState.ENTERED, TODAY - timedelta(days=5), "XC2026-0001", "Entered · XC2026-0001", False),
        (SheetState.WITHDRAWN, TODAY, "Lost", "Written off · Lost", False),
    ],
)
def test_a_sheet_says_how_it_stands(
    state: SheetState, back_by: date | None, detail: str, text: str, overdue: bool
) -> None:
    note = "雨中" if state is SheetState.WITHDRAWN else ""
    standing = sheet_standing(state, back_by, detail, TODAY, note)
    assert standing_text(standing) == text
    assert standing.is_overdue is overdue
    noted = f"{text}: 雨中" if state is SheetState.WITHDRAWN else text
    assert standing_whole(standing) == noted


def test_why_a_sheet_was_withdrawn_needs_no_note() -> None:
    assert withdrawal_text("spoiled", "") == "Spoiled"
    assert withdrawal_text("lost", "在弄口") == "Lost: 在弄口"


def test_a_person_is_asked_once_a_sheet_is_late() -> None:
    assert sheets_task(7, "何斌", 3, 0, TODAY, TODAY) is None
    task = sheets_task(7, "何斌", 3, 1, TODAY - timedelta(days=1), TODAY)
    assert task is not None
    assert (task.title, task.detail) == ("何斌", "1 sheet not back; 2 more are out")
    assert not task.overdue
    again = sheets_task(7, "何斌", 2, 2, TODAY - timedelta(days=2), TODAY)
    assert again is not None
    assert (again.detail, again.overdue) == ("2 sheets not back", True)
