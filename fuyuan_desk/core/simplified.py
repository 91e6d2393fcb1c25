"""Traditional Chinese characters and the simplified ones that stand for them."""

from functools import cache

from fuyuan_desk.core import paths


@cache
def simplified_characters() -> dict[int, str]:
    """Return the simplified character of each traditional one, as a table for `str.translate`."""
    pairs = paths.read_json("pinyin", "traditional.json")["pairs"]
    return {ord(one): other for many, others in pairs for one, other in zip(many, others, strict=True)}


def simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return text if text.isascii() else text.translate(simplified_characters())
