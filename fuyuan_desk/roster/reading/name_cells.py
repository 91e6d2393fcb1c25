"""Cells of names with a word or a mark around a name: ★王芳, (租)王芳, 原：王芳 现：李新; pure functions."""

import re
from collections.abc import Callable, Sequence
from functools import cache

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width, is_company
from fuyuan_desk.roster.reading.cells import Cell, listed, text_of, words_of
from fuyuan_desk.roster.reading.people import (
    NameCell,
    Named,
    is_name,
    is_plain_name,
    read_several,
)

_NAME = r"[\u3400-\u9fff]{2,4}?"
_WHOSE = r"(?:任|来|先|业主|户主|产权人|承租人|房主|姓名|名)*\s*[:：]?\s*"
_BECAME = r"\s*(?:→|—+>|-+>|=+>|⇒|改名?为?|改成|变更为|更名为?|转给?|过户给|卖给|现为|现)\s*"
# somebody else held or is called so before: the old name, then the new one
_OLD_AND_NEW = [
    re.compile(pattern)
    for pattern in (
        rf"(?:原|旧|前){_WHOSE}(?P<old>{_NAME})[\s,;/、|]*(?:现|新|今){_WHOSE}(?P<new>{_NAME})",
        rf"(?P<old>{_NAME}){_BECAME}(?P<new>{_NAME})",
        rf"(?P<old>{_NAME})\s*\((?:现|新|今){_WHOSE}(?P<new>{_NAME})\)",
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
_PREFIXED = re.compile(rf"(?P<word>已故|(?:原|前|旧|新|现)(?:户主|业主|产权人|承租人|房主))(?P<new>{_NAME})")
_MARKS = "★☆※△▲●○◆◇■□◎√✓✔#?？"
_MARKED = re.compile(rf"(?P<first>[{_MARKS}*]*)\s*(?P<new>{_NAME})\s*(?P<last>[{_MARKS}]*)")
_NUMBERED = re.compile(r"(?:^|(?<=[\s、,;]))\d{1,2}[.．、)]\s*(?=[\u3400-\u9fff])")
_QUERY = "?？"
_FORMER = re.compile(r"(?:原|前|旧)")
_SHORTEST_WITH_MORE, _LONGEST_PLAIN, _TWO = 3, 4, 2


def read_names(cell: Cell) -> NameCell:
    """Read the names of a cell, as `read_several` does, and what words and marks around a single name say.

    Of a former and a present holder the latter is taken, and told.
    """
    if is_plain_name(cell):
        return NameCell(cell)
    text = half_width(text_of(cell)).strip()
    if len(text) < _SHORTEST_WITH_MORE or (text.isalpha() and len(text) <= _LONGEST_PLAIN):
        return read_several(cell)
    return next(filter(None, (read(text) for read in _READERS)), None) or read_several(cell)


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
    if not is_name(name) or not _is_word(word):
        return None
    if word in _renting():
        return NameCell(name, "", (Named(name, role="renter"),))
    doubt = _("«{word}» says that this is a former holder. Check who it is now.").format(word=word)
    note = "" if word in _heads() else word  # 户主：王芳 says what the column does
    return NameCell(name, note, doubt=doubt if _FORMER.match(word) else "")


def _is_word(word: str) -> bool:
    return word in _renting() | _heads() | listed("dead") or _PREFIXED.fullmatch(word + "王芳") is not None


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
    if found is None or not is_name(found["new"]) or not (found["first"] or found["last"]):
        return None
    marks = found["first"] + found["last"]
    doubt = _("The name is queried in the list. Check it.") if any(one in marks for one in _QUERY) else ""
    return NameCell(found["new"], marks, doubt=doubt)


def _numbered(text: str) -> NameCell | None:
    """Read 1.王芳 2.李新 as 王芳、李新."""
    pieces = [piece.strip(" 、,;") for piece in _NUMBERED.split(text)]
    return read_several("、".join(filter(None, pieces))) if len(pieces) > _TWO and not pieces[0] else None


def _with_company(text: str) -> NameCell | None:
    """Read a person and a company parted by blanks: the first one holds the home, the other one is told."""
    pieces = text.split()
    if len(pieces) != _TWO or is_company(pieces[0]) == is_company(pieces[1]):
        return None
    if not all(is_company(piece) or is_name(piece) for piece in pieces):
        return None
    doubt = _(
        "A person and a company: «{name}» was taken for the holder, the other was added to the remarks. Check it."
    )
    return NameCell(pieces[0], pieces[1], doubt=doubt.format(name=pieces[0]))


_READERS: Sequence[Callable[[str], NameCell | None]] = (
    _marked, _was_and_is, _handed_on, _used_by, _beside_a_word, _numbered, _with_company,
)  # fmt: skip
