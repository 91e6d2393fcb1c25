"""Photos of visits: kept encrypted, named by content, removed when no record refers to them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.errors import InvalidInput, NotFound
from fuyuan_desk.inspections.facts import NewPhoto
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.office.access import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.office.service import office_settings
from fuyuan_desk.store.attachments import Attachment, Photo, photos_of
from fuyuan_desk.texts import _

MOST = 30
_TABLE = Visit.__tablename__


@permit(*WRITERS)
def add_photos(seat: Seat, visit_id: int, photos: tuple[NewPhoto, ...]) -> tuple[Photo, ...]:
    """Add photos to a visit and give all of them; nothing is added when one of them is refused."""
    with kept_or_discarded(seat) as kept, seat.transaction() as session:
        visit = _visit(session, visit_id)
        keep_photos(seat, session, visit.uid, photos, kept)
        session.flush()
        return photos_of(session, _TABLE, visit.uid)


@permit(*WRITERS)
def remove_photo(seat: Seat, photo_id: int) -> None:
    """Take a photo away from its visit."""
    with seat.transaction() as session:
        row = _attachment(session, photo_id)
        content = row.content
        session.delete(row)
        session.flush()
        still_used = _is_used(session, content)
    if not still_used:
        seat.store.media.discard(content)


@permit(*EVERYONE)
def read_photo(seat: Seat, photo_id: int, small: bool = False) -> bytes:
    """Give a photo as JPEG, `small` for at most 256 pixels a side."""
    with seat.reading() as session:
        content = _attachment(session, photo_id).content
    return seat.store.media.thumbnail(content) if small else seat.store.media.read(content)


# --- inside a running transaction ----------------------------------------------------------------------


@contextmanager
def kept_or_discarded(seat: Seat) -> Iterator[list[str]]:
    """Collect the names of pictures that are kept inside; if that fails, those without a record go again."""
    kept: list[str] = []
    try:
        yield kept
    except BaseException:
        with seat.reading() as session:
            unused = [sha for sha in dict.fromkeys(kept) if not _is_used(session, sha)]
        for sha in unused:
            seat.store.media.discard(sha)
        raise


def keep_photos(
    seat: Seat, session: Session, visit_uid: str, photos: Iterable[NewPhoto], kept: list[str]
) -> None:
    """Keep picture files, note their names in `kept`, attach them to a visit; more than `MOST` are refused."""
    wanted = list(photos)
    if len(wanted) + len(photos_of(session, _TABLE, visit_uid)) > MOST:
        told = _("A visit holds at most {n} photos. Leave some out.").format(n=MOST)
        raise InvalidInput(told, {"photos": told})
    keep_location = office_settings(session).keep_photo_location
    for photo in wanted:
        image = seat.store.media.add(photo.raw, keep_location)
        kept.append(image.sha)
        session.add(
            Attachment(
                owner_table=_TABLE,
                owner_uid=visit_uid,
                content=image.sha,
                width=image.width,
                height=image.height,
                size=image.size,
                caption=photo.caption.strip(),
            )
        )


def _visit(session: Session, visit_id: int) -> Visit:
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return row


def _attachment(session: Session, photo_id: int) -> Attachment:
    row = session.get(Attachment, photo_id)
    if row is None or row.owner_table != _TABLE:
        raise NotFound(_("This photo is no longer there. Reload the page."))
    return row


def _is_used(session: Session, content: str) -> bool:
    return session.scalar(select(Attachment.id).where(Attachment.content == content).limit(1)) is not None
