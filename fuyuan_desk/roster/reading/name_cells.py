"""Cells of names with a word or a mark around a name: ★王芳, (租)王芳, 原：王芳 现：李新; pure functions."""

import re
from collections.abc import Callable, Sequence
from functools import cache

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width, is_company
from fuyuan_desk.formats.phones import read_phones
from fuyuan_desk.roster.reading.cells import Cell, is_value, listed, text_of, words_of
from fuyuan_desk.roster.reading.people import (
    NO_MEMBERS,
    ROLES,
    NameCell,
    Named,
    is_name,
    is_plain_name,
    read_several,
)
from fuyuan_desk.roster.reading.phone_cells import beside_name

_NAME = r"[\u3400-\u9fff]{2,4}?"
# 王芳【出租】, 王芳[亡], and brackets of which one was forgotten
_BRACKETS = str.maketrans("【】[]〔〕〖〗《》〈〉「」『』{}", "()" * 9)
_OPEN, _CLOSED = re.compile(r"\([^()]*$"), re.compile(r"^[^()]*\)")
_NEXT_LINE = re.compile(r"\s*[\r\n]+\s*(?=\()")
_WHOSE = r"(?:任|来|先|业主|户主|产权人|承租人|房主|姓名|名)*\s*[:：]?\s*"
_BECAME = r"\s*(?:→|—+>|-*>|=+>|⇒|改名?为?|改成|变更为|更名为?|转给?|过户给|卖给|现为|现)\s*"
# somebody else held or is called so before: the old name, then the new one
_OLD_AND_NEW = [
    re.compile(pattern)
    for pattern in (
        rf"(?:原|旧|前){_WHOSE}(?P<old>{_NAME})[\s,;/、|]*(?:现|新|今){_WHOSE}(?P<new>{_NAME})",
        rf"(?P<old>{_NAME}){_BECAME}(?P<new>{_NAME})",
        rf"(?P<old>{_NAME})\s*\((?:现|新|今){_WHOSE}(?P<new>{_NAME})\)",
        rf"(?P<old>{_NAME})\s*\((?:原|旧|前)[^()]*\)[\s,;/、]*(?P<new>{_NAME})\s*\((?:现|新|今)[^()]*\)",
        rf"(?P<old>{_NAME})\s*(?:\([^()]*\))?[\s,;/、]*(?:现|新|今)(?:任|业主|户主|产权人|房主)?\s*:?\s*(?P<new>{_NAME})",
    )
]
_HANDED_ON = re.compile(rf"(?P<new>{_NAME})\s*\((?P<note>[^()]*(?:卖给|过户给|转给|转让给|出售给)[^()]*)\)")
_USED_BY = re.compile(
    rf"(?:户主|业主|产权人|承租人|房主)?[:：]?(?P<new>{_NAME})[\s,;/、]+"
    rf"(?P<note>(?:实际|现)?(?:居住|使用|入住|住)(?:人|者)?[:：]?{_NAME})"
)
_BESIDE = re.compile(
    rf"[(【\[](?P<word>[^()【】\[\]]{{1,6}})[)】\]]\s*(?P<new>{_NAME})|(?P<before>\S{{1,6}}?)[:：\s]+(?P<named>{_NAME})"
)
_HOLDER_THEN = re.compile("已故|(?:原|前|旧|新|现)(?:户主|业主|产权人|承租人|房主)")
_PREFIXED = re.compile(rf"(?P<word>{_HOLDER_THEN.pattern})(?P<new>{_NAME})")
_MARKS = "★☆※△▲●○◆◇■□◎√✓✔#?？①②③④⑤⑥⑦⑧⑨⑩†✝"
# 1.何平, ★何平 and 何平√: a number or marks before a name, marks behind it
_MARKED = re.compile(
    rf"(?P<first>[{_MARKS}*]*)\s*(?P<number>\d{{1,2}}[.．、]\s*)?(?P<new>{_NAME})\s*(?P<last>[{_MARKS}]*)"
    # 王* and 王小* are masked, 周树人* is marked
    r"|(?P<whole>[\u3400-\u9fff]{3})(?P<star>[*×xX]+)"
)
# 王芳（女，72岁）, 王芳，已故, 王芳/租客小王: what follows the name is nobody with a share
_NOTED = re.compile(rf"(?P<new>{_NAME})\s*\((?P<note>[^()]*[,;、/\s][^()]*)\)")
_FOLLOWED = re.compile(rf"(?P<new>{_NAME})\s*[,;、/\s—\-]+(?P<note>[^()]+)")
_LET = re.compile(rf"(?P<new>{_NAME})\s*\((?:租|租客|出租|租给)\)\s*(?P<renter>{_NAME})")
_STATED = re.compile(
    rf"(?P<new>{_NAME})\s*(?P<note>[^\s\d()]{{2,4}}|\([^()]*\)\s*(?P<rest>[^\s()、,;/|&+][^()]*))"
)
_NEXT_PAIR = re.compile(r"(?<=\d)\s+(?=[\u3400-\u9fff]{2,4}\s*:?\s*1\d{10})")
_COMPANY_AND = re.compile(
    r"(?P<company>.+?(?:公司|集团|事务所|合作社|[厂店行]))[\s,;/、]*(?P<rest>[^公司]*\d{7}.*|联系人.*|法人.*)"
)
_PARTS = re.compile(r"[,;、/\s—\-]+")
_AMONG = re.compile(r"[、,;/\s]+")
_SAID = re.compile(r"\d{1,3}岁|男|女|其.{1,2}|[一全]家.*|等人|已.{1,4}|未.{1,4}|待.{1,3}|.{0,2}独居.{0,2}")
_PLAIN_SAID = re.compile(r"\d{1,3}岁|男|女")
_NICKNAME = re.compile(r"[小老阿].|.{1,2}(?:阿姨|师傅|先生|女士|小姐|太太|老师|阿婆|爷叔|伯伯)|某|.某|")
_NUMBERED = re.compile(r"(?:^|(?<=[\s、,;]))\d{1,2}[.．、)]\s*(?=[\u3400-\u9fff])")
_QUERY = "?？"
_HAS_DIGIT = re.compile(r"\d")
_FORMER = re.compile(r"(?:原|前|旧)")
_SHORTEST_WITH_MORE, _LONGEST_PLAIN, _PAIR = 3, 4, 2


def read_names(cell: Cell) -> NameCell:
    """Read the names of a cell, as `read_several` does, and what words and marks around a single name say.

    Of a former and a present holder the latter is taken, and told.
    """
    if is_plain_name(cell) and not _is_stated(cell):
        return NameCell(cell)
    text = _with_usual_brackets(half_width(text_of(cell)).strip())
    if is_value(text) and (read_phones(text).doubts or not read_phones(text).numbers):
        return NameCell(text)  # 2023/2/13 is not several names
    if len(text) < _SHORTEST_WITH_MORE or (text.isalpha() and len(text) <= _LONGEST_PLAIN):
        return (_stated(text) if _is_stated(text) else None) or read_several(cell)
    return next(filter(None, (read(text) for read in _READERS)), None) or read_several(text)


def _with_usual_brackets(text: str) -> str:
    """Return a cell with round brackets for all others, none of them forgotten or on the next line."""
    if text.isalpha():
        return text
    text = _NEXT_LINE.sub("", text.translate(_BRACKETS))
    if text[:1] != "(" and _CLOSED.search(text):
        text = text.replace(")", " ", 1).strip()
    return text + ")" if _OPEN.search(text) and text[:1] != "(" else text


def names_in(text: str) -> list[str]:
    """Return the parts of a cell of names, whatever stands between them."""
    return list(filter(None, _AMONG.split(half_width(text))))


def read_beside(cell: Cell, holder: str) -> NameCell | None:
    """Read a cell in which a word such as 本人 stands for the `holder`, alone or beside others; None for any other."""
    if not holder or (is_plain_name(cell) and cell not in listed("own_landlords")):
        return None
    text = text_of(cell)
    words, pieces = listed("own_landlords"), names_in(text)
    own = [piece for piece in pieces if piece in words]
    if not own or len(own) == len(pieces):
        return NameCell(holder, text) if own else None
    read = read_names("、".join((holder, *(piece for piece in pieces if piece not in own))))
    # a company or a foreign name is not read beside others
    is_whole = len(read.everybody) < _PAIR
    return NameCell(holder, text, doubt=read.doubt) if is_whole else read


def _was_and_is(text: str) -> NameCell | None:
    for pattern in _OLD_AND_NEW:
        found = pattern.fullmatch(text)
        if found and is_name(found["old"]) and is_name(found["new"]):
            doubt = _("Two names, of which one is a former one: «{name}» was taken. Check it.")
            return NameCell(found["new"], text, doubt=doubt.format(name=found["new"]))
    return None


def _handed_on(text: str) -> NameCell | None:
    found = _HANDED_ON.fullmatch(text)
    if found is None or not is_name(found["new"]):
        return None
    return NameCell(
        found["new"], found["note"], doubt=_("Another holder is named beside this one. Check who it is.")
    )


def _used_by(text: str) -> NameCell | None:
    found = _USED_BY.fullmatch(text)
    if found is None or not is_name(found["new"]):
        return None
    doubt = _("«{text}» names somebody who lives there; it was added to the remarks.")
    return NameCell(found["new"], found["note"], doubt=doubt.format(text=found["note"]))


def _beside_a_word(text: str) -> NameCell | None:
    """Read (租)王芳, 租客：王芳, （故）王芳 and 原业主王芳: the word is a role or goes to the remarks."""
    found = _BESIDE.fullmatch(text) or _PREFIXED.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    word, name = (
        (parts.get("word") or parts.get("before") or ""),
        (parts.get("new") or parts.get("named") or ""),
    )
    says_more = text[0] in "(【[" and not is_name(word) and not _HAS_DIGIT.search(word)
    if not is_name(name) or not (_is_word(word) or says_more):
        return None
    if word in _renting():
        return NameCell(name, "", (Named(name, role="renter"),))
    doubt = _("«{word}» says that this is a former holder. Check who it is now.").format(word=word)
    note = "" if word in _heads() else word  # 户主：王芳 says what the column does
    return NameCell(name, note, doubt=doubt if _FORMER.match(word) else "")


def _is_word(word: str) -> bool:
    return word in _renting() | _heads() | listed("dead") or _HOLDER_THEN.fullmatch(word) is not None


@cache
def _renting() -> frozenset[str]:
    return frozenset(word for word, code in words_of("relations").items() if code == "renter") | {"租"}


@cache
def _heads() -> frozenset[str]:
    return frozenset(
        word for word, code in words_of("relations").items() if code in ("head", "owner", "tenant")
    )


def _marked(text: str) -> NameCell | None:
    found = _MARKED.fullmatch(text)
    name = found and (found["new"] or found["whole"])
    if found is None or not name or name == text or not is_name(name):
        return None
    marks = found["star"] or found["first"] + found["last"]
    doubt = _("The name is queried in the list. Check it.") if any(one in marks for one in _QUERY) else ""
    return NameCell(name, marks, doubt=doubt)


def _let(text: str) -> NameCell | None:
    found = _LET.fullmatch(text)
    if found is None or not (is_name(found["new"]) and is_name(found["renter"])):
        return None
    return NameCell(found["new"], "", (Named(found["new"]), Named(found["renter"], role="renter")))


def _followed(text: str) -> NameCell | None:
    """Read 王芳（女，72岁）, 王芳，已故 and 王芳/租客小王: only the first is a name, the rest is said of the home."""
    found = _NOTED.fullmatch(text) or _FOLLOWED.fullmatch(text)
    if found is None or not is_name(found["new"]):
        return None
    parts = [part for part in _PARTS.split(found["note"]) if part]
    if found.re is _NOTED and (several := _several_noted(found["new"], found["note"])):
        return several
    if found.re is _FOLLOWED and (not all(map(_says_something, parts)) or not _renting().isdisjoint(parts)):
        return None  # 王芳 租客 says what she is
    doubt = _("«{text}» stands beside the name; it was added to the remarks.").format(text=found["note"])
    # what stands with a number is told with that
    is_told = beside_name(found["note"], found["new"]) is not None or all(map(_is_plainly_said, parts))
    return NameCell(found["new"], found["note"], doubt="" if is_told else doubt)


def _is_plainly_said(part: str) -> bool:
    return part in listed("living_states") or _PLAIN_SAID.fullmatch(part) is not None


def _several_noted(name: str, note: str) -> NameCell | None:
    """Return everybody of 王芳（共有人：李新、赵敏） or （租客：…）, None where it is not said who they are."""
    label, _colon, rest = note.partition(":")
    code = words_of("relations").get(label.strip(), "")
    names = [part for part in _PARTS.split(rest) if part]
    if code not in ("co-owner", "renter") or not names or not all(map(is_name, names)):
        return None
    one = Named("", role="renter") if code == "renter" else Named("", relation=code)
    return NameCell(name, "", (Named(name), *(one._replace(name=other) for other in names)))


def _says_something(part: str) -> bool:
    """Return whether a part of a cell says something of the one before it, or names somebody by a nickname only."""
    words = listed("states") | listed("living_states") | listed("vacant") | listed("dead") | listed("blank")
    if part in words or _SAID.fullmatch(part):
        return True
    people = {*words_of("relations"), *listed("others")} - _heads()
    longest = max((word for word in people if part.startswith(word)), key=len, default="")
    return bool(longest) and _NICKNAME.fullmatch(part.removeprefix(longest)) is not None


def _and_another(text: str) -> NameCell | None:
    """Read a holder and somebody with a word of whose she is behind: 刘飞(户主)租客王小二, 刘岱（去世）其子刘晔."""
    found = _another().fullmatch(text)
    codes = words_of("relations")
    if found is None or not (is_name(found["new"]) and is_name(found["other"])):
        return None
    code, label = codes.get(found["word"], ""), codes.get(found["label"] or "", "")
    if not code or (found["label"] and not label) or is_name(found["word"] + found["other"]):
        return None
    note = "" if found["note"] in _heads() else found["note"] or ""
    first = Named(found["new"], "", note, role=label if label in ROLES else "")
    other = Named(
        found["other"],
        "",
        found["last"] or "",
        relation="" if code in NO_MEMBERS else code,
        role=code if code in ROLES else "",
    )
    doubt = _("Another holder is named beside this one. Check who it is.")
    return NameCell(first.name, note, (first, other), doubt=doubt if note in listed("dead") else "")


@cache
def _another() -> re.Pattern[str]:
    words = "|".join(sorted(filter(str.isalpha, words_of("relations")), key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<label>{words}):\s*)?(?P<new>{_NAME})\s*(?:\((?P<note>[^()]*)\))?[\s,;/、]*"
        rf"其?(?P<word>{words})\s*:?\s*(?P<other>{_NAME})(?:\((?P<last>[^()]*)\))?"
    )


def _stated(text: str) -> NameCell | None:
    """Read 刘璋已故 and 刘飞（女）72岁: what stands behind the name is said of her or of the home."""
    found = _STATED.fullmatch(text)
    if found is None or not is_name(found["new"]) or is_name(text) or is_name(found["rest"] or ""):
        return None
    note = found["note"]
    if note not in _said_of_homes() and note[0] != "(":
        return None
    doubt = _("«{text}» stands beside the name; it was added to the remarks.").format(text=note)
    return NameCell(found["new"], note, doubt=doubt)


@cache
def _said_of_homes() -> frozenset[str]:
    words = listed("dead") | listed("states") | listed("living_states") | listed("vacant")
    return frozenset(word for word in words if len(word) > 1)


def _is_stated(text: str) -> bool:
    """Return whether two characters of a text of four say how she or the home is: 刘璋已故."""
    return len(text) == _LONGEST_PLAIN and text[2:] in _said_of_homes()


def _pairs(text: str) -> NameCell | None:
    """Read 王昌龄 138… 李太白 139… as two people."""
    parted = _NEXT_PAIR.sub("、", text)
    return read_several(parted) if parted != text else None


def _company_and_person(text: str) -> NameCell | None:
    """Read 某某公司 王经理 138…: the person and her number are remarks."""
    found = _COMPANY_AND.fullmatch(text)
    if found is None or not is_company(found["company"]) or is_company(found["rest"]):
        return None
    doubt = _("«{text}» stands beside the name; it was added to the remarks.").format(text=found["rest"])
    return NameCell(found["company"], found["rest"], doubt=doubt)


def _numbered(text: str) -> NameCell | None:
    """Read 1.王芳 2.李新 as 王芳、李新."""
    pieces = [piece.strip(" 、,;") for piece in _NUMBERED.split(text)]
    return read_several("、".join(filter(None, pieces))) if len(pieces) > _PAIR and not pieces[0] else None


def _with_company(text: str) -> NameCell | None:
    """Read a person and a company parted by blanks: the first one holds the home, the other one is told."""
    pieces = text.split()
    if len(pieces) != _PAIR or is_company(pieces[0]) == is_company(pieces[1]):
        return None
    if not all(is_company(piece) or is_name(piece) for piece in pieces):
        return None
    doubt = _(
        "A person and a company: «{name}» was taken for the holder, the other was added to the remarks. Check it."
    )
    return NameCell(pieces[0], pieces[1], doubt=doubt.format(name=pieces[0]))


_READERS: Sequence[Callable[[str], NameCell | None]] = (
    _marked, _was_and_is, _handed_on, _used_by, _let, _beside_a_word, _and_another, _followed, _stated,
    _pairs, _numbered, _with_company, _company_and_person,
)  # fmt: skip
