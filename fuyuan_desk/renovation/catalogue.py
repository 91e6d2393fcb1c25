"""Reads works, documents, protection classes and hours from `resources/renovation/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from fuyuan_desk.core.calendar import holidays
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import language
from fuyuan_desk.renovation.rules.dues import Limits
from fuyuan_desk.renovation.rules.hours import Hours
from fuyuan_desk.renovation.rules.works import (
    BilingualText,
    Catalogue,
    Conditions,
    Document,
    Due,
    Element,
    Keep,
    Protection,
    Question,
    Rule,
    SettingRule,
    Touch,
    Verdict,
    Work,
)

_FOLDER = "renovation"


@cache
def due_limits() -> Limits:
    """Return the limits that decide when a task is due."""
    data = read_json(_FOLDER, "dues.json")
    return Limits(
        data["days_without_visit"], data["papers_due_days_before_start"], data["days_shown_as_completed"]
    )


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue of works."""
    works = read_json(_FOLDER, "works.json")
    protection = read_json(_FOLDER, "protection.json")
    return Catalogue(
        version=works["version"],
        groups={g["key"]: _text(g, "name") for g in works["groups"]},
        works={w["key"]: _work(w) for w in works["works"]},
        questions={q["key"]: Question(q["key"], _text(q, "text")) for q in works["questions"]},
        documents={d["key"]: _document(d) for d in read_json(_FOLDER, "documents.json")["documents"]},
        steps={b["key"]: _text(b, "asks") for b in works["bodies"]},
        protections={c["class"]: _protection(c) for c in protection["classes"]},
        settings=tuple(_setting(s) for s in protection["settings"]),
        heritage={key: _rule(r) for key, r in protection["heritage"].items()},
        ordinary=_rule(works["ordinary"]),
    )


@dataclass(frozen=True)
class Site:
    """Rules for every site: hours of noisy work, longest period, the note on deposits."""

    version: str
    hours: Hours
    longest_days: int
    deposit: BilingualText
    holidays: Mapping[date, str]


@cache
def site() -> Site:
    """Return the shipped rules for every site."""
    data = read_json(_FOLDER, "hours.json")
    deposit = data["deposit"]
    return Site(
        version=data["version"],
        hours=Hours(((time.fromisoformat(data["noisy_from"]), time.fromisoformat(data["noisy_until"])),)),
        longest_days=data["longest_days"],
        deposit=_text(deposit, "text"),
        holidays=holidays(),
    )


def _text(data: dict[str, Any], key: str) -> BilingualText:
    return BilingualText(data[key], data[f"{key}_en"])


def _conditions(data: dict[str, list[str]]) -> Conditions:
    return tuple((name, tuple(values)) for name, values in data.items())


def _rule(data: dict[str, Any]) -> Rule:
    return Rule(
        _conditions(data["when"]),
        Verdict[data["verdict"].upper()],
        tuple(data["clauses"]),
        _text(data, "reason"),
        tuple(data["documents"]),
        data["body"],
        data["qualified_firm"],
    )


def _work(data: dict[str, Any]) -> Work:
    touches = tuple(
        Touch(Element(t["element"]), t["grade"], t["change"], _conditions(t["when"])) for t in data["touches"]
    )
    return Work(
        data["key"],
        data["group"],
        _text(data, "name"),
        touches,
        tuple(_rule(r) for r in data["rules"]),
        frozenset(data["typical"]),
    )


def _document(data: dict[str, Any]) -> Document:
    when = None if data["when"] is None else _conditions(data["when"])
    return Document(
        data["key"], _text(data, "name"), _text(data, "why"), tuple(data["clauses"]), Due(data["due"]), when
    )


def _protection(data: dict[str, Any]) -> Protection:
    return Protection(data["clause"], {Element(e): Keep[k.upper()] for e, k in data["keeps"].items()})


def _setting(data: dict[str, Any]) -> SettingRule:
    return SettingRule(frozenset(Element(e) for e in data["elements"]), data["change_only"], _rule(data))


def shown_text(text: BilingualText | None, stored: str = "") -> str:
    """Return a catalogue text in the language of the screen, or the stored text if it left the catalogue."""
    return text.in_language(language()) if text else stored
