"""Photos and pages attached to records."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fuyuan_desk.core.photos import PhotoKind
from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Attachment(Record):
    """A photo of a record, or a page of it; the picture itself is the encrypted file that `content` names.

    Those of a record are ordered by `position`, then by id. `item` is what of the record it shows, '' for the whole;
    `number` is that of the camera, `taken_at` when the camera says it was taken. `source` is the SHA-256 of the file it
    was made of, by which the same file is known again, '' before 2026-12.
    """

    __tablename__ = "attachment"
    counted_as = N_("{n} attached page"), N_("{n} attached pages")

    owner_table: Mapped[str] = mapped_column(String(40), index=True, info=NOT_PERSONAL)
    owner_uid: Mapped[str] = mapped_column(String(32), index=True, info=NOT_PERSONAL)
    content: Mapped[str] = mapped_column(String(64), index=True, info=NOT_PERSONAL)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    caption: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.FREE_TEXT))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    item: Mapped[str] = mapped_column(String(60), default="", server_default="", info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(10), default="", server_default="", info=codes(PhotoKind))
    number: Mapped[str] = mapped_column(String(20), default="", server_default="", info=NOT_PERSONAL)
    taken_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(
        String(64), default="", server_default="", index=True, info=NOT_PERSONAL
    )


@dataclass(frozen=True)
class Photo:
    """A photo as pages show it: size in pixels and bytes; for the rest see `Attachment`."""

    id: int
    content: str
    width: int
    height: int
    size: int
    caption: str
    item: str = ""
    kind: str = ""
    number: str = ""
    taken_at: datetime | None = None


def photos_of(session: Session, table: str, uid: str) -> tuple[Photo, ...]:
    """List the photos of one record in their order."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.owner_table == table, Attachment.owner_uid == uid)
        .order_by(Attachment.position, Attachment.id)
    )
    return tuple(
        Photo(
            row.id, row.content, row.width, row.height, row.size, row.caption, row.item, row.kind, row.number,
            row.taken_at,
        )
        for row in rows
    )  # fmt: skip


def contents(session: Session) -> list[str]:
    """List the names of all photos that records refer to."""
    return list(session.scalars(select(Attachment.content).distinct()))


def sizes_of(session: Session, names: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return the width and height of pictures in pixels, by name."""
    query = select(Attachment.content, Attachment.width, Attachment.height).where(
        Attachment.content.in_(names)
    )
    return {row.content: (row.width, row.height) for row in session.execute(query)}
