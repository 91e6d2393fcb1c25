"""A failing disk, in short: a few cases for every group of actions; `python -m tests.fire.faults` runs 500 cases."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from tests.fire import disk, faults
from tests.fire.disk import Fault, Kind
from tests.fire.hand import copy_of, furnish
from tests.fire.pythondisk import PythonDisk

ROOT = Path(__file__).parents[2]
ACTIONS = ["visit with photos", "own password", "new office", "backup", "restored office"]
needs_a_disk = pytest.mark.skipif(bool(disk.missing()), reason=disk.missing() or "there is one")


@needs_a_disk
def test_on_a_failing_disk_an_act_is_done_for_real_or_refused_with_a_message() -> None:
    command = [sys.executable, "-m", "tests.fire.faults", "--count", "24", "--seed", "1", "--workers", "2"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "24 faults" in result.stdout
    assert "broken promises: 0" in result.stdout


@needs_a_disk
def test_the_disk_fails_where_it_is_reported_to(tmp_path: Path) -> None:
    script = """
import json, os, sys
from pathlib import Path
from tests.fire.disk import Disk, Fault
folder, bad = Path(sys.argv[1]), Disk()
def outcome(fault, nth, lasting):
    bad.fail(nth, fault, lasting)
    try:
        handle = os.open(folder / "file", os.O_CREAT | os.O_RDWR)
        written = os.write(handle, b"12345678")
        os.fsync(handle)
        os.close(handle)
        os.unlink(folder / "file")
        return written
    except OSError as problem:
        return problem.errno
    finally:
        bad.mend()
bad.count(); open(folder / "other", "wb").close(); os.unlink(folder / "other")
print(json.dumps([bad.counted(), outcome(Fault.FULL, 1, False), outcome(Fault.SHORT, 0, False),
    outcome(Fault.BROKEN, 2, True), outcome(Fault.HELD, 1, False), outcome(Fault.READ_ONLY, 99, True)]))
"""
    root = tmp_path / "watched"
    root.mkdir()
    library = disk.build(tmp_path)
    result = subprocess.run(
        [sys.executable, "-c", script, str(root)], cwd=ROOT, env=disk.environment(library, root),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(result.stdout) == [[Kind.OPEN, Kind.REMOVE], 28, 4, 5, 13, 8]


# --- without a compiler ------------------------------------------------------------------------------------


@pytest.fixture
def bad(tmp_path: Path) -> Iterator[PythonDisk]:
    made = PythonDisk(tmp_path / "place")
    made.install()
    yield made
    made.remove()


def _refusal(path: Path, content: bytes) -> str:
    try:
        files.write_atomically(path, content)
    except Unusable as refusal:
        return refusal.message
    return ""


def test_a_file_is_written_whole_or_not_at_all_at_every_operation(bad: PythonDisk, tmp_path: Path) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    path = folder / "file.json"
    path.write_bytes(b"former")
    bad.count()
    files.write_atomically(path, b"former")
    calls = bad.counted()
    assert {Kind.OPEN, Kind.SYNC, Kind.RENAME} <= set(calls)
    for nth in range(len(calls)):
        for fault in (Fault.FULL, Fault.BROKEN, Fault.READ_ONLY):
            bad.fail(nth, fault, False)
            content = f"{nth} {fault.name}".encode()
            refused = _refusal(path, content)
            bad.mend()
            assert path.read_bytes() == (b"former" if refused else content)
            assert os.listdir(folder) == ["file.json"]
            path.write_bytes(b"former")


@pytest.mark.parametrize("action", ACTIONS)
def test_our_own_file_code_promises_the_same(action: str, bad: PythonDisk, tmp_path: Path) -> None:
    template = tmp_path / "template"
    furnish(template)
    root = tmp_path / "place"
    known = faults.survey(template, root, action, bad)
    rng = random.Random(action)
    struck = 0
    for _ in range(3):
        injection = faults.draw(action, known, rng)
        case = faults.Case(copy_of(template, root), injection, known.shape, bad)
        case.inject()
        assert case.outcome.faults == [], str(injection)
        struck += case.outcome.became != "missed"
        shutil.rmtree(root)
    assert struck
