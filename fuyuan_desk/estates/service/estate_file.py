"""What the file of an estate states: itself, its buildings, how many people have which tag, its homes by building."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    open_value,
    value,
)
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.people import HOLDER, TagView
from fuyuan_desk.estates.records import Building, Estate, EstateRole, Household, Person, PersonTag, Tag, Unit
from fuyuan_desk.estates.rules.housing import HistoricArea, HouseKind, Structure, Tenure, UnitUse, label
from fuyuan_desk.estates.rules.people import may_see
from fuyuan_desk.estates.rules.roles import RoleKind
from fuyuan_desk.estates.service import tags
from fuyuan_desk.estates.service.house_file import (
    lift_text,
    named,
    notices,
    other_protection,
    place_items,
    square_metres,
)
from fuyuan_desk.estates.service.parts import phones_of
from fuyuan_desk.estates.service.rows import get_estate, heritage, kind_and_class
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.organisations.service.for_other_jobs import names_of

_CHUNK = 2_000


def sections(session: Session, estate_id: int, reader: Reader) -> Iterator[Section]:
    """Yield what the estates know of one of them."""
    estate = get_estate(session, estate_id)
    query = select(Building).where(Building.estate_id == estate_id).order_by(Building.order_key, Building.id)
    buildings = session.scalars(query).all()
    units = session.scalars(select(Unit).where(Unit.estate_id == estate_id).order_by(Unit.order_key)).all()
    query_households = select(Household).where(
        Household.estate_id == estate_id, Household.moved_out_on.is_(None)
    )
    households = session.scalars(query_households.order_by(Household.id)).all()
    held: dict[int, list[Household]] = defaultdict(list)
    for row in households:
        held[row.unit_id].append(row)
    yield Section("estate", _("Estate"), tuple(_estate_items(session, estate, reader)))
    yield Section("size", _("Counts"), tuple(_size_items(buildings, units, households, held)))
    yield _organisations(session, estate_id)
    yield Section(
        "buildings",
        _("Buildings"),
        listings=(_buildings(estate, buildings, units, held),),
        attached=notices(session, buildings),
    )
    yield _tag_section(session, estate_id, reader)
    yield Section("homes", _("Homes"), listings=tuple(_homes(session, buildings, units, held, reader)))


def _estate_items(session: Session, estate: Estate, reader: Reader) -> Iterator[Item]:
    listed = heritage(estate.heritage_class)
    yield Item(_("Address"), open_value(estate.address))
    yield from place_items(session, estate, reader.today)
    yield Item(_("House kind"), open_value(named(HouseKind, estate.house_kind)))
    yield Item(_("Tenures"), open_value(*(named(Tenure, tenure) for tenure in estate.tenures)))
    yield Item(_("Built in"), open_value(estate.built_year))
    yield Item(_("Heritage class"), open_value("" if listed is None else label(listed)))
    yield Item(_("Historic area"), open_value(named(HistoricArea, estate.historic_area)))
    flags = other_protection(estate.preserved_block, estate.retained_building, estate.cultural_relic)
    yield Item(_("Other protection"), open_value(flags))
    yield Item(_("Quiet hours"), open_value(estate.quiet_hours))
    is_company = reader.role is Role.PROPERTY
    withheld = office_value(_("withheld from your role"))
    yield Item(_("Remarks"), withheld if is_company else value(Privacy.TEXT, estate.remarks))


def _organisations(session: Session, estate_id: int) -> Section:
    """Return what organisations are and were to the estate, the latest first; who is now has no last day."""
    rows = session.scalars(select(EstateRole).where(EstateRole.estate_id == estate_id)).all()
    names = names_of(session, {row.organisation_id for row in rows})
    columns = (
        Column(_("What it is to the estate"), 14),
        Column(_("Organisation"), 22),
        Column(_("First day"), 10),
        Column(_("Last day"), 10),
        Column(_("Note"), 16),
    )
    found = (
        (
            office_value(name_of(RoleKind, row.role)),
            office_value(names.get(row.organisation_id, "")),
            office_value(row.since or _("Unknown")),
            office_value(row.until),
            office_value(row.note),
        )
        for row in sorted(rows, key=_latest_first)
    )
    table = listing(columns, found, nothing=_("No organisation is recorded."))
    return Section("organisations", _("Organisations"), listings=(table,))


def _latest_first(row: EstateRole) -> tuple[int, int]:
    return -(row.until or date.max).toordinal(), -(row.since or date.min).toordinal()


def _size_items(
    buildings: Sequence[Building],
    units: Sequence[Unit],
    households: Sequence[Household],
    held: Mapping[int, Sequence[Household]],
) -> Iterator[Item]:
    people = [row.people for row in households if row.people is not None]
    areas = [unit.area for unit in units if unit.area is not None]
    yield Item(_("Buildings"), open_value(len(buildings)))
    yield Item(_("Homes and rooms"), open_value(f"{len(units):,}"))
    yield Item(_("Households"), office_value(f"{len(households):,}"))
    yield Item(_("People"), office_value(_sum(f"{sum(people):,}", len(people), len(households))))
    yield Item(_("Built area"), office_value(_sum(square_metres(sum(areas)), len(areas), len(units))))
    yield Item(
        _("Vacant homes"), office_value(f"{sum(_is_vacant(held.get(unit.id, ())) for unit in units):,}")
    )
    yield Item(
        _("Homes without a household"), office_value(f"{sum(unit.id not in held for unit in units):,}")
    )


def _sum(text: str, known: int, of: int) -> str:
    """Return a sum with how much of it is known, '' for nothing."""
    if not known or known == of:
        return text if known else ""
    return f"{text} ({_('known for {known} of {all}').format(known=f'{known:,}', all=f'{of:,}')})"


def _is_vacant(held: Sequence[Household]) -> bool:
    return bool(held) and all(row.vacant for row in held)


def _buildings(
    estate: Estate,
    buildings: Sequence[Building],
    units: Sequence[Unit],
    held: Mapping[int, Sequence[Household]],
) -> Listing:
    homes: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        homes[unit.building_id].append(unit)
    columns = (
        Column(_("Building"), 10),
        Column(_("House kind"), 12),
        Column(_("Heritage class"), 10),
        Column(_("Structure"), 12),
        Column(_("Built in"), 7, True),
        Column(_("Floors"), 6, True),
        Column(_("Lift"), 6),
        Column(_("Homes"), 7, True),
        Column(_("Vacant"), 7, True),
        Column(_("Tenures"), 16),
        Column(_("Notice of protection"), 14),
    )
    rows = []
    for building in buildings:
        kind, listed = kind_and_class(building, estate)
        own = homes[building.id]
        rows.append(
            (
                open_value(building.label),
                open_value(named(HouseKind, kind)),
                open_value("" if listed is None else label(listed)),
                open_value(name_of(Structure, building.structure)),
                open_value(building.built_year or estate.built_year),
                open_value(building.floors),
                open_value(lift_text(building)),
                open_value(len(own)),
                office_value(sum(_is_vacant(held.get(unit.id, ())) for unit in own)),
                office_value(*_tenures(own)),
                open_value(building.notice_no, building.notice_on),
            )
        )
    return listing(columns, rows, nothing=_("No building is recorded."), may_post=True)


def _tenures(homes: Sequence[Unit]) -> Iterator[str]:
    """Yield how many homes have which tenure, the most frequent first."""
    for tenure, count in Counter(unit.tenure for unit in homes).most_common():
        name = named(Tenure, tenure) or _("not recorded")
        yield f"{name} {count:,}"


# --- people


def _tag_section(session: Session, estate_id: int, reader: Reader) -> Section:
    """Return how many people have each tag that the reader's role may see, without who they are."""
    title = _("Tags of people")
    tags_of_office = session.scalars(select(Tag).order_by(Tag.id)).all()
    visible = [tag for tag in tags_of_office if may_see(tag.roles, reader.role)]
    if not visible or reader.role is Role.PROPERTY:
        return Section("tags", title, withheld=_("Your role may not see the tags of people."))
    is_here = (Person.until_on.is_(None), Person.until_on > reader.today)
    query = (
        select(PersonTag.tag_id, func.count())
        .join(Household, Household.id == PersonTag.household_id)
        .outerjoin(Person, Person.id == PersonTag.person_id)
        .where(Household.estate_id == estate_id, Household.moved_out_on.is_(None), or_(*is_here))
        .group_by(PersonTag.tag_id)
    )
    counts = dict(session.execute(query).all())
    rows = ((office_value(tag.name), office_value(counts[tag.id])) for tag in visible if tag.id in counts)
    columns = (Column(_("Tag"), 20), Column(_("People"), 10, True))
    return Section("tags", title, listings=(listing(columns, rows, nothing=_("Nobody has a tag.")),))


def _homes(
    session: Session,
    buildings: Sequence[Building],
    units: Sequence[Unit],
    held: Mapping[int, Sequence[Household]],
    reader: Reader,
) -> Iterator[Listing]:
    ids = [row.id for rows in held.values() for row in rows]
    phones: dict[tuple[int, int], list[str]] = {}
    tagged: dict[tuple[int, int], tuple[TagView, ...]] = {}
    for start in range(0, len(ids), _CHUNK):
        phones |= phones_of(session, ids[start : start + _CHUNK])
        tagged |= tags.tags_of_people(session, ids[start : start + _CHUNK], reader.role)
    of_household: dict[int, list[str]] = defaultdict(list)
    for (household_id, _person), views in tagged.items():
        of_household[household_id] += (view.name for view in views)
    homes: dict[int, list[tuple[Value, ...]]] = defaultdict(list)
    for unit in units:
        homes[unit.building_id].append(_home(unit, held.get(unit.id, ()), phones, of_household))
    columns = [
        Column(_("Room"), 12),
        Column(_("Use"), 8),
        Column(_("Tenure"), 14),
        Column(_("Built area"), 11, True),
        Column(_("Holder"), 12),
        Column(_("Telephone"), 14),
        Column(_("People"), 6, True),
        Column(_("Vacant"), 6),
        Column(_("Tags"), 14),
    ]
    if reader.role is Role.PROPERTY:  # the section of the tags says that they are withheld
        columns.pop()
    for building in buildings:
        rows = [row[: len(columns)] for row in homes[building.id]]
        count = numbered(len(rows), N_("{n} home"), N_("{n} homes")) if rows else _("no home")
        title = _("{building}: {count}").format(building=building.label, count=count)
        yield listing(columns, rows, title, _("No home is recorded in this building."), may_post=True)


def _home(
    unit: Unit,
    held: Sequence[Household],
    phones: Mapping[tuple[int, int], Sequence[str]],
    tagged: Mapping[int, Sequence[str]],
) -> tuple[Value, ...]:
    is_company = bool(held) and all(row.is_company for row in held)
    known = [row.people for row in held if row.people is not None]
    first = phones.get((held[0].id, HOLDER), ()) if held else ()
    return (
        open_value(unit.entrance + unit.label),
        open_value(named(UnitUse, unit.use)),
        office_value(named(Tenure, unit.tenure)),
        office_value(square_metres(unit.area)),
        value(Privacy.OFFICE if is_company else Privacy.NAME, *(row.head for row in held)),
        value(Privacy.PHONE, *first[:1]),
        office_value(sum(known) if known else None),
        office_value(_("Yes") if _is_vacant(held) else ""),
        value(Privacy.TAG, *(tag for row in held for tag in tagged.get(row.id, ()))),
    )
