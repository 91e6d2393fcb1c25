import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from fuyuan_desk.shell.window_place import place_in_sight

MAIN, BESIDE = QRect(0, 0, 1366, 728), QRect(1366, 0, 1920, 1040)
BOTH = (MAIN, BESIDE)


@pytest.mark.parametrize(
    "place",
    [
        QRect(100, 60, 1100, 640),
        QRect(1500, 40, 1600, 900),
        QRect(1200, 60, 1000, 600),
        QRect(-700, 50, 1200, 600),
    ],
)
def test_a_window_that_can_be_taken_hold_of_stays(place: QRect) -> None:
    assert place_in_sight(place, BOTH) == place


@pytest.mark.parametrize(
    ("place", "screens", "brought"),
    [
        # the second screen is gone
        (QRect(1500, 40, 1100, 600), (MAIN,), QRect(266, 40, 1100, 600)),
        (QRect(-1800, 40, 1100, 600), (MAIN,), QRect(0, 40, 1100, 600)),
        # it was larger than the one that is left
        (QRect(1500, 40, 1920, 1040), (MAIN,), QRect(0, 32, 1366, 696)),
        # the title bar is above the screen, or below it
        (QRect(100, -60, 1100, 600), (MAIN,), QRect(100, 32, 1100, 600)),
        (QRect(100, 900, 1100, 600), (MAIN,), QRect(100, 128, 1100, 600)),
        # most of it is on the other screen
        (QRect(1500, -80, 1100, 600), BOTH, QRect(1500, 32, 1100, 600)),
    ],
)
def test_another_is_brought_back(place: QRect, screens: tuple[QRect, ...], brought: QRect) -> None:
    assert place_in_sight(place, screens) == brought


@given(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(300, 4000), st.integers(200, 3000))
def test_every_window_can_be_taken_hold_of_and_is_moved_once(x: int, y: int, width: int, height: int) -> None:
    placed = place_in_sight(QRect(x, y, width, height), BOTH)
    title = QRect(placed.left(), placed.top() - 32, placed.width(), 32)
    assert any(title.intersected(screen).width() >= 160 for screen in BOTH)
    assert place_in_sight(placed, BOTH) == placed


def test_without_a_screen_nothing_is_known() -> None:
    assert place_in_sight(QRect(1, 2, 300, 200), ()) == QRect(1, 2, 300, 200)
