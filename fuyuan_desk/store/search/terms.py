"""What of a record can be typed to find it, and what a clerk's typing means.

A text is cut into runs of Chinese signs, of letters and of digits. From each Chinese sign onwards the rest of its
run is kept in three spellings (signs, full Pinyin, initials), together with the number that follows: of 南昌路168弄
that is 南昌路168 nanchanglu168 ncl168, 昌路168 changlu168 cl168, … and, from the number onwards, 168弄 168nong 168n.
Whatever is typed is then the beginning of one of these words, which an index finds at once.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from fuyuan_desk.store.search import pinyin

# No text holds this sign, so ends of numbers (kept backwards) are never taken for anything else.
TAIL = "\u2020"

# Signs with no category yet in Python's tables (the newest extensions) and those of older systems' private area
# are signs of names all the same; the planes 15 and 16 are this index's own.
_HAN = r"(?:[^\W0-9a-z_]|[\U00020000-\U0003ffff\ue000-\uf8ff])+"
_RUNS = re.compile(rf"(?P<number>[0-9]+)|(?P<letters>[a-z]+)|(?P<signs>{_HAN})")
_SHORT_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_ACCENTED = re.compile("[\u00c0-\u024f]")

# Signs that only say of what level a number is; nobody looks for something by them.
_LEVELS = "弄号室幢栋座楼层单元"
_LEVELS_SPELT = ("nong", "long", "hao")

_MOST_SIGNS, _MOST_LETTERS = 12, 36
_MOST_PARTS = 8
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
_SHORTEST_PHONE = 7


class _Run(NamedTuple):
    kind: str
    text: str

    @property
    def is_number(self) -> bool:
        return self.kind == "number"

    @property
    def is_level(self) -> bool:
        return not self.text.strip(_LEVELS) or self.text in _LEVELS_SPELT


class Part(NamedTuple):
    """One thing that must be found: the words of which one has to begin with it."""

    beginnings: tuple[str, ...]


def plain(text: str) -> str:
    """Write a text as the index does: half-width, small letters, ü as v, no accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    if _ACCENTED.search(text):
        text = _ACCENTED.sub(_without_accent, text)
    return text


def _without_accent(letter: re.Match[str]) -> str:
    bare = unicodedata.normalize("NFD", letter[0])
    return "v" if bare.startswith("u\u0308") else bare[0]


def _groups(text: str) -> list[list[_Run]]:
    """Cut a text into runs; those of a group follow one another with nothing between."""
    groups: list[list[_Run]] = []
    end = -1
    for found in _RUNS.finditer(plain(text)):
        run = _Run(found.lastgroup or "", found[0])
        if found.start() == end:
            groups[-1].append(run)
        else:
            groups.append([run])
        end = found.end()
    return groups


# ---- what can be typed to find a record ----


def terms_of_text(text: str) -> str:
    """Give the words by which a name or an address is found, with blanks between them."""
    if not _SHORT_NAME.fullmatch(text):
        return _words_of_address(text)
    words: list[str] = []
    _add_signs(words, text, "", False)
    return " ".join(words)


@lru_cache(maxsize=32_768)  # addresses say the same again and again: 4号, 2楼, 甲亭子间
def _words_of_address(text: str) -> str:
    words: list[str] = []
    for group in _groups(text):
        for place, run in enumerate(group):
            before = group[place - 1] if place else None
            after = group[place + 1] if place + 1 < len(group) else None
            number = after.text if after and after.is_number else ""
            if run.kind == "signs":
                _add_signs(words, run.text, number, bool(before and before.is_number))
            elif run.is_number and after and after.kind == "signs":
                _add_number(words, run.text, after.text)
            else:
                words.append(run.text + (after.text if after and run.is_number else number))
    return " ".join(words)


def _add_signs(words: list[str], signs: str, number: str, numbered: bool) -> None:
    first = len(signs) - len(signs.lstrip(_LEVELS)) if numbered else 0
    last = len(signs) - 1
    whole = signs + number
    words += [whole[start : start + _MOST_SIGNS] for start in range(first, last + 1)]
    for syllables in pinyin.readings(signs):
        full = initials = number
        for place in range(last, first - 1, -1):
            syllable = syllables[place]
            full = syllable + full
            initials = syllable[0] + initials
            words.append(full[:_MOST_LETTERS])
            if place < last or number:  # the last sign's initial begins its syllable
                words.append(initials[:_MOST_LETTERS])


def _add_number(words: list[str], number: str, signs: str) -> None:
    words.append((number + signs)[:_MOST_SIGNS])
    for syllables in pinyin.readings(signs):
        words.append((number + "".join(syllables))[:_MOST_LETTERS])
        if len(signs) > 1:
            words.append((number + "".join([syllable[0] for syllable in syllables]))[:_MOST_LETTERS])


def terms_of_phone(phone: str) -> str:
    """Give the words by which a phone number is found: from its start, after its area code, and from its end."""
    digits = phone if phone.isascii() and phone.isdigit() else _digits_of_phone(phone)
    if not digits:
        return ""
    found = f"{digits} {TAIL}{digits[::-1]}"
    if digits[0] == "0" and (area := _AREA_CODE.match(digits)) and len(digits) > len(area[0]):
        found += " " + digits[area.end() :]
    return found


def _digits_of_phone(phone: str) -> str:
    number = re.split("[转,;x#]", plain(phone), maxsplit=1)[0]
    digits = "".join(re.findall("[0-9]", number))
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits


def terms_of_id_number(number: str) -> str:
    """Give the word by which the number of an ID paper is found: from its end, as clerks ask for it."""
    plain_number = number.isascii() and number.isalnum()
    signs = number.lower() if plain_number else "".join(re.findall("[0-9a-z]", plain(number)))
    return TAIL + signs[::-1] if signs else ""


# ---- what a clerk's typing means ----


def parts_of_query(text: str) -> list[list[Part]]:
    """Give the readings of what was typed, of which one must hold; in each, all parts must be found.

    Empty when nothing was typed that could be looked for.
    """
    groups = _groups(text)
    parts = [part for group in groups for part in _parts(group)][:_MOST_PARTS]
    if not parts:
        return []
    digits = "".join([run.text for group in groups for run in group])
    if len(groups) > 1 and digits.isdigit() and len(digits) >= _SHORTEST_PHONE:
        return [parts, [_ends(digits)]]  # 138 1234 5678 may be one number
    return [parts]


def split_estate_and_room(text: str) -> tuple[list[Part], list[Part]]:
    """Give the reading in which a number belongs to what lies within the name before it: 富南大厦 401.

    First what names the estate, then the rest; both empty when no number stands so. That of a lane never does.
    """
    names: list[Part] = []
    rest: list[Part] = []
    for group in _groups(text):
        cuts = [place for place in range(1, len(group)) if _begins_apart(group, place)]
        first = cuts[0] if cuts else 0
        names += _parts(group[:first]) if first else []
        for start, end in pairwise([first, *cuts[1:], len(group)]):
            rest += _parts(group[start:end])
    return (names, rest[:_MOST_PARTS]) if names else ([], [])


def _begins_apart(group: list[_Run], place: int) -> bool:
    after = group[place + 1].text if place + 1 < len(group) else ""
    is_lane = after.lstrip("支")[:1] == "弄"
    return group[place].is_number and not is_lane and not group[place - 1].is_level


def _parts(group: list[_Run]) -> Iterator[Part]:
    if len(group) == 1 and group[0].is_number:
        yield _ends(group[0].text)
        return
    place, told = 0, False  # told: the number at `place` was already taken with what stands before it
    while place < len(group):
        run = group[place]
        after = group[place + 1] if place + 1 < len(group) else None
        if run.is_number and after:
            yield _numbered(run.text, after)
            place += 1
            told = False
        elif run.is_number:
            if not told:
                yield Part((run.text,))
        elif after and after.is_number:
            told = not (place == 0 and run.is_level)
            if told:
                yield Part((run.text + after.text,))
        else:
            yield from _parts_of_run(run)
        place += 1


def _ends(digits: str) -> Part:
    return Part((digits, TAIL + digits[::-1]))


def _numbered(number: str, after: _Run) -> Part:
    if after.text == "x":  # the end of an ID number
        return Part((number + "x", TAIL + "x" + number[::-1]))
    most = _MOST_SIGNS if after.kind == "signs" else _MOST_LETTERS
    return Part(((number + after.text)[:most],))


def _parts_of_run(run: _Run) -> Iterator[Part]:
    if run.kind == "letters":
        yield Part((run.text[:_MOST_LETTERS],))
        return
    for start in range(0, len(run.text), _MOST_SIGNS):
        piece = run.text[start : start + _MOST_SIGNS]
        bare = piece.lstrip(_LEVELS)
        yield Part((piece, bare) if start == 0 and bare and bare != piece else (piece,))
