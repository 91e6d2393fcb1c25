"""Closing a renovation: its conditions, what it must account for, and that the case is then locked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import ProtectedAction, Second, SecondNeeded
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import visits as inspections
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus, ClosingFault, Outcome, closing_faults
from fuyuan_desk.renovation.service import cases, for_other_jobs, queries, sheet_data
from tests.conftest import PASSWORD
from tests.renovation.clerk import trail
from tests.renovation.conftest import Homes
from tests.renovation.test_service import PAINT, TODAY, filing, receive_all

COMPLETED, ABANDONED = Outcome.COMPLETED, Outcome.WITHDRAWN
DAY = date(2026, 5, 4)
WEEK = timedelta(days=7)


@pytest.fixture
def case(seat: Seat, homes: Homes) -> CaseDetail:
    """A case that is under way, with nothing open."""
    filed = receive_all(seat, cases.file_case(seat, filing(homes.flat, PAINT)))
    return cases.start_work(seat, filed.id)


@pytest.fixture
def closed(seat: Seat, case: CaseDetail) -> CaseDetail:
    """A case that was completed."""
    return cases.close_case(seat, case.id, COMPLETED, TODAY)


def with_second(seat: Seat) -> Seat:
    return replace(seat, second=Second("reviewer", PASSWORD))


@pytest.mark.parametrize(
    ("outcome", "on", "started", "unfinished", "note", "faults"),
    [
        (COMPLETED, DAY, DAY - WEEK, False, "", {}),
        (COMPLETED, DAY, DAY, False, "", {}),
        (COMPLETED, DAY, None, False, "", {"outcome": ClosingFault.NOT_STARTED}),
        (ABANDONED, DAY, None, False, "", {}),
        (ABANDONED, DAY, DAY - WEEK, False, "", {"note": ClosingFault.NO_NOTE}),
        (ABANDONED, DAY, DAY - WEEK, False, "业主改变主意", {}),
        (COMPLETED, DAY + timedelta(days=1), DAY - WEEK, False, "", {"closed_on": ClosingFault.IN_FUTURE}),
        (COMPLETED, DAY - WEEK, DAY, False, "", {"closed_on": ClosingFault.BEFORE_START}),
        (ABANDONED, DAY - 3 * WEEK, None, False, "", {"closed_on": ClosingFault.BEFORE_START}),
        (COMPLETED, DAY, DAY - WEEK, True, "  ", {"note": ClosingFault.NO_NOTE}),
        (COMPLETED, DAY, DAY - WEEK, True, "已移送城管", {}),
    ],
)
def test_how_a_case_may_be_closed(
    outcome: Outcome,
    on: date,
    started: date | None,
    unfinished: bool,
    note: str,
    faults: dict[str, ClosingFault],
) -> None:
    assert closing_faults(outcome, on, DAY - 2 * WEEK, started, DAY, unfinished, note) == faults


@given(
    st.sampled_from(Outcome), st.integers(-60, 60), st.none() | st.integers(-30, 0), st.booleans(), st.text()
)
def test_a_closing_day_lies_between_start_and_today(
    outcome: Outcome, on: int, started: int | None, unfinished: bool, note: str
) -> None:
    started_on = None if started is None else DAY + timedelta(days=started)
    day = DAY + timedelta(days=on)
    faults = closing_faults(outcome, day, DAY - timedelta(days=30), started_on, DAY, unfinished, note)
    if not faults:
        assert (started_on or DAY - timedelta(days=30)) <= day <= DAY
        assert started_on is not None or outcome is ABANDONED
        assert note.strip() or not unfinished


def test_a_closed_case_is_no_longer_open(seat: Seat, closed: CaseDetail) -> None:
    assert (closed.status, closed.outcome, closed.closed_on) == (CaseStatus.CLOSED, COMPLETED, TODAY)
    assert queries.list_cases(seat, BookQuery(facets={"status": "closed"})).total == 1
    assert queries.list_cases(seat, BookQuery(facets={"status": "under-way"})).total == 0
    assert queries.list_cases(seat, BookQuery(text="张福元")).total == 1
    assert sheet_data.inspection_subjects(seat) == ()
    with seat.store.use() as session:
        assert for_other_jobs.open_cases(session) == ()
    (sheet,) = sheet_data.registration_sheets(seat, [closed.id])
    assert sheet.remarks == "2026年3月2日竣工结案。"
    with pytest.raises(Conflict, match="closed"):
        cases.close_case(seat, closed.id, COMPLETED, TODAY)
    with pytest.raises(Conflict, match="closed"):
        cases.start_work(seat, closed.id)


def test_the_home_may_be_renovated_again_within_the_previous_period(
    seat: Seat, homes: Homes, closed: CaseDetail
) -> None:
    assert cases.file_case(seat, filing(homes.flat)).status is CaseStatus.REGISTERED


def test_failed_items_need_a_note_before_closing(seat: Seat, case: CaseDetail) -> None:
    (subject,) = sheet_data.inspection_subjects(seat, [case.id])
    items = checklist_for(SubjectKind.RENOVATION).items
    findings = [Finding(items[0].key, Result.FAIL, "开洞"), *(Finding(i.key, Result.PASS) for i in items[1:])]
    visit = NewVisit(
        subject,
        seat.now(),
        Party.COMMITTEE,
        "某甲",
        tuple(findings),
        handling=Conclusion.DEADLINE,
        deadline=TODAY,
    )
    inspections.log_visit(seat, visit)
    facts = queries.case_detail(seat, case.id).course
    assert COURSE.warnings("close", facts, TODAY) == (
        "Items that failed on the last visit, on 2026-03-02: 1.",
    )
    with pytest.raises(InvalidInput) as error:
        cases.close_case(seat, case.id, COMPLETED, TODAY)
    assert set(error.value.fields) == {"note"}
    assert cases.close_case(seat, case.id, COMPLETED, TODAY, " 已移送城管 ").closing_note == "已移送城管"


def test_changing_a_closed_case_needs_a_second_person(seat: Seat, closed: CaseDetail) -> None:
    def change(by: Seat) -> CaseDetail:
        edit = queries.case_for_edit(by, closed.id)
        return cases.update_case(by, closed.id, edit.version, replace(edit.filing, remarks="补记"))

    def undo_receipt(by: Seat) -> CaseDetail:
        return cases.receive_document(by, closed.id, closed.documents[0].document, None)

    for action in (change, undo_receipt, lambda by: cases.reopen_case(by, closed.id, "误结案")):
        before = queries.case_detail(seat, closed.id)
        confirmed = len(trail(seat, "confirm"))
        with pytest.raises(SecondNeeded) as needed:
            action(seat)
        assert needed.value.action is ProtectedAction.CLOSED_CASE
        assert closed.number in needed.value.what
        assert queries.case_detail(seat, closed.id) == before
        action(with_second(seat))
        assert queries.case_detail(seat, closed.id) != before
        entries = trail(seat, "confirm")[confirmed:]
        assert len(entries) == 1
        assert closed.number in entries[0].changes


def test_a_reopened_case_returns_to_its_previous_state(seat: Seat, homes: Homes, closed: CaseDetail) -> None:
    reopened = cases.reopen_case(with_second(seat), closed.id, "误结案")
    assert (reopened.status, reopened.outcome, reopened.closed_on) == (CaseStatus.UNDER_WAY, None, None)
    with pytest.raises(Conflict, match="open"):
        cases.reopen_case(seat, closed.id, "误结案")
    filed = cases.file_case(seat, filing(homes.other_flat))
    cases.close_case(seat, filed.id, ABANDONED, TODAY)
    assert cases.reopen_case(with_second(seat), filed.id, "误结案").status is CaseStatus.REGISTERED
