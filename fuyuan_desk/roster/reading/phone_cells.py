"""Cells of telephones with words beside the numbers: whose each is, and which is none any more; pure functions.

儿子13800250101 is no number of the holder: a clerk who calls it for her reaches somebody else.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.formats.phones import Phones, dialled, read_phones
from fuyuan_desk.roster.reading.cells import listed
from fuyuan_desk.roster.reading.whose import is_former, names_somebody_else

_NUMBER = re.compile(r"(?:\+|00)?\d[\d \-]{5,18}\d(?:(?:转|[-#*])\d{1,6})?")
_NOTE = re.compile(r"^\s*[（(【\[]([^）)】\]]*)[）)】\]]")
_PLAIN_LABELS = frozenset(("", "手机", "电话", "联系电话", "座机", "固话", "宅电", "号码"))
_EDGES = " \t\r\n、,;；，/|:：。.()（）【】[]"
_PARTED = re.compile(r"^[\s、,;；，/|]")
# 旧→新; 改 alone stands in names
_BECAME = re.compile(r"→|->|=>|改为|改成|更改为|变更为|换成|换为")
_BETWEEN = re.compile(r"[\s、,;:/|]+")
_ASKED = re.compile(r"^(?:请?打|找|请?联系(?!人)|代)?(.*?)(?:的?(?:电话|手机|号码|手机号))?(?:代接|代|收)?$")


class Numbered(NamedTuple):
    """A number of a cell as dialled, and the word that says whose it is or what is the matter with it."""

    number: str
    label: str


def told_apart(text: str, read: Phones, holder: str) -> Phones:
    """Return what a cell says with each number's word looked at; `read` is what it says without that.

    A number with somebody else's word is among `others` with it; what is no number any more – 错, 空号, 旧 – is among
    the words; a word that says neither is told, unless it is in the name of the `holder`.
    """
    numbered = list(_numbered(half_width(text)))
    if not numbered or not all(number for number, _label in numbered):
        return read
    own: list[str] = []
    others: list[str] = []
    words: list[str] = []
    doubts = list(read.doubts)
    for number, label in numbered:
        if not label or label in listed("own_marks") | listed("own_numbers") or (holder and label in holder):
            own.append(number)
            words += [label] if label not in _PLAIN_LABELS else []
        elif _is_void(label):
            words.append(f"{number}（{label}）")
        elif is_former(label) or names_somebody_else(label):
            others.append(f"{label}：{number}")
        else:
            own.append(number)
            words.append(label)
            message = _("Whose number this is, is not known: «{word}» was added to the remarks. Check it.")
            doubts.append(message.format(word=label))
    return Phones(tuple(dict.fromkeys(own)), "、".join(dict.fromkeys(words)), tuple(doubts), tuple(others))


def beside_name(note: str, holder: str) -> Phones | None:
    """Return the numbers that stand with a name in its cell, None if there is none that can be dialled.

    Whose word is not one of the holder's own is somebody else: who that is, is told unless it is a word for somebody.
    """
    if not any(map(str.isdigit, note)) or not (read := read_phones(note)).numbers or read.doubts:
        return None
    numbered = list(_numbered(half_width(note)))
    if not numbered or not all(number for number, _label in numbered):
        return None
    own: list[str] = []
    others: list[str] = []
    words: list[str] = []
    doubts: list[str] = []
    for number, label in numbered:
        if not label or label in listed("own_marks") | listed("own_numbers") or label == holder:
            own.append(number)
            words += [label] if label not in (*_PLAIN_LABELS, holder) else []
        elif _is_void(label):
            words.append(f"{number}（{label}）")
        else:
            others.append(f"{label}：{number}")
            if not any(names_somebody_else(piece) for piece in _BETWEEN.split(label)):
                message = _(
                    "«{word}» stands with this number beside the name: it is kept as a contact. Check it."
                )
                doubts.append(message.format(word=label))
    return Phones(tuple(dict.fromkeys(own)), "、".join(words), tuple(doubts), tuple(others))


def _is_void(label: str) -> bool:
    return label in listed("void_numbers") or (
        not is_former(label)
        and any(label.startswith(word) for word in listed("void_numbers") if len(word) > 1)
    )


def _numbered(text: str) -> Iterator[Numbered]:
    """Yield the numbers of a cell, each with its word; one that cannot be dialled is ""."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return
    gaps = [
        text[start:end]
        for start, end in zip(
            (0, *(one.end() for one in found)), (*(one.start() for one in found), len(text)), strict=True
        )
    ]
    before, behind = _words_by_number(gaps)
    for one, first, second in zip(found, before, behind, strict=True):
        yield Numbered(dialled(one[0]), _ASKED.sub(r"\1", f"{first}{second}".strip(_EDGES)).strip(_EDGES))


def _words_by_number(gaps: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words before and behind each number, of those between all of them."""
    count = len(gaps) - 1
    before, behind = [""] * count, [""] * count
    before[0] = gaps[0].strip(_EDGES)
    is_word_first = bool(before[0])
    for place, gap in enumerate(gaps[1:]):
        if note := _NOTE.match(gap):
            behind[place], gap = note[1].strip(_EDGES), gap[note.end() :]
        is_last = place == count - 1
        if became := _BECAME.search(gap):
            gap = gap[: became.start()] + gap[became.end() :]
            behind[place] = behind[place] or "旧"
        word = gap.strip(_EDGES)
        if is_last or (word and not is_word_first and not _PARTED.match(gap)):
            behind[place] = behind[place] or word
        else:
            before[place + 1] = word
    return before, behind
