"""The inspection page in use."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.entry import DRAFT
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.log import VisitLogSection
from fuyuan_desk.inspections.facts import NewVisit, VisitDetail
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.inspections.view.answer import AnswerBox
from fuyuan_desk.kit.attached import prepare_photo
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.photos import PictureDialog
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.work import Worker
from tests.inspections.conftest import draft_photos, picture
from tests.screen import button, choose_column, shown, texts

Front = Callable[[QWidget], None]
Settled = Callable[[], None]
ROUND = checklist_for(SubjectKind.ESTATE)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def log(seat: Seat, estate: int, *failing: str, at: datetime = NOW, **more: object) -> VisitDetail:
    findings = tuple(
        Finding(item.key, Result.FAIL, "三楼堆物") if item.key in failing else Finding(item.key, Result.PASS)
        for item in ROUND.items
    )
    subject = estate_subjects(seat, [estate])[0]
    handling = Conclusion.ON_THE_SPOT if failing else None
    fields = {"inspectors": "某甲", "party": Party.COMMITTEE, **more}
    return log_visit(seat, NewVisit(subject, at, findings=findings, handling=handling, **fields))  # type: ignore[arg-type]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


def facet(page: InspectionsController, name: str) -> QComboBox:
    [box] = [
        box for box in page.log.table.facets.findChildren(QComboBox) if box.accessibleName().endswith(name)
    ]
    return box


class TestLogging:
    def test_a_round_is_logged_by_keyboard_alone(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        page.log_estate_visit(two_estates[0])
        settled()
        form = page.entry.view.form
        assert page.page.currentWidget() is page.entry.view
        assert form.editor("day").value().isoformat() == "2026-03-02"
        # the subject is chosen and who is signed in is the inspector: the checklist has the focus
        for number in range(len(ROUND.items)):
            assert isinstance(focused(), AnswerBox)
            if number == 4:
                press(Qt.Key.Key_2)
                QTest.keyClicks(focused(), "rubbish")
                press(Qt.Key.Key_Return)
            else:
                press(Qt.Key.Key_3 if number == 5 else Qt.Key.Key_1)
        assert focused() is form.editor("handling").inner()[0]
        press(Qt.Key.Key_Down)
        assert form.editor("handling").value() == Conclusion.ON_THE_SPOT
        press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        settled()
        assert page.page.currentWidget() is page.detail
        row = list_visits(seat).rows[0]
        visit = visit_detail(seat, row.id)
        assert (visit.number, visit.estate, visit.inspectors) == ("XC2026-0001", "南昌路168弄", "管理员")
        assert [item.remark for item in visit.items if item.result is Result.FAIL] == ["rubbish"]
        assert [item.item for item in visit.items if item.result is Result.NOT_APPLICABLE] == [
            ROUND.items[5].key
        ]
        assert focused() is page.detail.print_button

    def test_errors_are_shown_beside_the_items(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        page.log_estate_visit(two_estates[0])
        settled()
        view = page.entry.view
        view.form.set_value("inspectors", "某甲")
        first, second = ROUND.items[0].key, ROUND.items[1].key
        view.checklist.row(first).set_raw("fail", "")
        view.form.submit()
        settled()
        errors = view.checklist.errors()
        assert "where" in errors[first]
        assert "Mark this item" in errors[second]
        assert "handling" in view.form.errors()
        assert focused() is view.checklist.row(first).remark
        QTest.keyClicks(focused(), "x")
        assert first not in view.checklist.errors()
        assert list_visits(seat).total == 0

    def test_a_deadline_is_required_and_saved(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        page.log_estate_visit(two_estates[0])
        settled()
        view = page.entry.view
        assert not view.form.editor("handling").isVisible()
        view.form.set_value("inspectors", "某甲")
        view.checklist.row("lights").set_raw("fail", "灯坏")
        view.checklist.rest_button.click()
        assert focused() is view.form.editor("handling").inner()[0]
        view.form.set_value("handling", "deadline")
        deadline = view.form.editor("deadline")
        assert deadline.isVisible()
        assert deadline.value() == date(2026, 3, 11)  # Monday the 2nd and seven working days
        assert "Default: 7 working days, can be changed." in texts(view.form)
        view.form.set_value("day", date(2026, 2, 27))
        assert deadline.value() == date(2026, 3, 9)  # Saturday the 28th is worked
        deadline.inner()[0].clear()
        view.form.set_value("day", date(2026, 3, 2))
        assert deadline.value() is None  # what the clerk emptied stays empty
        view.form.submit()
        settled()
        assert "deadline" in view.form.errors()
        view.form.set_value("deadline", date(2026, 3, 12))
        view.form.set_value("day", date(2026, 3, 1))
        assert deadline.value() == date(2026, 3, 12)  # nor does the clerk's own day change
        view.save_button.click()
        settled()
        visit = visit_detail(seat, 1)
        assert (visit.conclusion, str(visit.deadline)) == (Conclusion.DEADLINE, "2026-03-12")

    @pytest.mark.parametrize(
        ("typed", "parsed"),
        [("9:05", "09:05"), ("0905", "09:05"), ("９点５分", "09:05"), ("18", "18:00"), ("25:00", "")],
    )
    def test_times_are_parsed_leniently(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        typed: str, parsed: str,
    ) -> None:  # fmt: skip
        page.log_estate_visit(two_estates[0])
        settled()
        view = page.entry.view
        view.form.set_values({**view.form.values(), "inspectors": "某甲", "time": typed,
                              "day": datetime(2026, 3, 1).date()})  # noqa: DTZ001  # fmt: skip
        view.checklist.answer_rest()
        view.form.submit()
        settled()
        if parsed:
            at = visit_detail(seat, 1).at.astimezone()
            assert f"{at:%Y-%m-%d %H:%M}" == f"2026-03-01 {parsed}"
        else:
            assert "time" in view.form.errors()

    def test_previous_inspectors_are_suggested_by_party(
        self,
        desk: Desk,
        page: InspectionsController,
        two_estates: tuple[int, int],
        settled: Settled,
        seat: Seat,
    ) -> None:
        log(seat, two_estates[0])
        log(seat, two_estates[0], inspectors="物业某乙", party=Party.PROPERTY)
        page.log_estate_visit(two_estates[1])
        settled()
        form = page.entry.view.form
        # who is signed in comes first, then who was there before
        assert form.editor("inspectors").value() == desk.operator.name
        assert form.editor("inspectors").inner()[0].findText("某甲") == 1
        form.set_value("party", "property")
        assert form.editor("inspectors").value() == "物业某乙"
        form.set_value("inspectors", "某丙")
        form.set_value("party", "committee")
        assert form.editor("inspectors").value() == "某丙"

    def test_leaving_asks_once_and_a_draft_is_restored_with_its_photos(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        tmp_path: Path, front: Front, desk: Desk,
    ) -> None:  # fmt: skip
        page.log_estate_visit(two_estates[1])
        settled()
        view = page.entry.view
        view.form.set_value("inspectors", "某甲")
        view.checklist.row("lights").set_raw("fail", "灯坏")
        view.photos.files_added.emit([picture(tmp_path)])
        settled()
        view.form.findChild(DraftSaver).flush()
        settled()
        assert drafts.load_draft(seat, DRAFT) is not None
        # as after a power failure: a new page on the same store
        again = InspectionsController(desk)
        front(again.page)
        again.new_visit()
        settled()
        assert "draft" in again.entry.view.form.notice.text()
        button(again.entry.view.form.notice, "Restore").click()
        settled()
        restored = again.entry.view
        subject = restored.form.subject()
        assert subject is not None
        assert subject.name == "富南大厦"
        assert restored.checklist.row("lights").raw() == ["fail", "灯坏"]
        assert len(restored.photos.photos()) == 1
        # leaving without saving deletes draft and photo
        restored.checklist.focus_first()
        press(Qt.Key.Key_Escape)
        question = shown(Question)
        question.buttons[1].click()
        settled()
        assert again.page.currentWidget() is again.log
        assert drafts.load_draft(seat, DRAFT) is None
        assert draft_photos(seat) == []
        assert seat.store.media.verify([]) == []

    def test_a_viewer_cannot_log_a_visit(
        self, desk_as: Callable[[Role], Desk], two_estates: tuple[int, int], front: Front, settled: Settled
    ) -> None:
        controller = InspectionsController(desk_as(Role.VIEWER))
        front(controller.page)
        settled()
        assert not controller.log.new_button.isVisible()
        controller.log_estate_visit(two_estates[0])
        settled()
        assert controller.page.currentWidget() is controller.log


class TestLog:
    def test_enter_opens_a_visit_and_escape_goes_back(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        visit = log(seat, two_estates[0], "lights", remarks="已告知")
        page.log.table.refresh()
        settled()
        page.log.table.focus_filter()
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        settled()
        assert page.page.currentWidget() is page.detail
        assert page.detail.accessibleName() == visit.number
        assert "Failed: 1" in texts(page.detail)
        press(Qt.Key.Key_Escape)
        assert page.page.currentWidget() is page.log

    def test_filters_apply_and_are_cleared(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        qtbot: QtBot,
    ) -> None:  # fmt: skip
        log(seat, two_estates[0])
        log(seat, two_estates[1], party=Party.PROPERTY)
        log(seat, two_estates[1], at=datetime(2026, 1, 5, 2, tzinfo=UTC))
        page.log.table.refresh()
        settled()
        model = page.log.table.model

        def choose(name: str, value: object) -> int:
            page.log.table.facets.choose(name, value)
            settled()
            return model.total

        assert facet(page, "Estate").count() == 3
        assert choose("estate_id", two_estates[1]) == 2
        assert choose("party", "property") == 1
        page.log.table.clear_filters()
        settled()
        assert model.total == 3
        assert choose("at", "month") == 2
        assert choose("at", None) == 3
        days = facet(page, "When")
        days.setCurrentIndex(days.findText("From … to …"))
        days.activated.emit(days.currentIndex())
        dialog = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, FormDialog) and w.isVisible()
        )
        dialog.form.set_raw({"first": "2026-02-01", "last": "2026-01-01"})
        dialog.form.submit()
        assert "last" in dialog.form.errors()
        dialog.form.set_raw({"first": "2026-01-01", "last": "2026-01-31"})
        dialog.form.submit()
        settled()
        assert model.total == 1
        assert days.currentText() == "2026-01-01 to 2026-01-31"

    def test_the_list_is_exported_as_shown(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        tmp_path: Path, choose_file: Callable[[Path], None], qtbot: QtBot, submit_export_order: Callable[..., None],
    ) -> None:  # fmt: skip
        log(seat, two_estates[0], "lights")
        log(seat, two_estates[1])
        page.log.table.refresh()
        settled()
        page.log.table.facets.choose("estate_id", two_estates[0])
        settled()
        target = tmp_path / "log.xlsx"
        choose_file(target)
        button(page.log.table, "Export this list to Excel").click()
        submit_export_order()
        qtbot.waitUntil(target.exists)
        rows = list(load_workbook(target).active.iter_rows(values_only=True))  # type: ignore[union-attr]
        assert rows[5][0] == "Number"
        assert [row[0] for row in rows[6:]] == ["XC2026-0001"]
        assert rows[6][7] == 1

    def test_the_export_leaves_out_the_columns_that_are_hidden(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        tmp_path: Path, choose_file: Callable[[Path], None], submit_export_order: Callable[..., None],
    ) -> None:  # fmt: skip
        log(seat, two_estates[0], inspectors="史国强")
        page.log.table.refresh()
        settled()
        choose_column(page.log.table, "Inspectors")
        choose_file(tmp_path / "log.xlsx")
        button(page.log.table, "Export this list to Excel").click()
        submit_export_order()
        settled()
        rows = list(load_workbook(tmp_path / "log.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
        assert rows[-1][0] == "XC2026-0001"
        assert "史国强" not in str(rows)

    def test_a_change_elsewhere_is_shown_when_the_page_reappears(
        self,
        desk: Desk,
        page: InspectionsController,
        two_estates: tuple[int, int],
        settled: Settled,
        seat: Seat,
    ) -> None:
        page.page.hide()
        desk.run(lambda at_desk: log(at_desk, two_estates[0]))
        settled()
        assert page.log.table.model.total == 0
        page.page.show()
        settled()
        assert page.log.table.model.total == 1


class TestDetail:
    def test_photos_are_added_captioned_shown_and_removed_after_asking(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        tmp_path: Path, qtbot: QtBot,
    ) -> None:  # fmt: skip
        visit = log(
            seat,
            two_estates[0],
            photos=(prepare_photo(picture(tmp_path).read_bytes(), False, "门口"),),
        )
        page.open_visit(visit.id)
        settled()
        strip = page.detail.photos
        assert [photo.caption for photo in strip.photos()] == ["门口"]
        Image.new("RGB", (300, 200), "green").save(tmp_path / "二楼.png")
        strip.files_added.emit([tmp_path / "二楼.png"])
        settled()
        assert len(strip.photos()) == 2
        key = strip.photos()[1].key
        strip.captioned.emit(key, "二楼")
        settled()
        assert [photo.caption for photo in visit_detail(seat, visit.id).photos] == ["门口", "二楼"]
        first = next(made for made in strip.findChildren(QLabel) if made.accessibleName() == "Photo 1")
        first.setFocus()
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: any(
                isinstance(w, PictureDialog) and w.isVisible() for w in QApplication.topLevelWidgets()
            )
        )
        strip.removed.emit(key)
        question = shown(Question)
        question.buttons[0].click()
        settled()
        assert [photo.caption for photo in strip.photos()] == ["门口"]
        assert len(visit_detail(seat, visit.id).photos) == 1

    def test_the_subject_opens(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        visit = log(seat, two_estates[1])
        page.open_visit(visit.id)
        settled()
        opened: list[tuple[str, int]] = []
        page.subject_opened.connect(lambda kind, key: opened.append((kind, key)))
        page.detail.subject_button.click()
        assert opened == [("estate", two_estates[1])]

    def test_a_deleted_visit_is_reported_in_the_log(
        self, page: InspectionsController, settled: Settled
    ) -> None:
        page.open_visit(99)
        settled()
        assert page.page.currentWidget() is page.log
        assert "no longer" in page.log.banner.text()


class TestPapers:
    def test_blank_sheets_for_all_estates(
        self, page: InspectionsController, settled: Settled, qtbot: QtBot
    ) -> None:
        page.sheets_button.click()
        settled()
        dialog = page.papers.dialog
        assert dialog is not None
        assert not dialog.print_button.isEnabled()
        QTest.keyClick(dialog.list, Qt.Key.Key_Space)
        assert [subject.name for subject in dialog.chosen()] == ["南昌路168弄"]
        dialog.tick_all()
        dialog.print_button.click()
        qtbot.waitUntil(lambda: page.papers.preview is not None, timeout=20_000)
        preview = page.papers.preview
        assert preview is not None
        qtbot.waitUntil(lambda: preview.preview.pdf is not None)
        pdf = preview.preview.pdf
        assert pdf is not None
        assert len(pdf.sizes) >= 2
        preview.close()

    def test_the_sheet_of_a_visit_and_of_an_estate(
        self, page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        qtbot: QtBot,
    ) -> None:  # fmt: skip
        visit = log(seat, two_estates[0], "lights")
        page.open_visit(visit.id)
        settled()
        page.detail.print_button.click()
        qtbot.waitUntil(lambda: page.papers.preview is not None, timeout=20_000)
        preview = page.papers.preview
        assert preview is not None
        assert preview.windowTitle() == "Inspection sheet: 南昌路168弄"
        qtbot.waitUntil(lambda: preview.preview.pdf is not None)
        preview.close()
        page.papers.preview = None
        page.papers.print_estate(two_estates[1])
        qtbot.waitUntil(lambda: page.papers.preview is not None, timeout=20_000)
        second = page.papers.preview
        assert second is not None
        assert "富南大厦" in second.windowTitle()
        qtbot.waitUntil(lambda: second.preview.pdf is not None)
        second.close()


class TestSection:
    def test_the_log_of_an_estate(
        self,
        desk: Desk,
        two_estates: tuple[int, int],
        front: Front,
        settled: Settled,
        seat: Seat,
        worker: Worker,
    ) -> None:
        first = log(seat, two_estates[0])
        log(seat, two_estates[1])
        section = VisitLogSection(desk)
        front(section.page)
        section.show_estate(two_estates[0])
        settled()
        assert section.view.table.model.total == 1
        opened: list[int] = []
        section.visit_opened.connect(opened.append)
        section.view.table.focus_filter()
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        assert opened == [first.id]
        requested: list[int] = []
        section.visit_requested.connect(lambda: requested.append(section.estate_id))
        section.view.new_button.click()
        assert requested == [two_estates[0]]
        desk.run(lambda at_desk: log(at_desk, two_estates[0]))
        settled()
        assert section.view.table.model.total == 2
        section.show_case(7)
        settled()
        assert (section.view.table.model.total, section.case_id) == (0, 7)
        assert list_visits(seat).total == 3
