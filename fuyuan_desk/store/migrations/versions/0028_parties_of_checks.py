"""Who had a facility checked.

The check of a facility filled the round that was planned before it, whatever the party of the plan; a visit fills
only the rounds of its own party.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier checks it is not known, and the rounds that they filled stay done."""
    party = sa.Column("party", sa.String(length=20), nullable=False, server_default="")
    op.add_column("facility_check", party)
