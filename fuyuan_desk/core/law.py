"""The legal bases the program cites: each clause with its version and the source of its text.

A citation is written `110§5(1)` (the version in force) or `110@2011§5(1)` (pinned to a version); `110§14/2` is the
second paragraph of an article. A clause whose article is not known has a word for a number: it is not a citation, and
says so wherever it is shown.
Citations stored with a case are always pinned, so an old case keeps the law it was judged by;
a change of law is a new version object in `resources/law/`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Any

from fuyuan_desk.core import paths

_DIGITS = "零一二三四五六七八九"
_UNVERIFIED = "（依据待核）"
_UNVERIFIED_EN = " (basis to be verified)"


class Source(StrEnum):
    """The authority of a text; everything but a statute is a value the office may edit."""

    STATUTE = "statute"
    SECONDARY = "secondary"
    EXPERIENCE = "experience"


class Form(StrEnum):
    """How a basis is named: a law in 《》, a document by its number, a practice of the office by its subject."""

    LAW = "law"
    DOCUMENT = "document"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Clause:
    """One clause of one version of a legal basis; the texts are summaries, not quotations.

    `paragraph` is the paragraph (款) of the article that holds the clause; None if it has only one or it is not known.
    """

    basis: str
    version: str
    title: str
    title_en: str
    short_title: str
    number: str
    text: str
    text_en: str
    source: Source
    paragraph: int | None = None
    form: Form = Form.LAW

    @property
    def ref(self) -> str:
        """The pinned citation, for instance `110@2011§5(1)`."""
        return f"{self.basis}@{self.version}§{self.number}"

    @property
    def names_article(self) -> bool:
        """Whether the article is known; otherwise this is no citation, and its label says that it is to be verified."""
        return self.number[:1].isdigit()

    @property
    def heading(self) -> str:
        """The basis as named before its articles, for instance 《住宅室内装饰装修管理办法》."""
        return f"《{self.title}》" if self.form is Form.LAW else self.title

    @property
    def article(self) -> str:
        """The place inside the basis, for instance 第五条第一款第（一）项; for a practice its subject."""
        if self.form is Form.PRACTICE:
            return f"“{self.number}”（非法规）"
        return chinese_number(self.number, self.paragraph) if self.names_article else _UNVERIFIED

    @property
    def label(self) -> str:
        """The citation as printed on paper, for instance 《住宅室内装饰装修管理办法》第五条第一款第（一）项."""
        return self.heading + self.article

    @property
    def short(self) -> str:
        """The citation where there is little room, for instance 装修办法§5(1)."""
        return f"{self.short_title}§{self.number}"

    @property
    def label_en(self) -> str:
        """The citation in English, for instance `Measures … §5(1)`."""
        if self.names_article:
            return f"{self.title_en} §{self.number}"
        return self.title_en if self.form is Form.PRACTICE else self.title_en + _UNVERIFIED_EN


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


def chinese_number(number: str, paragraph: int | None = None) -> str:
    """Format a clause number as in statutes: `5(1)`, paragraph 1 → 第五条第一款第（一）项; `14/2` → 第十四条第二款.

    Raises `ValueError` for a word, which is not the number of an article.
    """
    place, _, item = number.partition("(")
    article, _, within = place.partition("/")
    section = int(within) if within else paragraph
    text = f"第{_numeral(int(article))}条"
    if section is not None:
        text += f"第{_numeral(section)}款"
    return f"{text}第（{_numeral(int(item.rstrip(')')))}）项" if item else text


def cite(clauses: Iterable[Clause]) -> str:
    """Write citations one after another, each basis named once: 《办法》第八条、第九条；《规定》第五十七条."""
    parts = []
    for heading, group in groupby(clauses, lambda clause: clause.heading):
        parts.append(heading + "、".join(dict.fromkeys(clause.article for clause in group)))
    return "；".join(parts)


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
            c["number"], c["text"], c["text_en"], Source(c["source"]), c.get("paragraph"),
            Form(data.get("form", Form.LAW)),
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
    """Pin a citation to the version in force on `on`; a pinned one is returned unchanged.

    Before the versions that are known, it is the oldest that has the clause.
    """
    try:
        return clause(ref, on).ref
    except KeyError:
        basis, _, number = ref.partition("§")
        versions = sorted((b for b in bases() if b.key == basis), key=lambda b: b.effective or date.min)
        found = next((one for b in versions for one in b.clauses if one.number == number), None)
        if found is None or on is None:
            raise
        return found.ref
