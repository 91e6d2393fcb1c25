from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.facts import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import tiers as service

TODAY = date(2026, 3, 2)


@pytest.fixture
def estate(seat: Seat) -> int:
    return estates.save_estate(seat, EstateFields(name="福元小区", house_kind="commodity")).id


def give(seat: Seat, estate: int, tier: Tier, days: int = 0, **more: str) -> int:
    texts = {"reason": "整治达标", "document_no": "瑞街〔2026〕3号", **more}
    return service.assign_tier(seat, estate, tier, TODAY + timedelta(days=days), **texts).id


def test_an_estate_climbs_the_ladder(seat: Seat, estate: int) -> None:
    give(seat, estate, Tier.PROTECTIVE, -300)
    second = give(seat, estate, Tier.CORRECTIVE, -10)
    give(seat, estate, Tier.SETTLED, 30)
    history = service.tier_history(seat, estate)
    assert [given.tier for given in history] == [Tier.SETTLED, Tier.CORRECTIVE, Tier.PROTECTIVE]
    assert [given.is_current for given in history] == [False, True, False]
    assert history[1].id == second
    assert history[1].reason == "整治达标"
    assert history[1].document_no == "瑞街〔2026〕3号"


def test_what_was_given_tells_whether_it_holds_today(seat: Seat, estate: int) -> None:
    def given(tier: Tier, days: int) -> bool:
        day = TODAY + timedelta(days=days)
        return service.assign_tier(seat, estate, tier, day, "理由", "号").is_current

    assert given(Tier.CORRECTIVE, -10)
    assert not given(Tier.PROTECTIVE, -20)
    assert not given(Tier.SETTLED, 5)


def test_the_duties_follow_the_tier_of_the_day(seat: Seat, estate: int) -> None:
    none_yet = service.duties_of_estate(seat, estate)
    assert none_yet.given is None
    assert none_yet.duties == ()
    assert {duty.item for duty in none_yet.untiered} == {"lift", "tank"}
    give(seat, estate, Tier.CORRECTIVE, -10)
    give(seat, estate, Tier.LIVABLE, 30)
    now = service.duties_of_estate(seat, estate)
    assert now.given is not None
    assert now.given.tier is Tier.CORRECTIVE
    assert now.next_assignment is not None
    assert now.next_assignment.tier is Tier.LIVABLE
    assert {duty.item: duty.text for duty in now.duties}["security_patrol"] == "2/3"
    assert now.dense == frozenset()
    assert now.is_reference
    summer = service.duties_of_estate(seat, estate, date(2026, 7, 1))
    assert {duty.item: duty.text for duty in summer.duties}["security_patrol"] == "6/8"
    assert summer.dense == {"pests"}
    assert summer.next_assignment is None


def test_wrong_fields_are_told_in_words(seat: Seat, estate: int) -> None:
    give(seat, estate, Tier.CORRECTIVE)
    with pytest.raises(InvalidInput) as refused:
        give(seat, estate, Tier.CORRECTIVE, 5, reason="", document_no=" ")
    assert set(refused.value.fields) == {"tier", "reason", "document_no"}
    with pytest.raises(InvalidInput) as refused:
        give(seat, estate, Tier.SETTLED)
    assert set(refused.value.fields) == {"effective_on"}
    assert len(service.tier_history(seat, estate)) == 1


def test_a_mistake_is_taken_back(seat: Seat, estate: int) -> None:
    give(seat, estate, Tier.PROTECTIVE, -30)
    middle = give(seat, estate, Tier.CORRECTIVE, -20)
    last = give(seat, estate, Tier.PROTECTIVE, -10)
    with pytest.raises(Conflict):
        service.withdraw_tier(seat, middle)
    service.withdraw_tier(seat, last)
    service.withdraw_tier(seat, middle)
    assert [given.tier for given in service.tier_history(seat, estate)] == [Tier.PROTECTIVE]
    with pytest.raises(NotFound):
        service.withdraw_tier(seat, middle)


def test_current_tiers_of_all_estates(seat: Seat, estate: int) -> None:
    other = estates.save_estate(seat, EstateFields(name="富南大厦", house_kind="mixed-use")).id
    third = estates.save_estate(seat, EstateFields(name="思南路26弄", house_kind="old-lane")).id
    give(seat, estate, Tier.SETTLED, -5)
    give(seat, other, Tier.CORRECTIVE, 5)
    give(seat, third, Tier.PROTECTIVE, -5)
    tiers = service.tiers_of_estates(seat)
    assert {key: given.tier for key, given in tiers.items()} == {
        estate: Tier.SETTLED,
        third: Tier.PROTECTIVE,
    }
    later = service.tiers_of_estates(seat, [other], TODAY + timedelta(days=5))
    assert list(later) == [other]


def test_an_estate_that_is_gone_is_told(seat: Seat) -> None:
    with pytest.raises(NotFound):
        give(seat, 99, Tier.SETTLED)
    with pytest.raises(NotFound):
        service.duties_of_estate(seat, 99)
    with pytest.raises(NotFound):
        service.tier_history(seat, 99)


@pytest.mark.parametrize(
    ("role", "may_write"), [(Role.ADMIN, True), (Role.CLERK, True), (Role.VIEWER, False)]
)
def test_each_role_is_answered(
    seat: Seat, seat_as: Callable[[Role], Seat], estate: int, role: Role, may_write: bool
) -> None:
    given = give(seat, estate, Tier.CORRECTIVE, -5)
    as_role = seat_as(role)
    assert service.tier_history(as_role, estate)
    assert service.tiers_of_estates(as_role)
    assert service.duties_of_estate(as_role, estate).given
    if may_write:
        give(as_role, estate, Tier.SETTLED)
        service.withdraw_tier(as_role, given)
    else:
        with pytest.raises(NotAllowed):
            give(as_role, estate, Tier.SETTLED)
        with pytest.raises(NotAllowed):
            service.withdraw_tier(as_role, given)
