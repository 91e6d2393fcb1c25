"""Tables of one workbook about the same people, such as documents on one sheet and telephones on another; pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fuyuan_desk.core.packed import LONG, Rows, long_list
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.cells import canonical_unit, listed, text_of
from fuyuan_desk.roster.reading.headers import field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.parts import Survey
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.roster.reading.plan import PlaceKey, unit_key
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterPerson, RosterRow
from fuyuan_desk.roster.rules.persons import is_same_holder, is_same_person

_EMPTY = (None, "", ())
_PAPER = ("id_kind", "id_number")
_OF_HOLDER = (
    "floor", "role", "tenure", "area", "inner_area", "people", "fund_first", "fund_balance", "topped_up",
    "topped_up_on", "lease_no", "persons",
)  # fmt: skip
_OF_ANYBODY = ("phones", "papers", "share", "registered_at", "lives_here", "other_ids", "tags")
_TEXTS = {"contact": "、", "remarks": "；"}
_TOLD = {
    "phones": "phone",
    "id_number": "id",
    "papers": "id",
    "share": "share",
    "registered_at": "registered_at",
}
_SAYING_NOTHING = frozenset(("", "seq", "name", "unit", "address", "building", "estate", "entrance", "floor"))

At = tuple[str, int]
"""A row of a workbook: its sheet, and its number as in Excel."""

Hints = tuple[str, str, str]
"""The building, entrance and floor that a sheet, its title or the file names."""


@dataclass
class Joined:
    """The rows of a workbook of which some say more of households in other tables, and were joined to these.

    `to` are the rows of those households by the rows that were joined to them.
    """

    rows: Rows[RosterRow]
    to: dict[At, At] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Match(NamedTuple):
    """A row of another table and, if it is not its holder who is the same, the index of the person who is."""

    row: int
    person: int | None = None


def join_tables(rows: Rows[RosterRow], tables: Sequence[Table]) -> Joined:
    """Join the rows of tables with other columns that are about one person of one home.

    A blank is filled by what another table says. What contradicts is told with both places: of a holder by her row,
    which is left and is known to repeat the other one, of other people here. Rows that fit several people are left, and
    so are renters beside owners and whole sheets of people who moved away.
    """
    fields = [_says(table) for table in tables]
    if not any(one - other for one in fields for other in fields):
        return Joined(rows)  # such as a sheet for each building
    return _Joining(rows, tables, fields).joined()


def in_building_of_others(
    surveys: Sequence[Survey], found: Sequence[Rows[Place]], hints: Sequence[Hints]
) -> tuple[list[Hints], list[Problem]]:
    """Return the hints of each table with the only building that the workbook names, for tables that name none.

    Only for those of which at least half of the rooms and names are those of the building: 室号, 姓名, 电话 on a second
    sheet. Others may be of another building.
    """
    named = [
        {place.building or hint[0] for place in of_part} for of_part, hint in zip(found, hints, strict=True)
    ]
    buildings = set().union(*named) - {""}
    if len(buildings) != 1 or {""} not in named:
        return list(hints), []
    [building] = buildings
    there: set[tuple[str, str]] = set()
    for one, of_part, houses in zip(surveys, found, named, strict=True):
        there |= _people(one, of_part) if building in houses else set()
    settled, problems = list(hints), []
    for number, (one, of_part) in enumerate(zip(surveys, found, strict=True)):
        people = _people(one, of_part) if named[number] == {""} else set()
        if people and len(people & there) * 2 >= len(people):
            settled[number] = (building, *hints[number][1:])
            message = _(
                "This table names no building. Its rooms and names are those of another table, in «{building}», so it "
                "was read as that one's."
            )
            message = message.format(building=building)
            problems.append(Problem(one.table.sheet, one.row_of(0), "", "", message, INFO))
    return settled, problems


def _people(survey: Survey, found: Rows[Place]) -> set[tuple[str, str]]:
    """Return room and name of each row of a table, or a part of one."""
    column = next((column.index for column in survey.table.of("name")), None)
    if column is None:
        return set()
    people = set()
    for place, index in zip(found, survey.rows, strict=True):
        cells = survey.table.rows[index]
        name = "".join(text_of(cells[column]).split()) if column < len(cells) else ""
        if name and place.unit:
            people.add((canonical_unit(place.unit), name))
    return people


def _says(table: Table) -> frozenset[str]:
    if any(word in table.sheet for word in listed("former_sheets")):
        return frozenset()
    return frozenset(column.field for column in table.columns) - _SAYING_NOTHING


class _Joining:
    """Joins rows of several tables, home by home."""

    def __init__(
        self, rows: Rows[RosterRow], tables: Sequence[Table], fields: Sequence[frozenset[str]]
    ) -> None:
        self._rows = rows
        self._fields = fields
        self._starts: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, table in enumerate(tables):
            self._starts[table.sheet].append((table.numbers[0] + 1, index))
        self._known: dict[int, RosterRow] = {}
        self._changed: dict[int, RosterRow] = {}
        self._gone: set[int] = set()
        self._result = Joined(rows)

    def joined(self) -> Joined:
        """Return all rows, joined."""
        for homes in self._batches():
            wanted = {index for home in homes for index in home}
            # in one walk: a single row of a long list is unpacked with its block
            self._known = {index: row for index, row in enumerate(self._rows) if index in wanted}
            for home in homes:
                for index in home:
                    self._join(index, home)
        if not self._result.to:
            return self._result
        left: Rows[RosterRow] = long_list(len(self._rows))
        left.extend(
            self._changed.get(index, row) for index, row in enumerate(self._rows) if index not in self._gone
        )
        self._result.rows = left
        self._tell_joined()
        return self._result

    def _batches(self) -> Iterator[list[list[int]]]:
        """Yield the homes in batches of so many rows as may be held in memory."""
        batch: list[list[int]] = []
        size = 0
        for home in self._homes():
            batch.append(home)
            size += len(home)
            if size >= LONG:
                yield batch
                batch, size = [], 0
        yield batch

    def _homes(self) -> Iterator[list[int]]:
        """Yield the indexes of the rows of each home of which several tables say something."""
        homes: defaultdict[PlaceKey, list[int]] = defaultdict(list)
        tables: defaultdict[PlaceKey, set[int]] = defaultdict(set)
        for index, row in enumerate(self._rows):
            table = self._table_of(row)
            if row.name and row.unit and not row.fault and self._fields[table]:
                key = unit_key(row.estate, row.building, row.entrance, row.unit)
                homes[key].append(index)
                tables[key].add(table)
        yield from (home for key, home in homes.items() if len(tables[key]) > 1)

    def _table_of(self, row: RosterRow) -> int:
        starts = self._starts[row.sheet]
        place = bisect_right(starts, (row.row, len(self._fields))) - 1
        return starts[max(place, 0)][1]

    def _row(self, index: int) -> RosterRow:
        return self._changed.get(index) or self._known[index]

    def _join(self, index: int, home: Sequence[int]) -> None:
        row = self._row(index)
        matches = [
            match for other in home if other not in self._gone for match in self._matches(index, other)
        ]
        if len(matches) != 1:
            return
        [match] = matches
        other = self._row(match.row)
        if match.person is None:
            joined, otherwise = _completed(other, row, (*_OF_ANYBODY, *_OF_HOLDER), _TEXTS)
            if joined == other:
                return  # it says nothing more, and repeats the other one
            if otherwise:
                kept = {name: getattr(joined, name) for name in (*_OF_ANYBODY, *_OF_HOLDER, *_TEXTS)}
                self._changed[index] = row._replace(**kept | {name: getattr(row, name) for name in otherwise})
        else:
            person, otherwise = _completed(other.persons[match.person], row, _OF_ANYBODY, {"remarks": "；"})
            persons = (*other.persons[: match.person], person, *other.persons[match.person + 1 :])
            joined = other._replace(persons=persons)
            if otherwise:
                self._tell_otherwise(row, other, otherwise)
        self._changed[match.row] = joined
        if match.person is not None or not otherwise:
            self._gone.add(index)
        self._result.to[row.sheet, row.row] = (other.sheet, other.row)

    def _matches(self, index: int, other: int) -> Iterator[_Match]:
        """Yield the holder of another table's row, if it comes first, or the person in it, whom a row is about."""
        row, beside = self._row(index), self._row(other)
        own, its = (self._fields[self._table_of(one)] for one in (row, beside))
        if other == index or self._table_of(row) == self._table_of(beside) or own == its:
            return
        if is_same_holder(row, beside):
            if other < index:
                yield _Match(other)
        elif not row.persons:
            for number, person in enumerate(beside.persons):
                if is_same_person(row.name, row.id_number, person.name, person.id_number):
                    yield _Match(other, number)

    def _tell_otherwise(self, row: RosterRow, other: RosterRow, otherwise: Sequence[str]) -> None:
        message = _(
            "This person is in the household of row {row} of sheet {sheet}, which was taken. This row says otherwise: "
            "{fields}. Enter what is right on the page of the home."
        )
        names = dict.fromkeys(_TOLD.get(name, name) for name in otherwise)
        message = message.format(
            row=other.row, sheet=other.sheet, fields=_(", ").join(map(field_label, names))
        )
        place = f"{row.building}{row.unit}"
        self._result.problems.append(
            Problem(row.sheet, row.row, "", place, message, WARNING, home=other.home)
        )

    def _tell_joined(self) -> None:
        joined: defaultdict[str, list[int]] = defaultdict(list)
        for sheet, number in self._result.to:
            joined[sheet].append(number)
        for sheet, numbers in joined.items():
            message = numbered(
                len(numbers),
                N_("{n} row of this sheet says more of a household in another table, and was joined to it."),
                N_("{n} rows of this sheet say more of households in other tables, and were joined to them."),
            )
            self._result.problems.append(Problem(sheet, min(numbers), "", "", message, INFO))


def _completed(
    one: Any, row: RosterRow, names: Sequence[str], texts: Mapping[str, str]
) -> tuple[Any, list[str]]:
    """Return a row or person with what another row says of fields that are blank, and the fields it says otherwise."""
    filled: dict[str, Any] = {}
    otherwise = []
    if not one.id_number:
        filled |= {name: getattr(row, name) for name in _PAPER}
    elif row.id_number not in ("", one.id_number):
        otherwise.append("id_number")
    for name in names:
        own, other = getattr(one, name), getattr(row, name)
        if own in _EMPTY:
            filled[name] = other
        elif other not in (*_EMPTY, own):
            otherwise.append(name)
    for name, mark in texts.items():
        parts = dict.fromkeys(filter(None, (getattr(one, name), getattr(row, name))))
        filled[name] = mark.join(parts)
    if filled.get("role"):
        filled["of_residents"] = ""
    assert isinstance(one, RosterRow | RosterPerson)
    return one._replace(**filled), otherwise
