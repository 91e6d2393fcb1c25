"""Identity document numbers: resident ID cards, credit codes, passports; parsing, validation, masking."""

import re
from datetime import date
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from stdnum.cn import ric, uscc

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.formats.fillers import is_filler
from fuyuan_desk.formats.names import half_width


class IdKind(StrEnum):
    """Kind of identity document."""

    RESIDENT = "resident"
    USCC = "uscc"
    PASSPORT = "passport"
    HK_MACAU = "hk-macau"
    TAIWAN = "taiwan"
    PERMANENT = "permanent"
    OTHER = "other"


_RESIDENT_ID = IdKind.RESIDENT  # for each row of a roster: to look a member up in its class takes long
_LABELS = {
    IdKind.RESIDENT: N_("Resident ID"),
    IdKind.USCC: N_("Unified social credit code"),
    IdKind.PASSPORT: N_("Passport"),
    IdKind.HK_MACAU: N_("Hong Kong and Macau permit"),
    IdKind.TAIWAN: N_("Taiwan permit"),
    IdKind.PERMANENT: N_("Permanent residence card"),
    IdKind.OTHER: N_("Other paper"),
}
_RESIDENT = re.compile(r"\d{17}[\dX]")
# nearly every number of a roster: the day of birth is one that each month has
_PLAIN_RESIDENT = re.compile(r"[0-9]{10}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]")
_CHECK_DIGITS = "1X864209753"
"""The check digit by the remainder that eleven leaves of the other 17 digits, as one number of base 13."""
_USCC = re.compile(r"[\dA-HJ-NPQRTUWXY]{2}\d{6}[\dA-HJ-NPQRTUWXY]{10}")
_CODE_LENGTH, _NOT_IN_CODES = 18, "IOSVZ"  # which look like 1, 0, 5, U and 2 (GB 32100)
_OTHER_PAPERS = (
    (IdKind.HK_MACAU, re.compile(r"[HM]\d{8}(?:\d{2})?")),
    (IdKind.PASSPORT, re.compile(r"[A-Z]{1,2}\d{7,8}|1[45]\d{7}")),
    (IdKind.TAIWAN, re.compile(r"\d{8}|\d{10}[A-Z]")),
    (IdKind.PERMANENT, re.compile(r"[A-Z]{3}\d{12}")),
)
_MONTHS = frozenset(f"{month:02}" for month in range(1, 13))
_ID_NOISE = re.compile(r"[\s'’`\-.]+")
_ID_LENGTHS = (15, 18)
_ID_SEPARATORS = re.compile(r"[/、,;|\n\r\t]+|或者?|以及|[及和]")
_ID_NOTE = re.compile(r"[（(【\[]([^（）()【】\[\]]*[\u3400-\u9fff][^（）()【】\[\]]*)[）)】\]]")
_ID_LABEL = re.compile(r"\s*([\u3400-\u9fff·]{1,12})\s*[:：]?\s*(?=[A-Za-z\d])")
_ID_TITLE = re.compile(r"(?:居民|本人)?(?:身份证|证件|护照|信用代码|身份|证照|通行证)?(?:号码?|编号)?")
_SHORTEST_OF_SEVERAL = 9


class Paper(NamedTuple):
    """An identity document: its number as stored, and a warning about it or an empty string."""

    kind: IdKind
    number: str
    doubt: str = ""


_new_paper = partial(tuple.__new__, Paper)  # for each row of a roster, in half the time


def id_kind_label(kind: str) -> str:
    """Return the label of a kind of identity document, or an empty string for an unknown code."""
    return _(_LABELS[IdKind(kind)]) if kind in _LABELS else ""


def _resident_doubt(number: str) -> str:
    if ric.calc_check_digit(number) != number[-1]:
        return _("The check digit of this ID number does not match. Compare it with the card.")
    if number[10:12] in _MONTHS and "01" <= number[12:14] <= "28":
        return ""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return _("The date of birth in this ID number is not valid. Compare it with the card.")
    return ""


def parse_id_number(text: str) -> Paper:
    """Parse an identity document number; verify the check digits of resident IDs and credit codes (domain §8).

    Prefixes are not checked; a doubtful number is kept, with a warning in `doubt`. A number of no known shape is of the
    kind `OTHER` and kept whole, however long it is.
    """
    # the same as `_resident_doubt` finds, in a third of the time
    if _PLAIN_RESIDENT.fullmatch(text) and _CHECK_DIGITS[int(text[:-1], 13) % 11] == text[-1]:
        return _new_paper((_RESIDENT_ID, text, ""))
    number = _ID_NOISE.sub("", half_width(text)).upper()
    if _RESIDENT.fullmatch(number):
        doubt = _resident_doubt(number)
        # a credit code of digits only: no year of birth, and a valid check digit of its own
        is_code = doubt and number[6:8] not in ("19", "20") and _USCC.fullmatch(number)
        if is_code and uscc.calc_check_digit(number[:-1]) == number[-1]:
            return Paper(IdKind.USCC, number)
        return Paper(_RESIDENT_ID, number, doubt)
    if is_credit_code(number):
        return Paper(IdKind.USCC, number, credit_code_doubt(number))
    if len(number) == 15 and number.isdigit():
        return Paper(IdKind.RESIDENT, number, _("This is an old 15-digit ID number. Enter the 18-digit one."))
    if number.rstrip("X").isdigit() and 12 <= len(number) <= 20:
        doubt = _("An ID number has 18 characters, this one has {n}. Compare it with the card.").format(
            n=len(number)
        )
        return Paper(IdKind.RESIDENT, number, doubt)
    for kind, pattern in _OTHER_PAPERS:
        if pattern.fullmatch(number):
            return Paper(kind, number)
    return Paper(IdKind.OTHER, half_width(text))


class Papers(NamedTuple):
    """The contents of a cell of document numbers: the documents, and the remaining text."""

    papers: tuple[Paper, ...] = ()
    words: str = ""


def read_id_numbers(text: str) -> Papers:
    """Read every document number of a cell, each checked; fillers such as 111111111111111111 are no numbers.

    What is not recognised is of the kind `OTHER` and kept whole; what has no digit is among the words.
    """
    whole = parse_id_number(text)
    if _is_recognised(whole):
        return Papers() if is_filler(whole.number, half_width(text)) else Papers((whole,))
    plain = half_width(text)
    words = [note.strip() for note in _ID_NOTE.findall(plain)]
    numbers: list[str] = []
    for piece in filter(None, map(str.strip, _ID_SEPARATORS.split(_ID_NOTE.sub(" ", plain)))):
        if label := _ID_LABEL.match(piece):
            words += [] if _ID_TITLE.fullmatch(label[1]) else [label[1]]
            piece = piece[label.end() :]
        if any(map(str.isdigit, piece)):
            numbers += [number for number in _several(piece) if not is_filler(_bare(number), number)]
        else:
            words.append(piece)
    return Papers(tuple(map(parse_id_number, dict.fromkeys(numbers))), "、".join(dict.fromkeys(words)))


def _bare(text: str) -> str:
    return _ID_NOISE.sub("", half_width(text)).upper()


def _is_recognised(paper: Paper) -> bool:
    # a resident ID of another length may be two numbers, or one with a note
    return paper.kind != IdKind.OTHER and (paper.kind != IdKind.RESIDENT or len(paper.number) in _ID_LENGTHS)


def _several(piece: str) -> list[str]:
    # blanks separate the groups of one number as well as two numbers
    bare = _bare(piece)
    if re.fullmatch(r"(?:\d{17}[\dX]){2,}", bare):
        return [bare[start : start + 18] for start in range(0, len(bare), 18)]
    groups = piece.split()
    if len(groups) > 1 and all(
        len(group) >= _SHORTEST_OF_SEVERAL and _is_recognised(parse_id_number(group)) for group in groups
    ):
        return groups
    return [piece]


def is_credit_code(text: str) -> bool:
    """Return whether a text has the shape of a unified social credit code, whatever its check digit says."""
    return _USCC.fullmatch(text) is not None


def clean_credit_code(text: str) -> str:
    """Return a credit code as it is compared: half width, capital letters, without blanks and hyphens."""
    return _ID_NOISE.sub("", half_width(text)).upper()


def credit_code_fault(code: str) -> str:
    """Return why a code from `clean_credit_code` cannot be one, in words for its field; '' if it has the shape."""
    if is_credit_code(code):
        return ""
    if len(code) != _CODE_LENGTH:
        text = _("A credit code has 18 characters, this one has {n}. Compare it with the licence.")
        return text.format(n=len(code))
    if wrong := "".join(dict.fromkeys(char for char in code if char in _NOT_IN_CODES)):
        text = _("A credit code has no {letters}: look whether it is a digit. Compare it with the licence.")
        return text.format(letters=_(", ").join(wrong))
    return _("A credit code has digits in places 3 to 8 and no other characters than digits and letters.")


def credit_code_doubt(text: str) -> str:
    """Return the warning about a typed credit code, or an empty string."""
    number = clean_credit_code(text)
    if not is_credit_code(number):
        return _("A credit code has 18 characters; this one is incomplete.")
    if uscc.calc_check_digit(number[:-1]) == number[-1]:
        return ""
    return _("The check digit of this credit code does not match. Compare it with the licence.")


def parse_typed_id_number(kind: str, number: str) -> Paper | None:
    """Parse the number typed for a document of `kind` ('' = detect it from the number); None when nothing is typed."""
    if not half_width(number):
        return None
    paper = parse_id_number(number)
    if not kind or kind == paper.kind:
        return paper
    if kind in (IdKind.RESIDENT, IdKind.USCC):
        doubt = _("This does not look like the number of: {kind}. Compare it with the document.")
        return Paper(IdKind(kind), paper.number, doubt.format(kind=id_kind_label(kind)))
    return Paper(IdKind(kind), half_width(number).upper())


def id_doubt(kind: str, number: str) -> str:
    """Return the warning about a stored document number, or an empty string."""
    paper = parse_typed_id_number(kind, number)
    return paper.doubt if paper else ""


def mask_id(number: str) -> str:
    """Mask the middle of a document number: `310101********1234` (PIPL §51)."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return number[:2] + "*" * max(len(number) - 4, 2) + number[-2:] if len(number) > 4 else "*" * len(number)
