import sys

import pytest

from fuyuan_desk.process.screen_capture import affinity, bar_window, is_supported, set_affinity, windows_build


@pytest.mark.parametrize(
    ("build", "barred"),
    [(22631, 0x11), (19045, 0x11), (19041, 0x11), (18363, 0x01), (10240, 0x01)],
)
def test_from_windows_10_2004_on_a_window_is_left_out_before_it_is_black(build: int, barred: int) -> None:
    assert affinity(True, build) == barred
    assert affinity(False, build) == 0


class Windows:
    """A system that accepts some affinities."""

    def __init__(self, *accepted: int) -> None:
        self.accepted = accepted
        self.asked: list[tuple[int, int]] = []

    def __call__(self, window: int, value: int) -> bool:
        self.asked.append((window, value))
        return value in self.accepted


def test_what_is_refused_is_tried_the_older_way() -> None:
    windows = Windows(0x01)
    assert bar_window(7, True, windows, 22631)
    assert windows.asked == [(7, 0x11), (7, 0x01)]


def test_a_system_that_refuses_everything_is_not_said_to_obey() -> None:
    windows = Windows()
    assert not bar_window(7, True, windows, 18363)
    assert windows.asked == [(7, 0x01)]


def test_a_window_is_let_into_pictures_again() -> None:
    windows = Windows(0x00)
    assert bar_window(7, False, windows, 22631)
    assert windows.asked == [(7, 0x00)]


def test_only_windows_can_do_it() -> None:
    assert [is_supported(name) for name in ("win32", "linux", "darwin")] == [True, False, False]


@pytest.mark.skipif(sys.platform == "win32", reason="there it has an effect")
def test_elsewhere_nothing_is_claimed() -> None:
    assert windows_build() == 0
    assert not set_affinity(1, 0x11)
