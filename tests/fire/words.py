"""Known words – invented people – and the search for them in bytes, in any spelling."""

import base64
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fire import memory
from tests.fire.hand import id_number

# a rare name, so that no list of characters or dictionary of the program contains one of these by chance
_SURNAME, _GIVEN = "逄", "祎璟翾赟晔昉旼珝珺琛瑀璠瑢嫄妤婳苒茜荻葳"
_PHONE = "1399"
_AT_ONCE = 4 << 20


@dataclass(frozen=True)
class Person:
    """An invented person."""

    name: str
    phone: str
    id_number: str


@dataclass(frozen=True)
class Known:
    """What is searched for: people, and secrets that open the office."""

    people: tuple[Person, ...]
    secrets: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """All of it."""
        names = [word for person in self.people for word in (person.name, person.phone, person.id_number)]
        return [*names, *self.secrets]


def invent(count: int, secrets: tuple[str, ...], rng: random.Random) -> Known:
    """Invent people who have `count` names, phones and ID numbers together."""
    names: set[str] = set()
    people = []
    while 3 * len(people) < count:
        name = _SURNAME + "".join(rng.sample(_GIVEN, 2))
        if name not in names:
            names.add(name)
            people.append(Person(name, f"{_PHONE}{rng.randrange(10**7):07}", id_number(rng)))
    return Known(tuple(people), secrets)


# --- spellings -----------------------------------------------------------------------------------------


def _in_base64(shift: int) -> Callable[[str], bytes]:
    """Encode a word as in base64 when `shift` bytes of a group of three come before it."""

    def spell(word: str) -> bytes:
        plain = word.encode()
        encoded = base64.b64encode(bytes(shift) + plain)
        first = (shift * 8 + 5) // 6
        last = (shift + len(plain)) * 8 // 6
        return encoded[first:last]

    return spell


SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda word: word.encode(),
    "utf-16": lambda word: word.encode("utf-16-le"),
    "utf-32": lambda word: word.encode("utf-32-le"),
    "gb18030": lambda word: word.encode("gb18030"),
    "hex": lambda word: word.encode().hex().encode(),
    "HEX": lambda word: word.encode().hex().upper().encode(),
    "\\u": lambda word: word.encode("unicode_escape"),
    "base64": _in_base64(0),
    "base64+1": _in_base64(1),
    "base64+2": _in_base64(2),
}


class Search:
    """Searches for words in all spellings at once; words with a common prefix cost no more than one."""

    def __init__(self, known: Known) -> None:
        people = known.people
        groups: list[list[str]] = [
            [person.name for person in people],
            [person.phone for person in people],
            [person.id_number for person in people],
            *([secret] for secret in known.secrets),
        ]
        self._patterns: list[re.Pattern[bytes]] = []
        self._spelled: dict[bytes, str] = {}
        for spelling, spell in SPELLINGS.items():
            for group in filter(None, groups):
                spelled = {spell(word): word for word in group}
                self._spelled.update({needle: f"{word} ({spelling})" for needle, word in spelled.items()})
                self._patterns.append(_pattern(spelled))
        self.longest = max(map(len, self._spelled))

    def hits(self, content: bytes) -> dict[str, int]:
        """Return which words occur in `content`, with their spelling, and how often."""
        found: dict[str, int] = {}
        for pattern in self._patterns:
            for match in pattern.finditer(content):
                word = self._spelled[match.group()]
                found[word] = found.get(word, 0) + 1
        return found


def _pattern(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    ordered = sorted(needles)
    # a prefix common to the first and the last in order is common to all between
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(ordered[0], ordered[-1], strict=False))
    begin = bytes(first for first, _last in same)
    rests = b"|".join(re.escape(needle[len(begin) :]) for needle in ordered)
    return re.compile(re.escape(begin) + b"(?:" + rests + b")")


# --- where to search -----------------------------------------------------------------------------------


@dataclass
class Searched:
    """What was searched: number of things, bytes, and what was found where."""

    things: int = 0
    size: int = 0
    hits: dict[str, int] | None = None

    def add(self, where: str, size: int, found: dict[str, int]) -> None:
        """Count one thing that was searched."""
        self.things += 1
        self.size += size
        self.hits = self.hits or {}
        for word, number in found.items():
            key = f"{word} in {where}"
            self.hits[key] = self.hits.get(key, 0) + number

    @property
    def count(self) -> int:
        """The number of hits."""
        return sum((self.hits or {}).values())


def pieces(content: Iterator[bytes], overlap: int) -> Iterator[bytes]:
    """Yield `content` in overlapping chunks, so that no word is missed at a boundary."""
    rest = b""
    for chunk in content:
        yield rest + chunk
        rest = chunk[-overlap:]


def search_file(path: Path, search: Search, searched: Searched) -> None:
    """Search one file."""
    found: dict[str, int] = {}
    with open(path, "rb") as file:
        for piece in pieces(iter(lambda: file.read(_AT_ONCE), b""), search.longest):
            for word, number in search.hits(piece).items():
                found[word] = found.get(word, 0) + number
    searched.add(path.name, path.stat().st_size, found)


def search_below(folder: Path, search: Search, searched: Searched) -> None:
    """Search all files below a folder, and their names."""
    for path in folder.rglob("*"):
        searched.add(f"the name {path.name}", 0, search.hits(str(path).encode("utf-8", "surrogateescape")))
        if path.is_file() and not path.is_symlink():
            search_file(path, search, searched)


def search_process(pid: int, search: Search, searched: Searched) -> None:
    """Search the command line and environment of a process."""
    for name in ("cmdline", "environ"):
        content = Path(f"/proc/{pid}/{name}").read_bytes()
        searched.add(f"{name} of a process", len(content), search.hits(content))


def search_memory(pid: int, search: Search, searched: Searched) -> None:
    """Search the whole memory of a process."""
    size, found = 0, dict[str, int]()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as source:
        for start, end in memory.areas(pid):
            for chunk in _area(source, start, end, search.longest):
                size += len(chunk)
                if chunk.strip(b"\0"):
                    for word, number in search.hits(chunk).items():
                        found[word] = found.get(word, 0) + number
    searched.add("memory", size, found)


def _area(source: object, start: int, end: int, overlap: int) -> Iterator[bytes]:
    def read() -> Iterator[bytes]:
        for address in range(start, end, _AT_ONCE):
            try:
                source.seek(address)  # type: ignore[attr-defined]
                yield source.read(min(_AT_ONCE, end - address))  # type: ignore[attr-defined]
            except (OSError, ValueError, OverflowError):  # an area that the kernel does not let be read
                return

    return pieces(read(), overlap)
