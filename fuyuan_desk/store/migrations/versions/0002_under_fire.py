"""Tables and columns that protect personal data.

Property companies see only their own estates; households that moved out and closed cases are anonymised after a
while; backup locations and backup runs; erasures from the trail.

The trail is rechained over a digest of each row's content instead of the content itself, so that personal data can be
erased from it and the chain stays valid; and the database itself refuses to change or remove its rows.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of the second version."""
    _columns()
    op.create_table(
        "operator_estate",
        *_record(),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("estate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.UniqueConstraint("operator_id", "estate_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "backup_place",
        *_record(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "backup_run",
        *_record(),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["backup_place.id"]),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_backup_run_place_id"), "backup_run", ["place_id"], unique=False)
    op.create_table(
        "redaction",
        *_record(),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_redaction_entry_id"), "redaction", ["entry_id"], unique=False)
    _chain_anew()
    _find_acts()
    _protect()


def _record() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )


def _columns() -> None:
    op.add_column("household", sa.Column("moved_out_on", sa.Date(), nullable=True))
    op.add_column("household", sa.Column("anonymised_on", sa.Date(), nullable=True))
    op.add_column("renovation_case", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column(
        "renovation_case", sa.Column("outcome", sa.String(length=20), nullable=False, server_default="")
    )
    op.add_column("renovation_case", sa.Column("closing_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("renovation_case", sa.Column("anonymised_on", sa.Date(), nullable=True))
    op.add_column("visit", sa.Column("anonymised_on", sa.Date(), nullable=True))


# --- the trail ---------------------------------------------------------------------------------------

_AT_ONCE = 500
_TOLD = 100


def _link(previous: str, fields: Iterable[object]) -> str:
    told = "\x1f".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(f"{previous}\x1e{told}".encode()).hexdigest()


def _digest(salt: str, changes: str) -> str:
    return hashlib.sha256(f"{salt}\x1e{changes}".encode()).hexdigest()


def _former_at(at: str) -> str:
    """Format an instant as in the old chain: "2026-03-02T01:30:00+00:00", with microseconds if there are any."""
    return at.replace(" ", "T").removesuffix(".000000") + "+00:00"


def _chain_anew() -> None:
    """Set salt, digest and new hash of every row; log the old last hash, and the rows that broke the old chain."""
    run = op.get_bind().exec_driver_sql
    run("ALTER TABLE audit_entry ADD COLUMN salt VARCHAR(32) NOT NULL DEFAULT ''")
    run("ALTER TABLE audit_entry ADD COLUMN digest VARCHAR(64) NOT NULL DEFAULT ''")
    former = previous = "0" * 64
    last, count, broken = -1, 0, []
    while True:
        rows = run(
            "SELECT id, at, operator, action, table_name, record_id, record_uid, changes, hash FROM audit_entry"
            " WHERE id > ? ORDER BY id LIMIT ?",
            (last, _AT_ONCE),
        ).fetchall()
        if not rows:
            break
        chained = []
        for number, at, *who, changes, link in rows:
            if _link(former, (_former_at(at), *who, changes)) != link:
                broken.append(number)
            salt = os.urandom(16).hex()
            digest = _digest(salt, changes)
            previous = _link(previous, (at, *who, digest))
            chained.append((salt, digest, previous, number))
            former, last = link, number
        run("UPDATE audit_entry SET salt = ?, digest = ?, hash = ? WHERE id = ?", chained)
        count += len(rows)
    if not count:
        return
    told = {"entries": count, "entry": last, "last": former, "broken": broken[:_TOLD]}
    changes = json.dumps(told, separators=(",", ":"))
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    salt = os.urandom(16).hex()
    digest = _digest(salt, changes)
    fields = (at, "program", "rechained", "audit_entry", None, None, digest)
    run(
        "INSERT INTO audit_entry (at, operator, action, table_name, record_id, record_uid, digest, changes, salt, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, changes, salt, _link(previous, fields)),
    )


def _find_acts() -> None:
    run = op.get_bind().exec_driver_sql
    run("CREATE INDEX ix_audit_entry_at ON audit_entry (at, operator, action, table_name)")
    run("CREATE INDEX ix_audit_entry_action ON audit_entry (action, operator)")
    run("CREATE INDEX ix_audit_entry_record ON audit_entry (table_name, record_id)")
    run(
        "CREATE INDEX ix_audit_entry_block ON audit_entry (table_name, record_id)"
        " WHERE record_uid IS NULL AND action = 'insert'"
    )


def _protect() -> None:
    run = op.get_bind().exec_driver_sql
    stays = "BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
    run(f"CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry {stays}")
    run(
        "CREATE TRIGGER audit_entry_appended BEFORE INSERT ON audit_entry"
        f" WHEN NEW.id BETWEEN 1 AND (SELECT max(id) FROM audit_entry) {stays}"
    )
    run(
        "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry"
        " WHEN NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.operator IS NOT OLD.operator"
        " OR NEW.action IS NOT OLD.action OR NEW.table_name IS NOT OLD.table_name"
        " OR NEW.record_id IS NOT OLD.record_id OR NEW.record_uid IS NOT OLD.record_uid"
        " OR NEW.digest IS NOT OLD.digest OR NEW.hash IS NOT OLD.hash"
        f" OR NOT EXISTS (SELECT 1 FROM redaction WHERE entry_id = OLD.id) {stays}"
    )
    run(f"CREATE TRIGGER redaction_stays BEFORE DELETE ON redaction {stays}")
    run(
        "CREATE TRIGGER redaction_appended BEFORE INSERT ON redaction"
        f" WHEN NEW.id BETWEEN 1 AND (SELECT max(id) FROM redaction) {stays}"
    )
    run(f"CREATE TRIGGER redaction_unchanged BEFORE UPDATE ON redaction {stays}")
