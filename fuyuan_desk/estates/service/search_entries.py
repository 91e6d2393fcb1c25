"""Order keys and search entries of estates and units, updated on every write."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Person, PersonPaper, Unit
from fuyuan_desk.formats.address import full_address, natural_key
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.terms import terms_of_id_number, terms_of_phone, terms_of_text, terms_within

_CHUNK = 500
# sorts before every character of a natural key, so that 4号 with all its rooms precedes 4号甲
_BREAK = "\t"


def building_order_key(label: str) -> str:
    """Return the key that sorts an estate's buildings in natural order."""
    return natural_key(label)


def unit_order_key(estate: str, building: str, entrance: str, label: str) -> str:
    """Return the key that sorts all units of the store: by estate, building, entrance and room."""
    return _BREAK.join(
        (
            natural_key(estate),
            natural_key(building),
            natural_key(entrance) if entrance else "",
            natural_key(label),
        )
    )


def unit_address(estate: str, building: str, entrance: str, label: str) -> str:
    """Format a unit's address in one line."""
    return full_address(estate, building, entrance + label)


def unit_place(estate: str, building: str, entrance: str, label: str) -> str:
    """Format a unit's place in its estate; a tower that is its own building is not repeated."""
    return f"{'' if estate.endswith(building) else building}{entrance}{label}"


def estate_entry(estate_id: int, name: str, address: str = "") -> search.Entry:
    """Build the search entry of an estate: name and address."""
    return search.Entry(ESTATE, estate_id, tuple(text for text in (name, address) if text))


def unit_entry(
    unit_id: int,
    estate_id: int,
    place: str,
    heads: Sequence[str] = (),
    phones: Sequence[str] = (),
    papers: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> search.Entry:
    """Build the search entry of a unit: its place in the estate, its people, their phones and ID numbers.

    `numbers` are the unit's own, such as that of its fund account: they are found from their start as well.
    """
    own = tuple(numbers)
    return search.Entry(UNIT, unit_id, (place, *heads, *own), tuple(phones), (*papers, *own), estate_id)


def index_estates(session: Session, estate_ids: Iterable[int]) -> None:
    """Update the search entries of estates, dropping removed ones."""
    wanted = list(estate_ids)
    rows = session.execute(select(Estate.id, Estate.name, Estate.address).where(Estate.id.in_(wanted))).all()
    search.drop(session, ESTATE, wanted)
    search.put(session, [estate_entry(*row) for row in rows])


def index_units(session: Session, unit_ids: Iterable[int]) -> None:
    """Update the search entries of units from the store, dropping removed ones."""
    wanted = list(unit_ids)
    session.flush()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        entries = list(_entries(session, chunk))
        search.drop(session, UNIT, set(chunk).difference(entry.record_id for entry in entries))
        search.put(session, entries)


def words_of_places(buildings: Sequence[str], rooms: Sequence[str]) -> list[str]:
    """Return the words by which each unit's place is found, for `pack_units`; pure.

    `rooms` are the units' labels with their entrances, `buildings` those of their buildings.
    """
    words: list[str] = []
    rest = iter(rooms)
    for building, of_building in groupby(buildings):  # neighbours, in nearly every roster
        words += terms_within(building, [next(rest) for _unit in of_building])
    return words


def words_of_holders(
    heads: Sequence[str], phones: Sequence[Sequence[str]], papers: Sequence[str]
) -> list[str]:
    """Return the words by which each holder of a unit is found, to be added to those of its place; pure."""
    named = {head: terms_of_text(head) for head in set(heads)}  # many share a name
    called = [
        terms_of_phone(numbers[0]) if len(numbers) == 1 else " ".join(map(terms_of_phone, numbers))
        for numbers in phones
    ]
    return [
        f"{named[head]} {numbers} {paper}"
        for head, numbers, paper in zip(heads, called, map(terms_of_id_number, papers), strict=True)
    ]


def words_of_numbers(papers: Sequence[str], numbers: Sequence[str]) -> str:
    """Return the words by which a unit's further documents and its own numbers are found, as in `unit_entry`; pure."""
    own = [terms_of_text(number) for number in numbers]
    return " ".join((*own, *map(terms_of_id_number, (*papers, *numbers))))


def pack_units(words: Sequence[str], estate_ids: Sequence[int]) -> Sequence[search.Packed]:
    """Return the words of new units, and the estate of each, as `index_new_units` takes them; pure."""
    return search.pack(words, estate_ids)


def index_new_units(session: Session, units: range, packed: Sequence[search.Packed]) -> None:
    """Add the search entries of units just added; `packed` is from `pack_units`."""
    search.add_packed(session, UNIT, units, packed)


def index_households(session: Session, household_ids: Iterable[int]) -> None:
    """Renew the search entries of the units that households hold."""
    units = select(Household.unit_id).where(Household.id.in_(list(household_ids))).distinct()
    index_units(session, session.scalars(units))


def index_people(session: Session, person_ids: Iterable[int]) -> None:
    """Renew the search entries of the units whose households people belong to."""
    households = select(Person.household_id).where(Person.id.in_(list(person_ids))).distinct()
    index_households(session, session.scalars(households))


def index_phones(session: Session, phone_ids: Iterable[int]) -> None:
    """Renew the search entries of the units at whose households telephones are recorded."""
    households = select(HouseholdPhone.household_id).where(HouseholdPhone.id.in_(list(phone_ids))).distinct()
    index_households(session, session.scalars(households))


def index_buildings(session: Session, building_ids: Iterable[int]) -> None:
    """Renew the search entries of the units of buildings, which are found by their building's name."""
    units = select(Unit.id).where(Unit.building_id.in_(list(building_ids)))
    index_units(session, session.scalars(units))


def _entries(session: Session, unit_ids: Sequence[int]) -> Iterator[search.Entry]:
    heads: dict[int, list[str]] = defaultdict(list)
    papers: dict[int, list[str]] = defaultdict(list)
    phones: dict[int, list[str]] = defaultdict(list)
    for unit_id, head, paper in session.execute(
        select(Household.unit_id, Household.head, Household.id_number)
        .where(Household.unit_id.in_(unit_ids))
        .order_by(Household.id)
    ):
        heads[unit_id].append(head)
        if paper:
            papers[unit_id].append(paper)
    for unit_id, name, paper in session.execute(
        select(Household.unit_id, Person.name, Person.id_number)
        .join(Person, Person.household_id == Household.id)
        .where(Household.unit_id.in_(unit_ids))
        .order_by(Person.id)
    ):
        heads[unit_id].append(name)
        if paper:
            papers[unit_id].append(paper)
    for unit_id, number in session.execute(
        select(Household.unit_id, PersonPaper.number)
        .join(PersonPaper, PersonPaper.household_id == Household.id)
        .where(Household.unit_id.in_(unit_ids))
        .order_by(PersonPaper.id)
    ):
        papers[unit_id].append(number)
    for unit_id, number in session.execute(
        select(Household.unit_id, HouseholdPhone.number)
        .join(HouseholdPhone, HouseholdPhone.household_id == Household.id)
        .where(Household.unit_id.in_(unit_ids))
        .order_by(HouseholdPhone.id)
    ):
        phones[unit_id].append(number)
    own = (Unit.real_estate_no, Unit.fund_account, Unit.other_ids)
    places = (
        select(Unit.id, Unit.estate_id, Building.label, Unit.entrance, Unit.label, *own)
        .join(Building, Building.id == Unit.building_id)
        .where(Unit.id.in_(unit_ids))
    )
    for unit_id, estate_id, building, entrance, label, deed, account, ids in session.execute(places):
        place = f"{building}{entrance}{label}"
        numbers = [number for number in (deed, account, *(ids or {}).values()) if number]
        yield unit_entry(unit_id, estate_id, place, heads[unit_id], phones[unit_id], papers[unit_id], numbers)


def rename_units(session: Session, *, estate_id: int | None = None, building_id: int | None = None) -> None:
    """Update order keys and search entries of the units of a renamed estate or building.

    These are derived values, hence not audited.
    """
    of_estate = [] if estate_id is None else [Unit.estate_id == estate_id]
    of_building = [] if building_id is None else [Unit.building_id == building_id]
    renamed = _order(session, *of_estate, *of_building)
    if building_id is not None:  # the estate's name is in the estate's own entry
        index_units(session, renamed)


def order_units(session: Session, unit_ids: Iterable[int]) -> None:
    """Update the order keys of units from their places; derived values, hence not audited."""
    _order(session, Unit.id.in_(list(unit_ids)))


def _order(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    """Update the order keys of some units, and return which these are."""
    session.flush()
    rows = session.execute(
        select(Unit.id, Estate.name, Building.label, Unit.entrance, Unit.label)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
        .where(*conditions)
    ).all()
    if not rows:
        return []
    changed = update(Unit).where(Unit.id == bindparam("unit")).values(order_key=bindparam("key"))
    session.connection().execute(
        changed, [{"unit": unit_id, "key": unit_order_key(*place)} for unit_id, *place in rows]
    )
    session.expire_all()
    return [row[0] for row in rows]
