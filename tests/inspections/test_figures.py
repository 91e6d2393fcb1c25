"""Figures of visits and findings: rates with their denominators, findings recounted day by day."""

import statistics
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.figures import (
    AGES,
    Rate,
    Span,
    Tally,
    by_age,
    months_between,
    quantile,
    worst_first,
)
from fuyuan_desk.inspections.rules.finding_figures import finding_figures
from fuyuan_desk.inspections.rules.visits import NOT_CORRECTED, Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.figures import finding_spells, open_findings, visit_figures
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


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=60), st.integers(1, 99))
def test_a_quantile_is_that_of_excel(values: list[int], percent: int) -> None:
    # its PERCENTILE.INC and MEDIAN are these
    inclusive = statistics.quantiles(values, n=100, method="inclusive")
    assert quantile(values, percent) == pytest.approx(inclusive[percent - 1])
    assert quantile(values, 50) == statistics.median(values)
    assert quantile(values, 100) == max(values)
    assert quantile(values[:1], percent) == values[0]


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


def test_a_period_that_is_over_is_told_as_of_its_end() -> None:
    now = datetime(2026, 3, 2, 9).astimezone()
    past = Span(date(2026, 2, 1), date(2026, 2, 28), now)
    assert (past.is_over, past.until, past.seen_on) == (True, date(2026, 2, 28), date(2026, 3, 1))
    assert past.holds(datetime(2026, 2, 28, 23, 59, 59).astimezone())
    assert not past.holds(datetime(2026, 3, 1).astimezone())
    present = Span(date(2026, 3, 1), date(2026, 3, 31), now)
    assert (present.is_over, present.until, present.seen_on) == (False, now.date(), now.date())
    assert present.holds(now)
    assert not present.holds(now + timedelta(seconds=1))
    assert not present.holds(None)
    assert months_between(date(2025, 12, 9), date(2026, 2, 1)) == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)
    ]  # fmt: skip


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
    names = dict(zip(two_estates, (lane.name, tower.name), strict=True))
    now = seat.now()
    later = {"handling": Conclusion.DEADLINE, "deadline": now.date() + timedelta(days=9)}
    _log(seat, lane, now - timedelta(days=40))
    _log(seat, lane, now - timedelta(days=12), FIRST, SECOND, **later)
    _log(seat, lane, now - timedelta(days=5), SECOND, **later)
    _log(seat, lane, now - timedelta(days=4), FIRST, handling=Conclusion.ON_THE_SPOT)
    span = Span((now - timedelta(days=20)).date(), now.date(), now)
    with seat.store.sessions() as session:
        figures = visit_figures(session, span, names)
        alone = visit_figures(session, span, {two_estates[1]: tower.name}, two_estates[1])
        found = finding_figures(finding_spells(session, span), span.first, span.until, names)
        still = open_findings(session, replace(span, last=(now - timedelta(days=5)).date()))
    answered = Counter(dict.fromkeys((item.key for item in ROUND.items), 3))
    assert figures.visits == 3
    assert figures.visited == Rate(1, 2)
    assert figures.passed == Rate(answered.total() - 4, answered.total())
    assert [(tally.key, tally.passed, tally.failed) for tally in figures.items[:2]] == sorted(
        [(FIRST, 1, 2), (SECOND, 1, 2)], key=lambda one: next(i.text for i in ROUND.items if i.key == one[0])
    )
    assert [(tally.name, tally.visits) for tally in figures.estates] == [(lane.name, 3), (tower.name, 0)]
    assert (figures.found, figures.on_the_spot, figures.reported) == (2, 1, 0)
    assert sum(figures.months.values()) == 3
    assert (alone.visits, alone.visited, alone.passed.text) == (0, Rate(0, 1), "–")
    # the first passed a week later; the second failed again, and passed a day after that
    assert found.days_to_right == (7, 8)
    assert (found.whole.new, found.put_right, found.whole.open) == (2, Rate(2, 2), 0)
    assert [(one.text, one.begun) for one in still] == [
        (next(item.text for item in ROUND.items if item.key == SECOND), (now - timedelta(days=12)).date())
    ]


# ---- findings, recounted day by day

_MONTH = Span(date(2026, 2, 1), date(2026, 2, 28), datetime(2026, 3, 9, 9).astimezone())
_RESULTS = st.sampled_from([Result.PASS, Result.FAIL, Result.NOT_APPLICABLE])
_VISITS = st.lists(
    st.tuples(
        st.integers(-20, 33),  # the day, counted from the first of the month
        st.integers(8, 11),  # the hour
        st.sampled_from(["", "3号楼"]),
        st.sampled_from([*Conclusion]),
        st.tuples(_RESULTS, _RESULTS),
    ),
    max_size=12,
)


def _recount(visits: list[tuple[Any, ...]]) -> tuple[int, int, list[int], list[int]]:
    """Go through the month day by day: what is new, what ended, the ages of what is open, how long each took."""
    found: dict[tuple[str, int], date] = {}
    new, took = 0, []
    ordered = sorted(enumerate(visits), key=lambda one: (one[1][0], one[1][1], one[0]))
    for offset in range(-20, 28):
        day = _MONTH.first + timedelta(days=offset)
        for _number, (_day, _hour, place, conclusion, results) in ordered:
            if _day != offset:
                continue
            for item, result in enumerate(results):
                on_the_spot = conclusion is Conclusion.ON_THE_SPOT
                if result is Result.PASS or (result is Result.FAIL and on_the_spot):
                    for key in [(place, item)] if place else [("", item), ("3号楼", item)]:
                        begun = found.pop(key, None)
                        if begun is not None and offset >= 0:
                            took.append((day - begun).days)
                if result is Result.FAIL and conclusion in NOT_CORRECTED and (place, item) not in found:
                    found[place, item] = day
                    new += offset >= 0
    ages = [(_MONTH.last - begun).days for begun in found.values()]
    return new, len(took), sorted(ages), sorted(took)


@settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=_VISITS)
def test_findings_are_those_of_a_recount_day_by_day(
    seat: Seat, two_estates: tuple[int, int], visits: list[tuple[Any, ...]]
) -> None:
    with seat.store.sessions() as session:
        for number, (day, hour, place, conclusion, results) in enumerate(visits):
            # nobody is twice at one place in one minute: what is put right at one moment is put right once
            at = datetime.combine(_MONTH.first + timedelta(days=day), time(hour, number)).astimezone()
            visit = Visit(
                number=f"V{number}", estate_id=two_estates[0], subject_kind="estate",
                subject_id=two_estates[0], subject="南昌路168弄", at=at, party="committee", inspectors="某甲",
                checklist="estate", checklist_version="1", conclusion=conclusion.value, place=place,
                place_key=place and f"key of {place}",
            )  # fmt: skip
            session.add(visit)
            session.flush()
            for item, result in enumerate(results):
                session.add(
                    VisitResult(
                        visit_id=visit.id,
                        position=item,
                        item=f"item-{item}",
                        text=f"第{item}项",
                        result=result.value,
                    )
                )
        session.flush()
        spells = finding_spells(session, _MONTH)
        open_ones = open_findings(session, _MONTH)
        session.rollback()
    figures = finding_figures(spells, _MONTH.first, _MONTH.until, {two_estates[0]: "南昌路168弄"})
    new, ended, ages, took = _recount(visits)
    assert (figures.whole.new, figures.whole.ended, figures.whole.open) == (new, ended, len(ages))
    assert figures.whole.ages == by_age(ages)
    assert list(figures.days_to_right) == took
    assert sorted((_MONTH.last - one.begun).days for one in open_ones) == ages
