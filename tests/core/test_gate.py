"""Many pass a gate at a time, or one alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

from fuyuan_desk.core.gate import Gate


def test_many_pass_at_a_time_and_nobody_is_alone_then() -> None:
    gate = Gate()
    with gate.passing(), gate.passing(), gate.alone() as is_alone:
        assert not is_alone
        with gate.passing():
            pass
    with gate.alone() as is_alone:
        assert is_alone
        with gate.alone() as second:
            assert not second


def test_whoever_comes_while_somebody_is_alone_waits() -> None:
    gate, waits, order = Gate(), threading.Event(), list[str]()

    def pass_through() -> None:
        waits.set()
        with gate.passing():
            order.append("passed")

    with ThreadPoolExecutor(1) as other:
        with gate.alone():
            done = other.submit(pass_through)
            assert waits.wait(10)
            order.append("alone")
        done.result(10)
    assert order == ["alone", "passed"]
