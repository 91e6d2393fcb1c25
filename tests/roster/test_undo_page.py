"""The page on which an import is undone of which something was changed since."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.table import TablePage
from tests.desks import wait_until_quiet
from tests.roster.undoing import ROWS, Clerk, names_left

FIRST = ["福元小区", "1号", "101室", "丁华", "13900000001"]
ROW = ["Unit", "福元小区1号101室", "丁*", "Household changed"]


@pytest.fixture
def clerk(seat: Seat, tmp_path: Path) -> Clerk:
    return Clerk(seat, tmp_path)


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Wait until nothing more is on its way, on either thread."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def page(
    desk: Desk, clerk: Clerk, front: Callable[[QWidget], None], settled: Callable[[], None]
) -> ImportController:
    """The page after an import of which one household was changed."""
    clerk.import_rows(*ROWS)
    clerk.change_household("丁华", people=3)
    made = ImportController(desk)
    front(made.page)
    settled()
    made.start.table.table.selectRow(0)
    return made


def rows(table: TablePage) -> list[list[str]]:
    model = table.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def questions() -> list[QWidget]:
    return [box for box in QApplication.topLevelWidgets() if isinstance(box, Question) and box.isVisible()]


def chip(page: ImportController) -> str:
    model = page.start.table.model
    index = model.index(0, model.columnCount() - 1)
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole)).removeprefix("State ")


def test_what_goes_and_what_stays_is_shown_before_and_after(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    before = names_left(clerk.seat)
    page.start.undo_button.click()
    settled()
    asked = page.undo
    assert page.page.currentWidget() is asked
    assert questions() == []
    assert asked.removed.text() == "Removed: 1 building, 2 units, 2 households."
    assert asked.kept.text().startswith("Kept: 1 estate, 1 building, 1 unit, 1 household, because")
    assert rows(asked.table) == [ROW]
    assert names_left(clerk.seat) == before
    asked.undo_button.click()
    settled()
    assert page.page.currentWidget() is asked
    assert (asked.undo_button.isVisible(), asked.close_button.isVisible()) == (False, True)
    assert "was undone, except" in asked.banner.text()
    assert rows(asked.table) == [ROW]
    assert names_left(clerk.seat) == FIRST
    asked.close_button.click()
    settled()
    assert page.page.currentWidget() is page.start
    assert chip(page) == "Undone, 1 home stays"


def test_keeping_everything_changes_nothing(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    before = names_left(clerk.seat)
    page.start.undo_button.click()
    settled()
    page.undo.keep_button.click()
    settled()
    assert page.page.currentWidget() is page.start
    assert names_left(clerk.seat) == before
    assert chip(page) == "Imported"


def test_a_row_opens_its_home_and_the_list_follows_its_removal(
    page: ImportController, clerk: Clerk, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.start.undo_button.click()
    settled()
    page.undo.undo_button.click()
    settled()
    page.undo.table.table.selectRow(0)
    with qtbot.waitSignal(page.record_opened) as opened:
        qtbot.keyClick(page.undo.table.table, Qt.Key.Key_Return)
    assert opened.args == ["unit", clerk.unit("101室")]
    page.page.hide()
    clerk.remove_home("101室", "丁华")
    page.page.show()
    settled()
    assert rows(page.undo.table) == [
        ["Estate", "福元小区", "–", "no longer used; can be removed"],
        ["Building", "福元小区1号", "–", "no longer used; can be removed"],
    ]


def test_the_question_follows_what_was_changed_while_a_record_was_open(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    page.start.undo_button.click()
    settled()
    page.page.hide()
    clerk.file_case("102室")
    page.page.show()
    settled()
    assert rows(page.undo.table) == [ROW, ["Unit", "福元小区1号102室", "李*", "has 1 renovation since"]]
    page.page.hide()
    clerk.change_household("王五", people=2)
    page.page.show()
    settled()
    assert not page.undo.isVisible()
    assert page.start.banner.tone == "error"
    assert "can no longer be undone" in page.start.banner.text()


def test_what_stayed_is_shown_again_from_the_list_of_imports(
    page: ImportController, settled: Callable[[], None]
) -> None:
    assert not page.start.kept_button.isEnabled()
    page.start.undo_button.click()
    settled()
    page.undo.undo_button.click()
    settled()
    page.undo.close_button.click()
    settled()
    page.start.table.table.selectRow(0)
    assert not page.start.undo_button.isEnabled()
    page.start.kept_button.click()
    settled()
    assert page.page.currentWidget() is page.undo
    assert rows(page.undo.table) == [ROW]


def test_an_undo_that_is_refused_leaves_the_question_usable(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    page.start.undo_button.click()
    settled()
    for head in ("李新", "王五"):
        clerk.change_household(head, people=2)
    page.undo.undo_button.click()
    settled()
    assert "can no longer be undone" in page.undo.banner.text()
    assert page.undo.keep_button.isEnabled()


def test_the_list_is_filtered_by_address_and_reason(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    clerk.file_case("102室")
    page.start.undo_button.click()
    settled()
    for typed, found in (("renov", "福元小区1号102室"), ("101", "福元小区1号101室")):
        page.undo.table.filter.setText(typed)
        page.undo.table.filter.returnPressed.emit()
        settled()
        assert [row[1] for row in rows(page.undo.table)] == [found]


def test_the_state_counts_homes_or_records(
    page: ImportController, clerk: Clerk, settled: Callable[[], None]
) -> None:
    use_language("zh_CN")
    clerk.add_facility()
    page.start.undo_button.click()
    settled()
    page.undo.undo_button.click()
    settled()
    page.undo.close_button.click()
    settled()
    assert chip(page) == "已撤销，保留 2 条"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PROPERTY])
def test_other_roles_see_neither_undo_nor_list(
    desk_as: Callable[[Role], Desk],
    front: Callable[[QWidget], None],
    settled: Callable[[], None],
    role: Role,
) -> None:
    made = ImportController(desk_as(role))
    front(made.page)
    settled()
    assert not made.start.undo_button.isVisible()
    assert not made.start.kept_button.isVisible()
