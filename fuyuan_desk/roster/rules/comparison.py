"""A list compared with the store: what is new, changed, gone, held by another one, moved; pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.listed import HouseholdNow, PersonNow
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.called import form_of_address, kinship
from fuyuan_desk.roster.reading.plan import repeated
from fuyuan_desk.roster.reading.rows import WARNING, Problem, RosterRow
from fuyuan_desk.roster.rules.differences import (
    Difference,
    Parts,
    household_differences,
    is_as_stored,
    kept,
)
from fuyuan_desk.roster.rules.entries import Comparison, Entry, Group
from fuyuan_desk.roster.rules.home_rows import (
    lives_together,
    of_home,
    owns,
    several_holders,
    without_further_owners,
)
from fuyuan_desk.roster.rules.leaving import leaving_of, signs_of_household, signs_of_row, spare
from fuyuan_desk.roster.rules.matching import (
    Pair,
    Places,
    Row,
    find_units,
    match_households,
    row_key,
)
from fuyuan_desk.roster.rules.persons import holder_name, is_renting, is_same_person
from fuyuan_desk.roster.rules.stored import Stored
from fuyuan_desk.roster.rules.telling import (
    addressed,
    buildings_left_out,
    doubts,
    few_of_buildings,
    no_other_holder,
    nobody_named,
    people_missing,
    relative_named,
    tenants_of_holders,
)
from fuyuan_desk.roster.rules.turned import is_turned, stand_as_equals, turned


@dataclass
class _Work:
    """A comparison while it is made; rows by their number in `places`."""

    places: Places
    stored: Stored
    stated: Collection[str]
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    matched: set[int] = field(default_factory=set)
    open_rows: list[int] = field(default_factory=list)
    names_people: bool = False
    """Whether the list names anybody besides holders."""
    co_owned: frozenset[int] = frozenset()
    """The households with several owners."""


def compare(
    rows: Sequence[RosterRow],
    stored: Stored,
    stated: Collection[str],
    apart: Collection[Row] = (),
    faulty: Sequence[RosterRow] = (),
) -> Comparison:
    """Compare the sound rows of a list with the estates of the store.

    `stated` are the fields that have a column in the list. Rows in `apart` are told by a clerk to be no unit that is
    merely alike. Whom `faulty` rows name is not gone.
    """
    places = find_units(rows, stored, apart)
    work = _Work(
        places,
        stored,
        stated,
        names_people=any(row.persons for row in rows),
        co_owned=frozenset(
            household for household, people in stored.people.items() if any(map(owns, people))
        ),
    )
    _match(work)
    _tell_likeness(work)
    leaving, scope = leaving_of(places, stored, work.matched)
    spare(leaving, faulty, stored)
    moved = _moved(work, leaving)
    _others_and_new(work, leaving, moved)
    _gone(work, leaving)
    work.problems += several_holders(places)
    few, single = scope.too_few((stored.units[one.unit_id].building_id for one in leaving.values()), stored)
    if places.rows:
        sheet = places.rows[0].sheet
        others = [entry for entry in work.entries if entry.group is Group.OTHER_HOLDER]
        work.problems += [
            *buildings_left_out(sheet, scope),
            *doubts(sheet, bool(few), len(others), len(work.matched)),
            *few_of_buildings(sheet, [stored.houses[building].label for building in sorted(single)]),
            *tenants_of_holders(sheet, _are_tenants_alone(others, work.stored)),
        ]
    told = [repeated(row, first) for row, first in places.repeats]
    return Comparison(
        tuple(sorted(work.entries, key=_order(places))),
        work.unchanged,
        tuple(
            row._replace(fault=one.message) for (row, _first), one in zip(places.repeats, told, strict=True)
        ),
        (*told, *work.problems),
        few | single,
        bool(few),
    )


def _order(places: Places) -> Callable[[Entry], tuple[int, int, int]]:
    """Return what sorts entries by group, then as in the list; what is gone by its key."""
    numbers = {row_key(row): number for number, row in enumerate(places.rows)}
    groups = {group: number for number, group in enumerate(Group)}

    def key(entry: Entry) -> tuple[int, int, int]:
        listed = -1 if entry.listed is None else numbers[row_key(entry.listed)]
        return groups[entry.group], listed, entry.household

    return key


# --- rows with the household that they are about


def _match(work: _Work) -> None:
    by_unit: dict[int, list[int]] = {}
    for number, found in enumerate(work.places.found):
        if found.unit is None:
            work.open_rows.append(number)
        else:
            by_unit.setdefault(found.unit, []).append(number)
    for unit, numbers in by_unit.items():
        if not _is_unchanged(work, unit, numbers):
            _match_unit(work, unit, numbers)


def _is_unchanged(work: _Work, unit: int, numbers: Sequence[int]) -> bool:
    """Count the only household of a unit whose only row is word for word what the store holds."""
    households = work.stored.present.get(unit, ())
    if (
        len(numbers) != 1
        or len(households) != 1
        or households[0].id in work.co_owned
        or (work.names_people and households[0].id in work.stored.people)
    ):
        return False
    row, household = work.places.rows[numbers[0]], households[0]
    phones = work.stored.phones.get((household.id, None), ())
    if not is_as_stored(row, work.stored.units[unit], household, phones, work.stated):
        return False
    work.matched.add(household.id)
    work.unchanged += 1
    return True


def _are_tenants_alone(others: Sequence[Entry], stored: Stored) -> bool:
    """Return whether all other holders are tenants in the list, and nobody is in the store in whose place they come."""
    held = [one.role for entry in others for one in stored.present[entry.unit] if one.id == entry.household]
    listed = [entry.listed.role if entry.listed else "" for entry in others]
    return bool(others) and set(listed) == {HoldingRole.TENANT} and HoldingRole.TENANT not in held


def _tell_likeness(work: _Work) -> None:
    """Tell which homes of the list were found under another name, once for each building and its name in the store."""
    stored, alike = work.stored, defaultdict[tuple[str, str], list[int]](list)
    for number, found in enumerate(work.places.found):
        if found.by_likeness and found.unit is not None:
            house = stored.houses[stored.units[found.unit].building_id]
            alike[work.places.rows[number].building, house.label].append(number)
    for numbers in alike.values():
        row, unit = work.places.rows[numbers[0]], work.places.found[numbers[0]].unit
        assert unit is not None
        message = _("«{listed}» was taken for «{stored}» of the store. Check it.")
        message = message.format(listed=place_of(row), stored=stored.address(unit))
        if len(numbers) > 1:
            more = N_("{n} more home is called so."), N_("{n} more homes are called so.")
            message = f"{message} {numbered(len(numbers) - 1, *more)}"
        work.problems.append(Problem(row.sheet, row.row, "", place_of(row), message, WARNING, home=row.home))


def place_of(row: RosterRow) -> str:
    """Return a row's place in its estate, as `Stored.address` does."""
    return f"{row.building if row.building != row.estate else ''}{row.entrance}{row.unit}"


def _match_unit(work: _Work, unit: int, numbers: Sequence[int]) -> None:
    rows, stored = work.places.rows, work.stored
    of_unit, told = of_home([rows[number] for number in numbers], stored.units[unit], work.stated)
    work.problems += told
    households = stored.present.get(unit, ())
    anybody = [number for number in numbers if rows[number].name]
    named = [number for number in anybody if not _is_relative(work, rows[number], households)]
    if len(named) == len(households) == 1 and _is_plainly_same(rows[named[0]], households[0]):
        pairs = [Pair(named[0], households[0])]
    else:
        pairs = match_households(named, rows, households, stored)
    if not anybody:
        # an empty cell, 空置 and 已售 say nothing of who holds a home: they are nobody's end
        work.matched.update(one.id for one in households)
        if households and "name" in work.stated:
            work.problems.append(nobody_named(rows[numbers[0]], households))
    matched = {number for number, _household, _likeness in pairs}
    named = without_further_owners(named, rows, pairs, stored)
    for number, household, by_likeness in pairs:
        work.matched.add(household.id)
        _add_pair(work, unit, number, household, of_unit, by_likeness)
        of_unit = []
    for number in named:
        if number in matched:
            continue
        # two homes of the list may be one in the store, since they were merged
        first = next((one for one in matched if _is_one(rows[number], rows[one])), None)
        if first is None and _stays(work, rows[number], households):
            continue
        if first is None:
            work.open_rows.append(number)
        else:
            work.places.repeats.append((rows[number], rows[first]))
    if of_unit:  # of a unit without a household, or whose holder is another one
        number = numbers[0]
        _add_changed(work, unit, number, None, of_unit)


def _is_relative(work: _Work, row: RosterRow, households: Sequence[HouseholdNow]) -> bool:
    """Let a household stay of which a row names a relative by the name of somebody in it; return whether there is one.

    李建华妈妈 is no other holder of the home of 李建华, and neither her telephone nor her document is his.
    """
    called = holder_name(row.name)
    for one in households:
        for name in (one.head, *(person.name for person in work.stored.people.get(one.id, ()))):
            if word := kinship(called, holder_name(name)):
                work.matched.add(one.id)
                work.problems.append(relative_named(row, name, word))
                return True
    return False


def _stays(work: _Work, row: RosterRow, households: Sequence[HouseholdNow]) -> bool:
    """Let those stay in whose place a row has a name that may be none; return whether there are any."""
    there = [one for one in households if one.id not in work.matched and _takes_place(row, one)]
    if not (row.is_unsure or row.stands_in) or not there:
        return False
    work.matched.update(one.id for one in there)
    work.problems.append(no_other_holder(row, there))
    return True


def _is_one(row: RosterRow, other: RosterRow) -> bool:
    return is_same_person(row.name, row.id_number, other.name, other.id_number)


def _is_plainly_same(row: RosterRow, household: HouseholdNow) -> bool:
    return row.name == household.head and (row.id_number in ("", household.id_number))


def _add_pair(
    work: _Work, unit: int, number: int, household: HouseholdNow, of_unit: list[Difference], by_likeness: bool
) -> None:
    row, stored = work.places.rows[number], work.stored
    if (form := form_of_address(row.name)) and holder_name(row.name) != holder_name(household.head):
        work.problems.append(addressed(row, household, form))
    people = stored.people.get(household.id, ())
    names_other = is_turned(row, household, people)
    own = household_differences(
        turned(row, household, people, _phones_of_all(stored, household.id)) if names_other else row,
        household,
        people,
        partial(_parts_of, stored, household.id),
        _shares_elsewhere(stored, household),
    )
    if names_other and not stand_as_equals(row, household):
        own.insert(0, _passed_on(row, household))
    work.problems += _missing(work, row, household, people, names_other)
    if is_renting(row.role) and household.role in (HoldingRole.OWNER, HoldingRole.TENANT):
        why = _("The store says that they hold this home: make sure that they rent it.")
        own = [kept(one, why) if one.field == "role" else one for one in own]
    differences = [*of_unit, *own]
    if by_likeness:
        why = _(
            "The name in the store is similar, and the telephone is the same: make sure that it is one person."
        )
        differences = [kept(one, why) if one.field == "name" else one for one in differences]
    if not differences:
        work.unchanged += 1
        return
    _add_changed(work, unit, number, household, differences)


def _shares_elsewhere(stored: Stored, household: HouseholdNow) -> bool:
    """Return whether somebody of another present household has a share of the home."""
    others = {one.id for one in stored.present[household.unit_id]} - {household.id}
    return bool(others) and any(of_household in others for of_household, _person in stored.shares)


def _parts_of(stored: Stored, household: int, person: int | None) -> Parts:
    whose = (household, person)
    return Parts(
        stored.phones.get(whose, ()),
        stored.shares.get(whose, ""),
        stored.papers.get(whose, frozenset()),
        stored.tags.get(whose, frozenset()),
    )


def _phones_of_all(stored: Stored, household: int) -> frozenset[str]:
    keys = (None, *(one.id for one in stored.people.get(household, ())))
    return frozenset(number for person in keys for number in stored.phones.get((household, person), ()))


def _missing(
    work: _Work, row: RosterRow, household: HouseholdNow, people: Sequence[PersonNow], names_other: bool
) -> list[Problem]:
    """Return what is told of those of a household who are not in its row.

    A list of holders says nothing of their relatives, and is to name all owners, or all who rent a home together.
    """
    holds = lives_together if is_renting(household.role) else owns
    listed = (
        people if work.names_people and not is_renting(row.role) else [one for one in people if holds(one)]
    )
    names = [(one.name, one.id_number) for one in listed]
    if names_other:
        names.insert(0, (household.head, household.id_number))
    return people_missing(row, names)


def _passed_on(row: RosterRow, household: HouseholdNow) -> Difference:
    why = _("Both belong to this household. If it was passed on, enter that on the page of the home.")
    return Difference("name", household.head, row.name, is_kept=True, why=why)


def _add_changed(
    work: _Work, unit: int, number: int, household: HouseholdNow | None, differences: Sequence[Difference]
) -> None:
    row = work.places.rows[number]
    holder, is_company = (household.head, household.is_company) if household else (row.name, row.is_company)
    key = household.id if household else 0
    work.entries.append(_entry(work, Group.CHANGED, number, unit, key, holder, is_company, differences))


def _entry(
    work: _Work,
    group: Group,
    number: int,
    unit: int,
    household: int,
    holder: str,
    is_company: bool,
    differences: Sequence[Difference] = (),
) -> Entry:
    row, found = work.places.rows[number], work.places.found[number]
    likeness = work.stored.address(found.unit) if found.by_likeness and found.unit is not None else ""
    return Entry(
        group, row.sheet, row.row, unit, household, place_of(row), holder, is_company, tuple(differences), row, likeness
    )  # fmt: skip


# --- households that the list does not have


def _moved(work: _Work, leaving: dict[int, HouseholdNow]) -> dict[int, HouseholdNow]:
    """Return, by row, the households that are in another home now: the same document, number or name and telephone."""
    signs: dict[tuple[str, ...], list[HouseholdNow]] = defaultdict(list)
    for household in leaving.values():
        for sign in signs_of_household(household, work.stored):
            signs[sign].append(household)
    moved: dict[int, HouseholdNow] = {}
    for number in work.open_rows:
        row = work.places.rows[number]
        same = next((signs[sign] for sign in signs_of_row(row) if len(signs.get(sign, ())) == 1), [])
        for household in same:
            if household.id in leaving and is_renting(row.role) == is_renting(household.role):
                moved[number] = leaving.pop(household.id)
    return moved


def _others_and_new(work: _Work, leaving: dict[int, HouseholdNow], moved: Mapping[int, HouseholdNow]) -> None:
    in_unit: defaultdict[int, list[HouseholdNow]] = defaultdict(list)
    for household in leaving.values():
        in_unit[household.unit_id].append(household)
    for number in work.open_rows:
        row, unit = work.places.rows[number], work.places.found[number].unit or 0
        if number in moved:
            _add_moved(work, number, unit, moved[number])
            continue
        former = next((one for one in in_unit.get(unit, ()) if _takes_place(row, one)), None)
        if former is not None:
            in_unit[unit].remove(former)
            del leaving[former.id]
            _add_other(work, number, unit, former)
        else:
            _add_new(work, number, unit)


def _takes_place(row: RosterRow, former: HouseholdNow) -> bool:
    """Return whether a row's holder holds a home in the place of another one: a tenant takes no owner's."""
    if row.role == HoldingRole.TENANT and former.role == HoldingRole.OWNER:
        return False
    return is_renting(former.role) == is_renting(row.role)


def _add_moved(work: _Work, number: int, unit: int, household: HouseholdNow) -> None:
    entry = _entry(work, Group.MOVED, number, unit, household.id, household.head, household.is_company)
    _add(work, entry, Difference("unit", work.stored.address(household.unit_id), entry.place))


def _add_other(work: _Work, number: int, unit: int, former: HouseholdNow) -> None:
    row = work.places.rows[number]
    entry = _entry(work, Group.OTHER_HOLDER, number, unit, former.id, row.name, row.is_company)
    _add(work, entry, Difference("name", former.head, row.name))


def _add_new(work: _Work, number: int, unit: int) -> None:
    row = work.places.rows[number]
    entry = _entry(work, Group.NEW, number, unit, 0, row.name, row.is_company)
    _add(work, entry, Difference("name", "", row.name) if row.name else Difference("unit", "", entry.place))


def _add(work: _Work, entry: Entry, change: Difference) -> None:
    assert entry.listed is not None  # only what is gone from the list is not in it
    left_on = _left_on(entry.listed, entry.unit, work.stored)
    if left_on is not None:
        why = _("According to the store, they left this home on {day}: is the list older?")
        entry = replace(entry, left_on=left_on, is_kept=True, why=why.format(day=left_on.isoformat()))
    work.entries.append(replace(entry, differences=(change,)))


def _left_on(row: RosterRow, unit: int, stored: Stored) -> date | None:
    """Return when a row's holder left this home according to the store, None if she did not."""
    days = [
        one.moved_out_on
        for one in stored.former.get(unit, ())
        if one.moved_out_on and is_same_person(row.name, row.id_number, one.head, one.id_number)
    ]
    return max(days, default=None)


def _gone(work: _Work, leaving: Mapping[int, HouseholdNow]) -> None:
    for household in leaving.values():
        work.entries.append(
            Entry(
                Group.GONE,
                "",
                0,
                household.unit_id,
                household.id,
                work.stored.address(household.unit_id),
                household.head,
                household.is_company,
                (Difference("name", household.head, ""),),
            )
        )
