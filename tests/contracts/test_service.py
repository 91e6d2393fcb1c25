"""Contracts in an office: notice days kept with them, their tasks on “Today”, what refers to organisations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.contracts import rules
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.records import Contract
from fuyuan_desk.contracts.service import contracts, dues
from fuyuan_desk.core.dues import Severity
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service import organisations
from fuyuan_desk.shell.jobs import JOBS, all_records
from fuyuan_desk.today import service as today
from tests.conftest import NOW
from tests.kit.books import company, set_up

TODAY = NOW.astimezone().date()


def at(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def office(seat: Seat) -> Seat:
    """An office with a lane (1), a tower (2) and a company."""
    set_up(seat)
    company(seat)
    return seat


def save(office: Seat, kind: str = "cleaning", ends: int | None = 400, **more: object) -> int:
    values = {
        "kind": kind, "estate_id": 1, "organisation_id": company(office), "starts_on": date(2020, 1, 1),
        "ends_on": None if ends is None else at(ends), "term": "open" if ends is None else "fixed",
    }  # fmt: skip
    return contracts.save_contract(office, ContractFields(**{**values, **more})).id  # type: ignore[arg-type]


def tasks(office: Seat) -> list[tuple[int, str, int]]:
    """Return what is due: contract, topic, and in how many days."""
    with office.store.use() as session:
        found = dues.tasks(session, TODAY)
    assert all(task.due is not None for task in found)
    return [(task.record_id, task.topic.title, (task.due - TODAY).days) for task in found if task.due]


def test_the_notice_day_is_listed_and_sorted_by(office: Seat) -> None:
    later = save(office, ends=500, notice_count=1, notice_unit="months", number="2")
    sooner = save(office, ends=400, notice_count=30, notice_unit="days", number="1")
    never = save(office, ends=None, number="3")
    lines = contracts.find_contracts(office, BookQuery(sort="notice_on")).rows
    assert [line.id for line in lines] == [sooner, later, never]
    assert [line.extra["notice_on"] for line in lines] == [at(370), rules.months_from(at(500), -1), None]


def test_each_matter_is_told_in_its_time(office: Seat) -> None:
    notice = save(office, "maintenance", 100, notice_count=90, notice_unit="days")
    missed = save(office, "lease", 60, notice_count=90, notice_unit="days")
    ending = save(office, "other", 10)
    ended = save(office, "cleaning", -3)
    unfiled = save(office, "property", 900, signed_on=at(-40))
    assert set(tasks(office)) == {
        (notice, "Notice of a contract", 10),
        (missed, "Notice of a contract", -30),
        (ending, "Contract ends", 10),
        (ended, "Contract ended", -3),
        (unfiled, "Contract not filed", -10),
    }
    with office.store.use() as session:
        found = {task.record_id: task for task in dues.tasks(session, TODAY)}
    assert found[missed].severity is Severity.URGENT
    assert "has passed" in found[missed].detail
    assert "until" in found[notice].detail
    assert "3 days ago" in found[ended].detail
    assert found[ended].title == "Cleaning 2020-01-01  南昌路168弄"
    assert all(task.office_only for task in found.values())


def test_a_successor_or_none_to_follow_ends_the_task(office: Seat) -> None:
    ended = save(office, ends=-3)
    assert tasks(office) == [(ended, "Contract ended", -3)]
    following = save(office, ends=300, starts_on=at(-2))
    assert tasks(office) == []
    contracts.remove_contract(office, following)
    line = contracts.read_contract(office, ended)
    contracts.save_contract(office, replace(line.fields, nothing_follows=True), line.known)
    assert tasks(office) == []


def test_contracts_that_run_side_by_side_do_not_hide_each_other(office: Seat) -> None:
    lift = save(office, "maintenance", 10, number="DT-1")
    pump = organisations.save_organisation(
        office, OrganisationFields("上海消安消防有限公司", "contractor")
    ).id
    save(office, "maintenance", 300, number="XF-1", organisation_id=pump, starts_on=at(-60))
    save(office, "maintenance", None, number="XF-2", organisation_id=pump)
    assert tasks(office) == [(lift, "Contract ends", 10)]
    with office.store.use() as session:
        [task] = dues.tasks(session, TODAY)
    assert "none with it follows" in task.detail


def add_other(office: Seat) -> int:
    fields = OrganisationFields("上海消安消防有限公司", "contractor")
    return organisations.save_organisation(office, fields).id


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_list_says_of_the_same_contracts_as_the_rule_that_one_follows(
    office: Seat, data: st.DataObject
) -> None:
    for line in contracts.find_contracts(office).rows:
        contracts.remove_contract(office, line.id)
    others = [one.id for one in organisations.organisation_options(office) if one.id != company(office)]
    other = others[0] if others else add_other(office)
    for _number in range(data.draw(st.integers(2, 4))):
        starts = data.draw(st.sampled_from([-400, -40, -5, -4, 0]))
        ends = (
            data.draw(st.sampled_from([None, 5, 20]))
            if starts < -5
            else data.draw(st.sampled_from([None, 30]))
        )
        kind = data.draw(st.sampled_from(["property", "temporary", "lease", "cleaning"]))
        if kind == "temporary" and ends is None:
            ends = 5
        save(
            office, kind, ends, starts_on=at(starts), estate_id=data.draw(st.sampled_from([1, 2])),
            organisation_id=data.draw(st.sampled_from([company(office), other])),
            nothing_follows=data.draw(st.booleans()) and data.draw(st.booleans()),
        )  # fmt: skip
    lines = contracts.find_contracts(office).rows
    with office.store.use() as session:
        columns = [getattr(Contract, name) for name in rules.Running.__dataclass_fields__]
        known = [rules.Running(*row) for row in session.execute(select(*columns))]
    expected = {one.id: rules.is_followed(one, known) for one in known}
    assert {line.id: bool(line.extra["is_followed"]) for line in lines} == expected
    due = contracts.find_contracts(office, BookQuery(facets={"ends_on": (None, at(30))})).rows
    assert {line.id for line in due} == {one.id for one in known if one.ends_on and not expected[one.id]}


def test_a_property_company_is_told_nothing_of_them(office: Seat, seat_as: Callable[[Role], Seat]) -> None:
    save(office, ends=-3)
    company_seat = seat_as(Role.PROPERTY)
    own = Seat(office.store, replace(company_seat.operator, estates=frozenset({1})), office.now)
    all_dues = [job.dues for job in JOBS if job.dues is not None]
    assert [task for task in today.list_tasks(own, all_dues).tasks if task.kind == "contract"] == []
    assert [task for task in today.list_tasks(office, all_dues).tasks if task.kind == "contract"]


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("amount", -500, "from 0.00 to 10,000,000,000.00"),  # fen, told in yuan
        ("notice_count", 0, "from 1 to 999"),
    ],
)
def test_a_number_out_of_range_is_told_in_the_unit_of_its_field(
    office: Seat, part: str, value: int, words: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save(office, **{part: value, "notice_unit": "days" if part == "notice_count" else ""})
    assert words in refusal.value.fields[part]


def test_a_removed_estate_is_refused_beside_its_field(office: Seat) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save(office, estate_id=99)
    assert set(refusal.value.fields) == {"estate_id"}
    with pytest.raises(InvalidInput) as refusal:
        save(office, organisation_id=99)
    assert set(refusal.value.fields) == {"organisation_id"}


def test_what_the_law_says_otherwise_is_told_and_saved(office: Seat) -> None:
    fields = ContractFields(
        "property", "福-1", 1, company(office), starts_on=at(0), ends_on=at(700), notice_count=30, notice_unit="days",
    )  # fmt: skip
    saved = contracts.save_contract(office, fields)
    assert "90 days" in saved.doubts[0]
    assert "WY§46" in saved.doubts[0]
    [hit] = today.search(office, all_records(), "福-1")
    assert (hit.kind, hit.record_id) == ("contract", saved.id)
