"""Columns that hold the codes of an enum, and the labels of the codes, declared with the column."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column

from fuyuan_desk.core.codes import label_of
from fuyuan_desk.store.db.personal import NOT_PERSONAL

_KEY = "codes"


@dataclass(frozen=True)
class Codes:
    """The enum whose values or names a column holds; `label` returns the text of a member for the screen."""

    enum: type[Enum]
    label: Callable[[Any], str]

    def text(self, value: Any) -> str | None:
        """Return the label of a stored code, None for an unknown one."""
        for member in self.enum:
            # numeric enums are stored by name where the number has no meaning
            if value in (member.value, member.name):
                return self.label(member)
        return None


def codes(enum: type[Enum], label: Callable[[Any], str] = label_of) -> dict[str, Any]:
    """Return the `info` of a column that holds codes of an enum, which are not personal data."""
    return {**NOT_PERSONAL, _KEY: Codes(enum, label)}


def codes_of(column: Column[Any]) -> Codes | None:
    """Return the codes declared for a column, None for none."""
    found: Codes | None = column.info.get(_KEY)
    return found
