"""What is the same to a clerk though written in another way."""

import re
import unicodedata
from datetime import date
from typing import Any

_ENDINGS = {"entrance": "单元", "floor": "楼", "unit": "室", "estate": "小区"}
_HOUSE = re.compile(r"(?:号楼|[号幢栋座楼#])$")


def plain(text: str) -> str:
    """Return a text without differences that no clerk sees: widths, blanks, 號."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("號", "号")


def simple(field: str, value: Any) -> Any:
    """Return a value without what is only a way of writing it: 1号楼 and 1幢, 203室 and 203, 021-5465… and 5465…."""
    if field == "phones":
        return sorted(re.sub(r"\D", "", number).removeprefix("021") for number in value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = plain(value)
    return _HOUSE.sub("", text) if field == "building" else text.removesuffix(_ENDINGS.get(field, ""))
