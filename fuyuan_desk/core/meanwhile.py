"""A function that runs in a thread while something else is done, for processes that must start quickly."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """Runs `work` in a thread from now on; `result()` waits for it and returns, or raises, what it did."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._found: list[T] = []
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="meanwhile", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as fault:  # noqa: BLE001 - raised where the result is asked for
            self._fault = fault

    def result(self) -> T:
        """Return the result, as often as it is asked for."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._found[0]
