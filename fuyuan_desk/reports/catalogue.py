"""The wording of the papers: `month_book.json` and `not_done.json` in `resources/forms/`."""

from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json


@cache
def wording() -> dict[str, Any]:
    """Return titles and signatures of the month book."""
    words: dict[str, Any] = read_json("forms", "month_book.json")
    return words


@cache
def not_done_wording() -> dict[str, Any]:
    """Return titles, columns and states of the list of what is not done."""
    words: dict[str, Any] = read_json("forms", "not_done.json")
    return words
