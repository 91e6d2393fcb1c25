"""What the services on personal data tell: frozen dataclasses, masked unless said."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

REMOVED = "removed"
"""`Key.of` of a record that was removed and of which only the trail still tells."""


class Key(NamedTuple):
    """Where a person stands: a record, and which of the persons it tells of ('' for the record's own).

    `nth` is her place where several names stand in one column, -1 where she stands alone.
    """

    table: str
    id: int
    of: str = ""
    nth: int = -1


@dataclass(frozen=True)
class Due:
    """A record whose term is over: where it is, whom it tells of (masked), why and since when it is due."""

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
        """What makes this row this row."""
        return self.key


@dataclass(frozen=True)
class Purged:
    """What anonymising or erasing did: records, rows below them, photos, entries of the trail that were redacted."""

    records: int = 0
    rows: int = 0
    photos: int = 0
    trail: int = 0


@dataclass(frozen=True)
class Place:
    """One record in which a person stands, masked."""

    key: Key
    what: str
    place: str


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant, masked: records with the same paper, or the same name and phone or home.

    `only_by_name` when nothing but the name speaks for it.
    """

    name: str
    id_number: str
    phones: tuple[str, ...]
    places: tuple[Place, ...]
    only_by_name: bool

    @property
    def keys(self) -> tuple[Key, ...]:
        """Where this person stands."""
        return tuple(place.key for place in self.places)


@dataclass(frozen=True)
class Consequence:
    """What erasing does at one place: erased, or kept – until a day if one is known – because of a clause."""

    key: Key
    what: str
    place: str
    erased: bool
    until: date | None = None
    clauses: str = ""
    why: str = ""


@dataclass(frozen=True)
class Seen:
    """That somebody saw a record: who, when, how."""

    at: datetime
    operator: str
    action: str


@dataclass(frozen=True)
class Held:
    """One record of the report, unmasked: what it says, what for, how long, who saw it."""

    what: str
    place: str
    since: date | None
    values: tuple[tuple[str, str], ...] = field(repr=False)
    photos: int = 0
    purpose: str = ""
    basis: str = ""
    kept: str = ""
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class PersonReport:
    """All that is stored on one person, unmasked: for her own hands only (PIPL §45)."""

    number: str
    office: str
    made: date
    name: str = field(repr=False)
    requester: str = field(repr=False)
    purpose: str = ""
    held: tuple[Held, ...] = field(default=(), repr=False)
    exports: int = 0
