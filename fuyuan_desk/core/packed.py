"""Lists of hundreds of thousands of rows in a tenth of the memory: packed in blocks, unpacked as they are read."""

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")

LONG = 25_000
_BLOCK = 500
_QUICKEST = 1


class PackedList(Sequence[T]):
    """A list that grows at its end; its items are values, such as rows, that may be copied.

    One item changed in place is not packed again; a slice is a view.
    """

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._blocks: list[bytes] = []
        self._open: list[T] = []
        self._changed: dict[int, T] = {}
        self._unpacked: tuple[int, list[T]] = (-1, [])
        self.extend(items)

    def append(self, item: T) -> None:
        """Add an item at the end."""
        self._open.append(item)
        if len(self._open) == _BLOCK:
            self._blocks.append(zlib.compress(pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL), _QUICKEST))
            self._open = []

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end."""
        for item in items:
            self.append(item)

    def __iadd__(self, items: Iterable[T]) -> "PackedList[T]":
        self.extend(items)
        return self

    def copy(self) -> "PackedList[T]":
        """Return another list of the same items; what is packed is shared."""
        made: PackedList[T] = PackedList()
        made._blocks, made._open, made._changed = self._blocks[:], self._open[:], dict(self._changed)
        return made

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._open)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return _View(self, range(*index.indices(len(self))))
        place = range(len(self))[index]
        if place in self._changed:
            return self._changed[place]
        block, within = divmod(place, _BLOCK)
        return self._items(block)[within]

    def __setitem__(self, index: int, item: T) -> None:
        place = range(len(self))[index]
        block, within = divmod(place, _BLOCK)
        if block == len(self._blocks):
            self._open[within] = item
        else:
            self._changed[place] = item

    def __iter__(self) -> Iterator[T]:
        for block in range(len(self._blocks) + 1):
            if self._changed:
                start = block * _BLOCK
                yield from (self._changed.get(start + n, item) for n, item in enumerate(self._items(block)))
            else:
                yield from self._items(block)

    def _items(self, block: int) -> list[T]:
        if block == len(self._blocks):
            return self._open
        known, items = self._unpacked  # at once: two threads may read
        if known != block:
            items = pickle.loads(zlib.decompress(self._blocks[block]))  # noqa: S301 - packed above
            self._unpacked = block, items
        return items


class _View(Sequence[T]):
    """A part of a list."""

    def __init__(self, of: Sequence[T], places: range) -> None:
        self._of = of
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        places = self._places[index]
        return self._of[places] if isinstance(places, int) else _View(self._of, places)


Rows = list[T] | PackedList[T]


def renewed(rows: Rows[T], change: Callable[[T], T]) -> Rows[T]:
    """Return a list of the changed items, packed if the given one is."""
    return PackedList(map(change, rows)) if isinstance(rows, PackedList) else list(map(change, rows))


def long_list(expected: int, most: int = LONG) -> Rows[T]:
    """Return an empty list for about so many items: an ordinary one unless they are more than `most`."""
    return PackedList() if expected > most else []
