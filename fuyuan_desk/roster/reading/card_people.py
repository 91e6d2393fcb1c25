"""The tables of people that stand in forms of one household each; pure functions."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.header_words import BY_ENDING, match_word
from fuyuan_desk.roster.reading.headers import PLACE_FIELDS
from fuyuan_desk.roster.reading.kin import read_kin
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.people import is_name

RELATION, FAMILY, HEAD = "与户主关系", "家庭成员", "户主"
_HEADING = re.compile(
    r"(?:家庭|户内|同住|共同居住|其他)?(?:成员|人员|人口|家属|同住人|居住人)(?:基本)?(?:情况|信息|名单|登记|资料)?表?[:：]?"
)
_LEAST = 2


class Titles(NamedTuple):
    """The titles of a table of people by column (0-based); `is_family`: what they are to the head need not be said."""

    columns: Mapping[int, str]
    is_family: bool

    def column_of(self, field: str) -> int | None:
        """Return the column of a field."""
        return next((column for column, title in self.columns.items() if field_of(title) == field), None)


class Person(NamedTuple):
    """Somebody in a table of a form: her row (0-based), and her cells by their titles, with their columns."""

    row: int
    cells: Mapping[str, tuple[Cell, int]]
    name: str
    relation: Cell

    @property
    def is_head(self) -> bool:
        """Whether she is said to be the head of the household."""
        kin = read_kin(self.relation)
        return kin.is_head and kin.is_given and kin.role is None


def field_of(title: str) -> str:
    """Return the field that a title names surely; "" for none."""
    field, sureness = match_word(title.rstrip(":："))
    return field if sureness >= BY_ENDING else ""


def is_heading(texts: Sequence[str]) -> bool:
    """Return whether a line says that the people of the household follow: 家庭成员情况."""
    return len(texts) == 1 and _HEADING.fullmatch(texts[0]) is not None


def titles_of(row: Sequence[Cell], below_heading: bool) -> Titles | None:
    """Return the titles of a table of people if a row consists of nothing else, and names no place; else None.

    Whose people they are must be said: by a column of relations, or by a heading above or beside the titles.
    """
    texts = {column: text for column, cell in enumerate(row) if (text := text_of(cell))}
    beside = next((column for column, text in texts.items() if is_heading([text])), None)
    if beside is not None:
        del texts[beside]
    fields = list(map(field_of, texts.values()))
    if (
        len(fields) < _LEAST
        or not all(fields)
        or fields.count("name") != 1
        or not PLACE_FIELDS.isdisjoint(fields)
    ):
        return None
    is_side_by_side = any(
        column + 1 in texts for column in texts
    )  # not the labels of a form that was not filled in
    return Titles(texts, below_heading or beside is not None) if is_side_by_side else None


def read_person(row: Sequence[Cell], number: int, titles: Titles) -> Person | None:
    """Return whom a row below titles names; None if it names nobody, or says more than its titles do."""
    relation = titles.column_of("relation")
    if relation is None and not titles.is_family:
        return None
    cells = {column: cell for column, cell in enumerate(row) if text_of(cell)}
    column = titles.column_of("name")
    if column not in cells or not cells.keys() <= titles.columns.keys():
        return None
    name = read_names(cells[column]).name
    if not (is_name(name) or name.replace(" ", "").isascii()):
        return None
    own = {
        titles.columns[one]: (cell, one)
        for one, cell in cells.items()
        if field_of(titles.columns[one]) != "seq"
    }
    return Person(number, own, name, cells.get(relation, FAMILY) if relation is not None else FAMILY)
