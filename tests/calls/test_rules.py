"""What the form of a call may say, and who is due: by tables, and against an independent count of days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.calls import rules
from fuyuan_desk.calls.facts import CallFields, MonthOrder
from fuyuan_desk.calls.rules import Called, FollowUp, Rhythm

TODAY = date(2026, 3, 2)
GOOD = CallFields(date(2026, 3, 1), "09:30", resident="1:2:0", staff="某甲")


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"called_on": date(2026, 3, 3)}, "called_on", "future"),
        ({"called_on": TODAY, "called_at": "10:01"}, "called_at", "future"),
        ({"called_at": "25:00"}, "called_at", "hours and minutes"),
        ({"kind": "reception", "how": "nobody"}, "how", "Nobody was received"),
        ({"called_at": "noon"}, "called_at", "hours and minutes"),
        ({"resident": ""}, "estate_id", "at least the estate"),
        ({"follow_up": "x", "follow_up_by": date(2026, 2, 28)}, "follow_up_by", "before the call"),
        ({"follow_up_by": date(2026, 3, 5)}, "follow_up", "Say what follows"),
        ({"follow_up": "x", "follow_up_done_on": date(2026, 3, 3)}, "follow_up_done_on", "future"),
        ({"follow_up": "x", "follow_up_done_on": date(2026, 2, 3)}, "follow_up_done_on", "before the call"),
        ({"entered_on": date(2026, 3, 3)}, "entered_on", "future"),
        ({"entered_on": date(2026, 2, 28)}, "entered_on", "before the call"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changed: dict[str, object], field: str, words: str) -> None:
    fields = CallFields(**{**vars(GOOD), **changed})
    faults = rules.call_faults(fields, TODAY, "10:00")
    assert list(faults) == [field]
    assert words in faults[field]


def test_what_is_right_is_not_doubted() -> None:
    assert rules.call_faults(GOOD, TODAY, "10:00") == {}
    assert rules.call_faults(CallFields(TODAY, "10:00", resident="1:2:0"), TODAY, "10:00") == {}
    assert rules.call_faults(CallFields(TODAY, estate_id=1), TODAY, "10:00") == {}


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({}, False),
        ({"follow_up": "回访"}, False),
        ({"said": "其实摔了一跤"}, True),
        ({"label": "慰问"}, True),
        ({"resident": "1:2:3"}, True),
        ({"said": "其实摔了一跤", "entered_on": None}, False),
        ({"said": "其实摔了一跤", "entered_on": TODAY}, False),
    ],
)
def test_what_was_entered_and_is_changed_afterwards_is_told(
    changed: dict[str, object], is_told: bool
) -> None:
    before = replace(GOOD, entered_on=GOOD.called_on)
    told = rules.entry_doubt(before, replace(before, **changed))  # type: ignore[arg-type]
    assert bool(told) is is_told
    assert rules.entry_doubt(GOOD, replace(GOOD, said="anything")) == ""


@given(st.times())
def test_a_time_is_read_as_it_is_usually_typed(moment: object) -> None:
    shown = f"{moment:%H:%M}"
    wide = shown.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789:"})
    mixed = shown[:-1] + wide[-1]
    for typed in (shown, shown.replace(":", "："), shown.replace(":", ""), f" {shown} ", wide, mixed):
        assert rules.clock_of(typed) == shown
    assert rules.clock_of("") == ""


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_key_names_whom_it_was_made_of(unit: int, household: int, person: int) -> None:
    assert Called.of(Called(unit, household, person).key) == Called(unit, household, person)
    assert Called.of("") is None


@pytest.mark.parametrize(
    ("text", "done", "state"),
    [("", None, FollowUp.NONE), ("x", None, FollowUp.OPEN), ("x", TODAY, FollowUp.DONE)],
)
def test_a_follow_up_is_open_until_it_is_done(text: str, done: date | None, state: FollowUp) -> None:
    assert rules.follow_up_of(CallFields(follow_up=text, follow_up_done_on=done)) is state


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(1, 366))
def test_the_next_call_is_due_as_many_days_after_the_last(last: date, every: int) -> None:
    due = rules.due_on(last, every, TODAY)
    # counted one by one, without any arithmetic of days
    counted, day = 0, last
    while day < due:
        day = date.fromordinal(day.toordinal() + 1)
        counted += 1
    assert counted == every


def test_month_ends_are_days_and_who_was_never_called_on_is_due_today() -> None:
    assert rules.due_on(date(2026, 1, 31), 30, TODAY) == date(2026, 3, 2)
    assert rules.due_on(date(2024, 2, 29), 365, TODAY) == date(2025, 2, 28)
    assert rules.due_on(None, 30, TODAY) == TODAY
    assert rules.due_text(None, TODAY, TODAY) == "never called on"
    assert rules.due_text(TODAY, TODAY - timedelta(1), TODAY) == "1 day late"
    assert rules.due_text(TODAY, TODAY, TODAY) == "2026-03-02"


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 9)), min_size=1))
def test_of_several_tags_the_shortest_rhythm_decides(found: list[tuple[int, int]]) -> None:
    chosen = rules.deciding(Rhythm(*one) for one in found)
    assert all(
        chosen.every < every or (chosen.every == every and chosen.tag_id <= tag) for every, tag in found
    )
    assert tuple(chosen) in found


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_in_its_month_and_year_alone(day: date) -> None:
    for month in range(1, 13):
        first, last = rules.period_of(day.year, month)
        assert (first <= day <= last) == (month == day.month)
    first, last = rules.period_of(day.year, None)
    assert first <= day <= last
    assert (last - first).days in (364, 365)


def test_months_that_have_not_begun_are_refused() -> None:
    assert list(rules.month_faults(MonthOrder(2027), TODAY)) == ["year"]
    assert list(rules.month_faults(MonthOrder(1999), TODAY)) == ["year"]
    assert list(rules.month_faults(MonthOrder(2026, 4), TODAY)) == ["month"]
    assert rules.month_faults(MonthOrder(2026, 3), TODAY) == {}
