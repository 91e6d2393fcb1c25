"""The data of a call as its books declare it, and what its files hand each other."""

from dataclasses import dataclass, field
from datetime import date

from fuyuan_desk.estates.facts.people import TagView


@dataclass(frozen=True)
class CallFields:
    """Editable data of a call; kind and how are values of `rules`, `called_at` is a local time such as 14:30.

    `resident` is a key of `rules.Called`, '' for nobody in particular.
    """

    called_on: date | None = None
    called_at: str = ""
    kind: str = "visit"
    how: str = "at_home"
    resident: str = ""
    estate_id: int | None = None
    staff: str = ""
    label: str = ""
    said: str = ""
    follow_up: str = ""
    follow_up_by: date | None = None
    follow_up_done_on: date | None = None
    entered_on: date | None = None


@dataclass(frozen=True)
class NewCall:
    """What the form of a new call is filled with: the key of the resident, and how it is shown, masked."""

    estate_id: int
    key: str
    text: str


@dataclass(frozen=True)
class DueFields:
    """Somebody who is to be called on: `resident` is a key of `rules.Called`, `last_on` None: never called.

    `tag_id` is the tag that decides, `tags` are all that the operator may see.
    """

    resident: str = ""
    name: str = ""
    home: str = ""
    estate_id: int | None = None
    tag_id: int | None = None
    tags: tuple[TagView, ...] = field(default=())
    last_on: date | None = None
    due_on: date = date.max


@dataclass(frozen=True)
class MonthOrder:
    """Which calls a month sheet holds: those of a year, or of one month (1 to 12), all or not entered yet."""

    year: int
    month: int | None = None
    only_open: bool = True


@dataclass(frozen=True)
class SheetRow:
    """A call as it is entered in 社区云: texts in Chinese, name and details masked unless ordered otherwise."""

    id: int
    version: int
    called_on: date
    is_entered: bool
    texts: tuple[str, ...]
