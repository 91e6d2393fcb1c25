"""Guess what a clerk meant: words as they sound to others, then words with one wrong letter. Digits are never guessed.

A guess is another query, made of words that the index contains; `Guess.meant` tells which. It comes after everything
that `index.find` finds, and a wrong letter is assumed only where that is little.
"""

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
from fuyuan_desk.store.search.vocabulary import Vocabulary

MOST_GUESSES = 10
FEW = 3
"""With so many better results, no wrong letter is assumed."""
_MOST_READINGS = 8
# each reading of several words reads those again that stay as they are
_MOST_READINGS_OF_SEVERAL = 3
_MOST_PER_WORD = 4
_CHARS = re.compile("[\u4e00-\u9fff]+")
_WRITTEN = re.compile("(?P<chars>[\u4e00-\u9fff]{2,12})(?P<number>[0-9]*)")


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
    for readings in _steps(session.connection(), text, len(known)):
        for reading in readings:
            wanted = most - len(guesses)
            hits = index.find_meanings(session, [reading.parts], kinds, most + len(known), scanned=0)
            new = [hit for hit in hits if hit not in known][:wanted]
            known.update(new)
            guesses += [Guess(*hit, reading.meant) for hit in new]
            if len(guesses) >= most:
                return guesses
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
    for readings in _steps(connection, text, 0):
        if meanings := [reading.parts for reading in readings]:
            yield meanings


def _steps(connection: Connection, text: str, found: int) -> Iterator[list[Reading]]:
    meanings = terms.parts_of_query(text)
    if not meanings or (found and not _is_distinct(meanings[0], found)):
        return
    words = Vocabulary(connection)
    yield _as_they_sound(words, meanings[0])
    yield _mistyped(words, meanings[0], found > 0)


def _is_distinct(parts: Sequence[Part], found: int) -> bool:
    """Return whether guesses may add to what is found: of a single word, and if much is found, of two syllables."""
    spelt = _spelt(parts[0])
    if len(parts) > 1:
        return False
    if spelt is None:
        return found < FEW and _WRITTEN.fullmatch(parts[0].beginnings[0]) is not None
    if found < FEW:
        return True
    divided = spelling.divisions(spelt[0])
    return bool(divided) and len(divided[0].whole) + bool(divided[0].rest) > 1


def _as_they_sound(words: Vocabulary, parts: Sequence[Part]) -> list[Reading]:
    choices = [[part, *_alike(words, part)] for part in parts]
    ways = sorted(product(*choices), key=lambda way: _changes(way, parts))
    return [_reading(way, parts) for way in ways[1 : _most_readings(parts) + 1]]


def _mistyped(words: Vocabulary, parts: Sequence[Part], understood: bool) -> list[Reading]:
    ways = [
        [*parts[:place], other, *parts[place + 1 :]]
        for place, part in enumerate(parts)
        if not (understood and _is_abbreviated(part))
        for other in _corrected(words, part)
    ]
    return [_reading(way, parts) for way in ways[: _most_readings(parts)]]


def _most_readings(parts: Sequence[Part]) -> int:
    return _MOST_READINGS if len(parts) == 1 else _MOST_READINGS_OF_SEVERAL


def _changes(way: Sequence[Part], parts: Sequence[Part]) -> int:
    return sum(one != other for one, other in zip(way, parts, strict=True))


def _reading(way: Sequence[Part], parts: Sequence[Part]) -> Reading:
    changed = [one.beginnings[0] for one, other in zip(way, parts, strict=True) if one != other]
    return Reading(list(way), " ".join(changed))


# ---- words ----


def _alike(words: Vocabulary, part: Part) -> list[Part]:
    spelt = _spelt(part)
    if spelt is None:
        return _written_otherwise(words, part)
    found = spelling.alike(*spelt, words)
    return [Part((letters + spelt[1],)) for letters in found[:_MOST_PER_WORD]]


def _written_otherwise(words: Vocabulary, part: Part) -> list[Part]:
    """Return characters as they are read, so that 王小红 may be 王晓红, and then as that sounds to others."""
    written = _WRITTEN.fullmatch(part.beginnings[0])
    if written is None:
        return []
    number = written["number"]
    read = ["".join(syllables) for syllables in pinyin.readings(written["chars"])]
    same = [Part((letters + number,)) for letters in read if words.begins_with(letters + number)]
    return [*same, *(other for letters in read[:1] for other in _alike(words, Part((letters + number,))))]


def _corrected(words: Vocabulary, part: Part) -> list[Part]:
    spelt = _spelt(part)
    found = spelling.corrected(*spelt, words) if spelt else []
    return [Part((letters + spelt[1],)) for letters in found[:_MOST_PER_WORD]] if spelt else []


def _is_abbreviated(part: Part) -> bool:
    """Return whether a part is no Pinyin: if it was found all the same, it is initials or another word."""
    spelt = _spelt(part)
    return spelt is not None and not spelling.divisions(spelt[0])


def _spelt(part: Part) -> tuple[str, str] | None:
    found = SPELT.fullmatch(part.beginnings[0])
    return (found["letters"], found["number"]) if found else None
