"""Retention of personal data per table: term, legal basis and limits to erasure, read from `resources/`.

A test fails for a table with personal columns that is not listed there (PIPL §19, §47).
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
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if language().startswith("zh") else self.en


class Fate(enum.StrEnum):
    """What happens to a record at the end of its term."""

    ANONYMISE = "anonymise"  # the record stays for statistics without personal data
    REMOVE = "remove"


class Erasable(enum.StrEnum):
    """When a request for erasure is granted."""

    ALWAYS = "always"
    ENDED = "ended"  # as soon as the term has started
    DUE = "due"  # not before the term is over


class Rows(enum.StrEnum):
    """What happens to the rows below an anonymised record."""

    REMOVED = "removed"
    BLANKED = "blanked"
    KEPT = "kept"  # says nothing of anybody once the record above it is anonymised


@dataclass(frozen=True)
class Keep:
    """A personal column that is kept, with its legal basis."""

    column: str
    clauses: tuple[str, ...]
    why: Words


@dataclass(frozen=True)
class Term:
    """How long records of a table are kept: `years` or `days` from the day in the column `since`.

    `done` is the column that stores the date of anonymising ('' for none); `only` limits the term to records with
    these values.
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
        """Return the day on which a term that started on `since` ends."""
        return _years_on(since, self.years) + timedelta(days=self.days)

    def began_by(self, today: date) -> date:
        """Return the latest start day of a term that is over today."""
        day = today - timedelta(days=self.days)
        start = _years_on(day, -self.years)
        # a term from 29 February ends with those from the 28th
        following = start + timedelta(days=1)
        return following if self.due_on(following) <= today else start


def _years_on(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


@dataclass(frozen=True)
class Erasing:
    """When a request for erasure is granted, and the legal reason where it is not yet."""

    when: Erasable
    clauses: tuple[str, ...]
    why: Words


@dataclass(frozen=True)
class Holding:
    """A table with personal data: its purpose, legal basis and retention term.

    Without `term` it is kept for the reason in `why`. `columns` labels the columns in the report, those of `parts`
    (tables below it) as `table.column`; `values` maps stored keys to texts.
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

    def value_text(self, column: str, value: str) -> str:
        """Return the text of a stored key as used on paper; other values are returned unchanged."""
        return self.values.get(column, {}).get(value, value)


@cache
def holdings() -> Mapping[str, Holding]:
    """Return the tables with personal data by name."""
    parts = read_each(_FILE)
    found = [
        _holding(data) for section in ("holdings", "kept") for part in parts for data in part.get(section, ())
    ]
    return {holding.table: holding for holding in found}


@cache
def grounds() -> Mapping[str, Words]:
    """Return the legal grounds for requesting erasure (PIPL §47), by key."""
    return {item["key"]: _words(item["text"]) for item in read_json("privacy", _FILE)["grounds"]}


@cache
def removed_term(table: str) -> Term:
    """Return the term for a table's removed records in the audit trail; its name has a placeholder `n`."""
    data = read_json("privacy", _FILE)["removed"]
    years = {key: count for part in read_each(_FILE) for key, count in part.get("removed_years", {}).items()}
    return Term(
        key=data["key"],
        since="at",
        fate=Fate.ANONYMISE,
        name=_words(data["name"]),
        clauses=tuple(data["clauses"]),
        years=years.get(table, data["years"]),
    )


def cited(clauses: tuple[str, ...], chinese: bool = False) -> str:
    """Format clauses in one line, in the screen's language or in Chinese."""
    found = [law.clause(ref) for ref in clauses]
    if chinese or language().startswith("zh"):
        return "、".join(clause.label for clause in found)
    return ", ".join(clause.label_en for clause in found)


def _words(data: Mapping[str, str]) -> Words:
    return Words(data["zh"], data["en"])


def _holding(data: Mapping[str, Any]) -> Holding:
    rule, erasing = data.get("rule"), data.get("erase")
    return Holding(
        table=data["table"],
        name=_words(data["name"]),
        purpose=_words(data["purpose"]),
        clauses=tuple(data["clauses"]),
        columns={name: _words(words) for name, words in data["columns"].items()},
        term=_term(rule) if rule else None,
        erasing=Erasing(Erasable(erasing["when"]), tuple(erasing["clauses"]), _words(erasing["why"]))
        if erasing
        else None,
        parts={part["table"]: Rows(part["rows"]) for part in data.get("parts", ())},
        why=_words(data["why"]) if "why" in data else Words("", ""),
        values=data.get("values", {}),
    )


def _term(data: Mapping[str, Any]) -> Term:
    return Term(
        key=data["key"],
        since=data["from"],
        fate=Fate(data["act"]),
        name=_words(data["name"]),
        clauses=tuple(data["clauses"]),
        years=data.get("years", 0),
        days=data.get("days", 0),
        done=data["done"],
        keeps=tuple(
            Keep(kept["column"], tuple(kept["clauses"]), _words(kept["why"]))
            for kept in data.get("keeps", ())
        ),
        only=data.get("only", {}),
    )
