"""A kind of record declared once: its parts with label, kind, check, column, filter and search; pure.

A job's `book.py` returns a `Book` from a function, because texts are translated when they are shown. Everything that
the office does with records follows from it: list, form, checks, search, export, printed list, history.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, Generic, Literal, TypeVar

from fuyuan_desk.core.codes import label_of
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import _

F = TypeVar("F")

PartKind = Literal[
    "text", "code", "lines", "int", "area", "money", "date", "instant", "choice", "checks", "check", "reference",
    "search", "suggest", "names",
]  # fmt: skip
"""Values: text, lines: str; code: str, a number or mark, saved in half-width characters without blanks; int: int; area:
0.01 m²; money: fen; date: date; instant: an aware datetime, shown in local time; choice: a value of `choices`;
checks: a tuple of those; check: bool; reference: the id of another record; search: the key of one that is found by
typing, as text; suggest: str, of which `choices` are offered; names: str, several names. Empty numbers, dates,
references are None."""
Tone = Literal["neutral", "ok", "warn", "error"]
RIGHT = frozenset({"int", "area", "money"})


@dataclass(frozen=True)
class Shown:
    """The column of a part: `width` in pixels at normal text size; `at_first` unless the clerk chooses otherwise.

    `sort`: the header sorts by it, by the column `by` of the table if that is given (a natural order, for example).
    `naturally`: a text that starts with or holds numbers is sorted as people read it, without a column for that; in a
    list of more than some ten thousand records use `by`.
    `wide`: the width where the column of the estate is left out, if that leaves it more room.
    `in_large`: it is also shown at first in large text, which leaves less room. `text(line)` returns what the list
    shows instead of the plain value, `whole(line)` the same where there is room: in an export, and in the tooltip if
    there is no `tip(line)`.
    """

    width: int
    sort: bool = False
    by: str = ""
    naturally: bool = False
    at_first: bool = True
    least: int = 72
    wide: int = 0
    in_large: bool = True
    text: "Callable[[Line[Any]], str] | None" = None
    whole: "Callable[[Line[Any]], str] | None" = None
    tip: "Callable[[Line[Any]], str] | None" = None


@dataclass(frozen=True)
class Mark:
    """How a value is marked in a list: tone and icon of its chip."""

    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a record.

    `label` may hold a mnemonic (`&Name`). `most` characters, `low` and `high` limit numbers. `choices` are (value,
    text); those of a reference are read from the store, and depend on the reference `within` if that is given.
    `filter`: the list can be filtered by the value, by a period that has begun, or by when it is due. `ahead`: how long
    before its day a value with the filter "due" is announced, in the list and on the first page (`kit/dues.py`).
    `find`: typed text finds the record by it, as a text with Pinyin, a telephone or the number of a document. `mask`
    hides a personal value until it is revealed. `in_form` is False for what is computed (`Line.extra`). `for_many`: it
    can be changed for several rows at once. `mark(line, today)` returns how the value is marked in the list, None for
    plain text.
    """

    name: str
    label: str
    kind: PartKind = "text"
    required: bool = False
    most: int = 0
    low: int | None = None
    high: int | None = None
    choices: Sequence[tuple[Any, str]] = ()
    within: str = ""
    filter: Literal["", "value", "period", "due"] = ""
    find: Literal["", "text", "phone", "document"] = ""
    shown: Shown | None = None
    hint: str = ""
    placeholder: str = ""
    unit: str = ""
    span: int = 1
    mask: Callable[[str], str] | None = None
    sensitive: bool = False
    in_form: bool = True
    for_many: bool = False
    ahead: timedelta = timedelta(0)
    mark: "Callable[[Line[Any], date], Mark | None] | None" = None

    @property
    def name_shown(self) -> str:
        """The label without its mnemonic."""
        return re.sub(r"\(&\w\)", "", self.label).replace("&", "")


@dataclass(frozen=True)
class Heading:
    """A heading between the fields of a form."""

    title: str
    hint: str = ""


@dataclass(frozen=True)
class Words:
    """The sentences about records of a kind, each as shown: a clerk reads “New facility”, not “New record”.

    A list alone, without a form beside it, needs only the first four.
    """

    add: str
    nothing: str
    nothing_hint: str
    find: str
    new: str = ""
    choose_title: str = ""
    choose: str = ""
    remove_hint: str = ""


@dataclass(frozen=True)
class Book:
    """A kind of record.

    `title` heads its list; `words` are its sentences. `name(fields)` names a record in headings and questions.
    `order` is the part by which lists are sorted at first, downwards if `descending`. `estate` is the reference to the
    estate to which a record belongs, '' if there is none; `about` explains the page in a line. `never_due`: records
    with one of these values, by part, are never due, whatever day they hold. `doubts(fields, line)` returns by part
    what looks wrong in a form but can be saved, `line` being the record as read, None for a new one.
    """

    kind: Kind
    title: str
    words: Words
    parts: tuple[Part | Heading, ...]
    name: Callable[[Any], str]
    order: str
    estate: str = ""
    about: str = ""
    descending: bool = False
    never_due: Mapping[str, Collection[Any]] = field(default_factory=dict)
    doubts: "Callable[[Any, Line[Any] | None], Mapping[str, str]] | None" = None

    @property
    def fields(self) -> tuple[Part, ...]:
        """The parts without headings."""
        return tuple(part for part in self.parts if isinstance(part, Part))

    def part(self, name: str) -> Part:
        """Return a part by its name."""
        return next(part for part in self.fields if part.name == name)

    def due_mark(self, part: Part, fields: Any, today: date) -> "Mark | None":
        """Return how a day with the filter "due" is marked: overdue, announced, or not at all."""
        due = getattr(fields, part.name)
        is_never = any(getattr(fields, name) in values for name, values in self.never_due.items())
        if due is None or is_never or due > today + part.ahead:
            return None
        return Mark("error" if due < today else "warn", "calendar")


@dataclass(frozen=True)
class Known:
    """The record that a form was opened with: its key and the version that was read."""

    id: int
    version: int


@dataclass(frozen=True)
class Option:
    """A record that a reference can point to, or a code with its name.

    `within` is the record to which it belongs, such as a building's estate.
    """

    id: Any
    text: str
    within: int | None = None


@dataclass(frozen=True)
class Found:
    """A record that a part of the kind `search` found: key and texts; for a guess the words that it matches instead."""

    key: str
    title: str
    detail: str = ""
    meant: str = ""


@dataclass(frozen=True)
class Line(Generic[F]):
    """A record in a list or form: `fields` with personal data masked, `names` of what its references point to.

    `extra` holds the values of the parts that are computed.
    """

    id: int
    version: int
    fields: F
    names: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """The record as read now."""
        return Known(self.id, self.version)


@dataclass(frozen=True)
class BookQuery:
    """What a list shows: words as typed, facets by part (a value, or a period as first and last day), order.

    A page may also restrict the list by a column that is no part, such as `id`.
    """

    text: str = ""
    facets: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


def choices_of(members: type[Enum], label: Callable[[Any], str] = label_of) -> tuple[tuple[Any, str], ...]:
    """Return all members of an enum as choices, in their order."""
    return tuple((member.value, label(member)) for member in members)


def value_of(part: Part, line: Line[Any]) -> Any:
    """Return the value of a part, masked if it is personal."""
    return getattr(line.fields, part.name) if part.in_form else line.extra.get(part.name)


def text_of(part: Part, line: Line[Any]) -> str:
    """Return the value of a part as the list and papers show it; '' for none."""
    if part.shown is not None and part.shown.text is not None:
        return part.shown.text(line)
    return plain_text(part, line)


def plain_text(part: Part, line: Line[Any]) -> str:
    """Return the value of a part in words, however the list shows it; '' for none."""
    value = value_of(part, line)
    if value is None or value == "" or value == ():
        return ""
    if part.kind in ("reference", "search"):
        return line.names.get(part.name, "")
    if part.kind == "checks":
        return _(", ").join(_named(part, one) for one in value)
    if part.kind == "choice":
        return _named(part, value)
    return _PLAIN[part.kind](value)


def _named(part: Part, value: Any) -> str:
    # a code that a newer version of the program wrote is shown as it is rather than hidden
    return next((text for known, text in part.choices if known == value), str(value))


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


_PLAIN: dict[str, Callable[[Any], str]] = {
    "text": str,
    "code": str,
    "suggest": str,
    "names": str,
    "lines": lambda value: " ".join(str(value).split()),
    "int": lambda value: f"{value:,}",
    "area": lambda value: f"{value / 100:,.2f}",
    "money": lambda value: f"{value / 100:,.2f}",
    "date": lambda value: value.isoformat(),
    "instant": lambda value: f"{value.astimezone():%Y-%m-%d %H:%M}",
    "check": _yes_or_no,
}


def faults(book: Book, fields: Any) -> dict[str, str]:
    """Return what the declaration itself forbids, by part: missing, too long, out of range, not among the choices."""
    found = ((part.name, _fault(part, getattr(fields, part.name))) for part in book.fields if part.in_form)
    return {name: fault for name, fault in found if fault}


def _fault(part: Part, value: Any) -> str:
    if value is None or value == "" or value == ():
        return _("This must be filled in.") if part.required else ""
    if isinstance(value, str) and part.most and len(value) > part.most:
        return _("This is longer than {n} characters. Shorten it.").format(n=part.most)
    if part.kind in RIGHT and not (
        (part.low is None or value >= part.low) and (part.high is None or value <= part.high)
    ):
        shown = str if part.kind == "int" else _PLAIN[part.kind]  # of yuan and m², not of their hundredths
        return _("Enter a number from {low} to {high}.").format(low=shown(part.low), high=shown(part.high))
    if part.kind == "choice" and part.choices and value not in {known for known, _text in part.choices}:
        return _("Choose one of the list.")
    return ""
