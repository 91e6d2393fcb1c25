"""Telephone numbers as clerks write them, normalized to the dialled form (domain §8); pure functions."""

import re
from functools import partial
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.fillers import is_filler
from fuyuan_desk.formats.names import half_width

_MOBILE = re.compile(r"1[3-9]\d{9}")
_NONE = re.compile(
    r"(?:暂?无|没有?|无电话|无手机|无联系方式|未装|未留|未填|未登记|暂?缺|不详|未知|空号?|[-/\\*x×—–~0]+|n/?a|none|nil|同上)?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[/、,;|\n\r\t，；]+|或者?|以及|及(?=[\d+(])|和(?=[\d+(])")
_NOTE = re.compile(r"[（(【\[]([^）)】\]]*?[^\d\s\-+）)】\]][^）)】\]]*?)[）)】\]]")
_LONG_NUMBER = re.compile(r"(\d\.\d+)[eE]\+?(\d\d)|(\d{7,12})\.0+")
_NOISE = re.compile(r"[\s\-()\u2010-\u2015.·]+")
_WORDS = re.compile(r"[^\d+\s\-()转#*xX.\u2010-\u2015]+")
_EXTENSION = re.compile(r"(?:转|分机|[-#*xX]|ext\.?)\s*(\d{1,6})$")
_LOCAL = re.compile(r"[2-9]\d{7}")
_LOST_ZERO = re.compile(r"21[2-9]\d{7}")  # 02162093705 in a column of numbers
_AREA = re.compile(r"(010|02\d|0[3-9]\d{2})([1-9]\d{6,7})")
_SERVICE = re.compile(r"[48]00\d{7}|9\d{4}")
_OVERSEAS = re.compile(r"\+\d{7,15}")
_LABEL_ONLY = re.compile(r"[:：。\s]*(?:(?:手机|电话|联系电话|座机|固话|宅电|号码)[:：。\s]*)?")
_ABROAD = re.compile(r"(?:\+|00)(?!\s*86)")
_INLAND_ZERO = re.compile(r"^((?:\+|00)[\d\s\-]*)\(0\)")  # +44 (0)20 …: dialled within that country only
# a day has the eight digits of a landline, 9:00:00 the five of a service
_MOMENT = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?: .*)?|\d{1,3}:\d\d(?::\d\d)?")
CITY = "021"
LONGEST_PHONE = 30


class Phones(NamedTuple):
    """The contents of a cell: numbers as dialled, the remaining text, and a warning for each invalid number.

    `others` are numbers of somebody else, each behind whose it is: 儿子：13800250101.
    """

    numbers: tuple[str, ...] = ()
    words: str = ""
    doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


NO_PHONES = Phones()
_new_phones = partial(tuple.__new__, Phones)  # for each row of a roster, in half the time


def dialled(text: str) -> str:
    """Normalize one number to its dialled form (`13812345678`, `021-62093705`, `+85291234567`), "" if invalid."""
    extension = ""
    piece = _INLAND_ZERO.sub(r"\1", text.strip())
    if _MOMENT.fullmatch(piece):
        return ""
    digits = _NOISE.sub("", piece)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+86"):
        digits = digits[3:]
    elif re.fullmatch(r"86(1[3-9]\d{9})", digits):
        digits = digits[2:]
    if digits.startswith("+"):
        return digits if _OVERSEAS.fullmatch(digits) else ""
    if _MOBILE.fullmatch(digits):
        return digits
    if found := _EXTENSION.search(piece):
        body = _NOISE.sub("", piece[: found.start()])
        if _LOCAL.fullmatch(body) or _AREA.fullmatch(body):
            digits, extension = body, "-" + found[1]
    if _LOST_ZERO.fullmatch(digits):
        digits = digits[2:]
    if _LOCAL.fullmatch(digits):
        return f"{CITY}-{digits}{extension}"
    if found := _AREA.fullmatch(digits):
        return f"{found[1]}-{found[2]}{extension}"
    return digits if _SERVICE.fullmatch(digits) else ""


def clean_phone(text: str) -> str:
    """Normalize a number entered in a form to its dialled form; an invalid one is kept in half-width characters."""
    plain = half_width(text)
    return dialled(plain) or plain


def _several(piece: str) -> list[str]:
    # blanks separate the groups of one number as well as two numbers: join groups until they form a number
    whole = dialled(piece)
    if whole:
        return [whole]
    if re.fullmatch(r"(?:1[3-9]\d{9}){2,}", _NOISE.sub("", piece)):
        digits = _NOISE.sub("", piece)
        return [digits[start : start + 11] for start in range(0, len(digits), 11)]
    found: list[str] = []
    pending = ""
    for group in piece.split():
        pending = f"{pending} {group}" if pending else group
        if number := dialled(pending):
            found.append(number)
            pending = ""
    return [] if pending else found


def phone_fault(text: str) -> str:
    """Return what is wrong with a number entered in a form and how to type it, or an empty string."""
    plain = half_width(text)
    if dialled(plain):
        return ""
    if _ABROAD.match(plain):
        fault = _(
            "{number} is not a telephone number: one abroad has + or 00, the country code and its digits, such as"
            " +44 20 7946 0958."
        )
    elif re.search(r"[^\W\d_]", _EXTENSION.sub("", plain)):
        fault = _("{number} is not a telephone number: enter the number alone, without words.")
    else:
        fault = _(
            "{number} is not a telephone number: a mobile has 11 digits, a landline 8 after 021-; one abroad begins"
            " with + or 00."
        )
    return fault.format(number=text.strip())


def read_phones(value: object) -> Phones:
    """Read every number of a cell; invalid ones are kept as written, each with a warning.

    Fillers such as 99999999 are no numbers. One that is longer than `LONGEST_PHONE` is among the words, whole.
    """
    if type(value) is str and _MOBILE.fullmatch(value):  # nearly every cell of a roster
        return _new_phones(((value,), "", (), ()))
    text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    if _MOBILE.fullmatch(text):
        return Phones((text,))
    text = half_width(text).strip("'`=\" ")
    if long := _LONG_NUMBER.fullmatch(text):
        return _spreadsheet_number(text, long)
    if _NONE.fullmatch(text):
        return NO_PHONES
    words = [note.strip() for note in _NOTE.findall(text)]
    numbers: list[str] = []
    doubts: list[str] = []
    for piece in _SEPARATORS.split(_NOTE.sub(" ", text).replace("'", " ")):
        if _MOMENT.fullmatch(piece.strip()):
            words.append(piece.strip())
            doubts.append(_("{text} is a date or a time, not a telephone number.").format(text=piece.strip()))
            continue
        words += _WORDS.findall(piece)
        bare = _WORDS.sub(" ", piece).strip(" -.:：")
        if not re.search(r"\d", bare) or is_filler(_NOISE.sub("", bare), bare):
            continue
        found = [number for number in _several(bare) if not is_filler(number)]
        if found:
            numbers += found
        else:
            doubts.append(phone_fault(bare))
            (numbers if len(bare) <= LONGEST_PHONE else words).append(bare)
    kept = "、".join(word for word in words if not _LABEL_ONLY.fullmatch(word))
    return Phones(tuple(dict.fromkeys(numbers)), kept, tuple(doubts))


def _spreadsheet_number(text: str, found: re.Match[str]) -> Phones:
    # a CSV written by Excel: 17617524480.0, or 1.38E+10, whose digits are lost
    whole = found[3] or f"{float(text):.0f}"
    lost = found[3] is None and len(found[1]) - 2 < int(found[2])
    if not lost:
        return read_phones(whole)
    doubt = _("Excel shortened this number. Format the column as text and enter the number again.")
    return Phones((), text, (doubt,))


def mask_phone(number: str) -> str:
    """Mask the middle of a number: `138****5678`, `021-****3705` (PIPL §51)."""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    head = number[:4] if number.startswith(("+", f"{CITY}-")) else number[:3]
    return f"{head}****{number[-4:]}" if len(number) > 7 else "*" * len(number)
