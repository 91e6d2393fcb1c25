"""Tests of preparing items in a thread while those before are used."""

import threading
from collections.abc import Iterator

import pytest

from fuyuan_desk.core.ahead import ahead


def test_items_arrive_in_order_from_another_thread() -> None:
    makers: set[str] = set()

    def items() -> Iterator[int]:
        for number in range(100):
            makers.add(threading.current_thread().name)
            yield number

    assert list(ahead(items())) == list(range(100))
    assert len(makers) == 1
    assert threading.current_thread().name not in makers


def test_the_next_item_is_prepared_while_one_is_used() -> None:
    begun = threading.Event()

    def items() -> Iterator[str]:
        yield "first"
        begun.set()
        yield "second"

    for _item in ahead(items()):
        assert begun.wait(10)


def test_at_most_so_many_are_prepared_in_advance() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(50):
            made.append(number)
            yield number

    for used, item in enumerate(ahead(items(), most=3)):
        assert item == used
        assert len(made) <= used + 4


def test_an_error_is_raised_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("second")

    seen = []
    with pytest.raises(ValueError, match="second"):
        seen.extend(ahead(items()))  # what came before it was used
    assert seen == [1]


def test_the_thread_ends_with_a_caller_who_stops() -> None:
    def items() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    prepared = ahead(items())
    assert next(prepared) == 0
    running = threading.active_count()
    prepared.close()  # type: ignore[attr-defined] # a generator
    assert threading.active_count() == running - 1
