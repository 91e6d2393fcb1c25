"""The single-person office (单人办公): an administrator without anybody who could second her declares it once.

It holds while nobody may second her, ends by itself as soon as somebody may, and can be taken back. What it allows is
noted in the trail as agreed to by nobody.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.independence import Requester, approvers, seconders, waiting_since, waits_until
from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.roles import REVIEWERS, Role
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry

DECLARATION = "single_person"
_OPERATOR = OperatorRow.__tablename__


@dataclass(frozen=True)
class Waiting:
    """An operator who may agree from an instant on."""

    name: str
    since: datetime


@dataclass(frozen=True)
class SinglePerson:
    """Whether an administrator works in a single-person office, may declare one, and who may agree later.

    `holds`: it is declared and in force. `is_alone`: nobody may second her now.
    """

    holds: bool
    is_alone: bool
    waiting: tuple[Waiting, ...] = ()


def state_of(session: Session, requester: Requester) -> SinglePerson:
    """Return the single-person state of an operator, inside a running transaction."""
    is_alone = not seconders(session, requester)
    return SinglePerson(
        is_alone and holds(session, requester), is_alone, waiting(session, requester) if is_alone else ()
    )


def waiting(session: Session, requester: Requester, without: int | None = None) -> tuple[Waiting, ...]:
    """List who may second `requester` only later, except `without`; the first of them first."""
    found = (
        (row.name, waits_until(session, requester, row.id))
        for row in approvers(session, requester)
        if row.id != without
    )
    later = [Waiting(name, since) for name, since in found if since is not None]
    return tuple(sorted(later, key=lambda one: one.since))


def holds(session: Session, requester: Requester) -> bool:
    """Return whether this administrator declared a single-person office and nobody may second her."""
    return requester.id in _declared(session) and _is_in_force(session, requester)


def holds_for_office(session: Session, now: datetime) -> bool:
    """Return whether a declaration of anybody is in force, so that papers say so."""
    return any(
        _is_in_force(session, Requester(identity, login, now))
        for identity, login in _declared(session).items()
    )


def end_where_over(session: Session, now: datetime) -> None:
    """Note that a declaration ended because somebody may agree: it does not return when that person is gone again."""
    for identity, login in _declared(session).items():
        if not _is_in_force(session, Requester(identity, login, now)):
            note(session, identity, declared=False)


def refuse_declaring(session: Session, requester: Requester) -> None:
    """Raise `Conflict` while somebody may second the requester, or if one who could was ended within seven days."""
    able = seconders(session, requester)
    if able:
        raise Conflict(
            _("{name} can agree as second person, so this is no single-person office.").format(
                name=able[0].name
            )
        )
    entry = _last_removal(session)
    until = None if entry is None else waiting_since(session, entry, requester.now)
    if until is not None:
        raise Conflict(
            _(
                "The access or the role of somebody who could agree was taken away. A single-person office can be"
                " declared from {day}."
            ).format(day=day_text(until))
        )


def note(session: Session, operator_id: int, declared: bool) -> None:
    """Note in the trail that a declaration of an operator began or ended."""
    audit.note(session, DECLARATION, _OPERATOR, operator_id, {"declared": declared})
    # the papers' heading follows from it
    audit.mark_changed(session, _OPERATOR)


def day_text(moment: datetime) -> str:
    """Return a local day and time as texts show it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _declared(session: Session) -> dict[int, str]:
    """Return the login of each operator whose last declaration was not taken back, by key."""
    entries = (
        select(AuditEntry.record_id, AuditEntry.operator, AuditEntry.changes)
        .where(AuditEntry.action == DECLARATION, AuditEntry.record_id.is_not(None))
        .order_by(AuditEntry.id)
    )
    found: dict[int, str] = {}
    for identity, login, changes in session.execute(entries):
        assert identity is not None
        if json.loads(changes)["declared"]:
            found[identity] = login
        else:
            found.pop(identity, None)
    return found


def _is_in_force(session: Session, requester: Requester) -> bool:
    with session.no_autoflush:
        row = session.get(OperatorRow, requester.id)
    is_admin = row is not None and row.active and row.role == Role.ADMIN
    return is_admin and not seconders(session, requester)


def _last_removal(session: Session) -> int | None:
    """Return the newest entry by which anybody ended, or took the role of, somebody who could agree."""
    entries = (
        select(AuditEntry.id, AuditEntry.record_id, AuditEntry.changes)
        .where(AuditEntry.action == "update", AuditEntry.table_name == _OPERATOR)
        .order_by(AuditEntry.id.desc())
    )
    for entry, identity, changes in session.execute(entries):
        found = json.loads(changes)
        role = found.get("role") or _role_of(session, identity)
        was_ended = found.get("active") == [True, False]
        if role[0] in REVIEWERS and (was_ended or role[1] not in REVIEWERS):
            return int(entry)
    return None


def _role_of(session: Session, operator_id: int | None) -> Sequence[str]:
    row = None if operator_id is None else session.get(OperatorRow, operator_id)
    return ("", "") if row is None else (row.role, row.role)
