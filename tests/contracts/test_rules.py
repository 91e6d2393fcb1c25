"""Notice days, terms and dues of contracts, against a table and an oracle that counts day by day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.contracts import rules
from fuyuan_desk.contracts.catalogue import terms
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.rules import ENDED, ENDING, NOTICE, Running

LAW = terms()
TODAY = date(2026, 11, 28)
DAY = timedelta(days=1)
dates = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2027-03-31", -1, "2027-02-28"),
        ("2028-03-31", -1, "2028-02-29"),
        ("2028-03-29", -1, "2028-02-29"),
        ("2028-02-29", -12, "2027-02-28"),
        ("2027-02-28", -1, "2027-01-28"),
        ("2027-05-31", -1, "2027-04-30"),
        ("2027-01-31", -2, "2026-11-30"),
        ("2027-01-15", -1, "2026-12-15"),
        ("2027-12-31", -3, "2027-09-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2100-03-31", -1, "2100-02-28"),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(start: str, months: int, expected: str) -> None:
    assert rules.months_from(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("ends", "count", "unit", "expected"),
    [
        ("2027-03-31", 30, "days", "2027-03-01"),
        ("2028-03-31", 30, "days", "2028-03-01"),
        ("2028-03-30", 30, "days", "2028-02-29"),
        ("2027-03-30", 30, "days", "2027-02-28"),
        ("2026-12-31", 60, "days", "2026-11-01"),
        ("2027-01-31", 60, "days", "2026-12-02"),
        ("2026-12-31", 90, "days", "2026-10-02"),
        ("2027-12-31", 90, "days", "2027-10-02"),
        ("2028-05-29", 90, "days", "2028-02-29"),
        ("2027-05-29", 90, "days", "2027-02-28"),
        ("2027-03-31", 1, "months", "2027-02-28"),
        ("2028-03-31", 1, "months", "2028-02-29"),
        ("2026-12-31", 3, "months", "2026-09-30"),
    ],
)
def test_the_notice_day_is_the_last_on_which_notice_can_be_given(
    ends: str, count: int, unit: str, expected: str
) -> None:
    fields = ContractFields("cleaning", ends_on=day(ends), notice_count=count, notice_unit=unit)
    assert rules.notice_day(fields, LAW) == day(expected)


@given(dates, st.integers(1, 400))
def test_days_of_notice_are_counted_one_by_one(ends: date, count: int) -> None:
    found = rules.notice_day(
        ContractFields("lease", ends_on=ends, notice_count=count, notice_unit="days"), LAW
    )
    walked = ends
    for _step in range(count):
        walked -= DAY
    assert found == walked


@given(dates, st.integers(1, 60))
def test_months_of_notice_agree_with_the_pages_of_a_calendar(ends: date, count: int) -> None:
    fields = ContractFields("lease", ends_on=ends, notice_count=count, notice_unit="months")
    found = rules.notice_day(fields, LAW)
    assert found is not None
    first = ends.replace(day=1)
    for _page in range(count):
        first = (first - DAY).replace(day=1)
    # the same day of that month, or its last one where it has none
    candidates = [first + timedelta(days=number) for number in range(31)]
    within = [one for one in candidates if one.month == first.month and one.day <= ends.day]
    assert found == within[-1]


def test_without_an_end_or_a_period_the_notice_day_is_unknown() -> None:
    assert rules.notice_day(ContractFields("cleaning", ends_on=TODAY), LAW) is None
    assert rules.notice_day(ContractFields("cleaning", term="open"), LAW) is None
    assert (
        rules.notice_day(ContractFields("property", term="open", notice_count=60, notice_unit="days"), LAW)
        is None
    )


def test_a_property_service_without_an_agreed_period_has_that_of_the_law() -> None:
    assert rules.notice_day(ContractFields("property", ends_on=day("2026-12-31")), LAW) == day("2026-10-02")
    assert rules.notice_day(ContractFields("temporary", ends_on=day("2026-12-31")), LAW) is None


def test_a_period_beyond_the_calendar_is_unknown_and_no_error() -> None:
    fields = ContractFields("lease", ends_on=date(40, 1, 1), notice_count=999, notice_unit="months")
    assert rules.notice_day(fields, LAW) is None
    assert rules.contract_faults(fields, LAW, TODAY) == {}


@pytest.mark.parametrize(
    ("starts", "last"),
    [
        ("2026-01-01", "2026-06-30"),
        ("2026-08-31", "2027-02-27"),
        ("2027-08-31", "2028-02-28"),
        ("2026-03-15", "2026-09-14"),
    ],
)
def test_six_months_of_a_temporary_service(starts: str, last: str) -> None:
    assert rules.last_day_of_temporary(day(starts), LAW) == day(last)
    fields = ContractFields("temporary", starts_on=day(starts), ends_on=day(last))
    assert rules.contract_doubts(fields, LAW) == {}
    longer = replace(fields, ends_on=day(last) + DAY)
    assert set(rules.contract_doubts(longer, LAW)) == {"ends_on"}


# --- a form

GOOD = ContractFields("property", "1", 1, 1, day("2026-01-10"), day("2026-02-01"), "fixed", day("2028-01-31"))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"ends_on": None}, {"ends_on"}),
        ({"ends_on": day("2026-01-31")}, {"ends_on"}),
        ({"ends_on": day("2026-02-01")}, set()),
        ({"term": "open"}, {"ends_on"}),
        ({"term": "open", "ends_on": None}, set()),
        ({"term": "open", "ends_on": None, "kind": "temporary"}, {"term"}),
        ({"notice_count": 3}, {"notice_unit"}),
        ({"notice_unit": "days"}, {"notice_count"}),
        ({"notice_count": 731, "notice_unit": "days"}, {"notice_count"}),
        ({"notice_count": 729, "notice_unit": "days"}, set()),
        ({"signed_on": TODAY + DAY}, {"signed_on"}),
        ({"filed_on": TODAY + DAY}, {"filed_on"}),
        ({"filed_on": day("2026-01-09")}, {"filed_on"}),
        ({"filed_on": day("2026-01-10")}, set()),
    ],
)
def test_what_is_wrong_stands_beside_its_field(changes: dict[str, object], fields: set[str]) -> None:
    assert set(rules.contract_faults(replace(GOOD, **changes), LAW, TODAY)) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"notice_count": 89, "notice_unit": "days"}, {"notice_count"}),
        ({"notice_count": 90, "notice_unit": "days"}, set()),
        ({"notice_count": 3, "notice_unit": "months"}, set()),
        ({"notice_count": 2, "notice_unit": "months"}, {"notice_count"}),
        ({"notice_count": 1, "notice_unit": "months", "kind": "cleaning"}, set()),
        ({"term": "open", "ends_on": None, "notice_count": 60, "notice_unit": "days"}, set()),
        ({"term": "open", "ends_on": None, "notice_count": 59, "notice_unit": "days"}, {"notice_count"}),
        ({"filed_on": day("2026-02-09")}, set()),
        ({"filed_on": day("2026-02-10")}, {"filed_on"}),
    ],
)
def test_where_the_law_says_otherwise_is_a_doubt(changes: dict[str, object], fields: set[str]) -> None:
    assert set(rules.contract_doubts(replace(GOOD, **changes), LAW)) == fields  # type: ignore[arg-type]


# --- what is due


def running(ends: int | None, notice: int | None = None, **more: object) -> Running:
    def at(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days=days)

    values = {
        "id": 1, "estate_id": 1, "organisation_id": 1, "kind": "cleaning",
        "starts_on": date(2020, 1, 1), "ends_on": at(ends),
        "notice_on": at(notice), "signed_on": None, "filed_on": None, "nothing_follows": False,
    }  # fmt: skip
    return Running(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ends", "notice", "expected"),
    [
        (None, None, None),
        (400, None, None),
        (400, 31, None),
        (400, 30, (NOTICE, 30)),
        (400, 0, (NOTICE, 0)),
        (60, -30, (NOTICE, -30)),
        (31, None, None),
        (30, -60, (ENDING, 30)),
        (0, -90, (ENDING, 0)),
        (-1, -91, (ENDED, -1)),
    ],
)
def test_what_is_due_about_an_end(
    ends: int | None, notice: int | None, expected: tuple[object, int] | None
) -> None:
    found = rules.end_due(running(ends, notice), LAW, TODAY)
    assert found == (None if expected is None else (expected[0], TODAY + timedelta(days=expected[1])))


def begun(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("follows", "more"),
    [
        (True, {}),
        (True, {"ends_on": None}),
        (True, {"starts_on": begun(-5)}),  # on the last day of the former one
        (False, {"ends_on": begun(-6)}),
        (False, {"estate_id": 2}),
        (False, {"kind": "lease"}),
        # a lift's and a fire pump's maintenance run side by side: neither is the other's successor
        (False, {"organisation_id": 2}),
        (False, {"organisation_id": 2, "ends_on": None, "starts_on": begun(-900)}),
        (False, {"starts_on": begun(-6)}),
        (False, {"starts_on": begun(-900), "ends_on": None}),
    ],
)
def test_the_next_contract_with_the_same_organisation_follows(follows: bool, more: dict[str, object]) -> None:
    one, other = running(-5), running(300, **{"id": 2, "starts_on": begun(-4), **more})
    assert rules.is_followed(one, [one, other]) is follows
    assert not rules.is_followed(one, [one])
    assert rules.is_followed(replace(one, nothing_follows=True), [one])


def test_a_property_service_is_followed_by_any_later_one_of_its_estate() -> None:
    one = running(-5, kind="property")
    other = running(100, kind="temporary", id=2, organisation_id=2, starts_on=begun(-30))
    assert rules.is_followed(one, [one, other])
    # an open-ended one that was there before and never ended is no successor
    assert not rules.is_followed(one, [one, replace(other, ends_on=None, starts_on=date(2010, 1, 1))])


def test_a_property_service_is_filed_within_thirty_days_of_signing() -> None:
    signed = day("2026-01-31")
    assert rules.filing_due(running(400, kind="property", signed_on=signed), LAW) == day("2026-03-02")
    assert rules.filing_due(running(400, kind="property", signed_on=signed, filed_on=signed), LAW) is None
    assert rules.filing_due(running(400, kind="property"), LAW) is None
    assert rules.filing_due(running(400, signed_on=signed), LAW) is None
