"""The rows read from a roster, and the problems found in it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

ERROR, WARNING, INFO = "error", "warning", "info"


class Home(NamedTuple):
    """Whom a row concerns, as read: a place, and its holder ("" if none is named)."""

    estate: str
    building: str
    entrance: str
    unit: str
    holder: str = ""

    @property
    def address(self) -> str:
        """The place in one line; a house that is its own estate is named once."""
        parts = (self.estate, self.building if self.building != self.estate else "", self.entrance, self.unit)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a roster: `row` and `column` as in Excel, the cell's text, and what to do.

    `field` is what the column contains, `home` whom the row concerns; None: it concerns no single household. `is_lost`:
    the value of the cell is not imported.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str
    severity: str = WARNING
    field: str = ""
    home: Home | None = None
    is_lost: bool = False


class RosterPerson(NamedTuple):
    """Somebody of a household besides its holder: `relation` is a `Relation`, `share` a fraction of the home.

    `papers` are further documents as kind and number, `other_ids` numbers in other systems as system and number, `tags`
    names of tags.
    """

    name: str
    relation: str = ""
    share: str = ""
    id_kind: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    registered_at: str = ""
    lives_here: bool | None = None
    is_emergency: bool = False
    other_ids: tuple[tuple[str, str], ...] = ()
    remarks: str = ""
    tags: tuple[str, ...] = ()


class RosterRow(NamedTuple):
    """One household and its unit; areas in 0.01 m², money in fen; `fault` is why it cannot be imported.

    `street` is the road and lane of the row's own address, "" if it names none. `share`, `papers`, `registered_at`,
    `lives_here` and `other_ids` are the holder's, as in a `RosterPerson`; `unit_ids` are the unit's in other systems,
    `tags` names of tags offered for the holder, `persons` everybody else in the household.
    `of_residents`: the word by which the list is one of residents, such as 居民, where it does not say what this one
    is, who may own or rent. `is_unsure`: the name may be none, such as a word that is not known; `stands_in`: nobody of
    the home is said to be its head, and this person was taken for the holder.
    """

    sheet: str
    row: int
    estate: str
    building: str
    entrance: str
    floor: str
    unit: str
    name: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    phones: tuple[str, ...]
    tenure: str
    use: str
    area: int | None
    inner_area: int | None
    people: int | None
    vacant: bool
    fund_first: int | None
    fund_balance: int | None
    topped_up: bool | None
    topped_up_on: date | None
    lease_no: str
    contact: str
    remarks: str
    fault: str = ""
    street: str = ""
    of_residents: str = ""
    share: str = ""
    papers: tuple[tuple[str, str], ...] = ()
    registered_at: str = ""
    lives_here: bool | None = None
    other_ids: tuple[tuple[str, str], ...] = ()
    unit_ids: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    persons: tuple[RosterPerson, ...] = ()
    is_unsure: bool = False
    stands_in: bool = False

    @property
    def home(self) -> Home:
        """Whom the row concerns."""
        return Home(self.estate, self.building, self.entrance, self.unit, self.name)
