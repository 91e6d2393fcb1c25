"""Work in a process of its own: its answer, its refusals, its faults, and the end of what does not end."""

import os
import pickle
import time

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import language, use_language
from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox
from fuyuan_desk.workbook.package import damaged


def test_the_answer_comes_back_in_the_language_in_use() -> None:
    use_language("zh_CN")
    assert run_in_sandbox(language) == "zh_CN"
    refusal = run_in_sandbox(damaged, "名册.xls")
    assert isinstance(refusal, InvalidInput)
    assert "名册.xls" in str(refusal.args)


def test_a_refusal_is_raised_here() -> None:
    from fuyuan_desk.workbook.plain import decode

    with pytest.raises(InvalidInput, match="neither"):
        run_in_sandbox(decode, "a", b"\xff\x00\x80" * 300)


def test_a_fault_is_raised_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        run_in_sandbox(int, "x")


@pytest.mark.parametrize(("work", "argument"), [(os.abort, ()), (os._exit, (0,)), (bytes, (900 << 20,))])
def test_what_falls_or_takes_too_much_memory_is_told(work: object, argument: tuple[int, ...]) -> None:
    with pytest.raises(LimitExceeded):
        run_in_sandbox(work, *argument)  # type: ignore[arg-type] # functions of C


def test_what_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        run_in_sandbox(time.sleep, 60, seconds=0.5)
    assert time.monotonic() - started < 5


def test_whoever_stops_waits_no_longer() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run_in_sandbox(time.sleep, 60, progress=progress)


def _speak_half_and_sleep() -> None:
    os.write(1, pickle.dumps(list(range(100)))[:50])
    time.sleep(60)


def test_an_answer_that_was_cut_off_by_the_end_is_no_answer() -> None:
    with pytest.raises(LimitExceeded):
        run_in_sandbox(_speak_half_and_sleep, seconds=1.5)
