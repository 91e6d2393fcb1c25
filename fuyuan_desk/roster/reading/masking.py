"""Masking the cells of a roster for display: what stands in its file need not stand on the screen (PIPL §51)."""

import re
from typing import Protocol

from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import is_company, mask_name
from fuyuan_desk.formats.person import mask_contact
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.roster.reading.cells import is_blank, is_vacant
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.rows import Problem

_NAMES = frozenset(("name", "other_name", "member_name", "kin_name"))
_IDS = frozenset(("id", "other_id", "kin_id"))
# shorter runs of digits are areas, sums and lease numbers
_LEAST_DIGITS = {
    **dict.fromkeys(("area", "inner_area", "fund_first", "fund_balance", "people", "seq"), 11),
    "lease_no": 15,
}
_HIDDEN = frozenset(("contact", "remark", "registered_at", "other_ids"))
_CONTACTS = frozenset(("contact", "registered_at"))
# in a column of shares: what is no word of ownership names somebody
_NAMED = re.compile(
    r"共同共有|按份共有|按份|单独所有|单独|共有|各|占|产权|份额|(?P<name>[\u3400-\u9fff\u00b7]{2,4})"
)
_PHONE_DIGITS, _ID_DIGITS = 7, 15
_DATE_OR_DIGITS = re.compile(
    r"(?P<date>(?<!\d)(?:19|20)\d\d[-/.年]\d\d?[-/.月]\d\d?(?!\d))|\d(?:[ \-–\ufffd\x00-\x1f]?\d){6,}[Xx]?"
    # whatever stands between the digits, and letters that are typed for them
    r"|\d(?:[^\w“”«»]{0,2}[\dOoXx]){6,}"
)


class Differing(Protocol):
    """A field in which a list and the store differ."""

    @property
    def field(self) -> str:
        """The name of the field."""


def masked_digits(text: str) -> str:
    """Return a sentence about a cell with the numbers that it quotes masked, such as a telephone's."""
    return _DATE_OR_DIGITS.sub(lambda found: _masked_digits(found, _PHONE_DIGITS), text)


def masked_cell(field: str, text: str) -> str:
    """Return a cell's text with names, document numbers and telephones masked; `field` as in `FIELD_LABELS`."""
    if not text or is_blank(text):
        return text
    if field in _NAMES and not is_vacant(text) and not is_company(text):
        return _masked_names(text)
    if field == "share":
        return _NAMED.sub(
            lambda found: mask_name(found["name"] or "") or found[0], _masked_runs(text, _PHONE_DIGITS)
        )
    if field in _IDS:
        return mask_id(text)
    if field in _CONTACTS:
        return mask_contact(text)
    return _masked_runs(text, _LEAST_DIGITS.get(field, _PHONE_DIGITS))


def _masked_names(text: str) -> str:
    """Mask everybody of a cell of names: 张*、李*."""
    everybody = read_names(text).everybody
    return "、".join(mask_name(one.name) for one in everybody) if len(everybody) > 1 else mask_name(text)


def _masked_runs(text: str, least: int) -> str:
    return _DATE_OR_DIGITS.sub(lambda found: _masked_digits(found, least), text)


def _masked_digits(found: re.Match[str], least: int) -> str:
    digits = "".join(filter(str.isalnum, found[0]))
    if found["date"] or len(digits) < least:
        return found[0]
    return mask_id(digits) if len(digits) >= _ID_DIGITS else mask_phone(digits)


def masked_difference(difference: Differing, text: str) -> str:
    """Return the masked text of a value in the store or in a list; remarks are masked, too."""
    if difference.field == "person":
        return mask_name(text)
    if difference.field == "paper":
        return "、".join(map(mask_id, filter(None, text.split("、"))))
    if difference.field == "phone":
        return "、".join(map(mask_phone, filter(None, text.split("、"))))
    if difference.field in _HIDDEN:
        return mask_contact(text)
    return masked_cell(difference.field, text)


def masked_value(problem: Problem) -> str:
    """Return the masked text of the cell that a problem is about."""
    return masked_cell(problem.field, problem.value)


def masked_home(problem: Problem) -> str:
    """Return the household that a problem is about, `福元小区3号楼502室 · 张*`; "" if it is about none."""
    if problem.home is None:
        return ""
    return " · ".join(filter(None, (problem.home.address, masked_cell("name", problem.home.holder))))
