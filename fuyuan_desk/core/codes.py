"""Codes that are stored, such as kinds and states, declared together with their names."""

from enum import StrEnum
from typing import Self

from fuyuan_desk.core.texts import _


class Code(StrEnum):
    """The base of an enum whose members are stored as codes: `LIFT = "lift", N_("Lift")`."""

    _value_: str
    text: str

    def __new__(cls, value: str, text: str = "") -> Self:  # a stored value alone finds its member
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member

    @property
    def label(self) -> str:
        """The name shown."""
        return _(self.text)


def label_of(member: Code) -> str:
    """Return the name of a code as shown."""
    return member.label


def name_of(codes: type[Code], stored: str) -> str:
    """Return the name of a stored code; one that this version does not know is shown as stored."""
    return next((code.label for code in codes if code == stored), stored)
