"""Rules on shares, periods, residence and ages of people, against an oracle of their own."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.codes import Code
from fuyuan_desk.estates.rules import people
from fuyuan_desk.estates.rules.people import Owner, Period, Residence

TODAY = date(2026, 3, 2)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
maybe_days = st.none() | days


@pytest.mark.parametrize(
    "codes", [people.Relation, people.Sex, people.HouseholdEnd, people.Residence, people.TagLook]
)
def test_every_code_has_a_name_of_its_own(codes: type[Code]) -> None:
    labels = [member.label for member in codes]
    assert len(set(labels)) == len(labels)
    assert all(labels)


# --- shares


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", None), ("  ", None), ("1/2", "1/2"), (" 1 / 3 ", "1/3"), ("２／４", "1/2"), ("1", "1"), ("50%", "1/2"),
        ("33.33%", "3333/10000"), ("100%", "1"), ("3分之1", "1/3"), ("单独所有", "1"), ("全部", "1"), ("1/1", "1"),
        ("12.5 %", "1/8"), ("999999/1000000", "999999/1000000"),
    ],
)  # fmt: skip
def test_shares_are_read_as_they_are_written(text: str, share: str | None) -> None:
    read = people.read_share(text)
    assert read == (None if share is None else Fraction(share))
    assert people.show_share(read) == ("" if read is None else str(Fraction(str(share))))


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "2",
        "0/2",
        "3/2",
        "1/0",
        "-1/2",
        "half",
        "1/2/3",
        "101%",
        "0%",
        "共同共有",
        "1.5",
        "½x",
        "1/9999999",
    ],
)
def test_what_is_no_share_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]{4}"):
        people.read_share(text)


@given(st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(1, whole), st.just(whole))))
def test_a_shown_share_is_read_again(pair: tuple[int, int]) -> None:
    share = Fraction(*pair)
    assert people.read_share(people.show_share(share)) == share


shares = st.none() | st.fractions(Fraction(1, 60), 1, max_denominator=60)


@given(st.lists(shares, min_size=1, max_size=6))
def test_more_than_the_whole_is_wrong_and_less_is_a_doubt(given_shares: list[Fraction | None]) -> None:
    owners = [Owner(f"{place}*", share) for place, share in enumerate(given_shares)]
    # counted in sixtieths' common multiples by decimals of high precision, not by fractions
    known = [Decimal(one.numerator) / Decimal(one.denominator) for one in given_shares if one is not None]
    total = sum(known, Decimal(0))
    unknown = given_shares.count(None)
    near = Decimal("1e-12")
    is_wrong = total > 1 + near or (abs(total - 1) < near and unknown > 0)
    is_alone = len(owners) == 1 and unknown == 1
    is_whole = abs(total - 1) < near and not unknown
    assert bool(people.share_fault(owners)) is is_wrong
    if not is_wrong:
        assert bool(people.share_doubt(owners)) is not (is_alone or is_whole)


def test_words_say_who_and_how_much() -> None:
    two = [Owner("张*", Fraction(1)), Owner("李*", Fraction(1, 2))]
    assert "张*" in people.share_fault(two)
    assert "3/2" in people.share_fault(two)
    assert "1/2" in people.share_doubt([Owner("张*", Fraction(1, 2))])
    assert "1/3" in people.share_doubt([Owner("张*", Fraction(2, 3)), Owner("李*")])
    assert people.share_doubt([]) == ""


@pytest.mark.parametrize(
    ("role", "tenure", "owns"),
    [
        ("owner", "commodity", True), ("owner", "", True), ("owner", "sold-public", True), ("owner", "?", True),
        ("owner", "direct-public", False), ("owner", "unit-public", False), ("tenant", "", False),
        ("renter", "commodity", False), ("", "commodity", False),
    ],
)  # fmt: skip
def test_only_an_owner_of_what_can_be_owned_owns(role: str, tenure: str, owns: bool) -> None:
    assert people.is_owner(role, tenure) is owns


# --- periods


@given(maybe_days, maybe_days, days)
def test_the_day_of_leaving_does_not_count_any_more(start: date | None, end: date | None, day: date) -> None:
    inside = (
        {day} if (start or date.min) <= day <= (end or date.max) - timedelta(days=end is not None) else set()
    )
    assert Period(start, end).covers(day) is bool(inside)


@given(maybe_days, maybe_days, maybe_days, maybe_days, days)
def test_a_person_counts_while_both_she_and_her_household_are_there(
    first: date | None, last: date | None, came: date | None, left: date | None, day: date
) -> None:
    outer, inner = Period(first, last), Period(came, left)
    assert people.both(outer, inner).covers(day) is (outer.covers(day) and inner.covers(day))


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (None, None, None), (TODAY, None, None), (TODAY + timedelta(1), None, "from"), (None, TODAY, None),
        (date(2020, 1, 2), date(2020, 1, 1), "until"), (date(2020, 1, 1), date(2020, 1, 1), None),
        (date(2020, 1, 1), date(2030, 1, 1), None),
    ],
)  # fmt: skip
def test_days_that_contradict_are_told_at_their_field(
    start: date | None, end: date | None, wrong: str | None
) -> None:
    assert list(people.period_faults(start, end, TODAY, ("from", "until"))) == ([wrong] if wrong else [])


# --- residence, age, tags


def test_residence_needs_both_answers() -> None:
    answers = {(a, b): people.residence(a, b) for a in (True, False, None) for b in (True, False, None)}
    assert answers == {
        (True, True): Residence.HERE, (True, False): Residence.NOT_REGISTERED, (False, True): Residence.AWAY,
        (False, False): Residence.NEITHER, (True, None): None, (False, None): None, (None, True): None,
        (None, False): None, (None, None): None,
    }  # fmt: skip
    assert {Residence.NOT_REGISTERED, Residence.AWAY} == people.SEPARATED


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("31010119800101000X", date(1980, 1, 1), ""), ("310101198001010012", date(1980, 1, 1), "male"),
        ("310101198002300012", None, ""), ("E12345678", None, ""), ("", None, ""),
    ],
)  # fmt: skip
def test_an_id_number_says_birth_and_sex(number: str, born: date | None, sex: str) -> None:
    found_born, found_sex = people.birth_and_sex(number)
    assert found_born == born
    assert not sex or found_sex == sex


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 110), st.integers(-1, 1))
def test_age_turns_on_the_birthday(born: date, years: int, shift: int) -> None:
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:  # 29 February
        birthday = date(born.year + years, 3, 1)
    day = birthday + timedelta(days=shift)
    assert people.age_on(born, day) == (years - 1 if shift < 0 else years)


@pytest.mark.parametrize(
    ("role", "sees"), [("admin", True), ("clerk", True), ("property", False), ("", False)]
)
def test_a_tag_is_seen_by_its_roles_and_the_administrator(role: str, sees: bool) -> None:
    assert people.may_see(["clerk"], role) is sees
