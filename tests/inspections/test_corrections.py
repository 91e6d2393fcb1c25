"""A sheet typed wrong: both entries are compared, and the first is corrected with the reason."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import Correction, NewVisit, VisitDetail
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.view.correction import CorrectionDialog
from tests import screen

FIRST, SECOND = (item.key for item in checklist_for(SubjectKind.ESTATE).items[:2])


@pytest.fixture
def entered(seat: Seat, two_estates: tuple[int, int]) -> VisitDetail:
    """A clean visit, entered from a sheet."""
    subject = estate_subjects(seat, [two_estates[0]])[0]
    number = blank_papers(seat, [subject]).sheets[0].number
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(subject.kind).items)
    return log_visit(seat, NewVisit(subject, seat.now(), Party.COMMITTEE, "何斌", findings, sheet=number))


def corrected(seat: Seat, visit: VisitDetail, **changes: object) -> Correction:
    """Return the correction of a visit whose first item failed."""
    found = visit_to_correct(seat, visit.id)
    findings = tuple(
        Finding(FIRST, Result.FAIL, "楼道堆物") if one.item == FIRST else one for one in found.findings
    )
    made = Correction(visit.id, found.version, findings, Conclusion.ON_THE_SPOT, None, "", "看错了一行")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_corrected_visit_says_why_and_the_trail_what_stood_there(seat: Seat, entered: VisitDetail) -> None:
    before = find_entries(seat, TrailQuery()).total
    changed = correct_visit(seat, corrected(seat, entered))
    assert changed.conclusion is Conclusion.ON_THE_SPOT
    assert changed.correction.endswith("看错了一行")
    assert [item.item for item in changed.items if item.result is Result.FAIL] == [FIRST]
    assert (changed.number, changed.at, changed.sheet) == (entered.number, entered.at, entered.sheet)
    trail = find_entries(seat, TrailQuery())
    tables = {entry.table for entry in trail.rows[: trail.total - before]}
    assert {"visit", "visit_result"} <= tables
    again = corrected(seat, changed, findings=tuple(visit_to_correct(seat, entered.id).findings))
    with pytest.raises(InvalidInput, match="Nothing differs"):
        correct_visit(seat, again)


def test_a_correction_is_judged_like_a_visit(seat: Seat, entered: VisitDetail) -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"reason": "  "}, "reason"),
        ({"reason": "长" * 501}, "reason"),
        ({"remarks": "长" * 4001}, "remarks"),
        ({"handling": None}, "handling"),
        ({"handling": Conclusion.DEADLINE}, "deadline"),
        ({"findings": (Finding(FIRST, Result.FAIL),)}, f"item.{FIRST}"),
        ({"findings": (Finding(FIRST, Result.PASS),)}, f"item.{SECOND}"),
    ]
    for changes, field in wrong:
        with pytest.raises(InvalidInput) as refused:
            correct_visit(seat, corrected(seat, entered, **changes))
        assert field in refused.value.fields
    assert visit_detail(seat, entered.id) == entered


def test_two_desks_do_not_correct_over_each_other(
    seat: Seat, entered: VisitDetail, seat_as: Callable[[Role], Seat]
) -> None:
    mine = corrected(seat, entered)
    correct_visit(seat, mine)
    with pytest.raises(Conflict):
        correct_visit(seat, replace(mine, reason="又看错了"))
    with pytest.raises(NotAllowed):
        correct_visit(seat_as(Role.VIEWER), mine)


def test_a_sheet_typed_twice_shows_both_and_is_corrected(
    page: InspectionsController, entered: VisitDetail, settled: Callable[[], None], seat: Seat
) -> None:
    page.log.table.filter.setFocus()
    QTest.keyClicks(page.log.table.filter, entered.sheet)
    QTest.keyClick(page.log.table.filter, Qt.Key.Key_Return)
    settled()
    assert "entered already" in page.detail.banner.text()
    screen.button(page.detail.banner, "Correct …").click()
    settled()
    dialog = screen.shown(CorrectionDialog)
    row = dialog.checklist.row(FIRST)
    assert row.result is Result.PASS
    row.box.setFocus()
    QTest.keyClick(row.box, Qt.Key.Key_2)
    assert row.last.text() == "Entered first: Passed"
    focused = QApplication.focusWidget()
    assert focused is row.remark
    QTest.keyClicks(row.remark, "2F")
    row.box.set_result(Result.PASS)
    assert row.last.isHidden(), "what is typed as it was says nothing"
    row.box.set_result(Result.FAIL)
    dialog.form.submit()
    settled()
    assert dialog.form.errors()["reason"]
    dialog.form.set_value("reason", "misread")
    dialog.form.submit()
    settled()
    assert dialog.form.errors()["handling"]
    dialog.form.set_value("handling", "on-the-spot")
    dialog.form.submit()
    settled()
    assert visit_detail(seat, entered.id).correction.endswith("misread")
    assert page.detail.isVisible()
