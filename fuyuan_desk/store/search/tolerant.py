"""Guess what a clerk meant: words as they sound to others, then words with one wrong letter. Digits are never guessed.

A guess is another query, made of words that the index contains; `Guess.meant` tells which. It comes after everything
that `index.find` finds, and a wrong letter is assumed only where that is little.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.store.search import index, pinyin, spelling, terms
from fuyuan_desk.store.search.index import Hit
from fuyuan_desk.store.search.meanings import SPELT
from fuyuan_desk.store.search.terms import Part

MOST_GUESSES = 10
FEW = 5
"""With so many better results, no wrong letter is assumed."""
_MOST_READINGS = 12
_MOST_PER_WORD = 6

_PRESENT = (
    "SELECT value FROM json_each(?) WHERE EXISTS"
    " (SELECT 1 FROM search_index WHERE search_index MATCH '\"' || value || ? LIMIT 1)"
)
_CHARS = re.compile("[\u4e00-\u9fff]+")
_AS_BEGINNING, _AS_WORD = '" *', '"'


class Guess(NamedTuple):
    """A record that matches other words than those typed, and these words in plain Pinyin or letters."""

    kind: Kind
    record_id: int
    meant: str


class Reading(NamedTuple):
    """A query that may have been meant; `meant` are those of its words that are not as typed."""

    parts: list[Part]
    meant: str


def guess(
    session: Session, text: str, kinds: Collection[Kind], found: Collection[Hit], most: int = MOST_GUESSES
) -> list[Guess]:
    """Return at most `most` records that may have been meant, the likeliest first, without those in `found`.

    `found` is what `index.find` returned for the same text.
    """
    known = set(found)
    guesses: list[Guess] = []
    for readings in _steps(session.connection(), text, bool(found)):
        for reading in readings:
            hits = index.find_meanings(session, [reading.parts], kinds, most + len(known))
            new = [hit for hit in hits if hit not in known][: most - len(guesses)]
            known.update(new)
            guesses += [Guess(*hit, reading.meant) for hit in new]
        if len(known) >= FEW:
            break
    return guesses


def written(meant: str, shown: str) -> str:
    """Return the words of `Guess.meant` in the characters of a shown text that are read so; else as they are.

    `shown` is what the screen shows of the record, masked: a name that is hidden there is not written out.
    """
    return " ".join(_written(word, shown) for word in meant.split())


def _written(word: str, shown: str) -> str:
    spelt = SPELT.fullmatch(word)
    if spelt is None:
        return word
    for run in _CHARS.finditer(shown):
        for start in range(len(run[0])):
            if count := _count_read(run[0][start:], spelt["letters"]):
                return run[0][start : start + count] + spelt["number"]
    return word


def _count_read(chars: str, letters: str) -> int:
    """Return how many of some characters are read as `letters`, which the last one may exceed; 0 for none."""
    for syllables in pinyin.readings(chars):
        read = ""
        for count, syllable in enumerate(syllables, 1):
            read += syllable
            if read.startswith(letters):
                return count
    return 0


def meanings_guessed(connection: Connection, text: str) -> Iterator[list[list[Part]]]:
    """Return the alternative meanings that may have been meant, the likelier ones first."""
    for readings in _steps(connection, text, understood=False):
        if meanings := [reading.parts for reading in readings]:
            yield meanings


def _steps(connection: Connection, text: str, understood: bool) -> Iterator[list[Reading]]:
    meanings = terms.parts_of_query(text)
    if meanings:
        yield _as_they_sound(connection, meanings[0])
        yield _mistyped(connection, meanings[0], understood)


def _as_they_sound(connection: Connection, parts: Sequence[Part]) -> list[Reading]:
    choices = [[part, *_alike(connection, part)] for part in parts]
    ways = sorted(product(*choices), key=lambda way: _changes(way, parts))
    return [_reading(way, parts) for way in ways[1 : _MOST_READINGS + 1]]


def _mistyped(connection: Connection, parts: Sequence[Part], understood: bool) -> list[Reading]:
    ways = [
        [*parts[:place], other, *parts[place + 1 :]]
        for place, part in enumerate(parts)
        if not (understood and _is_abbreviated(part))
        for other in _corrected(connection, part)
    ]
    return [_reading(way, parts) for way in ways[:_MOST_READINGS]]


def _changes(way: Sequence[Part], parts: Sequence[Part]) -> int:
    return sum(one != other for one, other in zip(way, parts, strict=True))


def _reading(way: Sequence[Part], parts: Sequence[Part]) -> Reading:
    changed = [one.beginnings[0] for one, other in zip(way, parts, strict=True) if one != other]
    return Reading(list(way), " ".join(changed))


# ---- words ----


def _alike(connection: Connection, part: Part) -> list[Part]:
    spelt = _spelt(part)
    if spelt is None:
        return []
    letters, number = spelt

    def present(beginnings: Collection[str]) -> set[str]:
        return _present(connection, beginnings, _AS_BEGINNING)

    found = spelling.alike(letters, present)[:_MOST_PER_WORD]
    return [Part((other + number,)) for other in found]


def _corrected(connection: Connection, part: Part) -> list[Part]:
    spelt = _spelt(part)
    if spelt is None:
        return []
    letters, number = spelt
    others = spelling.corrected(letters)
    found = _present(connection, [other + number for other in others.spelt], _AS_BEGINNING)
    found |= _present(connection, [other + number for other in others.word], _AS_WORD)
    return [Part((other,)) for other in sorted(found)[:_MOST_PER_WORD]]


def _is_abbreviated(part: Part) -> bool:
    """Return whether a part is no Pinyin: if it was found all the same, it is initials or another word."""
    spelt = _spelt(part)
    return spelt is not None and not spelling.divisions(spelt[0])


def _spelt(part: Part) -> tuple[str, str] | None:
    found = SPELT.fullmatch(part.beginnings[0])
    return (found["letters"], found["number"]) if found else None


def _present(connection: Connection, words: Collection[str], how: str) -> set[str]:
    """Return those of some words, or beginnings of words, that the index contains."""
    if not words:
        return set()
    found = connection.exec_driver_sql(_PRESENT, (json.dumps(sorted(words)), how))
    return set(found.scalars())
