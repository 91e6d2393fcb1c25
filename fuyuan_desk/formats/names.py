"""Names of people and companies: normalization, validation, masking."""

import re
import unicodedata

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible, visible_lines

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}


def half_width(text: str) -> str:
    """Convert full-width characters to half-width ones; remove invisible characters and outer blanks."""
    text = visible_lines(text)
    return text if text.isascii() else text.translate(_HALF).strip()


NAME_LENGTH = 50
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_COMBINING = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_DOTS = re.compile(rf"(?<=[{_HAN}])\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65.]\s*(?=[{_HAN}])")
_SPACES_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_LETTERS = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NAME_CHARS = _LETTERS | {0x3000: " ", 0xA0: " "}
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_COMPANY = re.compile(
    r"公司|集团|厂$|商店$|商行$|酒店$|饭店$|银行|学校$|医院$|幼儿园$|委员会$|居委会$|业委会$|物业$|中心$|协会$"
    r"|事务所|合作社|管理所$|房管所|街道办|办事处|研究所$|研究院$|工作室$|经营部$|门市部$|服务部$|旅馆$|超市$"
    r"|有限合伙|分行$|支行$|总部$|基金会|\b(?:Ltd|Inc|Co|Corp|GmbH|LLC)\b\.?",
    re.IGNORECASE,
)

# what Excel shows of a yes, a no or a number
_VALUE = re.compile(r"true|false|[-+]?[\d.]+e[-+]?\d+", re.IGNORECASE)


def normalize_name(text: str) -> str:
    """Normalize a name: dot U+00B7, no blanks between Chinese characters (domain §8)."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    name = " ".join(visible(text).translate(_NAME_CHARS).split())
    # u and its dots are one letter; Chinese characters stay as they are, which composing would replace
    name = _COMBINING.sub(lambda found: unicodedata.normalize("NFC", found[0]), name)
    return _SPACES_IN_HAN.sub("", _DOTS.sub("\u00b7", name))


def names_apart(text: str) -> list[str]:
    """Return the names in a text, which marks or blanks keep apart: 何斌、陈静怡."""
    return [name for name in _BETWEEN.split(text) if name]


def name_fault(name: str) -> str:
    """Return what is wrong with a normalized name, or an empty string."""
    if not name:
        return _("The name is missing. Enter it.")
    if len(name) > NAME_LENGTH:
        return _("The name is longer than {n} characters. Shorten it.").format(n=NAME_LENGTH)
    if not any(char.isalpha() for char in name) or _VALUE.fullmatch(name):
        return _("This does not look like a name. Enter the name of a person or a company.")
    return ""


def is_company(name: str) -> bool:
    """Return whether a name contains a term for an organisation."""
    return len(name) > 3 and _COMPANY.search(name) is not None


def company_end(name: str) -> int:
    """Return where the last term for an organisation in a name ends, 0 without one."""
    return max((found.end() for found in _COMPANY.finditer(name)), default=0)


ANONYMOUS = "已匿名"
"""Replaces a name whose retention period has ended (PIPL §19)."""


def mask_name(name: str, company: bool = False) -> str:
    """Mask all but the first character of a person's name: 张*; company names are public (PIPL §51)."""
    return name if company or not name or name == ANONYMOUS else name[0] + "*"
