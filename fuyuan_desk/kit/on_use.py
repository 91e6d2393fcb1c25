"""Parts of a page that are created when they are first used, so that the page opens at once."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class OnUse(Generic[T]):
    """Creates something with `make` when it is first called, and returns the same from then on."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self.made: T | None = None

    def __call__(self) -> T:
        if self.made is None:
            self.made = self._make()
        return self.made
