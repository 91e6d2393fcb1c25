"""Entries of the trail at any instant, as the services write them, and seats at any time."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.store.audit.log import AuditEntry
from tests.conftest import PASSWORD


def enter(
    session: Session,
    at: datetime,
    by: str,
    action: str,
    record: int,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Append an entry on an operator to the trail, as of an instant; without a hash, as no chain is checked."""
    text = json.dumps(changes or {}, separators=(",", ":"))
    values = (
        at.replace(tzinfo=None).isoformat(" ", "microseconds"),
        by,
        action,
        "operator",
        record,
        text,
        "",
        "",
        "",
    )
    session.connection().exec_driver_sql(
        "INSERT INTO audit_entry (at, operator, action, table_name, record_id, changes, digest, salt, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def id_of(seat: Seat, login: str) -> int:
    """Return an operator's key."""
    with seat.store.use() as session:
        return session.scalars(select(OperatorRow.id).where(OperatorRow.login == login)).one()


def at(seat: Seat, moment: datetime) -> Seat:
    """Return the seat at another time."""
    return replace(seat, now=lambda: moment)


def by(seat: Seat, login: str) -> Seat:
    """Return the seat with the agreement of another operator."""
    return replace(seat, second=Second(login, PASSWORD))


def noted(seat: Seat, *actions: str) -> list[tuple[str, dict[str, object]]]:
    """Return the trail's entries of these actions: who, and the details."""
    with seat.store.use() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id)
        )
        return [(row.operator, json.loads(row.changes)) for row in rows]
