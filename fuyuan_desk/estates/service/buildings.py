"""Services on an estate's buildings: list, save, remove."""

from dataclasses import asdict

from sqlalchemy import func, select

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingFields, BuildingRow
from fuyuan_desk.estates.records import Building, Unit
from fuyuan_desk.estates.rules import checks
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.rows import get_building, get_estate, kind_and_class
from fuyuan_desk.kit.guards import refuse_stale, refuse_while_used, refuse_wrong, stripped
from fuyuan_desk.kit.paging import Saved


@permit(*EVERYONE)
def list_buildings(seat: Seat, estate_id: int) -> tuple[BuildingRow, ...]:
    """List an estate's buildings in natural order."""
    with seat.reading() as session:
        estate = get_estate(session, estate_id)
        counts = select(Unit.building_id, func.count()).where(Unit.estate_id == estate_id)
        units = dict(session.execute(counts.group_by(Unit.building_id)).all())
        rows = session.scalars(
            select(Building).where(Building.estate_id == estate_id).order_by(Building.order_key, Building.id)
        )
        return tuple(
            BuildingRow(
                row.id,
                row.estate_id,
                row.version,
                BuildingFields(**{name: getattr(row, name) for name in BuildingFields.__dataclass_fields__}),
                *kind_and_class(row, estate),
                units.get(row.id, 0),
            )
            for row in rows
        )


@permit(*WRITERS)
def save_building(
    seat: Seat,
    estate_id: int,
    fields: BuildingFields,
    building_id: int | None = None,
    version: int | None = None,
) -> Saved:
    """Add a building to an estate, or update one that was read at `version`."""
    fields = BuildingFields(**stripped(asdict(fields)))
    refuse_wrong(checks.building_faults(fields))
    with seat.transaction() as session:
        get_estate(session, estate_id)
        same = session.scalar(
            select(Building.id).where(Building.estate_id == estate_id, Building.label == fields.label)
        )
        if same is not None and same != building_id:
            refuse_wrong({"label": _("This estate already has a building with this number.")})
        row = Building(estate_id=estate_id) if building_id is None else get_building(session, building_id)
        refuse_stale(row, version)
        renamed = building_id is not None and row.label != fields.label
        for name, value in asdict(fields).items():
            setattr(row, name, value)
        row.order_key = search_entries.building_order_key(fields.label)
        session.add(row)
        session.flush()
        if renamed:
            search_entries.rename_units(session, building_id=row.id)
        return Saved(row.id, row.version)


@permit(*WRITERS)
def remove_building(seat: Seat, building_id: int) -> str:
    """Remove a building without units, and return its label."""
    with seat.transaction() as session:
        row = get_building(session, building_id)
        refuse_while_used(session, row, row.label)
        session.delete(row)
        return row.label
