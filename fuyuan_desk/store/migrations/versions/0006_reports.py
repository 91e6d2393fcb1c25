"""The report of a visit whose dissuasion failed.

The first page demanded the report to the owners' committee and the authority, but nothing could say that it was made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when, to whom and under which number a visit was reported."""
    op.add_column("visit", sa.Column("reported_at", sa.DateTime(), nullable=True))
    op.add_column("visit", sa.Column("reported_to", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("visit", sa.Column("report_note", sa.Text(), nullable=False, server_default=""))
