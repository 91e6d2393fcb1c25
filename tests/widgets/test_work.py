import errno
import threading
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.errors import InvalidInput, Unusable, UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.widgets.work import REPORTS_PER_SECOND, UiProgress, Worker
from tests.disk import from_windows


@pytest.fixture
def worker(qtbot: QtBot):
    made = Worker("test")
    yield made
    assert made.shutdown(5)


def wait_idle(qtbot: QtBot, worker: Worker) -> None:
    qtbot.waitUntil(lambda: worker.is_idle, timeout=5000)


def test_work_runs_beside_and_its_result_arrives_on_the_ui_thread(qtbot: QtBot, worker: Worker) -> None:
    where: list[object] = []

    def work(a: int, b: int) -> int:
        where.append(threading.current_thread())
        return a + b

    worker.run(work, 2, 3, done=lambda sum_: where.extend([sum_, threading.current_thread()]))
    wait_idle(qtbot, worker)
    assert where[0] is not threading.main_thread()
    assert where[1:] == [5, threading.main_thread()]


def test_work_is_done_in_order(qtbot: QtBot, worker: Worker) -> None:
    seen: list[int] = []
    for number in range(20):
        worker.run(lambda number=number: number, done=seen.append)
    wait_idle(qtbot, worker)
    assert seen == list(range(20))


def test_a_refusal_goes_to_the_caller_and_else_to_everybody(qtbot: QtBot, worker: Worker) -> None:
    def refuse() -> None:
        raise InvalidInput("no", {"name": "missing"})

    mine: list[UserError] = []
    others: list[UserError] = []
    worker.refused.connect(others.append)
    worker.run(refuse, failed=mine.append)
    worker.run(refuse)
    wait_idle(qtbot, worker)
    assert [error.fields for error in mine] == [{"name": "missing"}]
    assert [error.message for error in others] == ["no"]


def test_a_bug_reaches_the_excepthook_on_the_ui_thread(qtbot: QtBot, worker: Worker) -> None:
    with qtbot.captureExceptions() as caught:
        worker.run(lambda: 1 / 0, done=lambda _: pytest.fail("a bug has no result"))
        wait_idle(qtbot, worker)
    assert [kind for kind, _value, _trace in caught] == [ZeroDivisionError]


@pytest.mark.parametrize(("error", "words"), [
    (OSError(errno.EIO, "Input/output error", "/stick/store.db"), "/stick was not found"),
    (OSError(errno.EIO, "Input/output error"), "does not respond"),
    (from_windows(1167, errno.EINVAL, Path("E:/store.db")), "no longer connected"),
    (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
])  # fmt: skip
def test_a_drive_pulled_out_is_a_refusal_and_no_bug(
    qtbot: QtBot, worker: Worker, error: OSError, words: str
) -> None:
    def read() -> None:
        raise error

    refused: list[UserError] = []
    worker.run(read, failed=refused.append)
    wait_idle(qtbot, worker)
    assert [words in refusal.message for refusal in refused] == [True]
    assert all(isinstance(refusal, Unusable) for refusal in refused)


def test_an_invalid_call_on_a_file_stays_a_bug(qtbot: QtBot, worker: Worker) -> None:
    def read() -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    with qtbot.captureExceptions() as caught:
        worker.run(read)
        wait_idle(qtbot, worker)
    assert [kind for kind, _value, _trace in caught] == [OSError]


def test_cancelling_stops_running_work_and_waiting_work_never_begins(qtbot: QtBot, worker: Worker) -> None:
    started = threading.Event()
    outcome: list[str] = []

    def long_work(progress: Progress) -> None:
        for step in range(100_000):
            started.set()
            progress.step(step, 100_000)
            time.sleep(0.001)

    progress = UiProgress()
    first = worker.run(
        long_work, progress, progress=progress, cancelled=lambda: outcome.append("stopped"),
        done=lambda _: outcome.append("finished"),
    )  # fmt: skip
    second = worker.run(lambda: outcome.append("ran"), cancelled=lambda: outcome.append("never started"))
    assert started.wait(5)
    second.cancel()
    first.cancel()
    wait_idle(qtbot, worker)
    assert outcome == ["stopped", "never started"]
    assert first.is_finished


def test_finished_work_counts_even_if_cancelled_too_late(qtbot: QtBot, worker: Worker) -> None:
    outcome: list[str] = []
    started, go = threading.Event(), threading.Event()

    def commit() -> str:
        started.set()
        go.wait(5)
        return "kept"

    job = worker.run(commit, done=outcome.append, cancelled=lambda: outcome.append("lost"))
    assert started.wait(5)
    job.cancel()
    go.set()
    wait_idle(qtbot, worker)
    assert outcome == ["kept"]


def test_progress_is_throttled_but_its_end_always_arrives(qtbot: QtBot, worker: Worker) -> None:
    progress = UiProgress()
    seen: list[tuple[int, int, str]] = []
    progress.moved.connect(lambda *report: seen.append(report))

    def work() -> None:
        for done in range(1, 3001):
            progress.step(done, 3000, "rows")
            time.sleep(0.0001)

    started = time.monotonic()
    worker.run(work)
    wait_idle(qtbot, worker)
    assert seen[-1] == (3000, 3000, "rows")
    assert len(seen) <= (time.monotonic() - started) * REPORTS_PER_SECOND + 2


def test_a_widget_that_died_meanwhile_is_not_called(qtbot: QtBot, worker: Worker) -> None:
    class Page(QObject):
        def show(self, value: int) -> None:
            calls.append(value)

    calls: list[int] = []
    gone, owner = Page(), QObject()
    go = threading.Event()
    worker.run(lambda: go.wait(5) and 1, done=gone.show)
    worker.run(lambda: 2, done=calls.append, owner=owner)
    worker.run(lambda: 3, done=calls.append)
    shiboken6.delete(gone)
    shiboken6.delete(owner)
    go.set()
    wait_idle(qtbot, worker)
    assert calls == [3]


def test_closing_waits_for_what_runs_and_delivers_nothing_more(qtbot: QtBot) -> None:
    worker = Worker("closing")
    started = threading.Event()
    ran: list[str] = []

    def work() -> None:
        started.set()
        time.sleep(0.05)
        ran.append("written")

    worker.run(work, done=lambda _: ran.append("delivered"))
    worker.run(lambda: ran.append("too late"))
    assert started.wait(5)
    assert worker.shutdown(5)
    QCoreApplication.sendPostedEvents(worker, QEvent.Type.MetaCall)
    assert ran == ["written"]
    assert worker.is_idle
    late = worker.run(lambda: ran.append("after"))
    assert ran == ["written"]
    assert not late.is_finished


def test_a_retired_worker_ends_by_itself(qtbot: QtBot) -> None:
    worker = Worker("to be retired")
    go = threading.Event()
    worker.run(lambda: go.wait(5), done=lambda _: pytest.fail("delivered after retiring"))
    [thread] = [thread for thread in threading.enumerate() if thread.name == "to be retired"]
    worker.retire()
    go.set()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=5000)


def test_when_nobody_looks_any_more_work_ends_and_tells_nobody(qtbot: QtBot, worker: Worker) -> None:
    delivered: list[str] = []
    wrote: list[int] = []
    worker.run(time.sleep, 0.05, done=lambda _nothing: delivered.append("first"))
    worker.run(wrote.append, 1, done=lambda _nothing: delivered.append("second"))
    worker.forget_all()
    worker.run(wrote.append, 2, done=lambda _nothing: delivered.append("third"))
    qtbot.waitUntil(lambda: delivered == ["third"])
    assert wrote == [1, 2]
