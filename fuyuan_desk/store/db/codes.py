"""Which columns hold the codes of an enum and how screens name them, declared with the column."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column

from fuyuan_desk.store.db.personal import NOT_PERSONAL

_KEY = "codes"


@dataclass(frozen=True)
class Codes:
    """The enum whose values or names a column holds; `label` names a member in the language of the screen."""

    enum: type[Enum]
    label: Callable[[Any], str]

    def text(self, value: Any) -> str | None:
        """Name a stored code, None for one that is unknown."""
        for member in self.enum:
            # enums of numbers are stored by name where the number says nothing
            if value in (member.value, member.name):
                return self.label(member)
        return None


def codes(enum: type[Enum], label: Callable[[Any], str]) -> dict[str, Any]:
    """Declare in a column's `info` that it holds codes of an enum, which are no personal data."""
    return {**NOT_PERSONAL, _KEY: Codes(enum, label)}


def codes_of(column: Column[Any]) -> Codes | None:
    """Return what codes a column holds, None for none."""
    found: Codes | None = column.info.get(_KEY)
    return found
