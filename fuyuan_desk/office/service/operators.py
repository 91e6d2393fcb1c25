"""Operators: who may sign in, as what and to which estates, and the secrets that open the office for them.

Making an administrator or reviewer, or setting the password of one, takes a second person, as whoever holds such an
access can agree as one. Ending an access only takes away.
Not a book of the kit: an office has a handful of them, and every act changes keys along with the row.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.independence import makes_approver
from fuyuan_desk.access.records import OfficeRow, OperatorEstate, OperatorRow
from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit, utc_now
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.access.single_person import end_where_over
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office import rules
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.keys import attempts, key_change, keyring


@dataclass(frozen=True)
class OperatorView:
    """An operator in the settings page's list; `estates` are those of a property company's operator."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    last_sign_in_at: datetime | None
    estates: frozenset[int] = frozenset()


@permit(Role.ADMIN)
def list_operators(seat: Seat) -> tuple[OperatorView, ...]:
    """List all operators, including inactive ones."""
    with seat.reading() as session:
        rows = session.scalars(select(OperatorRow).order_by(OperatorRow.id))
        return tuple(_view_of(session, row) for row in rows)


def _view_of(session: Session, row: OperatorRow) -> OperatorView:
    return OperatorView(
        row.id,
        row.login,
        row.name,
        Role(row.role),
        row.active,
        row.last_sign_in_at,
        own_estates(session, row) or frozenset(),
    )


@permit(Role.ADMIN)
def add_operator(
    seat: Seat,
    login: str,
    name: str,
    role: Role,
    password: str,
    cost: keyring.Cost | None = None,
    estates: frozenset[int] = frozenset(),
) -> None:
    """Add an operator with a first password; one of a property company sees only `estates`.

    An administrator or reviewer takes a second person.
    """
    login, name = login.strip(), visible(name).strip()
    refuse_wrong(
        rules.operator_faults(login, name)
        | rules.estates_faults(role, estates)
        | rules.password_faults(password, login, _office_of(seat), name)
    )
    keys = keyring.add_operator(_read_keyring(seat), login, password, seat.store.key, cost)
    with _changing_keys(seat, keys) as session:
        known = find_operator(session, login)
        if known is not None:
            taken = _("An operator with this name already exists. Choose another name.")
            if not known.active:
                taken = _("An ended operator has this name. Reactivate that one, or choose another name.")
            raise Conflict(taken, {"login": taken})
        row = OperatorRow(login=login, name=name, role=role)
        session.add(row)
        session.flush()
        _set_estates(session, row, estates)
        _confirm_approver(seat, session, row)


def _confirm_approver(seat: Seat, session: Session, row: OperatorRow, before: str | None = None) -> None:
    """Require a second person if an access just made or changed can agree; `before` is the role of an active one.

    Last in the transaction: the confirmation belongs to the entry of the trail before it.
    """
    session.flush()
    if makes_approver(before, row.role):
        seat.require_second(session, ProtectedAction.OPERATOR, row.name, of=row.id)


def _set_estates(session: Session, row: OperatorRow, estates: frozenset[int]) -> None:
    wanted = estates if row.role == Role.PROPERTY else frozenset()
    kept = session.scalars(select(OperatorEstate).where(OperatorEstate.operator_id == row.id)).all()
    for old in kept:
        if old.estate_id not in wanted:
            session.delete(old)
    new = sorted(wanted - {old.estate_id for old in kept})
    session.add_all(OperatorEstate(operator_id=row.id, estate_id=estate_id) for estate_id in new)


@permit(Role.ADMIN)
def set_operator(
    seat: Seat, operator_id: int, role: Role, active: bool, estates: frozenset[int] = frozenset()
) -> None:
    """Change an operator's role and estates, or end her right to sign in; at least one administrator remains.

    Making her an administrator or reviewer takes a second person.
    Ending removes her slot from the key file, so reactivating is `reactivate_operator`, with a new password. Whoever
    is signed in meanwhile goes on with role and estates as before until she signs in again.
    """
    refuse_wrong(rules.estates_faults(role, estates) if active else {})
    known = _known_operator(seat, operator_id)
    if active and not known.active:
        raise Conflict(_("{name} was ended. Reactivate with a new password.").format(name=known.name))
    if not active and operator_id == seat.operator.id:
        raise Conflict(_("You cannot end yourself. Ask another administrator to do it."))
    with _changing(
        seat, lambda keys: keys if active else keyring.remove_operator(keys, known.login)
    ) as session:
        row = _get(session, operator_id)
        before = row.role
        row.role, row.active = role, active
        session.flush()
        _set_estates(session, row, estates)
        admins = select(OperatorRow.id).where(OperatorRow.role == Role.ADMIN, OperatorRow.active)
        if session.scalar(admins.limit(1)) is None:
            raise Conflict(_("At least one active administrator must remain. Appoint another one first."))
        if active:
            _confirm_approver(seat, session, row, before)


@permit(Role.ADMIN)
def reactivate_operator(
    seat: Seat,
    operator_id: int,
    role: Role,
    password: str,
    cost: keyring.Cost | None = None,
    estates: frozenset[int] = frozenset(),
) -> None:
    """Let an ended operator sign in again, with a new first password; see `add_operator`."""
    known = _known_operator(seat, operator_id)
    refuse_wrong(
        rules.estates_faults(role, estates)
        | rules.password_faults(password, known.login, _office_of(seat), known.name)
    )
    keys = keyring.add_operator(_read_keyring(seat), known.login, password, seat.store.key, cost)
    with _changing_keys(seat, keys) as session:
        row = _get(session, operator_id)
        if row.active:
            raise Conflict(_("{name} is active already. Reload the list.").format(name=row.name))
        row.role, row.active = role, True
        session.flush()
        _set_estates(session, row, estates)
        audit.note(session, "reactivate", OperatorRow.__tablename__, operator_id)
        _confirm_approver(seat, session, row)


@permit(Role.ADMIN)
def reset_password(seat: Seat, operator_id: int, password: str, cost: keyring.Cost | None = None) -> None:
    """Set a new password for another active operator; that of an administrator or reviewer takes a second person."""
    known = _known_operator(seat, operator_id)
    refuse_wrong(rules.password_faults(password, known.login, _office_of(seat), known.name))
    keys = keyring.add_operator(_read_keyring(seat), known.login, password, seat.store.key, cost)
    with _changing_keys(seat, keys) as session:
        row = _get(session, operator_id)
        if not row.active:
            raise Conflict(_("{name} was ended. Reactivate with a new password.").format(name=row.name))
        audit.note(session, "reset_password", OperatorRow.__tablename__, operator_id)
        _confirm_approver(seat, session, row)


@permit(*EVERYONE)
def change_password(seat: Seat, old: str, new: str, cost: keyring.Cost | None = None) -> None:
    """Change the operator's own password."""
    own = seat.operator
    refuse_wrong(rules.password_faults(new, own.login, _office_of(seat), own.name))
    keys = keyring.add_operator(require_own_password(seat, old), own.login, new, seat.store.key, cost)
    with _changing_keys(seat, keys) as session:
        audit.note(session, "change_password", OperatorRow.__tablename__, seat.operator.id)


def require_own_password(seat: Seat, password: str) -> keyring.Keyring:
    """Raise `InvalidInput` if it is not the operator's own; return the valid keyring. The caller checks permission.

    Guessing at an unlocked desk is limited like signing in: with a pause and audit entries.
    """
    keys, login = _read_keyring(seat), seat.operator.login
    attempts.refuse_during_pause(seat.store.folder, utc_now())
    try:
        keyring.open_with_password(keys, login, password)
    except NotAllowed as wrong:
        attempts.count_failure(seat.store.folder, utc_now(), keyring.digest(keys.store_uid, login))
        sentence = _("The current password is wrong.")
        raise InvalidInput(sentence, {"old": sentence}) from wrong
    attempts.reset_failures(seat.store.folder)
    return keys


@permit(Role.ADMIN)
def renew_recovery_code(seat: Seat, cost: keyring.Cost | None = None) -> str:
    """Create and return a new recovery code, which invalidates the previous one."""
    code = keyring.new_recovery_code()
    keys = keyring.add_recovery(_read_keyring(seat), code, seat.store.key, cost)
    with _changing_keys(seat, keys) as session:
        audit.note(session, "renew_recovery", OfficeRow.__tablename__)
    return code


# --- within a running transaction ------------------------------------------------------------------------


def find_operator(session: Session, login: str) -> OperatorRow | None:
    """Find an operator by login, however it is written; None when there is none."""
    plain = keyring.normalize_login(login)
    rows = session.scalars(select(OperatorRow))
    return next((row for row in rows if keyring.normalize_login(row.login) == plain), None)


def office_name(session: Session) -> str:
    """Return the name of the office; '' while there is none."""
    return session.scalar(select(OfficeRow.name)) or ""


def own_estates(session: Session, row: OperatorRow) -> frozenset[int] | None:
    """Return the estates an operator is limited to: those of their company, None for the committee's own staff."""
    if row.role != Role.PROPERTY:
        return None
    chosen = select(OperatorEstate.estate_id).where(OperatorEstate.operator_id == row.id)
    return frozenset(session.scalars(chosen))


def _get(session: Session, operator_id: int) -> OperatorRow:
    row = session.get(OperatorRow, operator_id)
    if row is None:
        raise NotFound(_("This operator no longer exists. Reload the list."))
    return row


# --- before it -------------------------------------------------------------------------------------------


def _known_operator(seat: Seat, operator_id: int) -> OperatorView:
    with seat.reading() as session:
        return _view_of(session, _get(session, operator_id))


def _office_of(seat: Seat) -> str:
    with seat.reading() as session:
        return office_name(session)


# --- rows and keys together ------------------------------------------------------------------------------


def _read_keyring(seat: Seat) -> keyring.Keyring:
    """Return the key file, after completing an interrupted change of it."""
    folder = seat.store.folder
    if key_change.staged(folder) is not None:
        with seat.reading() as session:
            key_change.finish_or_discard(session.connection(), folder)
    return keyring.read(folder)


@contextlib.contextmanager
def _changing_keys(seat: Seat, keys: keyring.Keyring) -> Iterator[Session]:
    """Change rows and the key file together: if one fails, both stay unchanged."""
    folder = seat.store.folder
    key_change.stage(folder, keys)
    try:
        with _transaction(seat) as session:
            yield session
            session.flush()
            key_change.mark(session.connection(), keys)
    except Unusable:
        raise  # a failing disk may have written it or not: the next opening finds out
    except BaseException:
        _read_keyring(seat)
        raise
    with contextlib.suppress(
        Unusable
    ):  # already in effect; what the disk refuses now is done at the next opening
        key_change.finish(folder)


def _changing(
    seat: Seat, change: Callable[[keyring.Keyring], keyring.Keyring]
) -> contextlib.AbstractContextManager[Session]:
    """Change rows, and the key file with them if `change` makes another one of it."""
    keys = _read_keyring(seat)
    changed = change(keys)
    return _transaction(seat) if changed == keys else _changing_keys(seat, changed)


@contextlib.contextmanager
def _transaction(seat: Seat) -> Iterator[Session]:
    """Open a transaction that changes operators; a single-person office in which somebody may agree has ended."""
    with seat.transaction() as session:
        end_where_over(session, seat.now())
        yield session
