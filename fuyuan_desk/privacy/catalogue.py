"""How long each table keeps what it holds on people, why, and what stands against erasing it: from `resources/`.

A table with personal columns that is not named there fails a test (PIPL §19, §47).
"""

import calendar
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from fuyuan_desk.core import law
from fuyuan_desk.core.paths import read_each, read_json
from fuyuan_desk.core.texts import language

_FILE = "retention.json"


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if language().startswith("zh") else self.en


class Fate(enum.StrEnum):
    """What becomes of a record at the end of its term."""

    ANONYMISE = "anonymise"  # it stays and counts, but tells of nobody
    REMOVE = "remove"


class Erasable(enum.StrEnum):
    """When somebody's wish to be erased is followed."""

    ALWAYS = "always"
    ENDED = "ended"  # as soon as what the term counts from has happened
    DUE = "due"  # not before the term is over


class Rows(enum.StrEnum):
    """What becomes of the rows below an anonymised record."""

    REMOVED = "removed"
    BLANKED = "blanked"


@dataclass(frozen=True)
class Keep:
    """A personal column that stays, with the clause for it."""

    column: str
    clauses: tuple[str, ...]
    why: Words


@dataclass(frozen=True)
class Term:
    """How long records of a table are kept: `years` or `days` from the day in the column `since`.

    `done` is the column that remembers the day of anonymising ('' for none); `only` narrows to records with these
    values.
    """

    key: str
    since: str
    fate: Fate
    name: Words
    clauses: tuple[str, ...]
    years: int = 0
    days: int = 0
    done: str = ""
    keeps: tuple[Keep, ...] = ()
    only: Mapping[str, Any] = field(default_factory=dict)

    def due_on(self, since: date) -> date:
        """Give the day on which the term that began on `since` is over."""
        return _years_on(since, self.years) + timedelta(days=self.days)

    def began_by(self, today: date) -> date:
        """Give the last day from which a term is over today."""
        day = today - timedelta(days=self.days)
        begun = _years_on(day, -self.years)
        # who left on 29 February is due with those of the 28th
        following = begun + timedelta(days=1)
        return following if self.due_on(following) <= today else begun


def _years_on(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


@dataclass(frozen=True)
class Erasing:
    """Whether a person's wish to be erased is followed, and what the law says where it is not yet."""

    when: Erasable
    clauses: tuple[str, ...]
    why: Words


@dataclass(frozen=True)
class Holding:
    """A table that holds personal data: what for, on which legal basis, and for how long.

    Without `term` it is kept for the reason in `why`. `columns` names what the report tells, those of `parts` (tables
    below it) as `table.column`; `values` says what stored keys mean.
    """

    table: str
    name: Words
    purpose: Words
    clauses: tuple[str, ...]
    columns: Mapping[str, Words]
    term: Term | None = None
    erasing: Erasing | None = None
    parts: Mapping[str, Rows] = field(default_factory=dict)
    why: Words = field(default=Words("", ""))
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def in_words(self, column: str, value: str) -> str:
        """Write a stored key as papers say it; other values stay as they are."""
        return self.values.get(column, {}).get(value, value)


@cache
def holdings() -> Mapping[str, Holding]:
    """Give every table that holds personal data, by its name."""
    parts = read_each(_FILE)
    found = [
        _holding(data) for section in ("holdings", "kept") for part in parts for data in part.get(section, ())
    ]
    return {holding.table: holding for holding in found}


@cache
def grounds() -> Mapping[str, Words]:
    """Give the grounds on which somebody may ask to be erased (PIPL §47), by key."""
    return {told["key"]: _words(told["text"]) for told in read_json("privacy", _FILE)["grounds"]}


@cache
def removed_term(table: str) -> Term:
    """Give how long the trail keeps what a removed record of a table said of people; its name takes the years, `n`."""
    told = read_json("privacy", _FILE)["removed"]
    years = {key: count for part in read_each(_FILE) for key, count in part.get("removed_years", {}).items()}
    return Term(
        key=told["key"],
        since="at",
        fate=Fate.ANONYMISE,
        name=_words(told["name"]),
        clauses=tuple(told["clauses"]),
        years=years.get(table, told["years"]),
    )


def cited(clauses: tuple[str, ...], chinese: bool = False) -> str:
    """Name clauses in one line, as the screen speaks or as papers do."""
    found = [law.clause(ref) for ref in clauses]
    if chinese or language().startswith("zh"):
        return "、".join(clause.label for clause in found)
    return ", ".join(clause.label_en for clause in found)


def _words(told: Mapping[str, str]) -> Words:
    return Words(told["zh"], told["en"])


def _holding(told: Mapping[str, Any]) -> Holding:
    rule, erasing = told.get("rule"), told.get("erase")
    return Holding(
        table=told["table"],
        name=_words(told["name"]),
        purpose=_words(told["purpose"]),
        clauses=tuple(told["clauses"]),
        columns={name: _words(words) for name, words in told["columns"].items()},
        term=_term(rule) if rule else None,
        erasing=Erasing(Erasable(erasing["when"]), tuple(erasing["clauses"]), _words(erasing["why"]))
        if erasing
        else None,
        parts={part["table"]: Rows(part["rows"]) for part in told.get("parts", ())},
        why=_words(told["why"]) if "why" in told else Words("", ""),
        values=told.get("values", {}),
    )


def _term(told: Mapping[str, Any]) -> Term:
    return Term(
        key=told["key"],
        since=told["from"],
        fate=Fate(told["act"]),
        name=_words(told["name"]),
        clauses=tuple(told["clauses"]),
        years=told.get("years", 0),
        days=told.get("days", 0),
        done=told["done"],
        keeps=tuple(
            Keep(kept["column"], tuple(kept["clauses"]), _words(kept["why"]))
            for kept in told.get("keeps", ())
        ),
        only=told.get("only", {}),
    )
