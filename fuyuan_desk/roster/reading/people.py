"""The people named in one cell: several owners with their shares, notes and relations; pure functions."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeGuard

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width, is_company, name_fault, normalize_name
from fuyuan_desk.roster.reading.cells import WORDS, Cell, is_blank, listed, text_of, words_of
from fuyuan_desk.roster.reading.ownership import SHARE, share_of

_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_SEVERAL = re.compile(r"[\s、,;/|\\&+%()\d和与及等\-—]|共有$")
_STRONG = re.compile(r"[、;|\\\n\r&+]+|(?<!\d)/|/(?!\d)")
_CLEAR = re.compile(r"[^\s\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[\r\n和与及]")
_AND = re.compile(r"(.{2,4})(?:[和与及]|[-—]+)(.{2,4})")
_MORE = re.compile(
    r"等(?:共?[\d一二两三四五六七八九十]+[人户位名])?$|(?:等?共)[\d一二两三四五六七八九十]+[人位名]$"
    r"|(?:共同|按份)?共有$"
)
_NAME_AND_NUMBER = re.compile(
    r"([^\d]*[^\d\s:：,，、/（(+\-])[\s:：,，、/（(]*(\+?\d[\d\-\s/、,，]{6,}[Xx]?)[)）]?"
)
_NUMBER_AND_NAME = re.compile(r"(?P<number>\+?\d[\d\-]{6,})[\s:,、/()]*(?P<name>[\u3400-\u9fff]{2,4})[)]?")
_NUMBER = re.compile(r"[\d\W]*[Xx]?")
_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_LONGEST_HAN_NAME = 4
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_NOT_AT_END = "等有"
_OPEN = re.compile(r"[（(][^（()）]+$")  # 曹成（租客13712345678）: the number is within
_OF_NUMBERS = "0123456789-+ :：,，"
_RENTS, _HERS = "租", "其"


class Named(NamedTuple):
    """Somebody named in a cell: a share as a fraction, "" for none; a relation's code; and what else stands there.

    `role`: the code of the role that a word beside the name says, as 租客 does; "" for none.
    """

    name: str
    share: str = ""
    note: str = ""
    relation: str = ""
    role: str = ""


class NameCell(NamedTuple):
    """The contents of a cell of names: the first one, what else stands there, everybody, if several, and a warning.

    `by_blanks`: only blanks part the names.
    """

    name: str = ""
    note: str = ""
    everybody: tuple[Named, ...] = ()
    doubt: str = ""
    by_blanks: bool = False


_NOBODY = NameCell()


# ---- what is a name ----


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Return the known surnames of one character, and those of several."""
    words = paths.read_json(*WORDS)
    return frozenset(words["surnames"]), frozenset(words["long_surnames"])


@cache
def not_names() -> frozenset[str]:
    """Return the words that look like names and are none: 常住, 业主, 公房."""
    kinds = (words_of("relations"), words_of("roles"), words_of("tenures"), words_of("uses"))
    return frozenset().union(*kinds, listed("not_names"), listed("vacant"), listed("blank"), (_RENTS,))


def is_han(text: str) -> bool:
    """Return whether a text consists of Chinese characters."""
    return _HAN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Return whether a text is a whole Chinese name: surname and given name, and no word such as 常住."""
    if not 2 <= len(text) <= _LONGEST_HAN_NAME or not _HAN.fullmatch(text) or text in not_names():
        return False
    single, double = surnames()
    if text in double:
        return False  # 欧阳 alone
    return text[:2] in double or (text[0] in single and len(text) < _LONGEST_HAN_NAME)


def may_be_name(text: str) -> bool:
    """Return whether a text is a Chinese name or one in Latin letters."""
    return is_name(text) or (text.isascii() and not name_fault(text))


def _is_foreign(text: str) -> bool:
    return not _HAN.search(text) and any(map(str.isalpha, text))


# ---- reading a cell ----


def is_plain_name(cell: Cell) -> TypeGuard[str]:
    """Return whether a cell is a name and nothing else, as nearly every one of a roster is."""
    return (
        type(cell) is str
        and _PLAIN_NAME.fullmatch(cell) is not None
        and cell[-1] not in _NOT_AT_END
        and cell not in listed("blank")
    )


def read_several(cell: Cell) -> NameCell:
    """Read the names in a cell: 张三、李四, 张三50% 李四50%, 张三（1/2）、李四（1/2）, 张三 李四.

    A company and a foreign name stay whole. What cannot be told apart is kept as one name, with a warning.
    """
    if is_plain_name(cell):
        return NameCell(cell)
    text = text_of(cell)
    if text.startswith(("(", "（")) and (whole := _BRACKETS.fullmatch(text)):
        text = whole[1].strip()  # （空关）
    if len(text) < 5 and is_blank(text):
        return _NOBODY
    if text.isalpha() and len(text) <= _LONGEST_HAN_NAME and text[-1] not in _NOT_AT_END:
        return NameCell(normalize_name(text))
    if not _SEVERAL.search(half_width(text)):
        return NameCell(normalize_name(text))
    if (turned := _NUMBER_AND_NAME.fullmatch(half_width(text))) and is_name(turned["name"]):
        return NameCell(turned["name"], turned["number"])
    if is_company(normalize_name(text)):
        return _company(text)
    several, doubt = _everybody(half_width(text))
    if len(several) < 2:
        bare = _one(text)
        one = several[0] if several and not several[0].relation else _with_role(bare, is_first=True)
        if one.role == "renter" and one.note and bare.name == one.name:
            one = bare  # 曹成（租客137…）: whose number this is, not what 曹成 is
        return _alone(one, doubt)
    by_blanks = not _CLEAR.search(text)
    return NameCell(several[0].name, several[0].note, tuple(several), doubt, by_blanks)


def _alone(one: Named, doubt: str) -> NameCell:
    """Return the only one named in a cell, or two if the brackets say who the second one is: 颜幸（共有人：颜何）."""
    other = _kin(one.note.strip())
    if other.name != one.note.strip() and is_name(other.name):
        return NameCell(one.name, "", (one._replace(note=""), other), doubt)
    if one.note == _RENTS and not doubt:
        doubt = _("«{text}» may say that the one named rents or lets; it was added to the remarks.").format(
            text=one.note
        )
    return NameCell(one.name, one.note, (one,) if one.share or one.role else (), doubt)


def with_noted(cell: NameCell) -> NameCell:
    """Return a cell with the name in the brackets as that of a second person: 商瞿（梁鳣） below 业主（共有人）."""
    names = tuple(map(Named, filter(None, re.split(r"[、,，/\s]+", cell.note))))
    if cell.everybody or not names or not all(is_name(one.name) for one in names):
        return cell
    return cell._replace(note="", everybody=(Named(cell.name), *names))


def _with_role(one: Named, is_first: bool) -> Named:
    """Return somebody with the role that the note says: 曹世叔（租客）; 租 behind the first name may mean “is let”."""
    word = one.note.rstrip(_OF_NUMBERS)
    role = _roles().get(word) or ("renter" if word == _RENTS and not is_first else "")
    return one._replace(role=role, note=one.note[len(word) :].lstrip(" :：,，")) if role else one


@cache
def _roles() -> Mapping[str, str]:
    return {word: code for word, code in words_of("relations").items() if code in ROLES}


def _one(text: str) -> Named:
    """Return the only name in a text, and what stands in brackets or as a number beside it."""
    if not text.isalpha() and (found := _NAME_AND_NUMBER.fullmatch(text)) and not _OPEN.search(found[1]):
        first, *words = found[1].split()
        if words and is_name(first) and all(word in not_names() for word in words):
            return Named(first, note="".join((*words, found[2])))  # 张三 女儿138…
        return Named(normalize_name(found[1]), note=found[2])
    name = normalize_name(text)
    if name.endswith(("）", ")")) and not is_company(name):
        head, _bracket, note = name[:-1].replace("(", "（").partition("（")
        if head and note:
            return Named(head.strip(), note=note)
    if found := _MORE.search(name):
        return Named(name[: found.start()], note=found[0]) if found.start() > 1 else Named(name)
    first, *others = text.split()
    if others and is_name(first) and all(word in not_names() for word in others):
        return Named(first, note=" ".join(others))  # 张三 租客
    return Named(name)


def _company(text: str) -> NameCell:
    pieces = [normalize_name(piece) for piece in re.split(r"[、;；\n\r]+", text) if piece.strip()]
    if len(pieces) > 1 and all(map(is_company, pieces)):
        return NameCell(pieces[0], "", tuple(map(Named, pieces)))
    doubt = _unsure() if len(pieces) > 1 and any(map(is_name, pieces)) else ""
    return NameCell(normalize_name(text), doubt=doubt)


def _unsure() -> str:
    return _("This was kept as one name. If these are several people, write 、 between their names.")


def _everybody(text: str) -> tuple[list[Named], str]:
    """Return everybody named in a text, and a warning if it was kept whole although it may name several."""
    found: list[Named] = []
    for chunk, share, is_each in _shared(text):
        pieces = _pieces(chunk)
        several = _named(pieces)
        if several is None:
            return [], _unsure()
        if share and several:
            several[:-1] = [one._replace(share=share) if is_each else one for one in several[:-1]]
            several[-1] = several[-1]._replace(share=share)
        elif share and found:
            found[-1] = found[-1]._replace(note="、".join(filter(None, (found[-1].note, share))))
        found += several
    han = sum(1 for one in found if _HAN.search(one.name))
    if len(found) == 2 and han == 1:  # 张三/Zhang San may be one person
        return [], _unsure()
    if len(found) < 2:
        name = "".join(text.split())
        is_long = _HAN.fullmatch(name) and len(name) > _LONGEST_HAN_NAME and " " in text.strip()
        return found, _unsure() if is_long else ""
    return found, ""


def _shared(text: str) -> list[tuple[str, str, bool]]:
    """Split a text at its shares: the names before each, the share as a fraction, and whether each of them has it."""
    parts: list[tuple[str, str, bool]] = []
    place = 0
    for token in SHARE.finditer(text):
        parts.append((text[place : token.start()], share_of(token), bool(token["each"])))
        place = token.end()
    if parts and not parts[0][0].strip() and text[place:].strip():
        # 50%张三、50%李四: the names follow their shares
        names = [names for names, _share, _each in parts[1:]] + [text[place:]]
        return [(name, share, each) for name, (_names, share, each) in zip(names, parts, strict=True)]
    return [*parts, (text[place:], "", False)]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for strong in filter(None, map(str.strip, _STRONG.split(text))):
        for part in filter(None, map(str.strip, _at_commas(strong))):
            if (found := _AND.fullmatch("".join(part.split()))) and is_name(found[1]) and is_name(found[2]):
                pieces += found.groups()
            else:
                pieces += _at_blanks(part)
    return pieces


def _at_commas(text: str) -> Sequence[str]:
    # Smith, John is one person
    parts = text.split(",")
    foreign = [part for part in parts if _is_foreign(part)]
    return [text] if foreign and any(" " not in part.strip() for part in foreign) else parts


def _at_blanks(text: str) -> list[str]:
    if _BRACKETS.search(text):
        # 张三(夫) 李四(妻): blanks within brackets do not count
        parts = re.split(r"(?<=[)）])\s*(?=[\u3400-\u9fff])|\s+(?![^(（]*[)）])", text)
    else:
        parts = text.split()
    if len(parts) > 1 and all(is_name(_one(part).name) for part in parts):
        return parts
    return [text]


def _named(pieces: Sequence[str]) -> list[Named] | None:
    """Return who is named in pieces of a cell; None if one of them may be a part of a name."""
    found: list[Named] = []
    for piece in pieces:
        one = _one(piece)
        said = _kin(one.name)
        one = one._replace(name=said.name, relation=said.relation, role=said.role)
        bare = one.name.strip(" :：-.。")
        if len(bare) == 1 and _HAN.fullmatch(bare) and bare not in not_names():
            return None
        if _NUMBER.fullmatch(bare) or bare in not_names():
            if found:  # a number, or a word such as 租客, beside the name before it
                beside = _with_role(Named("", note=piece), is_first=len(found) == 1)
                note = "、".join(filter(None, (found[-1].note, beside.note)))
                found[-1] = found[-1]._replace(note=note, role=found[-1].role or beside.role)
                continue
            return None if len(pieces) > 1 else [one]
        found.append(_with_role(one._replace(name=bare), is_first=not found))
    return found


def _kin(text: str) -> Named:
    """Return name, relation and role of somebody such as 妻李四, 女儿：李小四, 其母曹桂英 or 租客曹世叔."""
    relations = words_of("relations")
    said = text.removeprefix(_HERS)
    for length in (5, 4, 3, 2, 1):
        word, rest = said[:length], said[length:].lstrip(" :：")
        if word in listed("also_surnames") and is_name(said):
            return Named(text)  # 孙文斌 is somebody's name, not the grandchild 文斌
        code = "renter" if word == _RENTS else relations.get(word, "")
        if code and is_name(rest):
            return Named(
                rest, relation="" if code in NO_MEMBERS else code, role=code if code in ROLES else ""
            )
    return Named(text)


ROLES = frozenset(("owner", "tenant", "renter"))
"""Codes of `relations` in the word list that are roles, too."""

NO_MEMBERS = ROLES | {"head"}
"""Codes of `relations` in the word list that say what holder somebody is, not what to a holder."""
