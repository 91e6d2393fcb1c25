"""A visit with numbers, choices and texts is entered by keys alone, in the version that its sheet was printed with."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import VersionFields
from fuyuan_desk.inspections.rules.visits import Result, SubjectKind
from fuyuan_desk.inspections.service import checklists as service
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.view.checklist import ChecklistEditor
from fuyuan_desk.kit.desk import Desk
from tests.inspections.test_checklists import ITEMS, fields_of, known, published
from tests.screen import texts

Settled = Callable[[], None]


@pytest.fixture
def entered(
    seat: Seat, desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> InspectionsController:
    """The page with a form for an estate, once the version with values counts."""
    published(seat)
    page = InspectionsController(desk)
    front(page.page)
    page.log_estate_visit(two_estates[0])
    settled()
    page.entry.view.form.set_value("inspectors", "某甲")
    return page


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def results(checklist: ChecklistEditor) -> list[Result | None]:
    return [checklist.row(item.key).result for item in ITEMS]


def test_a_sheet_is_typed_by_keys_alone(entered: InspectionsController, seat: Seat, settled: Settled) -> None:
    view = entered.entry.view
    view.checklist.focus_first()
    QTest.keyClicks(focused(), "1.")
    assert results(view.checklist)[0] is None, "half a number is no answer"
    QTest.keyClicks(focused(), "2")
    assert results(view.checklist)[0] is Result.PASS
    QTest.keyClick(focused(), Qt.Key.Key_Backspace)
    QTest.keyClicks(focused(), "9")
    assert results(view.checklist)[0] is Result.FAIL, "out of range, as it is typed"
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "No. 2")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_1)  # the first choice
    QTest.keyClicks(focused(), "-")
    assert results(view.checklist)[2] is Result.NOT_APPLICABLE
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_1)
    assert results(view.checklist) == [Result.FAIL, Result.PASS, Result.NOT_APPLICABLE, Result.PASS]
    view.form.set_value("handling", "on-the-spot")
    view.form.submit()
    settled()
    visit = visit_detail(seat, 1)
    assert [(item.value, item.remark) for item in visit.items] == [
        ("1.9 MPa", "No. 2"), ("亮", ""), ("", ""), ("", ""),
    ]  # fmt: skip
    assert any("1.9 MPa" in text for text in texts(entered.detail))


def test_up_and_down_lead_through_fields_and_answers(entered: InspectionsController) -> None:
    view = entered.entry.view
    boxes = [view.checklist.row(item.key).box for item in ITEMS]
    view.checklist.focus_first()
    for box in boxes[1:]:
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        assert box is focused() or box.isAncestorOf(focused())
    QTest.keyClick(focused(), Qt.Key.Key_Up)
    assert boxes[2].isAncestorOf(focused())


def test_a_choice_takes_a_digit_and_zero_for_not_applicable(entered: InspectionsController) -> None:
    row = entered.entry.view.checklist.row("lamp")
    for key, result, value in (
        (Qt.Key.Key_2, Result.FAIL, "闪"),
        (Qt.Key.Key_9, Result.FAIL, "闪"),  # there is no ninth
        (Qt.Key.Key_0, Result.NOT_APPLICABLE, ""),
        (Qt.Key.Key_Left, Result.FAIL, "不亮"),
        (Qt.Key.Key_Delete, None, ""),
    ):
        QTest.keyClick(row.box, key)
        assert (row.result, row.box.value) == (result, value)


def test_what_is_missing_is_told_at_its_item(
    entered: InspectionsController, seat: Seat, settled: Settled
) -> None:
    view = entered.entry.view
    view.checklist.answer_rest()  # passes what can be passed, and no more
    assert results(view.checklist) == [None, None, None, Result.PASS]
    view.checklist.row("pressure").set_raw("", "", "高")
    view.checklist.row("lamp").set_raw("fail", "三楼", "不亮")
    view.checklist.row("note").set_raw("", "", "甲")
    view.checklist.row("door").set_raw("na", "")
    view.form.set_value("handling", "on-the-spot")
    view.form.submit()
    settled()
    errors = view.checklist.errors()
    assert "the number" in errors["pressure"]
    assert "needs a photo" in errors["lamp"]
    assert "must be inspected" in errors["door"]
    assert list_visits(seat).total == 0


def test_a_draft_keeps_what_is_typed_as_it_is(entered: InspectionsController) -> None:
    view = entered.entry.view
    view.checklist.row("pressure").set_raw("", "", "1.2.")
    view.checklist.row("lamp").set_raw("fail", "三楼", "闪")
    kept = view.form.raw()
    assert kept["answers"] == {"pressure": ["", "", "1.2."], "lamp": ["fail", "三楼", "闪"]}
    view.checklist.set_raw({})
    view.form.set_raw(kept)
    assert view.form.raw() == kept
    view.form.mark_clean()


def test_an_old_sheet_is_entered_with_its_own_version_and_says_so(
    entered: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Settled
) -> None:
    view = entered.entry.view
    [old] = blank_papers(seat, estate_subjects(seat, [two_estates[0]])).sheets
    begun = service.begin_version(seat, "estate", "v1")
    fewer = service.save_draft_version(seat, fields_of(begun, seat.today()), known(begun))
    fewer = service.save_draft_version(seat, VersionFields("新表", "", ITEMS[3:], seat.today()), known(fewer))
    service.publish_version(seat, fields_of(fewer, seat.today()), known(fewer))
    view.form.mark_clean()
    entered.log_estate_visit(two_estates[0])
    settled()
    assert view.checklist.checklist is not None
    assert [item.key for item in view.checklist.checklist.items] == ["door"]
    view.form.set_value("sheet", old.number)
    settled()
    assert [item.key for item in view.checklist.checklist.items] == [item.key for item in ITEMS]
    assert view.version_note.isVisible()
    assert any("version v1" in text for text in texts(view.version_note))
    view.form.set_value("sheet", "")
    settled()
    assert view.version_note.isHidden()
    assert len(view.checklist.checklist.items) == 1
    view.form.mark_clean()


def test_the_checklist_is_asked_for_only_if_there_is_a_choice(
    entered: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Settled
) -> None:
    view = entered.entry.view
    assert not view.form.editor("checklist").isVisible()
    begun = service.begin_checklist(seat, SubjectKind.ESTATE, "电梯表")
    fields = VersionFields("电梯表", "", ITEMS[3:], seat.today())
    service.publish_version(seat, fields, known(begun))
    view.form.mark_clean()
    entered.log_estate_visit(two_estates[0])
    settled()
    assert view.form.editor("checklist").isVisible()
    assert not view.form.is_dirty
    view.form.set_value("checklist", begun.line.key)
    settled()
    view.checklist.answer_rest()
    view.form.set_value("inspectors", "某甲")
    view.form.submit()
    settled()
    assert visit_detail(seat, 1).checklist == begun.line.key
    entered.papers.choose()
    settled()
    assert entered.papers.dialog is not None
    assert entered.papers.dialog.checklist.isVisible()
    entered.papers.dialog.reject()


def test_a_restored_draft_of_an_old_sheet_keeps_its_answers(
    entered: InspectionsController, seat: Seat, two_estates: tuple[int, int], settled: Settled
) -> None:
    view = entered.entry.view
    [old] = blank_papers(seat, estate_subjects(seat, [two_estates[0]])).sheets
    begun = service.begin_version(seat, "estate", "v1")
    service.publish_version(seat, VersionFields("新表", "", ITEMS[3:], seat.today()), known(begun))
    view.form.mark_clean()
    entered.log_estate_visit(two_estates[0])
    settled()
    view.form.set_value("sheet", old.number)
    settled()
    view.checklist.row("pressure").set_raw("", "", "1.3")
    view.checklist.row("door").set_raw("pass", "")
    kept = view.form.raw()
    view.form.mark_clean()
    entered.log_estate_visit(two_estates[0])
    settled()
    assert view.checklist.raw() == {}
    view.form.set_raw(kept)  # the version of the sheet is read after that
    settled()
    assert view.checklist.row("pressure").result is Result.PASS
    assert view.form.raw()["answers"] == kept["answers"]
    view.form.set_value("sheet", "")
    settled()
    assert view.checklist.row("door").result is Result.PASS
    assert [finding.item for finding in view.checklist.findings()] == ["door"], (
        "what is not shown is not sent"
    )
    view.form.mark_clean()
