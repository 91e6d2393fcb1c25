"""Pinyin as it is typed: divided into syllables, abbreviated in part, as it sounds to others, and with a wrong letter.

Pure functions of letters; which of their results an office contains, the index says. The data stands in
`resources/pinyin/sounds.json`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache
from itertools import islice, product
from typing import NamedTuple, Protocol

from fuyuan_desk.core import paths

LEAST_ALIKE = 3
"""Letters from which on a word is also read as it sounds to others."""
LEAST_MISTYPED = 5
"""Letters from which on a wrong one is corrected."""
_MOST_DIVISIONS = 4
_LONGEST_SYLLABLE = 6
# initials after a surname in full, and before a given name in full: 欧阳晓敏 ouyangxm, 江海峰 jhaifeng
_MOST_INITIALS = 3
_MOST_SURNAME = 2
# a given name of so many letters may still be unfinished: jhaif
_LEAST_UNFINISHED, _MOST_ENDINGS, _MOST_SPELT = 4, 20, 600
# a wrong letter in the last two counts only if the word is complete: whoever is still typing has not mistyped yet
_STILL_TYPED = 2
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DOUBLE_INITIALS = ("zh", "ch", "sh")


class Words(Protocol):
    """The words of the index."""

    def starting(self, letters: str) -> list[str]:
        """Return the words that begin with `letters`."""

    def begins_with(self, letters: str) -> bool:
        """Return whether any word begins with `letters`."""

    def containing(self, words: Collection[str]) -> set[str]:
        """Return those of some words that the index contains."""

    def beginning(self, letters: Collection[str]) -> set[str]:
        """Return those of some letters with which a word of the index begins."""

    def beginning_estates(self, letters: Collection[str]) -> set[str]:
        """Return those of some letters with which a word of an estate's name or address begins."""


class Division(NamedTuple):
    """Letters as whole syllables and the beginning of another one, which may be empty."""

    whole: tuple[str, ...]
    rest: str


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


def abbreviated(letters: str, number: str, words: Words) -> set[str]:
    """Return the words of the index that letters mean of which some are syllables and some initials.

    `number` follows the letters, in the words as well.
    """
    return {*_initials_last(letters, number, words), *_initials_first(letters, number, words)}


def _initials_last(letters: str, number: str, words: Words) -> Iterator[str]:
    for count in range(1 if number else 2, _MOST_INITIALS + 1):
        surname, initials = letters[:-count], letters[-count:]
        if not all(map(_starting_with, initials)) or not _is_whole(surname):
            continue
        given = "".join(_any_of(_starting_with(initial)) for initial in initials)
        pattern = re.compile(surname + given + number)
        yield from filter(pattern.match, words.starting(surname + initials[0]))


def _is_whole(letters: str) -> bool:
    return any(division.whole and not division.rest for division in divisions(letters))


def _initials_first(letters: str, number: str, words: Words) -> Iterator[str]:
    for initials, given in _without_initials(letters, _MOST_SURNAME):
        if not any(division.whole for division in divisions(given)):
            continue
        endings = [given + number]
        if len(given) >= _LEAST_UNFINISHED and not number:
            endings += words.starting(given)[:_MOST_ENDINGS]
        spelt = product(*map(_starting_with, initials), dict.fromkeys(endings))
        yield from words.containing(["".join(each) for each in islice(spelt, _MOST_SPELT)])


def _without_initials(letters: str, most: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return the initials that may begin letters, one at least, and what is left; zh may be one initial or two."""
    for length in (1, 2):
        initial, rest = letters[:length], letters[length:]
        if rest and (length == 1 or initial in _DOUBLE_INITIALS):
            yield (initial,), rest
            if most > 1:
                for more, after in _without_initials(rest, most - 1):
                    yield (initial, *more), after


def _any_of(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(texts, key=len, reverse=True))})"


# ---- as it sounds to others ----


def alike(letters: str, number: str, words: Words) -> list[str]:
    """Return what letters may stand for to the ear and the index contains, the nearest first; never themselves.

    `number` follows the letters, in the index as well.
    """
    if len(letters) < LEAST_ALIKE:
        return []
    changes: dict[str, int] = {}
    for division in divisions(letters):
        for spelt, count in _alike(division, number, words):
            changes[spelt] = min(count, changes.get(spelt, count))
    # what begins with the letters themselves is no guess
    others = [spelt for spelt in changes if not spelt.startswith(letters)]
    return sorted(others, key=lambda spelt: (changes[spelt], spelt))


def _alike(division: Division, number: str, words: Words) -> Iterator[tuple[str, int]]:
    choices = [_sounding_like(syllable) for syllable in division.whole]
    if division.rest:
        choices.append(_beginning_like(division.rest))
    if len(choices) == 1:  # too many words to read; whether there are any, the search itself tells
        yield from ((other, 1) for other in choices[0])
        return
    pattern = re.compile("".join(f"({_any_of(each)})" for each in choices) + number)
    starts = {first + second[0] for first in choices[0] for second in choices[1]}
    typed = tuple(each[0] for each in choices)
    for word in (word for start in sorted(starts) for word in words.starting(start)):
        if found := pattern.match(word):
            changed = sum(one != other for one, other in zip(found.groups(), typed, strict=True))
            yield "".join(found.groups()), changed


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


class _Slip(IntEnum):
    """How a letter went wrong, the likeliest first."""

    EXCHANGED = 0
    DOUBLED = 1
    MISSING = 2
    NEIGHBOUR = 3  # the key beside it
    OTHER = 4


def corrected(letters: str, number: str, words: Words) -> list[str]:
    """Return what letters become when one is added, replaced, exchanged with its neighbour, or no longer doubled.

    Only what the index contains with the `number` that follows, the likeliest first: as a whole word; as the beginning
    of an estate; and as the beginning of any Pinyin, unless a letter of another part of the keyboard was typed.
    """
    if len(letters) < LEAST_MISTYPED:
        return []
    slips: dict[str, _Slip] = {}
    spelt: set[str] = set()
    for place, slip, text in _corrections(letters):
        if text.startswith(letters):
            continue
        slips[text] = min(slip, slips.get(text, slip))
        if _pinyin(place < len(letters) - _STILL_TYPED).fullmatch(text):
            spelt.add(text)
    likely = [text + number for text in spelt if slips[text] < _Slip.OTHER]
    present = words.containing([text + number for text in slips]) | words.beginning(likely)
    present |= words.beginning_estates([text + number for text in spelt])
    found = (text for text in slips if text + number in present)
    return sorted(found, key=lambda text: (slips[text], text))


@cache
def _pinyin(unfinished: bool) -> re.Pattern[str]:
    whole = f"(?:{'|'.join(sorted(_syllables(), key=len, reverse=True))})+"
    return re.compile(f"{whole}(?:{'|'.join(sorted(_beginnings()))})?" if unfinished else whole)


def _corrections(letters: str) -> Iterator[tuple[int, _Slip, str]]:
    for place, (letter, after) in enumerate(zip(letters, letters[1:] + " ", strict=True)):
        head, tail = letters[:place], letters[place + 1 :]
        if letter == after:
            yield place, _Slip.DOUBLED, head + tail
        elif after != " ":
            yield place, _Slip.EXCHANGED, head + after + letter + tail[1:]
        for other in _LETTERS:
            slip = _Slip.NEIGHBOUR if _are_neighbours(letter, other) else _Slip.OTHER
            yield place, slip, head + other + tail
            yield place, _Slip.MISSING, head + other + letter + tail


@cache
def _are_neighbours(one: str, other: str) -> bool:
    (row, column), (other_row, other_column) = _place_of_key(one), _place_of_key(other)
    return one != other and abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def _place_of_key(letter: str) -> tuple[int, float]:
    row, keys = next((row, keys) for row, keys in enumerate(_KEYBOARD) if letter in keys)
    return row, keys.index(letter) + row / 2
