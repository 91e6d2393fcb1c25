from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.store.keys import attempts

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (9, 128), (11, 300), (99, 300)]
)
def test_the_pause_grows(failures: int, seconds: int) -> None:
    assert attempts.pause_after(failures) == timedelta(seconds=seconds)


def test_failures_are_remembered_and_forgotten(tmp_path: Path) -> None:
    for _ in range(4):
        attempts.count_failure(tmp_path, NOW)
    with pytest.raises(NotAllowed, match=r"[45] seconds"):
        attempts.refuse_during_pause(tmp_path, NOW)
    attempts.refuse_during_pause(tmp_path, NOW + timedelta(seconds=4))
    attempts.clear(tmp_path)
    assert attempts.read(tmp_path) == attempts.Attempts()


def test_setting_the_clock_back_does_not_shorten_or_lengthen_the_pause(tmp_path: Path) -> None:
    for _ in range(4):
        attempts.count_failure(tmp_path, NOW)
    left = attempts.remaining(attempts.read(tmp_path), NOW - timedelta(days=30))
    assert left == attempts.pause_after(4)


@pytest.mark.parametrize("content", ["", "[1]", '{"failures": "x", "last": "y"}', '{"failures": 3}'])
def test_a_broken_count_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / attempts.FILE).write_text(content)
    assert attempts.read(tmp_path) == attempts.Attempts()


def test_failures_stay_until_the_trail_holds_them(tmp_path: Path) -> None:
    attempts.count_failure(tmp_path, NOW, "digest-1")
    attempts.count_failure(tmp_path, NOW + timedelta(seconds=1), "")
    attempts.count_failure(tmp_path, NOW + timedelta(seconds=2))
    assert attempts.read(tmp_path).failures == 3
    attempts.reset_failures(tmp_path)
    kept = attempts.read(tmp_path)
    assert kept.failures == 0
    assert kept.pending == (
        attempts.Failure(NOW, "digest-1"),
        attempts.Failure(NOW + timedelta(seconds=1), ""),
    )
    attempts.refuse_during_pause(tmp_path, NOW)
    attempts.clear(tmp_path)
    assert not (tmp_path / attempts.FILE).exists()


def test_only_the_newest_are_stored_and_the_others_counted(tmp_path: Path) -> None:
    for number in range(attempts._MOST_KEPT + 7):
        attempts.count_failure(tmp_path, NOW + timedelta(seconds=number), "x")
    kept = attempts.read(tmp_path)
    assert len(kept.pending) == attempts._MOST_KEPT
    assert kept.dropped == 7
    assert kept.failures == attempts._MOST_KEPT + 7
