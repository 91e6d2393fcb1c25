from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import tiers as service

TODAY = date(2026, 3, 2)


@pytest.fixture
def estate(seat: Seat) -> int:
    return estates.save_estate(seat, EstateFields(name="福元小区", house_kind="commodity")).id


def on(seat: Seat, day: date) -> Seat:
    """The same seat on another day."""
    return replace(seat, now=lambda: datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def assign(seat: Seat, estate: int, tier: Tier, days: int = 0, **more: str) -> int:
    texts = {"reason": "整治达标", "document_no": "瑞街〔2026〕3号", **more}
    return service.assign_tier(seat, estate, tier, TODAY + timedelta(days=days), **texts).id


def test_an_estate_climbs_the_ladder(seat: Seat, estate: int) -> None:
    assign(seat, estate, Tier.PROTECTIVE, -300)
    second = assign(seat, estate, Tier.CORRECTIVE, -10)
    assign(seat, estate, Tier.SETTLED, 30)
    history = service.tier_history(seat, estate)
    assert [assigned.tier for assigned in history] == [Tier.SETTLED, Tier.CORRECTIVE, Tier.PROTECTIVE]
    assert [assigned.is_current for assigned in history] == [False, True, False]
    assert history[1].id == second
    assert history[1].reason == "整治达标"
    assert history[1].document_no == "瑞街〔2026〕3号"


def test_a_new_assignment_reports_whether_it_is_in_force(seat: Seat, estate: int) -> None:
    def is_current(tier: Tier, days: int) -> bool:
        day = TODAY + timedelta(days=days)
        return service.assign_tier(seat, estate, tier, day, "理由", "号").is_current

    assert is_current(Tier.CORRECTIVE, -10)
    assert not is_current(Tier.PROTECTIVE, -20)
    assert not is_current(Tier.SETTLED, 5)


def test_the_duties_follow_the_tier_of_the_day(seat: Seat, estate: int) -> None:
    without_tier = service.duties_of_estate(seat, estate)
    assert without_tier.assigned is None
    assert without_tier.duties == ()
    assert {duty.item for duty in without_tier.untiered} == {"lift", "tank", "fire_pump", "garage"}
    assign(seat, estate, Tier.CORRECTIVE, -10)
    assign(seat, estate, Tier.LIVABLE, 30)
    now = service.duties_of_estate(seat, estate)
    assert now.assigned is not None
    assert now.assigned.tier is Tier.CORRECTIVE
    assert now.next_assignment is not None
    assert now.next_assignment.tier is Tier.LIVABLE
    assert {duty.item: duty.text for duty in now.duties}["security_patrol"] == "每日昼间 2 次、夜间 3 次"
    assert now.dense == frozenset()
    assert now.is_reference
    summer = service.duties_of_estate(on(seat, date(2026, 7, 1)), estate)
    assert {duty.item: duty.text for duty in summer.duties}["security_patrol"] == "每日昼间 6 次、夜间 8 次"
    assert summer.dense == {"pests"}
    assert summer.next_assignment is None


def test_errors_name_their_fields(seat: Seat, estate: int) -> None:
    assign(seat, estate, Tier.CORRECTIVE)
    with pytest.raises(InvalidInput) as refused:
        assign(seat, estate, Tier.CORRECTIVE, 5, reason="", document_no=" ")
    assert set(refused.value.fields) == {"tier", "reason", "document_no"}
    with pytest.raises(InvalidInput) as refused:
        assign(seat, estate, Tier.SETTLED)
    assert set(refused.value.fields) == {"effective_on"}
    assert len(service.tier_history(seat, estate)) == 1


def test_a_mistake_is_withdrawn(seat: Seat, estate: int) -> None:
    assign(seat, estate, Tier.PROTECTIVE, -30)
    middle = assign(seat, estate, Tier.CORRECTIVE, -20)
    last = assign(seat, estate, Tier.PROTECTIVE, -10)
    with pytest.raises(Conflict):
        service.withdraw_tier(seat, middle)
    service.withdraw_tier(seat, last)
    service.withdraw_tier(seat, middle)
    assert [assigned.tier for assigned in service.tier_history(seat, estate)] == [Tier.PROTECTIVE]
    with pytest.raises(NotFound):
        service.withdraw_tier(seat, middle)


def test_current_tiers_of_all_estates(seat: Seat, estate: int) -> None:
    other = estates.save_estate(seat, EstateFields(name="富南大厦", house_kind="mixed-use")).id
    third = estates.save_estate(seat, EstateFields(name="思南路26弄", house_kind="old-lane")).id
    assign(seat, estate, Tier.SETTLED, -5)
    assign(seat, other, Tier.CORRECTIVE, 5)
    assign(seat, third, Tier.PROTECTIVE, -5)
    tiers = service.tiers_of_estates(seat)
    assert {key: assigned.tier for key, assigned in tiers.items()} == {
        estate: Tier.SETTLED,
        third: Tier.PROTECTIVE,
    }
    later = service.tiers_of_estates(on(seat, TODAY + timedelta(days=5)))
    assert set(later) == {estate, other, third}


def test_a_missing_estate_is_reported(seat: Seat) -> None:
    with pytest.raises(NotFound):
        assign(seat, 99, Tier.SETTLED)
    with pytest.raises(NotFound):
        service.duties_of_estate(seat, 99)
    with pytest.raises(NotFound):
        service.tier_history(seat, 99)


@pytest.mark.parametrize(
    ("role", "may_write"), [(Role.ADMIN, True), (Role.CLERK, True), (Role.VIEWER, False)]
)
def test_permissions_by_role(
    seat: Seat, seat_as: Callable[[Role], Seat], estate: int, role: Role, may_write: bool
) -> None:
    assigned = assign(seat, estate, Tier.CORRECTIVE, -5)
    as_role = seat_as(role)
    assert service.tier_history(as_role, estate)
    assert service.tiers_of_estates(as_role)
    assert service.duties_of_estate(as_role, estate).assigned
    if may_write:
        assign(as_role, estate, Tier.SETTLED)
        service.withdraw_tier(as_role, assigned)
    else:
        with pytest.raises(NotAllowed):
            assign(as_role, estate, Tier.SETTLED)
        with pytest.raises(NotAllowed):
            service.withdraw_tier(as_role, assigned)
