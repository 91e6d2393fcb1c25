"""The widths of a list: no cell and no heading is cut without need, at any size of the text."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QStyleOptionHeader, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Deliver, Query, Window
from fuyuan_desk.widgets.theme import LARGE_TEXT_PX, TEXT_PX, apply_theme
from tests.fits import faults

Front = Callable[[QWidget], None]
LONG = "太阳都市花园后期小高层"


@pytest.mark.parametrize("width", range(300, 1300, 100))
def test_no_cell_is_cut_while_another_column_has_room_to_spare(
    front: Front, qtbot: QtBot, width: int
) -> None:
    """Also not in rows that came later than those from which the widths were first taken."""
    rows = [("富南大厦", "1号", "未发现"), ("复兴里", "2号", "未发现问题，已当场整改")]

    def fetch(query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        more = [(LONG, "3号", "未发现"), ("福" * 40, "4", "无")] if query.filter else []
        deliver(Window(len(rows + more), (rows + more)[offset : offset + limit]))

    columns = [
        Column("estate", "Estate", lambda row: row[0], sort="estate"),
        Column("room", "Room", lambda row: row[1]),
        Column("result", "Result", lambda row: row[2], chip=lambda row: Chip(row[2], "ok")),
    ]
    page = TablePage("visits", columns, fetch, name="Visits", empty=EmptyState("list", "None", "None"))
    front(page)
    page.resize(width, 400)
    for text in ("", "more", ""):
        page.model.ask(Query(text))
        assert [fault for fault in faults(page) if fault.startswith("cut beside")] == []
        if not text:
            assert page.table.columnWidth(0) >= page.fontMetrics().horizontalAdvance("富南大厦") + 22


def test_a_column_once_widened_stays_so_while_all_fit(front: Front, qtbot: QtBot) -> None:
    names = {"": "里", "more": LONG}
    columns = [Column("estate", "", lambda row: row), Column("rest", "", lambda row: "")]
    page = TablePage(
        "estates",
        columns,
        lambda query, _o, _l, deliver: deliver(Window(1, [names[query.filter]])),
        name="Estates",
        empty=EmptyState("list", "None", "None"),
    )
    front(page)
    page.resize(900, 400)
    widths = []
    for text in ("", "more", ""):
        page.model.ask(Query(text))
        widths.append(page.table.columnWidth(0))
    assert widths[0] < widths[1] == widths[2]


def headed(front: Front, settings: Any = None) -> TablePage:
    columns = [
        Column("room", "Room", lambda row: "1", sort="room"),
        Column("people", "People", lambda row: "4", align="right", sort="people"),
        Column("area", "面积㎡", lambda row: "12.40", align="right", sort="area"),
        Column("state", "State", lambda row: "", chip=lambda row: Chip("空关", "warn")),
        Column("phone", "Telephone", lambda row: ""),
    ]
    page = TablePage(
        "homes",
        columns,
        lambda _q, _o, _l, deliver: deliver(Window(1, [1])),
        name="Homes",
        empty=EmptyState("list", "None", "None"),
        settings=settings,
    )
    front(page)
    page.resize(600, 300)
    page.model.ask(Query())
    return page


def ink(page: TablePage, section: int) -> int:
    """Return how many pixel columns of a heading are drawn on, without the arrow at its right end."""
    header = page.table.horizontalHeader()
    picture, left = header.grab().toImage(), header.sectionViewportPosition(section)
    columns = range(left + 2, left + header.sectionSize(section) - 16)
    rows = range(4, header.height() - 4)
    return sum(any(picture.pixelColor(x, y).lightnessF() < 0.75 for y in rows) for x in columns)


@pytest.mark.parametrize("large", [False, True])
def test_the_heading_by_which_a_list_is_sorted_is_whole(
    front: Front, qtbot: QtBot, qapp: QApplication, large: bool
) -> None:
    apply_theme(qapp, large)
    page = headed(front)
    for section in (0, 1, 2):
        page.table.sortByColumn((section + 1) % 3, Qt.SortOrder.AscendingOrder)
        whole = ink(page, section)
        page.table.sortByColumn(section, Qt.SortOrder.AscendingOrder)
        assert ink(page, section) >= whole - 1
    apply_theme(qapp)


def test_a_heading_that_is_too_narrow_is_shortened_at_its_right_and_told_whole(
    front: Front, qtbot: QtBot
) -> None:
    page = headed(front)
    header = page.table.horizontalHeader()
    page.table.has_own_widths = True
    page.table.setColumnWidth(1, 60)
    option = QStyleOptionHeader()
    header.initStyleOptionForIndex(option, 1)
    assert option.text[0] == "P"
    assert option.text[-1] == "…"
    at = QPoint(header.sectionViewportPosition(1) + 8, 8)
    QApplication.sendEvent(
        header.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, header.viewport().mapToGlobal(at))
    )
    assert QToolTip.text() == "People"
    QToolTip.hideText()


def test_a_list_grows_with_the_text(front: Front, qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp)
    page = headed(front)
    before = [page.table.columnWidth(number) for number in range(4)]
    height = page.table.verticalHeader().defaultSectionSize()
    apply_theme(qapp, large_text=True)
    assert faults(page.table) == []
    assert [page.table.columnWidth(number) for number in range(4)] > before
    assert page.table.verticalHeader().defaultSectionSize() > height
    page.table.has_own_widths = True
    chosen = page.table.columnWidth(0)
    apply_theme(qapp)
    assert page.table.columnWidth(0) < chosen


@pytest.mark.parametrize(("large", "tall", "height"), [
    (False, False, 28), (False, True, 35), (True, False, 35), (True, True, 44),
])  # fmt: skip
def test_an_open_list_takes_the_height_of_rows_at_once(
    front: Front, qtbot: QtBot, qapp: QApplication, large: bool, tall: bool, height: int
) -> None:
    apply_theme(qapp)
    page = headed(front)
    apply_theme(qapp, large, tall)
    assert page.table.verticalHeader().defaultSectionSize() == height
    assert page.table.rowHeight(0) == height
    assert faults(page.table) == []
    apply_theme(qapp)
    assert page.table.rowHeight(0) == 28


class Drawer:
    """Keeps the columns of one list."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept

    def load(self, _key: str) -> dict[str, Any]:
        return self._kept

    def save(self, _key: str, value: dict[str, Any]) -> None:
        self._kept = value


def test_widths_chosen_with_another_text_size_grow_with_it(
    front: Front, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, large_text=True)
    kept = {"order": ["room"], "hidden": [], "widths": {"room": 300}}
    assert headed(front, settings=Drawer(kept)).table.columnWidth(0) == 300 * LARGE_TEXT_PX // TEXT_PX
    now = {**kept, "text": LARGE_TEXT_PX}
    assert headed(front, settings=Drawer(now)).table.columnWidth(0) == 300
    apply_theme(qapp)
