"""What an import writes of the people of its households, column by column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow

Columns = Mapping[str, Sequence[Any]]
_PERSON = ("name", "relation", "id_kind", "id_number", "is_emergency", "remarks")
# most rosters have none of these fields, which one look at all of them shows
_MORE = itemgetter(slice(RosterRow._fields.index("share"), None))
_NOTHING = tuple(RosterRow._field_defaults[name] for name in _MORE(RosterRow._fields))
_EMPTY = frozenset(("", None, ()))
_UNIT_IDS = attrgetter("unit_ids")
ELSEWHERE = ("registered_at", "lives_here", "other_ids")
"""Columns that holders and everybody else have alike, and that most rosters do not fill."""


def are_plain(households: Iterable[RosterRow], units: Iterable[RosterRow]) -> bool:
    """Return whether households have nobody but holders, without shares, further documents and tags.

    Neither they nor the units have numbers in other systems.
    """
    return all(map(_NOTHING.__eq__, map(_MORE, households))) and not any(map(_UNIT_IDS, units))


def phones_of_holders(rows: Sequence[RosterRow], households: Sequence[int]) -> Columns:
    """Return the columns of the telephone numbers of rows that are plain."""
    phones = [
        (household, position, number)
        for household, row in zip(households, rows, strict=True)
        for position, number in enumerate(row.phones)
    ]
    return _columns(("household_id", "position", "number"), phones)


class HouseholdPeople:
    """The people of new households and what belongs to them; `households` are the ids of the rows' households."""

    def __init__(self, rows: Sequence[RosterRow], households: Sequence[int]) -> None:
        self._rows = rows
        self._households = households
        self.has_persons = any(row.persons for row in rows)

    @cached_property
    def tag_names(self) -> list[str]:
        """The names of all tags, each once."""
        given = chain.from_iterable(row.tags for row in self._rows)
        others = (name for row in self._rows for person in row.persons for name in person.tags)
        return list(dict.fromkeys(chain(given, others)))

    def persons(self) -> Columns:
        """Return the columns of everybody besides the holders, in the order of `of_persons`."""
        people = [person for row in self._rows for person in row.persons]
        return {
            "household_id": [
                household
                for household, row in zip(self._households, self._rows, strict=True)
                for _person in row.persons
            ],
            "position": [place for row in self._rows for place, _person in enumerate(row.persons, 1)],
            **{name: [getattr(person, name) for person in people] for name in _PERSON},
            **picked_if_any(people, ELSEWHERE),
        }

    def _everybody(
        self, persons: Sequence[int]
    ) -> Iterator[tuple[int, int | None, RosterRow | RosterPerson]]:
        """Yield the holder of each household, then its other people: ids of household and person, and what is read."""
        ids = iter(persons)
        for household, row in zip(self._households, self._rows, strict=True):
            yield household, None, row
            for person in row.persons:
                yield household, next(ids), person

    def phones(self, persons: Sequence[int]) -> Columns:
        """Return the columns of all telephone numbers; `persons` are the ids of everybody besides the holders."""
        of_all = [
            (household, person, position, number)
            for household, person, one in self._everybody(persons)
            for position, number in enumerate(one.phones)
        ]
        return _columns(("household_id", "person_id", "position", "number"), of_all)

    def shares(self, persons: Sequence[int]) -> Columns:
        """Return the columns of all shares."""
        shares = [
            (household, person, one.share) for household, person, one in self._everybody(persons) if one.share
        ]
        return _columns(("household_id", "person_id", "share"), shares)

    def papers(self, persons: Sequence[int]) -> Columns:
        """Return the columns of everybody's further documents."""
        papers = [
            (household, person, position, kind, number)
            for household, person, one in self._everybody(persons)
            for position, (kind, number) in enumerate(one.papers)
        ]
        return _columns(("household_id", "person_id", "position", "kind", "number"), papers)

    def tags(self, persons: Sequence[int], ids: Mapping[str, int]) -> Columns:
        """Return the columns of everybody's tags; `ids` are those of the tags by name."""
        tags = [
            (household, person, ids[name])
            for household, person, one in self._everybody(persons)
            for name in dict.fromkeys(one.tags)
        ]
        return _columns(("household_id", "person_id", "tag_id"), tags)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return dict(zip(names, columns, strict=True))


def picked_if_any(people: Sequence[RosterRow] | Sequence[RosterPerson], names: Sequence[str]) -> Columns:
    """Return those columns of people that are filled for anybody; numbers in other systems as they are stored."""
    found: dict[str, Sequence[Any]] = {}
    for name in names:
        values = [getattr(one, name) for one in people]
        if not _EMPTY.issuperset(values):
            found[name] = [dict(value) or None for value in values] if name == "other_ids" else values
    return found


def numbers_of_units(rows: Sequence[RosterRow]) -> Columns:
    """Return the column of the units' numbers in other systems, if any has one."""
    numbers = [dict(row.unit_ids) or None for row in rows]
    return {"other_ids": numbers} if any(numbers) else {}


def words_of_numbers_elsewhere(row: RosterRow) -> str:
    """Return the words by which a unit is found by its numbers in other systems."""
    return search_entries.words_of_numbers((), [number for _system, number in row.unit_ids])


def words_of_people(row: RosterRow) -> str:
    """Return the words by which a holder's further documents and the other people of her household are found."""
    persons = row.persons
    words = search_entries.words_of_holders(
        [one.name for one in persons], [one.phones for one in persons], [one.id_number for one in persons]
    )
    everybody: tuple[RosterRow | RosterPerson, ...] = (row, *persons)
    papers = [number for one in everybody for _kind, number in one.papers]
    return " ".join((*words, search_entries.words_of_numbers(papers, ())))
