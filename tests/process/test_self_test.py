"""The self-test in a process of its own reports its lines, and is ended with what it started."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.process.self_test import COMMAND, command, run_self_test


def python(script: str, *arguments: object) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-c", script, *map(str, arguments)]


_PASSES = "print(3); print('head', flush=True); print('1. 字库', flush=True); print('自检通过')"
_REPORT = "import sys; sys.stdout.reconfigure(encoding='utf-8');"


def test_the_lines_are_returned_and_counted() -> None:
    seen: list[tuple[int, int, str]] = []
    progress = Progress(lambda done, total, what: seen.append((done, total, what)))
    result = run_self_test(progress, python(_REPORT + _PASSES))
    assert result.passed
    assert result.lines == ("head", "1. 字库", "自检通过")
    assert seen[0] == (0, 0, "")
    assert {total for _done, total, what in seen if what} == {3}


def test_a_test_that_failed_has_not_passed() -> None:
    result = run_self_test(Progress(), python(_REPORT + _PASSES + "; sys.exit(1)"))
    assert result == (False, ("head", "1. 字库", "自检通过"))


@pytest.mark.parametrize(
    "script", ["import sys; sys.exit(3)", "pass", "print('1. Fonts', flush=True); import os; os.abort()"]
)
def test_a_test_that_did_not_end_by_itself_says_so(script: str) -> None:
    result = run_self_test(Progress(), python(script))
    assert not result.passed
    assert "did not come to its end" in result.lines[-1]


def test_a_test_that_hangs_is_ended() -> None:
    started = time.monotonic()
    result = run_self_test(
        Progress(), python("import sys; print(2, flush=True); sys.stdin.read()"), seconds=0.5
    )
    assert not result.passed
    assert "did not come to its end" in result.lines[-1]
    assert time.monotonic() - started < 10


def test_a_process_that_cannot_be_started_is_refused_in_words() -> None:
    with pytest.raises(Unusable, match="does not start"):
        run_self_test(Progress(), lambda: ["/nowhere/福元台"])


# as the self-test does: it ends with what it started as soon as its input ends
_LISTENS = """
import sys, time
from pathlib import Path
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.process.self_test import watch_input
progress = Progress()
watch_input(progress)
print(2, flush=True)
while not progress.is_cancelled:
    time.sleep(0.01)
Path(sys.argv[1]).write_text("cleaned up")
"""


def test_cancelling_lets_the_test_clean_up(tmp_path: Path) -> None:
    progress = Progress()
    trace = tmp_path / "trace"
    threading.Timer(1.0, progress.cancel).start()
    with pytest.raises(Cancelled):
        run_self_test(progress, python(_LISTENS, trace))
    assert trace.read_text() == "cleaned up"


def test_the_command_is_the_program_itself() -> None:
    assert command()[-2:] == [*COMMAND]
    assert command()[0] == sys.executable
