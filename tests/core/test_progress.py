"""Progress reports, cancellation, and the paused garbage collector."""

import gc

import pytest

from fuyuan_desk.core.progress import Cancelled, Progress, undisturbed


def test_steps_are_reported_and_a_wish_to_stop_is_heard() -> None:
    reports: list[tuple[int, int, str]] = []
    progress = Progress(lambda done, total, what: reports.append((done, total, what)))
    progress.step(1, 2, "rows")
    assert reports == [(1, 2, "rows")]
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.step(2, 2)
    assert reports == [(1, 2, "rows")]


def test_the_collector_rests_until_the_last_work_ends() -> None:
    assert gc.isenabled()
    with undisturbed():
        with undisturbed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_on_after_work_that_failed_and_stays_off_where_it_was() -> None:
    with pytest.raises(ValueError, match="broken"), undisturbed():
        raise ValueError("broken")
    assert gc.isenabled()
    gc.disable()
    try:
        with undisturbed():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
