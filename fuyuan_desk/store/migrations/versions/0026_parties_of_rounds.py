"""Who goes on the rounds of a plan, and when a round was left out.

The visit of a property company filled the rounds of the committee, and a round that had been missed was left out
afterwards, so that it did not count as missed any more.
"""

import sqlalchemy as sa
from alembic import op

from fuyuan_desk.store.audit import log as audit

_EVENTS, _FILLED = 500, "party"

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
    _fill_sheets(op.get_bind())
    op.add_column("planned_round", sa.Column("skipped_on", sa.Date(), nullable=True))


def _fill_sheets(connection: sa.Connection) -> None:
    of_rounds = connection.exec_driver_sql(
        "SELECT id, uid FROM printed_sheet WHERE round_id IS NOT NULL ORDER BY id"
    )
    events = [
        audit.Event("update", "printed_sheet", key, uid, {_FILLED: ["", "committee"]})
        for key, uid in of_rounds
    ]
    connection.exec_driver_sql(f"UPDATE printed_sheet SET {_FILLED} = 'committee' WHERE round_id IS NOT NULL")
    for start in range(0, len(events), _EVENTS):
        audit.append_to(connection, audit.UNNAMED, events[start : start + _EVENTS])
