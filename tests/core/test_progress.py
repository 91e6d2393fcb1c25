"""Progress reports and cancellation."""

import pytest

from fuyuan_desk.core.progress import Cancelled, Progress


def test_steps_are_reported_and_a_wish_to_stop_is_heard() -> None:
    reports: list[tuple[int, int, str]] = []
    progress = Progress(lambda done, total, what: reports.append((done, total, what)))
    progress.step(1, 2, "rows")
    assert reports == [(1, 2, "rows")]
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.step(2, 2)
    assert reports == [(1, 2, "rows")]
