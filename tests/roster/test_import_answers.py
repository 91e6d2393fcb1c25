"""What the clerk is told and asked on the import page: meanings, estates, masked data, problems that open homes."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service import estates
from fuyuan_desk.roster.controller.imports import ImportController


def pick(choice: QComboBox, field: str) -> None:
    choice.setCurrentIndex(choice.findData(field))
    choice.activated.emit(choice.currentIndex())


def test_a_meaning_chosen_for_two_columns_is_refused_and_both_are_marked(
    page: ImportController, roster: Path, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    [table] = page.check.tables()
    pick(table.choices[6], "name")
    settled()
    assert "D, G" in page.check.banner.text()
    assert not page.check.import_button.isEnabled()
    assert [number for number, choice in enumerate(table.choices) if choice.property("wrong")] == [3, 6]
    page.check.import_requested.emit()  # as the shortcut would
    settled()
    assert page.page.currentWidget() is page.check
    pick(table.choices[3], "")
    settled()
    assert page.check.banner.text() == ""
    assert not any(choice.property("wrong") for choice in table.choices)
    assert page.check.import_button.isEnabled()


def test_a_preview_that_comes_late_does_not_allow_what_was_refused_meanwhile(
    page: ImportController, roster: Path, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    qtbot.waitUntil(lambda: page.page.currentWidget() is page.check)  # the preview is still computed
    [table] = page.check.tables()
    pick(table.choices[6], "name")
    settled()
    assert "D, G" in page.check.banner.text()
    assert not page.check.import_button.isEnabled()


def test_two_columns_of_telephones_are_both_read(
    page: ImportController, roster: Path, seat: Seat, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    [table] = page.check.tables()
    pick(table.choices[6], "phone")
    settled()
    assert page.check.import_button.isEnabled()


def test_a_roster_of_several_estates_becomes_one_only_when_confirmed(
    page: ImportController, tmp_path: Path, seat: Seat, settled: Callable[[], None]
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("小区", "门牌号", "室号", "姓名"),
        ("甲小区", "1号", "101", "蔡兰刚"),
        ("乙小区", "1号", "101", "姚艳志"),
    ):
        sheet.append(row)
    file = tmp_path / "两个小区.xlsx"
    book.save(file)
    page.open_file(file)
    settled()
    assert page.check.import_button.isEnabled()
    page.check.estate.setText("福元小区")
    page.check.estate.returnPressed.emit()
    settled()
    assert "甲小区, 乙小区" in page.check.banner.text()
    assert not page.check.import_button.isEnabled()
    together, apart = (
        made for made in page.check.banner.findChildren(QPushButton) if made.isVisible() and made.text()
    )
    apart.click()
    settled()
    assert page.check.import_button.isEnabled()
    assert page.check.figures.text("buildings") == "2"
    page.check.estate.setText("福元小区")
    page.check.estate.returnPressed.emit()
    settled()
    together.click()
    settled()
    assert (
        page.check.figures.text("buildings") == "2"
    )  # two houses number 1, told apart by the name of their estate
    page.check.import_button.click()
    settled()
    assert [row.name for row in estates.list_estates(seat).rows] == ["福元小区"]


def texts_of(page: ImportController) -> str:
    """Return all that the screen says, lists included."""
    shown = page.page.currentWidget()
    assert shown is not None
    said = [made.text() for made in shown.findChildren(QLabel) if made.isVisible()]
    for view in shown.findChildren(QAbstractItemView):
        model = view.model()
        if view.isVisible() and model is not None:
            said += [
                str(model.index(row, column).data() or "")
                for row in range(model.rowCount())
                for column in range(model.columnCount())
            ]
    return "\n".join(said)


def test_neither_preview_nor_result_shows_a_whole_name_or_telephone(
    page: ImportController, roster: Path, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    seen = [texts_of(page)]
    page.check.show_problems()
    settled()
    seen.append(texts_of(page))
    page.check.import_button.click()
    settled()
    seen.append(texts_of(page))
    assert "138****5678" in seen[0]
    assert "苏*" in seen[1]
    assert "2号灶间 · 苏*" in seen[2]
    for text in seen:
        assert not any(
            secret in text for secret in ("13812345678", "62093705", "13900001111", "蔡兰刚", "苏强平")
        )


def test_a_finished_import_is_not_shown_again_but_one_being_checked_is(
    page: ImportController, roster: Path, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.begin()
    assert page.page.currentWidget() is page.check
    page.check.import_button.click()
    settled()
    assert page.page.currentWidget() is page.result
    page.begin()
    assert page.page.currentWidget() is page.start


def test_a_problem_opens_its_home_or_says_where_to_correct_it(
    page: ImportController, roster: Path, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.check.import_button.click()
    settled()
    problems = page.result.problems.table
    rows = {problem.row: problem for problem in map(problems.model.row, range(problems.model.total))}
    with qtbot.waitSignal(page.record_opened) as opened:
        problems.opened.emit(rows[6])  # the duplicate, whose home is in the store
    [unit] = estates.find_units(seat, "灶间")
    assert opened.args == ["unit", unit.id]
    problems.opened.emit(rows[7])  # no room is given
    settled()
    assert "2号 is not in the store" in page.result.banner.text()
    assert "row 7" in page.result.banner.text()


def test_the_filter_of_the_problems_finds_a_full_name(
    page: ImportController, roster: Path, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.check.show_problems()
    model = page.check.problems.table.model
    page.check.problems.table.filter.setText("苏强平")
    settled()
    assert model.total >= 1
    assert {str(model.index(row, 3).data()).partition(" · ")[2] for row in range(model.total)} == {"苏*"}


def test_a_roster_of_many_estates_names_them_and_leads_to_all(
    page: ImportController, tmp_path: Path, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    names = [f"{name}小区" for name in "甲乙丙丁戊"]
    for line in ("小区 门牌号 室号 姓名", *(f"{name} 1号 101 蔡兰刚" for name in names)):
        sheet.append(line.split())
    file = tmp_path / "五个小区.xlsx"
    book.save(file)
    page.open_file(file)
    settled()
    assert page.check.estates.isVisible()
    assert page.check.estates.text() == "甲小区, 乙小区, 丙小区, 丁小区 …"
    page.check.import_button.click()
    settled()
    links = [page.result.links.itemAt(number).widget() for number in range(page.result.links.count())]
    assert len(links) == 4
    with qtbot.waitSignal(page.back_requested):
        qtbot.mouseClick(links[-1], Qt.MouseButton.LeftButton)


def test_only_estates_that_exist_are_offered(
    page: ImportController, tmp_path: Path, settled: Callable[[], None]
) -> None:
    path = tmp_path / "名册.csv"
    rows = ("小区,门牌号,室号,姓名,电话", "甲小区,1号,101,姚艳志,", "乙小区,1号,101,,13812345678")
    path.write_text("\n".join(rows), encoding="utf-8")
    page.open_file(path)
    settled()
    page.check.import_button.click()
    settled()
    offered = [made.text() for made in page.result.findChildren(QPushButton) if made.isVisible()]
    assert [text for text in offered if text.startswith("Open ")] == ["Open 甲小区"]


def test_what_could_not_be_read_is_said_to_be_left_out(
    page: ImportController, tmp_path: Path, settled: Callable[[], None]
) -> None:
    path = tmp_path / "南昌路168弄.csv"
    rows = [
        "门牌号,室号,姓名,建筑面积,人数,首期维修资金",
        "1号,前楼,姚艳志,99999999,9999,abc",
        "1号,后楼,苏强平,12.5,2,100",
        "1号,,郝明伟,-3,2,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    page.open_file(path)
    settled()
    page.check.import_button.click()
    settled()
    expected = "3 cells could not be read and were left out: see the list."
    assert page.result.banner.text().startswith(expected), "the faulty row is counted as a whole"
    model = page.result.problems.table.model
    told = [model.row(row).message for row in range(model.rowCount()) if model.row(row).row == 2]
    assert len(told) == 3
    assert all(message.endswith("The value was left out.") for message in told)
