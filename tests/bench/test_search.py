"""Search at the size the issue names: every kind of query within 16 ms a keystroke."""

from pathlib import Path

from tests.bench import bench_search


def test_a_keystroke_is_answered_before_the_next_frame(tmp_path: Path) -> None:
    times, summary = bench_search.measured(tmp_path, bench_search.HOUSEHOLDS)
    slow = [one for one in times if one.p95 > bench_search.LIMIT_MS]
    assert not slow, summary
