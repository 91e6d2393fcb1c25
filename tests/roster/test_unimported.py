"""The rows that were not imported: kept in the store, shown masked, a file only when somebody asks."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, NotFound
from fuyuan_desk.privacy.service import people, retention
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.records import UnimportedRow
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.unimported import list_unimported, reveal_unimported, unimported_for_export
from fuyuan_desk.roster.workbook import write_unimported
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.workbook.parser import Cell
from tests.privacy.neighbours import agreed, everything
from tests.roster.rosters import draft

HEADER: list[Cell] = ["门牌号", "室号", "姓名", "电话", "身份证号码", "共有人", "备注"]
NAME, OTHER = "欧阳明慧", "司徒文涛"
PHONE, ID = "13812345678", "310101196503020008"
ROWS: list[list[Cell]] = [
    HEADER,
    ["1号", "101", "张三", "13900001111", "", "", ""],
    ["1号", "", NAME, 13812345678.0, ID, OTHER, "电话打 13812345678"],
    ["1号", "101", "张三", "13900001111", "", "", ""],
]
ORDER = ExportOrder("改好再导入", "本居委会")


@pytest.fixture
def number(seat: Seat) -> int:
    """The import of a roster of which two rows are not imported."""
    report = imports.import_roster(seat, draft(ROWS, file="名册.xlsx", estate="福元小区"))
    assert (report.units, report.duplicates, report.rejected) == (1, 1, 1)
    assert report.import_id is not None
    return report.import_id


def kept(seat: Seat) -> int:
    with seat.store.use() as session:
        return session.scalar(select(func.count()).select_from(UnimportedRow)) or 0


def test_rows_are_listed_masked_with_place_and_reason(seat: Seat, number: int) -> None:
    shown = list_unimported(seat, number)
    assert shown.file_name == "名册.xlsx"
    [faulty, twice] = shown.rows
    assert (faulty.sheet, faulty.row, twice.row) == ("Sheet1", 3, 4)
    assert faulty.reason
    assert twice.home == "福元小区1号101室"
    for secret in (NAME, PHONE, ID, OTHER):
        assert secret not in str(shown)
    assert [view.unimported for view in imports.list_imports(seat)] == [2]


def test_revealing_a_row_is_logged(seat: Seat, number: int) -> None:
    [faulty, _twice] = list_unimported(seat, number).rows
    cells = reveal_unimported(seat, faulty.id)
    assert {NAME, PHONE, ID, OTHER} <= set(cells)
    with seat.store.use() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.table_name, last.record_id) == ("reveal", "unimported_row", faulty.id)
    assert NAME not in last.changes


def test_the_trail_never_holds_the_rows(seat: Seat, number: int) -> None:
    with seat.store.use() as session:
        trail = "".join(session.scalars(select(AuditEntry.changes)))
    assert "名册.xlsx" in trail
    for secret in (NAME, PHONE, ID, OTHER):
        assert secret not in trail


def test_a_file_names_purpose_and_receiver_and_is_logged(seat: Seat, number: int, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        unimported_for_export(seat, number, ExportOrder())
    path = write_unimported(unimported_for_export(seat, number, ORDER), tmp_path / "rest.xlsx")
    sheet = load_workbook(path).active
    assert sheet is not None
    texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("本居委会" in text for text in texts)
    assert {NAME, PHONE, ID} <= set(texts)
    with seat.store.use() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.table_name) == ("export", "unimported_row")
    assert '"unmasked":true' in last.changes


def test_a_file_for_another_operator_takes_a_second_person(
    seat: Seat, seat_as: Callable[[Role], Seat], number: int
) -> None:
    clerk = seat_as(Role.CLERK)
    with pytest.raises(SecondNeeded):
        unimported_for_export(clerk, number, ORDER)
    with pytest.raises(NotAllowed):
        list_unimported(seat_as(Role.VIEWER), number)


def test_undoing_an_import_forgets_its_rows(seat: Seat, number: int) -> None:
    other = imports.import_roster(seat, draft(ROWS, file="乙.xlsx", estate="乙小区")).import_id
    assert other is not None
    imports.undo_import(seat, number)
    assert list_unimported(seat, number).rows == ()
    assert len(list_unimported(seat, other).rows) == 2
    with pytest.raises(NotFound):
        unimported_for_export(seat, number, ORDER)


def test_a_person_in_a_row_is_found_reported_and_erased(seat: Seat, number: int) -> None:
    [found] = people.find_people(seat, NAME)
    assert [place.key.table for place in found.places] == ["unimported_row"]
    assert "名册.xlsx" in found.places[0].place
    report = people.person_report(seat, found.keys, "本人，出示身份证")
    values = dict(report.held[0].values)
    assert (values["户主或单位"], values["证件号码"], values["联系电话"]) == (NAME, ID, PHONE)
    assert OTHER not in str(report.held), "the second holder's data is not the first one's"
    erased = people.erase_person(agreed(seat), found.keys, "purpose")
    assert erased.done.records == 1
    assert [row.row for row in list_unimported(seat, number).rows] == [4]
    with seat.store.use() as session:
        assert NAME not in everything(session)


def test_a_row_that_names_a_person_beside_another_is_erased_with_that_person(seat: Seat) -> None:
    rows: list[list[Cell]] = [
        HEADER,
        ["1号", "101", NAME, PHONE, ID, "", ""],
        ["1号", "", "张三", "", "", "", PHONE],
    ]
    imports.import_roster(seat, draft(rows, estate="福元小区"))
    [found] = people.find_people(seat, NAME)
    assert {row.key.table for row in people.preview_erasure(seat, found.keys)} == {
        "household",
        "unimported_row",
    }


def test_rows_are_due_for_removal_after_ninety_days(seat: Seat, number: int) -> None:
    assert retention.due_for_anonymising(seat).total == 0
    with seat.store.use() as session:
        for row in session.scalars(select(UnimportedRow)):
            row.kept_at -= timedelta(days=90)
        session.commit()
    assert retention.due_for_anonymising(seat).total == 2
    retention.anonymise(agreed(seat))
    assert kept(seat) == 0


def test_the_list_is_shown_from_the_earlier_imports(
    page: ImportController, seat: Seat, number: int, settled: Callable[[], None]
) -> None:
    page.start.table.load()
    page.page.hide()
    page.page.show()
    settled()
    page.rest.show(number)
    settled()
    view = page.rest.view
    assert page.page.currentWidget() is view
    model = view.table.model
    assert model.rowCount() == 2
    view.table.table.selectRow(0)
    settled()
    assert NAME not in view.cells.text()
    view.cells.reveal_requested.emit()
    settled()
    assert NAME in view.cells.text()
    view.close_button.click()
    assert page.page.currentWidget() is page.start
