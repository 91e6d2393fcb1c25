"""A function that runs in a thread while something else is done."""

import threading

import pytest

from fuyuan_desk.core.meanwhile import Meanwhile


def test_the_work_is_done_meanwhile_and_its_result_kept() -> None:
    may_end = threading.Event()
    calls: list[bool] = []

    def work() -> int:
        calls.append(may_end.wait(30))
        return 7

    meanwhile = Meanwhile(work)
    assert not calls
    may_end.set()
    assert (meanwhile.result(), meanwhile.result(), calls) == (7, 7, [True])


def test_a_fault_is_raised_where_the_result_is_asked_for() -> None:
    meanwhile = Meanwhile(lambda: int("x"))
    for _turn in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            meanwhile.result()
