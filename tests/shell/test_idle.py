import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.shell.idle import IdleWatch, Instant, now, seconds_between


@pytest.mark.parametrize(
    ("wall", "monotonic", "seconds"),
    [
        (60, 60, 60),
        (3600, 2, 3600),  # slept for an hour
        (-3600, 60, 60),  # the clock was put back
        (3600, 60, 3600),  # it was put forward: the desk locks early rather than late
        (0, 0, 0),
    ],
)
def test_the_longer_of_two_clocks_counts(wall: float, monotonic: float, seconds: float) -> None:
    assert seconds_between(Instant(1000, 50), Instant(1000 + wall, 50 + monotonic)) == seconds


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.instant = Instant(1_000_000, 100)

    def __call__(self) -> Instant:
        return self.instant

    def work_on(self, seconds: float) -> None:
        self.instant = Instant(self.instant.wall + seconds, self.instant.monotonic + seconds)

    def sleep(self, seconds: float) -> None:
        self.instant = Instant(self.instant.wall + seconds, self.instant.monotonic)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passed(clock: Clock, watch: IdleWatch) -> list[int]:
    found: list[int] = []
    watch.passed.connect(lambda: found.append(1))
    return found


@pytest.fixture
def watch(qtbot: QtBot, clock: Clock) -> IdleWatch:
    made = IdleWatch(clock=clock, poll_ms=5)
    made.start(10)
    return made


def test_the_time_of_sleep_counts(qtbot: QtBot, clock: Clock, watch: IdleWatch, passed: list[int]) -> None:
    clock.work_on(60)
    qtbot.wait(20)
    assert passed == []
    clock.sleep(600)
    qtbot.waitUntil(lambda: passed == [1])
    qtbot.wait(20)
    assert passed == [1]  # once


def test_a_short_sleep_locks_nothing(qtbot: QtBot, clock: Clock, watch: IdleWatch, passed: list[int]) -> None:
    clock.sleep(300)
    watch.on_activity()
    clock.sleep(599)
    qtbot.wait(20)
    assert passed == []


def test_the_key_that_wakes_the_pc_is_not_work(clock: Clock, watch: IdleWatch, passed: list[int]) -> None:
    clock.sleep(8 * 3600)
    watch.on_activity()  # before any timer has run
    assert passed == [1]


def test_work_counts_anew(qtbot: QtBot, clock: Clock, watch: IdleWatch, passed: list[int]) -> None:
    for _time in range(5):
        clock.work_on(500)
        watch.on_activity()
    qtbot.wait(20)
    assert passed == []


def test_after_the_end_nothing_is_counted(
    qtbot: QtBot, clock: Clock, watch: IdleWatch, passed: list[int]
) -> None:
    watch.stop()
    clock.sleep(3600)
    watch.on_activity()
    qtbot.wait(20)
    assert passed == []


def test_both_clocks_run() -> None:
    earlier = now()
    assert 0 <= seconds_between(earlier, now()) < 10
