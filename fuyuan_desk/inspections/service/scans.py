"""The pages of the signed sheet of a visit, as scans or photos of the paper."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, FIELD, Seat, permit
from fuyuan_desk.core.photos import NewPhoto, PhotoKind
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.service.photos import keep_photos, visit_to_change
from fuyuan_desk.inspections.service.queries import get_visit
from fuyuan_desk.kit.attached import discard_on_failure
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.store.db.attachments import Attachment, Photo, photos_of


@permit(*EVERYONE)
def scan_pages(seat: Seat, visit_id: int) -> tuple[Photo, ...]:
    """List the pages of the signed sheet of a visit in their order."""
    with seat.reading() as session:
        return _scans(session, get_visit(session, visit_id).uid)


@permit(*FIELD)
def add_scans(seat: Seat, visit_id: int, pages: tuple[NewPhoto, ...]) -> tuple[Photo, ...]:
    """Add pages to the signed sheet of a visit, all or none, and return all of its pages; see `add_photos`."""
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        visit = visit_to_change(seat, session, visit_id)
        scans = [replace(page, item="", kind=PhotoKind.SCAN) for page in pages]
        keep_photos(seat, session, visit.uid, scans, kept)
        return _scans(session, visit.uid)


@permit(*FIELD)
def move_scan(seat: Seat, page_id: int, by: int) -> tuple[Photo, ...]:
    """Move a page of a signed sheet by so many places, and return all of them; as with adding one."""
    with seat.transaction() as session:
        page = session.get(Attachment, page_id)
        visit_id = (
            None if page is None else session.scalar(select(Visit.id).where(Visit.uid == page.owner_uid))
        )
        if page is None or visit_id is None or page.kind != PhotoKind.SCAN:
            raise gone()
        visit_to_change(seat, session, visit_id)
        query = select(Attachment).where(
            Attachment.owner_uid == page.owner_uid, Attachment.kind == PhotoKind.SCAN
        )
        rows = list(session.scalars(query.order_by(Attachment.position, Attachment.id)))
        positions = [row.position for row in rows]
        place = rows.index(page)
        rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
        for row, position in zip(rows, positions, strict=True):
            row.position = position
        session.flush()
        return _scans(session, page.owner_uid)


def _scans(session: Session, uid: str) -> tuple[Photo, ...]:
    pictures = photos_of(session, Visit.__tablename__, uid)
    return tuple(page for page in pictures if page.kind == PhotoKind.SCAN)
