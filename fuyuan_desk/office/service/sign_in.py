"""Signing in: by an operator's password, or by the recovery code and a new password."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OfficeRow, OperatorRow
from fuyuan_desk.access.seat import Operator, Role, Seat, utc_now
from fuyuan_desk.core.errors import DiskFull, NotAllowed, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office import rules
from fuyuan_desk.office.service import older_keys, sign_in_greeting, slots
from fuyuan_desk.office.service.office_key import given_password_text
from fuyuan_desk.office.service.operators import find_operator, office_name, own_estates
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.entry import open_store, open_with_recovery
from fuyuan_desk.store.keys import attempts, key_change, keyring
from fuyuan_desk.store.store import Store


class NotActive(NotAllowed):
    """Somebody who is no operator, or was ended, opened the office by a password or the recovery code."""


def sign_in(folder: Path, login: str, password: str) -> Seat:
    """Open the office in `folder` and sign an operator in; the seat says whether the password would be refused today.

    Whoever is no active operator is refused in the words of a wrong password, and counted as such.
    """
    store = open_store(folder, login, password)
    try:
        seat = take_seat(store, login)
    except NotActive as refusal:
        store.close()
        uid = keyring.read(folder).store_uid
        attempts.count_failure(folder, utc_now(), keyring.digest(uid, login))
        raise NotAllowed(keyring.wrong_password_text()) from refusal
    except BaseException:
        store.close()
        raise
    return replace(seat, weak_password=_weakness(seat, password))


def _weakness(seat: Seat, password: str) -> str:
    """Return why the password just typed should be replaced, '' if it need not."""
    own = seat.operator
    with seat.store.use() as session:
        office, given = office_name(session), given_password_text(session, own)
    return rules.password_faults(password, own.login, office, own.name).get("password", "") or given


def recover(folder: Path, code: str, login: str, new_password: str, cost: keyring.Cost | None = None) -> Seat:
    """Open the office with its recovery code and set a new password for an operator."""
    refuse_wrong(rules.password_faults(new_password, login))
    store = open_with_recovery(folder, code)
    try:

        def renewed(session: Session, row: OperatorRow) -> keyring.Keyring:
            refuse_wrong(rules.password_faults(new_password, row.login, office_name(session), row.name))
            return keyring.add_operator(keyring.read(folder), row.login, new_password, store.key, cost)

        return take_seat(store, login, "recover", renewed)
    except BaseException:
        store.close()
        raise


def take_seat(
    store: Store,
    login: str,
    action: str = "sign_in",
    renewed: Callable[[Session, OperatorRow], keyring.Keyring] | None = None,
) -> Seat:
    """Return an operator's seat; `renewed` returns the key file to write with it.

    Slots of the key file that belong to no active operator are removed. On a full disk the office is opened all the
    same, and the sign-in is logged once there is room. Raises `NotActive`.
    """
    try:
        operator = _log_and_enter(store, login, action, renewed)
    except DiskFull:
        if renewed is not None:
            raise
        operator = _seat_on_full_disk(store, login)
    store.publish_lock_owner(operator.name)
    return Seat(store, operator)


def _seat_on_full_disk(store: Store, login: str) -> Operator:
    """Return the operator, and owe to the audit trail what cannot be logged now."""
    with store.use() as session:
        row = find_operator(session, login)
        if row is None or not row.active:
            raise _not_active()
        operator = _operator(session, row)
    at = utc_now()

    def log(session: Session) -> None:
        session.info[audit.ACTOR] = operator.login
        _log_what_was_before(session, store)
        audit.note(session, "sign_in", OperatorRow.__tablename__, operator.id, {"at": at.isoformat()})
        session.get_one(OperatorRow, operator.id).last_sign_in_at = at

    store.owe(log)
    return operator


def _log_what_was_before(session: Session, store: Store) -> None:
    sign_in_greeting.record_failed_attempts(session, store)
    _compare_keys(session, store)  # before stale slots are removed, which makes the file the valid one


def _operator(session: Session, row: OperatorRow) -> Operator:
    return Operator(row.id, row.login, row.name, Role(row.role), own_estates(session, row))


def _not_active() -> NotActive:
    return NotActive(_("You are not an active operator of this office. Ask your administrator."))


def _log_and_enter(
    store: Store,
    login: str,
    action: str,
    renewed: Callable[[Session, OperatorRow], keyring.Keyring] | None,
) -> Operator:
    with store.use() as session:
        row = find_operator(session, login)
        if row is None or not row.active:
            if _compare_keys(session, store):
                session.commit()
            raise _not_active()
        session.info[audit.ACTOR] = row.login
        operator = _operator(session, row)
        _log_what_was_before(session, store)
        audit.note(session, action, OperatorRow.__tablename__, row.id)
        row.last_sign_in_at = utc_now()
        if renewed is None:
            is_changed = slots.clear_stale(session, store.folder)
        else:
            slots.change(session, store.folder, renewed(session, row))
            is_changed = True
        session.commit()
    with contextlib.suppress(Unusable):  # they are in the trail now, which skips known ones
        attempts.clear(store.folder)
    if is_changed:
        with contextlib.suppress(Unusable):  # already in effect; completed at the next opening
            key_change.finish(store.folder)
    store.save_trail_end()
    return operator


def _compare_keys(session: Session, store: Store) -> bool:
    """Note in the trail that an older key file was put back, and return it; at each opening until keys are changed."""
    connection = session.connection()
    key_change.mark_first(connection, store.folder)
    is_older = key_change.is_older(connection, store.folder)
    if is_older:
        audit.note(session, older_keys.OLDER_KEYS, OfficeRow.__tablename__)
    return is_older
