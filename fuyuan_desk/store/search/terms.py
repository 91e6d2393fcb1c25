"""The search terms of a record, and the meaning of what a clerk types.

A text is split into runs of Chinese characters, of letters and of digits. From each Chinese character onwards the
rest of its run is stored in three spellings (characters, full Pinyin, initials), together with the number that
follows: for 南昌路168弄 that is 南昌路168 nanchanglu168 ncl168, 昌路168 changlu168 cl168, … and, from the number
onwards, 168弄 168nong 168n. Whatever is typed is then a prefix of one of these terms, which an index finds directly.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise, product
from typing import NamedTuple

from fuyuan_desk.core.simplified import simplified, simplified_characters
from fuyuan_desk.core.visible import visible
from fuyuan_desk.store.search import pinyin

# No text contains this character, so number endings (stored reversed) never match anything else.
TAIL = "\u2020"

# Characters without a category in Python's tables (the newest extensions) and those in the private use area of older
# systems occur in names too; planes 15 and 16 are reserved for this index.
_HAN = r"(?:[^\W0-9a-z_]|[\U00020000-\U0003ffff\ue000-\uf8ff])+"
_RUNS = re.compile(rf"(?P<number>[0-9]+)|(?P<letters>[a-z]+)|(?P<chars>{_HAN})")
_SHORT_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_ACCENTED = re.compile("[\u00c0-\u024f]")

# Characters that only name the level of a number; nobody searches by them.
LEVELS = "弄号室幢栋座楼层单元"
_LEVELS_SPELT = ("nong", "long", "hao")
# between 1号 and 101室, which have no term in common: the level of a number is not joined with the number after it
_AFTER_LEVEL = re.compile(rf"(?<=[0-9][{LEVELS}])(?=[0-9])")
_LEVEL_AT_END = re.compile(rf".*[0-9][{LEVELS}]", re.DOTALL)

_MOST_CHARS, _MOST_LETTERS = 12, 36
_MOST_PARTS = 8
_MOST_TRADITIONAL = 8
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
_COUNTRY_CODE = re.compile("(?:00)?86(1[0-9]{10})")
# 021-63841234-801, as numbers are kept; however it was typed
_BEFORE_EXTENSION = re.compile("[转,;x#]|(?<=[0-9]{7})-(?=[0-9]{1,6}$)")
_SHORTEST_PHONE = 7
_FEWEST_DIGITS_OF_PAPER = 5  # more than the number of a lane, which may follow letters: ncl168


class Run(NamedTuple):
    """Adjacent characters of one kind: number, letters or chars."""

    kind: str
    text: str

    @property
    def is_number(self) -> bool:
        return self.kind == "number"

    @property
    def is_level(self) -> bool:
        return not self.text.strip(LEVELS) or self.text in _LEVELS_SPELT


class Part(NamedTuple):
    """A part of a query: prefixes of which one must match a term.

    words: sets of words, of each of which the same record must contain one as a whole.
    """

    beginnings: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


def plain(text: str) -> str:
    """Normalize a text for the index: half-width, lower case, ü as v, no accents, nothing invisible."""
    text = visible(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    if _ACCENTED.search(text):
        text = _ACCENTED.sub(_without_accent, text)
    return text


def _without_accent(letter: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFD", letter[0])
    return "v" if decomposed.startswith("u\u0308") else decomposed[0]


def groups_of(text: str) -> list[list[Run]]:
    """Split a text into runs; the runs of a group are adjacent."""
    groups: list[list[Run]] = []
    end = -1
    for found in _RUNS.finditer(plain(text)):
        run = Run(found.lastgroup or "", found[0])
        if found.start() == end:
            groups[-1].append(run)
        else:
            groups.append([run])
        end = found.end()
    return groups


# ---- terms of a record ----


def terms_of_text(text: str) -> str:
    """Return the terms by which a name or an address is found, separated by spaces."""
    return _words_of_name(text) if _SHORT_NAME.fullmatch(text) else _words_of_address(text)


def terms_within(outer: str, inner: Sequence[str]) -> list[str]:
    """Return what `terms_of_text` returns for each of `inner` after `outer`, such as the rooms of a building.

    Each text of an import is a new one, but the same rooms are in every building.
    """
    if not _LEVEL_AT_END.fullmatch(outer):
        return [terms_of_text(outer + text) for text in inner]
    words = _words_of_address(outer)
    # 1号 and 101室 have no term in common: see `_AFTER_LEVEL`
    return [
        f"{words} {_words_of_address(text)}" if "0" <= text[:1] <= "9" else terms_of_text(outer + text)
        for text in inner
    ]


def _words_of_name(text: str) -> str:
    # the words that `_add_chars` adds, written out, because every household of a roster has such a name
    spelt = _SPELT[len(text)]
    found = pinyin.readings(text)
    if len(found) == 1:
        return f"{_ENDS[len(text)](text)} {spelt(*found[0])}"
    return " ".join([_ENDS[len(text)](text), *[spelt(*syllables) for syllables in found]])


def _two_spelt(first: str, last: str) -> str:
    return f"{last} {first}{last} {first[0]}{last[0]}"


def _three_spelt(first: str, middle: str, last: str) -> str:
    return f"{_two_spelt(middle, last)} {first}{middle}{last} {first[0]}{middle[0]}{last[0]}"


def _four_spelt(first: str, second: str, third: str, last: str) -> str:
    initials = f"{first[0]}{second[0]}{third[0]}{last[0]}"
    return f"{_three_spelt(second, third, last)} {first}{second}{third}{last} {initials}"


_SPELT: dict[int, Callable[..., str]] = {2: _two_spelt, 3: _three_spelt, 4: _four_spelt}
_ENDS: dict[int, Callable[[str], str]] = {
    2: lambda text: f"{text} {text[1]}",
    3: lambda text: f"{text} {text[1:]} {text[2]}",
    4: lambda text: f"{text} {text[1:]} {text[2:]} {text[3]}",
}


@lru_cache(maxsize=32_768)  # parts of addresses repeat: 4号, 2楼甲亭子间
def _words_of_address(text: str) -> str:
    pieces = _AFTER_LEVEL.split(text)
    if len(pieces) > 1:
        return " ".join(map(_words_of_address, pieces))
    words: list[str] = []
    for group in groups_of(text):
        before: Run | None = None
        for run, after in zip(group, [*group[1:], None], strict=True):
            words += _words_of_run(run, after, bool(before and before.is_number))
            before = run
    return " ".join(words)


@lru_cache(maxsize=8_192)  # even where each address occurs once, its parts repeat
def _words_of_run(run: Run, after: Run | None, numbered: bool) -> list[str]:
    words: list[str] = []
    number = after.text if after and after.is_number else ""
    if run.kind == "chars":
        _add_chars(words, run.text, number, numbered)
    elif run.is_number and after and after.kind == "chars":
        _add_number(words, run.text, after.text)
    else:
        words.append(run.text + (after.text if after and run.is_number else number))
    return words


def _add_chars(words: list[str], chars: str, number: str, numbered: bool) -> None:
    first = len(chars) - len(chars.lstrip(LEVELS)) if numbered else 0
    last = len(chars) - 1
    whole = chars + number
    words += [whole[start : start + _MOST_CHARS] for start in range(first, last + 1)]
    for syllables in pinyin.readings(chars):
        full = initials = number
        for index in range(last, first - 1, -1):
            syllable = syllables[index]
            full = syllable + full
            initials = syllable[0] + initials
            words.append(full[:_MOST_LETTERS])
            if index < last or number:  # the last character's initial is a prefix of its syllable
                words.append(initials[:_MOST_LETTERS])


def _add_number(words: list[str], number: str, chars: str) -> None:
    words.append((number + chars)[:_MOST_CHARS])
    for syllables in pinyin.readings(chars):
        words.append((number + "".join(syllables))[:_MOST_LETTERS])
        if len(chars) > 1:
            words.append((number + "".join([syllable[0] for syllable in syllables]))[:_MOST_LETTERS])


def terms_of_phone(phone: str) -> str:
    """Return the terms by which a phone number is found: from its start, after its area code, and from its end."""
    if phone[:1] == "1" and phone.isdecimal() and phone.isascii():  # nearly every one of a roster
        return f"{phone} {TAIL}{phone[::-1]}"
    digits = _digits_of_phone(phone)
    if not digits:
        return ""
    found = f"{digits} {TAIL}{digits[::-1]}"
    if (area := _AREA_CODE.match(digits)) and len(digits) > len(area[0]):
        found += " " + digits[area.end() :]
    return found


def _digits_of_phone(phone: str) -> str:
    if phone.isascii() and phone.isdecimal():
        return phone
    number = _BEFORE_EXTENSION.split(plain(phone), maxsplit=1)[0]
    digits = "".join(re.findall("[0-9]", number))
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits


def terms_of_id_number(number: str) -> str:
    """Return the term by which the number of an ID paper is found: from its end, as clerks ask for it."""
    if number.isalnum() and number.isascii():
        return TAIL + number[::-1].lower()
    chars = "".join(re.findall("[0-9a-z]", plain(number)))
    return TAIL + chars[::-1] if chars else ""


# ---- queries ----


def parts_of_query(text: str) -> list[list[Part]]:
    """Return the alternative meanings of a query, of which one must match; all parts of a meaning must match.

    Empty when the query contains nothing searchable.
    """
    groups = groups_of(text)
    parts = parts_of_groups(groups)
    if not parts:
        return []
    digits = "".join([run.text for group in groups for run in group])
    if len(groups) > 1 and digits.isdigit() and len(digits) >= _SHORTEST_PHONE:
        return [parts, [_ends(digits)]]  # 138 1234 5678 may be one number
    if len(groups) == 1 and (paper := _number_of_paper(groups[0])):
        return [parts, [Part((TAIL + paper[::-1],))]]
    return [parts]


def _number_of_paper(group: list[Run]) -> str:
    """Return the text of a group that may be the number of a passport, a permit or a licence, '' if it is none."""
    text = "".join([run.text for run in group])
    if (
        not text.isascii() or len(group) == 1 or text[:-1].isdigit()
    ):  # 17 digits and an x are one part already
        return ""
    return text if sum(map(str.isdigit, text)) >= _FEWEST_DIGITS_OF_PAPER else ""


def parts_of_groups(groups: Iterable[list[Run]]) -> list[Part]:
    """Return the parts that runs mean, of which all must match."""
    return [in_both_scripts(part) for group in groups for part in _parts(group)][:_MOST_PARTS]


def split_estate_and_room(text: str) -> tuple[list[Part], list[Part]]:
    """Split a query whose number is a room within the estate named before it: 富南大厦 401.

    Returns the parts that name the estate, then the rest; both empty when there is no such number. The number of a
    lane never is one.
    """
    names: list[Part] = []
    rest: list[Part] = []
    for group in groups_of(text):
        cuts = [index for index in range(1, len(group)) if _starts_room(group, index)]
        first = cuts[0] if cuts else 0
        names += _parts(group[:first]) if first else []
        for start, end in pairwise([first, *cuts[1:], len(group)]):
            rest += _parts(group[start:end])
    if not names:
        return [], []
    return [in_both_scripts(part) for part in names], [in_both_scripts(part) for part in rest[:_MOST_PARTS]]


def in_both_scripts(part: Part) -> Part:
    """Add to a part its spelling in simplified characters, and those in traditional ones; records may hold either."""
    if all(beginning.isascii() for beginning in part.beginnings):
        return part
    plain_ones = [simplified(beginning) for beginning in part.beginnings]
    others = [other for one in plain_ones for other in _in_traditional(one)]
    return part._replace(beginnings=tuple(dict.fromkeys((*part.beginnings, *plain_ones, *others))))


def _in_traditional(text: str) -> Iterator[str]:
    """Yield the ways to write a text wholly in traditional characters, the most likely first."""
    known = _traditional()
    ways = product(*(known.get(char, (char,)) for char in text))
    yield from map("".join, islice(ways, _MOST_TRADITIONAL))


@cache
def _traditional() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one, simple in simplified_characters().items():
        found[simple] = (*found.get(simple, ()), chr(one))
    # where there are several, the simplified one is an old form of its own in most: 台 and 臺
    return {simple: (*ones, simple) if len(ones) > 1 else ones for simple, ones in found.items()}


def _starts_room(group: list[Run], index: int) -> bool:
    after = group[index + 1].text if index + 1 < len(group) else ""
    is_lane = after.lstrip("支")[:1] == "弄"
    return group[index].is_number and not is_lane and not group[index - 1].is_level


def _parts(group: list[Run]) -> Iterator[Part]:
    if len(group) == 1 and group[0].is_number:
        yield _ends(group[0].text)
        return
    index, consumed = 0, False  # consumed: the number at `index` was already joined to the run before it
    while index < len(group):
        run = group[index]
        after = group[index + 1] if index + 1 < len(group) else None
        if run.is_number and after:
            yield _numbered(run.text, after)
            index += 1
            consumed = False
        elif run.is_number:
            if not consumed:
                yield Part((run.text,))
        elif after and after.is_number:
            consumed = not (index == 0 and run.is_level)
            if consumed:
                yield Part((run.text + after.text,))
        else:
            yield from _parts_of_run(run)
        index += 1


def _ends(digits: str) -> Part:
    if _COUNTRY_CODE.fullmatch(digits):
        digits = digits[-11:]
    return Part((digits, TAIL + digits[::-1]))


def _numbered(number: str, after: Run) -> Part:
    if after.text == "x":  # the check digit of an ID number
        return Part((number + "x", TAIL + "x" + number[::-1]))
    most = _MOST_CHARS if after.kind == "chars" else _MOST_LETTERS
    return Part(((number + after.text)[:most],))


def _parts_of_run(run: Run) -> Iterator[Part]:
    if run.kind == "letters":
        yield Part((run.text[:_MOST_LETTERS],))
        return
    for start in range(0, len(run.text), _MOST_CHARS):
        chunk = run.text[start : start + _MOST_CHARS]
        bare = chunk.lstrip(LEVELS)
        yield Part((chunk, bare) if start == 0 and bare and bare != chunk else (chunk,))
