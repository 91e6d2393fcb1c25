"""The course of a renovation: undoing a start, reasons in the trail, and what happened by whom."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.course import Place
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus, CourseFacts, Obstacles, Outcome
from fuyuan_desk.renovation.service import cases, queries, sheet_data
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.db.personal import columns_of
from tests.conftest import PASSWORD
from tests.renovation.clerk import trail
from tests.renovation.conftest import Homes
from tests.renovation.test_service import PAINT, TODAY, filing, receive_all

REGISTERED, UNDER_WAY, CLOSED = CaseStatus
WHY = "张福元说还没有开工"


@pytest.fixture
def case(seat: Seat, homes: Homes) -> CaseDetail:
    """A case that is under way, with nothing open."""
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat, PAINT)))
    return cases.start_work(seat, filed.id)


def with_second(seat: Seat) -> Seat:
    return replace(seat, second=Second("reviewer", PASSWORD))


def lines(case: CaseDetail) -> list[str]:
    return [moment.text for moment in COURSE.timeline(case.events, case.course, TODAY)]


def visit(seat: Seat, case_id: int) -> None:
    """Log a visit to a site at which nothing is wrong."""
    (subject,) = sheet_data.inspection_subjects(seat, [case_id])
    items = checklist_for(SubjectKind.RENOVATION).items
    findings = tuple(Finding(item.key, Result.PASS) for item in items)
    log_visit(seat, NewVisit(subject, seat.now(), Party.COMMITTEE, "某甲", findings))


# --- the table -------------------------------------------------------------------------------------------

# written by hand: state, act → state; reopening leads to where the case was closed
ORACLE = {
    (REGISTERED, "start"): UNDER_WAY,
    (REGISTERED, "close"): CLOSED,
    (UNDER_WAY, "undo_start"): REGISTERED,
    (UNDER_WAY, "close"): CLOSED,
    (CLOSED, "reopen"): None,
}
SERVICES: dict[str, Callable[[Seat, int], CaseDetail]] = {
    "start": cases.start_work,
    "close": lambda seat, case: cases.close_case(seat, case, Outcome.WITHDRAWN, TODAY, "不做了"),
    "undo_start": lambda seat, case: cases.undo_start(seat, case, WHY),
    "reopen": lambda seat, case: cases.reopen_case(with_second(seat), case, WHY),
}


def test_services_follow_the_table_in_any_order(seat: Seat, case: CaseDetail) -> None:
    status, closed_from, standing = UNDER_WAY, UNDER_WAY, 2
    # visits every state by every act, allowed or not
    for name in ("start", "reopen", "close", "start", "undo_start", "close", "reopen", "undo_start", "reopen",
                 "undo_start", "close", "undo_start", "reopen", "start", "close"):  # fmt: skip
        if (status, name) not in ORACLE:
            with pytest.raises(Conflict, match="Reload"):
                SERVICES[name](seat, case.id)
            continue
        changed = SERVICES[name](seat, case.id)
        closed_from = status if name == "close" else closed_from
        status = ORACLE[status, name] or closed_from
        standing += 1
        assert changed.status is status
        assert len(changed.events) == standing
        assert (changed.started_on is not None) == (
            UNDER_WAY in (status, closed_from if status is CLOSED else "")
        )


@given(
    st.builds(
        CourseFacts,
        st.sampled_from(CaseStatus),
        st.just(TODAY),
        st.just(TODAY),
        st.none() | st.just(TODAY),
        st.builds(Obstacles, *[st.sampled_from([(), ("甲",)])] * 3, st.booleans()),
        visited_on=st.none() | st.dates(date(2026, 2, 1), date(2026, 4, 1)),
    ),
    st.sampled_from(Role),
)
def test_work_starts_only_with_nothing_against_it(facts: CourseFacts, role: Role) -> None:
    offers = {offer.name: offer for offer in COURSE.offered(facts, role, TODAY)}
    may_write = role in (Role.ADMIN, Role.CLERK)
    assert ("start" in offers) == (may_write and facts.status is REGISTERED)
    if "start" in offers:
        hindered = facts.hindered
        against = sum(
            map(bool, (hindered.prohibited, hindered.unclear, hindered.needs_firm, hindered.missing))
        )
        assert len(offers["start"].why_not) == against
    assert ("visit" in offers) == (facts.status is not CLOSED and role not in (Role.VIEWER, Role.REVIEWER))
    assert ("edit" in offers) == may_write


# --- undoing ---------------------------------------------------------------------------------------------


def test_a_start_is_undone_with_a_reason_and_the_work_can_start_again(seat: Seat, case: CaseDetail) -> None:
    with pytest.raises(InvalidInput) as refused:
        cases.undo_start(seat, case.id, " ")
    assert set(refused.value.fields) == {"reason"}
    undone = cases.undo_start(seat, case.id, f" {WHY} ")
    assert (undone.status, undone.started_on) == (REGISTERED, None)
    assert lines(undone) == ["Registered", "Work started (undone)", "Start undone", "Next: Start the work"]
    assert undone.events[-1].reason == WHY
    assert lines(cases.start_work(seat, case.id))[-2:] == ["Work started", "Next: Close the case"]


def test_a_start_is_not_undone_once_the_site_was_visited(seat: Seat, case: CaseDetail) -> None:
    visit(seat, case.id)
    with pytest.raises(Conflict, match=r"The start cannot be undone. The site was visited on 2026-03-02"):
        cases.undo_start(seat, case.id, WHY)
    assert queries.case_detail(seat, case.id).status is UNDER_WAY


def test_a_visit_before_the_start_does_not_prevent_undoing_it() -> None:
    facts = CourseFacts(UNDER_WAY, TODAY, TODAY, TODAY, visited_on=TODAY - timedelta(days=1))
    assert COURSE.obstacles("undo_start", facts, TODAY) == ()
    assert COURSE.obstacles("undo_start", replace(facts, visited_on=TODAY), TODAY) != ()


def test_a_form_printed_after_closing_is_mentioned_before_reopening(seat: Seat, case: CaseDetail) -> None:
    def warnings() -> tuple[str, ...]:
        return COURSE.warnings("reopen", queries.case_detail(seat, case.id).course, TODAY)

    sheet_data.registration_sheets(seat, [case.id])
    cases.close_case(seat, case.id, Outcome.COMPLETED, TODAY)
    assert warnings() == ()
    sheet_data.registration_sheets(seat, [case.id])
    [warning] = warnings()
    assert "says that the case is closed" in warning
    cases.reopen_case(with_second(seat), case.id, WHY)
    assert warnings() == ()


# --- the trail -------------------------------------------------------------------------------------------


def test_the_reason_is_masked_and_erased_like_the_remarks(seat: Seat, case: CaseDetail) -> None:
    cases.undo_start(seat, case.id, WHY)
    [entry] = trail(seat, "undo")
    assert json.loads(entry.changes) == {"status": ["under-way", "registered"], "remarks": WHY}
    assert (entry.table_name, entry.record_id, entry.operator) == ("renovation_case", case.id, "admin")
    with seat.store.use() as session:
        columns = columns_of(RenovationCase.metadata.tables["renovation_case"])
        redaction.redact_records(session, "renovation_case", {case.id: case.uid}, columns, "term")
        session.commit()
    assert WHY not in trail(seat, "undo")[0].changes
    assert queries.case_detail(seat, case.id).events[-1].reason == "(erased)"


@pytest.mark.parametrize(
    ("role", "by", "reason"),
    [
        (Role.ADMIN, "管理员", WHY),
        (Role.REVIEWER, "管理员", WHY),
        (Role.CLERK, "", WHY),
        (Role.VIEWER, "", WHY),
    ],
)
def test_who_did_it_is_for_those_who_may_read_the_trail(
    seat: Seat, seat_as: Callable[[Role], Seat], case: CaseDetail, role: Role, by: str, reason: str
) -> None:
    cases.undo_start(seat, case.id, WHY)
    events = queries.case_detail(seat_as(role), case.id).events
    assert [(event.state, event.by) for event in events] == [
        (REGISTERED, by), (UNDER_WAY, by), (REGISTERED, by),
    ]  # fmt: skip
    assert events[-1].reason == reason


def test_a_property_company_does_not_read_why(
    seat: Seat, seat_as: Callable[[Role], Seat], case: CaseDetail, homes: Homes
) -> None:
    cases.undo_start(seat, case.id, WHY)
    theirs = seat_as(Role.PROPERTY)
    theirs = replace(theirs, operator=replace(theirs.operator, estates=frozenset({homes.estate})))
    events = queries.case_detail(theirs, case.id).events
    assert [(event.by, event.reason) for event in events] == [("", "")] * 3


def test_the_days_of_the_case_stand_where_they_were_entered(seat: Seat, homes: Homes) -> None:
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat, PAINT)))
    later = replace(seat, now=lambda: seat.now() + timedelta(days=9))
    cases.start_work(later, filed.id, TODAY + timedelta(days=4))
    closed = cases.close_case(later, filed.id, Outcome.COMPLETED, TODAY + timedelta(days=8))
    days = [(moment.day, moment.note) for moment in COURSE.timeline(closed.events, closed.course, TODAY)]
    assert days == [
        (TODAY, ""),
        (TODAY + timedelta(days=4), ""),
        (TODAY + timedelta(days=8), "Work completed"),
    ]


def test_without_its_trail_a_case_still_says_what_it_knows(seat: Seat, case: CaseDetail) -> None:
    with seat.store.use() as session:
        session.execute(text("DROP TRIGGER audit_entry_stays"))
        session.execute(
            text("DELETE FROM audit_entry WHERE table_name = 'renovation_case' AND action = 'update'")
        )
        session.commit()
    events = queries.case_detail(seat, case.id).events
    assert [(event.state, event.before, event.day, event.by) for event in events] == [
        (REGISTERED, None, TODAY, ""),
        (UNDER_WAY, REGISTERED, TODAY, ""),
    ]


@pytest.mark.parametrize("content", ["[1]", "{", "{}"])
def test_an_entry_that_was_tampered_with_is_passed_over(seat: Seat, case: CaseDetail, content: str) -> None:
    of_case = "table_name = 'renovation_case' AND action = 'insert'"
    with seat.store.use() as session:
        session.execute(text("DROP TRIGGER audit_entry_unchanged"))
        session.execute(text(f"UPDATE audit_entry SET changes = :new WHERE {of_case}"), {"new": content})
        session.commit()
    events = queries.case_detail(seat, case.id).events
    assert [(event.state, event.by) for event in events] == [(REGISTERED, ""), (UNDER_WAY, "")]


def test_an_ended_case_has_nothing_next(seat: Seat, case: CaseDetail) -> None:
    closed = cases.close_case(seat, case.id, Outcome.COMPLETED, TODAY)
    moments = COURSE.timeline(closed.events, closed.course, TODAY)
    assert {moment.place for moment in moments} == {Place.DONE}
