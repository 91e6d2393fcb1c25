"""Kills at random moments, in short; `python -m tests.fire.kill` kills 1,000 times."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fire.picture import LogEntry, Picture, Shape, change

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="killing a warm process needs fork, which Windows lacks")
def test_nothing_acknowledged_is_lost_to_a_kill() -> None:
    command = [sys.executable, "-m", "tests.fire.kill", "--count", "40", "--workers", "2"]
    logged = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert logged.returncode == 0, logged.stdout + logged.stderr
    assert logged.stdout.startswith("seed "), "what repeats this run"
    assert "40 kills" in logged.stdout
    assert "lost 0\n" in logged.stdout
    assert "stores that do not open 0, not clean 0, with leftovers 0" in logged.stdout


def picture(rows: dict[str, str], logged: tuple[LogEntry, ...] = (), photos: tuple[str, ...] = ()) -> Picture:
    return Picture({"unit": rows}, 1, logged, {}, frozenset(photos))


def test_what_an_act_changed_is_seen() -> None:
    action = LogEntry("update", "unit", ("area",))
    before = picture({"1": "a", "2": "b", "3": "c"}, photos=("x",))
    after = picture({"1": "a", "2": "changed", "4": "d"}, (action, action))
    assert change(before, before).nothing
    assert change(before, after) == Shape((("unit", 1, 1, 1),), ((action, 2),), 0, -1)
    assert not change(before, after).nothing


def test_a_picture_is_the_same_only_with_the_same_rows_keys_and_photos() -> None:
    before = picture({"1": "a"}, photos=("x",))
    assert before.same_as(picture({"1": "a"}, photos=("x",)))
    assert not before.same_as(picture({"1": "b"}, photos=("x",)))
    assert not before.same_as(picture({"1": "a"}))
    assert not before.same_as(picture({"1": "a"}, (LogEntry("reveal", "unit", ()),), ("x",)))
