"""What keeps people's data safe.

Property companies see their own estates only; households that moved out and closed cases are anonymised after a
while; where backups go and how they went; what was erased from the trail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of the second version."""
    _columns()
    op.create_table(
        "operator_estate",
        *_record(),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("estate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.UniqueConstraint("operator_id", "estate_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "backup_place",
        *_record(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "backup_run",
        *_record(),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["backup_place.id"]),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_backup_run_place_id"), "backup_run", ["place_id"], unique=False)
    op.create_table(
        "redaction",
        *_record(),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_redaction_entry_id"), "redaction", ["entry_id"], unique=False)


def _record() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )


def _columns() -> None:
    op.add_column("household", sa.Column("moved_out_on", sa.Date(), nullable=True))
    op.add_column("household", sa.Column("anonymised_on", sa.Date(), nullable=True))
    op.add_column("renovation_case", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column(
        "renovation_case", sa.Column("outcome", sa.String(length=20), nullable=False, server_default="")
    )
    op.add_column("renovation_case", sa.Column("anonymised_on", sa.Date(), nullable=True))
    op.add_column("visit", sa.Column("anonymised_on", sa.Date(), nullable=True))
