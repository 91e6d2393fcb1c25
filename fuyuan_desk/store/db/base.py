"""What every table has in common."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Index, String, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.personal import NOT_PERSONAL
from fuyuan_desk.store.db.visible_columns import keep_visible


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; naive ones are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what reads a value; of the text that SQLite keeps in one step, as figures read 100,000 of them."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class Base(DeclarativeBase):
    """The base of all tables, with the metadata of the whole store."""

    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy's declared form

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # not the trail, which holds what was written
        if "__tablename__" in cls.__dict__ and issubclass(cls, Record):
            keep_visible(cls)


def new_uid() -> str:
    """Return a new global id, by which offices exchange a record: 32 hexadecimal digits."""
    return uuid.uuid4().hex


OFFICE = "office"
KEYS_NEVER_REUSED = {"sqlite_autoincrement": True}
"""Option of every table: the key of a removed row is never given again; a PostgreSQL sequence does so by itself."""


def index_of_filled(name: str, column: str) -> Index:
    """Return the index of a text column in which most rows are empty: it holds only those that are not."""
    condition = text(f"{column} <> ''")
    return Index(name, column, sqlite_where=condition, postgresql_where=condition)


class Record(Base):
    """A business record: integer key, global `uid`, and a version for optimistic locking.

    `estate_scope`: `OFFICE` for what belongs to no estate; otherwise `scope` derives the estate from the columns.
    `closed_when`: a column and its values that close the record; a change then takes a second person.
    `counted_as`: the texts for one and for several of these, as `numbered` takes them: what prevents the removal of a
    record.
    `is_part`: rows that belong to their parent record and prevent nothing.
    `duty_until`: the column of the last day of what the record binds somebody to, None for no end; an organisation that
    it names cannot end before.
    """

    __abstract__ = True
    # what is temporary (drafts) stays out of the trail, which is permanent
    trailed: ClassVar[bool] = True
    estate_scope: ClassVar[str] = ""
    closed_when: ClassVar[tuple[str, frozenset[str]] | None] = None
    counted_as: ClassVar[tuple[str, str]] = N_("{n} other record"), N_("{n} other records")
    is_part: ClassVar[bool] = False
    duty_until: ClassVar[str] = ""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    uid: Mapped[str] = mapped_column(
        String(32), unique=True, default=new_uid, sort_order=-2, info=NOT_PERSONAL
    )
    version: Mapped[int] = mapped_column(default=1, sort_order=-1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared attribute sees the class
        return {"version_id_col": cls.version}

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        return KEYS_NEVER_REUSED
