"""Figures of visits: rates with their denominators, times until put right, counted by the database."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject
from fuyuan_desk.inspections.rules.figures import (
    AGES,
    Rate,
    Tally,
    by_age,
    months_between,
    period_of,
    quantile,
    worst_first,
)
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Party, Result, SubjectKind
from fuyuan_desk.inspections.service.figures import visit_figures
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit

ROUND = checklist_for(SubjectKind.ESTATE)
FIRST, SECOND = ROUND.items[0].key, ROUND.items[1].key


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (14, 15, "93.3 % (14/15)"),
        (0, 4, "0.0 % (0/4)"),
        (4, 4, "100.0 % (4/4)"),
        (0, 0, "–"),
        (9_999, 10_000, "99.9 % (9999/10000)"),  # not all
        (1, 10_000, "0.1 % (1/10000)"),  # not nothing
        (1, 8, "12.5 % (1/8)"),
        (2, 3, "66.7 % (2/3)"),
    ],
)
def test_a_rate_names_its_denominator(part: int, whole: int, text: str) -> None:
    assert Rate(part, whole).text == text


@given(st.integers(1, 3_000), st.data())
def test_a_rate_is_rounded_half_up_and_never_to_all_or_nothing(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    shown = Fraction(Rate(part, whole).text.split()[0])
    exact = Fraction(100 * part, whole)
    assert (shown == 0) == (part == 0)
    assert (shown == 100) == (part == whole)
    assert abs(shown - exact) <= Fraction(1, 20) or shown in (Fraction("0.1"), Fraction("99.9"))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(1, 100))
def test_a_quantile_covers_its_share(values: list[int], percent: int) -> None:
    found = quantile(values, percent)
    assert found in values
    assert sum(one <= found for one in values) * 100 >= percent * len(values)
    below = [one for one in values if one < found]
    assert len(below) * 100 < percent * len(values)


def test_a_quantile_of_nothing_is_unknown() -> None:
    assert quantile([], 50) is None


@given(st.lists(st.integers(0, 200)))
def test_ages_are_counted_once(days: list[int]) -> None:
    low = (-1, *AGES)
    high = (*AGES, 10_000)
    expected = tuple(sum(a < day <= b for day in days) for a, b in zip(low, high, strict=True))
    assert by_age(days) == expected


def test_what_was_never_answered_comes_last() -> None:
    tallies = [Tally("a", "甲", 0, 0), Tally("b", "乙", 9, 1), Tally("c", "丙", 1, 1)]
    assert [tally.key for tally in worst_first(tallies)] == ["c", "b", "a"]


def test_a_period_is_a_month_or_a_year() -> None:
    assert period_of(2026, 2) == (date(2026, 2, 1), date(2026, 2, 28))
    assert period_of(2024, 2)[1] == date(2024, 2, 29)
    assert period_of(2026, 12) == (date(2026, 12, 1), date(2026, 12, 31))
    assert period_of(2026, None) == (date(2026, 1, 1), date(2026, 12, 31))
    assert months_between(*period_of(2026, None)) == [date(2026, month, 1) for month in range(1, 13)]


# ---- counted by the database


def _log(seat: Seat, subject: Subject, at: datetime, *failing: str, **more: object) -> None:
    findings = tuple(
        Finding(item.key, Result.FAIL, "堆物") if item.key in failing else Finding(item.key, Result.PASS)
        for item in ROUND.items
    )
    visit = NewVisit(subject, at, Party.COMMITTEE, "某甲", findings)
    log_visit(replace(seat, now=lambda: at), replace(visit, **more))  # type: ignore[arg-type]


def test_visits_are_counted(seat: Seat, two_estates: tuple[int, int]) -> None:
    lane, tower = estate_subjects(seat, list(two_estates))
    now = seat.now()
    later = {"handling": Conclusion.DEADLINE, "deadline": now.date() + timedelta(days=9)}
    _log(seat, lane, now - timedelta(days=40))
    _log(seat, lane, now - timedelta(days=12), FIRST, SECOND, **later)
    _log(seat, lane, now - timedelta(days=5), SECOND, **later)
    _log(seat, lane, now - timedelta(days=4), FIRST, handling=Conclusion.ON_THE_SPOT)
    days = (now - timedelta(days=20)).date(), now.date()
    figures = visit_figures(seat, *days)
    answered = Counter(dict.fromkeys((item.key for item in ROUND.items), 3))
    assert figures.visits == 3
    assert figures.visited == Rate(1, 2)
    assert figures.passed == Rate(answered.total() - 4, answered.total())
    assert [(tally.key, tally.passed, tally.failed) for tally in figures.items[:2]] == sorted(
        [(FIRST, 1, 2), (SECOND, 1, 2)], key=lambda one: next(i.text for i in ROUND.items if i.key == one[0])
    )
    assert [(tally.name, tally.visits) for tally in figures.estates] == [(lane.name, 3), (tower.name, 0)]
    assert (figures.found, figures.on_the_spot, figures.reported) == (2, 1, 0)
    # on the last visit both had passed, or were corrected on the spot
    assert figures.days_to_right == (8, 1)
    assert figures.put_right == Rate(2, 2)
    assert sum(figures.open_ages) == 0
    assert sum(figures.months.values()) == 3
    alone = visit_figures(seat, *days, two_estates[1])
    assert (alone.visits, alone.visited, alone.passed.text, alone.estate) == (0, Rate(0, 1), "–", tower.name)


def test_what_is_still_open_is_told_by_its_age(seat: Seat, two_estates: tuple[int, int]) -> None:
    [lane] = estate_subjects(seat, [two_estates[0]])
    now = seat.now()
    _log(
        seat, lane, now - timedelta(days=12), FIRST, SECOND, handling=Conclusion.DEADLINE, deadline=now.date()
    )
    figures = visit_figures(seat, (now - timedelta(days=20)).date(), now.date())
    assert figures.open_ages == (0, 2, 0, 0)
    assert figures.put_right == Rate(0, 1)
    before = visit_figures(seat, (now - timedelta(days=60)).date(), (now - timedelta(days=30)).date())
    assert before.open_ages == (0, 0, 0, 0)
