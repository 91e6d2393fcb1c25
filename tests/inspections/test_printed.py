"""The register of printed sheets: numbers, places, and the way from a filled-in sheet to its visit."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import NewVisit, Subject
from fuyuan_desk.inspections.rules.visits import Finding, Result, SheetScope, SubjectKind
from fuyuan_desk.inspections.service.page_data import (
    Sheets,
    blank_papers,
    blank_previews,
    number_papers,
    visit_papers,
)
from fuyuan_desk.inspections.service.printed import read_sheet
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today import service as today
from fuyuan_desk.widgets.preview import PreviewDialog
from tests.paper import pdf

Settled = Callable[[], None]


@pytest.fixture
def subject(seat: Seat) -> Subject:
    """An estate of a tower with two gates and a block of six floors without a lift."""
    estate = estates.save_estate(seat, EstateFields("混合新村", house_kind="workers")).id
    tower = buildings.save_building(seat, BuildingFields("10幢", 12, True, estate_id=estate)).id
    buildings.save_building(seat, BuildingFields("2幢", 6, False, estate_id=estate))
    for gate in ("乙门", "甲门"):
        units.save_unit(seat, UnitFields(tower, entrance=gate, label="101室"))
    return estate_subjects(seat, [estate])[0]


def visit(subject: Subject, sheet: str, without: Collection[str] = (), **fields: object) -> NewVisit:
    items = (item.key for item in checklist_for(subject.kind).items if item.key not in without)
    findings = tuple(Finding(key, Result.PASS) for key in items)
    return replace(
        NewVisit(subject, fields.pop("at"), Party.COMMITTEE, "史国强", findings, sheet=sheet),  # type: ignore[arg-type]
        **fields,
    )


def scanned(seat: Seat, papers: Sheets, index: int = 0) -> tuple[str, int] | None:
    sheet = papers.sheets[index]
    return today.find_scanned(seat, all_records(), f"FYT1:IS:{sheet.number}:{sheet.uid.upper()}:1")


def test_each_print_has_the_next_number_and_the_estates_own_stands_apart(
    seat: Seat, subject: Subject
) -> None:
    first, second = blank_papers(seat, [subject]), blank_papers(seat, [subject, subject])
    numbers = [sheet.number for papers in (first, second) for sheet in papers.sheets]
    assert numbers == ["XCB-2026-000001", "XCB-2026-000002", "XCB-2026-000003"]
    assert {sheet.record for sheet in second.sheets} == {"小区编号：XQ0001"}
    assert len({sheet.uid for sheet in (*first.sheets, *second.sheets)}) == 3


def test_a_print_that_is_refused_leaves_no_gap(seat: Seat, subject: Subject) -> None:
    gone = replace(subject, id=99, estate_id=99)
    with pytest.raises(NotFound):
        blank_papers(seat, [subject, gone])
    assert blank_papers(seat, [subject]).sheets[0].number == "XCB-2026-000001"


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (SheetScope.ESTATE, ["混合新村"]),
        (SheetScope.BUILDING, ["混合新村　2幢", "混合新村　10幢"]),
        (SheetScope.GATE, ["混合新村　2幢", "混合新村　10幢乙门", "混合新村　10幢甲门"]),
    ],
)
def test_one_sheet_for_the_estate_each_building_or_each_gate(
    seat: Seat, subject: Subject, scope: SheetScope, names: list[str]
) -> None:
    papers = blank_papers(seat, [subject], None, scope)
    assert sorted(sheet.subject for sheet in papers.sheets) == sorted(names)
    assert len(papers.sheets) == {
        SheetScope.ESTATE: 1, SheetScope.BUILDING: subject.buildings, SheetScope.GATE: subject.gates,
    }[scope]  # fmt: skip
    lifts = {sheet.subject: any("电梯" in item.text for item in sheet.items) for sheet in papers.sheets}
    assert all(has is ("2幢" not in name) for name, has in lifts.items())


def test_an_estate_without_buildings_has_one_sheet(seat: Seat) -> None:
    estate = estates.save_estate(seat, EstateFields("空里")).id
    papers = blank_papers(seat, estate_subjects(seat, [estate]), None, SheetScope.GATE)
    assert [sheet.subject for sheet in papers.sheets] == ["空里"]


def test_a_sheet_leads_to_its_visit_once_it_is_entered(seat: Seat, subject: Subject) -> None:
    papers = blank_papers(seat, [subject], None, SheetScope.BUILDING)
    small = next(index for index, sheet in enumerate(papers.sheets) if "　2幢" in sheet.subject)
    found = scanned(seat, papers, small)
    assert found is not None
    assert found[0] == "sheet"
    sheet = read_sheet(seat, found[1])
    assert (sheet.subject_id, sheet.place, sheet.visit_id) == (subject.id, "2幢", None)
    typed = f" ｘｃ{sheet.number[2:].lower()} "
    logged = log_visit(seat, visit(subject, typed, without=("lift",), at=seat.now()))
    assert logged.subject == "混合新村 2幢"
    assert (logged.sheet, visit_detail(seat, logged.id).sheet) == (sheet.number, sheet.number)
    assert read_sheet(seat, sheet.id).visit_id == logged.id
    assert "lift" not in {item.item for item in logged.items}
    copy = visit_papers(seat, [logged.id])
    assert copy.sheets[0].record == f"巡查记录号：{logged.number}"
    assert copy.sheets[0].subject == "混合新村 2幢"
    of_copy = scanned(seat, copy)
    assert of_copy is not None
    assert read_sheet(seat, of_copy[1]).visit_id == logged.id
    assert visit_detail(seat, logged.id).sheet == sheet.number, "a copy is not what it was entered from"


def test_wrong_numbers_are_refused_beside_their_field(seat: Seat, subject: Subject) -> None:
    other = estate_subjects(seat, [estates.save_estate(seat, EstateFields("富南大厦")).id])[0]
    number = blank_papers(seat, [other]).sheets[0].number
    for wrong in ("XCB-2026-999999", "随便", number):
        with pytest.raises(InvalidInput) as refused:
            log_visit(seat, visit(subject, wrong, at=seat.now()))
        assert set(refused.value.fields) == {"sheet"}
    log_visit(seat, visit(other, number, at=seat.now()))
    with pytest.raises(InvalidInput, match="XC2026-0001"):
        log_visit(seat, visit(other, number, at=seat.now()))


def test_a_lift_is_asked_for_only_where_there_may_be_one(seat: Seat, subject: Subject) -> None:
    with pytest.raises(InvalidInput) as refused:
        log_visit(seat, visit(subject, "", without=("lift",), at=seat.now()))
    assert set(refused.value.fields) == {"item.lift"}
    lane = estates.save_estate(seat, EstateFields("老里", house_kind="old-lane")).id
    of_lane = estate_subjects(seat, [lane])[0]
    logged = log_visit(seat, visit(of_lane, "", without=("lift",), at=seat.now()))
    assert "lift" not in {item.item for item in logged.items}
    texts = {item.item: item.text for item in logged.items}
    assert texts["tank"].startswith("If there is a water tank: ")
    answered = log_visit(seat, visit(of_lane, "", at=seat.now()))
    assert "lift" in {item.item for item in answered.items}, "an answer from an older form is kept"


def test_a_removed_sheet_is_reported(seat: Seat) -> None:
    with pytest.raises(NotFound):
        read_sheet(seat, 99)


def test_sheets_are_found_by_number(seat: Seat, subject: Subject) -> None:
    number = blank_papers(seat, [subject]).sheets[0].number
    [found] = [hit for hit in today.search(seat, all_records(), number) if hit.kind == "sheet"]
    assert found.title == f"{number}  混合新村"
    assert "not entered yet" in found.detail


# --- on the screen ---------------------------------------------------------------------------------------


@pytest.fixture
def page(
    desk: Desk, subject: Subject, front: Callable[[QWidget], None], settled: Settled
) -> InspectionsController:
    """The page of inspections of an office with one estate."""
    controller = InspectionsController(desk)
    front(controller.page)
    settled()
    return controller


def test_a_scanned_sheet_opens_the_form_of_its_subject(
    page: InspectionsController, subject: Subject, seat: Seat, settled: Settled
) -> None:
    papers = blank_papers(seat, [subject], None, SheetScope.BUILDING)
    small = next(index for index, sheet in enumerate(papers.sheets) if "　2幢" in sheet.subject)
    found = scanned(seat, papers, small)
    assert found is not None
    page.open_sheet(found[1])
    settled()
    view = page.entry.view
    assert page.page.currentWidget() is view
    chosen = view.form.subject()
    assert chosen is not None
    assert chosen.name == "混合新村"
    assert view.form.editor("sheet").value() == papers.sheets[small].number
    assert view.checklist.checklist is not None
    assert "lift" not in {item.key for item in view.checklist.checklist.items}
    view.form.set_value("inspectors", "史国强")
    view.checklist.answer_rest()
    view.form.submit()
    settled()
    assert page.page.currentWidget() is page.detail
    page.show_log()
    page.open_sheet(found[1])
    settled()
    assert page.page.currentWidget() is page.detail, "what is entered opens as its visit"


def test_answers_stay_when_another_place_asks_for_less(
    page: InspectionsController, subject: Subject, seat: Seat, settled: Settled
) -> None:
    lane = estates.save_estate(seat, EstateFields("老里", house_kind="old-lane")).id
    page.log_estate_visit(subject.id)
    settled()
    view = page.entry.view
    view.checklist.row("wires").set_raw("fail", "飞线")
    before = len(view.checklist.checklist.items) if view.checklist.checklist else 0
    view.form.set_value("subject", f"{SubjectKind.ESTATE}:{lane}")
    settled()
    assert view.checklist.checklist is not None
    assert len(view.checklist.checklist.items) == before - 1
    assert view.checklist.row("wires").raw() == ["fail", "飞线"]
    view.form.mark_clean()


def test_the_dialog_prints_a_sheet_for_each_gate(
    page: InspectionsController, subject: Subject, settled: Settled, qtbot: QtBot
) -> None:
    page.papers.choose()
    settled()
    dialog = page.papers.dialog
    assert dialog is not None
    assert dialog.scope.isVisible()
    dialog.tick_all()
    texts = []
    for index in range(dialog.scope.count()):
        dialog.scope.setCurrentIndex(index)
        texts.append(dialog.print_button.text())
    assert texts == [
        "&Preview 1 sheet",
        f"&Preview {subject.buildings} sheets",
        f"&Preview {subject.gates} sheets",
    ]
    assert (subject.buildings, subject.gates) == (2, 3)
    dialog.print_button.click()
    qtbot.waitUntil(lambda: page.papers.preview is not None, timeout=20_000)
    preview = page.papers.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None, timeout=20_000)
    assert preview.preview.pdf is not None
    assert len(preview.preview.pdf.sizes) == 3
    preview.close()


def previewed(page: InspectionsController, subject: Subject, qtbot: QtBot) -> PreviewDialog:
    page.papers.print_estate(subject.id)
    qtbot.waitUntil(lambda: page.papers.preview is not None, timeout=20_000)
    preview = page.papers.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None, timeout=20_000)
    return preview


def printed_entries(seat: Seat) -> list[str]:
    entries = find_entries(seat, TrailQuery(actions=("print",))).rows
    return [entry.summary for entry in entries]


def words(preview: PreviewDialog) -> str:
    document = preview.preview.pdf
    assert document is not None
    return pdf.flat(Printed(document.raw, len(document.sizes), ()), 1)


def test_a_look_at_a_preview_takes_no_number_and_is_not_logged(
    page: InspectionsController, subject: Subject, qtbot: QtBot, seat: Seat
) -> None:
    preview = previewed(page, subject, qtbot)
    assert "打印时给出小区编号" in words(preview)
    assert "XCB-" not in words(preview)
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert printed_entries(seat) == []
    assert blank_papers(seat, [subject]).sheets[0].number == "XCB-2026-000001"


def test_saving_a_preview_takes_its_number_and_is_logged(
    page: InspectionsController, subject: Subject, qtbot: QtBot, seat: Seat, tmp_path: Path
) -> None:
    preview = previewed(page, subject, qtbot)
    blank_papers(seat, [subject])  # somebody else prints one meanwhile
    before = len(printed_entries(seat))
    preview.preview.save_to(tmp_path / "sheet.pdf")
    qtbot.waitUntil((tmp_path / "sheet.pdf").exists, timeout=20_000)
    assert "XCB-2026-000002小区编号" in words(preview)
    assert preview.preview.file_name == "Inspection sheet-XCB-2026-000002-混合新村.pdf"
    assert len(printed_entries(seat)) == before + 1
    assert "XCB-2026-000002" in printed_entries(seat)[0]
    preview.close()


def test_a_preview_of_what_is_removed_meanwhile_is_refused_and_leaves_no_gap(
    seat: Seat,
) -> None:
    kept = estate_subjects(seat, [estates.save_estate(seat, EstateFields("富南大厦")).id])[0]
    gone = estate_subjects(seat, [estates.save_estate(seat, EstateFields("空里")).id])[0]
    papers = blank_previews(seat, [kept, gone])
    estates.remove_estate(seat, gone.id)
    with pytest.raises(NotFound):
        number_papers(seat, papers)
    assert printed_entries(seat) == []
    assert blank_papers(seat, [kept]).sheets[0].number == "XCB-2026-000001"


def test_printing_the_same_preview_again_keeps_the_number(
    page: InspectionsController, subject: Subject, settled: Settled, qtbot: QtBot, seat: Seat, tmp_path: Path
) -> None:
    preview = previewed(page, subject, qtbot)
    for name in ("once.pdf", "again.pdf"):
        preview.preview.save_to(tmp_path / name)
        qtbot.waitUntil((tmp_path / name).exists, timeout=20_000)
    settled()
    assert (tmp_path / "once.pdf").read_bytes() == (tmp_path / "again.pdf").read_bytes()
    assert blank_papers(seat, [subject]).sheets[0].number == "XCB-2026-000002"
    preview.close()


def test_who_cannot_enter_a_sheet_is_told_so(
    subject: Subject, seat: Seat, settled: Settled, front: Callable[[QWidget], None],
    desk_as: Callable[[Role], Desk],
) -> None:  # fmt: skip
    papers = blank_papers(seat, [subject])
    found = scanned(seat, papers)
    assert found is not None
    viewer = InspectionsController(desk_as(Role.VIEWER))
    front(viewer.page)
    viewer.open_sheet(found[1])
    settled()
    assert "not entered yet" in viewer.log.banner.text()
