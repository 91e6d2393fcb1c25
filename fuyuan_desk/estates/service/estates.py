"""Services on estates: list, read, save, remove; and queries for other jobs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import (
    EstateDetail,
    EstateFields,
    EstateRow,
    EstateSummary,
    UnitChoice,
    UnitSummary,
)
from fuyuan_desk.estates.facts.people import Holder
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Building, Estate, EstateRole, Household, HouseholdPhone, Unit
from fuyuan_desk.estates.rules import checks
from fuyuan_desk.estates.rules.housing import HistoricArea
from fuyuan_desk.estates.service import holders, search_entries
from fuyuan_desk.estates.service.holders import Holders
from fuyuan_desk.estates.service.rows import (
    get_building,
    get_estate,
    get_unit,
    heritage,
    kind_and_class,
    surroundings_in_force,
)
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.kit.guards import refuse_stale, refuse_while_used, refuse_wrong, stripped
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import tolerant

# as many units as a list to choose from shows
_FOUND = 20
_MOST_LISTED = 1_000
NOBODY = Holders()

# --- estates -----------------------------------------------------------------------------------------


def _counts(session: Session, model: type[Building | Unit | Household]) -> dict[int, int]:
    query = select(model.estate_id, func.count()).group_by(model.estate_id)
    return dict(session.execute(query).all())


def _is_protected(estate: Estate) -> bool | None:
    """Return whether an estate is protected; None if that is not recorded."""
    flags = (estate.preserved_block, estate.retained_building, estate.cultural_relic)
    if estate.heritage_class or estate.historic_area not in ("", HistoricArea.NONE) or any(flags):
        return True
    return None if estate.heritage_class is None or not estate.historic_area else False


_ESTATE_SORTS = {
    "name": lambda row: natural_key(row.name),
    "street": lambda row: (row.street, natural_key(row.name)),
    "house_kind": lambda row: (row.house_kind, natural_key(row.name)),
    "property_company": lambda row: (row.property_company, natural_key(row.name)),
    "buildings": lambda row: row.buildings,
    "units": lambda row: row.units,
    "households": lambda row: row.households,
}


# Not a book of the kit: the list is sorted by what other tables count, and an office has few enough estates to do so.
@permit(*EVERYONE)
def list_estates(
    seat: Seat,
    text: str = "",
    sort: str = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> Page[EstateRow]:
    """List the estates whose name, address, street or company contains every word of `text`, in natural order."""
    with seat.reading() as session:
        buildings, units, households = (_counts(session, model) for model in (Building, Unit, Household))
        estates = session.scalars(select(Estate)).all()
        held = holders.holders_of(session, seat.today())
        fitting = _fitting(session, text, estates, held)
        rows = []
        for row in estates:
            if row.id in fitting:
                rows.append(
                    EstateRow(
                        row.id,
                        row.name,
                        row.street,
                        row.house_kind,
                        held.get(row.id, NOBODY).property_company,
                        _is_protected(row),
                        buildings.get(row.id, 0),
                        units.get(row.id, 0),
                        households.get(row.id, 0),
                    )
                )
    rows.sort(key=_ESTATE_SORTS.get(sort, _ESTATE_SORTS["name"]), reverse=descending)
    end = None if limit is None else offset + limit
    return Page(len(rows), tuple(rows[offset:end]))


def _fitting(session: Session, text: str, estates: Sequence[Estate], held: Mapping[int, Holders]) -> set[int]:
    """Return the ids of the estates that contain every word of a text; when there are none, those guessed."""
    words = text.casefold().split()
    fitting = {row.id for row in estates if _contains(row, held.get(row.id, NOBODY), words)}
    if words:
        fitting |= {hit.record_id for hit in search.find(session, text, [ESTATE], _MOST_LISTED)}
    return fitting or {each.record_id for each in tolerant.guess(session, text, [ESTATE], (), _MOST_LISTED)}


def _contains(row: Estate, held: Holders, words: Iterable[str]) -> bool:
    searched = f"{row.name} {row.address} {row.street} {held.committee} {held.property_company}".casefold()
    return all(word in searched for word in words)


def _estate_fields(session: Session, row: Estate, today: date) -> EstateFields:
    held = asdict(holders.holders_of(session, today, row.id).get(row.id, NOBODY))
    values = {name: getattr(row, name) for name in EstateFields.__dataclass_fields__ if name not in held}
    return EstateFields(**{**values, **held, "tenures": tuple(row.tenures)})


@permit(*EVERYONE)
def estate_detail(seat: Seat, estate_id: int) -> EstateDetail:
    """Return one estate in full."""
    with seat.reading() as session:
        short = in_short(session, get_estate(session, estate_id), seat.today())
        of_estate = Household.estate_id == estate_id
        households, people, people_known = session.execute(
            select(func.count(), func.sum(Household.people), func.count(Household.people)).where(of_estate)
        ).one()
        vacant = select(func.count(func.distinct(Household.unit_id))).where(of_estate, Household.vacant)
        area, area_known = session.execute(
            select(func.sum(Unit.area), func.count(Unit.area)).where(Unit.estate_id == estate_id)
        ).one()
        return replace(
            short,
            households=households,
            people=people,
            people_known=people_known,
            vacant=session.scalar(vacant) or 0,
            area=area,
            area_known=area_known,
        )


def in_short(session: Session, row: Estate, today: date) -> EstateDetail:
    """Return an estate without the sums over its households and units, for which thousands of rows are read."""
    units = session.scalar(select(func.count()).select_from(Unit).where(Unit.estate_id == row.id))
    buildings = session.scalar(select(func.count(Building.id)).where(Building.estate_id == row.id))
    fields = _estate_fields(session, row, today)
    return EstateDetail(row.id, row.uid, row.version, fields, buildings or 0, units or 0)


@permit(*WRITERS)
def save_estate(
    seat: Seat, fields: EstateFields, estate_id: int | None = None, version: int | None = None
) -> Saved:
    """Add an estate, or update one that was read at `version`.

    Another committee or property company than today's takes over today; the doubts say so.
    """
    fields = EstateFields(**stripped({**asdict(fields), "tenures": tuple(fields.tenures)}))
    refuse_wrong(checks.estate_faults(fields, seat.today().year))
    with seat.transaction() as session:
        same = session.scalar(select(Estate.id).where(Estate.name == fields.name))
        if same is not None and same != estate_id:
            refuse_wrong(
                {"name": _("An estate with this name already exists. Open it, or choose another name.")}
            )
        row = Estate(name=fields.name) if estate_id is None else get_estate(session, estate_id)
        refuse_stale(row, version)
        renamed = estate_id is not None and row.name != fields.name
        for name, value in asdict(replace(fields, tenures=())).items():
            if name not in holders.IN_FORM:
                setattr(row, name, value)
        row.tenures = list(fields.tenures)
        session.add(row)
        session.flush()
        told = [
            holders.set_holder(session, row, name, getattr(fields, name), seat.today())
            for name in holders.IN_FORM
        ]
        session.flush()
        search_entries.index_estates(session, [row.id])
        if renamed:
            search_entries.rename_units(session, estate_id=row.id)
        doubts = checks.estate_doubts(fields).values()
        return Saved(row.id, row.version, tuple(text for text in (*told, *doubts) if text))


@permit(*WRITERS)
def remove_estate(seat: Seat, estate_id: int) -> str:
    """Remove an estate to which nothing refers, and return its name."""
    with seat.transaction() as session:
        row = get_estate(session, estate_id)
        refuse_while_used(session, row, row.name)
        for role in session.scalars(select(EstateRole).where(EstateRole.estate_id == estate_id)):
            session.delete(role)
        session.flush()
        session.delete(row)
        session.flush()
        search_entries.index_estates(session, [estate_id])
        return row.name


def estate_summary(session: Session, estate_id: int, today: date) -> EstateSummary:
    """Return an estate's data for other jobs, inside a running transaction, with who holds its roles today."""
    row = get_estate(session, estate_id)
    buildings = session.scalar(select(func.count(Building.id)).where(Building.estate_id == estate_id))
    units = session.scalar(select(func.count(Unit.id)).where(Unit.estate_id == estate_id))
    fields = asdict(replace(_estate_fields(session, row, today), tenures=()))
    for name in ("built_year", "remarks"):
        del fields[name]
    fields |= {"heritage_class": heritage(row.heritage_class), "tenures": tuple(row.tenures)}
    return EstateSummary(id=row.id, buildings=buildings or 0, units=units or 0, **fields)


# --- for other jobs ----------------------------------------------------------------------------------


def _places(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Unit)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
    )


def _address(place: Row[Any]) -> str:
    return search_entries.unit_address(place.estate, place.building, place.entrance, place.label)


_PLACE = (
    Unit.id,
    Unit.estate_id,
    Estate.name.label("estate"),
    Building.label.label("building"),
    Unit.entrance,
    Unit.label.label("label"),
)


def describe_units(session: Session, unit_ids: Sequence[int]) -> tuple[UnitChoice, ...]:
    """Return addresses and masked holders of units in the order of `unit_ids`, skipping missing ones.

    Former holders are named, as such, only where there are no current ones.
    """
    holders: dict[int, list[str]] = {}
    former: dict[int, list[str]] = {}
    for unit_id, head, company, moved_out_on in session.execute(
        select(Household.unit_id, Household.head, Household.is_company, Household.moved_out_on)
        .where(Household.unit_id.in_(functions.keys(unit_ids)))
        .order_by(Household.id)
    ):
        name = mask_name(head, company)
        if moved_out_on is None:
            holders.setdefault(unit_id, []).append(name)
        else:
            former.setdefault(unit_id, []).append(_("{field} (moved out)").format(field=name))
    holders = former | holders
    found = {
        place.id: place
        for place in session.execute(_places(*_PLACE).where(Unit.id.in_(functions.keys(unit_ids))))
    }
    return tuple(
        UnitChoice(unit_id, place.estate_id, _address(place), _(", ").join(holders.get(unit_id, ())))
        for unit_id in unit_ids
        if (place := found.get(unit_id)) is not None
    )


def describe_estates(session: Session, estate_ids: Iterable[int]) -> dict[int, str]:
    """Return estate names by id, skipping missing ones."""
    query = select(Estate.id, Estate.name).where(Estate.id.in_(list(estate_ids)))
    return dict(session.execute(query).all())


@permit(*STAFF)
def find_units(seat: Seat, text: str) -> tuple[UnitChoice, ...]:
    """Find units to choose by address, holder, Pinyin, initials or phone tail."""
    with seat.reading() as session:
        hits = search.find(session, text, [UNIT], _FOUND)
        guesses = {each.record_id: each.meant for each in tolerant.guess(session, text, [UNIT], hits)}
        found = describe_units(session, [*(hit.record_id for hit in hits), *guesses])
    return tuple(replace(unit, meant=_meant(unit, guesses.get(unit.id, ""))) for unit in found)


def _meant(unit: UnitChoice, words: str) -> str:
    return tolerant.written(words, f"{unit.address} {unit.holders}")


def unit_summary(session: Session, unit_id: int) -> UnitSummary:
    """Return a unit's data for other jobs, its holders unmasked, inside a running transaction."""
    unit = get_unit(session, unit_id)
    building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
    kind, protection_class = kind_and_class(building, estate)
    return UnitSummary(
        id=unit.id,
        estate_id=estate.id,
        estate=estate.name,
        building=building.label,
        unit=unit.entrance + unit.label,
        address=search_entries.unit_address(estate.name, building.label, unit.entrance, unit.label),
        use=unit.use,
        tenure=unit.tenure,
        house_kind=kind,
        heritage_class=protection_class,
        **surroundings_in_force(building, estate)._asdict(),
        protection=building.protection,
        area=unit.area,
        quiet_hours=estate.quiet_hours,
        holders=_holders(session, unit_id),
    )


def _holders(session: Session, unit_id: int) -> tuple[Holder, ...]:
    phones: dict[int, list[str]] = {}
    for household_id, number in session.execute(
        select(HouseholdPhone.household_id, HouseholdPhone.number)
        .join(Household, Household.id == HouseholdPhone.household_id)
        .where(Household.unit_id == unit_id, HouseholdPhone.person_id.is_(None))
        .order_by(HouseholdPhone.position)
    ):
        phones.setdefault(household_id, []).append(number)
    rows = session.scalars(select(Household).where(Household.unit_id == unit_id).order_by(Household.id))
    return tuple(
        Holder(
            row.id,
            row.head,
            row.is_company,
            row.role,
            row.id_kind,
            row.id_number,
            tuple(phones.get(row.id, ())),
        )
        for row in rows
    )
