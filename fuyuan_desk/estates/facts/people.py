"""Households, their people, shares and tags: frozen dataclasses, personal data masked unless stated."""

from dataclasses import dataclass
from datetime import date

from fuyuan_desk.estates.rules.housing import HoldingRole


@dataclass(frozen=True)
class TagView:
    """A tag as shown: `look` is a value of `TagLook`."""

    id: int
    name: str
    look: str


@dataclass(frozen=True)
class HouseholdFields:
    """Editable data of a household, unmasked, for its form only."""

    head: str = ""
    is_company: bool = False
    role: str = HoldingRole.OWNER
    id_kind: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()
    people: int | None = None
    vacant: bool = False
    contact: str = ""
    remarks: str = ""
    moved_in_on: date | None = None
    moved_out_on: date | None = None
    ended_how: str = ""
    lease_from: date | None = None
    lease_until: date | None = None


HOLDER = 0
"""The id of a household's holder in place of a person's: the holder may have no row of her own."""


@dataclass(frozen=True)
class TagFields:
    """Editable data of a tag: `roles` may see who has it; `visit_every` days the office wants to call, if at all."""

    name: str = ""
    look: str = "grey"
    roles: tuple[str, ...] = ("clerk", "reviewer")
    visit_every: int | None = None
    is_ended: bool = False


@dataclass(frozen=True)
class PersonFields:
    """Editable data of a person, unmasked, for her form only.

    `papers` are numbers of further documents, `tags` ids of tags, `other_ids` (system, number). Of a holder, days and
    remarks are the household's and stay empty here, as does the relation.
    """

    name: str = ""
    relation: str = ""
    sex: str = ""
    born_on: date | None = None
    phones: tuple[str, ...] = ()
    id_kind: str = ""
    id_number: str = ""
    papers: tuple[str, ...] = ()
    registered_at: str = ""
    registered_here: bool | None = None
    lives_here: bool | None = None
    is_emergency: bool = False
    has_key: bool = False
    may_publish: bool | None = None
    consented_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None
    tags: tuple[int, ...] = ()
    other_ids: tuple[tuple[str, str], ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class PersonView:
    """A person with personal data masked; `id` is `HOLDER` for the household's holder.

    `share` is written as a fraction, '' if not recorded. `is_current`: she and her household are here today.
    """

    id: int
    household_id: int
    name: str
    is_company: bool = False
    relation: str = ""
    sex: str = ""
    age: int | None = None
    phones: tuple[str, ...] = ()
    share: str = ""
    is_voter: bool = False
    lives_here: bool | None = None
    residence: str = ""
    is_emergency: bool = False
    has_key: bool = False
    from_on: date | None = None
    until_on: date | None = None
    is_current: bool = True
    tags: tuple[TagView, ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class PersonEdit:
    """A person as loaded by her form, unmasked; loading is audited. A holder's version is the household's."""

    household_id: int
    id: int
    version: int
    fields: PersonFields
    is_company: bool = False


@dataclass(frozen=True)
class ShareRow:
    """Somebody who may own a home, with the share as written, and whether she votes for all; `id` as of a person."""

    household_id: int
    id: int
    name: str
    share: str = ""
    is_voter: bool = False


@dataclass(frozen=True)
class Shares:
    """The shares of a home as of today, for their form; `stamp` is to be handed back, `since` the day they began."""

    unit_id: int
    rows: tuple[ShareRow, ...]
    since: date | None = None
    stamp: str = ""


@dataclass(frozen=True)
class OnDay:
    """Who owned a home and who lived in it on a day, masked.

    `unsure` counts those of them whose first day there, or whether they live there, is not recorded.
    """

    day: date
    owners: tuple[PersonView, ...]
    residents: tuple[PersonView, ...]
    unsure: int


@dataclass(frozen=True)
class HouseholdView:
    """A household with its personal data masked; `doubt` is a warning about its ID number.

    `members` are its people, the holder first, those who left last.
    """

    id: int
    unit_id: int
    version: int
    head: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    doubt: str
    phones: tuple[str, ...]
    people: int | None
    vacant: bool
    contact: str
    remarks: str
    moved_in_on: date | None = None
    moved_out_on: date | None = None
    ended_how: str = ""
    lease_from: date | None = None
    lease_until: date | None = None
    members: tuple[PersonView, ...] = ()


@dataclass(frozen=True)
class HouseholdEdit:
    """A household as loaded by its form, unmasked; loading is audited."""

    id: int
    unit_id: int
    version: int
    fields: HouseholdFields


@dataclass(frozen=True)
class Holder:
    """A holder of a unit, unmasked, for papers and cases of other jobs."""

    household_id: int
    name: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    phones: tuple[str, ...]
