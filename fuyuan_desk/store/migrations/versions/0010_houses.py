"""What an office knows of a house, a home's accounts and numbers, and each check that a facility had.

Buildings were known by floors and class alone, homes by one balance without its day, and a facility by the day of its
next check, without what was checked, by whom and with which certificate.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _new_columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "building": (
            sa.Column("built_year", sa.Integer()),
            _text("structure", 20),
            sa.Column("entrances", sa.Integer()),
            _text("entrance_labels", 200),
            sa.Column("lifts", sa.Integer()),
            _text("historic_area", 20),
            sa.Column("preserved_block", sa.Boolean()),
            sa.Column("retained_building", sa.Boolean()),
            sa.Column("cultural_relic", sa.Boolean()),
            _text("notice_no", 60),
            sa.Column("notice_on", sa.Date()),
            sa.Column("notice_pages", sa.Integer()),
        ),
        "unit": (
            _text("real_estate_no", 40),
            _text("fund_account", 40),
            sa.Column("fund_balance_on", sa.Date()),
            sa.Column("other_ids", sa.JSON()),
        ),
        "facility": (
            _text("device_no", 60),
            _text("model", 100),
            sa.Column("out_of_service_on", sa.Date()),
        ),
    }


def upgrade() -> None:
    """Add the columns, and the tables of checks and of the office's own intervals."""
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "facility_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(length=100), nullable=False),
        sa.Column("certificate", sa.String(length=60), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_facility_check_facility_id"), "facility_check", ["facility_id"], unique=False)
    op.create_table(
        "check_interval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("item"),
        sqlite_autoincrement=True,
    )
