"""What may leave the office in a report for the helper: the program's own words and counts, and nothing else.

Nothing is searched for names here, for no search knows them all. A sentence is told as the program wrote it, with
what was filled in left out; a line of the log only when it has the shape of one; whatever else comes is a digest.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

LEFT_OUT = "…"
_SLOT = re.compile(r"\{[^{}]*\}")
_COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d{1,7}")
_LEAST = 6  # signs that a sentence must have besides what is filled in
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
_LINE = re.compile(
    rf"{_TIME} (INFO|ERROR)( [A-Za-z_?][A-Za-z0-9_.-]{{0,60}}| \d{{1,9}})+|  [a-z0-9_]+\.pyc?:\d+ [A-Za-z0-9_<>]+",
    re.ASCII,
)
_PLACE = re.compile(r'\s*File ".*?([a-z0-9_]+\.pyc?)", line (\d+) in ([A-Za-z0-9_<>]+)\s*', re.ASCII)
_THREAD = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+.*\(most recent call first\):", re.ASCII)
_FALL = re.compile(
    r"(Fatal Python error|Windows fatal exception): [A-Za-z ]{0,40}(code 0x[0-9a-f]{1,8})?", re.ASCII
)


class Templates:
    """The program's sentences, to find the one that another was made from."""

    def __init__(self, texts: Iterable[str], words: Iterable[str] = ()) -> None:
        """Take the program's `texts` with `{slots}`, and words that may stand in a slot: names of tables, of files."""
        self._whole = set()
        self._slotted: list[tuple[str, list[str], str]] = []
        self._words = frozenset(words)
        for text in set(texts):
            parts = _SLOT.split(text)
            if len(parts) == 1:
                self._whole.add(text)
            elif len("".join(parts).strip()) >= _LEAST:
                self._slotted.append((max(parts, key=len), parts, text))
        self._slotted.sort(key=lambda entry: (-sum(map(len, entry[1])), entry[2]))

    def told(self, sentence: str) -> str:
        """Give a sentence without what was filled in; counts and known words stay."""
        if sentence in self._whole or not sentence:
            return sentence
        for longest, parts, _text in self._slotted:
            if longest in sentence:
                found = _pattern(tuple(parts)).fullmatch(sentence)
                if found is not None:
                    return "".join(self._filled(parts, found.groups()))
        return unknown(sentence)

    def _filled(self, parts: list[str], values: tuple[str, ...]) -> Iterator[str]:
        for part, value in zip(parts, (*values, ""), strict=True):
            yield part
            if value:
                yield value if _COUNT.fullmatch(value) or value in self._words else LEFT_OUT


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, parts)), re.DOTALL)


def unknown(text: str) -> str:
    """Give a digest for what has no known shape: equal ones can be told from others, and nothing be read."""
    return f"{LEFT_OUT} #{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"


def log_line(line: str) -> str:
    """Give a line of the log as it is, when the program wrote it."""
    return line if _LINE.fullmatch(line) else unknown(line)


def crash_lines(lines: Iterable[str]) -> Iterator[str]:
    """Give what the fault handler wrote: what fell, and the way there by the last part of each path."""
    for line in lines:
        place = _PLACE.fullmatch(line)
        if place is not None:
            yield "  {}:{} {}".format(*place.groups())
        elif _FALL.fullmatch(line):
            yield line
        elif _THREAD.fullmatch(line):
            yield line.split(" 0x")[0]
