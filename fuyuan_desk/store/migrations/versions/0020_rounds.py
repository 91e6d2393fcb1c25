"""Plans of rounds and the rounds that follow from them.

A visit told what was found; whether one took place when it should could not be told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of plans and of their rounds."""
    op.create_table(
        "round_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("checklist", sa.String(length=40), nullable=False),
        sa.Column("objects", sa.String(length=20), nullable=False),
        sa.Column("facility_kind", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("days", sa.String(length=60), nullable=False),
        sa.Column("season_from", sa.String(length=10), nullable=False),
        sa.Column("season_to", sa.String(length=10), nullable=False),
        sa.Column("season_times", sa.Integer(), nullable=True),
        sa.Column("season_unit", sa.String(length=10), nullable=False),
        sa.Column("holidays", sa.String(length=10), nullable=False),
        sa.Column("early", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lead", sa.String(length=50), nullable=False),
        sa.Column("persons", sa.String(length=200), nullable=False),
        sa.Column("deputy", sa.String(length=50), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_to", sa.Date(), nullable=True),
        sa.Column("estates", sa.JSON(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["replaced_by"], ["round_plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_round_plan_replaced_by", "round_plan", ["replaced_by"])
    op.create_table(
        "round_horizon",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("planned_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["round_plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("plan_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "planned_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("estate_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=50), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.Column("skipped_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["round_plan.id"]),
        sa.ForeignKeyConstraint(["estate_id"], ["estate.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_planned_round_plan_id", "planned_round", ["plan_id"])
    op.create_index("ix_planned_round_estate_day", "planned_round", ["estate_id", "day"])
    op.create_index("ix_planned_round_day", "planned_round", ["day"])
    op.create_index("ix_planned_round_visit_id", "planned_round", ["visit_id"])
