"""The rooms of an estate or a building for the room chart, and what is done with several of them at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _, in_chinese, numbered
from fuyuan_desk.estates.book import room_book
from fuyuan_desk.estates.facts.houses import ChangedRooms, ChosenRooms, RoomBefore, RoomFields, Rooms
from fuyuan_desk.estates.records import Building, Estate, Unit
from fuyuan_desk.estates.rules.rooms import Room
from fuyuan_desk.estates.service.room_states import within
from fuyuan_desk.estates.service.rows import get_estate
from fuyuan_desk.estates.service.search_entries import unit_place
from fuyuan_desk.kit.book import Known, Line
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.kit.list_sheet import ListPaper, paper_of
from fuyuan_desk.kit.table import Table
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db import functions

MOST_ROOMS = 5_000  # in one chart; more could not be surveyed


def _places(session: Session, rows: Sequence[Unit]) -> dict[int, str]:
    """Return the places of units inside their estate."""
    query = (
        select(Unit.id, Estate.name, Building.label.label("building"), Unit.entrance, Unit.label)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
        .where(Unit.id.in_(functions.keys([row.id for row in rows])))
    )
    return {
        row.id: unit_place(row.name, row.building, row.entrance, row.label) for row in session.execute(query)
    }


TABLE = Table(Unit, RoomFields, room_book, extras={"place": _places})


@permit(*EVERYONE)
def list_rooms(seat: Seat, estate_id: int, building_id: int | None = None, most: int = MOST_ROOMS) -> Rooms:
    """Return the rooms of an estate or of one of its buildings in natural order, without any names.

    If there are more than `most`, none are returned and all are counted.
    """
    with seat.reading() as session:
        estate = get_estate(session, estate_id)
        conditions = within(estate_id, building_id)
        total = session.scalar(select(func.count()).select_from(Unit).where(*conditions)) or 0
        if total > most:
            return Rooms(estate.name, estate.uid, (), total)
        units = (
            select(Unit.id, Building.label, Unit.entrance, Unit.floor, Unit.label)
            .join(Building, Building.id == Unit.building_id)
            .where(*conditions)
            .order_by(Unit.order_key)
        )
        return Rooms(estate.name, estate.uid, tuple(Room(*row) for row in session.execute(units)), total)


# --- several rooms at once


@permit(*EVERYONE)
def read_rooms(seat: Seat, ids: Collection[int]) -> tuple[Line[RoomFields], ...]:
    """Return rooms in natural order; raises `NotFound` when one of them was removed."""
    with seat.reading() as session:
        return _lines(session, ids)


@permit(*WRITERS)
def change_rooms(
    seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress | None = None
) -> ChangedRooms:
    """Set the same tenure, use or floor in several rooms, all or none, and return what they had before."""
    [part] = changes
    with seat.transaction() as session:
        ids = [known.id for known in records]
        before = {line.id: getattr(line.fields, part) for line in _lines(session, ids)}
        TABLE.change_many(session, records, changes, progress=progress)
        query = select(Unit.id, Unit.version).where(Unit.id.in_(functions.keys(ids)))
        return ChangedRooms(
            part, tuple(RoomBefore(unit, version, before[unit]) for unit, version in session.execute(query))
        )


@permit(*WRITERS)
def restore_rooms(seat: Seat, changed: ChangedRooms) -> int:
    """Restore what rooms had before a change and return how many; refused if anybody changed one since."""
    with seat.transaction() as session:
        rows = _rows(session, [one.id for one in changed.before])
        stale = sum(rows[one.id].version != one.version for one in changed.before)
        if stale:
            raise Conflict(
                numbered(
                    stale,
                    N_(
                        "{n} of these homes was changed since. Nothing was taken back: change the homes again."
                    ),
                    N_(
                        "{n} of these homes were changed since. Nothing was taken back: change the homes again."
                    ),
                )
            )
        for one in changed.before:
            setattr(rows[one.id], changed.part, one.value)
        return len(changed.before)


# --- a list of rooms


@permit(*REVEALERS)
def rooms_for_export(seat: Seat, order: ExportOrder, rooms: ChosenRooms) -> Export[Line[RoomFields]]:
    """Return a list of rooms and their states for an export, without names, and audit this."""
    with seat.transaction() as session:
        lines = _with_states(_lines(session, rooms.ids), rooms)
        return export_rows(seat, session, order, "unit", lines, Holds.NOBODY, filtered=True)


@permit(*EVERYONE)
def rooms_for_print(seat: Seat, rooms: ChosenRooms) -> ListPaper:
    """Return a list of rooms and their states for printing, in Chinese and without names, and audit this."""
    with seat.transaction() as session, in_chinese():
        lines = _with_states(_lines(session, rooms.ids), rooms)
        audit.note(session, "print", "unit", detail={"rows": len(lines)})
        office = office_settings(session, seat.now()).heading
        chosen = [(_("Estate"), rooms.estate), (_("Chosen in the room chart"), f"{len(lines):,}")]
        return paper_of(room_book(rooms.title), lines, office, seat.now(), chosen)


def _with_states(lines: Sequence[Line[RoomFields]], rooms: ChosenRooms) -> tuple[Line[RoomFields], ...]:
    return tuple(
        replace(line, extra={**line.extra, "state": _(rooms.states.get(line.id, ""))}) for line in lines
    )


def _lines(session: Session, ids: Collection[int]) -> tuple[Line[RoomFields], ...]:
    rows = _rows(session, ids)
    return TABLE.lines(session, sorted(rows.values(), key=lambda row: row.order_key))


def _rows(session: Session, ids: Collection[int]) -> dict[int, Unit]:
    found = session.scalars(select(Unit).where(Unit.id.in_(functions.keys(list(ids)))))
    rows = {row.id: row for row in found}
    if len(rows) < len(set(ids)):
        raise gone()
    return rows
