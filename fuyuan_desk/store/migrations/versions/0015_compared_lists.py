"""What a yearly list changed in households that were there before, so that the whole import can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the entries of the trail that an import's changes are."""
    op.add_column("import_run", sa.Column("first_entry", sa.Integer()))
    op.add_column("import_run", sa.Column("last_entry", sa.Integer()))
