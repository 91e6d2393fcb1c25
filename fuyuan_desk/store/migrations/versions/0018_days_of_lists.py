"""When an imported list was made, and of which estates.

A list that is older than one that was imported before overwrote what the newer one says.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; of earlier imports neither is known."""
    op.add_column("import_run", sa.Column("as_of", sa.DateTime(), nullable=True))
    op.add_column("import_run", sa.Column("estates", sa.JSON(), nullable=False, server_default="[]"))
