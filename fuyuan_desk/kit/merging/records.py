"""Tables of records that were merged into others, and of pairs that were told apart."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL


class MergedRecord(Record):
    """A record that was merged into another one and removed, each by its table and key.

    What the merge wrote is in the audit trail, from `first_entry` to `last_entry`: by these it is undone.
    """

    __tablename__ = "merged_record"
    estate_scope = OFFICE

    kept_table: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    kept_id: Mapped[int] = mapped_column(index=True)
    gone_table: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    gone_id: Mapped[int] = mapped_column(index=True)
    first_entry: Mapped[int]
    last_entry: Mapped[int]


class DifferentRecords(Record):
    """Two records that a clerk has told apart, each by its table and key, in this order."""

    __tablename__ = "different_records"
    estate_scope = OFFICE

    first_table: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    first_id: Mapped[int] = mapped_column(index=True)
    second_table: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    second_id: Mapped[int] = mapped_column(index=True)
