"""Homes, households and people that are recorded twice, on a real store: suspected, merged, and split again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls
from fuyuan_desk.core.errors import Conflict, NotAllowed, NotFound
from fuyuan_desk.estates.facts.houses import UnitFields
from fuyuan_desk.estates.facts.people import HOLDER, PersonFields, TagFields
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import (
    households,
    merging,
    people,
    shares,
    suspects,
    tags,
    units,
)
from fuyuan_desk.estates.service.merging import ANOTHER, HOLDER_IS, THE_SAME
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.kit.merging.store import Row
from fuyuan_desk.privacy.catalogue import holdings
from fuyuan_desk.privacy.service import deleted_records
from fuyuan_desk.privacy.service.anonymise import Purge
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.audit import log, replay
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope
from fuyuan_desk.today import service as today
from tests.conftest import NOW
from tests.estates.lane import Lane

TODAY = NOW.astimezone().date()
NUMBER, OTHER_NUMBER = "31010119800101000X", "310101195001010000"
PASSPORT = "E12345678"


@pytest.fixture
def lane(seat: Seat) -> Lane:
    return Lane(seat)


def merge(seat: Seat, first: Row, second: Row, *taken: str, **answers: str) -> None:
    found = merging.compare(seat, first, second)
    merging.merge(seat, found.stamp, taken, answers)


def merge_id(seat: Seat) -> int:
    return next(pair.second_key for pair in suspects.list_pairs(seat) if pair.state is PairState.MERGED)


def everything(seat: Seat) -> dict[str, list[dict[str, Any]]]:
    """Return all business records but the memory of merges, without versions: what a split must bring back."""
    left_out = {"merged_record", "redaction"}
    with seat.store.use() as session:
        rows = {
            model.__tablename__: [
                {key: value for key, value in row.items() if key != "version"}
                for row in session.execute(select(Base.metadata.tables[model.__tablename__])).mappings()
            ]
            for model in scope.models()
            if model.__tablename__ not in left_out and model.trailed
        }
        session.rollback()
    return {table: sorted(of, key=lambda row: row["id"]) for table, of in rows.items()}


def contradictions(seat: Seat) -> list[Any]:
    """Return where the records differ from the audit trail."""
    with seat.store.use() as session:
        connection = session.connection()
        found = [
            (model.__tablename__, one)
            for model in scope.models()
            if model.trailed
            for one in replay.differences(connection, model)
        ]
        broken = log.verify_chain(connection).broken
        session.rollback()
    return [*found, *broken]


def rows(seat: Seat, model: type[Record], **equal: Any) -> list[Any]:
    with seat.store.use() as session:
        found = list(session.scalars(select(model).filter_by(**equal)))
        session.expunge_all()
        session.rollback()
    return found


# --- homes


@pytest.fixture
def two_homes(lane: Lane) -> tuple[Row, Row]:
    first = lane.home("101室", area=4_000, tenure="private")
    second = lane.home("101", area=4_100, lease_no="A7", other_ids=(("物业", "5"),))
    held = lane.household(second, "蔡兰刚", phones=("13812345678",))
    lane.person(held, "姚艳志")
    fields = CallFields(TODAY, staff="王主任", resident=Called(second, held).key, said="好")
    calls.save_call(lane.seat, fields)
    return (UNITS, first), (UNITS, second)


def test_a_comparison_shows_both_and_asks_only_where_both_say_something(
    lane: Lane, two_homes: tuple[Row, Row]
) -> None:
    found = merging.compare(lane.seat, *two_homes)
    assert (found.first, found.second) == ("南昌路168弄4号101室", "南昌路168弄4号101")
    assert [(choice.name, choice.first, choice.second) for choice in found.choices] == [
        ("label", "101室", "101"), ("area", "40.00 m²", "41.00 m²"),
    ]  # fmt: skip
    told = {name: (first, second) for name, first, second in found.rows}
    assert told["Lease no."] == ("Not recorded", "A7")
    assert told["Referred to by"] == ("Nothing", "1 household, 1 call")


def test_a_merged_home_keeps_all_that_belonged_to_both(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    kept, gone = two_homes
    merge(lane.seat, kept, gone, "area")
    detail = units.unit_detail(lane.seat, kept[1])
    fields = detail.fields
    assert (fields.label, fields.area, fields.tenure, fields.lease_no) == ("101室", 4_100, "private", "A7")
    assert fields.other_ids == (("物业", "5"),)
    assert [household.head for household in detail.households] == ["蔡*"]
    [line] = calls.find_calls(lane.seat).rows
    assert line.extra["home"] == "南昌路168弄4号101室"
    assert Called.of(line.fields.resident) == Called(kept[1], detail.households[0].id)
    with pytest.raises(NotFound):
        units.unit_detail(lane.seat, gone[1])
    for typed in ("101室", "蔡兰刚", "5678"):
        hits = today.search(lane.seat, all_records(), typed)
        assert [hit.record_id for hit in hits if hit.kind == "unit"] == [kept[1]], typed
    assert contradictions(lane.seat) == []


def test_a_split_brings_everything_back(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    before = everything(lane.seat)
    merge(lane.seat, *two_homes, "label", "area")
    assert everything(lane.seat) != before
    merging.split(lane.seat, merge_id(lane.seat))
    assert everything(lane.seat) == before
    assert contradictions(lane.seat) == []
    assert all(not finding.faults for finding in check_store(lane.seat.store))
    hits = today.search(lane.seat, all_records(), "蔡兰刚")
    assert [hit.record_id for hit in hits if hit.kind == "unit"] == [two_homes[1][1]]
    with pytest.raises(Conflict, match="undone already"):
        merging.split(lane.seat, 1)


def test_homes_of_two_estates_are_refused(lane: Lane) -> None:
    other = Lane(lane.seat, "富南大厦")
    with pytest.raises(Conflict, match="different estates"):
        merging.compare(lane.seat, (UNITS, lane.home("101室")), (UNITS, other.home("101室")))


def test_a_home_is_not_merged_with_itself_or_twice(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    kept, gone = two_homes
    with pytest.raises(Conflict, match="itself"):
        merging.compare(lane.seat, kept, kept)
    found = merging.compare(lane.seat, kept, gone)
    merging.merge(lane.seat, found.stamp)
    with pytest.raises(NotFound):  # a circle: what is gone takes nothing over
        merging.merge(lane.seat, (found.stamp[1], found.stamp[0]))
    with pytest.raises(NotFound):
        merging.merge(lane.seat, found.stamp)


def test_what_changed_after_the_comparison_is_refused(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    found = merging.compare(lane.seat, *two_homes)
    units.save_unit(lane.seat, UnitFields(lane.building, label="101", area=1), two_homes[1][1])
    with pytest.raises(Conflict, match="meanwhile"):
        merging.merge(lane.seat, found.stamp)


def test_a_chain_is_split_from_its_end(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    before = everything(lane.seat)
    kept, gone = two_homes
    third = (UNITS, lane.home("0101"))
    with_third = everything(lane.seat)
    merge(lane.seat, kept, gone)
    first_merge = merge_id(lane.seat)
    merge(lane.seat, third, kept)
    with pytest.raises(Conflict, match="later"):
        merging.split(lane.seat, first_merge)
    merging.split(lane.seat, merge_id(lane.seat))
    merging.split(lane.seat, first_merge)
    assert everything(lane.seat) == with_third
    units.remove_unit(lane.seat, third[1])
    assert everything(lane.seat) == before


def test_a_split_is_refused_where_something_was_changed_since(lane: Lane, two_homes: tuple[Row, Row]) -> None:
    kept, gone = two_homes
    merge(lane.seat, kept, gone, "area")
    detail = units.unit_detail(lane.seat, kept[1])
    units.save_unit(lane.seat, replace(detail.fields, area=5_000), kept[1])
    after = everything(lane.seat)
    with pytest.raises(Conflict, match="Area"):
        merging.split(lane.seat, merge_id(lane.seat))
    assert everything(lane.seat) == after
    units.save_unit(lane.seat, replace(detail.fields, floor="2"), kept[1])
    merging.split(lane.seat, merge_id(lane.seat))
    assert units.unit_detail(lane.seat, kept[1]).fields.floor == "2", "what it did not touch stays"


# --- households


@pytest.fixture
def home(lane: Lane) -> int:
    return lane.home("101室")


def parts_of(seat: Seat, household: int, person: int = HOLDER) -> PersonFields:
    return people.person_for_edit(seat, household, person).fields


def test_two_households_of_one_holder_become_one(lane: Lane, home: int) -> None:
    seat = lane.seat
    tag = tags.save_tag(seat, TagFields("独居老人")).id
    first = lane.household(home, "蔡兰刚", phones=("13812345678", "021-60000011"), people=2, remarks="甲")
    second = lane.household(
        home, "蔡兰刚", phones=("13812345678", "13912345678"), id_number=NUMBER, people=3, remarks="乙"
    )
    people.save_person(seat, second, replace(parts_of(seat, second), tags=(tag,)), HOLDER)
    wife = lane.person(second, "姚艳志", phones=("13712345678",))
    calls.save_call(seat, CallFields(TODAY, staff="王主任", resident=Called(home, second, wife).key))
    before = everything(seat)
    found = merging.compare(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    assert [choice.name for choice in found.choices] == ["people"]
    assert [(question.name, question.usual) for question in found.questions] == [(HOLDER_IS, THE_SAME)]
    merging.merge(seat, found.stamp, ["people"], {HOLDER_IS: THE_SAME})
    edit = households.household_for_edit(seat, first).fields
    assert (edit.people, edit.remarks, edit.id_number) == (3, "甲\n乙", NUMBER)
    assert edit.phones == ("13812345678", "021-60000011", "13912345678")
    assert parts_of(seat, first).tags == (tag,)
    assert parts_of(seat, first, wife).phones == ("13712345678",)
    [call] = calls.find_calls(seat).rows
    assert Called.of(call.fields.resident) == Called(home, first, wife)
    assert [view.id for view in units.unit_detail(seat, home).households] == [first]
    merging.split(seat, merge_id(seat))
    assert everything(seat) == before
    assert contradictions(seat) == []


def test_a_couple_recorded_as_two_households_becomes_one_with_a_person(lane: Lane, home: int) -> None:
    seat = lane.seat
    first = lane.household(home, "蔡兰刚", phones=("13812345678",))
    second = lane.household(
        home, "姚艳志", phones=("13912345678",), moved_in_on=date(2020, 5, 1), remarks="乙"
    )
    child = lane.person(second, "蔡小明")
    calls.save_call(seat, CallFields(TODAY, staff="王主任", resident=Called(home, second).key))
    before = everything(seat)
    found = merging.compare(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    assert found.questions[0].usual == ANOTHER
    merging.merge(seat, found.stamp, [], {HOLDER_IS: ANOTHER})
    [household] = units.unit_detail(seat, home).households
    assert household.head == "蔡*"
    assert [(one.name, one.from_on) for one in household.members] == [
        ("蔡*", None), ("姚*", date(2020, 5, 1)), ("蔡*", None),
    ]  # fmt: skip
    wife = next(one.id for one in household.members if one.name == "姚*")
    assert parts_of(seat, first, wife).phones == ("13912345678",)
    assert parts_of(seat, first).phones == ("13812345678",)
    assert parts_of(seat, first, child).name == "蔡小明"
    [call] = calls.find_calls(seat).rows
    assert Called.of(call.fields.resident) == Called(home, first, wife)
    merging.split(seat, merge_id(seat))
    assert everything(seat) == before


def test_households_of_two_homes_are_refused(lane: Lane, home: int) -> None:
    first, second = lane.household(home, "蔡兰刚"), lane.household(lane.home("102室"), "蔡兰刚")
    with pytest.raises(Conflict, match="different homes"):
        merging.compare(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))


def test_a_company_becomes_no_person(lane: Lane, home: int) -> None:
    first = lane.household(home, "蔡兰刚")
    second = lane.household(home, "福元物业有限公司", is_company=True)
    with pytest.raises(Conflict, match="company"):
        merge(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=ANOTHER)


def test_shares_that_would_be_too_much_together_are_refused(lane: Lane, home: int) -> None:
    seat = lane.seat
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "蔡兰刚")
    shares.save_shares(seat, home, {(first, HOLDER): "1/2", (second, HOLDER): "1/2"}, None)
    before = everything(seat)
    with pytest.raises(Conflict, match="same time"):
        merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=THE_SAME)
    assert everything(seat) == before
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=ANOTHER)
    found = shares.shares_of_unit(seat, home)
    assert sorted(row.share for row in found.rows) == ["1/2", "1/2"]


def test_what_would_contradict_itself_is_refused(lane: Lane, home: int) -> None:
    first = lane.household(home, "蔡兰刚", people=3)
    second = lane.household(home, "蔡兰刚", vacant=True)
    before = everything(lane.seat)
    with pytest.raises(Conflict, match="no residents"):
        merge(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), "vacant", holder_is=THE_SAME)
    assert everything(lane.seat) == before
    merge(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=THE_SAME)


# --- people


def test_two_records_of_one_person_become_one(lane: Lane, home: int) -> None:
    seat = lane.seat
    household = lane.household(home, "蔡兰刚")
    first = lane.person(household, "姚艳志", phones=("13812345678",), lives_here=False, has_key=False)
    second = lane.person(
        household, "姚燕志", relation="spouse", phones=("13812345678",), papers=(PASSPORT,), lives_here=True,
        has_key=True, other_ids=(("社区云 居住ID", "9"),), may_publish=False,
    )  # fmt: skip
    shares.save_shares(seat, home, {(household, HOLDER): "1/2", (household, second): "1/2"}, None)
    before = everything(seat)
    found = merging.compare(seat, (PEOPLE, first), (PEOPLE, second))
    assert [choice.name for choice in found.choices] == ["name", "lives_here"]
    merging.merge(seat, found.stamp, ["lives_here"])
    fields = parts_of(seat, household, first)
    assert (fields.name, fields.relation, fields.lives_here, fields.has_key) == (
        "姚艳志",
        "spouse",
        True,
        True,
    )
    assert fields.may_publish is False
    assert (fields.phones, fields.papers) == (("13812345678",), (PASSPORT,))
    assert fields.other_ids == (("社区云 居住ID", "9"),)
    assert {(row.id, row.share) for row in shares.shares_of_unit(seat, home).rows} == {
        (HOLDER, "1/2"), (first, "1/2"),
    }  # fmt: skip
    merging.split(seat, merge_id(seat))
    assert everything(seat) == before
    assert contradictions(seat) == []


def test_a_holder_and_a_person_become_the_holder(lane: Lane, home: int) -> None:
    seat = lane.seat
    household = lane.household(home, "蔡兰刚", id_number=NUMBER)
    person = lane.person(
        household, "蔡兰刚", relation="other", id_number=PASSPORT, id_kind="passport", phones=("13812345678",)
    )
    before = everything(seat)
    found = merging.compare(seat, (HOUSEHOLDS, household), (PEOPLE, person))
    merging.merge(seat, found.stamp)
    fields = parts_of(seat, household)
    assert (fields.id_number, fields.papers, fields.phones) == (NUMBER, (PASSPORT,), ("13812345678",))
    assert len(units.unit_detail(seat, home).households[0].members) == 1
    merging.split(seat, merge_id(seat))
    assert everything(seat) == before


def test_a_person_recorded_in_two_homes_goes_to_the_one_that_stays(lane: Lane, home: int) -> None:
    seat = lane.seat
    other = lane.home("102室")
    first = lane.household(home, "蔡兰刚")
    second = lane.household(other, "苏强平")
    kept = lane.person(first, "姚艳志", id_number=NUMBER)
    gone = lane.person(second, "姚艳志", id_number=NUMBER, phones=("13812345678",))
    calls.save_call(seat, CallFields(TODAY, staff="王主任", resident=Called(other, second, gone).key))
    merge(seat, (PEOPLE, kept), (PEOPLE, gone))
    assert parts_of(seat, first, kept).phones == ("13812345678",)
    [call] = calls.find_calls(seat).rows
    assert Called.of(call.fields.resident) == Called(home, first, kept)
    hits = today.search(seat, all_records(), "姚艳志")
    assert [hit.record_id for hit in hits if hit.kind == "unit"] == [home]


def test_a_share_of_another_home_stays_there(lane: Lane, home: int) -> None:
    seat = lane.seat
    other = lane.home("102室")
    kept = lane.person(lane.household(home, "蔡兰刚"), "姚艳志")
    second = lane.household(other, "苏强平")
    gone = lane.person(second, "姚艳志")
    shares.save_shares(seat, other, {(second, HOLDER): "1/2", (second, gone): "1/2"}, None)
    with pytest.raises(Conflict, match="share of the home"):
        merge(seat, (PEOPLE, kept), (PEOPLE, gone))


def test_a_holder_is_not_merged_into_a_person(lane: Lane, home: int) -> None:
    household = lane.household(home, "蔡兰刚")
    person = lane.person(household, "蔡兰刚")
    with pytest.raises(Conflict, match="holder"):
        merging.compare(lane.seat, (PEOPLE, person), (HOUSEHOLDS, household))


def test_who_was_anonymised_is_not_merged_and_what_was_erased_is_not_split(lane: Lane, home: int) -> None:
    seat = lane.seat
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "蔡兰刚")
    [gone] = rows(seat, Household, id=second)
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    with seat.store.use() as session:
        columns = deleted_records.rules()["household"].columns
        Purge(session, TODAY).forget("household", {second: gone.uid}, columns, "anonymise", "x")
        session.commit()
    [pair] = suspects.list_pairs(seat)
    assert pair.second == "(erased)"
    with pytest.raises(Conflict, match="erased"):
        merging.split(seat, pair.second_key)
    third = lane.household(home, "苏强平")
    with seat.store.use() as session:
        session.get_one(Household, third).anonymised_on = TODAY
        session.commit()
    with pytest.raises(Conflict, match="anonymised"):
        merging.compare(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, third))


def test_erasing_somebody_erases_what_was_merged_into_her_from_the_trail(lane: Lane, home: int) -> None:
    seat = lane.seat
    first = lane.household(home, "蔡兰刚")
    second = lane.household(home, "蔡兰刚", id_number=OTHER_NUMBER, phones=("13812345678",))
    third = lane.person(second, "蔡岚刚", id_number="E87654321", id_kind="passport")
    merge(seat, (HOUSEHOLDS, second), (PEOPLE, third))
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=THE_SAME)
    with seat.store.use() as session:
        Purge(session, TODAY).take(holdings()["household"], [first], "erase", "x")
        session.commit()
    told = "".join(entry.changes for entry in rows(seat, log.AuditEntry))  # type: ignore[arg-type]
    for personal in ("蔡兰刚", "蔡岚刚", OTHER_NUMBER, "E87654321", "13812345678"):
        assert personal not in told, personal


def test_people_of_two_estates_are_refused(lane: Lane, home: int) -> None:
    other = Lane(lane.seat, "富南大厦")
    kept = lane.person(lane.household(home, "蔡兰刚"), "姚艳志", id_number=NUMBER)
    gone = other.person(other.household(other.home("101室"), "苏强平"), "姚艳志", id_number=NUMBER)
    assert suspects.list_pairs(lane.seat) == ()
    with pytest.raises(Conflict, match="different estates"):
        merging.compare(lane.seat, (PEOPLE, kept), (PEOPLE, gone))


def test_only_who_writes_may_merge(
    lane: Lane, two_homes: tuple[Row, Row], seat_as: Callable[[Role], Seat]
) -> None:
    stamp = merging.compare(lane.seat, *two_homes).stamp
    for role in (Role.VIEWER, Role.PROPERTY):
        other = seat_as(role)
        for use, arguments in (
            (merging.compare, two_homes), (merging.merge, (stamp,)), (merging.split, (1,)),
            (suspects.tell_apart, two_homes), (suspects.suspect_again, two_homes),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                use(other, *arguments)  # type: ignore[operator]
    assert suspects.list_pairs(seat_as(Role.VIEWER))
    with pytest.raises(NotAllowed):
        suspects.list_pairs(seat_as(Role.PROPERTY))


def test_comparing_people_is_audited_like_opening_their_forms(lane: Lane, home: int) -> None:
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "蔡兰刚")
    merging.compare(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    reveals = rows(lane.seat, log.AuditEntry, action="reveal")  # type: ignore[arg-type]
    assert [(entry.table_name, entry.record_id) for entry in reveals] == [
        ("household", first), ("household", second),
    ]  # fmt: skip
