"""The desk as a clerk uses it: records, tasks, search, scanned sheets and keys. One window serves all tests."""

import re
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.paper import qr
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.shell.jobs import all_pages, all_records
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.today.controller.help import read_pages
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.room import Tabs
from tests.shell.test_resume import FORMS, open_form
from tests.windows import quiet


@pytest.fixture
def desk(qtbot: QtBot, shared_desk: MainWindow) -> MainWindow:
    """The window with the administrator at the desk, back at the first page."""
    shared_desk.open_desk.go("today")
    shared_desk.open_desk.frame.banner.clear()
    quiet(qtbot, shared_desk)
    return shared_desk


@pytest.mark.parametrize("kind", [record.kind.name for record in all_records()])
def test_every_kind_of_record_opens(qtbot: QtBot, desk: MainWindow, kind: str) -> None:
    desk.open_desk.open_record(kind, 1)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.banner.isHidden()


def test_the_first_task_opens_by_enter(qtbot: QtBot, desk: MainWindow) -> None:
    tasks = desk.open_desk.frame.controller("today").page.tasks
    task = tasks.current()
    assert task is not None
    assert task.overdue
    tasks.setFocus()
    qtbot.keyClick(tasks, Qt.Key.Key_Down)
    assert tasks.current() is not task
    qtbot.keyClick(tasks, Qt.Key.Key_Up)
    qtbot.keyClick(tasks, Qt.Key.Key_Return)
    quiet(qtbot, desk)
    page_of = {
        "visit": "inspections", "case": "renovation", "facility": "facilities", "contract": "contracts",
        "tag": "due-calls",
    }  # fmt: skip
    assert desk.open_desk.frame.current == page_of[task.kind]


def test_home_and_end_go_to_the_first_and_the_last_task(qtbot: QtBot, desk: MainWindow) -> None:
    tasks = desk.open_desk.frame.controller("today").page.tasks
    first = tasks.current()
    tasks.setFocus()
    qtbot.keyClick(tasks, Qt.Key.Key_End)
    assert tasks.currentRow() == tasks.count() - 1
    assert tasks.current() is not None
    qtbot.keyClick(tasks, Qt.Key.Key_Home)
    assert tasks.current() is first


def test_a_task_opens_by_one_click(qtbot: QtBot, desk: MainWindow) -> None:
    tasks = desk.open_desk.frame.controller("today").page.tasks
    place = tasks.visualItemRect(tasks.currentItem()).center()
    qtbot.mouseClick(tasks.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current != "today"


def test_what_is_due_stands_beside_the_pages(desk: MainWindow) -> None:
    assert desk.open_desk.frame.nav.count("today").startswith("!")
    assert desk.open_desk.frame.nav.count("renovation").startswith("!")


def test_typing_into_the_search_finds_and_enter_opens(qtbot: QtBot, desk: MainWindow) -> None:
    box = desk.open_desk.search
    desk.activateWindow()
    qtbot.keyClick(desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "ncl168")
    qtbot.waitUntil(lambda: box.is_open and box.current_hit() is not None, timeout=5_000)
    assert box.current_hit().title == "南昌路168弄"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "estates"
    assert box.text() == ""


def test_what_sounds_alike_is_offered_as_a_guess(qtbot: QtBot, desk: MainWindow) -> None:
    box = desk.open_desk.search
    desk.activateWindow()
    qtbot.keyClick(desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "lanchanglu")
    qtbot.waitUntil(lambda: box.is_open and box.current_hit() is not None, timeout=5_000)
    assert box.results.item(0).text() == "Perhaps 南昌路"
    assert box.current_hit().title == "南昌路168弄"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "estates"


def test_a_scanned_sheet_opens_its_case(qtbot: QtBot, desk: MainWindow) -> None:
    with qtbot.waitSignal(desk.open_desk.search.asked, timeout=5_000):
        case = queries.case_detail(desk.open_desk.desk.seat, 1)
        desk.open_desk.search.setText(qr.encode(qr.Mark(qr.REGISTRATION, case.number, case.uid)))
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "renovation"


def test_keys_named_in_the_help_do_something(qtbot: QtBot, desk: MainWindow) -> None:
    for page in all_pages():
        desk.open_desk.go(page.name)
        quiet(qtbot, desk)
    for record in all_records():
        desk.open_desk.open_record(record.kind.name, 1)
        quiet(qtbot, desk)
    desk.open_desk.open_record("checklist", 2)  # a draft, which has keys of its own
    quiet(qtbot, desk)
    keys = {shortcut.key().toString() for shortcut in desk.findChildren(QShortcut)}
    keys |= {made.shortcut().toString() for made in desk.findChildren(QAbstractButton)}
    # a list handles its own keys, and its buttons name them
    tips = " ".join(made.toolTip() for made in desk.findChildren(QAbstractButton))
    keys |= set(re.findall(r"\bCtrl\+\w\b", tips))
    named = {
        key
        for page in read_pages("en")
        for key in re.findall(r"\b(?:Ctrl|Alt)\+\d\b|\bCtrl\+\w\b|\bF\d+\b", page.text)
    }
    assert {"Ctrl+K", "Ctrl+L", "Alt+1", "Ctrl+2", "F2"} <= named
    assert named - keys == set()


def focused(window: QWidget) -> QWidget:
    """Return where a key goes that is pressed now."""
    window.activateWindow()
    return window.focusWidget() or window


HELP_OF = {"today": "today", "facilities": "facilities", "settings": "roles", "safety": "backup"}


@pytest.mark.parametrize(("page", "topic"), HELP_OF.items())
def test_f1_shows_the_help_on_the_page_and_alt_left_returns(
    qtbot: QtBot, desk: MainWindow, page: str, topic: str
) -> None:
    frame = desk.open_desk.frame
    frame.enter(page)
    quiet(qtbot, desk)
    qtbot.keyClick(focused(desk), Qt.Key.Key_F1)
    quiet(qtbot, desk)
    assert frame.current == "help"
    assert frame.controller("help").page.current == topic
    qtbot.keyClick(focused(desk), Qt.Key.Key_F1)
    assert frame.controller("help").page.current == topic
    qtbot.keyClick(focused(desk), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    quiet(qtbot, desk)
    assert frame.current == page


def test_f1_in_an_estate_shows_the_help_on_estates(qtbot: QtBot, desk: MainWindow) -> None:
    desk.open_desk.open_record("estate", 1)
    quiet(qtbot, desk)
    qtbot.keyClick(focused(desk), Qt.Key.Key_F1)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.controller("help").page.current == "estates"


@pytest.mark.parametrize("page", ["estates", "standards", "safety", "settings"])
def test_ctrl_and_a_digit_show_a_tab(qtbot: QtBot, desk: MainWindow, page: str) -> None:
    desk.open_desk.frame.enter(page)
    quiet(qtbot, desk)
    if page == "estates":
        desk.open_desk.frame.controller(page).show_list()
    tabs = next(made for made in desk.findChildren(Tabs) if made.isVisible())
    tabs.setCurrentIndex(0)
    tabs.tabBar().setFocus()
    for key, index in ((Qt.Key.Key_2, 1), (Qt.Key.Key_1, 0), (Qt.Key.Key_9, 0)):
        qtbot.keyClick(focused(desk), key, Qt.KeyboardModifier.ControlModifier)
        quiet(qtbot, desk)
        assert tabs.currentIndex() == index


@pytest.mark.parametrize("form", [form for form in FORMS if ":new" in form[2]], ids=lambda form: form[2])
def test_escape_leaves_an_untouched_new_form_without_a_question(
    qtbot: QtBot, desk: MainWindow, form: tuple[Any, str, str, str]
) -> None:
    record, page, key, _field = form
    opened = open_form(qtbot, desk, record, page, key)
    dialog = opened.window()  # the desk itself, for a form of a page
    qtbot.keyClick(focused(dialog), Qt.Key.Key_Escape)
    quiet(qtbot, desk)
    assert dialog is not desk or not opened.isVisible()
    assert not desk.findChildren(FormDialog)
    assert not desk.findChildren(Question)
    assert desk.open_desk.frame.controller(page).page.isAncestorOf(focused(desk))
