"""Whose name or number a header means: the holder's, or a spouse's, an agent's, a former owner's; pure functions."""

import re
from functools import cache, lru_cache

from fuyuan_desk.core import paths
from fuyuan_desk.roster.reading.cells import WORDS, listed, words_of
from fuyuan_desk.roster.reading.header_words import explained, normal_header

_NUMBER = re.compile(
    r"的?(?:(?:身份证|身份号|证件|证照|护照|信用代码)|(?P<phone>电话|手机|联系方式|联络方式|联系号|固话|座机|号码))"
)
_CONTACT = "联系人"  # her telephone reaches the household, her document is her own
_FORMER = re.compile(r"(?:原|前任?|上任|上一?手|旧)(?:任|来|先)?的?(?P<whom>.+)")
_HOLDERS = frozenset(("head", "owner", "tenant", "renter"))
# people beside each other in columns: 业主1, 业主姓名2, 成员一, 第二产权人
_HOLDER = "业主|产权人|权利人|所有权人|房主|购房人|买受人|共有人|户主|承租人|姓名"
_NUMBERED = re.compile(
    r"(?P<word>(?P<member>(?:家庭)?成员|家属|家人|同住人|共同居住人)"
    rf"|{_HOLDER}|(?P<renter>租客|租户|房客|租房人))(?:姓名|名称)?"
    r"(?P<number>\d{1,2}|[一二三四五六七八九十])(?:的?(?:姓名|名字|名称|信息|资料))?"
)
_NUMBER_FIRST = re.compile(rf"第(\d|[一二三四五六七八九十])({_HOLDER}|租客|租户)")
_COUNTED = re.compile(r"(\d{1,2}|[一二三四五六七八九十])(?:的?(?:姓名|名字|名称))?$")
_NUMERALS = "一二三四五六七八九十"
_ABOUT = re.compile(r"(?:的)?(?:基本)?(?:信息|资料|情况|姓名|名字|名称|一栏)?$")


@cache
def _own_words() -> re.Pattern[str]:
    # the holder's words and those that say which number of hers: 业主, 联系, 常用
    words = {normal_header(word) for word in paths.read_json(*WORDS)["columns"]["name"]}
    words = {word for word in words if not word.isascii()} - listed("not_holders") | listed("own_numbers")
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))}|\d)*")


@cache
def _persons() -> re.Pattern[str]:
    kin = {word for word, code in words_of("relations").items() if code not in _HOLDERS}
    words = {word for word in kin if len(word) > 1 and not word.isascii()} | listed("others")
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:{either})+(?:联系人|公司|单位|[人员长方])?")


@lru_cache(maxsize=4_096)
def whose_number(title: str) -> str:
    """Return whose number a header means if it is not the holder's: 配偶身份证号 → 配偶, 物业电话 → 物业; else "".

    What may be a word for one of the holder's telephones, such as 预留手机, is not taken for somebody else.
    """
    plain = normal_header(explained(title))
    found = _NUMBER.search(plain)
    if found is None or plain.isascii():
        return ""
    whom = plain[: found.start()]
    if _own_words().fullmatch(whom) and (found["phone"] or whom != _CONTACT):
        return ""
    if found["phone"] and not is_former(whom) and not _persons().search(whom):
        return ""
    return whom.removesuffix("联系")


@lru_cache(maxsize=4_096)
def before_number(title: str) -> str:
    """Return whom a header of telephones or documents names before these, a holder or not: 租客手机 → 租客."""
    plain = normal_header(explained(title)).replace("居民身份证", "身份证")
    found = _NUMBER.search(plain)
    return plain[: found.start()].removesuffix("联系") if found else ""


def names_nobody(title: str) -> bool:
    """Return whether a header of telephones or documents names nobody: 联系电话, 手机号码; but not 本人电话."""
    return before_number(title) in listed("of_nobody")


def is_own_word(whom: str) -> bool:
    """Return whether the words before a number may mean the holder: 业主, 本人, 现住户."""
    return _own_words().fullmatch(whom) is not None


@lru_cache(maxsize=4_096)
def is_somebody_else(text: str) -> bool:
    """Return whether a header names somebody beside the holder, and nothing else: 配偶, 监护人信息, 原业主, 物业."""
    plain = named_person(text)
    return bool(plain) and (is_former(plain) or _persons().fullmatch(plain) is not None)


@lru_cache(maxsize=4_096)
def names_somebody_else(word: str) -> bool:
    """Return whether a word beside a number says that it is somebody else's: 儿, 侄子俞强, 邻居, 租客小王."""
    codes = words_of("relations")
    return (
        codes.get(word, "head") not in _HOLDERS
        or any(renter in word for renter, code in codes.items() if code == "renter")
        or _persons().search(word) is not None
    )


@lru_cache(maxsize=4_096)
def is_former(title: str) -> bool:
    """Return whether a header names a former holder: 原业主, 前业主姓名, 上任承租人."""
    found = _FORMER.fullmatch(normal_header(explained(title)))
    return found is not None and _own_words().fullmatch(found["whom"]) is not None


@lru_cache(maxsize=4_096)
def named_person(title: str) -> str:
    """Return whom a column of names is about, without the word for a name: 儿子姓名 → 儿子."""
    return _ABOUT.sub("", normal_header(explained(title)))


def relation_of(word: str) -> str:
    """Return the code of a relation that a header's word means, also 成员2; "" if she is no part of the household."""
    code = words_of("relations").get(word.rstrip("0123456789一二三四五六七八九十"), "")
    return "" if code in (*_HOLDERS, "co-owner") or word == _CONTACT else code


def numbered_person(title: str) -> re.Match[str] | None:
    """Return what a header says of one of several people: `word`, `member` or `renter` if she is one, `number`."""
    return _NUMBERED.fullmatch(number_after(normal_header(title)))


def number_after(title: str) -> str:
    """Return a normalized header with the number behind the person: 第二产权人电话 → 产权人二电话."""
    return _NUMBER_FIRST.sub(r"\2\1", title)


def is_about(title: str, whom: str) -> bool:
    """Return whether a header begins with somebody and her whole number: 成员1电话 with 成员1, 成员10电话 not."""
    behind = title[len(whom) : len(whom) + 1]
    return title.startswith(whom) and not behind.isdigit() and (behind or "-") not in _NUMERALS


def number_behind(title: str) -> str:
    """Return the number at the end of a normalized header in digits, before a word for a name: 业主二姓名 → 2."""
    found = _COUNTED.search(title)
    return str(_NUMERALS.find(found[1]) + 1) if found and found[1] in _NUMERALS else found[1] if found else ""
