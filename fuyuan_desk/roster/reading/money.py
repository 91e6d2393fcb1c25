"""Columns of money and payments: the maintenance fund's only where the list says so; pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.header_words import MONEY, is_of, match_word
from fuyuan_desk.roster.reading.headers import Column, field_label


def of_fund(columns: Sequence[Column], headers: str, titles: str, file_name: str) -> list[Column]:
    """Return the columns of a table without the fields of the fund where the money may be for something else.

    应缴金额, 余额 and 缴费日期 stand in lists of property fees and of shares in a lift, too. They are the fund's where
    a header, a title or else the file's name says 维修资金 and the title names nothing else that is paid for.
    """
    is_funds = is_of("fund", headers + titles + file_name) and (
        is_of("fund", titles) or not is_of("other", titles)
    )
    said = {column.field for column in columns if column.field in MONEY and is_of("fund", column.title)}
    return [replace(column, field="") if _is_other(column, is_funds, said) else column for column in columns]


def _is_other(column: Column, is_funds: bool, said: set[str]) -> bool:
    if column.field not in MONEY or is_of("fund", column.title):
        return False
    return not is_funds or column.field in said or is_of("other", column.title)


def unsaid_money(column: Column) -> str:
    """Return what is told of a column of money in the remarks that would be the fund's if the list said so; else ""."""
    field = match_word(column.title)[0]
    if column.field or field not in MONEY:
        return ""
    return _(
        "It is not said that this is about the maintenance fund, so it was added to the remarks. Choose “{field}” for "
        "this column if it is."
    ).format(field=field_label(field))
