"""Readings of Chinese characters, without tones, for search by Pinyin.

Single characters come from one table, built once from pypinyin's data; readings of surnames and of words in addresses
from `resources/pinyin`; pypinyin's own dictionary of words decides the rest of an address.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice, product

from fuyuan_desk.core import paths

Syllables = tuple[str, ...]

# Characters of addresses and names of buildings and firms, rare in personal names: such a text is read as words.
_PLACE = frozenset("路街道弄号室幢栋里坊村苑园庭城邸府厦镇庄乡港湾楼寓院宅浜桥店会司厅局站厂馆行社场")
_LONGEST_NAME = 4
_MOST_READINGS = 4

_ACCENTS = str.maketrans(
    dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùńňǹḿếềẑĉŝŋ", "aaaaeeeeiiiioooouuuunnnmeezcsn", strict=True))
    | dict.fromkeys("ǖǘǚǜü", "v")
    | dict.fromkeys("ê", "e")
    | {"\u0300": "", "\u0301": "", "\u0304": "", "\u030c": ""}
)


def readings(chars: str) -> tuple[Syllables, ...]:
    """Return the possible readings of `chars`, the likeliest first; one syllable per character.

    `chars` is a run of Chinese characters in a name or an address. A character without a known reading stands for
    itself.
    """
    syllables = _characters()
    plain = tuple(map(syllables.get, chars, chars))
    if len(chars) <= _LONGEST_NAME and _unusual().isdisjoint(chars):  # nearly every name
        return (plain,)
    if len(chars) <= _LONGEST_NAME and _PLACE.isdisjoint(chars):
        return _of_person(chars, plain)
    return (plain,) if _ambiguous().isdisjoint(chars) else _of_place(chars)


def warm() -> None:
    """Load the tables (some 0.4 s) ahead of the first record saved."""
    _characters()
    _ambiguous()
    _unusual()


@lru_cache(maxsize=4_096)
def _of_place(chars: str) -> tuple[Syllables, ...]:
    found = _as_words(chars)
    if len(chars) <= _LONGEST_NAME:  # 曾雅庭 may still be a person
        found += _with_surname(chars, found[:1])
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


@lru_cache(maxsize=4_096)
def _of_person(chars: str, plain: Syllables) -> tuple[Syllables, ...]:
    given = _table("given")
    choices = [given.get(char, [syllable]) for char, syllable in zip(chars, plain, strict=True)]
    found = list(islice(product(*choices), _MOST_READINGS))
    if len(chars) > 1:
        found = _with_surname(chars, found) + found
    return tuple(dict.fromkeys([*found[: _MOST_READINGS - 1], plain]))


def _with_surname(chars: str, found: list[Syllables]) -> list[Syllables]:
    surnames = _surnames()
    for length in (3, 2, 1):
        if length < len(chars) and (known := surnames.get(chars[:length])):
            return [surname + rest[length:] for rest in found for surname in known]
    return []


def _as_words(chars: str) -> list[Syllables]:
    """Read an address or a building's name by its words: 重庆 is chong qing, 大厦 is da sha."""
    from pypinyin import Style, pinyin

    syllables = [reading[0].translate(_ACCENTS) for reading in pinyin(chars, style=Style.NORMAL)]
    if len(syllables) != len(chars):  # characters that it does not know come back in one piece
        syllables = [_characters().get(char, char) for char in chars]
    found = [syllables]
    places = _table("places")
    present = sorted((word for word in places if word in chars), key=len)
    for word in present:  # the longest is applied last and so wins
        span = slice(start := chars.index(word), start + len(word))
        found = [_replaced(before, span, reading) for reading in places[word] for before in found]
    return [tuple(each) for each in found[:_MOST_READINGS]]


def _replaced(syllables: list[str], span: slice, reading: str) -> list[str]:
    changed = syllables.copy()
    changed[span] = reading.split()
    return changed


@cache
def _characters() -> Mapping[str, str]:
    return {chr(code): known.partition(",")[0].translate(_ACCENTS) for code, known in _dictionary().items()}


@cache
def _ambiguous() -> frozenset[str]:
    several = {
        chr(code)
        for code, known in _dictionary().items()
        if "," in known and len(set(known.translate(_ACCENTS).split(","))) > 1
    }
    return frozenset(several | {char for word in _table("places") for char in word})


@cache
def _unusual() -> frozenset[str]:
    """Return the characters that occur in addresses, begin a special surname or have several readings in a name."""
    return _PLACE | {name[0] for name in _table("surnames")} | set(_table("given"))


def _dictionary() -> Mapping[int, str]:
    from pypinyin.constants import PINYIN_DICT

    table: Mapping[int, str] = PINYIN_DICT
    return table


@cache
def _surnames() -> Mapping[str, tuple[Syllables, ...]]:
    return {
        name: tuple(tuple(reading.split()) for reading in known) for name, known in _table("surnames").items()
    }


def _table(name: str) -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = paths.read_json("pinyin", f"{name}.json")["readings"]
    return table
