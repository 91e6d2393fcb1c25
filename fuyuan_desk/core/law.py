"""The legal bases the program cites: each clause with its version and the source of its text.

A citation is written `110§5(1)` (the version in force) or `110@2011§5(1)` (pinned to a version).
Citations stored with a case are always pinned, so an old case keeps the law it was judged by;
a change of law is a new version object in `resources/law/`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from fuyuan_desk.core import paths

_DIGITS = "零一二三四五六七八九"


class Source(StrEnum):
    """The authority of a text; everything but a statute is a value the office may edit."""

    STATUTE = "statute"
    SECONDARY = "secondary"
    EXPERIENCE = "experience"


@dataclass(frozen=True)
class Clause:
    """One clause of one version of a legal basis; the texts are summaries, not quotations."""

    basis: str
    version: str
    title: str
    title_en: str
    short_title: str
    number: str
    text: str
    text_en: str
    source: Source

    @property
    def ref(self) -> str:
        """The pinned citation, for instance `110@2011§5(1)`."""
        return f"{self.basis}@{self.version}§{self.number}"

    @property
    def label(self) -> str:
        """The citation as printed on paper, for instance 《住宅室内装饰装修管理办法》第五条第（一）项."""
        return f"《{self.title}》{chinese_number(self.number)}"

    @property
    def short(self) -> str:
        """The citation where there is little room, for instance 装修办法§5(1)."""
        return f"{self.short_title}§{self.number}"

    @property
    def label_en(self) -> str:
        """The citation in English, for instance `Measures … §5(1)`."""
        return f"{self.title_en} §{self.number}" if self.number[:1].isdigit() else self.title_en


@dataclass(frozen=True)
class LegalBasis:
    """One version of a statute or other source of rules; `effective` None: the date is not verified."""

    key: str
    name: str
    name_en: str
    document: str
    version: str
    effective: date | None
    until: date | None
    source: Source
    clauses: tuple[Clause, ...]

    def in_force(self, on: date) -> bool:
        """Whether this version is the law on the day `on`."""
        return (self.effective is None or self.effective <= on) and (self.until is None or on < self.until)


def chinese_number(number: str) -> str:
    """Format a clause number as in statutes: `5(1)` → 第五条第（一）项; other text is put in brackets."""
    head, _, rest = number.partition("(")
    if not head.isdigit():
        return f"（{number}）"
    article = f"第{_numeral(int(head))}条"
    return f"{article}第（{_numeral(int(rest.rstrip(')')))}）项" if rest else article


def _numeral(value: int) -> str:
    """Format 1…999 in Chinese numerals."""
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not text else "")


@cache
def bases() -> tuple[LegalBasis, ...]:
    """Return every version of every known legal basis."""
    files = sorted(paths.resource("law").glob("*.json"))
    return tuple(basis for file in files for basis in _versions(paths.read_json("law", file.name)))


def _versions(data: dict[str, Any]) -> list[LegalBasis]:
    return [_basis(data, version) for version in data["versions"]]


def _basis(data: dict[str, Any], version: dict[str, Any]) -> LegalBasis:
    clauses = tuple(
        Clause(
            data["key"], version["version"], data["name"], data["name_en"], data["short"],
            c["number"], c["text"], c["text_en"], Source(c["source"]),
        )
        for c in version["clauses"]
    )  # fmt: skip
    return LegalBasis(
        data["key"], data["name"], data["name_en"], version["document"], version["version"],
        _day(version["effective"]), _day(version["until"]), Source(version["source"]), clauses,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _by_ref() -> dict[str, Clause]:
    return {clause.ref: clause for basis in bases() for clause in basis.clauses}


@cache
def clause(ref: str, on: date | None = None) -> Clause:
    """Return the clause of a citation; an unpinned one means the version in force on `on`, or the newest.

    Raises `KeyError` for an unknown citation, which is a bug in the data.
    """
    basis, _, number = ref.partition("§")
    if "@" in basis:
        return _by_ref()[ref]
    versions = [b for b in bases() if b.key == basis and (on is None or b.in_force(on))]
    for found in sorted(versions, key=lambda b: b.effective or date.min, reverse=True):
        for candidate in found.clauses:
            if candidate.number == number:
                return candidate
    raise KeyError(ref)


def pin(ref: str, on: date | None = None) -> str:
    """Pin a citation to the version in force on `on`; a pinned one is returned unchanged."""
    return clause(ref, on).ref
