"""Places of orders, what they came from, closed ones that go on, and several seasons of a plan of rounds.

An order said where only as a text, so that nobody could count what was ordered at one place; it was not known from
which call it came, nor that it went on after it had been closed. A plan knew one season and one absence.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of orders that are there, the place is told by its text alone."""
    for name, length in (("place_key", 120), ("origin", 32)):
        op.add_column(
            "work_order", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
        op.create_index(f"ix_work_order_{name}", "work_order", [name])
    op.add_column("work_order", sa.Column("reopened_at", sa.DateTime(), nullable=True))
    # a foreign key stands in the column itself: SQLite adds none to a table that is there
    op.execute("ALTER TABLE work_order ADD COLUMN follows_id INTEGER REFERENCES work_order (id)")
    op.create_index("ix_work_order_follows_id", "work_order", ["follows_id"])
    op.add_column("order_step", sa.Column("done_at", sa.DateTime(), nullable=True))
    _weekdays("season_weekdays")
    for number in (2, 3):
        for name in ("from", "to", "unit"):
            column = sa.Column(
                f"season{number}_{name}", sa.String(length=10), nullable=False, server_default=""
            )
            op.add_column("round_plan", column)
        op.add_column("round_plan", sa.Column(f"season{number}_times", sa.Integer(), nullable=True))
        _weekdays(f"season{number}_weekdays")
        for name in ("from", "to"):
            op.add_column("round_plan", sa.Column(f"away{number}_{name}", sa.Date(), nullable=True))


def _weekdays(name: str) -> None:
    op.add_column("round_plan", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
