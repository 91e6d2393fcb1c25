"""Which columns hold personal data (个人信息), declared with the column (PIPL §4, §28, §51).

Retention, the report for one person and erasure rely on this alone, so a new table is covered as soon as its columns
declare what they hold; a text column without a declaration fails a test.
"""

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

_KEY = "personal"


class Kind(enum.StrEnum):
    """The kind of personal data in a column."""

    NAME = "name"
    NAMES = "names"  # several in one text
    LOGIN = "login"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    CONTACT = "contact"  # an address for letters or messages
    FREE_TEXT = "free_text"  # may hold anything


@dataclass(frozen=True)
class Personal:
    """The declaration of a personal column; `sensitive` in the sense of PIPL §28.

    `of` distinguishes the persons in one record, such as the applicant and the firm's foreman.
    """

    kind: Kind
    sensitive: bool = False
    of: str = ""


def personal(kind: Kind, sensitive: bool = False, of: str = "") -> dict[str, Any]:
    """Return the `info` of a column that holds personal data."""
    return {_KEY: Personal(kind, sensitive, of)}


NOT_PERSONAL: dict[str, Any] = {_KEY: None}
"""The `info` of a column that holds no personal data."""


def of_column(column: Column[Any]) -> Personal | None:
    """Return the personal data declared for a column, None for none."""
    found: Personal | None = column.info.get(_KEY)
    return found


def is_declared(column: Column[Any]) -> bool:
    """Return whether a column says if it holds personal data; columns of numbers and days need not."""
    return _KEY in column.info


def columns_of(table: Table) -> dict[str, Personal]:
    """Return the personal columns of a table by name, in their order."""
    return {column.name: found for column in table.columns if (found := of_column(column)) is not None}
