import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FALL = "import os; from fuyuan_desk.process import core_dumps; core_dumps.disable_core_dumps(); {then}"


def run(then: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _FALL.format(then=then)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows writes no core files")
def test_a_fall_leaves_no_picture_of_the_memory(tmp_path: Path) -> None:
    told = run("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))", tmp_path)
    assert told.stdout == "(1, 1)\n"
    fallen = run("os.abort()", tmp_path)
    assert fallen.returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


def test_it_may_be_asked_for_twice(tmp_path: Path) -> None:
    told = run("core_dumps.disable_core_dumps(); print('well')", tmp_path)
    assert told.stdout == "well\n"
