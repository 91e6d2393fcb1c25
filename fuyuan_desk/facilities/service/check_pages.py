"""Services on the pages of the certificate of a check of a facility.

Whoever sees the facility sees them: a property company those of its own estates.
"""

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.facilities.records import FacilityCheck
from fuyuan_desk.kit.attached import AttachedPages, discard, discard_on_failure
from fuyuan_desk.store.db.attachments import Photo

PAGES = AttachedPages(FacilityCheck)


@permit(*EVERYONE)
def check_pages(seat: Seat, check_id: int) -> tuple[Photo, ...]:
    """List the pages of the certificate of a check in their order."""
    with seat.reading() as session:
        return PAGES.read(session, check_id)


@permit(*EVERYONE)
def read_page(seat: Seat, page_id: int, small: bool = False) -> bytes:
    """Return a page as JPEG, `small`: at most 256 pixels a side."""
    with seat.reading() as session:
        content = PAGES.content(session, page_id)
    return seat.store.media.thumbnail(content) if small else seat.store.media.read(content)


@permit(*WRITERS)
def add_pages(seat: Seat, check_id: int, pages: tuple[NewPhoto, ...]) -> tuple[Photo, ...]:
    """Add pages to the certificate of a check, all or none, and return all of its pages."""
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        return PAGES.add(seat, session, check_id, pages, kept)


@permit(*WRITERS)
def move_page(seat: Seat, page_id: int, by: int) -> tuple[Photo, ...]:
    """Move a page by so many places, and return all pages in their new order."""
    with seat.transaction() as session:
        return PAGES.move(session, page_id, by)


@permit(*WRITERS)
def remove_page(seat: Seat, page_id: int) -> None:
    """Remove a page."""
    with seat.transaction() as session:
        unused = PAGES.remove(session, page_id)
    discard(seat, unused)
