"""How Chinese signs are read, without tones, for finding things by typing Pinyin.

Single signs come from one table, built once from pypinyin's data; how a surname or a word in an address is read
stands in `resources/pinyin`; pypinyin's own dictionary of words decides the rest of an address.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice, product

from fuyuan_desk.core import paths

Syllables = tuple[str, ...]

# Signs that stand in addresses, houses' and firms' names and hardly in a person's: such a text is read as words.
_PLACE = frozenset("路街道弄号室幢栋里坊村苑园庭城邸府厦镇庄乡港湾楼寓院宅浜桥店会司厅局站厂馆行社场")
_LONGEST_NAME = 4
_MOST_READINGS = 4

_ACCENTS = str.maketrans(
    dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùńňǹḿếềẑĉŝŋ", "aaaaeeeeiiiioooouuuunnnmeezcsn", strict=True))
    | dict.fromkeys("ǖǘǚǜü", "v")
    | dict.fromkeys("ê", "e")
    | {"\u0300": "", "\u0301": "", "\u0304": "", "\u030c": ""}
)


def readings(signs: str) -> tuple[Syllables, ...]:
    """Give the ways in which `signs` may be read, the likeliest first; one syllable for each sign.

    `signs` is a run of Chinese signs as it stands in a name or an address. A sign without a known reading
    stands for itself.
    """
    syllables = _characters()
    plain = tuple(map(syllables.get, signs, signs))
    if len(signs) <= _LONGEST_NAME and _PLACE.isdisjoint(signs):
        return (plain,) if _told_of_names().isdisjoint(signs) else _of_person(signs, plain)
    return (plain,) if _ambiguous().isdisjoint(signs) else _of_place(signs)


def warm() -> None:
    """Load the tables (some 0.4 s), so that the first record saved need not wait for them."""
    _characters()
    _ambiguous()
    _told_of_names()


@lru_cache(maxsize=4_096)
def _of_place(signs: str) -> tuple[Syllables, ...]:
    found = _as_words(signs)
    if len(signs) <= _LONGEST_NAME:  # 曾雅庭 is a person all the same
        found += _with_surname(signs, found[:1])
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


@lru_cache(maxsize=4_096)
def _of_person(signs: str, plain: Syllables) -> tuple[Syllables, ...]:
    given = _table("given")
    choices = [given.get(sign, [syllable]) for sign, syllable in zip(signs, plain, strict=True)]
    found = list(islice(product(*choices), _MOST_READINGS))
    if len(signs) > 1:
        found = _with_surname(signs, found) + found
    return tuple(dict.fromkeys([*found[: _MOST_READINGS - 1], plain]))


def _with_surname(signs: str, found: list[Syllables]) -> list[Syllables]:
    surnames = _surnames()
    for length in (3, 2, 1):
        if length < len(signs) and (known := surnames.get(signs[:length])):
            return [surname + rest[length:] for rest in found for surname in known]
    return []


def _as_words(signs: str) -> list[Syllables]:
    """Read an address or a house's name by its words: 重庆 is chong qing, 大厦 is da sha."""
    from pypinyin import Style, pinyin

    told = [reading[0].translate(_ACCENTS) for reading in pinyin(signs, style=Style.NORMAL)]
    if len(told) != len(signs):  # signs that it does not know come back in one piece
        told = [_characters().get(sign, sign) for sign in signs]
    found = [told]
    places = _table("places")
    present = sorted((word for word in places if word in signs), key=len)
    for word in present:  # the longest is written last and so wins
        place = slice(start := signs.index(word), start + len(word))
        found = [_replaced(syllables, place, reading) for reading in places[word] for syllables in found]
    return [tuple(syllables) for syllables in found[:_MOST_READINGS]]


def _replaced(syllables: list[str], place: slice, reading: str) -> list[str]:
    changed = syllables.copy()
    changed[place] = reading.split()
    return changed


@cache
def _characters() -> Mapping[str, str]:
    return {chr(code): told.partition(",")[0].translate(_ACCENTS) for code, told in _dictionary().items()}


@cache
def _ambiguous() -> frozenset[str]:
    several = {
        chr(code)
        for code, told in _dictionary().items()
        if "," in told and len(set(told.translate(_ACCENTS).split(","))) > 1
    }
    return frozenset(several | {sign for word in _table("places") for sign in word})


@cache
def _told_of_names() -> frozenset[str]:
    """The signs that begin a surname with a reading of its own, or are read in several ways in a given name."""
    return frozenset({name[0] for name in _table("surnames")} | set(_table("given")))


def _dictionary() -> Mapping[int, str]:
    from pypinyin.constants import PINYIN_DICT

    table: Mapping[int, str] = PINYIN_DICT
    return table


@cache
def _surnames() -> Mapping[str, tuple[Syllables, ...]]:
    return {
        name: tuple(tuple(reading.split()) for reading in told) for name, told in _table("surnames").items()
    }


def _table(name: str) -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = paths.read_json("pinyin", f"{name}.json")["readings"]
    return table
