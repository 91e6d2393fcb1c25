"""The side navigation: pages in groups that fold, counts, keys, and room for all pages to come."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.side_nav import ROOM_PX, NavGroup, NavItem, SideNav
from fuyuan_desk.widgets.theme import apply_theme

Front = Callable[[QWidget], None]
Key, Modifier = Qt.Key, Qt.KeyboardModifier
GROUPS = (
    NavGroup("registers", "台账", 1),
    NavGroup("daily", "日常", 0),
    NavGroup("special", "专项", 3),
    NavGroup("governance", "治理", 4),
    NavGroup("reports", "报表", 5),
)
PAGES = {
    "": ("今日",),
    "registers": ("小区", "单位", "设施"),
    "daily": ("巡查", "派单", "热线", "预警"),
    "special": ("服务标准", "装修", "业主决定", "续筹", "项目"),
    "governance": ("业委会", "协商", "手册", "创建"),
    "reports": ("月报",),
}
BELOW = ("数据安全", "设置", "帮助")
ALL = (
    *(NavItem(text, text, "list", group=group) for group, texts in PAGES.items() for text in texts),
    *(NavItem(text, text, "settings", below=True) for text in BELOW),
)


@pytest.fixture
def nav(qtbot: QtBot, qapp: QApplication, front: Front) -> SideNav:
    """All pages to come, in a window with the keyboard focus, drawn as in the program."""
    made = SideNav(ALL, "福元台", GROUPS)
    qtbot.addWidget(made)
    made.set_subtitle("福元居民委员会")
    made.resize(made.width(), ROOM_PX)
    front(made)
    made.choose("今日")
    return made


def row(nav: SideNav, text: str) -> QPushButton:
    """Return the page or heading with this text."""
    [found] = [made for made in nav.findChildren(QPushButton) if made.text().strip() == text]
    return found


def shown(nav: SideNav) -> list[str]:
    """List the pages and headings in sight, from top to bottom."""
    rows = [made for made in nav.findChildren(QPushButton) if made.isVisible()]
    return [made.text().strip() for made in sorted(rows, key=lambda made: made.mapTo(nav, made.pos()).y())]


def area_of(nav: SideNav) -> QScrollArea:
    [found] = nav.findChildren(QScrollArea)
    return found


# --- choosing ----------------------------------------------------------------------------------------


def test_a_page_is_chosen_by_click_and_marked_without_being_chosen(nav: SideNav) -> None:
    chosen: list[str] = []
    nav.chosen.connect(chosen.append)
    QTest.mouseClick(row(nav, "巡查"), Qt.MouseButton.LeftButton)
    assert (chosen, nav.current) == (["巡查"], "巡查")
    nav.choose("今日")
    assert (chosen, nav.current) == (["巡查"], "今日")
    nav.choose("elsewhere")
    assert nav.current == ""


def test_alt_and_a_digit_choose_a_page_also_in_a_folded_group(nav: SideNav) -> None:
    chosen: list[str] = []
    nav.chosen.connect(chosen.append)
    assert nav.is_folded("special")
    for key in (Key.Key_1, Key.Key_2, Key.Key_9, Key.Key_0):
        QTest.keyClick(nav, key, Modifier.AltModifier)
    assert chosen == ["今日", "小区", "服务标准", "装修"]
    assert row(nav, "小区").toolTip() == "小区 (Alt+2)"
    assert row(nav, "装修").toolTip() == "装修 (Alt+0)"
    assert row(nav, "项目").toolTip() == "项目"
    nav.choose("服务标准")
    assert not nav.is_folded("special")


def test_a_digit_without_a_page_chooses_nothing(qtbot: QtBot, front: Front) -> None:
    nav = SideNav(ALL[:2])
    qtbot.addWidget(nav)
    front(nav)
    chosen: list[str] = []
    nav.chosen.connect(chosen.append)
    QTest.keyClick(nav, Key.Key_3, Modifier.AltModifier)
    QTest.keyClick(nav, Key.Key_2, Modifier.AltModifier)
    assert chosen == ["小区"]


def test_ctrl_tab_goes_round_the_pages_even_from_inside_tabs(qtbot: QtBot, front: Front) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    nav, tabs = SideNav(ALL[:3]), QTabWidget()
    for name in ("one", "two"):
        tabs.addTab(QPushButton(name), name)
    for part in (nav, tabs):
        (window.layout() or QVBoxLayout(window)).addWidget(part)
    front(window)
    nav.chosen.connect(nav.choose)
    tabs.currentWidget().setFocus()
    seen = []
    for key, modifiers in (
        (Key.Key_Tab, Modifier.ControlModifier),
        (Key.Key_Tab, Modifier.ControlModifier),
        (Key.Key_Tab, Modifier.ControlModifier),
        (Key.Key_Tab, Modifier.ControlModifier),
        (Key.Key_Backtab, Modifier.ControlModifier | Modifier.ShiftModifier),
    ):
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)
        seen.append(nav.current)
    assert seen == ["今日", "小区", "单位", "今日", "单位"]
    assert tabs.currentIndex() == 0


# --- folding -----------------------------------------------------------------------------------------


def test_a_group_folds_by_click_and_by_arrows(nav: SideNav) -> None:
    folded: list[tuple[str, bool]] = []
    nav.group_folded.connect(lambda group, on: folded.append((group, on)))
    heading = row(nav, "日常")
    QTest.mouseClick(heading, Qt.MouseButton.LeftButton)
    assert nav.is_folded("daily")
    assert "巡查" not in shown(nav)
    for key, is_folded in ((Key.Key_Left, True), (Key.Key_Right, False), (Key.Key_Left, True)):
        QTest.keyClick(heading, key)
        assert nav.is_folded("daily") is is_folded
    QTest.keyClick(heading, Key.Key_Return)
    assert folded == [("daily", True), ("daily", False), ("daily", True), ("daily", False)]


def test_arrows_walk_through_headings_and_pages_in_sight(nav: SideNav) -> None:
    row(nav, "今日").setFocus()
    walked = []
    for _step in range(4):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Down)
        walked.append(QApplication.focusWidget())
    assert walked == [row(nav, text) for text in ("台账", "小区", "单位", "设施")]
    QTest.keyClick(row(nav, "设施"), Key.Key_Left)
    assert QApplication.focusWidget() is row(nav, "台账")
    QTest.keyClick(row(nav, "台账"), Key.Key_Right)
    assert QApplication.focusWidget() is row(nav, "小区")
    row(nav, "专项").setFocus()
    QTest.keyClick(row(nav, "专项"), Key.Key_Down)
    assert QApplication.focusWidget() is row(nav, "治理"), "a folded group is passed over"
    row(nav, "今日").setFocus()
    QTest.keyClick(row(nav, "今日"), Key.Key_Up)
    assert QApplication.focusWidget() is row(nav, "帮助")


def test_every_heading_is_reached_by_tab(nav: SideNav) -> None:
    row(nav, "今日").setFocus()
    seen = set()
    for _step in range(len(ALL)):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert {row(nav, group.text) for group in GROUPS} <= seen


def test_folding_takes_the_focus_to_the_heading(nav: SideNav) -> None:
    row(nav, "派单").setFocus()
    QTest.mouseClick(row(nav, "日常"), Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is row(nav, "日常")


def test_what_was_folded_by_hand_stays_so(qtbot: QtBot) -> None:
    nav = SideNav(ALL, "", GROUPS, {"daily": True, "governance": False})
    qtbot.addWidget(nav)
    assert nav.is_folded("daily")
    assert not nav.is_folded("governance")


def test_a_group_without_a_page_is_not_shown(qtbot: QtBot) -> None:
    nav = SideNav([item for item in ALL if item.group != "governance"], "", GROUPS)
    qtbot.addWidget(nav)
    assert "治理" not in [made.text() for made in nav.findChildren(QPushButton)]


def test_other_pages_are_shown_with_the_counts_and_the_mark_they_had(nav: SideNav) -> None:
    nav.choose("巡查")
    nav.set_count("巡查", 3, due=True)
    nav.set_count("装修", 2)
    left = [item for item in ALL if item.name not in ("单位", "设施", "装修")]
    nav.set_items(left, GROUPS, {"special": True})
    assert nav.names == [item.name for item in left]
    assert (nav.current, nav.count("巡查")) == ("巡查", "! 3")
    assert row(nav, "巡查").toolTip() == "巡查 (Alt+3)"
    assert nav.count("special") == "", "a hidden page is not counted"


# --- counts and names --------------------------------------------------------------------------------


def test_counts_are_shown_and_due_ones_marked_not_only_by_colour(nav: SideNav) -> None:
    nav.set_count("今日", 5, due=True)
    assert nav.count("今日") == "! 5"
    nav.set_count("今日", 1200)
    assert nav.count("今日") == "999+"
    nav.set_count("今日", 0)
    assert nav.count("今日") == ""


def test_a_folded_group_shows_the_sum_of_its_pages(nav: SideNav) -> None:
    for name, count, due in (("装修", 4, True), ("服务标准", 3, False), ("协商", 2, False)):
        nav.set_count(name, count, due=due)
    assert (nav.count("special"), nav.count("governance"), nav.count("daily")) == ("! 7", "2", "")
    QTest.mouseClick(row(nav, "专项"), Qt.MouseButton.LeftButton)
    assert nav.count("special") == ""
    assert nav.count("装修") == "! 4"


def test_a_screen_reader_hears_state_and_count(nav: SideNav) -> None:
    nav.set_count("装修", 4, due=True)
    nav.set_count("巡查", 1, due=True)
    assert row(nav, "专项").accessibleName() == "专项, folded 4"
    assert row(nav, "日常").accessibleName() == "日常, unfolded"
    assert row(nav, "巡查").accessibleName() == "巡查 1"


# --- room --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("large", [False, True], ids=["text", "large text"])
def test_all_pages_to_come_fit_a_small_screen_without_scrolling(
    qtbot: QtBot, qapp: QApplication, large: bool
) -> None:
    apply_theme(qapp, large)
    try:
        nav = SideNav(ALL, "福元台", GROUPS)
        qtbot.addWidget(nav)
        nav.set_subtitle("上海市黄浦区瑞金二路街道福元居民委员会")
        nav.resize(nav.width(), ROOM_PX)
        nav.show()
        QApplication.processEvents()
        assert nav.minimumSizeHint().height() <= ROOM_PX
        assert area_of(nav).verticalScrollBar().maximum() == 0
        assert not nav.is_folded("daily"), "the daily work is in sight"
        assert {"今日", *BELOW} <= set(shown(nav))
    finally:
        apply_theme(qapp)


def test_half_of_the_pages_need_no_folding(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp)
    nav = SideNav([item for item in ALL if item.group != "governance"][:12], "福元台", GROUPS)
    qtbot.addWidget(nav)
    assert [group.text for group in GROUPS[:3] if nav.is_folded(group.name)] == []


def test_in_a_lower_window_the_groups_scroll_and_the_rest_stays_in_sight(nav: SideNav) -> None:
    for heading in ("专项", "治理"):
        QTest.mouseClick(row(nav, heading), Qt.MouseButton.LeftButton)
    nav.resize(nav.width(), 520)
    QApplication.processEvents()
    area = area_of(nav)
    assert area.verticalScrollBar().maximum() > 0
    for text in ("今日", *BELOW):
        place = row(nav, text).mapTo(nav, row(nav, text).rect().bottomLeft())
        assert nav.rect().contains(place)
        assert not area.isAncestorOf(row(nav, text))
    nav.choose("创建")
    inside = row(nav, "创建").mapTo(area.viewport(), row(nav, "创建").rect().center())
    assert area.viewport().rect().contains(inside)


def test_alt_and_an_arrow_are_left_to_the_window(nav: SideNav) -> None:
    heading = row(nav, "日常")
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Key.Key_Left, Modifier.AltModifier)
    QApplication.sendEvent(heading, event)
    assert not nav.is_folded("daily")
