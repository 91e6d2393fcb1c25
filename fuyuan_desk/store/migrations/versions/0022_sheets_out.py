"""Sheets that are out.

A printed sheet did not say for which planned round it was, who had taken it, or what became of one that never came
back; and what was typed wrong from one could not be corrected.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add round, person and withdrawal to printed sheets, of which those of visits are not out; corrections to visits."""
    for name, length in (("subject", 200), ("lead", 50), ("withdrawn_why", 20)):
        op.add_column(
            "printed_sheet", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    op.add_column(
        "printed_sheet", sa.Column("state", sa.String(length=10), nullable=False, server_default="out")
    )
    op.add_column("printed_sheet", sa.Column("withdrawn_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("printed_sheet", sa.Column("round_id", sa.Integer(), nullable=True))
    for name in ("day", "back_by", "withdrawn_on"):
        op.add_column("printed_sheet", sa.Column(name, sa.Date(), nullable=True))
    op.execute("UPDATE printed_sheet SET state = 'entered' WHERE visit_id IS NOT NULL")
    op.add_column("visit", sa.Column("corrected_at", sa.DateTime(), nullable=True))
    op.add_column("visit", sa.Column("correction", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_printed_sheet_round_id", "printed_sheet", ["round_id"])
    op.create_index("ix_printed_sheet_state", "printed_sheet", ["state", "back_by"])
