"""A clerk at her desk opens the file of a home and of an estate, and returns."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.estates.service.units import unit_detail
from fuyuan_desk.paper import qr
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.places import current_place
from fuyuan_desk.today.service import find_scanned
from tests.screen import button, entry
from tests.windows import quiet

UNIT, ESTATE = 1, 1


@pytest.fixture
def desk(qtbot: QtBot, shared_desk: MainWindow) -> MainWindow:
    shared_desk.activateWindow()
    qtbot.waitUntil(shared_desk.isActiveWindow)
    return shared_desk


def choose(qtbot: QtBot, desk: MainWindow, within: QWidget, words: str) -> None:
    button(within, "More actions").click()
    found = entry(within, words)
    found.trigger()
    found.parent().close()  # type: ignore[union-attr]
    quiet(qtbot, desk)


def test_the_file_of_a_home_is_opened_from_the_home_and_left_by_escape(
    qtbot: QtBot, desk: MainWindow
) -> None:
    shown = desk.open_desk
    shown.open_record("unit", UNIT)
    quiet(qtbot, desk)
    choose(qtbot, desk, shown.go("estates").estate.units.panel, "File of this home")
    assert current_place(shown.frame).page == "files"
    page = shown.go("files").page
    assert page.contents.count() > 4
    qtbot.keyClick(page.contents, Qt.Key.Key_Escape)
    quiet(qtbot, desk)
    assert current_place(shown.frame).page == "estates"


def test_the_file_of_an_estate_is_opened_from_the_estate(qtbot: QtBot, desk: MainWindow) -> None:
    shown = desk.open_desk
    shown.open_record("estate", ESTATE)
    quiet(qtbot, desk)
    view = shown.go("estates").estate.view
    view.more_button.click()
    entry(view, "File of this estate").trigger()
    quiet(qtbot, desk)
    assert current_place(shown.frame).page == "files"
    titles = [item.text() for item in map(shown.go("files").page.contents.item, range(9))]
    assert any("Homes" in title for title in titles)


def test_the_code_on_the_paper_of_a_home_leads_to_the_home(desk: MainWindow) -> None:
    seat = desk.open_desk.desk.seat
    mark = qr.Mark("DA", "DA2026-0001", unit_detail(seat, UNIT).uid)
    assert find_scanned(seat, all_records(), qr.encode(mark)) == ("unit", UNIT)
