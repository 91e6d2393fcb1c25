"""A chart on the screen, used by keyboard and mouse."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Rectangle, Tone
from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.theme import colour
from tests.formats.charts import charts

Front = Callable[[QWidget], None]


@pytest.fixture
def view(qtbot: QtBot, front: Front) -> ChartView:
    made = ChartView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    front(made)
    made.setFocus()
    return made


def press(view: ChartView, *keys: Qt.Key) -> object:
    for key in keys:
        QTest.keyClick(view, key)
    return view.focused_key


def test_arrows_move_between_rooms(view: ChartView) -> None:
    view.set_chart(charts.grid(3, 4))
    assert press(view, Qt.Key.Key_Down) == (3, 1)  # the first key shows where one is
    assert press(view, Qt.Key.Key_Down) == (2, 1)
    assert press(view, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up) == (3, 3)
    assert press(view, Qt.Key.Key_End) == (3, 4)
    assert press(view, Qt.Key.Key_Right) == (3, 4)
    assert press(view, Qt.Key.Key_Home, Qt.Key.Key_Left) == (3, 1)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.focused_key == (1, 4)


def test_enter_and_double_click_open_and_a_click_chooses(view: ChartView, qtbot: QtBot) -> None:
    view.set_chart(charts.grid(3, 4))
    press(view, Qt.Key.Key_Home)
    with qtbot.waitSignal(view.activated) as opened:
        press(view, Qt.Key.Key_Return)
    assert opened.args == [(3, 1)]
    with qtbot.waitSignal(view.clicked) as chosen:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.place_of((1, 2)))
    assert chosen.args == [(1, 2)]
    assert view.focused_key == (1, 2)
    with qtbot.waitSignal(view.activated) as opened:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.place_of((2, 4)))
    assert opened.args == [(2, 4)]
    with qtbot.assertNotEmitted(view.clicked):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_focused_element_is_named_for_screen_readers(view: ChartView) -> None:
    view.set_chart(charts.grid(3, 4))
    press(view, Qt.Key.Key_Home, Qt.Key.Key_Right)
    assert view.accessibleName() == "房屋图: 302室, 出租"
    press(view, Qt.Key.Key_Left)
    assert view.accessibleName() == "房屋图: 301室, 业主自住"
    view.set_chart(charts.grid(0, 0))
    assert view.accessibleName() == f"房屋图: {charts.EMPTY}"


def test_a_tooltip_shows_the_full_text_also_of_what_is_cut(view: ChartView, qtbot: QtBot) -> None:
    long = "太阳都市花园后期五期商品房小区南区东侧高层住宅楼群第一业主委员会"
    view.set_chart(charts.bars([3, None], long))
    place = view.place_of(1)
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    qtbot.waitUntil(lambda: QToolTip.text() == f"{long}1\n?")
    QToolTip.hideText()
    wide = charts.grid(2, 2)
    view.set_chart(type(wide)(long * 9, wide.rows, wide.groups, wide.states))
    assert view.tip_at(QPoint(20, 12)) == long * 9
    assert view.tip_at(QPoint(690, 390)) == ""


def test_a_large_grid_scrolls_to_what_is_focused_beside_its_labels(view: ChartView) -> None:
    view.set_chart(charts.grid(40, 60))
    assert view.horizontalScrollBar().maximum() > 0
    assert view.verticalScrollBar().maximum() > 0
    for key in ((1, 60), (40, 1), (20, 30)):
        view.focus_key(key)
        place = view.place_of(key)
        assert view.shown.left < place.x() < view.viewport().width()
        assert view.shown.top < place.y() < view.viewport().height()
        element = view.element_at(place)
        assert element is not None
        assert element.key == key


@pytest.mark.parametrize("height", range(200, 460, 20))
def test_scroll_bars_are_shown_exactly_if_the_chart_is_larger(view: ChartView, height: int) -> None:
    view.resize(420, height)
    view.set_chart(charts.grid(6, 5))
    room, layout = view.viewport(), view.shown
    for bar, size, whole in (
        (view.horizontalScrollBar(), room.width(), layout.width),
        (view.verticalScrollBar(), room.height(), layout.height),
    ):
        assert bar.isVisible() == (whole > size - 4 + 0.5)
        assert bar.maximum() == (round(whole - size + 4) if bar.isVisible() else 0)


def test_new_data_keeps_the_place(view: ChartView) -> None:
    view.set_chart(charts.grid(3, 4))
    view.focus_key((2, 2))
    view.set_chart(charts.grid(5, 4))
    assert view.focused_key == (2, 2)
    view.set_chart(charts.grid(1, 1))
    assert view.focused_key is None


def test_a_chart_of_rows_asks_for_its_height(qtbot: QtBot, front: Front) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    view = ChartView()
    view.set_chart(charts.bars([1, 2, 3, 4]))
    column.addWidget(view)
    column.addStretch(1)
    page.resize(500, 600)
    front(page)
    four = view.height()
    assert not view.verticalScrollBar().isVisible()
    view.set_chart(charts.bars(range(8)))
    qtbot.waitUntil(lambda: view.height() > four)
    assert not view.verticalScrollBar().isVisible()


def picture(view: ChartView) -> QImage:
    return view.viewport().grab().toImage()


@pytest.mark.parametrize("chart", charts.one_of_each(), ids=lambda chart: type(chart).__name__)
def test_every_kind_is_painted_and_the_focus_is_seen(view: ChartView, chart: Chart) -> None:
    before = picture(view)
    view.set_chart(chart)
    view.clearFocus()
    drawn = picture(view)
    assert drawn != before
    assert press(view, Qt.Key.Key_Home) is not None
    view.setFocus()
    qt_focus = picture(view)
    assert qt_focus != drawn


def test_what_is_scrolled_out_is_not_painted_over_the_labels(view: ChartView) -> None:
    view.set_chart(charts.grid(40, 60))
    left = round(view.shown.left)
    strip = picture(view).copy(0, 0, left - 2, round(view.shown.top) - 2)
    view.horizontalScrollBar().setValue(333)
    view.verticalScrollBar().setValue(123)
    assert picture(view).copy(0, 0, left - 2, round(view.shown.top) - 2) == strip


@pytest.mark.parametrize("pattern", Pattern)
def test_every_pattern_is_seen_in_black_and_white(view: ChartView, pattern: Pattern) -> None:
    plain = charts.grid(1, 1)
    row = plain.rows[0]
    states = tuple(type(state)(state.label, Look(Tone.INFO, pattern)) for state in plain.states)
    view.set_chart(type(plain)("", (row,), plain.groups, states))
    [cell] = [s.box for s in view.shown.shapes if isinstance(s, Rectangle) and s.box.y > view.shown.top - 1]
    grey = picture(view).convertToFormat(QImage.Format.Format_Grayscale8)
    x0, y0 = round(cell.x) + 5, round(cell.y) + 5
    shades = {
        QColor(grey.pixel(x, y)).value() for x in range(x0, x0 + 12) for y in range(y0, y0 + 7)
    }  # fmt: skip
    contrast = max(shades) - min(shades)
    assert (contrast == 0) if pattern is Pattern.PLAIN else (contrast > 40)
    assert colour("panel").value() > min(shades)
