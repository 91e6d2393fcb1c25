"""Forms with one card for each household, labels beside their values: read as one table; pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.choosing import settle
from fuyuan_desk.roster.reading.header_words import OTHER, is_label, match_holder, match_word
from fuyuan_desk.roster.reading.headers import Column, column_letter
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem
from fuyuan_desk.roster.reading.titles import title_lines

Rows = Sequence[Sequence[Cell]]

_PLACES = frozenset(("address", "unit", "building"))
_LABELLED = re.compile(r"\s*([^\s:：]{1,16})\s*[:：]\s*([^:：]*?)\s*(?=[^\s:：]{1,16}\s*[:：]|$)")
_BLANKS = re.compile(r"[\s:：]+")
_NOTE = re.compile(r"(?:注|备注|说明|填表|制表|审核|登记|经办|采集|日期|签名|签字|编号|以下|第\s*\d+\s*页).*")
_LEAST_PAIRS, _LEAST_LINES = 3, 2
_LOOK, _MOST_BETWEEN = 60, 40


class _Pair(NamedTuple):
    """A label and the value beside it, with the place of the value (0-based)."""

    label: str
    value: Cell
    row: int
    column: int


Card = list[_Pair]


def find_cards(
    sheet: str, rows: Rows, mapped: Mapping[int, str] | None = None
) -> tuple[list[Table], list[Problem]]:
    """Return the table of a sheet of forms, one row for each form, and what the clerk must know about it.

    Both are empty for any other sheet. Lines of a form that are no pairs of label and value are told.
    """
    first = next((number for number in range(min(len(rows), _LOOK)) if _is_line(rows[number])), None)
    if first is None:
        return [], []
    pairs: list[_Pair] = []
    left: list[tuple[int, str]] = []
    for number in range(first, len(rows)):
        of_row = list(_pairs(rows[number], number))
        pairs += of_row
        texts = [text for cell in rows[number] if (text := text_of(cell))]
        if not of_row and not all(is_label(text.rstrip(":：")) for text in texts):
            left.append((number, " ".join(texts)))
        if number - pairs[-1].row > _MOST_BETWEEN:
            return [], []  # the lines of a form above a list
    cards = _split(pairs)
    fields = {match_word(pair.label)[0] for card in cards for pair in card}
    if "name" not in fields or not fields & _PLACES or not all(map(_is_card, cards)):
        return [], []
    table = _as_table(sheet, first, cards, title_lines(rows, first), mapped or {})
    message = _(
        "This was read as forms with one household each, labels beside their values. Check a few of them."
    )
    problems = [Problem(sheet, first + 1, "", "", message)]
    told = _("This line of the form was not read. Enter what it says by hand.")
    problems += [
        Problem(sheet, number + 1, "", text, told, INFO if _NOTE.match(text) else WARNING)
        for number, text in left
    ]
    return [table], problems


def _is_line(row: Sequence[Cell]) -> bool:
    return any(is_label(pair.label) for pair in _pairs(row, 0))


def _is_card(card: Card) -> bool:
    return len(card) >= _LEAST_PAIRS and len({pair.row for pair in card}) >= _LEAST_LINES


def _pairs(row: Sequence[Cell], number: int) -> Iterator[_Pair]:
    """Yield the pairs of a line; a line in which labels stand side by side has none: it heads a table."""
    cells = [(column, cell) for column, cell in enumerate(row) if text_of(cell)]
    found: list[_Pair] = []
    index = 0
    while index < len(cells):
        column, cell = cells[index]
        text = text_of(cell)
        said = _labelled(text)
        if said and (found or any(value and is_label(label) for label, value in said)):
            found += [_Pair(label, value, number, column) for label, value in said if value]
        elif is_label(text.rstrip(":：")):
            label, following = text.rstrip(":："), cells[index + 1] if index + 1 < len(cells) else None
            if following is not None and not is_label(text_of(following[1]).rstrip(":：")):
                found.append(_Pair(label, following[1], number, following[0]))
                index += 1
            elif following is not None and not text.endswith((":", "：")) and index and not found:
                return
        else:
            return  # a value without a label
        index += 1
    yield from found


def _labelled(text: str) -> list[tuple[str, str]]:
    """Return the labels and values of a cell such as 户主：张三 电话：62093705; [] if it says anything else."""
    if ":" not in text and "：" not in text:
        return []
    said = _LABELLED.findall(text)
    length = sum(len(label) + len("".join(value.split())) for label, value in said)
    return said if length == len(_BLANKS.sub("", text)) else []


def _split(pairs: Sequence[_Pair]) -> list[Card]:
    """Divide the pairs into cards: the label of the first one begins the next."""
    cards: list[Card] = []
    for pair in pairs:
        if not cards or pair.label == cards[0][0].label:
            cards.append([])
        cards[-1].append(pair)
    return cards


def _as_table(sheet: str, first: int, cards: Sequence[Card], title: str, mapped: Mapping[int, str]) -> Table:
    labels = list(dict.fromkeys(pair.label for card in cards for pair in card))
    columns = []
    for index, label in enumerate(labels):
        field = match_word(label)[0]
        columns.append(Column(index, label, "" if field == OTHER else field, match_holder(label)))
    columns = [
        Column(column.index, column.title, mapped.get(column.index, column.field), column.holder)
        for column in settle(columns)
    ]
    table = Table(sheet, (first,), columns, title=title)
    for number, card in enumerate(cards):
        cells: list[Cell] = [""] * len(labels)
        for pair in card:
            index = labels.index(pair.label)
            above = text_of(cells[index])
            cells[index] = f"{above}、{text_of(pair.value)}" if above else pair.value
            table.origin.setdefault((number, index), (pair.row, column_letter(pair.column)))
        table.numbers.append(card[0].row)
        table.rows.append(cells)
    return table
