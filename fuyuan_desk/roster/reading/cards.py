"""Forms with one card for each household, labels beside their values: read as one table; pure functions."""

import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.card_people import (
    HEAD,
    RELATION,
    Person,
    Titles,
    field_of,
    is_heading,
    read_person,
    titles_of,
)
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.choosing import settle
from fuyuan_desk.roster.reading.header_words import OTHER, is_label, match_holder, match_word
from fuyuan_desk.roster.reading.headers import Column, column_letter
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.levels import FILLED_DOWN
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem
from fuyuan_desk.roster.reading.titles import title_lines

Rows = Sequence[Sequence[Cell]]

_PLACES = frozenset(("address", "unit", "building"))
_OF_HOME = ("sublane", "address", "unit", "part")
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


@dataclass
class _Card:
    """A form: its labels with their values, the people of its tables, and the lines (0-based) that were not read."""

    pairs: list[_Pair]
    people: list[Person] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The row (0-based) in which it begins."""
        return self.pairs[0].row

    @property
    def has_head(self) -> bool:
        """Whether its people have one head, so that it is no list of several households."""
        return sum(person.is_head for person in self.people) == 1

    @property
    def is_whole(self) -> bool:
        """Whether it has so many labels in so many lines that it is none above a list."""
        return len(self.pairs) >= _LEAST_PAIRS and len({pair.row for pair in self.pairs}) >= _LEAST_LINES


def find_cards(
    sheet: str, rows: Rows, mapped: Mapping[int, str] | None = None
) -> tuple[list[Table], list[Problem]]:
    """Return the table of a sheet of forms, a row for each form and each of its people, and what the clerk must know.

    Both are empty for any other sheet. Lines of a form that were not read are told in one sentence for each form.
    """
    first = next((number for number in range(min(len(rows), _LOOK)) if _is_line(rows[number])), None)
    if first is None:
        return [], []
    title = title_lines(rows, first)
    cards = _read(rows, first, title)
    fields = {match_word(pair.label)[0] for card in cards for pair in card.pairs}
    are_named = "name" in fields or all(card.has_head for card in cards)
    if not are_named or not fields & _PLACES or not all(card.is_whole for card in cards):
        return [], []
    table = CardTable(sheet, first, title, cards, mapped or {}).table
    message = _(
        "This was read as forms with one household each, labels beside their values. Check a few of them."
    )
    problems = [Problem(sheet, first + 1, "", "", message)]
    for card in cards:
        problems += _about_left(sheet, card.left)
    return [table], problems


def _read(rows: Rows, first: int, title: str) -> list[_Card]:
    """Return the forms of a sheet from the row `first` on; none if these are lines of a form above a list."""
    pairs: list[_Pair] = []
    people: list[Person] = []
    left: list[tuple[int, str]] = []
    titles: Titles | None = None
    below_heading = False
    for number in range(first, len(rows)):
        texts = [text for cell in rows[number] if (text := text_of(cell))]
        if texts and (found := titles_of(rows[number], below_heading)):
            titles, below_heading = found, False
            continue
        of_row = list(_pairs(rows[number], number))
        pairs += of_row
        if of_row:
            titles = None
        elif titles and (person := read_person(rows[number], number, titles)):
            people.append(person)
        elif not all(is_label(text.rstrip(":：")) for text in texts) and not is_heading(texts):
            left += [(number, " ".join(texts))] if " ".join(texts) not in title.split("\n") else []
        below_heading = is_heading(texts) or (below_heading and not texts)
        if number - pairs[-1].row > _MOST_BETWEEN:
            return []
    cards = _split(pairs)
    starts = [card.row for card in cards]
    for person in people:
        cards[bisect(starts, person.row) - 1].people.append(person)
    for line in left:
        cards[bisect(starts, line[0]) - 1].left.append(line)
    return cards


def _about_left(sheet: str, left: Sequence[tuple[int, str]]) -> list[Problem]:
    if not left:
        return []
    message = numbered(
        len(left),
        N_("This line of the form was not read. Enter what it says by hand."),
        N_("{n} lines of the form, from this one on, were not read. Enter what they say by hand."),
    )
    severity = INFO if all(_NOTE.match(text) for _number, text in left) else WARNING
    return [Problem(sheet, left[0][0] + 1, "", "；".join(text for _number, text in left), message, severity)]


def _is_line(row: Sequence[Cell]) -> bool:
    return any(is_label(pair.label) for pair in _pairs(row, 0))


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


def _split(pairs: Sequence[_Pair]) -> list[_Card]:
    """Divide the pairs into cards: the label of the first one begins the next."""
    cards: list[_Card] = []
    for pair in pairs:
        if not cards or pair.label == cards[0].pairs[0].label:
            cards.append(_Card([]))
        cards[-1].pairs.append(pair)
    return cards


class CardTable:
    """Puts cards into one `table`: a row for each, and one more for each of its people in the same home."""

    def __init__(
        self, sheet: str, first: int, title: str, cards: Sequence[_Card], mapped: Mapping[int, str]
    ) -> None:
        self._labels = list(dict.fromkeys(pair.label for card in cards for pair in card.pairs))
        self._indexes: dict[str, int] = {}
        people = [person for card in cards for person in card.people]
        for label in dict.fromkeys(label for person in people for label in person.cells):
            self._indexes[label] = self._index_of(label)
        self._relation = self._index_of(RELATION) if people else -1
        columns = []
        for index, label in enumerate(self._labels):
            name = match_word(label)[0]
            columns.append(Column(index, label, "" if name == OTHER else name, match_holder(label)))
        columns = [
            Column(column.index, column.title, mapped.get(column.index, column.field), column.holder)
            for column in settle(columns)
        ]
        self._places = [column.index for column in columns if column.field in (*FILLED_DOWN, *_OF_HOME)]
        self._name = next((column.index for column in columns if column.field == "name"), None)
        self._rows: list[list[Cell]] = []
        self.table = Table(sheet, (first,), columns, title=title)
        for card in cards:
            self._add(card)
        self.table.rows = [*self._rows]

    def _index_of(self, label: str) -> int:
        """Return the column of a title of people: that of a card's label of the same field, or one of its own."""
        wanted = field_of(label)
        for index, other in enumerate(self._labels):
            if label == other or (wanted not in ("", OTHER) and field_of(other) == wanted):
                return index
        self._labels.append(label)
        return len(self._labels) - 1

    def _add(self, card: _Card) -> None:
        own = self._row(card.row)
        for pair in card.pairs:
            index = self._labels.index(pair.label)
            above = text_of(self._rows[own][index])
            self._put(
                own, index, f"{above}、{text_of(pair.value)}" if above else pair.value, pair.row, pair.column
            )
        head = self._head(card, text_of(self._rows[own][self._name]) if self._name is not None else "")
        if card.people and not text_of(self._rows[own][self._relation]):
            self._rows[own][self._relation] = HEAD
        if head is not None:
            self._complete(own, head, card)
        for person in card.people:
            if person is not head:
                self._add_person(own, person)

    def _row(self, number: int) -> int:
        self.table.numbers.append(number)
        self._rows.append([""] * len(self._labels))
        return len(self._rows) - 1

    def _put(self, row: int, index: int, value: Cell, number: int, column: int) -> None:
        self._rows[row][index] = value
        self.table.origin.setdefault((row, index), (number, column_letter(column)))

    def _head(self, card: _Card, name: str) -> Person | None:
        """Return the person of a card's tables who is its holder, the one of its name; if it names none, the head."""
        if name:
            return next((one for one in card.people if one.name == read_names(name).name), None)
        return next((one for one in card.people if one.is_head), None)

    def _complete(self, own: int, head: Person, card: _Card) -> None:
        """Put what a table says of the holder into blank cells of her card; a line that says otherwise is told."""
        cells = {self._indexes[label]: found for label, found in head.cells.items()}
        cells.pop(self._relation, None)
        written = self._rows[own]
        for index, (cell, column) in cells.items():
            if not text_of(written[index]):
                self._put(own, index, cell, head.row, column)
        if any(text_of(cell) != text_of(written[index]) for index, (cell, _column) in cells.items()):
            line = " ".join(text_of(cell) for cell, _column in head.cells.values())
            card.left = sorted([*card.left, (head.row, line)])

    def _add_person(self, own: int, person: Person) -> None:
        row = self._row(person.row)
        for index in self._places:
            self._rows[row][index] = self._rows[own][index]
            if (own, index) in self.table.origin:
                self.table.origin[row, index] = self.table.origin[own, index]
        for label, (cell, column) in person.cells.items():
            self._put(row, self._indexes[label], cell, person.row, column)
        self._rows[row][self._relation] = person.relation
