"""Which columns hold personal data (个人信息), told where the column is declared (PIPL §4, §28, §51).

Retention, the report for one person and erasing go by this alone: a table that a later job brings is under them
as soon as its columns say what they hold, and a text column that says nothing fails a test.
"""

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

_KEY = "personal"


class Kind(enum.StrEnum):
    """What a column tells of somebody."""

    NAME = "name"
    NAMES = "names"  # several, as they are written one after another
    LOGIN = "login"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    CONTACT = "contact"  # an address for letters or messages
    FREE_TEXT = "free_text"  # nobody can know what a clerk wrote there


@dataclass(frozen=True)
class Personal:
    """What a column holds; `sensitive` in the sense of PIPL §28.

    `of` parts the persons that one record tells of, such as the applicant and the firm's foreman.
    """

    kind: Kind
    sensitive: bool = False
    of: str = ""


def personal(kind: Kind, sensitive: bool = False, of: str = "") -> dict[str, Any]:
    """Say in a column's `info` that it holds personal data."""
    return {_KEY: Personal(kind, sensitive, of)}


NOT_PERSONAL: dict[str, Any] = {_KEY: None}
"""A column's `info` that says it holds none."""


def of_column(column: Column[Any]) -> Personal | None:
    """Give what personal data a column holds, None for none."""
    found: Personal | None = column.info.get(_KEY)
    return found


def columns_of(table: Table) -> dict[str, Personal]:
    """Give the personal columns of a table by name, in their order."""
    return {column.name: told for column in table.columns if (told := of_column(column)) is not None}
