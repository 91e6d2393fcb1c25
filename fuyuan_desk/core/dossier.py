"""The file of a home or an estate (一户一档, 一小区一档): the types in which every job states what it knows.

Values are unmasked here and say how personal they are; `dossiers/rules.py` decides what a receiver gets of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Privacy(StrEnum):
    """How personal a value is, from what may be posted to what only an unmasked file holds.

    OPEN is a place or its state; OFFICE names nobody, but is not posted. A value that does not say is a TEXT.
    """

    OPEN = "open"
    OFFICE = "office"
    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    CONTACT = "contact"
    TAG = "tag"
    TEXT = "text"


@dataclass(frozen=True)
class Value:
    """One or several texts of the same kind, such as the telephones of somebody; none at all is unknown."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    privacy: Privacy = Privacy.TEXT


def value(privacy: Privacy, *texts: object) -> Value:
    """Return a value of the texts that are not empty; days as 2026-03-02, None is empty."""
    shown = (text.isoformat() if isinstance(text, date) else str(text) for text in texts if text is not None)
    return Value(tuple(text for text in shown if text), privacy)


def open_value(*texts: object) -> Value:
    """Return a value that may be posted."""
    return value(Privacy.OPEN, *texts)


def office_value(*texts: object) -> Value:
    """Return a value that names nobody, but is not posted."""
    return value(Privacy.OFFICE, *texts)


@dataclass(frozen=True)
class Item:
    """A label with its value; a value without texts is shown as not recorded."""

    label: str
    value: Value


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its share of the room, `right` aligns numbers."""

    title: str
    width: int = 10
    right: bool = False


@dataclass(frozen=True)
class Listing:
    """A table; `nothing` is said when it has no rows. Only one that `may_post` is ever posted, in its open columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    title: str = ""
    nothing: str = ""
    may_post: bool = False


@dataclass(frozen=True)
class Attached:
    """Pages attached to a record: whose they are, and the names of their pictures in the store, in their order."""

    title: str
    contents: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A part of a file; `key` is unique within it, `withheld` says why the operator may not see it.

    `left_as` names it where it is not posted, if its title says more than may be posted.
    """

    key: str
    title: str
    items: tuple[Item, ...] = ()
    listings: tuple[Listing, ...] = ()
    withheld: str = ""
    left_as: str = ""
    attached: tuple[Attached, ...] = ()


def listing(
    columns: Iterable[Column],
    rows: Iterable[tuple[Value, ...]],
    title: str = "",
    nothing: str = "",
    may_post: bool = False,
) -> Listing:
    """Return a table of columns and rows."""
    return Listing(tuple(columns), tuple(rows), title, nothing, may_post)
