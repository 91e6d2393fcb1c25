"""What organisations are to an estate over time: periods, who holds a role today, and a name typed in the form."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.estates.facts.houses import EstateFields, RoleFields
from fuyuan_desk.estates.records import EstateRole
from fuyuan_desk.estates.rules.roles import Held, Period, change_from, role_faults
from fuyuan_desk.estates.service import estates, roles
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service import organisations
from tests.conftest import NOW

TODAY = NOW.astimezone().date()
DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)

days = st.none() | st.integers(0, 40).map(lambda number: FIRST + timedelta(days=number))


def whole(period: Period) -> set[date]:
    """Return the days of a period within a window that holds all of the test's days, day by day."""
    window = [FIRST + timedelta(days=number) for number in range(-2, 44)]
    first, last = period.since or window[0], period.until or window[-1]
    return {day for day in window if first <= day <= last}


@given(days, days, days, days)
def test_periods_overlap_when_they_share_a_day(
    one: date | None, two: date | None, three: date | None, four: date | None
) -> None:
    first, second = Period(one, two), Period(three, four)
    if (one and two and two < one) or (three and four and four < three):
        return
    assert first.overlaps(second) == bool(whole(first) & whole(second)) == second.overlaps(first)
    assert all(first.holds(day) for day in whole(first))


@pytest.mark.parametrize(
    ("since", "until", "other", "field"),
    [
        (FIRST, None, Period(), "since"),
        (FIRST, None, Period(None, FIRST), "since"),
        (FIRST, None, Period(None, FIRST - DAY), ""),
        (None, FIRST, Period(FIRST, None), "until"),
        (None, FIRST - DAY, Period(FIRST, None), ""),
        (FIRST, FIRST + 3 * DAY, Period(FIRST + 3 * DAY, FIRST + 9 * DAY), "until"),
        (FIRST, FIRST - DAY, Period(), "until"),
        (None, None, Period(None, FIRST), "since"),
    ],
)
@pytest.mark.parametrize("role", ["property", "residents", "owners", "home"])
def test_one_at_a_time(role: str, since: date | None, until: date | None, other: Period, field: str) -> None:
    faults = role_faults(RoleFields(role, 1, since, until), [Held(2, "福元物业", other)])
    assert set(faults) == ({field} if field else set())
    assert not field or "before" in faults[field] or "福元物业" in faults[field]


def test_others_may_be_several_but_not_twice_the_same() -> None:
    held = [Held(2, "甲中学", Period(), "助学")]
    assert role_faults(RoleFields("paired", 1), held) == {}
    assert role_faults(RoleFields("paired", 2, note="为老"), held) == {}
    assert set(role_faults(RoleFields("paired", 2, note="助学 "), held)) == {"since"}


@given(days, days, days.filter(bool), st.booleans())
def test_whoever_takes_over_leaves_no_gap_and_no_overlap(
    since: date | None, until: date | None, today: date, is_new: bool
) -> None:
    present = Period(since, until)
    if not present.holds(today):
        return
    change = change_from(present, None if until is None else until + DAY, today, is_first=is_new)
    if change.replaces:
        assert since == today
        return
    assert whole(Period(since, change.ends)) | whole(Period(change.begins, change.until)) == whole(present)
    assert not Period(since, change.ends).overlaps(Period(change.begins, change.until))


# --- in the store


@pytest.fixture
def estate(seat: Seat) -> int:
    fields = EstateFields("福元小区", committee="福元居委会", property_company="先锋物业")
    return estates.save_estate(seat, fields).id


def held(seat: Seat, estate: int, role: str = "property") -> list[tuple[str, date | None, date | None]]:
    lines = [line for line in roles.find_roles(seat).rows if line.fields.role == role]
    found = [(line.names["organisation_id"], line.fields.since, line.fields.until) for line in lines]
    return sorted(found, key=lambda one: (one[1] or date.min, one[2] or date.max))


def retype(seat: Seat, estate: int, **changes: str) -> tuple[str, ...]:
    detail = estates.estate_detail(seat, estate)
    return estates.save_estate(seat, replace(detail.fields, **changes), estate, detail.version).doubts


def test_the_first_holders_have_been_there_since_an_unknown_day(seat: Seat, estate: int) -> None:
    assert held(seat, estate) == [("先锋物业", None, None)]
    assert held(seat, estate, "residents") == [("福元居委会", None, None)]
    fields = estates.estate_detail(seat, estate).fields
    assert (fields.committee, fields.property_company) == ("福元居委会", "先锋物业")
    kinds = {line.fields.name: line.fields.kind for line in organisations.find_organisations(seat).rows}
    assert kinds == {"福元居委会": "residents", "先锋物业": "property"}


def test_another_name_takes_over_today_and_says_so(seat: Seat, estate: int) -> None:
    told = " ".join(retype(seat, estate, property_company="福元物业"))
    assert "福元物业 is new" in told
    assert "先锋物业 until yesterday" in told
    assert held(seat, estate) == [("先锋物业", None, TODAY - DAY), ("福元物业", TODAY, None)]
    # on the same day it is a correction
    retype(seat, estate, property_company="福安物业")
    assert held(seat, estate) == [("先锋物业", None, TODAY - DAY), ("福安物业", TODAY, None)]
    retype(seat, estate, property_company="")
    assert held(seat, estate) == [("先锋物业", None, TODAY - DAY)]
    assert estates.list_estates(seat).rows[0].property_company == ""
    retype(seat, estate, property_company="先锋 物业")
    assert held(seat, estate)[-1] == ("先锋物业", TODAY, None)


def test_a_name_typed_by_mistake_is_taken_back_on_the_same_day(seat: Seat, estate: int) -> None:
    before = held(seat, estate)
    retype(seat, estate, property_company="福元物业")
    assert retype(seat, estate, property_company="先锋物业") == ()
    assert held(seat, estate) == before


def test_a_new_one_does_not_end_when_the_former_one_would_have(seat: Seat, estate: int) -> None:
    [line] = [line for line in roles.find_roles(seat).rows if line.fields.role == "property"]
    roles.save_role(seat, replace(line.fields, until=TODAY + 9 * DAY), line.known)
    retype(seat, estate, property_company="福元物业")
    assert held(seat, estate) == [("先锋物业", None, TODAY - DAY), ("福元物业", TODAY, None)]


def test_the_same_name_in_another_spelling_changes_nothing(seat: Seat, estate: int) -> None:
    version = estates.estate_detail(seat, estate).version
    assert retype(seat, estate, property_company="先锋　物业") == ()
    assert estates.estate_detail(seat, estate).version == version
    assert len(organisations.find_organisations(seat).rows) == 2


def test_a_successor_that_is_recorded_already_bounds_the_new_one(seat: Seat, estate: int) -> None:
    [line] = [line for line in roles.find_roles(seat).rows if line.fields.role == "property"]
    roles.save_role(seat, replace(line.fields, until=TODAY + 9 * DAY), line.known)
    later = organisations.save_organisation(seat, OrganisationFields("后来物业", "property")).id
    roles.save_role(seat, RoleFields("property", later, TODAY + 10 * DAY, estate_id=estate))
    assert estates.estate_detail(seat, estate).fields.property_company == "先锋物业"
    retype(seat, estate, property_company="福元物业")
    assert held(seat, estate) == [
        ("先锋物业", None, TODAY - DAY),
        ("福元物业", TODAY, TODAY + 9 * DAY),
        ("后来物业", TODAY + 10 * DAY, None),
    ]
    after = Seat(seat.store, seat.operator, now=lambda: NOW + timedelta(days=10))
    assert estates.list_estates(after).rows[0].property_company == "后来物业"
    with after.store.use() as session:
        assert estates.estate_summary(session, estate, after.today()).property_company == "后来物业"


def test_a_second_company_at_the_same_time_is_refused_beside_the_day(seat: Seat, estate: int) -> None:
    other = organisations.save_organisation(seat, OrganisationFields("福元物业", "property")).id
    with pytest.raises(InvalidInput) as refusal:
        roles.save_role(seat, RoleFields("property", other, TODAY, estate_id=estate))
    assert set(refusal.value.fields) == {"since"}
    assert "先锋物业 (unknown – no last day)" in refusal.value.fields["since"]
    assert "last day" in refusal.value.fields["since"]


def test_a_name_of_one_that_ended_is_refused_beside_the_field(seat: Seat, estate: int) -> None:
    organisations.save_organisation(seat, OrganisationFields("旧物业", "property", ended_on=TODAY - DAY))
    with pytest.raises(InvalidInput) as refusal:
        retype(seat, estate, property_company="旧物业")
    assert "ended on" in refusal.value.fields["property_company"]
    assert held(seat, estate) == [("先锋物业", None, None)]


def test_a_form_that_was_open_does_not_bring_the_former_one_back(seat: Seat, estate: int) -> None:
    opened = estates.estate_detail(seat, estate)
    [line] = [line for line in roles.find_roles(seat).rows if line.fields.role == "property"]
    other = organisations.save_organisation(seat, OrganisationFields("福元物业", "property")).id
    roles.save_role(seat, replace(line.fields, organisation_id=other), line.known)
    with pytest.raises(Conflict):
        estates.save_estate(seat, opened.fields, estate, opened.version)
    version = estates.estate_detail(seat, estate).version
    roles.remove_role(seat, line.id)
    assert estates.estate_detail(seat, estate).version == version + 1


def test_an_estate_is_removed_with_its_roles(seat: Seat, estate: int) -> None:
    assert estates.remove_estate(seat, estate) == "福元小区"
    with seat.store.use() as session:
        assert session.scalars(select(EstateRole)).all() == []


def test_the_list_of_estates_takes_as_many_statements_whatever_its_length(seat: Seat, estate: int) -> None:
    from sqlalchemy import event

    def count() -> int:
        sent: list[str] = []
        engine = seat.store.engine
        note = lambda *arguments: sent.append(arguments[2])  # noqa: E731 - taken off again by name
        event.listen(engine, "before_cursor_execute", note)
        try:
            estates.list_estates(seat)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    before = count()
    for number in range(5):
        estates.save_estate(seat, EstateFields(f"{number}弄", property_company=f"{number}物业"))
    assert count() == before
