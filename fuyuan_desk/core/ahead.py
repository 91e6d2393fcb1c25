"""Preparing the next items in a thread while those before are used, such as written by the database."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_MOST = 8


def ahead(items: Iterator[T], most: int = _MOST) -> Iterator[T]:
    """Yield items that another thread computes, at most `most` of them in advance; None ends them.

    An error of `items` is raised at its place. The thread has ended once all are yielded, or when the caller stops.
    """
    with ThreadPoolExecutor(1, "ahead") as pool:
        waiting = deque(pool.submit(next, items, None) for _number in range(most))
        while (item := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, items, None))
            yield item
