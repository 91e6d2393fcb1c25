"""Work in the sandbox process: its results, refusals and faults, its limits, and that it ends."""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import language, use_language
from fuyuan_desk.process import sandbox
from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox, stream_from_sandbox
from fuyuan_desk.workbook.package import damaged
from fuyuan_desk.workbook.plain import decode

ROOT = Path(__file__).resolve().parents[2]


def test_the_result_comes_back_in_the_language_in_use() -> None:
    use_language("zh_CN")
    assert run_in_sandbox(language) == "zh_CN"
    refusal = run_in_sandbox(damaged, "名册.xls")
    assert isinstance(refusal, InvalidInput)
    assert "名册.xls" in str(refusal.args)


@pytest.mark.parametrize("name", ["FUYUAN_PASSWORD", "FUYUAN_SECOND_PASSWORD", "FUYUAN_FILE_PASSWORD"])
def test_a_password_in_the_environment_is_not_passed_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "slate-harbour")
    monkeypatch.setenv("FUYUAN_OTHER", "1")
    assert run_in_sandbox(os.getenv, name) is None
    assert run_in_sandbox(os.getenv, "FUYUAN_OTHER") == "1"


def test_a_refusal_is_raised_here() -> None:
    with pytest.raises(InvalidInput, match="neither"):
        run_in_sandbox(decode, "a", b"\xff\x00\x80" * 300)


def test_a_fault_is_raised_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        run_in_sandbox(int, "x")


def test_large_arguments_and_results_go_through() -> None:
    raw = os.urandom(5_000_000)
    assert run_in_sandbox(bytes, raw) == raw


# ---- items one by one ----


def _count(most: int, then: str = "") -> Iterator[int]:
    yield from range(most)
    if then == "refuse":
        raise InvalidInput("No more.")
    if then == "sleep":
        time.sleep(60)
    if then == "abort":
        os.abort()


def test_items_arrive_in_order() -> None:
    with stream_from_sandbox(_count, 1_000) as items:
        assert list(items) == list(range(1_000))


def test_items_arrive_before_the_work_has_ended() -> None:
    with stream_from_sandbox(_count, 2, "sleep") as items:
        assert [next(items), next(items)] == [0, 1]
    # the process was ended on leaving: nothing waited for a minute


@pytest.mark.parametrize(("then", "raised"), [("refuse", InvalidInput), ("abort", LimitExceeded)])
def test_an_end_among_the_items_is_raised_after_them(then: str, raised: type[Exception]) -> None:
    found: list[int] = []
    with stream_from_sandbox(_count, 3, then) as items, pytest.raises(raised):
        found.extend(items)
    assert found == [0, 1, 2]


def test_cancelling_ends_the_process_among_the_items() -> None:
    progress = Progress()
    with stream_from_sandbox(_count, 1, "sleep", progress=progress) as items:
        next(items)
        progress.cancel()
        with pytest.raises(Cancelled):
            next(items)


# ---- a process that waits for its task ----


@pytest.fixture
def waiting() -> Iterator["subprocess.Popen[bytes]"]:
    """The process that waits for a task; ended afterwards."""
    sandbox.stand_by(decode)
    for thread in threading.enumerate():
        if thread.name == "stand-by":
            thread.join()
    [process] = sandbox._standing_by
    yield process
    sandbox.end_waiting()


def test_the_next_task_is_done_by_the_process_that_waits(waiting: "subprocess.Popen[bytes]") -> None:
    sandbox._stand_by(decode)  # another one is not started
    assert run_in_sandbox(os.getpid) == waiting.pid
    assert run_in_sandbox(os.getpid) != waiting.pid
    assert waiting.returncode is not None


def test_a_waiting_process_that_was_ended_is_not_used(waiting: "subprocess.Popen[bytes]") -> None:
    waiting.kill()
    waiting.wait()
    assert run_in_sandbox(int, "7") == 7


def test_a_waiting_process_ends_with_the_program(waiting: "subprocess.Popen[bytes]") -> None:
    assert waiting.stdin is not None
    waiting.stdin.close()  # as the system does when the program is gone, however it ended
    assert waiting.wait(timeout=30) == 0


# ---- limits ----


@pytest.mark.parametrize(("work", "argument"), [(os.abort, ()), (os._exit, (0,)), (bytes, (900 << 20,))])
def test_a_crash_or_too_much_memory_is_reported(work: object, argument: tuple[int, ...]) -> None:
    with pytest.raises(LimitExceeded):
        run_in_sandbox(work, *argument)  # type: ignore[arg-type] # functions of C


def test_what_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        run_in_sandbox(time.sleep, 60, seconds=0.5)
    assert time.monotonic() - started < 5


def test_cancelled_work_is_not_waited_for() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run_in_sandbox(time.sleep, 60, progress=progress)


def _write_to_every_pipe(content: bytes) -> None:
    for descriptor in range(1, 10):
        with contextlib.suppress(OSError):
            os.write(descriptor, content)


def _write_half_and_exit() -> None:
    _write_to_every_pipe(pickle.dumps(list(range(100)))[:50])
    os._exit(0)


def test_a_message_that_is_cut_off_is_none() -> None:
    with pytest.raises(LimitExceeded):
        run_in_sandbox(_write_half_and_exit)


def _print() -> str:
    os.write(1, b"a warning of a native reader")
    return "done"


def test_what_a_reader_prints_does_not_reach_the_results() -> None:
    assert run_in_sandbox(_print) == "done"


def _pid() -> Iterator[int]:
    yield os.getpid()
    while True:
        pass


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_process_ends_soon_when_the_program_is_killed() -> None:
    script = (
        "from fuyuan_desk.process.sandbox import stream_from_sandbox\n"
        "from tests.process.test_sandbox import _pid\n"
        "with stream_from_sandbox(_pid, seconds=1.9) as items:\n"
        "    print(next(items), flush=True)\n"
        "    import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    pid = int(done.stdout)
    end = time.monotonic() + 90  # two seconds of the processor, on a busy machine
    while _is_running(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not _is_running(pid)


def test_a_process_that_does_not_start_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    sandbox._stand_by(decode)  # told with the task
    with pytest.raises(Unusable, match="starts no further process"):
        run_in_sandbox(int, "1")
