from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.search_box import SearchBox, SearchHit, guessed_groups

LANE = SearchHit("estate", 1, "南昌路168弄", "瑞金二路街道", "estate")
ROOMS = [SearchHit("household", n, f"南昌路168弄{n}号", "张*", "household") for n in (1, 2)]
GROUPS = [("Estates", [LANE]), ("Cases", []), ("Households", ROOMS)]

Front = Callable[[QWidget], None]


@pytest.fixture
def window(front: Front, qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 600)
    column = QVBoxLayout(made)
    column.addWidget(SearchBox())
    column.addWidget(QLineEdit())
    column.addStretch(1)
    qtbot.addWidget(made)
    front(made)
    return made


@pytest.fixture
def box(window: QWidget, qtbot: QtBot) -> SearchBox:
    made = window.findChild(SearchBox)
    assert made is not None
    other = window.findChildren(QLineEdit)[-1]
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(made.hasFocus)
    return made


def test_typing_asks_once_after_a_pause_and_keys_choose(box: SearchBox, qtbot: QtBot) -> None:
    asked: list[str] = []
    box.asked.connect(asked.append)
    QTest.keyClicks(box, "ncl")
    qtbot.waitUntil(lambda: asked == ["ncl"])
    box.show_hits("ncl", GROUPS)
    assert box.is_open
    assert box.current_hit() == LANE
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.current_hit() == ROOMS[0]
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.current_hit() == ROOMS[1]
    QTest.keyClick(box, Qt.Key.Key_Up)
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen.args == [ROOMS[0]]
    assert not box.is_open


def test_enter_opens_nothing_that_answers_earlier_words(box: SearchBox, qtbot: QtBot) -> None:
    asked: list[str] = []
    opened: list[SearchHit] = []
    box.chosen.connect(opened.append)
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    box.asked.connect(asked.append)
    QTest.keyClicks(box, "168 2")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (opened, asked) == ([], ["ncl168 2"])
    box.show_hits("ncl168 2", [("Households", ROOMS[1:])])
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert opened == ROOMS[1:]


def test_groups_without_hits_have_no_heading(box: SearchBox) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    texts = [box.results.item(row).text() for row in range(box.results.count())]
    assert texts[0] == "Estates"
    assert "Cases" not in texts


def test_late_results_of_other_words_are_passed_over(box: SearchBox) -> None:
    QTest.keyClicks(box, "nclu")
    box.show_hits("ncl", GROUPS)
    assert not box.is_open


def test_nothing_found_is_said_and_cannot_be_chosen(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box, "zzz")
    box.show_hits("zzz", [])
    assert box.results.item(0).text() == "Nothing found for “zzz”"
    assert box.current_hit() is None
    with qtbot.assertNotEmitted(box.chosen):
        QTest.keyClick(box, Qt.Key.Key_Return)


def test_escape_closes_then_empties(box: SearchBox) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.is_open
    assert box.text() == "ncl"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_results_close_when_the_clerk_goes_elsewhere(box: SearchBox, window: QWidget, qtbot: QtBot) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    window.findChildren(QLineEdit)[-1].setFocus()
    qtbot.waitUntil(lambda: not box.is_open)


def test_a_click_chooses_and_results_stay_inside_the_window(
    box: SearchBox, window: QWidget, qtbot: QtBot
) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    popup = box.results.parentWidget()
    assert window.rect().contains(popup.geometry())
    place = box.results.visualItemRect(box.results.item(4)).center()
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.mouseClick(box.results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [ROOMS[1]]
    assert not window.grab().isNull()


GUESSES = [
    SearchHit("estate", 5, "思南路120弄", meant="思南路"),
    SearchHit("unit", 6, "思南路120弄3号", meant="思南路"),
    SearchHit("unit", 7, "瑞金二路5弄2号", meant="sinan"),
]


def test_guesses_stand_below_under_what_they_match_and_move_no_choice(box: SearchBox, qtbot: QtBot) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    QTest.keyClick(box, Qt.Key.Key_Down)
    box.add_hits("ncl", guessed_groups(GUESSES))
    texts = [box.results.item(row).text() for row in range(box.results.count())]
    assert texts[5:] == [
        "Perhaps 思南路",
        "思南路120弄",
        "思南路120弄3号",
        "Perhaps sinan",
        "瑞金二路5弄2号",
    ]
    assert box.current_hit() == ROOMS[0]
    for _ in range(2):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.current_hit() == GUESSES[0]


def test_late_guesses_open_nothing_and_are_not_added_to_other_words(box: SearchBox) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    box.add_hits("nc", guessed_groups(GUESSES))
    assert box.results.count() == 5
    QTest.keyClick(box, Qt.Key.Key_Escape)
    box.add_hits("ncl", guessed_groups(GUESSES))
    assert not box.is_open
    assert box.results.count() == 5


def test_the_keys_reach_the_first_and_the_last_result_and_go_from_group_to_group(box: SearchBox) -> None:
    QTest.keyClicks(box, "ncl")
    box.show_hits("ncl", GROUPS)
    box.add_hits("ncl", guessed_groups(GUESSES))
    reached = []
    for key in ("End", "Home", "PageDown", "PageDown", "PageUp", "PageUp", "PageUp"):
        QTest.keyClick(box, Qt.Key[f"Key_{key}"])
        reached.append(box.current_hit())
    assert reached == [GUESSES[2], LANE, ROOMS[0], GUESSES[0], ROOMS[0], LANE, LANE]
    assert box.text() == "ncl"
    QTest.keyClick(box, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)  # for the text
    assert box.selectedText() == "ncl"
    assert box.current_hit() == LANE


def test_an_empty_box_asks_for_what_was_opened_lately(box: SearchBox, qtbot: QtBot) -> None:
    with qtbot.waitSignal(box.recent_asked):
        QTest.keyClick(box, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(box.recent_asked):
        QTest.keyClick(box, Qt.Key.Key_Down)
    box.show_hits("", [])
    assert not box.is_open
    box.show_hits("", [("Opened lately", [LANE, ROOMS[0]])])
    QTest.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.chosen) as chosen:
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen.args == [ROOMS[0]]


def test_ctrl_k_again_selects_the_text(box: SearchBox) -> None:
    QTest.keyClicks(box, "ncl")
    QTest.keyClick(box, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert box.selectedText() == "ncl"


def test_a_result_says_why_it_is_shown(box: SearchBox, window: QWidget) -> None:
    QTest.keyClicks(box, "lxd")
    hit = SearchHit("unit", 3, "南昌路168弄3号", "张*", "list", why="Resident 陆*")
    box.show_hits("lxd", [("Units", [hit])])
    assert box.results.item(1).text() == "南昌路168弄3号 Resident 陆* 张*"
    assert not window.grab().isNull()
