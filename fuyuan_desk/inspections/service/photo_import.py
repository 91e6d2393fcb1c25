"""What photos from a folder are matched with: the visits of their days, and the pictures that visits have already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from fuyuan_desk.access.seat import FIELD, Seat, permit
from fuyuan_desk.inspections.records import PrintedSheet, Visit
from fuyuan_desk.inspections.rules.photo_matching import ItemNoted, VisitNoted
from fuyuan_desk.inspections.service.photos import parties_of
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.guards import scope

RECENT = timedelta(days=14)
"""Visits of so many days can be chosen by hand, whenever a photo was taken."""


@dataclass(frozen=True)
class Matchable:
    """The visits to which photos may be attached, latest first; `now` is when they were read.

    `sheets` are printed sheets by number, with the visit that each was entered as, None before; `known` are files that
    a visit has already, by fingerprint, with the number of that visit, '' if the operator cannot see it.
    """

    now: datetime
    visits: tuple[VisitNoted, ...]
    sheets: Mapping[str, int | None]
    known: Mapping[str, str]


@permit(*FIELD)
def matchable(
    seat: Seat, days: Collection[date], sheets: Collection[str], files: Collection[str]
) -> Matchable:
    """Return what photos of these local days, scans of these sheets, and these files are matched with.

    Only visits to which the operator may add photos, of these days and of the last two weeks.
    """
    with seat.reading() as session:
        printed = _printed(session, sheets)
        wanted = {key for key in printed.values() if key is not None} | set(
            _of_days(session, days, seat.today())
        )
        query = (
            select(Visit)
            .where(Visit.id.in_(functions.keys(wanted)), Visit.party.in_(parties_of(seat.operator.role)))
            .options(selectinload(Visit.results))
            .order_by(Visit.at.desc(), Visit.id.desc())
        )
        numbers = {visit_id: number for number, visit_id in printed.items()}
        visits = tuple(_noted(row, numbers.get(row.id, "")) for row in session.scalars(query))
        offered = {visit.id for visit in visits}
        # a sheet of a visit that the operator may not change is as good as not entered
        entered = {number: key if key in offered else None for number, key in printed.items()}
        return Matchable(seat.now(), visits, entered, _known(session, files))


def _of_days(session: Session, days: Collection[date], today: date) -> list[int]:
    """Return the keys of the visits of some days, and of the last weeks."""
    recent = today - RECENT
    first = min([*days, recent])
    begin = datetime.combine(first, time()).astimezone()
    rows = session.execute(select(Visit.id, Visit.at).where(Visit.at >= begin))
    wanted = set(days)
    return [key for key, at in rows if (day := at.astimezone().date()) >= recent or day in wanted]


def _printed(session: Session, sheets: Collection[str]) -> dict[str, int | None]:
    """Return the visits that sheets were entered as, or are copies of, by number."""
    found = session.execute(
        select(PrintedSheet.number, PrintedSheet.visit_id).where(PrintedSheet.number.in_(sorted(sheets)))
    ).all()
    return dict(found)


def _noted(row: Visit, sheet: str) -> VisitNoted:
    items = tuple(ItemNoted(one.item, one.text, one.photo_numbers) for one in row.results)
    return VisitNoted(row.id, row.number, row.at, row.inspectors, row.subject, items, sheet)


def _known(session: Session, files: Collection[str]) -> dict[str, str]:
    """Return which files visits have already, and which visit."""
    wanted = set(files)
    # of thousands of files few are known: all fingerprints are read rather than asked for one by one
    query = select(Attachment.source, Attachment.owner_uid).where(
        Attachment.owner_table == Visit.__tablename__, Attachment.source != ""
    )
    found = session.execute(query, execution_options={scope.EVERYWHERE: True})
    owners = {source: uid for source, uid in found if source in wanted}
    numbers = dict(
        session.execute(
            select(Visit.uid, Visit.number).where(Visit.uid.in_(sorted(set(owners.values()))))
        ).all()
    )
    return {source: numbers.get(uid, "") for source, uid in owners.items()}
