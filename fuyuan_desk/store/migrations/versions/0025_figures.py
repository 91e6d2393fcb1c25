"""Indexes for figures.

To count a year of answers, and to find when each finding was put right, read whole rows of which few columns count.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the indexes on visits by subject and on results by visit by ones that hold what is counted."""
    op.drop_index("ix_visit_result_visit_id", "visit_result")
    op.create_index("ix_visit_result_visit_item", "visit_result", ["visit_id", "item", "result"])
    op.drop_index("ix_visit_subject_id", "visit")
    op.create_index("ix_visit_subject_at", "visit", ["subject_id", "at"])
