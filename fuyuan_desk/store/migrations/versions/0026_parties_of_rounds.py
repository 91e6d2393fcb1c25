"""Who goes on the rounds of a plan, and when a round was left out.

The visit of a property company filled the rounds of the committee, and a round that had been missed was left out
afterwards, so that it did not count as missed any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; only the committee made plans, and when a round was left out is not known of earlier ones."""
    party = sa.Column("party", sa.String(length=20), nullable=False, server_default="committee")
    op.add_column("round_plan", party)
    of_sheet = sa.Column("party", sa.String(length=20), nullable=False, server_default="")
    op.add_column("printed_sheet", of_sheet)
    op.execute("UPDATE printed_sheet SET party = 'committee' WHERE round_id IS NOT NULL")
    op.add_column("planned_round", sa.Column("skipped_on", sa.Date(), nullable=True))
