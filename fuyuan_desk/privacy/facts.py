"""Results of the personal data services: frozen dataclasses, masked unless stated."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

REMOVED = "removed"
"""`Key.of` of a removed record that only the audit trail still contains."""


class Key(NamedTuple):
    """Where a person occurs: a record, and which of its persons ('' for the record's own).

    `nth` is the index in a column with several names, -1 in a column with one.
    """

    table: str
    id: int
    of: str = ""
    nth: int = -1


@dataclass(frozen=True)
class Due:
    """A record whose term is over: where it is, whom it concerns (masked), why and since when it is due."""

    key: Key
    what: str
    place: str
    who: str
    reason: str
    since: date
    due_on: date
    removed: bool

    @property
    def id(self) -> Key:
        """The row's identity."""
        return self.key


@dataclass(frozen=True)
class Purged:
    """Counts of anonymised or erased records, rows below them, photos, and redacted audit entries."""

    records: int = 0
    rows: int = 0
    photos: int = 0
    trail: int = 0


@dataclass(frozen=True)
class Place:
    """One record in which a person occurs, masked."""

    key: Key
    what: str
    place: str


@dataclass(frozen=True)
class Candidate:
    """A possible match, masked: records with the same ID number, or the same name and phone or home.

    `only_by_name` when only the name matches.
    """

    name: str
    id_number: str
    phones: tuple[str, ...]
    places: tuple[Place, ...]
    only_by_name: bool

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of this person's records."""
        return tuple(place.key for place in self.places)


@dataclass(frozen=True)
class Consequence:
    """What erasing does to one record: erased, or kept because of a clause, until a day if known."""

    key: Key
    what: str
    place: str
    erased: bool
    until: date | None = None
    clauses: str = ""
    why: str = ""


@dataclass(frozen=True)
class Seen:
    """An access to a record: who, when, how."""

    at: datetime
    operator: str
    action: str


@dataclass(frozen=True)
class Held:
    """One record of the report, unmasked: its values, purpose, retention, and who saw it.

    `withheld` are the roles that may see what the operator may not, of whom one must add it; empty if it is complete.
    """

    what: str
    place: str
    since: date | None
    values: tuple[tuple[str, str], ...] = field(repr=False)
    photos: int = 0
    purpose: str = ""
    basis: str = ""
    kept: str = ""
    seen: tuple[Seen, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonReport:
    """All data stored about one person, unmasked, for that person only (PIPL §45)."""

    number: str
    office: str
    made: date
    name: str = field(repr=False)
    requester: str = field(repr=False)
    purpose: str = ""
    held: tuple[Held, ...] = field(default=(), repr=False)
    exports: int = 0

    @property
    def withheld(self) -> tuple[str, ...]:
        """The roles of which one must add what the operator may not see, of all records; empty if it is complete."""
        sets = [held.withheld for held in self.held if held.withheld]
        return tuple(role for role in (sets[0] if sets else ()) if all(role in one for one in sets))
