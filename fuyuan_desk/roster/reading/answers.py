"""Columns of yes and no, such as 是否业主: they say what somebody is, never who; pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import Cell, is_blank, listed, text_of, words_of
from fuyuan_desk.roster.reading.header_words import explained, normal_header
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.rows import Problem

_ASKED = re.compile(r"(?:是否|是不是|有无|有否)(?:为|是|系)?(?P<word>.*)")
_HEADS = frozenset(("户主", "本人", "户主本人"))
_HOLDERS = frozenset(("owner", "tenant", "renter"))
_PEOPLE = frozenset(("name", "phone", "id", ""))
_SAMPLE = 200
# of somebody who is said not to be this: she lives there; that she rents or owns is not said
_NOT_ONE = {"owner": "使用人", "tenant": "使用人"}


def without_answers(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """Return the columns with those of yes and no as roles or relations if their titles say which, else unknown."""
    taken = {column.field for column in columns}
    found = []
    for column in columns:
        asked = _ASKED.fullmatch(_plain(column.title))
        if column.field in _PEOPLE and (asked or (column.field == "name" and _are_answers(column, rows))):
            field = _said_by(column.title)
            column = replace(column, field="" if field in taken else field, holder=None)
            taken.add(field)
        found.append(column)
    return found


def answer_words(column: Column) -> Mapping[str, str]:
    """Return what yes and no mean in a column of roles or relations; {} where the cells are other words."""
    return _meanings(column.field, _plain(column.title)) if column.field in ("role", "relation") else {}


def about_answers(table: Table, row: int) -> list[Problem]:
    """Return a problem for each column in which a no leaves open what somebody is."""
    problems = []
    for column in (*table.of("role"), *table.of("relation")):
        words = answer_words(column)
        no = next((word for word in listed("no") if words.get(word)), "")
        if not no or not any(
            text_of(cells[column.index]) in listed("no") for cells in table.rows if column.index < len(cells)
        ):
            continue
        message = _(
            "This column says of some people that they are not one, but not what they are. They were taken for "
            "«{word}». Check them."
        ).format(word=words[no])
        problems.append(Problem(table.sheet, row, column.letter, column.title, message, field=column.field))
    return problems


def _plain(title: str) -> str:
    return normal_header(explained(title))


def _are_answers(column: Column, rows: Sequence[Sequence[Cell]]) -> bool:
    texts = {text_of(row[column.index]) for row in rows[:_SAMPLE] if column.index < len(row)}
    said = {text.lower() for text in texts if not is_blank(text)}
    # somebody is one: a column of renters that says 无 or 否 of all homes may name one further down
    return bool(said & listed("yes")) and said <= listed("yes") | listed("no")


def _said_by(title: str) -> str:
    """Return the field of which a column of yes and no says something, "" for none."""
    word = _word(_plain(title))
    return "relation" if word in _HEADS else "role" if _is_holder(word) else ""


def _is_holder(word: str) -> bool:
    # 业主 and 租客 are people; 出租 and 自住 say how a home is used
    return word in words_of("roles") and words_of("relations").get(word) in _HOLDERS


def _word(plain: str) -> str:
    asked = _ASKED.fullmatch(plain)
    return asked["word"] if asked else plain


@lru_cache(maxsize=256)
def _meanings(field: str, plain: str) -> Mapping[str, str]:
    word = _word(plain)
    if field == "relation" and word in _HEADS:
        yes, no = "户主", "其他"
    elif field == "role" and _is_holder(word):
        yes, no = word, _NOT_ONE.get(words_of("roles")[word], "")
    else:
        return {}
    return dict.fromkeys(listed("yes"), yes) | dict.fromkeys(listed("no"), no)
