"""Back and forward at the desk, by keys, buttons and mouse. One window serves all tests."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.estates.service import estates
from fuyuan_desk.shell.history import POLL_MS
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.places import Place, current_place
from fuyuan_desk.widgets.preview import PreviewDialog
from tests import screen
from tests.screen import button, shown
from tests.windows import quiet

Key, Alt = Qt.Key, Qt.KeyboardModifier.AltModifier
Walk = Callable[..., Place]


def activate(qtbot: QtBot, desk: MainWindow) -> None:
    """Make the window active: without a window manager, a dialog that closes leaves none active."""
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)


@pytest.fixture
def desk(qtbot: QtBot, shared_desk: MainWindow) -> MainWindow:
    """The window with the administrator at the first page; the first screen of every other page is in front."""
    shown = shared_desk.open_desk
    for page in shown.shown_pages():
        if page.start is not None:
            page.start(shown.go(page.name))
            quiet(qtbot, shared_desk)
    shown.go("today")
    shown.frame.banner.clear()
    quiet(qtbot, shared_desk)
    activate(qtbot, shared_desk)
    return shared_desk


def place_of(desk: MainWindow) -> Place:
    return current_place(desk.open_desk.frame)


def test_escape_in_a_visit_returns_to_the_page_from_which_it_was_opened(
    qtbot: QtBot, desk: MainWindow, open_record: Callable[[str, int], Place]
) -> None:
    def escape() -> Place:
        activate(qtbot, desk)
        qtbot.keyClick(desk.focusWidget(), Key.Key_Escape)
        quiet(qtbot, desk)
        return place_of(desk)

    go(qtbot, desk, "today")
    assert open_record("visit", 1) == Place("inspections", ("visit", 1))
    assert escape() == Place("today")
    go(qtbot, desk, "inspections")
    desk.open_desk.frame.controller("inspections").show_log()
    quiet(qtbot, desk)
    desk.open_desk.frame.controller("inspections").open_visit(1)
    quiet(qtbot, desk)
    assert escape() == Place("inspections"), "the log, from which it was opened"


@pytest.fixture
def press(qtbot: QtBot, desk: MainWindow) -> Walk:
    """Press Alt and an arrow, and return the place shown afterwards."""

    def walk(key: Qt.Key = Key.Key_Left, focus: QWidget | None = None) -> Place:
        activate(qtbot, desk)
        qtbot.keyClick(focus or desk, key, Alt)
        quiet(qtbot, desk)
        return place_of(desk)

    return walk


@pytest.fixture
def open_record(qtbot: QtBot, desk: MainWindow) -> Callable[[str, int], Place]:
    """Show a record, and return its place once it is there."""

    def show(kind: str, record_id: int) -> Place:
        desk.open_desk.open_record(kind, record_id)
        quiet(qtbot, desk)
        return place_of(desk)

    return show


def go(qtbot: QtBot, desk: MainWindow, page: str) -> Any:
    controller = desk.open_desk.go(page)
    quiet(qtbot, desk)
    return controller


def answer(desk: MainWindow, words: str) -> None:
    """Answer the question about unsaved input."""
    screen.button(desk, words).click()


# --- records and pages -------------------------------------------------------------------------------


def test_back_from_a_record_opened_in_the_list_is_the_list(
    qtbot: QtBot, desk: MainWindow, press: Walk
) -> None:
    page = go(qtbot, desk, "estates")
    page.list.opened.emit(1)
    quiet(qtbot, desk)
    estate = Place("estates", ("estate", 1))
    assert place_of(desk) == estate
    assert press() == Place("estates")
    assert page.page.currentWidget() is page.list
    assert desk.open_desk.frame.forward.isEnabled()
    assert press(Key.Key_Right) == estate
    assert press() == Place("estates")
    assert press() == Place("today")


def test_back_leads_through_the_records_of_one_page(
    press: Walk, open_record: Callable[[str, int], Place]
) -> None:
    seen = [open_record("case", 1), open_record("case", 2), open_record("estate", 1), open_record("visit", 1)]
    assert [place.record for place in seen] == [("case", 1), ("case", 2), ("estate", 1), ("visit", 1)]
    assert [press() for _step in range(3)] == seen[-2::-1]
    assert press().page == "today"
    assert [press(Key.Key_Right) for _step in range(4)] == seen


def test_a_sheet_of_an_estate_is_printed_on_its_page(
    qtbot: QtBot, desk: MainWindow, open_record: Callable[[str, int], Place]
) -> None:
    shown_place = open_record("estate", 1)
    desk.open_desk.go("estates").estate.view.sheet_button.click()
    qtbot.waitUntil(lambda: any(isinstance(box, PreviewDialog) for box in QApplication.topLevelWidgets()))
    quiet(qtbot, desk)
    shown(PreviewDialog).close()
    quiet(qtbot, desk)
    assert place_of(desk) == shown_place


def test_choosing_the_page_that_is_shown_returns_to_its_list(
    qtbot: QtBot, desk: MainWindow, press: Walk, open_record: Callable[[str, int], Place]
) -> None:
    for kind, page in (("estate", "estates"), ("case", "renovation"), ("visit", "inspections")):
        shown = open_record(kind, 1)
        desk.open_desk.frame.nav.chosen.emit(page)
        quiet(qtbot, desk)
        assert place_of(desk) == Place(page)
        assert press() == shown


def test_back_from_a_home_is_the_overview_of_its_estate(
    desk: MainWindow, press: Walk, open_record: Callable[[str, int], Place]
) -> None:
    estate, home = open_record("estate", 1), open_record("unit", 1)
    assert home == Place("estates", ("unit", 1))
    assert press() == estate
    assert desk.open_desk.go("estates").estate.view.tabs.currentIndex() == 0
    assert press(Key.Key_Right) == home


def test_the_list_of_all_homes_is_found_as_it_was_left(qtbot: QtBot, desk: MainWindow, press: Walk) -> None:
    page = go(qtbot, desk, "estates")
    page.list.tabs.setCurrentIndex(1)
    quiet(qtbot, desk)
    page.homes.open_unit(2)
    quiet(qtbot, desk)
    go(qtbot, desk, "help")
    assert press() == Place("estates", ("unit", 2))
    assert page.page.currentWidget() is page.list
    assert page.list.tabs.currentIndex() == 1
    page.list.tabs.setCurrentIndex(0)


def test_the_roster_import_is_reached_and_left_by_the_estates(
    qtbot: QtBot, desk: MainWindow, press: Walk
) -> None:
    frame = desk.open_desk.frame
    page = go(qtbot, desk, "estates")
    page.list.import_button.click()
    quiet(qtbot, desk)
    assert (frame.current, frame.nav.current) == ("import", "estates")
    assert "import" not in frame.nav.names
    assert press() == Place("estates")
    assert press(Key.Key_Right) == Place("import")
    frame.made["import"].start.back.click()
    quiet(qtbot, desk)
    assert frame.current == "estates"


@pytest.mark.parametrize(
    ("name", "tabs"), [("settings", ["mine", "office", "safety"]), ("safety", ["backup", "trail"])]
)
def test_the_tabs_of_settings_and_data_safety_are_places(
    qtbot: QtBot, desk: MainWindow, press: Walk, name: str, tabs: list[str]
) -> None:
    page = go(qtbot, desk, name)
    for tab in tabs:
        page.show_tab(tab)
        quiet(qtbot, desk)
    go(qtbot, desk, "help")
    page.show_tab(tabs[0])  # left at one tab, and meanwhile another one is in front
    for tab in tabs[::-1]:
        assert press() == Place(name, tab=tab)
        assert page.shown_tab == tab
    assert press(Key.Key_Right) == Place(name, tab=tabs[1])
    assert page.shown_tab == tabs[1]
    page.show_tab(tabs[0])
    quiet(qtbot, desk)


@pytest.mark.parametrize("forward", [False, True])
def test_the_buttons_beside_the_search_do_the_same(qtbot: QtBot, desk: MainWindow, forward: bool) -> None:
    frame = desk.open_desk.frame
    go(qtbot, desk, "help")
    assert frame.back.isEnabled()
    assert not frame.forward.isEnabled()
    frame.back.click()
    quiet(qtbot, desk)
    assert frame.current == "today"
    if forward:
        frame.forward.click()
        quiet(qtbot, desk)
        assert frame.current == "help"


def press_side_button(desk: MainWindow, over: QWidget, side: Qt.MouseButton) -> None:
    """Press a button of the mouse as the system reports it: to the window, over a widget."""
    window = desk.windowHandle()
    assert window is not None
    QTest.mouseClick(window, side, Qt.KeyboardModifier.NoModifier, over.mapTo(desk, over.rect().center()))


def test_the_side_buttons_of_the_mouse_do_the_same_over_a_list(qtbot: QtBot, desk: MainWindow) -> None:
    frame = desk.open_desk.frame
    page = go(qtbot, desk, "estates")
    press_side_button(desk, page.list.table.table.viewport(), Qt.MouseButton.BackButton)
    quiet(qtbot, desk)
    assert frame.current == "today"
    press_side_button(desk, frame.status, Qt.MouseButton.ForwardButton)
    quiet(qtbot, desk)
    assert frame.current == "estates"


def test_back_works_while_typing_into_a_filter(qtbot: QtBot, desk: MainWindow, press: Walk) -> None:
    page = go(qtbot, desk, "estates")
    page.list.table.filter.setFocus()
    qtbot.keyClicks(page.list.table.filter, "ncl")
    assert press(focus=page.list.table.filter).page == "today"
    page.list.table.filter.clear()
    quiet(qtbot, desk)


# --- forms -------------------------------------------------------------------------------------------


def test_back_closes_an_empty_form(qtbot: QtBot, desk: MainWindow, press: Walk) -> None:
    page = go(qtbot, desk, "renovation")
    page.new_filing()
    quiet(qtbot, desk)
    assert place_of(desk) == Place("renovation", None, "renovation:new")
    assert press() == Place("renovation")
    assert page.page.currentWidget() is page.list


def test_back_asks_once_about_unsaved_input(qtbot: QtBot, desk: MainWindow, press: Walk) -> None:
    page = go(qtbot, desk, "estates")
    page.new_estate()
    quiet(qtbot, desk)
    form = page.new_pane.form
    qtbot.keyClicks(form.editor("name").inner()[0], "half typed")
    assert press().form == "estate:new"
    answer(desk, "Keep editing")
    quiet(qtbot, desk)
    assert form.editor("name").raw() == "half typed"
    assert press().form == "estate:new"
    answer(desk, "Do not save")
    quiet(qtbot, desk)
    assert place_of(desk) == Place("estates")
    assert press() == Place("today"), "the form is no place any more"


def test_back_from_a_form_that_a_record_opened_is_the_record(
    qtbot: QtBot, desk: MainWindow, press: Walk, open_record: Callable[[str, int], Place]
) -> None:
    case = open_record("case", 5)
    button(desk.open_desk.go("renovation").case.acts, "Log a visit").click()
    quiet(qtbot, desk)
    qtbot.wait(3 * POLL_MS)
    entry = desk.open_desk.frame.made["inspections"]
    assert place_of(desk) == Place("inspections", None, "visit:new")
    entry.entry.view.form.set_value("remarks", "half typed")
    press()
    answer(desk, "Do not save")
    quiet(qtbot, desk)
    assert place_of(desk) == case
    assert entry.page.currentWidget() is entry.log
    assert not entry.entry.view.form.is_dirty


def test_a_form_left_by_the_navigation_is_found_as_it_was(
    qtbot: QtBot, desk: MainWindow, press: Walk
) -> None:
    page = go(qtbot, desk, "estates")
    page.new_estate()
    quiet(qtbot, desk)
    form = page.new_pane.form
    qtbot.keyClicks(form.editor("name").inner()[0], "half typed")
    qtbot.keyClick(desk, Key.Key_1, Alt)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "today"
    assert press() == Place("estates", None, "estate:new")
    assert form.editor("name").raw() == "half typed"
    form.mark_clean()


def test_back_after_saving_a_new_record_is_the_list(qtbot: QtBot, desk: MainWindow, press: Walk) -> None:
    page = go(qtbot, desk, "estates")
    page.new_estate()
    quiet(qtbot, desk)
    page.new_pane.form.set_value("name", "新的小区")
    page.new_pane.form.submit()
    quiet(qtbot, desk)
    record = place_of(desk).record
    assert record is not None
    assert press() == Place("estates")
    estates.remove_estate(desk.open_desk.desk.seat, record[1])
    quiet(qtbot, desk)


# --- what is no longer there ---------------------------------------------------------------------------


def test_a_removed_record_is_skipped_and_the_status_line_says_so(
    qtbot: QtBot, desk: MainWindow, press: Walk, open_record: Callable[[str, int], Place]
) -> None:
    case = open_record("case", 1)
    seat = desk.open_desk.desk.seat
    fields = estates.estate_detail(seat, 1).fields
    saved = estates.save_estate(seat, fields.__class__(**{**vars(fields), "name": "临时小区"}))
    quiet(qtbot, desk)
    open_record("estate", saved.id)
    go(qtbot, desk, "help")
    estates.remove_estate(seat, saved.id)
    quiet(qtbot, desk)
    assert press() == case
    assert "no longer there" in desk.open_desk.frame.status.news()
    assert desk.open_desk.frame.banner.isHidden()
    assert press(Key.Key_Right) == Place("help")


def test_what_was_shown_is_offered_by_the_empty_search_box_and_kept_with_the_place(
    qtbot: QtBot, desk: MainWindow, open_record: Callable[[str, int], Place]
) -> None:
    open_record("unit", 3)
    open_record("case", 1)
    go(qtbot, desk, "today")
    box = desk.open_desk.search
    qtbot.keyClick(desk.focusWidget() or desk, Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: box.is_open)
    shown = [box.results.item(row).data(Qt.ItemDataRole.UserRole + 1) for row in (1, 2)]
    assert [(hit.kind, hit.record_id) for hit in shown] == [("case", 1), ("unit", 3)]
    assert [tuple(key) for key in desk.open_desk.place["recent"][:2]] == [("case", 1), ("unit", 3)]
    qtbot.keyClick(box, Key.Key_Escape)
    assert not box.is_open
