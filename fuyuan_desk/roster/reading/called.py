"""How lists call people in place of their names: 王师傅, 王建国老师, 李建华妈妈; pure functions."""

from functools import cache, lru_cache

from fuyuan_desk.roster.reading.cells import listed, words_of
from fuyuan_desk.roster.reading.people import NO_MEMBERS

_LONGEST_NAME = 4
_SHORTEST_NAME = 2
_BETWEEN = ("", "的", "之", "家", "家的")


@cache
def _forms() -> tuple[str, ...]:
    return tuple(sorted(listed("forms_of_address"), key=len, reverse=True))


@lru_cache(maxsize=4_096)
def form_of_address(text: str) -> str:
    """Return the form of address behind a surname or a name: 师傅 of 王师傅 and 王建国师傅; "" for none."""
    if not text.endswith(_forms()):
        return ""
    form = next(one for one in _forms() if text.endswith(one))
    return form if 0 < len(text) - len(form) <= _LONGEST_NAME else ""


def kinship(text: str, name: str) -> str:
    """Return the word by which a text calls a relative of somebody of a name: 妈妈 of 李建华妈妈; "" for none.

    王小妹 may be another name beside 王小; 王小之妹 and 李建华妹 are none.
    """
    if len(name) < _SHORTEST_NAME or len(text) <= len(name) or not text.startswith(name):
        return ""
    relations, rest = words_of("relations"), text.removeprefix(name)
    words = [rest.removeprefix(between) for between in _BETWEEN if rest.startswith(between)]
    if len(rest) == 1 and len(name) == _SHORTEST_NAME:
        return ""
    return next((word for word in words if relations.get(word, "head") not in NO_MEMBERS), "")
