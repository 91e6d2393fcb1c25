"""Who may second whom: an operator whose access somebody alone made may not second that person for seven days.

Else one person could make an operator, keep the first password, and agree with herself. The audit trail says who made
whose access; nothing else is stored.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.roles import REVIEWERS, Role
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.rekey import ACT as KEY_CHANGE

WAIT = timedelta(days=7)
MAKING = "operator"
"""The detail `act` of the confirmations that make an access; the detail `operator_id` is whose."""
_OPERATOR = OperatorRow.__tablename__
_NEW_ACCESS = ("insert", "reactivate", "reset_password")
_RECOVERED = "recover"
_PASSWORDS = (*_NEW_ACCESS, _RECOVERED, "change_password")


@dataclass(frozen=True)
class Requester:
    """The operator who asks for a protected act, and the present instant."""

    id: int
    login: str
    now: datetime


@dataclass(frozen=True)
class Step:
    """An entry of the trail on an operator's access: somebody made it, or a third person confirmed that."""

    entry: int
    is_confirmation: bool


def makes_approver(before: str | None, after: str) -> bool:
    """Return whether a change of role lets somebody agree, or administer, who could not; `before` None: a new access.

    An administrator who becomes a reviewer only loses rights.
    """
    return after in REVIEWERS and before != Role.ADMIN and before != after


def last_alone(steps: Iterable[Step]) -> int | None:
    """Return the newest entry that made access without a third person, None if there is none; `steps` oldest first.

    A confirmation is written in the transaction of its act, after it, so it belongs to the step just before it.
    """
    alone: int | None = None
    open_step: int | None = None
    for step in steps:
        alone = alone if open_step is None or step.is_confirmation else open_step
        open_step = None if step.is_confirmation else step.entry
    return alone if open_step is None else open_step


def waits_until(session: Session, requester: Requester, person_id: int) -> datetime | None:
    """Return the instant from which an operator may second `requester`, None if now; inside a running transaction.

    Of two administrators neither may have made the other's access alone, else one person makes a second, and by both
    of them a third. A clerk in her first week is seconded by whoever made her access: she makes nobody's.
    """
    people = select(OperatorRow.id, OperatorRow.login, OperatorRow.role)
    with session.no_autoflush:
        known = {row.id: row for row in session.execute(people)}
    entries = [last_alone(_steps(session, requester.login, person_id))]
    if requester.id in known and known[requester.id].role == Role.ADMIN and person_id in known:
        entries.append(last_alone(_steps(session, known[person_id].login, requester.id)))
    waits = (waiting_since(session, entry, requester.now) for entry in entries if entry is not None)
    return max((instant for instant in waits if instant is not None), default=None)


def waiting_since(session: Session, entry: int, now: datetime) -> datetime | None:
    """Return when seven days after an entry of the trail are over, None if they are.

    An entry is as old as the newest one up to it: a clock set back while it was written would make it older.
    """
    recent = AuditEntry.at > now - WAIT
    newest = session.scalar(select(func.max(AuditEntry.at)).where(recent, AuditEntry.id <= entry))
    return None if newest is None else newest + WAIT


def has_printed_password(session: Session, operator_id: int) -> bool:
    """Return whether an operator's password is one that was printed for her when the office's key was changed.

    Whoever printed it knows it. Two have one of their own: who changed the key, and who agreed to that.
    """
    last = last_password(session, operator_id)
    return last is not None and leaves_printed(last.action, last.changes, operator_id)


class PasswordEntry(NamedTuple):
    """The entry of the trail by which an operator's password came about: what, by whom, its details."""

    action: str
    operator: str
    changes: str


def last_password(session: Session, operator_id: int) -> PasswordEntry | None:
    """Return the newest entry that set an operator's password, or kept it in a change of the office's key."""
    own_acts = and_(
        AuditEntry.table_name == _OPERATOR,
        AuditEntry.record_id == operator_id,
        AuditEntry.action.in_(_PASSWORDS),
    )
    acts = or_(AuditEntry.action == KEY_CHANGE, own_acts)
    columns = (AuditEntry.action, AuditEntry.operator, AuditEntry.changes)
    row = session.execute(select(*columns).where(acts).order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    return None if row is None else PasswordEntry(*row)


def sets_password(action: str, record_id: int | None, operator_id: int) -> bool:
    """Return whether an entry on operators, or of a change of the key, sets the password of an operator."""
    return action == KEY_CHANGE or (action in _PASSWORDS and record_id == operator_id)


def leaves_printed(action: str, changes: str, operator_id: int) -> bool:
    """Return whether an operator's password is a printed one after such an entry.

    The detail `own` of a change of the key lists who knows her password alone after it.
    """
    return action == KEY_CHANGE and operator_id not in _read(changes).get("own", ())


def seconders(session: Session, requester: Requester, without: int | None = None) -> tuple[OperatorRow, ...]:
    """List the operators who may second `requester` now, except `without`; inside a running transaction."""
    return tuple(
        row
        for row in approvers(session, requester)
        if row.id != without and waits_until(session, requester, row.id) is None
    )


def approvers(session: Session, requester: Requester) -> tuple[OperatorRow, ...]:
    """List the other operators whose role agrees, whether they may already or not."""
    wanted = select(OperatorRow).where(
        OperatorRow.active, OperatorRow.role.in_(REVIEWERS), OperatorRow.id != requester.id
    )
    with session.no_autoflush:
        return tuple(session.scalars(wanted.order_by(OperatorRow.id)))


def _steps(session: Session, login: str, person_id: int) -> list[Step]:
    on_person = and_(
        AuditEntry.table_name == _OPERATOR,
        AuditEntry.record_id == person_id,
        AuditEntry.action.in_((*_NEW_ACCESS, "update")),
    )
    confirmed = and_(AuditEntry.action == "confirm", AuditEntry.changes.contains(f'"act":"{MAKING}"'))
    # whoever has the printed code may have set this password
    recovered = and_(
        AuditEntry.table_name == _OPERATOR, AuditEntry.record_id == person_id, AuditEntry.action == _RECOVERED
    )
    columns = (AuditEntry.id, AuditEntry.action, AuditEntry.record_id, AuditEntry.changes)
    rows = session.execute(
        select(*columns)
        .where(or_(and_(AuditEntry.operator == login, or_(on_person, confirmed)), recovered))
        .order_by(AuditEntry.id)
    )
    steps = (step_of(entry, action, by, changes, person_id) for entry, action, by, changes in rows)
    return [step for step in steps if step is not None]


def step_of(entry: int, action: str, record_id: int | None, changes: str, person_id: int) -> Step | None:
    """Return what an entry on an operator, `record_id`, is for the access of `person_id`; None if nothing."""
    if action != "confirm" and record_id != person_id:
        return None
    if action in (*_NEW_ACCESS, _RECOVERED):
        return Step(entry, is_confirmation=False)
    if action not in ("confirm", "update"):
        return None
    found = _read(changes)
    if action == "confirm":
        is_third = found.get("operator_id") == person_id and record_id != person_id
        return Step(entry, is_confirmation=True) if is_third else None
    # with `active` it is a part of a reactivation, which has an entry of its own, or it ends the access
    role = found.get("role")
    is_made = "active" not in found and isinstance(role, list) and makes_approver(*role)
    return Step(entry, is_confirmation=False) if is_made else None


def _read(changes: str) -> Mapping[str, Any]:
    try:
        found = json.loads(changes)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
