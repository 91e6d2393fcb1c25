"""Organisations (单位): their kinds, what a form may say, and which names may be one organisation's."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.formats.id_numbers import clean_credit_code, credit_code_doubt, credit_code_fault
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields


class OrganisationKind(Code):
    """What an organisation is."""

    RESIDENTS = "residents", N_("Residents' committee")
    OWNERS = "owners", N_("Owners' committee")
    PROPERTY = "property", N_("Property company")
    HOME = "home", N_("Home committee (自治家园执委会)")
    CONTRACTOR = "contractor", N_("Contractor")
    ENFORCEMENT = "enforcement", N_("Law enforcement")
    STREET = "street", N_("Street office")
    PAIRED = "paired", N_("Paired unit")
    OTHER = "other", N_("Other organisation")


# --- a form


def organisation_faults(fields: OrganisationFields, today: date) -> dict[str, str]:
    """Return the faults of a form by field, besides those that the book itself finds."""
    faults = {}
    if fields.credit_code and (fault := credit_code_fault(clean_credit_code(fields.credit_code))):
        faults["credit_code"] = fault
    if fields.phone and (fault := phone_fault(fields.phone)):
        faults["phone"] = fault
    if fields.ended_on is not None and fields.ended_on > today:
        faults["ended_on"] = _("The day is in the future. Enter it once the organisation has ended.")
    return faults


def organisation_doubts(fields: OrganisationFields) -> dict[str, str]:
    """Return the warnings about a form by field: a check digit that does not match prevents nothing."""
    doubt = credit_code_doubt(fields.credit_code) if fields.credit_code else ""
    return {"credit_code": doubt} if doubt else {}


def contact_faults(fields: ContactFields) -> dict[str, str]:
    """Return the faults of a contact's form by field, besides those that the book itself finds."""
    fault = phone_fault(fields.phone) if fields.phone else ""
    return {"phone": fault} if fault else {}


# --- names

_BRACKETS = str.maketrans("【】〔〕[]{}《》〈〉", "()()()()()()")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_BRANCH = re.compile(r"(?<=公司).{1,8}(?:分公司|分部|项目部|管理处)$")
_STREET = re.compile(r"^.+?(?:街道|镇)(?=.{4,})")
_CITY = "上海"  # every organisation here is in it, so it tells none apart
_LEAST = 2


@dataclass(frozen=True)
class NameWords:
    """Words by which names are compared; longer ones first where one holds another.

    `places` at the beginning, `legal` forms and `fillers` say nothing of who it is; `synonyms` are (word, same as).
    """

    places: tuple[str, ...]
    legal: tuple[str, ...]
    fillers: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]


def key_of(name: str) -> str:
    """Return what is equal for two spellings of one name: full or half width, blanks, forms of brackets."""
    plain = unicodedata.normalize("NFKC", visible(name)).casefold().translate(_BRACKETS)
    # again, since an accent may stand behind a letter now that was behind a blank
    return unicodedata.normalize("NFKC", "".join(plain.split()))


def core_of(name: str, words: NameWords) -> str:
    """Return the part of a name that tells who it is, without place, legal form, branch and what is in brackets.

    A name of which less than two characters would be left is returned as a whole.
    """
    whole = key_of(name)
    text = _BRANCH.sub("", _IN_BRACKETS.sub("", whole))
    for word, same in words.synonyms:
        text = text.replace(word, same)
    text = _STREET.sub("", _without_places(text, words.places))
    for word in (*words.legal, *words.fillers):
        text = text.replace(word, "")
    text = _without_places(text, words.places)
    return text if len(text) >= _LEAST else whole


def _without_places(text: str, places: Sequence[str]) -> str:
    while place := next((one for one in places if text.startswith(one)), ""):
        text = text.removeprefix(place)
    return text


@dataclass(frozen=True)
class Named:
    """An organisation as it is compared."""

    id: int
    name: str
    credit_code: str = ""


def suspected(
    known: Iterable[Named], apart: Collection[tuple[int, int]], words: NameWords
) -> list[tuple[int, int]]:
    """Return the pairs of ids, lower first, whose names or credit codes say that they may be one organisation.

    Two districts, two branches, two phases in brackets or two valid codes are two organisations.
    `apart` are the pairs that a clerk has told apart.
    """
    alike: defaultdict[str, list[Named]] = defaultdict(list)
    every = sorted(known, key=lambda one: one.id)
    for one in every:
        alike[core_of(one.name, words)].append(one)
    by_name = {
        (one.id, other.id)
        for group in alike.values()
        for one, other in combinations(group, 2)
        if not _differ(_qualifiers(one, words), _qualifiers(other, words))
    }
    return sorted((by_name | _of_one_code(every)).difference(apart))


def _of_one_code(known: Iterable[Named]) -> set[tuple[int, int]]:
    by_code: defaultdict[str, list[int]] = defaultdict(list)
    for one in known:
        if one.credit_code:
            by_code[one.credit_code].append(one.id)
    return {pair for ids in by_code.values() for pair in combinations(sorted(ids), 2)}


def _qualifiers(one: Named, words: NameWords) -> tuple[str, ...]:
    """Return what tells organisations of one core apart if both have it: code, district, brackets, branch."""
    name = key_of(one.name)
    brackets, branch = _IN_BRACKETS.search(name), _BRANCH.search(_IN_BRACKETS.sub("", name))
    text = brackets[0].strip("()") if brackets else ""
    has_code = bool(one.credit_code) and not credit_code_doubt(one.credit_code)
    return (
        one.credit_code if has_code else "",
        _district(name, words.places),
        "" if text in words.places else text,
        branch[0] if branch else "",
    )


def _district(name: str, places: Sequence[str]) -> str:
    """Return the district that a name begins with, without its level: 黄浦 of 上海市黄浦区 and of 黄浦."""
    rest = name
    while place := next((one for one in places if rest.startswith(one)), ""):
        rest = rest.removeprefix(place)
        if not place.startswith(_CITY):
            return place.removesuffix("新区").removesuffix("区")
    return ""


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(first and second and first != second for first, second in zip(one, other, strict=True))


# --- merging

MERGED_PARTS = ("name", "kind", "credit_code", "phone", "address")
"""What a clerk chooses of two organisations that are merged; remarks are joined."""


def differing(first: OrganisationFields, second: OrganisationFields) -> list[str]:
    """Return the parts of which one must be chosen: those that differ."""
    return [name for name in MERGED_PARTS if getattr(first, name) != getattr(second, name)]


def joined_remarks(first: str, second: str) -> str:
    """Return the remarks of both, so that none are lost."""
    return "\n".join(text for text in (first, second) if text)


def without_joined(remarks: str, second: str) -> str:
    """Return remarks without those that a merge had added at their end; unchanged if they no longer stand there."""
    if not second or not remarks.endswith(second):
        return remarks
    return remarks[: -len(second)].removesuffix("\n")


def changed_since(taken: Mapping[str, str], fields: Mapping[str, str]) -> list[str]:
    """Return the parts whose value is no longer the one that was taken over when two organisations were merged."""
    return [name for name, value in taken.items() if fields[name] != value]
