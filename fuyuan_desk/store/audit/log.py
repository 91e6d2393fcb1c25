"""The trail of everything written: who, when, which record, old and new, each row chained to the one before."""

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
"""Key of `session.info`: how many events were told since the session last committed."""
UNNAMED = "program"
_UNTRAILED = {"id", "uid", "version"}
_SALT_BYTES = 16

# Every act that can stand in the trail, as the screen names it; an act that is not here is refused.
ACTIONS = {
    "insert": N_("Record added"),
    "update": N_("Record changed"),
    "delete": N_("Record removed"),
    "reveal": N_("Personal data shown"),
    "print": N_("Paper printed"),
    "export": N_("List exported"),
    "anonymise": N_("Made anonymous"),
    "erase": N_("Erased at a person's wish"),
    "person_report": N_("Report for a person made"),
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Wrong password at sign-in"),
    "recover": N_("Opened by the recovery code"),
    "confirm": N_("Agreed as second person"),
    "confirm_failed": N_("Second person refused"),
    "refused": N_("Refused: role does not permit"),
    "reset_password": N_("Password reset"),
    "change_password": N_("Own password changed"),
    "renew_recovery": N_("Recovery code renewed"),
    "repair": N_("Put in order after a bad end"),
    "backup": N_("Backed up"),
    "backup_failed": N_("Backup failed"),
    "restore": N_("Backup restored"),
    "rechained": N_("Trail chained anew"),
    "end_lost": N_("File of the trail's end was missing"),
}


class AuditEntry(Base):
    """One act, told once and never changed; only what it says of a person can be erased from `changes`.

    `digest` is of the `salt` and the `changes`, `hash` of the row before and all but these two: so the chain still
    holds when personal data was erased, and the former digest, whose salt is gone, lets nobody guess it.
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
        # one act for a whole block of records, as an import tells it
        Index(
            "ix_audit_entry_block",
            "table_name",
            "record_id",
            sqlite_where=text("record_uid IS NULL AND action = 'insert'"),
        ),
        KEYS_NEVER_REUSED,
    )


class Redaction(Record):
    """That personal data was erased from an entry: `digest` is of what remains there, with its new salt."""

    estate_scope = OFFICE
    __tablename__ = "redaction"

    entry_id: Mapped[int] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)


_STAYS = "BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
# the database itself holds the trail to this, whatever a program asks of it
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
    """What is to be told in the trail; `changes` is column → value, or column → [old, new]."""

    action: str
    table: str
    record_id: int | None
    record_uid: str | None
    changes: Mapping[str, Any]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} cannot stand in the trail")


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def new_salts(count: int) -> list[str]:
    """Make salts for as many entries."""
    drawn, width = os.urandom(_SALT_BYTES * count).hex(), 2 * _SALT_BYTES
    return [drawn[start : start + width] for start in range(0, width * count, width)]


def digest_of(salt: str, changes: str) -> str:
    """Give the digest of what an entry says: 64 hexadecimal digits."""
    return hashlib.sha256(f"{salt}\x1e{changes}".encode()).hexdigest()


def _link(previous: str, fields: Iterable[object]) -> str:
    told = "\x1f".join(["" if field is None else str(field) for field in fields])
    return hashlib.sha256(f"{previous}\x1e{told}".encode()).hexdigest()


_INSERT = (
    "INSERT INTO audit_entry (at, operator, action, table_name, record_id, record_uid, digest, changes, salt, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def append(session: Session, events: Iterable[Event]) -> None:
    """Write events to the trail inside the running transaction, chained to the last row."""
    told = list(events)
    if told:
        session.info[APPENDED] = session.info.get(APPENDED, 0) + len(told)
        append_to(session.connection(), session.info.get(ACTOR, UNNAMED), told)


def append_to(connection: Connection, operator: str, events: list[Event]) -> None:
    """Write events to the trail where there is no session; past SQLAlchemy's ORM, since every write waits for it."""
    last = connection.exec_driver_sql("SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1").scalar()
    previous = last or GENESIS
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    rows = []
    for entry, salt in zip(events, new_salts(len(events)), strict=True):
        if entry.action not in ACTIONS:
            raise ValueError(f"{entry.action}: add this action to audit.ACTIONS")
        changes = encode(entry.changes)
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
    """Tell an act that writes no record: a reveal, a print, an export, a sign-in."""
    append(session, [Event(action, table, record_id, None, detail or {})])


def mark_changed(session: Session, table: str) -> None:
    """Remember for after the commit that rows of `table` changed."""
    session.info.setdefault(CHANGED, set()).add(table)


def _values(state: InstanceState[Any]) -> dict[str, Any]:
    return {
        column.key: value
        for column in state.mapper.column_attrs
        if column.key not in _UNTRAILED and (value := state.dict.get(column.key)) is not None
    }


def _differences(state: InstanceState[Any]) -> dict[str, Any]:
    differences = {}
    for column in state.mapper.column_attrs:
        if column.key in _UNTRAILED:
            continue
        history = state.attrs[column.key].history
        if history.added or history.deleted:
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old != new:
                differences[column.key] = [old, new]
    return differences


def _events_of_flush(session: Session) -> Iterator[Event]:
    told = (
        ("insert", session.new, _values),
        ("update", session.dirty, _differences),
        ("delete", session.deleted, _values),
    )
    for action, objects, describe in told:
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
    """Have every flush of the given sessions told in the trail, so that no service can forget it.

    Statements that change many rows past the flush are refused for tables that stand in the trail; `bulk` is their way.
    """

    @event.listens_for(session_class, "after_flush")
    def tell(session: Session, _flush_context: object) -> None:
        append(session, list(_events_of_flush(session)))

    @event.listens_for(session_class, "do_orm_execute")
    def refuse_untold(state: ORMExecuteState) -> None:
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
    """Read the whole trail: does each row follow from the one before and say what it said, but for told erasures?"""
    previous = GENESIS
    broken: set[int] = set()
    previously_broken: list[int] = []
    otherwise: dict[int, str] = {}
    redactions: dict[int, tuple[int, str]] = {}
    for number, *fields, link, changes, salt in connection.exec_driver_sql(_ALL):
        if _link(previous, fields) != link:
            broken.add(number)
        previous = link
        digest = digest_of(salt, changes)
        if digest != fields[-1]:
            otherwise[number] = digest
        elif fields[2] == "rechained":
            previously_broken += json.loads(changes)["broken"]
        elif fields[3] == Redaction.__tablename__ and fields[2] == "insert":
            told = json.loads(changes)
            redactions[fields[4]] = (told["entry_id"], told["digest"])
    remaining = dict(redactions.values())
    broken.update(number for number, digest in otherwise.items() if remaining.get(number) != digest)
    return Verification(tuple(sorted(broken)), tuple(previously_broken), redactions)


def unprotected(connection: Connection) -> list[str]:
    """Name the triggers of the trail that are missing, changed or strange."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'redaction')"
    )
    present = {name: sql for name, sql in rows}  # noqa: C416 - rows are no pairs to dict()
    return sorted(name for name in {*TRIGGERS, *present} if TRIGGERS.get(name) != present.get(name))
