"""Helpers that remove the trail's protection and restore it, as somebody with the key and the database could."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from fuyuan_desk.store.audit import log as audit


@contextlib.contextmanager
def unprotected(connection: Connection) -> Iterator[None]:
    """Allow changes to the trail."""
    for name in audit.TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in audit.TRIGGERS.values():
        connection.exec_driver_sql(statement)


def actions(connection: Connection) -> list[str]:
    """Return what the trail logs, in order."""
    return list(connection.exec_driver_sql("SELECT action FROM audit_entry ORDER BY id").scalars())


def forge(connection: Connection, number: int, old: str, new: str) -> None:
    """Replace a text within an entry and make the rest of the chain anew, as somebody with the key could."""
    names = "at, operator, action, table_name, record_id, record_uid, digest"
    with unprotected(connection):
        before = connection.exec_driver_sql(
            "SELECT hash FROM audit_entry WHERE id < ? ORDER BY id DESC", (number,)
        )
        previous = str(before.scalar() or "0" * 64)
        salt, changes = connection.exec_driver_sql(
            "SELECT salt, changes FROM audit_entry WHERE id = ?", (number,)
        ).one()
        assert old in changes
        changes = changes.replace(old, new)
        connection.exec_driver_sql(
            "UPDATE audit_entry SET changes = ?, digest = ? WHERE id = ?",
            (changes, audit.digest_of(salt, changes), number),
        )
        rows = connection.exec_driver_sql(
            f"SELECT id, {names} FROM audit_entry WHERE id >= ? ORDER BY id", (number,)
        ).all()
        for identity, *fields in rows:
            content = "\x1f".join("" if field is None else str(field) for field in fields)
            previous = hashlib.sha256(f"{previous}\x1e{content}".encode()).hexdigest()
            connection.exec_driver_sql("UPDATE audit_entry SET hash = ? WHERE id = ?", (previous, identity))


def cut_off(connection: Connection, count: int) -> None:
    """Remove the newest entries without a trace in the database."""
    with unprotected(connection):
        last = connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() - count
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE id > ?", (last,))
        connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_entry'", (last,))
        connection.exec_driver_sql("PRAGMA user_version = 0")


def old_link(previous: str, fields: Iterable[object]) -> str:
    """Chain a row as the first version did, over its whole content."""
    content = "\x1f".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(f"{previous}\x1e{content}".encode()).hexdigest()


def tell_as_before(connection: Connection, count: int) -> None:
    """Append events to a trail of the first version, some on the full second, one for a whole block of records."""
    last = connection.exec_driver_sql("SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1").scalar()
    previous, rows = last or "0" * 64, []
    began = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table holds it, in UTC
    for number in range(count):
        at = began + timedelta(milliseconds=250 * number)
        changes = f'{{"head":["张{number}","李{number}"]}}'
        who = ("clerk", "update", "household", number, f"{number:032x}")
        if number == count // 2:
            changes = f'{{"ids":[1,2000],"rows":{{"head":["{"张明" * 100_000}"]}}}}'
            who = ("clerk", "insert", "household", 1, None)
        previous = old_link(previous, (at.replace(tzinfo=UTC).isoformat(), *who, changes))
        rows.append((at.isoformat(" ", "microseconds"), *who, changes, previous))
    connection.exec_driver_sql(
        "INSERT INTO audit_entry (at, operator, action, table_name, record_id, record_uid, changes, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def chain_anew(connection: Connection) -> None:
    """Compute digest and hash of every row anew, as somebody with the key and the skill could."""
    previous = "0" * 64
    rows = connection.exec_driver_sql(
        "SELECT id, at, operator, action, table_name, record_id, record_uid, salt, changes FROM audit_entry"
        " ORDER BY id"
    )
    for number, *fields, salt, changes in rows.all():
        digest = audit.digest_of(salt, changes)
        previous = old_link(previous, (*fields, digest))
        connection.exec_driver_sql(
            "UPDATE audit_entry SET digest = ?, hash = ? WHERE id = ?", (digest, previous, number)
        )
