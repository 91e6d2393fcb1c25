"""The audit trail of every write: who, when, which record, old and new, each row chained to the previous one."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Index, String, Text, event, text
from sqlalchemy.orm import InstanceState, Mapped, ORMExecuteState, Session, mapped_column

from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, OFFICE, Base, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal

GENESIS = "0" * 64
ACTOR = "actor"
CHANGED = "changed"
APPENDED = "appended"
"""Key of `session.info`: how many events were appended since the session last committed."""
UNNAMED = "program"
_NOT_LOGGED = {"id", "uid", "version"}
_SALT_BYTES = 16

# Every action the trail accepts, with its label on the screen.
ACTIONS = {
    "insert": N_("Record added"),
    "update": N_("Record changed"),
    "delete": N_("Record removed"),
    "undo": N_("State undone, with the reason"),
    "reveal": N_("Personal data shown"),
    "print": N_("Paper printed"),
    "export": N_("List exported"),
    "anonymise": N_("Anonymised"),
    "erase": N_("Erased at a person's request"),
    "person_report": N_("Report for a person created"),
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Wrong password at sign-in"),
    "recover": N_("Opened with the recovery code"),
    "confirm": N_("Approved as second person"),
    "confirm_failed": N_("Second person refused"),
    "alone": N_("Single-person office: done without a second person"),
    "single_person": N_("Single-person office declared or ended"),
    "refused": N_("Refused: role does not permit"),
    "reset_password": N_("Password reset"),
    "change_password": N_("Own password changed"),
    "reactivate": N_("Operator reactivated with a new password"),
    "keys_removed": N_("Keys of nobody active removed from the key file"),
    "change_key": N_("Key of the office changed"),
    "change_key_failed": N_("Change of the office's key not completed"),
    "renew_recovery": N_("Recovery code renewed"),
    "repair": N_("Repaired after an improper shutdown"),
    "backup": N_("Backed up"),
    "backup_failed": N_("Backup failed"),
    "restore": N_("Backup restored"),
    "reindexed": N_("Search index renewed"),
    "rechained": N_("Audit log rechained"),
    "end_lost": N_("File with the end of the audit log was missing"),
    "older_keys": N_("Opened with an older key file"),
    "contradicts_backup": N_("Contradicts a backup"),
}


class AuditEntry(Base):
    """An event, written once and never changed; only personal data can be erased from `changes`.

    `digest` covers `salt` and `changes`; `hash` covers the previous row's hash and every column but these two. So the
    chain stays valid when personal data is erased, and nobody can guess it from the old digest, whose salt is gone.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(50), info=personal(Kind.LOGIN))
    action: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    table_name: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    record_id: Mapped[int | None]
    record_uid: Mapped[str | None] = mapped_column(String(32), info=NOT_PERSONAL)
    changes: Mapped[str] = mapped_column(Text, info=personal(Kind.FREE_TEXT, sensitive=True))
    hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    salt: Mapped[str] = mapped_column(String(32), info=NOT_PERSONAL)
    digest: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)

    __table_args__ = (
        # found by time and by who did what, without reading the rows themselves
        Index("ix_audit_entry_at", "at", "operator", "action", "table_name"),
        Index("ix_audit_entry_action", "action", "operator"),
        Index("ix_audit_entry_record", "table_name", "record_id"),
        # one event for a whole block of records, as an import writes it
        Index(
            "ix_audit_entry_block",
            "table_name",
            "record_id",
            sqlite_where=text("record_uid IS NULL AND action = 'insert'"),
        ),
        KEYS_NEVER_REUSED,
    )


class Redaction(Record):
    """An erasure of personal data from an entry; `digest` covers what remains there, with its new salt."""

    estate_scope = OFFICE
    __tablename__ = "redaction"

    entry_id: Mapped[int] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)


_STAYS = "BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
# the database itself enforces an append-only trail, whatever a program does
TRIGGERS = {
    "audit_entry_stays": f"CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry {_STAYS}",
    "audit_entry_appended": (
        "CREATE TRIGGER audit_entry_appended BEFORE INSERT ON audit_entry"
        f" WHEN NEW.id BETWEEN 1 AND (SELECT max(id) FROM audit_entry) {_STAYS}"
    ),
    "audit_entry_unchanged": (
        "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry"
        " WHEN NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.operator IS NOT OLD.operator"
        " OR NEW.action IS NOT OLD.action OR NEW.table_name IS NOT OLD.table_name"
        " OR NEW.record_id IS NOT OLD.record_id OR NEW.record_uid IS NOT OLD.record_uid"
        " OR NEW.digest IS NOT OLD.digest OR NEW.hash IS NOT OLD.hash"
        f" OR NOT EXISTS (SELECT 1 FROM redaction WHERE entry_id = OLD.id) {_STAYS}"
    ),
    "redaction_stays": f"CREATE TRIGGER redaction_stays BEFORE DELETE ON redaction {_STAYS}",
    "redaction_appended": (
        "CREATE TRIGGER redaction_appended BEFORE INSERT ON redaction"
        f" WHEN NEW.id BETWEEN 1 AND (SELECT max(id) FROM redaction) {_STAYS}"
    ),
    "redaction_unchanged": f"CREATE TRIGGER redaction_unchanged BEFORE UPDATE ON redaction {_STAYS}",
}


@dataclass(frozen=True)
class Event:
    """An entry to be appended to the trail.

    `changes` is column → value, or column → [old, new]; or the same as JSON, as `encode` returns it.
    """

    action: str
    table: str
    record_id: int | None
    record_uid: str | None
    changes: Mapping[str, Any] | str


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} cannot be written to the trail")


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def new_salts(count: int) -> list[str]:
    """Return `count` random salts."""
    digits, width = os.urandom(_SALT_BYTES * count).hex(), 2 * _SALT_BYTES
    return [digits[start : start + width] for start in range(0, width * count, width)]


def digest_of(salt: str, changes: str) -> str:
    """Return the digest of an entry's changes: 64 hexadecimal digits."""
    return hashlib.sha256(f"{salt}\x1e{changes}".encode()).hexdigest()


def _link(previous: str, fields: Iterable[object]) -> str:
    content = "\x1f".join(["" if field is None else str(field) for field in fields])
    return hashlib.sha256(f"{previous}\x1e{content}".encode()).hexdigest()


_INSERT = (
    "INSERT INTO audit_entry (at, operator, action, table_name, record_id, record_uid, digest, changes, salt, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def append(session: Session, events: Iterable[Event]) -> None:
    """Append events to the trail inside the running transaction, chained to the last row."""
    new = list(events)
    if new:
        session.info[APPENDED] = session.info.get(APPENDED, 0) + len(new)
        append_to(session.connection(), session.info.get(ACTOR, UNNAMED), new)


def append_to(connection: Connection, operator: str, events: list[Event]) -> None:
    """Append events to the trail without a session; bypasses the ORM, because every write waits for this."""
    last = connection.exec_driver_sql("SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1").scalar()
    previous = last or GENESIS
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    rows = []
    for entry, salt in zip(events, new_salts(len(events)), strict=True):
        if entry.action not in ACTIONS:
            raise ValueError(f"{entry.action}: add this action to audit.ACTIONS")
        changes = entry.changes if isinstance(entry.changes, str) else encode(entry.changes)
        fields = (
            at,
            operator,
            entry.action,
            entry.table,
            entry.record_id,
            entry.record_uid,
            digest_of(salt, changes),
        )
        previous = _link(previous, fields)
        rows.append((*fields, changes, salt, previous))
    connection.exec_driver_sql(_INSERT, rows)


def note(
    session: Session,
    action: str,
    table: str,
    record_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Log an action that writes no record: a reveal, a print, an export, a sign-in."""
    append(session, [Event(action, table, record_id, None, detail or {})])


def mark_changed(session: Session, table: str) -> None:
    """Note that rows of `table` changed, for use after the commit."""
    session.info.setdefault(CHANGED, set()).add(table)


def _values(state: InstanceState[Any]) -> dict[str, Any]:
    return {
        column.key: value
        for column in state.mapper.column_attrs
        if column.key not in _NOT_LOGGED and (value := state.dict.get(column.key)) is not None
    }


def _differences(state: InstanceState[Any]) -> dict[str, Any]:
    differences = {}
    for column in state.mapper.column_attrs:
        if column.key in _NOT_LOGGED:
            continue
        history = state.attrs[column.key].history
        if history.added or history.deleted:
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old != new:
                differences[column.key] = [old, new]
    return differences


def _events_of_flush(session: Session) -> Iterator[Event]:
    changed = (
        ("insert", session.new, _values),
        ("update", session.dirty, _differences),
        ("delete", session.deleted, _values),
    )
    for action, objects, describe in changed:
        for record in objects:
            if not (isinstance(record, Record) and record.trailed):
                continue
            state: InstanceState[Any] = record._sa_instance_state  # type: ignore[attr-defined]
            changes = describe(state)
            if action != "update" or changes:
                table = record.__tablename__
                mark_changed(session, table)
                yield Event(action, table, record.id, record.uid, changes)


def record_changes(session_class: type[Session] | Any) -> None:
    """Log every flush of these sessions in the trail, so that no service can forget it.

    Bulk statements that bypass the flush are refused for tables in the trail; `bulk_insert` serves them.
    """

    @event.listens_for(session_class, "after_flush")
    def log_flush(session: Session, _flush_context: object) -> None:
        append(session, list(_events_of_flush(session)))

    @event.listens_for(session_class, "do_orm_execute")
    def refuse_bulk_statements(state: ORMExecuteState) -> None:
        mapper = state.bind_mapper
        record = None if mapper is None else mapper.class_
        writes = state.is_insert or state.is_update or state.is_delete
        if writes and record is not None and issubclass(record, Record) and record.trailed:
            raise TypeError(f"{record.__tablename__}: a statement over many rows leaves nothing in the trail")


@dataclass(frozen=True)
class Verification:
    """The result of reading the whole trail.

    `broken`: ids of rows that do not continue the chain or whose content was changed; `previously_broken`: ids found
    so when the trail was rechained; `redactions`: id of the redaction → (entry, digest), as the trail records them.
    """

    broken: tuple[int, ...]
    previously_broken: tuple[int, ...]
    redactions: Mapping[int, tuple[int, str]]


_ALL = (
    "SELECT id, at, operator, action, table_name, record_id, record_uid, digest, hash, changes, salt"
    " FROM audit_entry ORDER BY id"
)


def verify_chain(connection: Connection) -> Verification:
    """Read the whole trail and verify that each row continues the chain and is unchanged but for logged erasures."""
    previous = GENESIS
    broken: set[int] = set()
    previously_broken: list[int] = []
    changed: dict[int, str] = {}
    redactions: dict[int, tuple[int, str]] = {}
    for number, *fields, link, changes, salt in connection.exec_driver_sql(_ALL):
        if _link(previous, fields) != link:
            broken.add(number)
        previous = link
        digest = digest_of(salt, changes)
        if digest != fields[-1]:
            changed[number] = digest
        elif fields[2] == "rechained":
            previously_broken += json.loads(changes)["broken"]
        elif fields[3] == Redaction.__tablename__ and fields[2] == "insert":
            erasure = json.loads(changes)
            redactions[fields[4]] = (erasure["entry_id"], erasure["digest"])
    remaining = dict(redactions.values())
    broken.update(number for number, digest in changed.items() if remaining.get(number) != digest)
    return Verification(tuple(sorted(broken)), tuple(previously_broken), redactions)


def unprotected(connection: Connection) -> list[str]:
    """List the names of the trail's triggers that are missing, changed or unknown."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'redaction')"
    )
    present = {name: sql for name, sql in rows}  # noqa: C416 - to dict() rows are not pairs
    return sorted(name for name in {*TRIGGERS, *present} if TRIGGERS.get(name) != present.get(name))
