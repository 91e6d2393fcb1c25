"""What an order was at each of its steps.

Figures of a month read who had an order, how severe it was and what was due from the order itself, which later acts
change: what had been told of a month changed with them. A step named an organisation by its text alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_LAST_SENT = """
    SELECT MAX(sent.id) FROM order_step AS sent
    WHERE sent.order_id = order_step.order_id AND sent.after = 'dispatched' AND sent.assignee != ''
"""
_SENT_BY_THEN = f"{_LAST_SENT} AND sent.id <= order_step.id"
# what changed the deadline last, after which it is that of the order
_LAST_CLOCK = """
    COALESCE((SELECT MAX(clock.id) FROM order_step AS clock
              WHERE clock.order_id = order_step.order_id
                AND (clock.before IN ('paused', 'verified') OR clock.after = 'paused')), 0)
"""


def upgrade() -> None:
    """Add the columns, and fill them as far as it is known what was then.

    Who was responsible follows from the names in the steps, the last one from the order. A deadline before the clock
    last stood or began anew is not known, nor is a severity that was edited: that of the order counts.
    """
    op.execute("ALTER TABLE order_step ADD COLUMN organisation_id INTEGER REFERENCES organisation (id)")
    op.create_index("ix_order_step_organisation_id", "order_step", ["organisation_id"])
    op.add_column("order_step", sa.Column("person", sa.String(length=60), nullable=False, server_default=""))
    op.add_column(
        "order_step", sa.Column("severity", sa.String(length=20), nullable=False, server_default="")
    )
    op.add_column("order_step", sa.Column("due_at", sa.DateTime(), nullable=True))
    of_order = "(SELECT {0} FROM work_order WHERE work_order.id = order_step.order_id)"
    op.execute(f"UPDATE order_step SET severity = {of_order.format('severity')}")
    op.execute(
        f"UPDATE order_step SET due_at = {of_order.format('due_at')} "
        f"WHERE after != 'paused' AND id >= {_LAST_CLOCK}"
    )
    op.execute(
        f"UPDATE order_step SET organisation_id = {of_order.format('organisation_id')}, "
        f"person = {of_order.format('person')} WHERE id >= ({_LAST_SENT})"
    )
    op.execute(
        "UPDATE order_step SET organisation_id = (SELECT MIN(organisation.id) FROM organisation "
        "JOIN order_step AS had ON had.assignee = organisation.name "
        f"WHERE had.id = ({_SENT_BY_THEN})) WHERE id < ({_LAST_SENT})"
    )
    op.execute(
        "UPDATE order_step SET done_at = (SELECT done_at FROM work_order WHERE work_order.id = order_step.order_id) "
        "WHERE after = 'to-verify' AND done_at IS NULL AND id = (SELECT MAX(last.id) FROM order_step AS last "
        "WHERE last.order_id = order_step.order_id AND last.after = 'to-verify')"
    )
