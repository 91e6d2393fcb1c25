"""What a yearly list changed in households that were there before, so that the whole import can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the entries of the trail that an import's changes are."""
    with op.batch_alter_table("import_run") as table:
        table.add_column(sa.Column("first_entry", sa.Integer()))
        table.add_column(sa.Column("last_entry", sa.Integer()))
