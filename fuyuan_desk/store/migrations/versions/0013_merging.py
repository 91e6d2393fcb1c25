"""Records that were merged into others, and pairs that were told apart.

Two lists of one estate left the same home, household or person twice, and they could only be removed one by one.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES: dict[str, list[tuple[str, Any]]] = {
    "merged_record": [
        ("kept_table", sa.String(40)), ("kept_id", sa.Integer()), ("gone_table", sa.String(40)), ("gone_id", sa.Integer()),
        ("first_entry", sa.Integer()), ("last_entry", sa.Integer()),
    ],
    "different_records": [
        ("first_table", sa.String(40)), ("first_id", sa.Integer()), ("second_table", sa.String(40)),
        ("second_id", sa.Integer()),
    ],
}  # fmt: skip
_INDEXED = {"merged_record": ("kept_id", "gone_id"), "different_records": ("first_id", "second_id")}


def upgrade() -> None:
    """Add the two tables, and the index by which a number on two homes is found."""
    op.execute("CREATE INDEX ix_unit_real_estate_no ON unit (real_estate_no) WHERE real_estate_no <> ''")
    for table, columns in _TABLES.items():
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("uid", sa.String(length=32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            *(sa.Column(name, kind, nullable=False) for name, kind in columns),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("uid"),
            sqlite_autoincrement=True,
        )
        for column in _INDEXED[table]:
            op.create_index(f"ix_{table}_{column}", table, [column])
