"""The order of attached pages.

Photos stood in the order in which they were added; the pages of a letter have an order of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the position; photos that are there keep their order, as equal positions are ordered by key."""
    op.add_column("attachment", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
