"""An estate whose protection was never recorded is unknown, not unprotected.

Every estate was "not listed" and "outside historic areas" unless somebody said otherwise, those imported from a roster
too, where nobody was asked. These two values therefore become unknown; the desk asks for them.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the protection class be unknown, and forget what was never asked."""
    # the column is replaced: SQLite cannot drop NOT NULL, and copying the table would break references to it
    op.execute("ALTER TABLE estate ADD COLUMN known_class INTEGER")
    op.execute("UPDATE estate SET known_class = heritage_class WHERE heritage_class <> 0")
    op.execute("ALTER TABLE estate DROP COLUMN heritage_class")
    op.execute("ALTER TABLE estate RENAME COLUMN known_class TO heritage_class")
    op.execute("UPDATE estate SET historic_area = '' WHERE historic_area = 'none'")
