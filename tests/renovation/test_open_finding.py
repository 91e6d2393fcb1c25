"""What failed on the last visit to a case stands above it until it is put right; a breach is reported first."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.service import units
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Report, VisitDetail
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.reports import record_report
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail, OpenFinding
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.renovation.service.room_states import renovations_of_rooms
from fuyuan_desk.renovation.service.sheet_data import inspection_subjects
from fuyuan_desk.renovation.view.finding import finding_text, is_pressing
from tests.renovation.clerk import Settled, file
from tests.renovation.sight import filled, focused

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
BY_DEADLINE = OpenFinding(7, "XC2026-0001", TODAY - 3 * DAY, 2, deadline=TODAY + DAY)
BREACH = OpenFinding(7, "XC2026-0001", TODAY - 3 * DAY, 1, report_by=datetime(2026, 11, 18, 15, tzinfo=UTC))
REPORTED = OpenFinding(
    7,
    "XC2026-0001",
    TODAY - 3 * DAY,
    1,
    None,
    BREACH.report_by,
    datetime(2026, 11, 18, 9, tzinfo=UTC),
    "房管所",
)


@pytest.mark.parametrize(
    ("finding", "pressing", "words"),
    [
        (BY_DEADLINE, False, ["2 items", "2026-11-21"]),
        (OpenFinding(7, "", TODAY, 1, deadline=TODAY - DAY), True, ["1 item ", "1 day overdue"]),
        (BREACH, True, ["report to", "2026-11-18 15:00", "2 days overdue"]),
        (REPORTED, True, ["房管所", "2026-11-18 09:00", "not put right yet"]),
    ],
)
def test_what_an_open_finding_says(finding: OpenFinding, pressing: bool, words: list[str]) -> None:
    text = finding_text(finding, TODAY)
    assert [word for word in words if word not in text] == []
    assert is_pressing(finding, TODAY) is pressing
    assert ("overdue" in text) is ("overdue" in " ".join(words))


def visited(seat: Seat, case_id: int, handling: Conclusion | None) -> VisitDetail:
    (subject,) = inspection_subjects(seat, [case_id])
    first, *others = checklist_for(SubjectKind.RENOVATION).items
    result = Result.PASS if handling is None else Result.FAIL
    findings = [Finding(first.key, result, "承重墙开洞" if handling else "")]
    findings += [Finding(item.key, Result.PASS) for item in others]
    deadline = seat.today() if handling is Conclusion.DEADLINE else None
    return log_visit(
        seat,
        NewVisit(
            subject,
            seat.now(),
            Party.COMMITTEE,
            "某甲",
            tuple(findings),
            handling=handling,
            deadline=deadline,
        ),
    )


def test_a_case_was_not_visited_before_it_was_registered(under_way: CaseDetail, seat: Seat) -> None:
    (subject,) = inspection_subjects(seat, [under_way.id])
    assert subject.earliest == under_way.registered_on
    items = checklist_for(SubjectKind.RENOVATION).items
    findings = tuple(Finding(item.key, Result.PASS) for item in items)
    registered = datetime.combine(under_way.registered_on, time(0)).astimezone()
    visit = NewVisit(subject, registered - timedelta(minutes=1), Party.COMMITTEE, "某甲", findings)
    with pytest.raises(InvalidInput, match=f"registered on {under_way.registered_on}") as refused:
        log_visit(seat, visit)
    assert list(refused.value.fields) == ["at"]
    assert log_visit(seat, replace(visit, at=registered)).at == registered


@pytest.fixture
def under_way(page: RenovationController, seat: Seat) -> CaseDetail:
    case = file(seat, 1, starts_on=seat.today())
    cases.receive_documents(seat, case.id, [paper.document for paper in case.documents], seat.today())
    return cases.start_work(seat, case.id)


def test_a_breach_stands_above_its_case_until_it_is_put_right(
    page: RenovationController, under_way: CaseDetail, seat: Seat, settled: Settled, qtbot: QtBot
) -> None:
    page.open_case(under_way.id)
    settled()
    assert page.case.finding.text() == ""
    visit = visited(seat, under_way.id, Conclusion.REPORT)
    page.open_case(under_way.id)
    settled()
    assert "report to" in page.case.finding.text()
    assert page.case.finding.property("role") == "banner_error"
    assert filled(page) == ["report"]
    assert focused() is page.case.acts.button("report")
    with qtbot.waitSignal(page.visit_opened) as opened:
        page.case.finding.visit_button.click()
    assert opened.args == [visit.id]
    with qtbot.waitSignal(page.report_requested) as asked:
        page.case.acts.button("report").click()
    assert asked.args == [visit.id]
    record_report(seat, visit.id, Report(seat.now(), "房管所"))
    page.open_case(under_way.id)
    settled()
    assert "房管所" in page.case.finding.text()
    assert filled(page) == ["visit"]
    assert page.case.acts.button("report").isHidden()
    visited(seat, under_way.id, None)
    page.open_case(under_way.id)
    settled()
    assert page.case.finding.text() == ""


def test_what_is_to_be_corrected_stands_above_its_case(
    page: RenovationController, under_way: CaseDetail, seat: Seat, settled: Settled
) -> None:
    visited(seat, under_way.id, Conclusion.DEADLINE)
    page.open_case(under_way.id)
    settled()
    assert seat.today().isoformat() in page.case.finding.text()
    assert page.case.finding.property("role") == "banner_warn"
    assert queries.case_detail(seat, under_way.id).course.must_report is False


def test_the_room_chart_shows_a_breach_until_it_is_put_right(under_way: CaseDetail, seat: Seat) -> None:
    home = 1

    def state() -> str:
        return renovations_of_rooms(seat, units.unit_detail(seat, home).estate_id)[home].code

    assert state() == "under-way"
    visited(seat, under_way.id, Conclusion.DEADLINE)
    assert state() == "breach"
    visited(replace(seat, now=lambda: seat.now() + DAY), under_way.id, None)
    assert state() == "under-way"
