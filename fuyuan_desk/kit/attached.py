"""Pictures attached to records: photos of a visit, the pages of a letter or of a certificate.

They are stored encrypted, named by content, and removed when no record refers to them. The services of a job say who
may do what; these functions run inside their transactions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Attached
from fuyuan_desk.core.errors import InvalidInput, NotFound, Unusable
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.core.visible import visible
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.attachments import Attachment, Photo, photos_of
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import Picture

MOST_PAGES = 40
_CAPTION = 200

Owner = tuple[str, str]
"""The table and the uid of the record to which a picture belongs."""


def prepare_photo(raw: bytes, keep_location: bool, caption: str = "") -> NewPhoto:
    """Turn a picture file into a photo to be stored; takes a tenth of a second and needs no store.

    Raises `InvalidInput` when it is no picture, damaged or too large.
    """
    return NewPhoto(*images.prepare(raw, keep_location), caption, source=fingerprint(raw))


def fingerprint(raw: bytes) -> str:
    """Return by what a file is known again: its SHA-256 in hexadecimal digits."""
    return sha256(raw).hexdigest()


def prepare_pages(raw: bytes) -> tuple[NewPhoto, ...]:
    """Turn a picture file, or each page of a PDF, into a page to be stored; a page takes a quarter of a second.

    Raises `InvalidInput` for what cannot be read, and for a PDF of more than `MOST_PAGES` pages.
    """
    if images.is_pdf(raw):
        source = fingerprint(raw)
        return tuple(NewPhoto(*page, source=source) for page in images.prepare_pdf(raw, MOST_PAGES))
    return (prepare_photo(raw, keep_location=False),)


def refuse_more(session: Session, owner: Owner, more: int, most: int, text: str) -> None:
    """Raise `InvalidInput` with `text` if a record would have more than `most` photos."""
    there = session.scalar(select(func.count(Attachment.id)).where(_of(owner))) or 0
    if more and there + more > most:
        raise InvalidInput(text, {"photos": text})


def keep(seat: Seat, session: Session, owner: Owner, photos: Iterable[NewPhoto], kept: list[str]) -> None:
    """Store photos behind those that a record has; add their names to `kept`, that of `discard_on_failure`."""
    last = session.scalar(select(func.max(Attachment.position)).where(_of(owner)))
    for position, photo in enumerate(photos, 0 if last is None else last + 1):
        image = seat.store.media.add(Picture(photo.jpeg, photo.width, photo.height))
        kept.append(image.sha)
        session.add(
            Attachment(
                owner_table=owner[0],
                owner_uid=owner[1],
                content=image.sha,
                width=image.width,
                height=image.height,
                size=image.size,
                caption=caption_of(photo.caption),
                position=position,
                item=photo.item,
                kind=photo.kind,
                number=photo.number,
                taken_at=photo.taken_at,
                source=photo.source,
            )
        )


def caption_of(text: str) -> str:
    """Return a typed caption as it is stored."""
    return visible(text).strip()[:_CAPTION]


def drop(session: Session, rows: Sequence[Attachment]) -> list[str]:
    """Remove attachments; return the pictures to which no record refers any more, for `discard` after the commit."""
    contents = [row.content for row in rows]
    for row in rows:
        session.delete(row)
    session.flush()
    return unused(session, contents)


@contextmanager
def discard_on_failure(seat: Seat) -> Iterator[list[str]]:
    """Collect the names of pictures stored in the block; if it fails, discard those without a record."""
    kept: list[str] = []
    try:
        yield kept
    except BaseException:
        seat.store.media.unwanted.update(kept)
        with suppress(Unusable):  # the cause of the failure may strike here too; it is reported once
            with seat.reading() as session:
                left = unused(session, kept)
            discard(seat, left)
        raise


def unused(session: Session, contents: Iterable[str]) -> list[str]:
    """Return the pictures to which no record refers."""

    def is_used(content: str) -> bool:
        query = select(Attachment.id).where(Attachment.content == content).limit(1)
        # across all estates, so that an operator with limited scope does not discard another estate's photo
        found = session.scalar(query, execution_options={scope.EVERYWHERE: True})
        return found is not None

    return [content for content in dict.fromkeys(contents) if not is_used(content)]


def discard(seat: Seat, contents: Iterable[str]) -> None:
    """Remove pictures from the disk; one that cannot be removed now is removed when the office is closed."""
    for content in contents:
        with suppress(Unusable):
            seat.store.media.discard(content)


def _of(owner: Owner) -> ColumnElement[bool]:
    return and_(Attachment.owner_table == owner[0], Attachment.owner_uid == owner[1])


@dataclass(frozen=True)
class AttachedPages:
    """The pages attached to the records of a table, in their order; of each at most `MOST_PAGES`."""

    model: type[Record]

    def read(self, session: Session, record_id: int) -> tuple[Photo, ...]:
        """Return the pages of a record."""
        return photos_of(session, *self._owner(session, record_id))

    def contents(self, session: Session, record_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Return the pictures of records' pages in their order, by id; records without one are left out."""
        query = (
            select(self.model.id, Attachment.content)
            .join(Attachment, Attachment.owner_uid == self.model.uid)
            .where(
                Attachment.owner_table == self.model.__tablename__,
                self.model.id.in_(functions.keys(list(record_ids))),
            )
            .order_by(Attachment.position, Attachment.id)
        )
        found: dict[int, list[str]] = defaultdict(list)
        for record_id, content in session.execute(query):
            found[record_id].append(content)
        return {record_id: tuple(names) for record_id, names in found.items()}

    def in_file(self, session: Session, titles: Mapping[int, str]) -> tuple[Attached, ...]:
        """Return the pages of records for a file, under a title for each by id, in the order of the titles."""
        found = self.contents(session, titles)
        return tuple(Attached(title, found[key]) for key, title in titles.items() if key in found)

    def add(
        self, seat: Seat, session: Session, record_id: int, pages: Iterable[NewPhoto], kept: list[str]
    ) -> tuple[Photo, ...]:
        """Store pages behind those that a record has, all or none, and return all of them.

        Adds the names of the pictures to `kept`, that of `discard_on_failure`.
        """
        owner = self._owner(session, record_id)
        too_many = numbered(
            MOST_PAGES,
            N_("At most {n} page can be attached. Remove some first."),
            N_("At most {n} pages can be attached. Remove some first."),
        )
        new = list(pages)
        refuse_more(session, owner, len(new), MOST_PAGES, too_many)
        keep(seat, session, owner, new, kept)
        session.flush()
        return photos_of(session, *owner)

    def content(self, session: Session, page_id: int) -> str:
        """Return the name of the picture of a page."""
        return self._get(session, page_id).content

    def remove(self, session: Session, page_id: int) -> list[str]:
        """Remove a page; see `drop` for what is returned."""
        return drop(session, [self._get(session, page_id)])

    def remove_all(self, session: Session, record_id: int) -> list[str]:
        """Remove the pages of a record that is removed itself; see `drop` for what is returned."""
        return drop(session, self._rows(session, self._owner(session, record_id)))

    def move(self, session: Session, page_id: int, by: int) -> tuple[Photo, ...]:
        """Move a page by so many places among those of its record, and return all of them in their new order."""
        page = self._get(session, page_id)
        owner = page.owner_table, page.owner_uid
        rows = self._rows(session, owner)
        place = rows.index(page)
        rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
        for position, row in enumerate(rows):
            row.position = position
        session.flush()
        return photos_of(session, *owner)

    def _rows(self, session: Session, owner: Owner) -> list[Attachment]:
        query = select(Attachment).where(_of(owner)).order_by(Attachment.position, Attachment.id)
        return [*session.scalars(query)]

    def _owner(self, session: Session, record_id: int) -> Owner:
        row = session.get(self.model, record_id)
        if row is None:
            raise gone()
        return row.__tablename__, row.uid

    def _get(self, session: Session, page_id: int) -> Attachment:
        row = session.get(Attachment, page_id)
        if row is None or row.owner_table != self.model.__tablename__:
            raise NotFound(_("This page no longer exists. Reload the list of pages."))
        return row
