"""Telephones and documents right of somebody who is no holder: 代办人, 电话; pure functions over columns and cells."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from fuyuan_desk.core import paths
from fuyuan_desk.roster.reading.cells import WORDS, Cell, text_of
from fuyuan_desk.roster.reading.header_words import OTHER, SUB_LANDLORD, match_word
from fuyuan_desk.roster.reading.headers import NUMBER_FIELDS, Column
from fuyuan_desk.roster.reading.no_names import Said, said_by
from fuyuan_desk.roster.reading.whose import (
    is_former,
    is_somebody_else,
    named_person,
    names_nobody,
    relation_of,
)

_SAMPLE = 200
_LONGEST_NAME = 3
_LEAST = (4, 5)  # so many of the cells are names of a column of names
_PLACE_ENDS = frozenset("省市县区镇乡村路弄街族州")
_NO_PERSON = re.compile(r"(?:[区村宅镇乡地道路里址队组站厂校族]|单位)$")  # 所属社区: 周家渡, 唐家湾
_PERSON = re.compile(r"(?:[人者员长]|代表|姓名|名字)$")


def with_strangers(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Sequence[Column]:
    """Return the columns with `whose` for the numbers right of somebody who is no holder by the title or the cells.

    Where the holder has a number of her own, or is named only behind them, they become contacts.
    """
    names = [column for column in columns if column.field == "name" and not _is_known_stranger(column)]
    whose = _whose(columns, names, rows) if names else {}
    if not whose:
        return columns
    found = list(columns)
    for place, whom in whose.items():
        column = columns[place]
        is_before = column.index < min(name.index for name in names)
        has_own = any(
            other.field == column.field and number not in whose and not is_somebody_else(other.title)
            for number, other in enumerate(columns)
        )
        if relation_of(whom) and not is_before:
            continue  # 配偶, 电话: settled with the people of the household
        found[place] = replace(column, whose=whom)
        if has_own or is_before:
            title = f"{whom}{column.title}"
            found[place] = replace(
                column, title=title, field=NUMBER_FIELDS[column.field], holder=None, whose=whom
            )
    return found


def _whose(
    columns: Sequence[Column], names: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, column in enumerate(columns):
        if not place or column.field not in NUMBER_FIELDS or not names_nobody(column.title):
            continue
        before = place - 1
        if before and columns[before].title.endswith("关系"):
            before -= 1
        whom = found.get(before) or _stranger(columns[before], names, rows)
        if whom:
            found[place] = whom
    return found


def _is_known_stranger(column: Column) -> bool:
    if column.field == "name":
        return is_former(column.title)
    return is_somebody_else(column.title) or SUB_LANDLORD in column.title


def _stranger(column: Column, names: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> str:
    """Return whom a column of names of somebody beside the holder is about, "" for other columns."""
    if not column.title or column.field not in ("", "name"):
        return ""
    if _is_known_stranger(column):
        return named_person(column.title)
    if column.field or match_word(column.title)[0] == OTHER:
        return ""  # 性别, 曾用名
    whom = named_person(column.title)
    return whom if not _NO_PERSON.search(whom) and _holds_names(column, names, rows) else ""


def _holds_names(column: Column, names: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether most cells of a column are names of others than the holder in their row."""
    texts = set()
    for row in rows[:_SAMPLE]:
        text = text_of(row[column.index]) if column.index < len(row) else ""
        if text and all(name.index >= len(row) or text_of(row[name.index]) != text for name in names):
            texts.add(text)
    found = [text for text in texts if _is_usual_name(text)]
    long = sum(len(text) == _LONGEST_NAME for text in found)
    # 江苏 and 高中 begin as names do, but hardly any place or school has three characters
    is_sure = _PERSON.search(column.title) is not None or long * 3 >= len(found)
    return bool(found) and len(found) * _LEAST[1] >= len(texts) * _LEAST[0] and is_sure


def _is_usual_name(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST_NAME
        and text[0] in _usual_surnames()
        and text[-1] not in _PLACE_ENDS
        and said_by(text) is Said.NAME
    )


@cache
def _usual_surnames() -> frozenset[str]:
    return frozenset(paths.read_json(*WORDS)["usual_surnames"])
