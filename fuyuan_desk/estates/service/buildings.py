"""Services on an estate's buildings: list, save, change several, remove, hand on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.book import building_book
from fuyuan_desk.estates.facts.houses import BuildingFields
from fuyuan_desk.estates.records import Building, Estate, Unit
from fuyuan_desk.estates.rules import checks, same
from fuyuan_desk.estates.rules.housing import HeritageClass
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.estates.service.notice_pages import PAGES
from fuyuan_desk.estates.service.rows import get_building, get_estate, kind_and_class
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.kit.attached import discard
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique


def _units(session: Session, rows: Sequence[Building]) -> dict[int, int]:
    counts = select(Unit.building_id, func.count()).where(Unit.building_id.in_([row.id for row in rows]))
    counted = dict(session.execute(counts.group_by(Unit.building_id)).all())
    return {row.id: counted.get(row.id, 0) for row in rows}


def _in_force(session: Session, rows: Sequence[Building]) -> dict[int, tuple[str, HeritageClass | None]]:
    ids = {row.estate_id for row in rows}
    estates = {row.id: row for row in session.scalars(select(Estate).where(Estate.id.in_(ids)))}
    return {row.id: kind_and_class(row, estates[row.estate_id]) for row in rows}


def _kinds(session: Session, rows: Sequence[Building]) -> dict[int, str]:
    return {key: kind for key, (kind, _class) in _in_force(session, rows).items()}


def _classes(session: Session, rows: Sequence[Building]) -> dict[int, HeritageClass | None]:
    return {key: own for key, (_kind, own) in _in_force(session, rows).items()}


def _unique() -> tuple[Unique, ...]:
    return (Unique(("label", "estate_id"), _("This estate already has a building with this number.")),)


TABLE = Table(
    Building,
    BuildingFields,
    building_book,
    references={"estate_id": describe_estates},
    columns={"order_key": lambda fields: search_entries.building_order_key(fields.label)},
    extras={"units": _units, "kind_in_force": _kinds, "class_in_force": _classes},
    unique=_unique,
)


@permit(*EVERYONE)
def find_buildings(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[BuildingFields]]:
    """List a window of the matching buildings, in natural order by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def list_buildings(seat: Seat, estate_id: int) -> tuple[Line[BuildingFields], ...]:
    """List all buildings of an estate in natural order."""
    with seat.reading() as session:
        get_estate(session, estate_id)
        return TABLE.find(session, BookQuery(facets={"estate_id": estate_id}), limit=-1).rows


@permit(*EVERYONE)
def read_building(seat: Seat, building_id: int) -> Line[BuildingFields]:
    """Return one building."""
    with seat.reading() as session:
        return TABLE.read(session, building_id)


@permit(*WRITERS)
def save_building(
    seat: Seat, fields: BuildingFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a building to the estate that `fields` names, or change the one read as `known`."""
    with seat.transaction() as session:
        refuse_wrong(checks.building_faults(fields, seat.today()))
        fields = replace(checks.with_lift(fields), label=half_width(fields.label))
        if fields.estate_id is not None:
            get_estate(session, fields.estate_id)
        if known is None:
            return _with_doubts(session, TABLE.save(session, fields), fields)
        row = get_building(session, known.id)
        before = row.label
        if fields.estate_id != row.estate_id:
            refuse_wrong({"estate_id": _("A building stays in its estate. Add it to the other one instead.")})
        saved = TABLE.save(session, fields, known, kept)
        if row.label != before:
            search_entries.rename_units(session, building_id=row.id)
        return _with_doubts(session, saved, fields)


def _with_doubts(session: Session, saved: Saved, fields: BuildingFields) -> Saved:
    row = get_building(session, saved.id)
    _kind, in_force = kind_and_class(row, get_estate(session, row.estate_id))
    doubts = (*checks.building_doubts(fields, in_force).values(), *_recorded_twice(session, row))
    return replace(saved, doubts=doubts)


def _recorded_twice(session: Session, row: Building) -> list[str]:
    """Return the warning that the estate has another spelling of a building's number."""
    beside = select(Building.label).where(Building.estate_id == row.estate_id, Building.id != row.id)
    key = same.building_key(row.label)
    text = _("This estate has “{name}” as well. If it is the same, move its homes to one of the two.")
    alike = (label for label in session.scalars(beside) if same.building_key(label) == key)
    return [text.format(name=label) for label in alike][:1]


@permit(*WRITERS)
def change_buildings(
    seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress | None = None
) -> int:
    """Set the same floors, year, structure, lift, kind or protection in several buildings."""
    with seat.transaction() as session:
        return TABLE.change_many(
            session, records, changes, lambda fields: checks.building_faults(fields, seat.today()), progress
        )


@permit(*WRITERS)
def remove_building(seat: Seat, building_id: int) -> str:
    """Remove a building without units, with the pages of its notice, and return its label."""
    with seat.transaction() as session:
        unused = PAGES.remove_all(session, building_id)
        name = TABLE.remove(session, building_id)
    discard(seat, unused)
    return name


@permit(*STAFF)
def building_history(seat: Seat, building_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a building, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, building_id)


@permit(*REVEALERS)
def buildings_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[BuildingFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*EVERYONE)
def buildings_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
