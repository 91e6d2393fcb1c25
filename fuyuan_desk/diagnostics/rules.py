"""Redaction of the support report: only the program's own texts and counts may leave the office.

Names are not searched for, since no search knows them all. Instead, a sentence is reduced to the program's template
without the values filled in, a log line is kept only if it has the format of one, and anything else becomes a digest.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

LEFT_OUT = "…"
_SLOT = re.compile(r"\{[^{}]*\}")
_COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d{1,7}")
_LEAST = 6  # characters a template must have besides its slots
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
_LINE = re.compile(
    rf"{_TIME} (INFO|ERROR)( [A-Za-z_?][A-Za-z0-9_.-]{{0,60}}| \d{{1,9}})+|  [a-z0-9_]+\.pyc?:\d+ [A-Za-z0-9_<>]+",
    re.ASCII,
)
_FRAME = re.compile(r'\s*File ".*?([a-z0-9_]+\.pyc?)", line (\d+) in ([A-Za-z0-9_<>]+)\s*', re.ASCII)
_THREAD = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+.*\(most recent call first\):", re.ASCII)
_CRASH = re.compile(
    r"(Fatal Python error|Windows fatal exception): [A-Za-z ]{0,40}(code 0x[0-9a-f]{1,8})?", re.ASCII
)


class Templates:
    """The program's message templates, to find the one a message was made from."""

    def __init__(self, texts: Iterable[str], words: Iterable[str] = ()) -> None:
        """Index the program's `texts` with `{slots}`; `words` are allowed in a slot: names of tables and files."""
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

    def redacted(self, sentence: str) -> str:
        """Return a message without the values filled in, except counts and allowed words."""
        if sentence in self._whole or not sentence:
            return sentence
        for longest, parts, _text in self._slotted:
            if longest in sentence:
                found = _pattern(tuple(parts)).fullmatch(sentence)
                if found is not None:
                    return "".join(self._filled(parts, found.groups()))
        return digest(sentence)

    def _filled(self, parts: list[str], values: tuple[str, ...]) -> Iterator[str]:
        for part, value in zip(parts, (*values, ""), strict=True):
            yield part
            if value:
                yield value if _COUNT.fullmatch(value) or value in self._words else LEFT_OUT


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, parts)), re.DOTALL)


def digest(text: str) -> str:
    """Return a digest of an unknown text, by which equal texts can be recognised but not read."""
    return f"{LEFT_OUT} #{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"


def log_line(line: str) -> str:
    """Return a log line unchanged if it has the program's format, else its digest."""
    return line if _LINE.fullmatch(line) else digest(line)


def crash_lines(lines: Iterable[str]) -> Iterator[str]:
    """Return the fault handler's output: the error, and the stack with file names instead of paths."""
    for line in lines:
        frame = _FRAME.fullmatch(line)
        if frame is not None:
            yield "  {}:{} {}".format(*frame.groups())
        elif _CRASH.fullmatch(line):
            yield line
        elif _THREAD.fullmatch(line):
            yield line.split(" 0x")[0]
