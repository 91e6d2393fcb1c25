"""What a photo shows, and from which file it came.

A visit had photos, but nothing said which item a photo was of, from how near it was taken, or which number of the
camera it had; the same file could be attached twice.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add these to the pictures, and the photo numbers of the sheet to what was found; old ones say nothing."""
    for name, length in (("item", 60), ("kind", 10), ("number", 20), ("source", 64)):
        op.add_column(
            "attachment", sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        )
    op.add_column("attachment", sa.Column("taken_at", sa.DateTime(), nullable=True))
    op.create_index("ix_attachment_source", "attachment", ["source"])
    op.create_index("ix_attachment_content", "attachment", ["content"])
    op.add_column(
        "visit_result", sa.Column("photo_numbers", sa.String(length=60), server_default="", nullable=False)
    )
