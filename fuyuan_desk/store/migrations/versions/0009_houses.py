"""What an office knows of a house, and a home's accounts and numbers.

Buildings were known by floors and class alone, homes by one balance without its day.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
    }


def upgrade() -> None:
    """Add the columns."""
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
