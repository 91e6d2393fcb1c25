"""What somebody is, as clerks write it: the relation to a head, owner or tenant, a company; pure functions."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules import housing
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell, is_blank, listed, read_yes, text_of, words_of
from fuyuan_desk.roster.reading.header_words import normal_header
from fuyuan_desk.roster.reading.people import NO_MEMBERS

_OF_WHOM = re.compile(r"^(?:(?:[系为与]|是)?(?:户主|业主|产权人|承租人|房主|本人)(?:的|之)?|之)(?=.)")
_BETWEEN = re.compile(r"[、,;/|+&\s]+")
_FILLING = re.compile(r"[\W_]|[人户员者房系为是之的]")
# in a column of roles these say nothing of a family
_NO_KIN_HERE = NO_MEMBERS | {"other", "staff"}
_HEAD_ROLES = {"owner": HoldingRole.OWNER, "tenant": HoldingRole.TENANT, "renter": HoldingRole.RENTER}


class Kin(NamedTuple):
    """What a row's person is to the head: a relation's code, "" if unknown; or a head, in a role if that is said.

    `words` are what the code does not say, for the remarks; `is_given`: something was written.
    """

    relation: str = ""
    is_head: bool = True
    role: HoldingRole | None = None
    words: str = ""
    is_given: bool = False


class Standing(NamedTuple):
    """What a cell says of a holder: role, relation if it says one (家属), whether it is a company.

    `words` is the whole text if it says more than that, for the remarks; `doubt` is about roles that contradict.
    """

    role: HoldingRole | None = None
    relation: str = ""
    is_company: bool = False
    words: str = ""
    doubt: str = ""


_NO_KIN, _NO_STANDING = Kin(), Standing()


def read_kin(cell: Cell) -> Kin:
    """Read a relation to the head: 配偶, 长子, 户主之女, 子1; blank, 户主 and 业主 are heads."""
    text = "".join(half_width(text_of(cell)).split())
    if is_blank(text):
        return _NO_KIN
    relations = words_of("relations")
    codes = [relations.get(_plain(piece), "") for piece in _BETWEEN.split(text.lower())]
    code = next(filter(None, codes), "")
    if code in NO_MEMBERS:
        others = [other for other in codes if other not in NO_MEMBERS]
        return Kin("", True, _HEAD_ROLES.get(code), text if others else "", True)
    return Kin(code, False, None, "" if code and len(codes) == 1 else text, True)


def read_head_mark(cell: Cell) -> Kin:
    """Read whether somebody is marked as the head (户主标识): blank says nothing."""
    answer, _doubt = read_yes(cell)
    return _NO_KIN if answer is None else Kin("", answer, is_given=True)


def marks_heads(title: str) -> bool:
    """Return whether a column says by yes and no who is a head: 户主标识."""
    return normal_header(title) in listed("head_marks")


def kin_reader(title: str) -> Callable[[Cell], Kin]:
    """Return how the cells of a column of relations are read; each distinct one is read once."""
    return cache(read_head_mark if marks_heads(title) else read_kin)


def _plain(text: str) -> str:
    relations = words_of("relations")
    if text in relations:
        return text
    bare = re.sub(r"\(.*\)|[（【].*[）】]|[\d.]+$", "", text)
    return bare if bare in relations else _OF_WHOM.sub("", bare)


@cache
def _all_words() -> Mapping[str, tuple[str, str]]:
    """Return the words that a cell of roles may consist of, the longest first, with their kind and code."""
    kin = {word: ("kin", code) for word, code in words_of("relations").items() if code not in _NO_KIN_HERE}
    companies = dict.fromkeys(listed("companies"), ("company", ""))
    roles = {word: ("role", code) for word, code in words_of("roles").items()}
    words = kin | companies | roles
    return {word: words[word] for word in sorted(words, key=len, reverse=True)}


def read_standing(cell: Cell) -> Standing:
    """Read a cell of roles: 业主/自住, 户主本人, 租客, 家属, 公司; of roles that contradict the first one is taken."""
    text = "".join(half_width(text_of(cell)).split())
    if is_blank(text):
        return _NO_STANDING
    found, rest = _scan(text.lower())
    roles = [code for kind, code in found if kind == "role"]
    kin = [code for kind, code in found if kind == "kin"]
    role = HoldingRole(roles[0]) if roles and not kin else None  # 业主家属 is no owner
    doubt = ""
    if len(set(roles)) > 1 and not kin:
        assert role is not None
        doubt = _("This contradicts itself; it was interpreted as: {role}. Check it.").format(
            role=housing.label(role)
        )
    is_company = not listed("companies").isdisjoint(_BETWEEN.split(text.lower()))
    says_more = rest or doubt or len(kin) > 1 or (kin and len(roles) > 1)
    return Standing(role, kin[0] if kin else "", is_company, text if says_more else "", doubt)


def _scan(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return kind and code of the words that a text consists of, in their order, and what is left."""
    words = _all_words()
    if text in words:
        return [words[text]], ""
    found: list[tuple[int, tuple[str, str]]] = []
    for word, meaning in words.items():
        if len(word) > 1 and word in text:
            found.append((text.index(word), meaning))
            text = text.replace(word, "\0" * len(word))
    return [meaning for _place, meaning in sorted(found)], _FILLING.sub("", text.replace("\0", ""))
