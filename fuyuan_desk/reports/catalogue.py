"""The wording of the month book (`resources/forms/month_book.json`)."""

from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json


@cache
def wording() -> dict[str, Any]:
    """Return titles, columns and signatures."""
    words: dict[str, Any] = read_json("forms", "month_book.json")
    return words
