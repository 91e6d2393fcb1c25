"""Results of the services of every job: one page of a list, the outcome of a save."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of rows and the length of the whole list."""

    total: int
    rows: tuple[T, ...]


@dataclass(frozen=True)
class Saved:
    """The result of saving a form: the record's key and version, and warnings about what was saved."""

    id: int
    version: int
    doubts: tuple[str, ...] = ()
