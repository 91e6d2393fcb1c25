"""Changing the key of the office (更换密钥): afterwards no earlier key, code, key file or copy opens what is here.

Whoever had a password could have kept the key, and a lost stick holds the passwords' slots. So every operator gets a
new password, to be changed at the first sign-in, and there is a new recovery code. Only whoever agreed keeps hers,
which nobody else knows, and is asked to change it.
"""

import contextlib
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.independence import has_printed_password, last_password, leaves_printed
from fuyuan_desk.access.records import OfficeRow, OperatorRow
from fuyuan_desk.access.seat import Operator, Role, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office import rules
from fuyuan_desk.office.service.operators import office_name, require_own_password
from fuyuan_desk.store import rekey
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup.restore import ACT as RESTORE
from fuyuan_desk.store.keys import keyring

CHANGE, FAILED = rekey.ACT, "change_key_failed"
_PRINTED = {"sheet": "new_key"}
_ENDING = '"active":[true,false]'


class Reason(enum.StrEnum):
    """Why the key is changed, as the trail names it."""

    ENDED = "ended"
    LOST = "lost"
    RESTORED = "restored"
    OTHER = "other"


REASON_NAMES = {
    Reason.ENDED: N_("An operator left"),
    Reason.LOST: N_("A USB drive, a PC or a copy of the office was lost"),
    Reason.RESTORED: N_("The office was restored from a backup"),
    Reason.OTHER: N_("Another reason"),
}


@dataclass(frozen=True)
class FirstPassword:
    """The password with which an operator signs in after the change, until she chooses her own."""

    login: str
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class NewSecrets:
    """What is to be printed after a change of the key, since nothing keeps it.

    `unreadable_photos` are as they were; without `is_finished` the rest is done at the next start.
    """

    code: str = field(repr=False)
    passwords: tuple[FirstPassword, ...]
    unreadable_photos: int
    is_finished: bool


@dataclass(frozen=True)
class KeyHistory:
    """When the key was changed, and what calls for a change since: operators ended, and the last restore.

    `unprinted` says what is to be renewed since the new secrets were not printed, '' if they were.
    """

    changed: date | None
    ended: tuple[str, ...] = ()
    restored: date | None = None
    unprinted: str = ""


@permit(Role.ADMIN)
def change_office_key(
    seat: Seat,
    reason: Reason,
    password: str,
    new_password: str,
    progress: Progress | None = None,
    cost: keyring.Cost | None = None,
) -> NewSecrets:
    """Change the office's key, with a second person's approval; the administrator chooses her new password herself.

    Raises `InvalidInput` for the present password or an unsuitable new one, and whatever `rekey.change_key` raises;
    then nothing is changed.
    """
    own = seat.operator
    with seat.reading() as session:
        office = office_name(session)
    refuse_wrong(rules.password_faults(new_password, own.login, office, own.name))
    require_own_password(seat, password)
    if keyring.normalize_password(new_password) == keyring.normalize_password(password):
        sentence = _("Choose another password than the present one: copies of the office open with that.")
        raise InvalidInput(sentence, {"password": sentence})
    key, code = keyring.new_key(), keyring.new_recovery_code()
    with seat.reading() as session:  # the new database gets the events of agreement and change together
        second = seat.require_second(session, ProtectedAction.CHANGE_KEY)
        people = _people(session, own.login, second)
    given = tuple(FirstPassword(row.login, row.name, keyring.new_first_password()) for row in people.others)
    secrets = [(own.login, new_password), *((one.login, one.password) for one in given)]
    if people.second is not None and seat.second is not None:
        secrets.append((people.second.login, seat.second.password))  # which she alone knows
    keys = _wrapped(keyring.successor(keyring.read(seat.store.folder)), key, secrets, code, progress, cost)
    known = [own.id] if people.second is None else [own.id, people.second.id]
    detail = {"reason": reason.value, "operators": len(secrets), "own": known}
    agreed = _agreement(own, people.second)
    try:
        done = rekey.change_key(seat.store, rekey.NewKey(key, keys, own.login, detail, agreed), progress)
    except BaseException:
        seat.store.log_event(own.login, audit.Event(FAILED, OfficeRow.__tablename__, None, None, detail))
        raise
    seat.store.save_trail_end()
    with contextlib.suppress(UserError):  # only informs others
        seat.store.publish_lock_owner(own.name)
    return NewSecrets(code, given, done.unreadable_photos, done.is_finished)


class _Person(NamedTuple):
    id: int
    login: str
    name: str


@dataclass(frozen=True)
class _People:
    """The active operators but her who changes the key: who agreed, None in a single-person office, and the others."""

    second: _Person | None
    others: tuple[_Person, ...]


def _people(session: Session, own: str, second: str) -> _People:
    columns = (OperatorRow.id, OperatorRow.login, OperatorRow.name)
    rows = session.execute(select(*columns).where(OperatorRow.active, OperatorRow.login != own))
    known = {row.login: _Person(*row) for row in rows}
    agreed = known.pop(second, None)
    return _People(agreed, tuple(known.values()))


def _agreement(own: Operator, second: _Person | None) -> audit.Event:
    """Return the event of who agreed, as `agree` writes it."""
    detail = {"act": ProtectedAction.CHANGE_KEY.value, "what": ""}
    if second is None:
        return audit.Event("alone", OperatorRow.__tablename__, own.id, None, detail)
    return audit.Event("confirm", OperatorRow.__tablename__, second.id, None, {**detail, "by": second.login})


def _wrapped(
    keys: keyring.Keyring,
    key: bytes,
    secrets: Iterable[tuple[str, str]],
    code: str,
    progress: Progress | None,
    cost: keyring.Cost | None,
) -> keyring.Keyring:
    for login, password in secrets:
        if progress is not None:
            progress.step(0, 0, _("Passwords"))
        keys = keyring.add_operator(keys, login, password, key, cost)
    return keyring.add_recovery(keys, code, key, cost)


@permit(Role.ADMIN)
def key_history(seat: Seat) -> KeyHistory:
    """Return when the key was changed, and what calls for changing it since."""
    with seat.reading() as session:
        last = _last(session, CHANGE)
        since = AuditEntry.id > (0 if last is None else last[0])
        restored = _last(session, RESTORE)
        is_new = restored is not None and (last is None or restored[0] > last[0])
        return KeyHistory(
            None if last is None else last[1],
            _ended_since(session, since),
            restored[1] if restored is not None and is_new else None,
            unprinted_text(session),
        )


@permit(Role.ADMIN)
def note_printed(seat: Seat) -> None:
    """Note in the trail that recovery code and first passwords were printed after a change of the key."""
    with seat.transaction() as session:
        audit.note(session, "print", OfficeRow.__tablename__, None, _PRINTED)


def unprinted_text(session: Session) -> str:
    """Return what is to be renewed since nobody printed what the last change of the key made, '' if nothing is."""
    last = _last(session, CHANGE)
    if last is None:
        return ""
    printed = (AuditEntry.action == "print") & (AuditEntry.changes == audit.encode(_PRINTED))
    settled = select(AuditEntry.id).where(
        AuditEntry.id > last[0],
        AuditEntry.table_name == OfficeRow.__tablename__,
        printed | (AuditEntry.action == "renew_recovery"),
    )
    if session.scalar(settled.limit(1)) is not None:
        return ""
    active = session.execute(select(OperatorRow.id, OperatorRow.name).where(OperatorRow.active)).all()
    names = [row.name for row in active if has_printed_password(session, row.id)]
    said = [
        _(
            "The recovery code of the last change of the key was not printed, and nothing keeps it: create a new one"
            " now (Settings, Safety)."
        )
    ]
    if names:
        said.append(_("Also set a new password for: {names}.").format(names=_(", ").join(names)))
    return " ".join(said)


def _last(session: Session, action: str) -> tuple[int, date] | None:
    newest = select(AuditEntry.id, AuditEntry.at).where(AuditEntry.action == action)
    row = session.execute(newest.order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.id, row.at.astimezone().date())


def _ended_since(session: Session, since: ColumnElement[bool]) -> tuple[str, ...]:
    """Return the names of operators who were ended in entries `since` and are ended still."""
    ended = select(AuditEntry.record_id).where(
        since,
        AuditEntry.action == "update",
        AuditEntry.table_name == OperatorRow.__tablename__,
        AuditEntry.changes.contains(_ENDING),
    )
    rows = select(OperatorRow.name).where(~OperatorRow.active, OperatorRow.id.in_(ended))
    return tuple(session.scalars(rows.order_by(OperatorRow.id)))


def given_password_text(session: Session, operator: Operator) -> str:
    """Return why an operator is to choose a password of her own, '' if she has done so since the key was changed."""
    last = last_password(session, operator.id)
    if last is None or last.action != CHANGE or last.operator == operator.login:
        return ""
    if leaves_printed(last.action, last.changes, operator.id):
        return _("The present one was printed for you when the office's key was changed.")
    return _(
        "The present one is from before the office's key was changed, and copies made then open with it."
    )
