"""The office's own calendar of work.

The statutory holidays and the days that the yearly arrangement moves were shipped data, so that a new year waited for
a new version of the program.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the years that the office entered itself; none so far."""
    op.add_column("office", sa.Column("calendar", sa.JSON(), nullable=True))
