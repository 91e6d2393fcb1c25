"""Pinyin as it is typed: divided into syllables, abbreviated in part, as it sounds to others, and with a wrong letter.

Pure functions of letters; which of their results an office contains, the index says. The data stands in
`resources/pinyin/sounds.json`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from fuyuan_desk.core import paths

LEAST_ALIKE = 3
"""Letters from which on a word is also read as it sounds to others."""
LEAST_MISTYPED = 5
"""Letters from which on a wrong one is corrected."""
_MOST_DIVISIONS = 4
_MOST_ALIKE = 64
_LONGEST_SYLLABLE = 6
# initials after a surname in full, and before a given name in full: 欧阳晓敏 ouyangxm, 江海峰 jhaifeng
_MOST_INITIALS = 3
_MOST_SURNAME = 2
# a wrong letter in the last two counts only if the word is complete: whoever is still typing has not mistyped yet
_STILL_TYPED = 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DOUBLE_INITIALS = ("zh", "ch", "sh")

Exists = Callable[[Collection[str]], set[str]]
"""Returns those of some beginnings that occur in the index."""


class Division(NamedTuple):
    """Letters as whole syllables and the beginning of another one, which may be empty."""

    whole: tuple[str, ...]
    rest: str


class Abbreviated(NamedTuple):
    """A word: a record contains one of `beginnings`, and `initials`, which are those of all its syllables, as well.

    Either alone would match more: zhang + xi + n is the beginning of 张欣, too.
    """

    beginnings: tuple[str, ...]
    initials: str


# ---- syllables ----


def divisions(letters: str) -> list[Division]:
    """Return the ways to divide letters into syllables, the one with the longest first."""
    found: list[Division] = []
    _divide(letters, (), found)
    return found


def _divide(letters: str, before: tuple[str, ...], found: list[Division]) -> None:
    if len(found) >= _MOST_DIVISIONS:
        return
    if not letters:
        found.append(Division(before, ""))
        return
    if letters in _beginnings() and letters not in _syllables():
        found.append(Division(before, letters))
    for length in range(min(_LONGEST_SYLLABLE, len(letters)), 0, -1):
        if letters[:length] in _syllables():
            _divide(letters[length:], (*before, letters[:length]), found)


@cache
def _syllables() -> frozenset[str]:
    return frozenset(" ".join(_sounds()["syllables"]).split())


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(syllable[:end] for syllable in _syllables() for end in range(1, len(syllable)))


@cache
def _starting_with(initial: str) -> tuple[str, ...]:
    return tuple(sorted(syllable for syllable in _syllables() if syllable.startswith(initial)))


def _sounds() -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = paths.read_json("pinyin", "sounds.json")
    return table


# ---- partly abbreviated: jianghf, jhaifeng, ouyangxm, nanchangl168 ----


def abbreviated(letters: str, number: str = "") -> list[Abbreviated]:
    """Return the meanings of letters of which some are syllables and some initials, with the number that follows."""
    return [*_initials_last(letters, number), *_initials_first(letters, number)]


def _initials_last(letters: str, number: str) -> Iterator[Abbreviated]:
    for count in range(1 if number else 2, _MOST_INITIALS + 1):
        surname, initials = letters[:-count], letters[-count:]
        for division in divisions(surname):
            if not division.whole or division.rest:
                continue
            after = number if count == 1 else initials[1]
            first = "".join(syllable[0] for syllable in division.whole)
            yield Abbreviated(
                tuple(surname + middle + after for middle in _starting_with(initials[0])),
                first + initials + number,
            )


def _initials_first(letters: str, number: str) -> Iterator[Abbreviated]:
    for initials, given in _without_initials(letters, _MOST_SURNAME):
        for division in divisions(given):
            if division.whole and not (division.rest and number):
                syllables = (*division.whole, division.rest) if division.rest else division.whole
                spelt = "".join(part[0] for part in (*initials, *syllables))
                yield Abbreviated(
                    tuple(before + given + number for before in _starting_with(initials[-1])),
                    spelt + number,
                )


def _without_initials(letters: str, most: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return the initials that may begin letters, one at least, and what is left; zh may be one initial or two."""
    for length in (1, 2):
        initial, rest = letters[:length], letters[length:]
        if rest and (length == 1 or initial in _DOUBLE_INITIALS):
            yield (initial,), rest
            if most > 1:
                for more, after in _without_initials(rest, most - 1):
                    yield (initial, *more), after


# ---- as it sounds to others ----


def alike(letters: str, exists: Exists) -> list[str]:
    """Return what letters may stand for to the ear and the index contains, the nearest first; never themselves."""
    if len(letters) < LEAST_ALIKE:
        return []
    changes: dict[str, int] = {}
    for division in divisions(letters):
        for spelt, count in _alike(division, exists).items():
            changes[spelt] = min(count, changes.get(spelt, count))
    changes.pop(letters, None)
    # what begins with the letters themselves is no guess
    others = [spelt for spelt in changes if not spelt.startswith(letters)]
    present = exists(others)
    return sorted((spelt for spelt in others if spelt in present), key=lambda spelt: (changes[spelt], spelt))


def _alike(division: Division, exists: Exists) -> dict[str, int]:
    found = {"": 0}
    parts = [_sounding_like(syllable) for syllable in division.whole]
    if division.rest:
        parts.append(_beginning_like(division.rest))
    for number, choices in enumerate(parts):
        found = {
            before + after: changes + (place > 0)
            for before, changes in found.items()
            for place, after in enumerate(choices)
        }
        if number and len(found) > len(choices):
            present = exists(list(found))
            found = {spelt: changes for spelt, changes in found.items() if spelt in present}
        if len(found) > _MOST_ALIKE:
            nearest = sorted(found.items(), key=lambda each: each[1])
            found = dict(nearest[:_MOST_ALIKE])
    return found


@cache
def _sounding_like(syllable: str) -> tuple[str, ...]:
    """Return a syllable, then the others that it is mixed up with."""
    pairs = _sounds()
    begin = [syllable, *_swapped(syllable, pairs["beginnings"], str.startswith, _with_beginning)]
    both = [
        each for one in begin for each in (one, *_swapped(one, pairs["endings"], str.endswith, _with_ending))
    ]
    same = [
        *_swapped(syllable, pairs["whole"], str.__eq__, _instead),
        *_swapped(syllable, pairs["readings"], str.__eq__, _instead),
    ]
    return tuple(dict.fromkeys(each for each in (*both, *same) if each in _syllables()))


@cache
def _beginning_like(rest: str) -> tuple[str, ...]:
    others = _swapped(rest, _sounds()["beginnings"], str.startswith, _with_beginning)
    return tuple(dict.fromkeys((rest, *(other for other in others if other in _beginnings()))))


def _swapped(
    text: str, pairs: Iterable[str], fits: Callable[[str, str], bool], swap: Callable[[str, str, str], str]
) -> list[str]:
    found = []
    for pair in pairs:
        one, other = pair.split()
        # the first of a pair is the longer one: what begins with sh begins with s, too
        if fits(text, one):
            found.append(swap(text, one, other))
        elif fits(text, other):
            found.append(swap(text, other, one))
    return found


def _with_beginning(text: str, one: str, other: str) -> str:
    return other + text[len(one) :]


def _with_ending(text: str, one: str, other: str) -> str:
    return text[: -len(one)] + other


def _instead(_text: str, _one: str, other: str) -> str:
    return other


# ---- with a wrong letter ----


class Corrected(NamedTuple):
    """Letters with one of them corrected: `spelt` as the beginning of Pinyin, or `word` as a whole word."""

    spelt: tuple[str, ...]
    word: tuple[str, ...]


def corrected(letters: str) -> Corrected:
    """Return what letters become when one is added, replaced, exchanged with its neighbour, or no longer doubled."""
    if len(letters) < LEAST_MISTYPED:
        return Corrected((), ())
    spelt: set[str] = set()
    word: set[str] = set()
    for place, text in _corrections(letters):
        if text == letters or text.startswith(letters):
            continue
        unfinished = place < len(letters) - _STILL_TYPED
        (spelt if _pinyin(unfinished).fullmatch(text) else word).add(text)
    return Corrected(tuple(sorted(spelt)), tuple(sorted(word)))


@cache
def _pinyin(unfinished: bool) -> re.Pattern[str]:
    whole = f"(?:{'|'.join(sorted(_syllables(), key=len, reverse=True))})+"
    return re.compile(f"{whole}(?:{'|'.join(sorted(_beginnings()))})?" if unfinished else whole)


def _corrections(letters: str) -> Iterator[tuple[int, str]]:
    for place, (letter, after) in enumerate(zip(letters, letters[1:] + " ", strict=True)):
        head, tail = letters[:place], letters[place + 1 :]
        if letter == after:
            yield place, head + tail
        elif after != " ":
            yield place, head + after + letter + tail[1:]
        for other in _LETTERS:
            yield place, head + other + tail
            yield place, head + other + letter + tail
