"""Who goes on rounds: only a visit of that party fills them; and a building that was renamed keeps its sheet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import checks
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, VisitDetail
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, RoundPlan
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import batches
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from tests.inspections.test_batches import enter, lane, print_of, wanted
from tests.inspections.test_rounds import PLAN, TODAY, at

__all__ = ["lane"]  # a fixture


def rounds_of(seat: Seat, visit: VisitDetail) -> list[str]:
    """Return the parties of the plans whose rounds a visit fills."""
    query = select(RoundPlan.party).join(PlannedRound, PlannedRound.plan_id == RoundPlan.id)
    with seat.store.use() as session:
        return list(session.scalars(query.where(PlannedRound.visit_id == visit.id)))


def go(seat: Seat, estate: int, party: Party, round_id: int | None = None) -> VisitDetail:
    """Log a clean visit of a party to an estate."""
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    subject = estate_subjects(seat, [estate])[0]
    return log_visit(seat, NewVisit(subject, seat.now(), party, "何斌", findings, round_id=round_id))


@pytest.mark.parametrize("party", Party)
def test_a_visit_fills_the_round_of_its_party_alone(
    seat: Seat, two_estates: tuple[int, int], party: Party
) -> None:
    for one in (Party.COMMITTEE, Party.PROPERTY):
        plans.save_plan(seat, replace(PLAN, name=one, party=one))
    planned = [] if party is Party.ENFORCEMENT else [party]
    assert rounds_of(seat, go(seat, two_estates[0], party)) == planned


@pytest.mark.parametrize("party", Party)
def test_a_check_fills_the_round_before_it_of_the_party_that_had_it_made(
    seat: Seat, two_estates: tuple[int, int], party: Party
) -> None:
    due, done = TODAY + timedelta(days=18), TODAY + timedelta(days=14)
    lift = save_facility(seat, FacilityFields("lift", "1", two_estates[0], next_check_on=due)).id
    before = replace(PLAN, objects="facility", facility_kind="lift", unit="due", times=7)
    for one in (Party.COMMITTEE, Party.PROPERTY):
        plans.save_plan(seat, replace(before, name=one, party=one))
    later = at(seat, done + timedelta(days=1))
    item = next(one.key for one in checks.facility_checks(seat, lift).items)
    with pytest.raises(InvalidInput) as refused:
        checks.save_check(later, CheckFields(lift, item, done, "检验所"))
    assert list(refused.value.fields) == ["party"]
    checks.save_check(later, CheckFields(lift, item, done, "检验所", party=party))
    plan_rounds(later)
    query = select(RoundPlan.party).join(PlannedRound, PlannedRound.plan_id == RoundPlan.id)
    with seat.store.use() as session:
        filled = set(session.scalars(query.where(PlannedRound.visited_on == done)))
    assert filled == {party} - {Party.ENFORCEMENT}


def test_a_round_of_another_party_is_refused_beside_the_party(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    plans.save_plan(seat, PLAN)
    key = wanted(seat)[0].id
    with pytest.raises(InvalidInput) as refused:
        go(seat, two_estates[0], Party.PROPERTY, key)
    assert set(refused.value.fields) == {"party"}


def test_a_sheet_of_the_committee_is_not_entered_by_the_property_company(
    seat: Seat, lane: int, seat_as: Callable[[Role], Seat]
) -> None:
    number = print_of(seat, wanted(seat)).sheets[1].number
    company = replace(seat, operator=replace(seat_as(Role.PROPERTY).operator, estates=frozenset({lane})))
    with pytest.raises(InvalidInput, match="Property company") as refused:
        enter(company, number, party=Party.PROPERTY)
    assert set(refused.value.fields) == {"sheet"}
    assert rounds_of(seat, enter(seat, number)) == [Party.COMMITTEE]


def test_a_sheet_names_the_party_that_goes(seat: Seat, lane: int) -> None:
    plans.save_plan(seat, replace(PLAN, name="物业", lead="王", party=Party.PROPERTY, estates=(lane,)))
    sheets = print_of(seat, wanted(seat)).sheets
    assert {(one.duty.lead, one.parties) for one in sheets if one.duty is not None} == {
        ("何斌", ("committee",)), ("史国强", ("committee",)), ("王", ("property",)),
    }  # fmt: skip
    with seat.store.use() as session:
        assert set(session.scalars(select(PrintedSheet.party))) == {"committee", "property"}


def test_another_party_ends_the_plan_and_past_rounds_keep_theirs(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    saved = plans.save_plan(seat, PLAN)
    later = at(seat, TODAY + timedelta(days=10))
    plan_rounds(later)
    line = plans.read_plan(later, saved.id)
    changed = plans.save_plan(later, replace(line.fields, party=Party.PROPERTY), line.known)
    assert changed.id != saved.id
    assert plans.read_plan(later, saved.id).fields.party == Party.COMMITTEE


def test_a_building_that_was_renamed_is_not_offered_a_second_sheet(seat: Seat, lane: int) -> None:
    printed = print_of(seat, wanted(seat))
    before = {one.place: one.sheet for one in wanted(seat)}
    line = next(one for one in buildings.list_buildings(seat, lane) if one.fields.label == "1号")
    buildings.save_building(seat, replace(line.fields, label="1号楼"), line.known)
    plan_rounds(seat)
    now = {one.place: one.sheet for one in wanted(seat)}
    assert now == {place if place != "1号" else "1号楼": sheet for place, sheet in before.items()}
    again = batches.round_previews(seat, [one.id for one in wanted(seat)]).sheets
    assert {one.number for one in again} == {one.number for one in printed.sheets}


def test_a_sheet_for_another_place_than_the_round_is_refused(seat: Seat, lane: int) -> None:
    first, second = (one for one in wanted(seat) if one.place in ("1号", "3号"))
    number = print_of(seat, [second]).sheets[0].number
    with pytest.raises(InvalidInput, match=r"for 3号, the round for 1号"):
        enter(seat, number, round_id=first.id)
