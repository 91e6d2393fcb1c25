"""The screen on which a list is compared with the store, as a clerk uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.view.compare import ImportCompareView, Line

HEADER = "小区,楼栋,室号,业主,电话"
BEFORE = (
    "福元小区,1号,101室,丁华,13900000001",
    "福元小区,1号,102室,李新,13900000002",
    "福元小区,1号,103室,王五,",
)
AFTER = (
    "福元小区,1号,101室,丁华,13800000001",
    "福元小区,1号,102室,孙七,13900000009",
    "福元小区,1号,104室,周八,",
)
Settled = Callable[[], None]


def write(path: Path, rows: tuple[str, ...]) -> Path:
    """Write a list."""
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


@pytest.fixture
def screen(page: ImportController, seat: Seat, tmp_path: Path, settled: Settled) -> ImportCompareView:
    """Return the screen of a yearly list compared with an estate of the store."""
    imports.import_roster(seat, write(tmp_path / "去年.csv", BEFORE))
    page.open_file(write(tmp_path / "今年.csv", AFTER))
    settled()
    assert page.check.import_button.text() == "&Compare with the store"
    page.check.import_button.click()
    settled()
    assert page.page.currentWidget() is page.comparing.screen
    return page.comparing.screen


def shown(screen: ImportCompareView) -> list[tuple[str, str, str, str, bool]]:
    """Return the rows of the table: group, home, old, new, and whether they will be written."""
    model = screen.table.model
    rows = []
    for number in range(model.rowCount()):
        line = model.row(number)
        assert isinstance(line, Line)
        cells = [str(model.index(number, column).data()) for column in (1, 2, 5, 6)]
        rows.append((*cells, screen.is_taken(line)))
    return rows  # type: ignore[return-value]


def line_of(screen: ImportCompareView, group: Group) -> None:
    """Choose the row of a group."""
    assert screen.table.select_where(lambda line: line.entry.group is group)


def test_new_and_changed_are_taken_and_who_left_is_asked(screen: ImportCompareView) -> None:
    assert shown(screen) == [
        ("New", "1号104室", "–", "周*", True),
        ("Changed", "1号101室", "139****0001", "138****0001", True),
        ("Other holder", "1号102室", "李*", "孙*", False),
        ("Gone from the list", "1号103室", "王*", "–", False),
    ]
    assert {group: box.text() for group, box in screen.boxes.items() if not box.isHidden()} == {
        Group.NEW: "New 1", Group.CHANGED: "Changed 1", Group.OTHER_HOLDER: "Other holder 1",
        Group.GONE: "Gone from the list 1",
    }  # fmt: skip
    assert screen.write_button.text() == "&Import: 2 households"
    assert screen.form.isHidden(), "nobody leaves"


def test_a_group_is_taken_whole_and_its_day_is_asked(screen: ImportCompareView) -> None:
    screen.boxes[Group.OTHER_HOLDER].click()
    assert not screen.form.isHidden()
    assert screen.write_button.text() == "&Import: 3 households"
    screen.boxes[Group.NEW].click()
    assert [row[-1] for row in shown(screen)] == [False, True, True, False]


def test_a_row_is_taken_or_left_by_the_space_bar(screen: ImportCompareView, settled: Settled) -> None:
    line_of(screen, Group.GONE)
    QTest.keyClick(screen.table.table, Qt.Key.Key_Space)
    settled()
    assert shown(screen)[-1][-1]
    QTest.keyClick(screen.table.table, Qt.Key.Key_Space)
    settled()
    assert not shown(screen)[-1][-1]
    line_of(screen, Group.NEW)
    screen.leave_button.click()
    settled()
    assert screen.write_button.text() == "&Import: 1 household"


def test_a_full_name_is_found_though_names_are_masked(screen: ImportCompareView, settled: Settled) -> None:
    screen.table.filter.setText("孙七")
    screen.table._apply_filter()  # without waiting for the end of typing
    settled()
    assert [row[1] for row in shown(screen)] == ["1号102室"]


def test_what_is_chosen_is_written_and_can_be_undone(
    page: ImportController, screen: ImportCompareView, seat: Seat, settled: Settled
) -> None:
    for group in (Group.OTHER_HOLDER, Group.GONE):
        screen.boxes[group].click()
    screen.form.set_value("ended_on", None)
    screen.write_button.click()
    settled()
    assert "first day" in screen.form.errors()["ended_on"]
    screen.form.set_value("ended_on", seat.today())
    screen.write_button.click()
    settled()
    assert page.page.currentWidget() is page.result
    [last, _first] = imports.list_imports(seat)
    assert {name: last.counts.get(name) for name in ("households", "changed", "gone", "other-holder")} == {
        "households": 1, "changed": 1, "gone": 1, "other-holder": 1
    }  # fmt: skip
    page.open_file(page._roster.path)  # type: ignore[union-attr]
    settled()
    assert page.check.banner.text() == "Everything in this file is already in the store."
    imports.undo_import(seat, last.id)
    page.open_file(page._roster.path)  # type: ignore[union-attr]
    settled()
    assert page.check.import_button.text() == "&Compare with the store"


def test_a_home_that_is_merely_alike_is_told_apart(
    page: ImportController, screen: ImportCompareView, tmp_path: Path, settled: Settled
) -> None:
    screen.back_button.click()
    spelled = [row.replace("1号,1", "1号,01").replace("139", "137") for row in BEFORE]
    page.open_file(write(tmp_path / "后年.csv", tuple(spelled)))
    settled()
    page.check.import_button.click()
    settled()
    notes = [
        str(screen.table.model.index(number, 7).data()) for number in range(screen.table.model.rowCount())
    ]
    assert "In the store: 1号101室" in notes
    assert screen.table.select_where(lambda line: line.entry.place == "1号0101室")
    assert screen.apart_button.isEnabled()
    screen.apart_button.click()
    settled()
    assert ("New", "1号0101室", "–", "丁*", True) in shown(screen)


def test_an_estate_that_is_new_is_imported_whatever_is_chosen_of_the_others(
    page: ImportController, screen: ImportCompareView, tmp_path: Path, settled: Settled
) -> None:
    screen.back_button.click()
    page.open_file(write(tmp_path / "两个小区.csv", (*AFTER, "新元小区,1号,101室,吴十,")))
    settled()
    page.check.import_button.click()
    settled()
    for box in screen.boxes.values():
        box.setChecked(False)
    assert (screen.write_button.text(), screen.write_button.isEnabled()) == ("&Import: 1 household", True)
    screen.write_button.click()
    settled()
    assert page.result.figures.text("households") == "1"


def test_one_goes_back_to_the_columns(page: ImportController, screen: ImportCompareView) -> None:
    screen.back_button.click()
    assert page.page.currentWidget() is page.check
