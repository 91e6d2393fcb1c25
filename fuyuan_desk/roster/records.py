"""The table of rosters that were imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class ImportRun(Record):
    """One import of a roster; `created` holds the first and last id of its rows by table.

    `findable`: its units are indexed for the search; earlier versions did that after the import's commit.
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
