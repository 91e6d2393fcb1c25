"""Tables of backup places and backup runs."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL
from fuyuan_desk.store.db.visible_columns import EXACT


class BackupPlaceRow(Record):
    """A folder or a named USB stick; a stick's path is where it was last seen, the first place's path is empty."""

    estate_scope = OFFICE
    __tablename__ = "backup_place"

    kind: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    name: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    path: Mapped[str] = mapped_column(Text, info={**NOT_PERSONAL, **EXACT})
    active: Mapped[bool] = mapped_column(default=True)


class BackupRunRow(Record):
    """One backup to one place: time, folder name, size in bytes, duration, and the error message if it failed.

    The audit trail has an action `backup` instead of the row's changes.
    """

    estate_scope = OFFICE
    trailed = False
    __tablename__ = "backup_run"

    place_id: Mapped[int] = mapped_column(ForeignKey("backup_place.id"), index=True)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    size: Mapped[int]
    milliseconds: Mapped[int]
    verified: Mapped[bool]
    fault: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
