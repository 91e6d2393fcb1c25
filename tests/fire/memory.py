"""Search for known words in the whole memory of a running process, as in a core dump (Linux)."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

_AREA = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$")
_AT_ONCE = 1 << 20
# mappings of devices and the kernel, not memory of the process
_NOT_OURS = ("[vvar", "[vsyscall", "/dev/dri", "/dev/nvidia")


def can_read_memory(pid: int) -> bool:
    """Return whether this system permits reading the memory of `pid`."""
    try:
        with open(f"/proc/{pid}/mem", "rb"):
            return True
    except OSError:
        return False


def spelled(words: Iterable[str]) -> dict[bytes, str]:
    """Return every word as it may be in memory: UTF-8 as in files and SQLite, UTF-16 as in Qt, UTF-32 and, for
    letters of the first 256, Latin-1 bytes as in Python.
    """
    found: dict[bytes, str] = {}
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "utf-32-le"):
            found[word.encode(encoding)] = f"{word} ({encoding})"
    return found


def areas(pid: int) -> Iterator[tuple[int, int]]:
    """List what a core dump contains of a process: first address and end of all but read-only file mappings."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        matched = _AREA.match(line)
        if matched is None or not matched[3].startswith("r") or matched[4].startswith(_NOT_OURS):
            continue
        if matched[4].startswith("/") and matched[3][1] != "w":
            continue  # as on disk, where it is searched separately
        yield int(matched[1], 16), int(matched[2], 16)


def found_in(pid: int, words: Iterable[str]) -> dict[str, int]:
    """Return which words are in the memory of `pid`, each with its spelling, and at most how often."""
    needles = spelled(words)
    overlap = max(map(len, needles)) - 1
    hits: dict[str, int] = {}
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end in areas(pid):
            for chunk in _chunks(memory, start, end, overlap):
                for needle, word in needles.items():
                    count = chunk.count(needle)
                    if count:
                        hits[word] = hits.get(word, 0) + count
    return hits


def _chunks(memory: IO[bytes], start: int, end: int, overlap: int) -> Iterator[bytes]:
    for address in range(start, end, _AT_ONCE):
        try:
            memory.seek(address)
            chunk = memory.read(min(_AT_ONCE + overlap, end - address))
        except (
            OSError,
            ValueError,
            OverflowError,
        ):  # an area that was unmapped, or that the kernel does not let be read
            continue
        if chunk.strip(b"\0"):  # most of a large area was never written to
            yield chunk
