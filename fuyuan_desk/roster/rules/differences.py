"""In what a row of a list differs from the store, field by field; an empty cell says nothing; pure."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import Any, Protocol

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.listed import HouseholdNow, PersonNow, UnitNow
from fuyuan_desk.estates.rules import housing
from fuyuan_desk.estates.rules.people import Relation, read_share
from fuyuan_desk.formats.id_numbers import IdKind, id_doubt
from fuyuan_desk.formats.phones import dialled
from fuyuan_desk.roster.reading.rows import RosterPerson, RosterRow
from fuyuan_desk.roster.rules.persons import (
    can_compare,
    holder_name,
    is_corrected_paper,
    is_masked,
    is_respelled,
    is_same_paper,
    is_same_person,
    masks,
    plain_name,
)

_DATE = re.compile(r"(?<!\d)(\d{4})[-年./]0?(\d{1,2})[-月./]0?(\d{1,2})(?!\d)日?")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a list differs: `old` in the store, `new` in the list, as texts, unmasked.

    `column` of the `table` takes `value`: of the unit, of the household, of "people" its person of the key `person`,
    whose name is `whose`; "person" adds somebody. `is_kept`: it is written only if a clerk says so, because the store
    is newer than the list or somebody has to look; `why` says which. `is_doubt`: it may be about somebody else.
    """

    field: str
    old: str
    new: str
    table: str = ""
    column: str = ""
    value: Any = None
    is_kept: bool = False
    why: str = ""
    person: int = 0
    whose: str = ""
    is_doubt: bool = False


class Papered(Protocol):
    """Somebody with a document."""

    @property
    def id_kind(self) -> str:
        """The kind of document."""

    @property
    def id_number(self) -> str:
        """Its number."""


@dataclass(frozen=True)
class Parts:
    """What the store holds of somebody beside her row."""

    phones: tuple[str, ...] = ()
    share: str = ""
    papers: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Fact:
    """A field that a row and a record both have: as named on the screen, in the row, and in the record."""

    field: str
    of_row: str
    column: str
    show: Callable[[Any], str] = str


def _code(codes: Any) -> Callable[[Any], str]:
    def show(value: str) -> str:
        return housing.label(codes(value)) if value in tuple(codes) else value

    return show


def _area(value: int) -> str:
    return f"{value / 100:g}"


def _money(value: int) -> str:
    return f"{value / 100:.2f}"


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _day(value: date) -> str:
    return value.isoformat()


_OF_UNIT = (
    _Fact("floor", "floor", "floor"),
    _Fact("tenure", "tenure", "tenure", _code(housing.Tenure)),
    _Fact("area", "area", "area", _area),
    _Fact("inner_area", "inner_area", "inner_area", _area),
    _Fact("lease_no", "lease_no", "lease_no"),
    _Fact("fund_first", "fund_first", "fund_first", _money),
    _Fact("fund_balance", "fund_balance", "fund_balance", _money),
    _Fact("topped_up", "topped_up", "fund_topped_up", _yes),
    _Fact("topped_up_on", "topped_up_on", "fund_topped_up_on", _day),
)
_USE = _Fact("use", "use", "use", _code(housing.UnitUse))
_OF_HOUSEHOLD = (
    _Fact("role", "role", "role", _code(housing.HoldingRole)),
    _Fact("people", "people", "people"),
    _Fact("registered_at", "registered_at", "registered_at"),
    _Fact("lives_here", "lives_here", "lives_here", _yes),
)
"""Both are compared as tuples first, which decides for nearly every row."""


def _places(facts: Sequence[_Fact], record: type[Any]) -> tuple[tuple[int, int, _Fact], ...]:
    rows, records = RosterRow._fields.index, record._fields.index
    return tuple((rows(fact.of_row), records(fact.column), fact) for fact in facts)


def _alike(
    facts: Sequence[_Fact], record: type[Any]
) -> tuple[Callable[[RosterRow], Any], Callable[[Any], Any]]:
    """Return what gets all these fields of a row, and of a record, at once."""
    places = _places(facts, record)
    return itemgetter(*[place[0] for place in places]), itemgetter(*[place[1] for place in places])


_UNIT_PLACES = _places(_OF_UNIT, UnitNow)
_USE_PLACES = _places((_USE,), UnitNow)
_HOUSEHOLD_PLACES = _places(_OF_HOUSEHOLD, HouseholdNow)
_UNIT_OF_ROW, _UNIT_OF_RECORD = _alike(_OF_UNIT, UnitNow)
_ROW, _RECORD = _alike(
    (
        *_OF_HOUSEHOLD,
        _Fact("name", "name", "head"),
        _Fact("id", "id_number", "id_number"),
        _Fact("vacant", "vacant", "vacant"),
        _Fact("contact", "contact", "contact"),
        _Fact("remark", "remarks", "remarks"),
    ),
    HouseholdNow,
)
_FURTHER = ("share", "persons", "papers", "tags", "other_ids", "unit_ids")
_FURTHER_OF_ROW = itemgetter(*map(RosterRow._fields.index, _FURTHER))
_NOTHING_FURTHER = tuple(RosterRow._field_defaults[name] for name in _FURTHER)


def _simple(
    places: Sequence[tuple[int, int, _Fact]], table: str, row: RosterRow, record: Sequence[Any]
) -> list[Difference]:
    found = []
    for of_row, of_record, fact in places:
        new = row[of_row]
        if new is None or new == "" or new == record[of_record]:
            continue
        old = record[of_record]
        shown = "" if old is None or old == "" else fact.show(old)
        found.append(Difference(fact.field, shown, fact.show(new), table, fact.column, new))
    return found


def is_as_stored(
    row: RosterRow, unit: UnitNow, household: HouseholdNow, phones: tuple[str, ...], stated: Collection[str]
) -> bool:
    """Return whether a row is word for word what the store holds, as nearly all of a list are: no field differs.

    False says nothing: `unit_differences` and `household_differences` do. `phones` are the holder's.
    """
    return (
        _ROW(row) == _RECORD(household)
        and row.phones == phones
        and _UNIT_OF_ROW(row) == _UNIT_OF_RECORD(unit)
        and _FURTHER_OF_ROW(row) == _NOTHING_FURTHER
        and ("use" not in stated or row.use == unit.use)
    )


def unit_differences(row: RosterRow, unit: UnitNow, stated: Collection[str]) -> list[Difference]:
    """Return in what a row differs from its unit; `stated` are the fields that have a column in the list."""
    found = _simple(_UNIT_PLACES, "unit", row, unit)
    if "use" in stated:
        found += _simple(_USE_PLACES, "unit", row, unit)
    if row.unit_ids:
        found += _ids(row.unit_ids, unit.other_ids, "unit")
    return found


def contradictions(
    rows: Sequence[RosterRow], unit: UnitNow, stated: Collection[str]
) -> Iterator[tuple[str, RosterRow, RosterRow, bool]]:
    """Yield the fields of a unit of which two rows say otherwise, with both, and whether a row says what is stored."""
    for of_row, of_record, fact in (*_UNIT_PLACES, *(_USE_PLACES if "use" in stated else ())):
        said = [row for row in rows if row[of_row] is not None and row[of_row] != ""]
        other = next((row for row in said if row[of_row] != said[0][of_row]), None)
        if other is not None:
            yield fact.field, other, said[0], any(row[of_row] == unit[of_record] for row in said)


def household_differences(
    row: RosterRow,
    household: HouseholdNow,
    people: Sequence[PersonNow],
    parts: Callable[[int | None], Parts],
    shares_elsewhere: bool = False,
) -> list[Difference]:
    """Return in what a row differs from its household; `parts` are those of a person, of None of its holder.

    `shares_elsewhere`: others than this household have shares of the home, too.
    """
    own = parts(None)
    makes_one = not shares_elsewhere and _makes_one(row, people, parts)
    phones = own.phones
    found = _simple(_HOUSEHOLD_PLACES, "household", row, household)
    if row.name != household.head and row.name and plain_name(row.name) != plain_name(household.head):
        found += _name("household", "head", row.name, household.head, row.is_company and household.is_company)
    if row.id_number and row.id_number != household.id_number:
        found += _paper(row, household, _are_others(row.phones, phones))
    if row.phones and row.phones != phones and not set(row.phones) <= set(phones):
        found += _phones_of(row, phones)
    found += _vacancy(row, household)
    found += _texts(row, household)
    found += _parts(row, own, "household", makes_one)
    if row.other_ids:
        found += _ids(row.other_ids, household.other_ids, "household")
    found = _whole(found)
    if row.persons:
        found += _people(row, household, people, parts, makes_one)
    return found


def _makes_one(row: RosterRow, people: Sequence[PersonNow], parts: Callable[[int | None], Parts]) -> bool:
    """Return whether the shares of a row are those of all owners, whom the store has a share of, too."""
    everybody: list[RosterRow | RosterPerson] = [row, *row.persons]
    listed = [one for one in everybody if one.share]
    others = [person for person in people if parts(person.id).share]
    if (parts(None).share and not row.share) or any(_listed(person, listed) is None for person in others):
        return False
    try:
        return sum((read_share(one.share) or Fraction(0) for one in listed), Fraction(0)) == 1
    except ValueError:
        return False


def _listed(person: PersonNow, listed: Sequence[RosterRow | RosterPerson]) -> RosterRow | RosterPerson | None:
    same = (one for one in listed if is_same_person(one.name, one.id_number, person.name, person.id_number))
    return next(same, None)


def _parts(listed: RosterRow | RosterPerson, own: Parts, table: str, makes_one: bool) -> list[Difference]:
    """Return the share, further documents and tags that somebody has not in the store."""
    found = []
    if listed.share and listed.share != own.share:
        found.append(Difference("share", own.share, listed.share, table, "share", listed.share))
        if not makes_one:
            why = _("The shares in the list do not make one: enter them on the page of the home.")
            found[-1] = kept(found[-1], why)
    if papers := tuple(paper for paper in listed.papers if paper[1] not in own.papers):
        found.append(
            Difference("paper", "", "、".join(number for _kind, number in papers), table, "papers", papers)
        )
    if tags := tuple(tag for tag in listed.tags if tag not in own.tags):
        found.append(Difference("tag", "", "、".join(tags), table, "tags", tags))
    return found


def _whole(differences: list[Difference]) -> list[Difference]:
    """Return the differences of somebody, all of them kept if she may be somebody else: never half of a row."""
    doubt = next((one for one in differences if one.is_doubt), None)
    return differences if doubt is None else [kept(one, one.why or doubt.why) for one in differences]


def _masked() -> str:
    return _("Masked in the list: what is in the store stays.")


def _name(table: str, column: str, new: str, old: str, is_company: bool = False) -> list[Difference]:
    found = Difference("name", old, new, table, column, new)
    if holder_name(new) == holder_name(old):
        return [kept(found, _("The same name in other characters (traditional or simplified)."))]
    if not is_masked(new):
        if is_respelled(new, old) or is_company:
            return [found]
        if is_masked(old) and masks(old, new):
            return [
                kept(found, _("In the store the name is not whole: make sure that it is the same person."))
            ]
        # the same document under another name: sold, passed on, or a column that slipped
        return [
            kept(
                found,
                _("Another name with the same document or number: make sure that it is the same person."),
            )
        ]
    return [] if masks(new, old) else [kept(found, _masked())]


def _are_others(new: Sequence[str], old: Sequence[str]) -> bool:
    """Return whether both sides have telephones, and none in common."""
    return bool(new and old) and set(new).isdisjoint(old)


def _paper(row: Papered, household: Papered, has_other_phone: bool) -> list[Difference]:
    value = {"id_kind": row.id_kind, "id_number": row.id_number}
    found = Difference("id", household.id_number, row.id_number, "household", "", value)
    old, new = household.id_number, row.id_number
    if is_masked(new):
        return [] if masks(new, old) else [kept(found, _masked())]
    if old and id_doubt(row.id_kind, new) and not id_doubt(household.id_kind, old):
        return [kept(found, _("The number in the list is not a valid one, the one in the store is."))]
    if old and row.id_kind == IdKind.OTHER != household.id_kind:
        return [kept(found, _("The number in the list is of no known kind, the one in the store is."))]
    if not can_compare(old, new) or is_same_paper(old, new):
        return [found]
    if id_doubt(household.id_kind, old) and not id_doubt(row.id_kind, new):
        return [found]
    if is_corrected_paper(old, new) and not has_other_phone:
        return [found]  # two valid numbers and other telephones may be two people of one name
    why = _("Another ID number: make sure that it is the same person.")
    return [replace(kept(found, why), is_doubt=True)]


def _phones_of(row: RosterRow, old: tuple[str, ...]) -> list[Difference]:
    """Return what differs in a holder's telephones; below 庄太太 they may be somebody else's than 庄生's."""
    found = _phones(row.phones, old)
    if not is_masked(row.name):
        return found
    why = _("The name in the list is not whole: make sure whose telephone this is.")
    return [one if one.is_kept else kept(one, why) for one in found]


def _phones(new: tuple[str, ...], old: tuple[str, ...]) -> list[Difference]:
    # what is no number replaces none, and a masked one that may be the one of the store says nothing
    sound = tuple(number for number in new if dialled(number) or (not old and not is_masked(number)))
    if not sound or set(sound) <= set(old):
        unlike = [
            n
            for n in new
            if n not in sound and not any(n == o or (is_masked(n) and masks(n, o)) for o in old)
        ]
        if not unlike:
            return []
        text = "、".join(unlike)
        found = Difference("phone", "、".join(old), text, "household", "phones", new)
        why = (
            _masked()
            if any(map(is_masked, unlike))
            else _("This is not a telephone number: the store has one.")
        )
        return [kept(found, why)]
    # a list has one number as a rule: of somebody with more of them it does not say that the others are wrong
    value = sound if len(old) <= len(sound) else tuple(dict.fromkeys(sound + old))
    return [Difference("phone", "、".join(old), "、".join(value), "household", "phones", value)]


def _vacancy(row: RosterRow, household: HouseholdNow) -> list[Difference]:
    is_lived_in = bool(row.people) and not row.vacant
    if (row.vacant and not household.vacant) or (is_lived_in and household.vacant):
        return [
            Difference("vacant", _yes(household.vacant), _yes(row.vacant), "household", "vacant", row.vacant)
        ]
    return []


def _texts(row: RosterRow, household: HouseholdNow) -> list[Difference]:
    """Return what contact and remarks say more: what a clerk wrote there stays."""
    return [
        *_said_more("contact", "household", "contact", row.contact, household.contact, "、"),
        *_said_more("remark", "household", "remarks", row.remarks, household.remarks, "；"),
    ]


def _said_more(field: str, table: str, column: str, new: str, old: str, mark: str) -> list[Difference]:
    if not new or new == old:
        return []
    known = {_bare(part) for part in old.split(mark)}  # 欠费 is not said by 不欠费
    more = [part for part in new.split(mark) if part and _bare(part) not in known]
    if not more:
        return []
    value = mark.join(filter(None, (old, *more)))
    return [Difference(field, old, value, table, column, value)]


def _bare(text: str) -> str:
    """Return a text without blanks and line breaks, with dates of one form."""
    return _DATE.sub(r"\1-\2-\3", "".join(text.split()))


def _ids(new: tuple[tuple[str, str], ...], old: Mapping[str, str] | None, table: str) -> list[Difference]:
    known = old or {}
    return [
        Difference("other_ids", known.get(system, ""), number, table, "other_ids", {system: number})
        for system, number in new
        if known.get(system) != number
    ]


def _people(
    row: RosterRow,
    household: HouseholdNow,
    people: Sequence[PersonNow],
    parts: Callable[[int | None], Parts],
    makes_one: bool,
) -> list[Difference]:
    found = []
    for one in row.persons:
        known = next(
            (
                person
                for person in people
                if is_same_person(one.name, one.id_number, person.name, person.id_number)
            ),
            None,
        )
        if known is not None:
            changes = _person_differences(one, known, parts(known.id), makes_one)
            found += [
                replace(change, table="people", person=known.id, whose=known.name) for change in changes
            ]
        elif not is_same_person(one.name, one.id_number, household.head, household.id_number):
            added = one if makes_one else one._replace(share="")
            found.append(Difference("person", "", _person(one), "person", "", added))
    return found


def _person_differences(
    listed: RosterPerson, known: PersonNow, own: Parts, makes_one: bool
) -> list[Difference]:
    found = []
    if plain_name(listed.name) != plain_name(known.name):
        found += _name("", "name", listed.name, known.name)
    if listed.id_number and listed.id_number != known.id_number:
        found += _paper(listed, known, _are_others(listed.phones, own.phones))
    if listed.phones and not set(listed.phones) <= set(own.phones):
        found += _phones(listed.phones, own.phones)
    if listed.registered_at and listed.registered_at != known.registered_at:
        new = listed.registered_at
        found.append(Difference("registered_at", known.registered_at, new, "", "registered_at", new))
    if listed.lives_here is not None and listed.lives_here != known.lives_here:
        old = "" if known.lives_here is None else _yes(known.lives_here)
        found.append(
            Difference("lives_here", old, _yes(listed.lives_here), "", "lives_here", listed.lives_here)
        )
    found += _relation(listed, known)
    found += _said_more("remark", "", "remarks", listed.remarks, known.remarks, "；")
    return _whole([*found, *_parts(listed, own, "", makes_one), *_ids(listed.other_ids, known.other_ids, "")])


def _relation(listed: RosterPerson, known: PersonNow) -> list[Difference]:
    """Return to whom somebody is what, as far as the list says it otherwise; it may mean another head."""
    if listed.relation in ("", known.relation):
        return []
    old, new = known.relation, listed.relation
    found = Difference(
        "relation", name_of(Relation, old) if old else "", name_of(Relation, new), "", "relation", new
    )
    return (
        [kept(found, _("Make sure to whom: the list may name another head of the household."))]
        if old
        else [found]
    )


def _person(person: RosterPerson) -> str:
    relation = name_of(Relation, person.relation) if person.relation else ""
    return f"{person.name}（{relation}）" if relation else person.name


def kept(difference: Difference, why: str) -> Difference:
    """Return a difference as one that is written only if a clerk says so."""
    return replace(difference, is_kept=True, why=why)
