"""The start as the issue asks: a sign-in window that takes keys, hardly later than an empty one."""

from pathlib import Path

from tests.bench import bench_start


def test_the_sign_in_window_is_up_hardly_later_than_an_empty_one(tmp_path: Path) -> None:
    bare, ours = bench_start.compare(rounds=12, folder=tmp_path)
    fast_enough = bench_start.typical(ours) <= bench_start.ASKED * bench_start.typical(bare)
    assert fast_enough, bench_start.summary(bare, ours)
