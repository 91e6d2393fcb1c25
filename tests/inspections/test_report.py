"""A visit whose dissuasion failed is reported: what is recorded ends its task (WY §59)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import NewVisit, Report, VisitDetail
from fuyuan_desk.inspections.rules.visits import (
    REPORT,
    Conclusion,
    Finding,
    ReportFault,
    Result,
    SubjectKind,
    report_faults,
)
from fuyuan_desk.inspections.service.dues import tasks
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.reports import record_report
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.widgets.chips import ChipLabel
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.screen import shown, texts

VISITED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def breach(seat: Seat, estate: int, handling: Conclusion = Conclusion.REPORT) -> VisitDetail:
    """A round on which one item failed."""
    first, *others = checklist_for(SubjectKind.ESTATE).items
    findings = [Finding(first.key, Result.FAIL, "堆物，拒不清理")]
    findings += [Finding(item.key, Result.PASS) for item in others]
    visit = NewVisit(
        estate_subjects(seat, [estate])[0], seat.now() - HOUR, Party.COMMITTEE, "某甲", tuple(findings),
        handling=handling, deadline=seat.today() if handling is Conclusion.DEADLINE else None,
    )  # fmt: skip
    return log_visit(seat, visit)


def to_report(seat: Seat) -> list[Task]:
    with seat.store.use() as session:
        return [task for task in tasks(session, seat.today()) if task.topic is REPORT]


@pytest.mark.parametrize(
    ("after", "to", "faults"),
    [
        (HOUR, "房管所", {}),
        (timedelta(), "房管所", {}),
        (timedelta(seconds=-1), "房管所", {"at": ReportFault.BEFORE_VISIT}),
        (3 * HOUR, "房管所", {"at": ReportFault.IN_FUTURE}),
        (HOUR, " ", {"to": ReportFault.NO_RECEIVER}),
    ],
)
def test_what_is_wrong_with_a_report(after: timedelta, to: str, faults: dict[str, ReportFault]) -> None:
    assert report_faults(VISITED + after, VISITED, VISITED + 2 * HOUR, to) == faults


def test_a_report_entered_to_the_minute_is_not_before_its_visit() -> None:
    assert report_faults(VISITED, VISITED + timedelta(seconds=40), VISITED + HOUR, "房管所") == {}


def test_a_report_ends_the_task_and_stands_on_the_visit(seat: Seat, two_estates: tuple[int, int]) -> None:
    visit = breach(seat, two_estates[0])
    assert visit.must_report
    [task] = to_report(seat)
    assert (task.record_id, task.act) == (visit.id, "inspections.report")
    report = Report(seat.now(), " 瑞金二路房管所 ", "沪房报2026-17")
    reported = record_report(seat, visit.id, report)
    assert reported.report == replace(report, to="瑞金二路房管所")
    assert not reported.must_report
    assert visit_detail(seat, visit.id) == reported
    assert to_report(seat) == []


def test_only_a_visit_that_ended_with_a_report_is_reported(seat: Seat, two_estates: tuple[int, int]) -> None:
    visit = breach(seat, two_estates[0], Conclusion.DEADLINE)
    with pytest.raises(Conflict):
        record_report(seat, visit.id, Report(seat.now(), "房管所"))
    with pytest.raises(InvalidInput) as refused:
        record_report(seat, breach(seat, two_estates[1]).id, Report(seat.now() + HOUR, "所" * 201))
    assert set(refused.value.fields) == {"at", "to"}


def test_the_visit_offers_its_report_first(
    page: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    visit = breach(seat, two_estates[0])
    page.open_visit(visit.id)
    settled()
    made = page.detail.report_button
    assert made.hasFocus()
    assert [b.property("role") for b in (made, page.detail.print_button)] == ["primary", ""]
    made.click()
    settled()
    dialog = shown(FormDialog)
    assert focused_in(dialog) is dialog.form.editor("to").inner()[0]
    assert "the owners' committee and the authority" in dialog.form.hint("to")
    dialog.form.set_value("time", "二十五点")
    dialog.form.set_value("to", "房管所")
    dialog.save_button.click()
    settled()
    assert dialog.isVisible()
    dialog.form.set_value("time", f"{seat.now().astimezone():%H:%M}")
    dialog.save_button.click()
    settled()
    assert not page.detail.findChildren(FormDialog)
    assert any("Reported on" in text and "房管所" in text for text in texts(page.detail))
    assert not any("within 24 hours" in text for text in texts(page.detail))
    assert made.text() == "C&orrect the report …"
    [chip] = [
        one.chip for one in page.detail.findChildren(ChipLabel) if one.chip.text.startswith("Dissuasion")
    ]
    assert chip.tone == "neutral"
    assert page.detail.print_button.property("role") == "primary"
    assert to_report(seat) == []


def focused_in(dialog: FormDialog) -> QWidget | None:
    return dialog.focusWidget()
