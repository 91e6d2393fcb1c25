"""People of households over time.

Until now a household was its holder. Co-owners, relatives and carers, shares, days of coming and going, tags and the
numbers of other systems had no place.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _record(name: str, *columns: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sqlite_autoincrement=True,
    )


def _known_of_people() -> tuple[sa.Column[object], ...]:
    """Return the columns that holders and other people have alike; the texts are empty in the rows that exist."""
    return (
        sa.Column("sex", sa.String(length=10), nullable=False, server_default=""),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("registered_here", sa.Boolean(), nullable=True),
        sa.Column("lives_here", sa.Boolean(), nullable=True),
        sa.Column("is_emergency", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("has_key", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("may_publish", sa.Boolean(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("other_ids", sa.JSON(), nullable=True),
    )


def upgrade() -> None:
    """Add the tables of persons, shares and tags, and what is known of a household's holder."""
    for column in ("moved_in_on", "lease_from", "lease_until"):
        op.add_column("household", sa.Column(column, sa.Date(), nullable=True))
    op.add_column(
        "household", sa.Column("ended_how", sa.String(length=20), nullable=False, server_default="")
    )
    for known in _known_of_people():
        op.add_column("household", known)
    _record(
        "person",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("id_kind", sa.String(length=20), nullable=False),
        sa.Column("id_number", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        *_known_of_people(),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("anonymised_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"]),
    )
    _record(
        "person_paper",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    _record(
        "owner_share",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.String(length=20), nullable=False),
        sa.Column("is_voter", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    _record(
        "tag",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("look", sa.String(length=20), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("visit_every", sa.Integer(), nullable=True),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("name"),
    )
    _record(
        "person_tag",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"]),
    )
    # written out: Alembic would copy the whole table of SQLite to add a column with a reference
    op.execute("ALTER TABLE household_phone ADD COLUMN person_id INTEGER REFERENCES person (id)")
    for table, column in (
        ("person", "household_id"),
        ("owner_share", "household_id"),
        ("owner_share", "person_id"),
        ("person_paper", "household_id"),
        ("person_paper", "person_id"),
        ("person_tag", "household_id"),
        ("person_tag", "person_id"),
        ("person_tag", "tag_id"),
        ("household_phone", "person_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
