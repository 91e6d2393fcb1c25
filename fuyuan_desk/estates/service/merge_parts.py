"""What may differ between two records of a home, household or person: shown side by side, asked, and taken over."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.records import Household, Unit
from fuyuan_desk.kit.merging.facts import Choice
from fuyuan_desk.kit.trail.wording import changes_of, field_name
from fuyuan_desk.store.audit.log import encode
from fuyuan_desk.store.db.base import Record

_FLAGS = ("is_emergency", "has_key")
_SYSTEM = "system:"


@dataclass(frozen=True)
class Part:
    """Columns that are chosen together, because one without the other says something else; named by the first.

    `title` is marked with `N_`; '' for the column's own name. `are_days`: from the first column to the second; an empty
    end says that somebody is still there, so that it is never filled in by itself.
    """

    columns: tuple[str, ...]
    title: str = ""
    are_days: bool = False

    @property
    def name(self) -> str:
        """The key of the part."""
        return self.columns[0]


def _singly(*columns: str) -> tuple[Part, ...]:
    return tuple(Part((column,)) for column in columns)


UNIT_PARTS = (
    *_singly(
        "entrance", "label", "floor", "use", "tenure", "area", "inner_area", "lease_no", "real_estate_no"
    ),
    *_singly("fund_account", "fund_first"),
    Part(("fund_balance", "fund_balance_on")),
    Part(("fund_topped_up", "fund_topped_up_on")),
)
OF_HOUSEHOLD = (
    *_singly("role", "people", "vacant", "contact"),
    Part(("moved_in_on", "moved_out_on", "ended_how"), N_("Time in the home"), are_days=True),
    Part(("lease_from", "lease_until"), N_("Lease")),
)
NAME = Part(("name",))
PAPER = Part(("id_kind", "id_number"), N_("ID document"))
OF_ANYBODY = (
    *_singly("sex", "born_on"),
    PAPER,
    *_singly("registered_at", "registered_here", "lives_here", *_FLAGS),
    Part(("may_publish", "consented_on")),
)
OF_PERSON = (
    *_singly("relation"),
    Part(("from_on", "until_on"), N_("Time in the household"), are_days=True),
)


def parts_of(one: Record, other: Record) -> tuple[Part, ...]:
    """Return the parts in which two records are compared; a household and a person as its holder and her."""
    if isinstance(one, Unit):
        return UNIT_PARTS
    if isinstance(one, Household) and isinstance(other, Household):
        return (NAME, *OF_HOUSEHOLD, *OF_ANYBODY)
    return (NAME, *OF_ANYBODY) if isinstance(one, Household) else (NAME, *OF_PERSON, *OF_ANYBODY)


def _column(row: Record, name: str) -> str:
    """Return the column of a part: a household has its holder's name as `head`."""
    return "head" if name == "name" and isinstance(row, Household) else name


def value(row: Record, name: str) -> Any:
    """Return what a record has in a column, by the name that the column has for a person."""
    return getattr(row, _column(row, name))


def _values(row: Record, part: Part) -> tuple[Any, ...]:
    return tuple(value(row, name) for name in part.columns)


def _is_nothing(name: str, found: Any) -> bool:
    # a "no" to a question says something, a flag that is not set does not
    return found is None or found == "" or (found is False and name in _FLAGS)


def is_empty(row: Record, part: Part) -> bool:
    """Return whether a record says nothing in a part."""
    return all(_is_nothing(name, value(row, name)) for name in part.columns)


# --- shown


def label(row: Record, part: Part) -> str:
    """Return the name of a part."""
    return _(part.title) if part.title else field_name(row.__tablename__, _column(row, part.name))


def shown(row: Record, part: Part) -> str:
    """Return what a record says in a part."""
    filled = {_column(row, name): value(row, name) for name in part.columns}
    filled = {name: found for name, found in filled.items() if not _is_nothing(name, found)}
    changes = changes_of(row.__tablename__, "insert", json.loads(encode(filled)), reveal=True)
    texts = {change.field: change.new for change in changes}
    if not part.are_days:
        return _(", ").join(texts.values()) or _("Not recorded")
    first, last, *how = part.columns
    period = _("{begin} to {end}").format(
        begin=texts.get(first) or _("Not recorded"), end=texts.get(last) or _("still there")
    )
    return _(", ").join([period, *(texts[name] for name in how if name in texts)])


def choices(one: Record, other: Record) -> Iterator[Choice]:
    """Yield what must be chosen: where both say something else, and days wherever they differ."""
    for part in parts_of(one, other):
        if _values(one, part) == _values(other, part):
            continue
        has_one, has_other = not is_empty(one, part), not is_empty(other, part)
        if part.are_days or (has_one and has_other):
            begins = part.are_days and not has_one and value(other, part.columns[1]) is None
            yield Choice(part.name, label(one, part), shown(one, part), shown(other, part), begins)
    numbers: dict[str, str] = getattr(one, "other_ids", None) or {}
    for system, number in (getattr(other, "other_ids", None) or {}).items():
        if numbers.get(system, number) != number:
            yield Choice(_SYSTEM + system, system, numbers[system], number)


def rows(one: Record, other: Record) -> list[tuple[str, str, str]]:
    """Return label and texts of every part in which one of two records says something."""
    filled = [part for part in parts_of(one, other) if not (is_empty(one, part) and is_empty(other, part))]
    found = [(label(one, part), shown(one, part), shown(other, part)) for part in filled]
    ids = [getattr(row, "other_ids", None) or {} for row in (one, other)]
    systems = {**ids[0], **ids[1]}
    nothing = _("Not recorded")
    return [
        *found,
        *((system, ids[0].get(system, nothing), ids[1].get(system, nothing)) for system in systems),
    ]


# --- taken over


def take_over(
    kept: Any, other: Any, parts: Sequence[Part], taken: Collection[str], fills: bool = True
) -> None:
    """Set the parts of the record that stays: what is `taken`, and what only the other one has if that `fills`."""
    for part in parts:
        fits = fills and not part.are_days and is_empty(kept, part) and not is_empty(other, part)
        if part.name in taken or fits:
            for name in part.columns:
                setattr(kept, _column(kept, name), value(other, name))
    kept.version += 1  # what moves along are rows of their own: nothing else of it may have changed


def join_ids(kept: Any, other: Any, taken: Collection[str]) -> None:
    """Join the numbers in other systems; of two in one system the one that is chosen stays."""
    numbers = dict(kept.other_ids or {})
    for system, number in (other.other_ids or {}).items():
        if system not in numbers or _SYSTEM + system in taken:
            numbers[system] = number
    kept.other_ids = numbers or None


def join_remarks(kept: Any, *more: str) -> None:
    """Join remarks; a text that both have stands once."""
    kept.remarks = "\n".join(dict.fromkeys(text for text in (kept.remarks, *more) if text))


def left_over(kept: Household, other: Household, taken: Collection[str]) -> str:
    """Return in words what a household says that its holder takes along as a person, where it has no place for it."""
    found = (
        _("{name}: {value}").format(name=label(other, part), value=shown(other, part))
        for part in OF_HOUSEHOLD
        if not part.are_days and part.name not in taken and not is_empty(other, part)
        if _values(kept, part) != _values(other, part)
    )
    return "\n".join(found)
