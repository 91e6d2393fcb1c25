"""How rosters are read, as clerks corrected it: kept for the next roster with the same headers."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.records import RosterReading


@permit(*WRITERS)
def find_readings(seat: Seat, shapes: Collection[str]) -> tuple[Reading, ...]:
    """Return the readings that are kept for these shapes of headers."""
    with seat.reading() as session:
        kept = session.scalars(select(RosterReading).where(RosterReading.shape.in_(shapes)))
        return tuple(map(_fact, kept))


@permit(*WRITERS)
def remember_readings(seat: Seat, readings: Sequence[Reading]) -> int:
    """Keep readings, each in place of the former one of its shape, and return how many were new or different.

    One without corrections removes the former one. Day and operator are those of now.
    """
    with seat.transaction() as session:
        shapes = [reading.shape for reading in readings]
        kept = {
            row.shape: row
            for row in session.scalars(select(RosterReading).where(RosterReading.shape.in_(shapes)))
        }
        changed = 0
        for reading in readings:
            row = kept.get(reading.shape)
            if _same(row, reading):
                continue
            changed += 1
            if row is not None and not reading.is_corrected:
                session.delete(row)
                continue
            if row is None:
                row = kept[reading.shape] = RosterReading(shape=reading.shape)
                session.add(row)
            row.columns = {str(index): field for index, field in reading.columns.items()}
            row.words = {field: dict(words) for field, words in reading.words.items()}
            row.confirmed = sorted(reading.confirmed)
            row.at, row.operator = seat.now(), seat.operator.name
        session.flush()
        return changed


@permit(*WRITERS)
def forget_readings(seat: Seat, shapes: Collection[str]) -> int:
    """Remove the readings of these shapes, and return how many there were."""
    with seat.transaction() as session:
        kept = session.scalars(select(RosterReading).where(RosterReading.shape.in_(shapes))).all()
        for row in kept:
            session.delete(row)
        session.flush()
        return len(kept)


def _same(row: RosterReading | None, reading: Reading) -> bool:
    if row is None:
        return not reading.is_corrected
    known = _fact(row)
    return (known.columns, known.words, known.confirmed) == (
        reading.columns,
        reading.words,
        reading.confirmed,
    )


def _fact(row: RosterReading) -> Reading:
    return Reading(
        row.shape,
        {int(index): field for index, field in row.columns.items()},
        {field: dict(words) for field, words in row.words.items()},
        frozenset(row.confirmed),
        row.at,
        row.operator,
    )
