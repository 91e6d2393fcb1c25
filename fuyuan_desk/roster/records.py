"""The tables of rosters that were imported, of their rows that were not, and of readings that were corrected."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class ImportRun(Record):
    """One import of a roster; `created` holds the first and last id of its rows by table.

    `unimported_tables` are the tables of the file in which rows were not imported: the sheet of each, and its columns
    as pairs of field and title.
    `findable`: its units are indexed for the search; earlier versions did that after the import's commit. What it
    changed in records that were there before is in the audit trail, from `first_entry` to `last_entry`; NULL: nothing.
    `as_of` is when the list was made, of these `estates`; NULL: not known.
    """

    estate_scope = OFFICE
    __tablename__ = "import_run"

    file_name: Mapped[str] = mapped_column(String(255), info=NOT_PERSONAL)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(50), info=personal(Kind.LOGIN))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, info=NOT_PERSONAL)
    created: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)
    findable: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    unimported_tables: Mapped[list[Any]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    first_entry: Mapped[int | None]
    last_entry: Mapped[int | None]
    as_of: Mapped[datetime | None]
    estates: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)


class UnimportedRow(Record):
    """A row of a roster that was not imported, until it is corrected; `row` as in Excel, `origin` is file and row.

    `table_index` is its place in `ImportRun.unimported_tables`, whose columns are those of `cells`. `operator_id` is
    who imported the roster.
    """

    # temporary, and the trail is permanent
    trailed = False
    estate_scope = OFFICE
    __tablename__ = "unimported_row"

    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    operator_id: Mapped[int]
    kept_at: Mapped[datetime] = mapped_column(index=True)
    table_index: Mapped[int]
    row: Mapped[int]
    origin: Mapped[str] = mapped_column(String(400), info=NOT_PERSONAL)
    home: Mapped[str] = mapped_column(String(400), info=NOT_PERSONAL)
    reason: Mapped[str] = mapped_column(Text, info=personal(Kind.FREE_TEXT))
    name: Mapped[str] = mapped_column(String(200), info=personal(Kind.NAME))
    id_number: Mapped[str] = mapped_column(String(100), info=personal(Kind.ID_NUMBER, sensitive=True))
    phone: Mapped[str] = mapped_column(String(100), info=personal(Kind.PHONE))
    # a row may name a second holder, whose numbers are not for the first one's report
    cells: Mapped[list[Any]] = mapped_column(
        JSON, info=personal(Kind.FREE_TEXT, sensitive=True, of="household")
    )


class RosterReading(Record):
    """How rosters of one shape are read, as somebody corrected it; without personal data, for the whole office.

    `shape` is a hash of the table's headers in their order. `columns` are the fields by 0-based column, `words` the
    meanings of words by field, `confirmed` the keys of readings that need no look any more.
    """

    estate_scope = OFFICE
    __tablename__ = "roster_reading"

    shape: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    columns: Mapped[dict[str, str]] = mapped_column(JSON, info=NOT_PERSONAL)
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, info=NOT_PERSONAL)
    confirmed: Mapped[list[str]] = mapped_column(JSON, info=NOT_PERSONAL)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(50), info=personal(Kind.LOGIN))
