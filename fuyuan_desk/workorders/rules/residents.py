"""Texts of orders without who lives there: what a property company and the paper are told."""

import re

from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.phones import mask_phone

# digits and marks one by one: whatever else is typed in full width, such as a comma, stays as it is
_HALF_WIDTH = str.maketrans("０１２３４５６７８９－＋Ｘｘ", "0123456789-+Xx")
_BETWEEN = r"[ \-\u2010-\u2015]?"
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_BETWEEN})?(1[3-9]\d{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}})(?!\d)")
_LANDLINE = re.compile(
    rf"(?<!\d)[(（]?(0(?:10|2\d|[3-9]\d\d))[)）]?{_BETWEEN}([1-9]\d{{2,3}}{_BETWEEN}\d{{4}})(?!\d)"
)
# one of the city; numbers of orders and of devices have letters or hyphens before them
_LOCAL = re.compile(r"(?<![\dA-Za-z\-])([2-9]\d{3} ?\d{4})(?!\d)")
_DAY = re.compile(r"20\d\d ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def without_residents(text: str, reporter: str, phone: str) -> str:
    """Return a text with whoever reported the order masked in it, and all numbers of telephones and papers (PIPL §51).

    Digits in full width are written in half width.
    """
    text = text.translate(_HALF_WIDTH)
    for known, mask in ((reporter, mask_name), (phone.translate(_HALF_WIDTH), mask_phone)):
        if len(known) > 1:
            text = text.replace(known, mask(known))
    text = _ID_NUMBER.sub(lambda found: mask_id(found[0]), text)
    text = _MOBILE.sub(lambda found: mask_phone(_digits(found[1])), text)
    text = _LANDLINE.sub(lambda found: mask_phone(f"{found[1]}-{_digits(found[2])}"), text)
    return _LOCAL.sub(_masked_local, text)


def _masked_local(found: re.Match[str]) -> str:
    return found[0] if _DAY.fullmatch(found[1]) else mask_phone(_digits(found[1]))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
