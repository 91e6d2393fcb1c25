"""Which backups are kept: properties over any set of stamps and any clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.backups import rules
from fuyuan_desk.backups.rules import LastRun

# five years, to the minute
STAMPS = st.integers(28_400_000, 31_000_000).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))
SETS = st.frozensets(STAMPS, max_size=60)
MOST = rules.DAILY + rules.WEEKLY + rules.MONTHLY + rules.LATEST + rules.HOURS
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@given(SETS, STAMPS)
def test_the_newest_is_kept_on_either_side_of_the_clock(stamps: frozenset[datetime], now: datetime) -> None:
    kept = rules.kept_generations(stamps, now)
    assert kept <= stamps
    for side in ({at for at in stamps if at <= now}, {at for at in stamps if at > now}):
        assert not side or max(side) in kept


@given(SETS, STAMPS)
def test_no_more_are_kept_than_needed(stamps: frozenset[datetime], now: datetime) -> None:
    kept = rules.kept_generations(stamps, now)
    assert len([at for at in kept if at <= now]) <= MOST
    assert len([at for at in kept if at > now]) <= MOST
    days = sorted(at.date() for at in kept if at <= now)
    earlier = [day for day in days if day != days[-1]]
    assert len(earlier) == len(set(earlier))


def test_those_of_today_stay_until_tomorrow() -> None:
    today = [NOW.replace(hour=18, minute=minute) for minute in (2, 15, 58)] + [
        NOW.replace(hour=19, minute=15)
    ]
    kept = frozenset[datetime]()
    for at in today:
        kept = rules.kept_generations({*kept, at}, at)
    assert kept == set(today)
    tomorrow = NOW + timedelta(days=1)
    assert rules.kept_generations({*kept, tomorrow}, tomorrow) == {today[-1], tomorrow}


def test_many_on_one_day_leave_the_latest_and_one_of_each_hour() -> None:
    start = NOW.replace(hour=0)
    many = [start + timedelta(minutes=5 * number) for number in range(24 * 12)]
    kept = rules.kept_generations(many, many[-1])
    assert kept >= set(many[-rules.LATEST :])
    assert {at.hour for at in kept} == set(range(24))
    assert len(kept) == rules.LATEST + rules.HOURS - 1


@given(SETS, STAMPS)
def test_pruning_again_removes_nothing_more(stamps: frozenset[datetime], now: datetime) -> None:
    once = rules.kept_generations(stamps, now)
    assert rules.kept_generations(once, now) == once


@given(SETS, STAMPS, STAMPS)
def test_a_wrong_clock_removes_none_of_what_a_right_one_kept(
    stamps: frozenset[datetime], right: datetime, wrong: datetime
) -> None:
    kept = rules.kept_generations({at for at in stamps if at <= right}, right)
    if all(at > wrong for at in kept):  # set back before all of them
        assert rules.kept_generations(kept, wrong) == kept


@given(SETS, STAMPS)
def test_the_last_days_weeks_and_months_are_covered(stamps: frozenset[datetime], now: datetime) -> None:
    past = {at for at in stamps if at <= now}
    kept = {at for at in rules.kept_generations(stamps, now) if at <= now}
    for most, period in (
        (rules.DAILY, lambda at: at.date()),
        (rules.WEEKLY, lambda at: at.isocalendar()[:2]),
        (rules.MONTHLY, lambda at: (at.year, at.month)),
    ):
        for each in sorted({period(at) for at in past})[-most:]:
            assert max(at for at in past if period(at) == each) in kept


def test_two_years_of_daily_backups_leave_the_known_ladder() -> None:
    now, kept = NOW, frozenset[datetime]()
    for day in range(730, -1, -1):
        at = now - timedelta(days=day)
        kept = rules.kept_generations({*kept, at}, at)
    ages = sorted((now - at).days for at in kept)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert [age for age in ages if 6 < age < 30] == [7, 14, 21, 22]
    assert 300 < ages[-1] < 366
    assert len(ages) == 21


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (LastRun(), True),
        (LastRun(NOW - timedelta(hours=2), NOW - timedelta(hours=2)), False),
        (LastRun(NOW - timedelta(days=1), NOW - timedelta(days=1)), True),
        (LastRun(NOW - timedelta(days=1), NOW - timedelta(minutes=20), True), False),
        (LastRun(NOW - timedelta(days=1), NOW - timedelta(minutes=61), True), True),
        # dated in the future: does not count for today
        (LastRun(NOW + timedelta(days=300), NOW + timedelta(days=300)), True),
        (LastRun(None, NOW + timedelta(days=300), True), True),
    ],
)
def test_when_a_place_is_due(last: LastRun, expected: bool) -> None:
    assert rules.is_due(last, NOW, lambda at: at.date()) is expected


@given(SETS, SETS, STAMPS)
def test_a_backup_dated_in_the_future_never_takes_the_place_of_another(
    stamps: frozenset[datetime], misdated: frozenset[datetime], now: datetime
) -> None:
    right = {at for at in stamps if at <= now}
    ahead = {at for at in misdated if at > now + timedelta(hours=1)}
    entries = {at: number for number, at in enumerate(sorted(right | ahead, key=lambda at: at.second), 1)}
    kept = rules.kept_generations(right | ahead, now, entries)
    assert {at for at in kept if at <= now} == rules.kept_generations(right, now)


def test_a_backup_dated_in_the_future_is_kept_until_the_clock_is_known_to_be_right() -> None:
    future = NOW.replace(year=2031)
    kept, entries = frozenset({NOW - timedelta(days=1), future}), {NOW - timedelta(days=1): 10, future: 20}
    present = []
    for day in range(4):
        at = NOW + timedelta(days=day)
        entries[at] = 30 + day
        kept = rules.kept_generations({*kept, at}, at, entries)
        present.append(future in kept)
    assert present == [True, False, False, False]
    # it does not count when it goes further than what followed: then today's clock may be the wrong one
    assert future in rules.kept_generations({*kept, future}, NOW + timedelta(days=9), {**entries, future: 99})


def test_a_clock_set_back_now_removes_none_of_many_good_ones() -> None:
    good = frozenset(NOW - timedelta(days=day) for day in range(7))
    entries = {at: number for number, at in enumerate(sorted(good), 1)}
    back = NOW - timedelta(days=100)
    kept = good
    for day in range(7):
        at = back + timedelta(days=day)
        entries[at] = 100 + day
        kept = rules.kept_generations({*kept, at}, at, entries)
        assert good <= kept
