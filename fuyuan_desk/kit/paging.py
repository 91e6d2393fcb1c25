"""What services of every job return: one page of a list, the outcome of a save."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A window of a list and how long the whole list is."""

    total: int
    rows: tuple[T, ...]


@dataclass(frozen=True)
class Saved:
    """What became of a form: the record's key and version, and doubts that were kept."""

    id: int
    version: int
    doubts: tuple[str, ...] = ()
