"""The cells of one roster table by column; every warning has its row and cell."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache, partial
from itertools import pairwise
from math import isfinite
from operator import itemgetter, sub
from typing import TypeVar

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading import ditto, levels, places
from fuyuan_desk.roster.reading.answers import answer_words
from fuyuan_desk.roster.reading.blank_rooms import of_homes_above
from fuyuan_desk.roster.reading.cells import Cell, ends_of_states, is_blank, listed, state_of_room, text_of
from fuyuan_desk.roster.reading.choices import DECODED, choices_of, decoded
from fuyuan_desk.roster.reading.damage import has_damage, is_damaged, is_error
from fuyuan_desk.roster.reading.headers import IGNORED, Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.masking import masked_digits
from fuyuan_desk.roster.reading.rows import WARNING, Problem, RosterRow
from fuyuan_desk.roster.reading.titles import is_part_of_estate

# columns kept as free text; the cells of all others are limited to `LONGEST` characters
_FREE = frozenset(("remark", "contact", IGNORED, ""))
# without these a row is rejected, without others it lacks a value
_WHO_AND_WHERE = frozenset((*levels.FILLED_DOWN, "sublane", "address", "unit", "part", "name"))
_OUTER = ("road", "lane", "address", "building", "entrance")
LONGEST = 300
MOST_PROBLEMS = 50_000  # more are not useful, and each takes half a kilobyte
# numbers from the first to below the second are valid as an area and as a sum
_SMALLEST, _PLAIN_NUMBER = 0.01, 10_000
_EXACT = 1e-4
_DATE = re.compile(
    r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?: [0:]+)?"
    r"|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}"
)
_ROWS_AT_ONCE = 1_000
_BLOCKS = "楼幢栋座"
_LAST = itemgetter(-1)
T = TypeVar("T")


def more_than_listed() -> str:
    """Return the message of the last problem where there are too many."""
    return _("There are more problems than can be listed. Correct these first, then read the file again.")


class Memo(dict[Cell, T]):
    """Parses each distinct cell once, since most cells of a roster repeat others."""

    def __init__(self, read: Callable[[Cell], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> T:
        value = self[cell] = self._read(cell)
        return value


def plain(cell: Cell) -> str:
    """Return a cell's text, or "" if it means empty."""
    text = text_of(cell)
    return "" if len(text) < 5 and is_blank(text) else text


class TableCells:
    """The columns of one table; collects `problems`, and in `addresses` the estates named by a column."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.size = len(table.rows)
        self.problems: list[Problem] = []
        self._lines: list[int] = []  # of each problem, the index of its row
        self.addresses: dict[str, str] = {}
        width = max((column.index for column in table.columns), default=0) + 1
        self._columns = _in_columns(table.rows, width)
        odd = [not _odd_cells().isdisjoint(cells) for cells in self._columns]
        for index in filter(odd.__getitem__, range(width)):
            self._columns[index] = ditto.without_ditto(_as_shown(self._columns[index]))
        for column in table.columns:
            if odd[column.index] and column.field not in _WHO_AND_WHERE:
                self._blank_errors(column)
        self.long: dict[int, Column] = {}
        self.dated: dict[int, Column] = {}
        self.unclear: dict[int, Column] = {}
        self.states: dict[int, str] = {}
        for number in table.long:
            self._blank_long(number)
        for column in table.columns:
            words = answer_words(column) or choices_of(column.title).words
            if words and column.field in DECODED:
                cells = self._columns[column.index]
                memo = Memo(partial(decoded, words=words))
                cells[:] = [memo[cell] for cell in cells]

    def _blank_long(self, number: int) -> None:
        # matching a very long text could take hours, so the cell is blanked and the row rejected
        for column in self.table.columns:
            cells = self._columns[column.index]
            cell = cells[number]
            if column.field not in _FREE and isinstance(cell, str) and len(cell) > LONGEST:
                cells[number] = ""
                self.long[number] = column

    def _blank_errors(self, column: Column) -> None:
        """Blank the cells that Excel could not compute, and tell of them; without name or place the row is rejected."""
        cells = self._columns[column.index]
        for number, cell in enumerate(cells):
            if cell in listed("errors"):
                self.report_left_out(
                    column, number, _("Excel could not compute this cell ({text}).").format(text=cell)
                )
                cells[number] = ""

    def unreadable(self) -> Iterator[tuple[int, Column]]:
        """Yield the rows with a damaged cell, each with its column; columns that are not read do not count."""
        for column in self.table.columns:
            cells = self._columns[column.index]
            # one search through a whole column, as hardly any file is damaged
            if column.field in ("", IGNORED) or not has_damage(cells):
                continue
            for number, cell in enumerate(cells):
                if isinstance(cell, str) and (is_damaged(cell) or is_error(cell.strip())):
                    yield number, column

    def cells(self, column: Column) -> Sequence[Cell]:
        """Return the cells of a column."""
        return self._columns[column.index]

    def one(self, field: str) -> Column | None:
        """Return the column of a field."""
        return next(iter(self.table.of(field)), None)

    def texts(self, field: str) -> list[str]:
        """Return the texts of a field's column, or blanks without such a column."""
        column = self.one(field)
        if column is None:
            return [""] * self.size
        cells = self.cells(column)
        distinct = set(cells)
        if len(distinct) * 2 > len(cells) or set(map(type, distinct)) != {
            str
        }:  # True equals 1, but not as a text
            return list(map(text_of, cells))
        known = {cell: text_of(cell) for cell in distinct}
        return list(map(known.__getitem__, cells))

    def plains(self, column: Column) -> list[str]:
        """Return the texts of a column, "" for words meaning empty."""
        memo = Memo(plain)
        return [memo[cell] for cell in self.cells(column)]

    def report(
        self, column: Column, number: int, message: str, severity: str = WARNING, is_lost: bool = False
    ) -> None:
        """Add a problem of a cell; `number` is the 0-based index of the table's row."""
        if len(self.problems) >= MOST_PROBLEMS:
            return
        row, letter = self.table.place_of(number, column)
        if len(self.problems) == MOST_PROBLEMS - 1:
            message = more_than_listed()
        value = text_of(self._columns[column.index][number])
        self.problems.append(
            Problem(
                self.table.sheet,
                row,
                letter,
                value,
                masked_digits(message),
                severity,
                column.field,
                is_lost=is_lost,
            )
        )
        self._lines.append(number)

    def report_left_out(self, column: Column, number: int, doubt: str) -> None:
        """Add a problem of a cell whose value is not imported."""
        self.report(column, number, _("{doubt} The value was left out.").format(doubt=doubt), is_lost=True)

    def told(self, rows: Sequence[RosterRow]) -> list[Problem]:
        """Return the problems, each with the household that its row concerns; `rows` are all of the table."""
        return [
            replace(problem, home=rows[self._head_of(line)].home)
            for problem, line in zip(self.problems, self._lines, strict=True)
        ]

    def _head_of(self, line: int) -> int:
        while line in self.table.joined and line:
            line -= 1
        return line

    def read_column(self, field: str, read: Callable[[Cell], tuple[T, str]], blank: T) -> list[T]:
        """Parse a field's column, adding problems; return `blank` values without such a column."""
        column = self.one(field)
        if column is None:
            return [blank] * self.size
        memo = Memo(read)
        read_cells = [memo[cell] for cell in self.cells(column)]
        if any(doubt for _value, doubt in memo.values()):
            for number, (value, doubt) in enumerate(read_cells):
                if doubt:
                    (self.report_left_out if value == blank else self.report)(column, number, doubt)
        return [value for value, _doubt in read_cells]

    def numbers(self, field: str, read: Callable[[Cell], tuple[int | None, str]]) -> list[int | None]:
        """Parse a column of areas or sums in hundredths, with a fast path for plain numbers."""
        column = self.one(field)
        if column is None:
            return [None] * self.size
        if plain_numbers := plain_hundredths(self.cells(column)):
            return plain_numbers
        found: list[int | None] = []
        for number, cell in enumerate(self.cells(column)):
            if type(cell) is float and _SMALLEST <= cell < _PLAIN_NUMBER:
                hundredths = round(cell * 100)
                if -_EXACT < cell * 100 - hundredths < _EXACT:
                    found.append(hundredths)
                    continue
            value, doubt = read(cell)
            if doubt and value is None:
                self.report_left_out(column, number, doubt)
            elif doubt:
                self.report(column, number, doubt)
            found.append(value)
        return found

    # ---- places ----

    def find_places(self) -> list[places.Place]:
        """Return each row's place; blank cells of buildings and higher levels are filled from above."""
        columns = {
            field: self.texts(field) for field in (*levels.FILLED_DOWN, "sublane", "address", "unit", "part")
        }
        for field in filter(self.one, levels.FIELDS):
            columns[field] = ["" if is_blank(text) else text for text in columns[field]]
        for field, is_whole in (("building", None), ("unit", ditto.is_room)):
            if ditto.begin_so(columns[field]):
                self._reject_ditto(field, ditto.resolve(columns[field], is_whole))
        self._reject_dates()
        self._take_states(columns["unit" if self.one("unit") else "address"])
        group = next((column.title for column in self.table.of("road")), "")
        if zone := places.zone_suffix(group):
            columns["road"] = [places.zone_of(text, zone) or text for text in columns["road"]]
        title = next((column.title for column in self.table.of("building")), "")
        suffix = places.building_suffix(title)
        if self.one("unit") is None:
            self._take_rooms(columns["address"], columns["unit"])
        if any(map(any, set(self.table.headings))):
            self._fill_headings(columns, suffix)
        _fill_sublanes(columns["sublane"], columns["building"])
        changed = self._fill_down(columns)
        # not before: ? and 不详 do not mean the building above
        if not listed("blank").isdisjoint(columns["building"]):
            columns["building"] = ["" if is_blank(text) else text for text in columns["building"]]
        if columns["address"] and self.one("unit") is not None:
            columns["address"] = _filled(columns["address"])
        below = None
        if ditto.begin_so(columns["address"]):
            below = ditto.take_addresses(columns["address"], columns["unit"])
            self._reject_ditto("address", below.unclear)
        self._fill_homes(columns, changed)
        if self.one("part") is not None:
            columns["unit"] = list(map(levels.part_before, columns["part"], columns["unit"]))
        outer = zip(*(columns[level] for level in _OUTER), strict=True)
        rooms = zip(columns["unit"], columns["floor"], strict=True)
        found = places.find_places(outer, suffix, rooms)
        if below is not None:
            self._put_below(found, below)
        found = self._with_levels(found, columns)
        return self._named_estates(found, columns["estate"])

    def _put_below(self, found: list[places.Place], below: ditto.Below) -> None:
        """Put the addresses that begin as the one above below it, and tell of those that name more than a room."""
        nowhere = ditto.put_below(found, below, self.table.headings)
        self._reject_ditto("address", nowhere)
        column = self.table.of("address")[0]
        for number in below.others:
            if number not in nowhere:
                message = _(
                    "This begins as above: estate and street were taken from there, the rest as it is. Check it."
                )
                self.report(column, number, message)

    def _reject_ditto(self, field: str, numbers: Sequence[int]) -> None:
        self.unclear |= dict.fromkeys(numbers, self.table.of(field)[0]) if numbers else {}

    def _with_levels(self, found: list[places.Place], columns: dict[str, list[str]]) -> list[places.Place]:
        """Return the places with what columns of parts of the estate, sublanes and parts of rooms add to them."""
        if not any(map(self.one, levels.FIELDS)):
            return found
        title = next((column.title for column in self.table.of("zone")), "")
        own = [columns[field] for field in levels.FIELDS]
        return [
            levels.with_levels(place, levels.zone_label(zone, title), sublane, part)
            for place, zone, sublane, part in zip(found, *own, strict=True)
        ]

    def _take_rooms(self, addresses: list[str], units: list[str]) -> None:
        """Move what is a room alone, such as 3-1-101, from the column of addresses to that of rooms."""
        for number, text in enumerate(addresses):
            if text[:1].isdigit() and places.is_split(text):
                addresses[number], units[number] = "", text

    def _take_states(self, homes: list[str]) -> None:
        """Move what is noted behind a room and is no part of it, such as 出租, to `states`, for the remarks."""
        last = ends_of_states()
        if last.isdisjoint(map(_LAST, filter(None, homes))):
            return  # as in nearly every list
        for number, home in enumerate(homes):
            if home[-1:] in last:
                homes[number], state = state_of_room(home)
                if state:
                    self.states[number] = state

    def _reject_dates(self) -> None:
        """Remember the cells of rooms and buildings that Excel turned into dates: 3-2 became 3 February."""
        for field in ("address", "building", "unit"):
            for column in self.table.of(field):
                memo = Memo(_is_date)
                self.dated |= {number: column for number, cell in enumerate(self.cells(column)) if memo[cell]}

    def report_places(self, found: Sequence[places.Place]) -> None:
        """Report the cells of which a part fits no level of an address, or contradicts another cell."""
        if not any(place.told for place in found):
            return
        columns = [
            column for field in ("address", "unit", "building", "floor") for column in self.table.of(field)
        ]
        for number, place in enumerate(found):
            if place.told:
                message = _(
                    "«{text}» fits no part of this address, or another cell says something else. It was kept in the "
                    "name of the room or building: «{name}». Check it."
                ).format(
                    text=place.told, name=" ".join(filter(None, (place.building, place.entrance, place.unit)))
                )
                filled = (column for column in columns if text_of(self.cells(column)[number]))
                self.report(next(filled, self.table.columns[0]), number, message)

    def _named_estates(self, found: list[places.Place], estates: list[str]) -> list[places.Place]:
        if not any(estates):
            return found
        named = {text: places.compact(text) if not text.isascii() else text for text in set(estates) if text}
        for place, estate in zip(found, estates, strict=True):
            if estate:
                self.addresses[named[estate]] = self.addresses.get(named[estate]) or place.estate
        return [
            places.in_estate(place, named[estate]) if estate else place
            for place, estate in zip(found, estates, strict=True)
        ]

    def _fill_headings(self, columns: dict[str, list[str]], suffix: str) -> None:
        """Fill blank cells with what the headings between the rows name; a part of the estate precedes its houses."""
        headings = self.table.headings
        for level in ("estate", "entrance", "floor"):
            columns[level][:] = [
                own or getattr(heading, level) for own, heading in zip(columns[level], headings, strict=True)
            ]
        columns["building"][:] = [
            _in_section(own, heading.building, suffix)
            for own, heading in zip(columns["building"], headings, strict=True)
        ]

    def _fill_down(self, columns: dict[str, list[str]]) -> list[bool]:
        # a level is filled from above as long as the higher levels do not change
        changed = [False] * self.size
        for field in levels.FILLED_DOWN:
            values = columns[field]
            if not any(values):
                continue
            if "" not in values:
                new = [first != second for first, second in pairwise(values)]
            else:
                last, new = values[0], []
                for number in range(1, self.size):
                    if values[number]:
                        new.append(values[number] != last)
                        last = values[number]
                    else:
                        last = values[number] = "" if changed[number] else last
                        new.append(False)
            if new:
                changed = [before or now for before, now in zip(changed, [False, *new], strict=True)]
        return changed

    def _fill_homes(self, columns: dict[str, list[str]], changed: list[bool]) -> None:
        """Fill the blank rooms of people of the home above."""
        fields = ("unit",) if self.one("unit") else ("address", "unit")
        if "" not in columns[fields[0]]:
            return
        placed = [any(texts) for texts in zip(*(columns[field] for field in fields), strict=True)]
        for number in sorted(set(of_homes_above(self.table, self._of, placed, changed))):
            for field in fields:
                columns[field][number] = columns[field][number - 1]

    def _of(self, field: str) -> Sequence[Cell]:
        column = self.one(field)
        assert column is not None
        return self.cells(column)


def _fill_sublanes(sublanes: list[str], buildings: Sequence[str]) -> None:
    # a house without a sublane stands in the lane itself; below the house's own row both are blank
    for number in range(1, len(sublanes)):
        if not sublanes[number] and not buildings[number]:
            sublanes[number] = sublanes[number - 1]


@lru_cache(maxsize=16_384)
def _in_section(own: str, section: str, suffix: str) -> str:
    """Return a row's building below a heading: A区 and 3 are A区3号楼, 3号楼 and 12号 a house of that block."""
    if not own or not section:
        return own or section
    whole = places.whole_building(places.compact(own), suffix)
    is_above = is_part_of_estate(section) or (section[-1] in _BLOCKS and whole[-1] == "号")
    return section + whole if is_above and not whole.startswith(section) else own


def plain_hundredths(cells: Sequence[Cell]) -> list[int | None]:
    """Return a column of nothing but plain numbers in hundredths; [] if a cell of it needs to be read by itself."""
    numbers = [cell for cell in cells if type(cell) is float]
    if len(numbers) < len(cells) or not numbers or not isfinite(sum(numbers)):
        return []
    if min(numbers) < _SMALLEST or max(numbers) >= _PLAIN_NUMBER:
        return []
    scaled = [number * 100 for number in numbers]
    hundredths = list(map(round, scaled))
    return [*hundredths] if max(map(abs, map(sub, scaled, hundredths))) < _EXACT else []


def _in_columns(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Cell]]:
    """Return the cells of rows column by column, with blanks where a row is shorter than `width`."""
    columns: list[list[Cell]] = [[] for _number in range(width)]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        full = [
            row if len(row) >= width else [*row, *[""] * (width - len(row))]
            for row in rows[start : start + _ROWS_AT_ONCE]
        ]
        for column, cells in zip(columns, zip(*full, strict=False), strict=False):
            column += cells
    return columns


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, date) or (type(cell) is str and _DATE.fullmatch(cell.strip()) is not None)


@cache
def _odd_cells() -> frozenset[str | bool]:
    return frozenset((*listed("ditto"), *listed("errors"), True, False))


def _as_shown(cells: list[Cell]) -> list[Cell]:
    """Return a column with each yes or no as Excel shows it: True and 1 are one key, but not one text."""
    if bool not in set(map(type, cells)):
        return cells
    return [text_of(cell) if type(cell) is bool else cell for cell in cells]


def _filled(values: list[str]) -> list[str]:
    last, filled = "", []
    for value in values:
        last = value or last
        filled.append(last)
    return filled
