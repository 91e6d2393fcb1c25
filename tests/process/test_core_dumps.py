import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = (
    "import os; from fuyuan_desk.process import core_dumps; core_dumps.disable_core_dumps(); {statement}"
)


def run(statement: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(statement=statement)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows writes no core files")
def test_a_fall_leaves_no_picture_of_the_memory(tmp_path: Path) -> None:
    result = run("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))", tmp_path)
    assert result.stdout == "(1, 1)\n"
    crashed = run("os.abort()", tmp_path)
    assert crashed.returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


def test_it_may_be_asked_for_twice(tmp_path: Path) -> None:
    result = run("core_dumps.disable_core_dumps(); print('well')", tmp_path)
    assert result.stdout == "well\n"
