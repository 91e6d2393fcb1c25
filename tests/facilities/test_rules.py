"""What the form of a facility may say, and what is said of a check that is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.facilities import catalogue, rules
from fuyuan_desk.facilities.book import book, name
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState, Interval, Item, Unit
from fuyuan_desk.kit.book import Line

TODAY = date(2026, 3, 2)
days = st.dates(date(2020, 1, 1), date(2032, 1, 1))


def test_an_unknown_company_is_said() -> None:
    assert "no responsible company entered" in rules.check_detail(FacilityFields("lift", "1号梯"), TODAY)
    assert "沪上维保" in rules.check_detail(FacilityFields("lift", "1号梯", company="沪上维保"), TODAY)


@given(installed=st.none() | days, check=st.none() | days, today=days)
def test_the_faults_of_the_days(installed: date | None, check: date | None, today: date) -> None:
    faults = rules.facility_faults(FacilityFields(installed_on=installed, next_check_on=check), today)
    in_future = installed is not None and (installed - today).days > 0
    before = installed is not None and check is not None and (check - installed).days < 0
    expected = {"installed_on"} if in_future else {"next_check_on"} if before else set()
    assert set(faults) == expected


def test_a_kind_that_this_version_does_not_know_is_shown_as_stored() -> None:
    assert name(FacilityFields(FacilityKind.LIFT, "1号梯")) == "Lift 1号梯"
    assert name(FacilityFields("gondola", "1")) == "gondola 1"


def test_every_state_has_its_tone_and_an_unknown_one_warns() -> None:
    mark = book().part("state").mark
    assert mark is not None

    def tone(state: str) -> str:
        shown = mark(Line(1, 1, FacilityFields(state=state)), TODAY)
        return "" if shown is None else shown.tone

    assert {state: tone(state) for state in FacilityState} == {
        "in_use": "ok",
        "faulty": "error",
        "stopped": "warn",
        "scrapped": "neutral",
    }
    assert tone("unheard-of") == "warn"


# --- statutory checks

units = st.sampled_from(list(Unit))


@given(days, st.integers(1, 400), units)
def test_the_day_after_an_interval_is_counted_by_the_calendar(day: date, every: int, unit: Unit) -> None:
    later = rules.day_after(day, every, unit)
    if unit is Unit.DAYS:
        assert (later - day).days == every
        return
    months = [
        (day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1) for n in (every, every + 1)
    ]
    (year, month), (next_year, next_month) = months
    last = (date(next_year, next_month, 1) - timedelta(days=1)).day
    assert later == date(year, month, min(day.day, last))


@pytest.mark.parametrize(
    ("day", "every", "later"),
    [
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2023, 2, 28), 12, (2024, 2, 28)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
        ((2026, 11, 30), 1, (2026, 12, 30)),
    ],
)
def test_ends_of_months_and_leap_years(
    day: tuple[int, int, int], every: int, later: tuple[int, int, int]
) -> None:
    assert rules.day_after(date(*day), every, Unit.MONTHS) == date(*later)


checks = st.builds(
    CheckFields, done_on=days, valid_until=st.none() | days, item=st.just("x"), done_by=st.just("")
)


@given(st.lists(checks, max_size=4), st.none() | days, st.none() | st.integers(1, 60))
def test_the_next_check_follows_from_the_last_or_from_the_installation(
    done: list[CheckFields], installed: date | None, first: int | None
) -> None:
    every = Interval(6, Unit.MONTHS)
    item = Item("x", "lift", "X", "x", every, first, 30, ())
    due = rules.next_due(item, every, done, installed)
    if done:
        newest = max(check.done_on for check in done if check.done_on is not None)
        valid = [check.valid_until for check in done if check.done_on == newest]
        allowed = rules.day_after(newest, 6, Unit.MONTHS)
        assert due in {allowed, *valid}
        assert due is not None
        assert due <= allowed
    elif first is None or installed is None:
        assert due is None
    else:
        assert due == rules.day_after(installed, first, Unit.MONTHS)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, set()),
        ({"item": "tank-cleaning"}, {"item"}),
        ({"item": ""}, {"item"}),
        ({"done_on": None}, {"done_on"}),
        ({"done_on": date(2026, 3, 3)}, {"done_on"}),
        ({"done_on": date(2019, 12, 31)}, {"done_on"}),
        ({"done_on": date(2020, 1, 1)}, set()),
        ({"valid_until": date(2026, 3, 1)}, {"valid_until"}),
        ({"valid_until": TODAY}, set()),
        ({"done_by": "某" * 101, "certificate": "1" * 61}, {"done_by", "certificate"}),
    ],
)
def test_what_a_check_cannot_say(more: dict[str, object], wrong: set[str]) -> None:
    fields = replace(CheckFields(1, "lift-inspection", TODAY, party="property"), **more)  # type: ignore[arg-type]
    assert set(rules.check_faults(fields, ["lift-inspection"], date(2020, 1, 1), TODAY)) == wrong


@pytest.mark.parametrize(
    ("interval", "wrong"),
    [
        (Interval(15, Unit.DAYS), set()),
        (Interval(10, Unit.DAYS), {"reason"}),
        (Interval(10, Unit.DAYS, "台风季加密"), set()),
        (Interval(0, Unit.DAYS, "加密"), {"every"}),
        (Interval(121, Unit.MONTHS, "加密"), {"every"}),
        (Interval(1, "weeks", "加密"), {"unit"}),
    ],
)
def test_an_interval_of_the_office_needs_a_reason(interval: Interval, wrong: set[str]) -> None:
    assert set(rules.interval_faults(interval, Interval(15, Unit.DAYS))) == wrong


@pytest.mark.parametrize(
    ("one", "other", "longer"),
    [
        (Interval(15, Unit.DAYS), Interval(15, Unit.DAYS), False),
        (Interval(16, Unit.DAYS), Interval(15, Unit.DAYS), True),
        (Interval(1, Unit.MONTHS), Interval(15, Unit.DAYS), True),
        (Interval(360, Unit.DAYS), Interval(12, Unit.MONTHS), False),
        (Interval(13, Unit.MONTHS), Interval(12, Unit.MONTHS), True),
    ],
)
def test_what_is_longer(one: Interval, other: Interval, longer: bool) -> None:
    assert rules.is_longer(one, other) is longer


@pytest.mark.parametrize(
    ("state", "day", "wrong"),
    [
        ("stopped", date(2026, 3, 1), False),
        ("scrapped", TODAY, False),
        ("faulty", TODAY, False),
        ("in_use", TODAY, True),
        ("stopped", date(2026, 3, 3), True),
        ("stopped", date(2019, 1, 1), True),
        ("in_use", None, False),
    ],
)
def test_the_day_out_of_service(state: str, day: date | None, wrong: bool) -> None:
    fields = FacilityFields(state=state, out_of_service_on=day, installed_on=date(2020, 1, 1))
    assert ("out_of_service_on" in rules.facility_faults(fields, TODAY)) is wrong


def test_the_data_name_kinds_units_and_clauses() -> None:
    for item in catalogue.items().values():
        assert item.kind in set(FacilityKind)
        assert item.interval.unit in set(Unit)
        assert item.interval.every > 0
        assert catalogue.basis(item)
        assert item.days_ahead < 366
    assert [item.key for item in catalogue.items_of("lift").values()] == [
        "lift-inspection",
        "lift-maintenance",
    ]
    with in_chinese():
        assert catalogue.items()["lift-inspection"].name == "定期检验"
        assert "第四十条" in catalogue.basis(catalogue.items()["lift-inspection"])


# --- coverage


@given(
    st.dictionaries(st.integers(1, 9), st.text("甲乙丙", min_size=1), max_size=6),
    st.lists(st.tuples(st.sampled_from(["lift", "charging", "gondola"]), st.integers(1, 9)), max_size=12),
)
def test_coverage_counts_each_estate_once(names: dict[int, str], found: list[tuple[str, int]]) -> None:
    for row in rules.coverage(names, found):
        having = [key for key in names if any(pair == (row.kind, key) for pair in found)]
        assert (row.estates, row.of) == (len(having), len(names))
        assert row.without == tuple(name for key, name in names.items() if key not in having)
