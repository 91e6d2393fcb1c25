"""Other ways to write the same, for when nothing contains what is typed as it stands; all mean exactly what they find.

What belongs apart may be typed together (`曾国梅201`, `阿不都拉买买提`), a number in characters or the reverse
(`瑞金2路`, `三号`), the 甲 of a house before its number or without its 号 (`甲5号`, `5甲`), and one house of several
that share an entry (`12号前楼` for 12-14号). Pure functions of the text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from fuyuan_desk.store.search import spelling
from fuyuan_desk.store.search.terms import (
    LEVELS,
    Part,
    Run,
    groups_of,
    parts_of_groups,
    parts_of_query,
    plain,
)

_NUMERALS = "零一二三四五六七八九十"
_VALUES = {**{char: value for value, char in enumerate(_NUMERALS)}, "〇": 0, "两": 2}
# numbers of roads, storeys, villages and phases are written in characters; those of lanes, houses and rooms in digits
_IN_DIGITS = re.compile("(?<![0-9])([1-9]|10)(?=[路层楼村期街])")
_IN_CHARACTERS = re.compile(f"([{''.join(_VALUES)}]+)(?=[号弄室幢栋楼层村期]|支弄|单元)")
_HOUSE = re.compile(
    "(?<![0-9])(?P<before>[甲乙丙丁])?(?P<number>[0-9]+)(?P<inside>[甲乙丙丁])?号?(?P<after>[甲乙丙丁])?"
)
_ONE_OF_HOUSES = re.compile("(?<![0-9-])([0-9]+)号(.*)")
_MOST_WAYS = 24
_LEAST_CHARS, _LEAST_SYLLABLES = 2, 2


def otherwise(text: str) -> list[list[Part]]:
    """Return the meanings of a query as it may be written elsewhere."""
    typed = plain(text)
    written = dict.fromkeys([*_with_numerals(typed), *_with_houses(typed)])
    found = [meaning for other in written if other != typed for meaning in parts_of_query(other)]
    return [*found, *_one_of_houses(typed)]


def apart(text: str) -> list[list[Part]]:
    """Return the meanings of a query of which two words are typed together."""
    groups = groups_of(text)
    ways = (
        [*groups[:place], left, right, *groups[place + 1 :]]
        for place, group in enumerate(groups)
        for left, right in _halves(group)
    )
    return [parts_of_groups(way) for way in islice(ways, _MOST_WAYS)]


# ---- numbers ----


def _with_numerals(text: str) -> Iterator[str]:
    in_digits = _IN_CHARACTERS.sub(lambda found: _value(found[1]), text)
    for one in (text, in_digits):
        yield _IN_DIGITS.sub(lambda found: _NUMERALS[int(found[1])], one)
    yield in_digits


def _value(numeral: str) -> str:
    """Return a number in characters in digits: 十二 and 一二 are 12, 二十 is 20; as it is when it is none."""
    if "十" not in numeral:
        return "".join(str(_VALUES[char]) for char in numeral)
    tens, _ten, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_VALUES.get(tens, 1) * 10 + _VALUES.get(ones, 0))


def _with_houses(text: str) -> Iterator[str]:
    """Write the 甲 of each house after its number, after its 号, and before both."""
    for pattern in ("{number}号{mark}", "{mark}{number}号", "{number}{mark}号"):
        yield _HOUSE.sub(lambda found, pattern=pattern: _written(found, pattern), text)  # type: ignore[misc]


def _written(found: re.Match[str], pattern: str) -> str:
    marks = [mark for mark in found.group("before", "inside", "after") if mark]
    return pattern.format(number=found["number"], mark=marks[0]) if len(marks) == 1 else found[0]


def _one_of_houses(text: str) -> Iterator[list[Part]]:
    """Mean a house that is entered together with others: the 12 of 12-14号 stands alone in the index."""
    found = _ONE_OF_HOUSES.search(text)
    if found:
        before, after = text[: found.start()], text[found.end(1) + 1 :]
        rest = [part for groups in (groups_of(before), groups_of(after)) for part in parts_of_groups(groups)]
        yield [*rest, Part(words=((found[1],),))]


# ---- words typed together ----


def _halves(group: Sequence[Run]) -> Iterator[tuple[list[Run], list[Run]]]:
    for place, run in enumerate(group):
        before, after = list(group[:place]), list(group[place + 1 :])
        if before and not (before[-1].is_number and run.text[0] in LEVELS):
            yield before, [run, *after]
        for end in _places(run, bool(before) and before[-1].is_number):
            first, last = Run(run.kind, run.text[:end]), Run(run.kind, run.text[end:])
            yield [*before, first], [last, *after]


def _places(run: Run, numbered: bool) -> Iterator[int]:
    """Return where a run may be two words: names of two characters at least, after 号 or 室, between syllables."""
    if run.kind == "chars":
        least = 1 if numbered and run.text[0] in LEVELS else _LEAST_CHARS
        yield from range(least, len(run.text) - (0 if least == 1 else 1))
    elif run.kind == "letters":
        for division in spelling.divisions(run.text)[:1]:
            ends = [len("".join(division.whole[:count])) for count in range(len(division.whole) + 1)]
            yield from ends[_LEAST_SYLLABLES : len(division.whole) - _LEAST_SYLLABLES + 1]
