"""The garbage collector rests while many objects are made, and collects when it is due."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuyuan_desk.core.garbage import collect_due, load_modules, undisturbed


class Knot:
    """An object that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def automatic() -> Iterator[None]:
    """Let Python collect on its own, as it does in a program without a window."""
    gc.enable()
    yield
    gc.disable()


def test_the_collector_rests_until_the_last_work_ends() -> None:
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
    with undisturbed():
        pass
    assert not gc.isenabled()


def test_what_is_due_is_collected_but_not_during_such_work() -> None:
    gc.disable()
    gc.collect()
    knot = Knot()
    seen = weakref.ref(knot)
    del knot
    collect_due()
    assert seen() is not None  # a single object is not worth a pass
    many = [[] for _ in range(gc.get_threshold()[0] * 2)]  # type: list[list[int]]
    with undisturbed():
        collect_due()
        assert seen() is not None
    knot = Knot()  # the former one is now counted among what stays
    seen = weakref.ref(knot)
    del knot
    many += [[] for _ in range(gc.get_threshold()[0] * 2)]
    collect_due()
    assert seen() is None


def test_the_old_are_collected_from_time_to_time() -> None:
    gc.disable()
    gc.collect()
    knot = Knot()
    seen = weakref.ref(knot)
    gc.collect(1)  # survives, and is old from now on
    del knot
    kept = []
    passes = 0
    while seen() is not None:
        kept.append([[] for _ in range(gc.get_threshold()[0] * 2)])
        collect_due()
        passes += 1
        assert passes < 500
    assert passes > gc.get_threshold()[1]


def test_nothing_is_collected_while_modules_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.disable()
    (tmp_path / "loaded_by_a_test.py").write_text(
        "from fuyuan_desk.core.garbage import collect_due\n"
        "import gc\n"
        "many = [[] for _ in range(gc.get_threshold()[0] * 2)]\n"
        "before = gc.get_stats()\n"
        "collect_due()\n"
        "assert gc.get_stats() == before\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    load_modules(["loaded_by_a_test"])
    before = gc.get_stats()
    many = [[] for _ in range(gc.get_threshold()[0] * 2)]  # type: list[list[int]]
    collect_due()
    assert gc.get_stats() != before
    assert many
