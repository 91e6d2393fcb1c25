"""Telling names from words that stand in their place, such as 未售, 法拍 or 同左; pure functions."""

import re
from enum import Enum, auto
from functools import cache

from fuyuan_desk.core import paths
from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.formats.names import company_end, is_company
from fuyuan_desk.roster.reading.cells import WORDS, listed
from fuyuan_desk.roster.reading.people import is_han, not_names, surnames

_LONGEST_NAME = 4
_LONGEST_GIVEN = 3
_HALF_NAME = 2
_EMPTY = "空"
_OF_SOMEBODY = re.compile(
    r".[之的](?:妻|夫|子|女|父|母|儿子|女儿|父亲|母亲|妻子|丈夫|家属|爱人)$"
    r"|..(?:爱人|老公|老婆|妻子|丈夫|家属|儿子|女儿|母亲|父亲|妈妈|爸爸|老伴)$"
)  # 上官桀之妻

_H, _MASK, _LETTER = r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]", "[*＊×xX○□_]", r"[^\W\d_]"
# with dots; masked; of other letters; with a number or a letter that tells people apart; with its Latin form
_OTHER_NAME = re.compile(
    rf"{_H}+(?:·{_H}+)+|{_H}{{1,2}}{_MASK}{{1,3}}|{_H}{_MASK}{{1,3}}{_H}{{1,2}}|{_MASK}{{1,3}}{_H}{{1,2}}"
    rf"|(?:(?!{_H}){_LETTER})(?:(?!{_H})(?:{_LETTER}|[0-9 .,'’·-]))*"
    rf"|{_H}{{1,6}}\d{{1,6}}{_H}?"
    rf"|{_H}{{2,6}}[ /]?[(（]?[A-Za-z](?:[A-Za-z .'-]+[)）]?)?"
)
_NUMBER, _PARTED = re.compile(r"\d{7}"), re.compile(r"[,，;；/、:：]")
_BEHIND_COMPANY = re.compile(r"[(（][^()（）\d租]*[)）]|.*[部店站处室队会校所厂]")


class Said(Enum):
    """What a text in place of a name says."""

    NAME = auto()
    VACANT = auto()
    """Nobody lives there."""
    STATE = auto()
    """How a home is used, or why nobody is named: no name."""
    UNSURE = auto()
    """It may be a rare name, several names without a mark between them, or a word that is not known."""


def said_by(text: str) -> Said:
    """Return what a normalized text in place of a name says.

    Whatever is not wholly a Chinese, foreign or masked name or that of a company is doubted.
    """
    if not text or usual_name().fullmatch(text):
        return Said.NAME
    if is_company(text):
        return Said.UNSURE if _says_more_than_a_company(text) else Said.NAME
    if not is_han(text):
        is_one = _OTHER_NAME.fullmatch(text) is not None and not _NUMBER.search(text)
        return Said.NAME if is_one else Said.UNSURE
    plain = simplified(text)
    if plain in listed("vacant"):
        return Said.VACANT
    surname = _surname(plain)
    if _OF_SOMEBODY.search(plain):
        return Said.UNSURE
    if (
        plain in listed("states")
        or (plain in not_names() and len(plain) > 1)
        or _is_made_of_words(plain, bool(surname))
        or plain[0] in _characters("no_name_first")
        or not _characters("no_name_within").isdisjoint(plain)
    ):
        return Said.VACANT if _EMPTY in plain else Said.STATE
    return Said.UNSURE if not surname or _is_unlike_one(plain, surname) else Said.NAME


def _says_more_than_a_company(text: str) -> bool:
    """Return whether a person, a number or a remark stands beside a company's name: 某某公司 王经理 138…."""
    behind = text[company_end(text) :].strip()
    has_han = any(map(is_han, text))
    return has_han and (
        _NUMBER.search(text) is not None
        or _PARTED.search(text) is not None
        or (bool(behind) and not _BEHIND_COMPANY.fullmatch(behind))
    )


@cache
def _characters(name: str) -> frozenset[str]:
    return frozenset(paths.read_json(*WORDS)[name])


@cache
def usual_name() -> re.Pattern[str]:
    """Return the pattern of names that need no closer look: no word begins so, or has one of these characters."""
    words = listed("no_name_kinds") | listed("states") | listed("vacant") | not_names()
    first = surnames()[0] - {word[:1] for word in words}
    other = _characters("no_name_within") | _characters("no_name_last") | {_EMPTY}
    return re.compile(rf"[{''.join(sorted(first))}](?:(?![{''.join(sorted(other))}])[\u4e00-\u9fff]){{1,2}}")


def _is_made_of_words(text: str, begins_so: bool) -> bool:
    """Return whether a text consists of words about homes with what goes before and after them: 法院查封, 已抵押.

    What begins as a name does is taken for one unless it begins with a whole word: 房东, 保密.
    """
    kinds, affixes = listed("no_name_kinds"), _characters("no_name_affixes")
    reached = {0: False}  # up to which character, and whether a whole word is among them
    for start in range(len(text)):
        if start not in reached:
            continue
        for end in range(start + 1, len(text) + 1):
            is_word = text[start:end] in kinds
            if is_word or (end == start + 1 and text[start] in affixes and (start or not begins_so)):
                reached[end] = reached.get(end, False) or reached[start] or is_word
    return reached.get(len(text), False) or (len(text) in reached and not begins_so)


def _surname(text: str) -> str:
    """Return the surname that a text begins with, "" for none."""
    single, double = surnames()
    long = next((text[:length] for length in (4, 3, 2) if text[:length] in double), "")
    return long or (text[0] if text[0] in single else "")


def _is_unlike_one(text: str, surname: str) -> bool:
    """Return whether a text that begins with a surname is hardly one name: too long or short, two names, 保障房."""
    if len(text) == 1 or text[-1] in _characters("no_name_last"):
        return True
    if len(surname) > 1:
        return len(text) > len(surname) + _LONGEST_GIVEN
    if len(text) < _LONGEST_NAME:
        return False
    halves = text[:_HALF_NAME], text[_HALF_NAME:]
    if any(halves[1] in listed(words) for words in ("dead", "states", "living_states", "vacant")):
        return True  # 刘璋已故
    are_names = all(half[0] in _characters("usual_surnames") for half in halves)
    return len(text) > _LONGEST_NAME or halves[0] in listed("no_name_kinds") or are_names
