"""A large grid of states on the screen: walked through, zoomed and chosen from by keyboard and mouse."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.widgets.charts.grid_view import GridView
from fuyuan_desk.widgets.charts.legend import Legend
from tests.formats.charts import charts
from tests.screen import button

Front = Callable[[QWidget], None]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOTHING, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, front: Front) -> GridView:
    made = GridView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    front(made)
    made.setFocus()
    return made


def press(view: GridView, key: Qt.Key, held: Qt.KeyboardModifier = NOTHING) -> object:
    QTest.keyClick(view, key, held)
    return view.focused_key


def click(view: GridView, key: object, held: Qt.KeyboardModifier = NOTHING) -> None:
    QTest.mouseClick(view.viewport(), LEFT, held, view.place_of(key))


def move(view: GridView, place: QPoint, held: Qt.KeyboardModifier = NOTHING) -> None:
    """Move the mouse with its left button down."""
    there = QPointF(view.viewport().mapToGlobal(place))
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), there, Qt.MouseButton.NoButton, LEFT, held
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def band(view: GridView, first: object, last: object, held: Qt.KeyboardModifier = NOTHING) -> None:
    """Draw a band from the middle of one cell to that of another."""
    start, end = view.place_of(first), view.place_of(last)
    QTest.mousePress(view.viewport(), LEFT, held, start)
    move(view, (start + end) / 2, held)
    move(view, end, held)
    QTest.mouseRelease(view.viewport(), LEFT, held, end)


def cells(rows: range, columns: range) -> set[tuple[int, int]]:
    return {(row, column) for row in rows for column in columns}


def test_arrows_walk_and_enter_opens(view: GridView, qtbot: QtBot) -> None:
    view.set_grid(charts.grid(3, 4))
    view.focus_key((3, 1))
    assert press(view, Qt.Key.Key_Down) == (2, 1)
    assert press(view, Qt.Key.Key_Right) == (2, 2)
    assert press(view, Qt.Key.Key_End) == (2, 4)
    assert press(view, Qt.Key.Key_Right) == (2, 4)
    assert press(view, Qt.Key.Key_Home, CTRL) == (3, 1)
    assert press(view, Qt.Key.Key_End, CTRL) == (1, 4)
    with qtbot.waitSignal(view.activated) as opened:
        press(view, Qt.Key.Key_Return)
    assert opened.args == [(1, 4)]
    assert not view.chosen


def test_a_click_opens_and_leaves_the_choice(view: GridView, qtbot: QtBot) -> None:
    view.set_grid(charts.grid(3, 4))
    view.choose([(1, 1)])
    with qtbot.waitSignal(view.activated) as opened:
        click(view, (2, 2))
    assert opened.args == [(2, 2)]
    assert view.chosen == {(1, 1)}
    with qtbot.assertNotEmitted(view.activated):
        click(view, (2, 3), CTRL)
        assert view.chosen == {(1, 1), (2, 3)}
        click(view, (1, 1), CTRL)
        assert view.chosen == {(2, 3)}
        view.focus_key((1, 1))
        click(view, (2, 2), SHIFT)
    assert view.chosen == {(2, 3)} | cells(range(1, 3), range(1, 3))


def test_a_double_click_opens_once(view: GridView, qtbot: QtBot) -> None:
    view.set_grid(charts.grid(3, 4))
    opened: list[object] = []
    view.activated.connect(opened.append)
    with qtbot.waitSignal(view.activated):
        click(view, (2, 2))
        QTest.mouseDClick(view.viewport(), LEFT, NOTHING, view.place_of((2, 2)))
        QTest.mouseRelease(view.viewport(), LEFT, NOTHING, view.place_of((2, 2)))
    QTest.qWait(300)
    assert opened == [(2, 2)]


def test_a_band_chooses_what_it_touches_and_shift_or_ctrl_adds(view: GridView) -> None:
    view.set_grid(charts.grid(4, 6))
    view.fit("page")
    band(view, (4, 1), (3, 3))
    assert view.chosen == cells(range(3, 5), range(1, 4))
    band(view, (1, 5), (2, 6), CTRL)
    assert view.chosen == cells(range(3, 5), range(1, 4)) | cells(range(1, 3), range(5, 7))
    band(view, (1, 1), (1, 2), SHIFT)
    assert cells(range(1, 2), range(1, 3)) < view.chosen
    band(view, (2, 2), (2, 3))
    assert view.chosen == cells(range(2, 3), range(2, 4))


def test_a_band_beyond_the_edge_scrolls(view: GridView, qtbot: QtBot) -> None:
    view.set_grid(charts.grid(40, 60))
    view.fit("")
    view.focus_key((40, 1))
    start = view.place_of((40, 1))
    QTest.mousePress(view.viewport(), LEFT, NOTHING, start)
    move(view, QPoint(view.viewport().width() + 30, start.y()))
    qtbot.waitUntil(lambda: view.horizontalScrollBar().value() > 100)
    chosen = len(view.chosen)
    QTest.mouseRelease(view.viewport(), LEFT, NOTHING, start)
    assert {row for row, _column in view.chosen} == {40}  # type: ignore[misc]
    assert chosen > 8


def test_shift_with_arrows_space_and_ctrl_a_choose_by_keyboard(view: GridView) -> None:
    view.set_grid(charts.grid(4, 6))
    view.focus_key((4, 1))
    press(view, Qt.Key.Key_Space)
    assert view.chosen == {(4, 1)}
    view.focus_key((3, 3))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        press(view, key, SHIFT)
    assert view.chosen == {(4, 1)} | cells(range(2, 4), range(3, 6))
    press(view, Qt.Key.Key_Left, SHIFT)
    assert view.chosen == {(4, 1)} | cells(range(2, 4), range(3, 5))
    press(view, Qt.Key.Key_A, CTRL)
    assert view.chosen == cells(range(1, 5), range(1, 7))
    press(view, Qt.Key.Key_Escape)
    assert not view.chosen


def test_zoom_by_keys_wheel_and_to_fit(view: GridView) -> None:
    view.set_grid(charts.grid(20, 20))
    view.fit("")
    assert view.zoom == 1.0
    press(view, Qt.Key.Key_Plus, CTRL)
    press(view, Qt.Key.Key_Minus, CTRL)
    assert view.zoom == pytest.approx(1.0)
    middle = QPointF(view.viewport().rect().center())
    there = QPointF(view.viewport().mapToGlobal(middle.toPoint()))
    wheel = QWheelEvent(
        middle, there, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.zoom == pytest.approx(1.2)
    view.fit("width")
    assert not view.horizontalScrollBar().maximum()
    assert view.verticalScrollBar().maximum()
    view.fit("page")
    assert not view.horizontalScrollBar().maximum()
    assert not view.verticalScrollBar().maximum()
    view.resize(500, 300)
    assert not view.verticalScrollBar().maximum()
    press(view, Qt.Key.Key_0, CTRL)
    assert view.zoom == 1.0


def test_what_is_under_the_mouse_stays_there_while_zooming(view: GridView) -> None:
    view.set_grid(charts.grid(40, 60))
    view.fit("")
    view.focus_key((20, 30))
    place = view.place_of((20, 30))
    view.zoom_by(1, place)
    apart = view.place_of((20, 30)) - place
    assert max(abs(apart.x()), abs(apart.y())) < 40


def test_labels_and_headings_stay_in_sight(view: GridView) -> None:
    view.set_grid(charts.grid(40, 60, groups=4))
    view.fit("")

    def ink(x: range, y: range) -> bool:
        image = view.viewport().grab().toImage()
        paper = view.palette().window().color()
        return any(_differs(image.pixelColor(a, b), paper) for a in x for b in y)

    view.verticalScrollBar().setValue(300)
    view.horizontalScrollBar().setValue(300)
    assert ink(range(2, 30), range(60, 200))
    assert ink(range(60, 600, 3), range(2, 16))


def _differs(one: QColor, other: QColor) -> bool:
    return abs(one.lightness() - other.lightness()) > 80


def test_focus_and_choice_stay_with_what_is_still_there(view: GridView, qtbot: QtBot) -> None:
    view.set_grid(charts.grid(3, 4))
    view.focus_key((2, 2))
    view.choose([(1, 1), (3, 4)])
    with qtbot.waitSignal(view.chosen_changed):
        view.set_grid(charts.grid(3, 3))
    assert view.focused_key == (2, 2)
    assert view.chosen == {(1, 1)}


def test_a_grid_that_is_read_again_does_not_move(view: GridView) -> None:
    view.set_grid(charts.grid(40, 60))
    view.fit("")
    view.focus_key((40, 1))
    for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
        bar.setValue(500)
    view.set_grid(charts.grid(40, 60))
    assert (view.horizontalScrollBar().value(), view.verticalScrollBar().value()) == (500, 500)
    assert view.focused_key == (40, 1)


def test_dimmed_cells_are_not_chosen_by_a_band(view: GridView) -> None:
    view.set_grid(charts.grid(4, 6))
    view.fit("page")
    states = {cell.key: cell.state for row in view.grid.rows for cell in row.cells if cell is not None}
    view.set_bright({states[(4, 1)]})
    band(view, (4, 1), (1, 6))
    assert view.chosen == {key for key, state in states.items() if state == states[(4, 1)]}


def test_the_legend_says_which_states_stay_bright(qtbot: QtBot, front: Front) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    front(legend)
    grid = charts.grid(3, 4)
    legend.show_grid(grid, {0: 5, None: 7})
    assert legend.bright is None
    first = button(legend, f"{grid.states[0].label} 5")
    with qtbot.waitSignal(legend.bright_changed) as told:
        first.click()
    assert told.args == [frozenset({0})]
    legend.show_grid(grid, {0: 4, None: 8})
    assert legend.bright == {0}
    with qtbot.waitSignal(legend.bright_changed) as told:
        legend.show_grid(grid, {None: 12})
    assert told.args == [None]


def test_an_empty_grid_says_what_belongs_there(view: GridView) -> None:
    view.set_grid(Grid("Lane", (), (), (), "No home yet"))
    assert view.accessibleName() == "Lane: No home yet"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space):
        assert press(view, key) is None
    QTest.mouseClick(view.viewport(), LEFT)
    view.viewport().grab()
