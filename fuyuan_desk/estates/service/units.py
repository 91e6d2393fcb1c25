"""Services on the units of an estate or the whole office: list in windows, read, save, remove."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Role, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import UnitDetail, UnitFields, UnitQuery, UnitRow
from fuyuan_desk.estates.facts.people import TagView
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, Unit
from fuyuan_desk.estates.rules import checks, same
from fuyuan_desk.estates.service import search_entries, shares, tags
from fuyuan_desk.estates.service.households import first_phones, views_of_unit
from fuyuan_desk.estates.service.rows import address_of, get_building, get_estate, get_unit
from fuyuan_desk.formats.names import half_width, mask_name
from fuyuan_desk.kit.guards import refuse_stale, refuse_while_used, refuse_wrong, stripped
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.store.search.filter import fits

# Not a book of the kit: a row shows its households, which have forms of their own, and a window of 200,000 units is
# read in the order of the store's index.

# as many as a clerk could scroll through; a filter that finds more is too short to mean anything
_FILTER_MOST = 20_000
# limits the number of ids in one statement
_CHUNK = 2_000
_SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "address": Unit.order_key,
    "area": Unit.area,
    "tenure": Unit.tenure,
    "use": Unit.use,
}


def _matching(session: Session, query: UnitQuery, role: Role) -> list[Any]:
    conditions: list[Any] = []
    if query.building_id is not None:
        conditions.append(Unit.building_id == query.building_id)
    elif query.estate_id is not None:
        conditions.append(Unit.estate_id == query.estate_id)
    if query.tag_id is not None:
        conditions.append(Unit.id.in_(tags.units_with_tag(session, query.tag_id, role)))
    if query.text.strip():
        conditions.append(fits(session, Unit.id, query.text, UNIT, _FILTER_MOST, query.estate_id or 0))
    return conditions


def _tagged_anywhere(session: Session, tag_id: int, role: Role, end: int) -> tuple[int, list[Any]]:
    """Count the units of the office with a tag, and return the condition that reads the first `end` of them fastest.

    Few are found first and then sorted. Where many have it, the first ones are met soon in the order of the list.
    """
    tagged = tags.units_with_tag(session, tag_id, role)
    total = session.scalar(select(func.count(tagged.subquery().c.unit_id.distinct()))) or 0
    units = session.scalar(select(func.max(Unit.id))) or 0
    is_common = total * total > end * units
    # a store looks up a key by its index, but not a sum
    return total, [(Unit.id + 0 if is_common else Unit.id).in_(tagged)]


def _ordered(ids: Select[Any], query: UnitQuery) -> Select[Any]:
    column = _SORTS.get(query.sort, Unit.order_key)
    first = column.desc() if query.descending else column.asc()
    return ids.order_by(first) if column is Unit.order_key else ids.order_by(first, Unit.order_key)


@permit(*EVERYONE)
def list_units(seat: Seat, query: UnitQuery, offset: int = 0, limit: int = 200) -> Page[UnitRow]:
    """List a window of the matching units in natural order, with holder and phone masked."""
    with seat.reading() as session:
        role, is_whole = seat.operator.role, seat.operator.estates is None
        if query.tag_id is not None and is_whole and query == UnitQuery(tag_id=query.tag_id):
            total, conditions = _tagged_anywhere(session, query.tag_id, role, offset + limit)
        else:
            conditions = _matching(session, query, role)
            total = session.scalar(select(func.count()).select_from(Unit).where(*conditions)) or 0
        window = _ordered(select(Unit.id).where(*conditions), query).offset(offset).limit(limit)
        ids = list(session.scalars(window))
        chunks = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
        return Page(total, tuple(row for chunk in chunks for row in _rows(session, chunk, role)))


def _holders(session: Session, unit_ids: Sequence[int]) -> dict[int, list[Household]]:
    holders: dict[int, list[Household]] = {}
    for household in session.scalars(
        select(Household).where(Household.unit_id.in_(unit_ids)).order_by(Household.id)
    ):
        holders.setdefault(household.unit_id, []).append(household)
    # show former holders only if there are no current ones
    return {unit: [one for one in held if not one.moved_out_on] or held for unit, held in holders.items()}


def _rows(session: Session, unit_ids: Sequence[int], role: Role) -> tuple[UnitRow, ...]:
    holders = _holders(session, unit_ids)
    phones = first_phones(session, [held[0].id for held in holders.values()])
    tagged = tags.tags_of_units(session, unit_ids, role)
    query = (
        select(Unit, Estate.name, Building.label)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
        .where(Unit.id.in_(unit_ids))
    )
    made = {
        unit.id: _row(unit, estate, building, holders.get(unit.id, []), phones, tagged.get(unit.id, ()))
        for unit, estate, building in session.execute(query)
    }
    return tuple(made[unit_id] for unit_id in unit_ids)


def unmasked_rows(session: Session, rows: Sequence[UnitRow]) -> tuple[UnitRow, ...]:
    """Return rows of a list with their holders' full names and first telephones, unmasked."""
    complete: list[UnitRow] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        holders = _holders(session, [row.id for row in chunk])
        phones = first_phones(session, [held[0].id for held in holders.values()], unmasked=True)
        for row in chunk:
            held = holders.get(row.id, [])
            names = _(", ").join(household.head for household in held)
            complete.append(replace(row, holder=names, phone=phones.get(held[0].id, "") if held else ""))
    return tuple(complete)


def _row(
    unit: Unit,
    estate: str,
    building: str,
    held: Sequence[Household],
    phones: dict[int, str],
    tagged: tuple[TagView, ...],
) -> UnitRow:
    moved_out = bool(held) and all(household.moved_out_on for household in held)
    known = [household.people for household in held if household.people is not None]
    return UnitRow(
        id=unit.id,
        estate_id=unit.estate_id,
        address=search_entries.unit_address(estate, building, unit.entrance, unit.label),
        place=search_entries.unit_place(estate, building, unit.entrance, unit.label),
        use=unit.use,
        tenure=unit.tenure,
        area=unit.area,
        holder=_(", ").join(mask_name(household.head, household.is_company) for household in held),
        role=held[0].role if held else "",
        people=sum(known) if known else None,
        vacant=bool(held) and all(household.vacant for household in held),
        phone=phones.get(held[0].id, "") if held else "",
        households=len(held),
        moved_out=moved_out,
        tags=tagged,
    )


@permit(*EVERYONE)
def unit_position(seat: Seat, query: UnitQuery, unit_id: int) -> int:
    """Return a unit's 0-based position in a list sorted by address, -1 if it is not in the list."""
    with seat.reading() as session:
        conditions = _matching(session, query, seat.operator.role)
        key = session.scalar(select(Unit.order_key).where(Unit.id == unit_id, *conditions))
        if key is None:
            return -1
        before = select(func.count()).select_from(Unit).where(*conditions, Unit.order_key < key)
        return session.scalar(before) or 0


@permit(*EVERYONE)
def unit_detail(seat: Seat, unit_id: int) -> UnitDetail:
    """Return one unit with its households, personal data masked."""
    with seat.reading() as session:
        unit = get_unit(session, unit_id)
        building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
        return UnitDetail(
            unit.id,
            unit.uid,
            unit.version,
            estate.id,
            estate.name,
            building.label,
            search_entries.unit_address(estate.name, building.label, unit.entrance, unit.label),
            _fields(unit),
            views_of_unit(session, unit_id, seat.operator.role, seat.today()),
            _shares_doubt(session, unit_id, seat.today()),
        )


def _shares_doubt(session: Session, unit_id: int, today: date) -> str:
    ever = shares.owners_ever(session, [unit_id]).get(unit_id, ())
    return shares.fault_ever(ever, today) or shares.doubt_of(
        [one for one in ever if one.period.covers(today)]
    )


def _fields(row: Unit) -> UnitFields:
    values = {name: getattr(row, name) for name in UnitFields.__dataclass_fields__}
    return UnitFields(**{**values, "other_ids": tuple((row.other_ids or {}).items())})


@permit(*WRITERS)
def save_unit(
    seat: Seat, fields: UnitFields, unit_id: int | None = None, version: int | None = None
) -> Saved:
    """Add a unit to a building, or update one that was read at `version`."""
    fields = UnitFields(**stripped(asdict(fields)))
    fields = replace(
        fields,
        entrance=half_width(fields.entrance),
        label=half_width(fields.label),
        real_estate_no=checks.cleaned_number(fields.real_estate_no),
    )
    refuse_wrong(checks.unit_faults(fields, seat.today()))
    with seat.transaction() as session:
        building = get_building(session, fields.building_id)
        estate = get_estate(session, building.estate_id)
        same = session.scalar(
            select(Unit.id).where(
                Unit.building_id == building.id, Unit.entrance == fields.entrance, Unit.label == fields.label
            )
        )
        if same is not None and same != unit_id:
            refuse_wrong({"label": _("This building already has a unit with this name. Open it instead.")})
        row = Unit() if unit_id is None else get_unit(session, unit_id)
        refuse_stale(row, version)
        moved = unit_id is not None and row.estate_id != estate.id
        for name, value in {**asdict(fields), "other_ids": dict(fields.other_ids) or None}.items():
            setattr(row, name, value)
        row.estate_id = estate.id
        row.order_key = search_entries.unit_order_key(estate.name, building.label, row.entrance, row.label)
        session.add(row)
        session.flush()
        if moved:
            for household in session.scalars(select(Household).where(Household.unit_id == row.id)):
                household.estate_id = estate.id
        search_entries.index_units(session, [row.id])
        doubts = (*checks.unit_doubts(fields).values(), *_recorded_twice(session, row))
        return Saved(row.id, row.version, doubts)


def _recorded_twice(session: Session, row: Unit) -> list[str]:
    """Return the warnings that another home may be this one: another spelling of its room, its own number."""
    doubts = []
    beside = select(Unit.entrance, Unit.label).where(Unit.building_id == row.building_id, Unit.id != row.id)
    key = same.room_key(row.entrance, row.label)
    for entrance, label in session.execute(beside):
        if same.room_key(entrance, label) == key:
            text = _("This building has “{name}” as well. If it is the same, merge the two.")
            doubts.append(text.format(name=entrance + label))
            break
    if row.real_estate_no:
        numbered = select(Unit.id).where(Unit.real_estate_no == row.real_estate_no, Unit.id != row.id)
        if other := session.scalar(numbered.limit(1)):
            text = _("{place} has the same number of a real-estate unit. Compare it with the certificate.")
            doubts.append(text.format(place=address_of(session, other)))
    return doubts


@permit(*WRITERS)
def remove_unit(seat: Seat, unit_id: int) -> str:
    """Remove a unit to which nothing refers, and return its label."""
    with seat.transaction() as session:
        row = get_unit(session, unit_id)
        name = row.entrance + row.label
        refuse_while_used(session, row, name)
        session.delete(row)
        session.flush()
        search_entries.index_units(session, [unit_id])
        return name
