"""Further meanings of what a clerk types, for when nothing contains it as it stands.

Numbers of papers and records may be typed without the hyphens, slashes and blanks they are written with, or with
others; a name may be typed partly in full and partly by its initials. Both mean exactly what they find.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product

from fuyuan_desk.store.search import spelling
from fuyuan_desk.store.search.terms import LEVELS, TAIL, Part, Run, groups_of, parts_of_query

SPELT = re.compile("(?P<letters>[a-z]+)(?P<number>[0-9]*)")
"""A part of a query that is Pinyin or another word in letters, with the number that follows."""

_DIGITS = "0123456789"
_LONGEST_NUMBER = 24
# digits alone may be a room or a telephone number; from here on they are tried as a number without its hyphens
_LEAST_DIGITS, _LEAST_PIECE = 8, 3
_MOBILE = re.compile("1[3-9]")
_LEAST_IN_NUMBER = 2
# a serial number has so many digits: 0007
_SERIAL = 4
# more letters than in ZX or KONE are a word
_MOST_IN_CODE = 4
_MOST_WAYS = 16
_LEAST_ENDING = 6
_YEAR = re.compile("(?:19|20)[0-9]{2}$")


# ---- numbers of papers and records ----


def as_number(text: str) -> list[list[Part]]:
    """Return the meanings of a query as a number whose separators are left out, or are others."""
    return [[part] for part in _numbers(text)]


def _numbers(text: str) -> Iterator[Part]:
    groups = groups_of(text)
    runs = _joined(groups)
    joined = "".join(run.text for run in runs)
    if len(joined) > _LONGEST_NUMBER or not _may_be_number(runs, joined):
        return
    if len(groups) > 1:
        yield Part((joined,))
        if len(joined) >= _LEAST_ENDING:
            yield Part((TAIL + joined[::-1],))
    for pieces in _cuts(runs, joined):
        yield Part(words=(*((piece,) for piece in pieces[:-1]), _continued(pieces[-1], pieces[-2])))


def _joined(groups: Sequence[Sequence[Run]]) -> list[Run]:
    """Return the runs as if nothing separated them: 2026 0001 is one number."""
    found: list[Run] = []
    for run in (run for group in groups for run in group):
        if found and found[-1].kind == run.kind:
            found[-1] = Run(run.kind, found[-1].text + run.text)
        else:
            found.append(run)
    return found


def _may_be_number(runs: Sequence[Run], joined: str) -> bool:
    if joined.isdigit():
        return len(joined) >= _LEAST_DIGITS and not _MOBILE.match(joined)
    has_level = any(char in LEVELS for char in joined)
    has_word = any(run.kind == "letters" and len(run.text) > _MOST_IN_CODE for run in runs)
    return len(runs) > 1 and any(run.is_number for run in runs) and not has_level and not has_word


def _cuts(runs: Sequence[Run], joined: str) -> Iterator[tuple[str, ...]]:
    """Divide a number into the pieces between which hyphens may stand."""
    between, inside = _places(runs, _LEAST_PIECE if joined.isdigit() else _LEAST_IN_NUMBER)
    ways: list[tuple[int, ...]] = [(place,) for place in (*between, *inside)]
    ways += [(first, last) for first in between for last in (*between, *inside) if first < last]
    for way in ways:
        yield tuple(joined[start:end] for start, end in pairwise((0, *way, len(joined))))


def _places(runs: Sequence[Run], least: int) -> tuple[list[int], list[int]]:
    """Return the places between runs, and those within digits that leave `least` digits at both sides."""
    between, inside = [], []
    start = 0
    for run in runs:
        if start:
            between.append(start)
        if run.is_number:
            inside += [
                start + place for place in range(least, len(run.text)) if _fits(run.text, place, least)
            ]
        start += len(run.text)
    return between, inside


def _fits(digits: str, place: int, least: int) -> bool:
    # after a year, the number may have been typed as far as its first digit
    return len(digits) - place >= least or bool(_YEAR.match(digits[:place]))


def _continued(piece: str, before: str) -> tuple[str, ...]:
    """Return a last piece and what it may become while it is typed: whole words, lest it begins a telephone number."""
    if not piece.isdigit() or len(piece) >= _SERIAL or not (len(piece) > 1 or _YEAR.search(before)):
        return (piece,)
    more = range(_SERIAL - len(piece) + 1)
    return tuple(piece + "".join(added) for count in more for added in product(_DIGITS, repeat=count))


# ---- names partly by initials ----


def abbreviated(text: str, words: spelling.Words) -> list[list[Part]]:
    """Return the meanings of a query whose words are partly abbreviated, as far as the index contains such words."""
    found = []
    for parts in parts_of_query(text):
        choices = [[*_abbreviated(part, words), part] for part in parts]
        found += [list(way) for way in islice(product(*choices), _MOST_WAYS) if list(way) != parts]
    return found


def _abbreviated(part: Part, words: spelling.Words) -> list[Part]:
    spelt = SPELT.fullmatch(part.beginnings[0])
    if spelt is None or words.begins_with(spelt[0]):  # what occurs as it stands is not abbreviated
        return []
    found = spelling.abbreviated(spelt["letters"], spelt["number"], words)
    return [Part(words=(tuple(sorted(found)),))] if found else []
