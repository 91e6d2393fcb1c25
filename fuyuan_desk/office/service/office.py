"""Setting up an office, signing in, operators, settings, numbers and drafts."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.records import OfficeRow, OperatorEstate, OperatorRow
from fuyuan_desk.access.seat import EVERYONE, STAFF, Operator, Role, Seat, permit, utc_now
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.office import rules
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.check import Finding, check_store
from fuyuan_desk.store.entry import create_store, open_store, open_with_recovery
from fuyuan_desk.store.keys import attempts, keyring
from fuyuan_desk.store.keys import change as keychange
from fuyuan_desk.store.store import Store


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


@dataclass(frozen=True)
class Street:
    """A street (街道) to choose from."""

    code: str
    name: str


def shipped_streets() -> tuple[Street, ...]:
    """Return the ten streets of Huangpu preset in a new office."""
    return tuple(Street(**street) for street in paths.read_json("office", "streets.json")["streets"])


def _demand(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), wrong)


# --- set-up and sign-in: before a seat exists -----------------------------------------------


def set_up_office(
    folder: Path,
    settings: OfficeSettings,
    login: str,
    name: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None = None,
    furnish: Callable[[Seat], object] | None = None,
) -> Seat:
    """Create an office in `folder` with its first operator, an administrator, and sign that operator in.

    `furnish` may add more data; the office is created completely, including that, or not at all.
    """
    _demand(
        rules.settings_faults(settings) | rules.operator_faults(login, name) | rules.password_faults(password)
    )
    seats = []

    def fill(store: Store) -> None:
        with store.use() as session:
            session.info[audit.ACTOR] = login
            session.add(OfficeRow(**asdict(settings)))
            session.add_all(StreetRow(**asdict(street)) for street in shipped_streets())
            session.add(OperatorRow(login=login, name=name.strip(), role=Role.ADMIN))
            session.commit()
        seats.append(_take_seat(store, login))
        if furnish is not None:
            furnish(seats[0])

    create_store(folder, login, password, recovery_code, cost, fill)
    return seats[0]


def sign_in(folder: Path, login: str, password: str) -> Seat:
    """Open the office in `folder` and sign an operator in."""
    store = open_store(folder, login, password)
    try:
        return _take_seat(store, login)
    except BaseException:
        store.close()
        raise


def recover(folder: Path, code: str, login: str, new_password: str, cost: keyring.Cost | None = None) -> Seat:
    """Open the office with its recovery code and set a new password for an operator."""
    _demand(rules.password_faults(new_password))
    store = open_with_recovery(folder, code)
    try:

        def renewed(operator: str) -> keyring.Keyring:
            return keyring.add_operator(keyring.read(folder), operator, new_password, store.key, cost)

        seat = _take_seat(store, login, "recover", renewed)
        with contextlib.suppress(Unusable):  # already in effect; completed at the next opening
            keychange.finish(folder)
        return seat
    except BaseException:
        store.close()
        raise


def _find_operator(session: Session, login: str) -> OperatorRow | None:
    plain = keyring.plain_login(login)
    rows = session.scalars(select(OperatorRow))
    return next((row for row in rows if keyring.plain_login(row.login) == plain), None)


def _take_seat(
    store: Store,
    login: str,
    action: str = "sign_in",
    renewed: Callable[[str], keyring.Keyring] | None = None,
) -> Seat:
    """Return an operator's seat; `renewed` returns the key file to write with it."""
    with store.use() as session:
        row = _find_operator(session, login)
        if row is None or not row.active:
            raise NotAllowed(_("You are not an active operator of this office. Ask your administrator."))
        session.info[audit.ACTOR] = row.login
        operator = Operator(row.id, row.login, row.name, Role(row.role), _own_estates(session, row))
        sign_in_greeting.record_failed_attempts(session, store)
        audit.note(session, action, OperatorRow.__tablename__, row.id)
        row.last_sign_in_at = utc_now()
        if renewed is not None:
            ring = renewed(row.login)
            keychange.propose(store.folder, ring)
            session.flush()
            keychange.mark(session.connection(), ring)
        session.commit()
    with contextlib.suppress(Unusable):  # they are in the trail now, which skips known ones
        attempts.forget(store.folder)
    store.remember_trail()
    store.publish_holder(operator.name)
    return Seat(store, operator)


def _own_estates(session: Session, row: OperatorRow) -> frozenset[int] | None:
    """Return the estates an operator is limited to: those of their company, None for the committee's own staff."""
    if row.role != Role.PROPERTY:
        return None
    chosen = select(OperatorEstate.estate_id).where(OperatorEstate.operator_id == row.id)
    return frozenset(session.scalars(chosen))


def _ring(seat: Seat) -> keyring.Keyring:
    """Return the key file, after completing an interrupted change of it."""
    folder = seat.store.folder
    if keychange.waiting(folder) is not None:
        with seat.reading() as session:
            keychange.settle(session.connection(), folder)
    return keyring.read(folder)


@contextlib.contextmanager
def _changing_keys(seat: Seat, ring: keyring.Keyring) -> Iterator[Session]:
    """Change rows and the key file together: if one fails, both stay unchanged."""
    folder = seat.store.folder
    keychange.propose(folder, ring)
    try:
        with seat.transaction() as session:
            yield session
            session.flush()
            keychange.mark(session.connection(), ring)
    except Unusable:
        raise  # a failing disk may have written it or not: the next opening finds out
    except BaseException:
        _ring(seat)
        raise
    with contextlib.suppress(
        Unusable
    ):  # already in effect; what the disk refuses now is done at the next opening
        keychange.finish(folder)


# --- operators ---------------------------------------------------------------------------------------


@permit(Role.ADMIN)
def list_operators(seat: Seat) -> tuple[OperatorView, ...]:
    """List all operators, including inactive ones."""
    with seat.reading() as session:
        rows = session.scalars(select(OperatorRow).order_by(OperatorRow.id))
        return tuple(
            OperatorView(
                row.id,
                row.login,
                row.name,
                Role(row.role),
                row.active,
                row.last_sign_in_at,
                _own_estates(session, row) or frozenset(),
            )
            for row in rows
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
    """Add an operator with a first password; one of a property company sees only `estates`."""
    login = login.strip()
    _demand(rules.operator_faults(login, name) | rules.password_faults(password))
    ring = keyring.add_operator(_ring(seat), login, password, seat.store.key, cost)
    with _changing_keys(seat, ring) as session:
        if _find_operator(session, login) is not None:
            taken = _("An operator with this name already exists. Choose another name.")
            raise Conflict(taken, {"login": taken})
        row = OperatorRow(login=login, name=name.strip(), role=role)
        session.add(row)
        session.flush()
        _set_estates(session, row, estates)


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
    """Change an operator's role, estates and right to sign in; at least one administrator remains.

    Whoever is signed in meanwhile goes on as before until she signs in again.
    """
    with seat.transaction() as session:
        row = session.get(OperatorRow, operator_id)
        if row is None:
            raise NotFound(_("This operator no longer exists. Reload the list."))
        row.role, row.active = role, active
        session.flush()
        _set_estates(session, row, estates)
        admins = select(OperatorRow.id).where(OperatorRow.role == Role.ADMIN, OperatorRow.active)
        if session.scalar(admins.limit(1)) is None:
            raise Conflict(_("At least one active administrator must remain. Appoint another one first."))


@permit(Role.ADMIN)
def reset_password(seat: Seat, operator_id: int, password: str, cost: keyring.Cost | None = None) -> None:
    """Set a new password for another operator."""
    _demand(rules.password_faults(password))
    with seat.reading() as session:
        row = session.get(OperatorRow, operator_id)
        if row is None:
            raise NotFound(_("This operator no longer exists. Reload the list."))
        login = row.login
    ring = keyring.add_operator(_ring(seat), login, password, seat.store.key, cost)
    with _changing_keys(seat, ring) as session:
        audit.note(session, "reset_password", OperatorRow.__tablename__, operator_id)


@permit(*EVERYONE)
def change_password(seat: Seat, old: str, new: str, cost: keyring.Cost | None = None) -> None:
    """Change the operator's own password."""
    _demand(rules.password_faults(new))
    ring = _ring(seat)
    # guessing at an unlocked desk is limited like signing in: with a pause and audit entries
    attempts.refuse_during_pause(seat.store.folder, utc_now())
    try:
        keyring.open_with_password(ring, seat.operator.login, old)
    except NotAllowed as wrong:
        who = keyring.digest(ring.store_uid, seat.operator.login)
        attempts.count_failure(seat.store.folder, utc_now(), who)
        sentence = _("The current password is wrong.")
        raise InvalidInput(sentence, {"old": sentence}) from wrong
    attempts.reset_failures(seat.store.folder)
    ring = keyring.add_operator(ring, seat.operator.login, new, seat.store.key, cost)
    with _changing_keys(seat, ring) as session:
        audit.note(session, "change_password", OperatorRow.__tablename__, seat.operator.id)


@permit(Role.ADMIN)
def renew_recovery_code(seat: Seat, cost: keyring.Cost | None = None) -> str:
    """Create and return a new recovery code, which invalidates the previous one."""
    code = keyring.new_recovery_code()
    ring = keyring.add_recovery(_ring(seat), code, seat.store.key, cost)
    with _changing_keys(seat, ring) as session:
        audit.note(session, "renew_recovery", OfficeRow.__tablename__)
    return code


# --- settings ----------------------------------------------------------------------------------------


@permit(*EVERYONE)
def read_settings(seat: Seat) -> OfficeSettings:
    """Return this office's settings."""
    with seat.reading() as session:
        return office_settings(session)


@permit(Role.ADMIN)
def change_settings(seat: Seat, settings: OfficeSettings) -> None:
    """Change this office's settings."""
    _demand(rules.settings_faults(settings))
    with seat.transaction() as session:
        row = session.scalars(select(OfficeRow)).one()
        for key, value in asdict(settings).items():
            setattr(row, key, value)


@permit(*STAFF)
def list_streets(seat: Seat) -> tuple[Street, ...]:
    """List the streets to choose from."""
    with seat.reading() as session:
        rows = session.scalars(select(StreetRow).order_by(StreetRow.code, StreetRow.id))
        return tuple(Street(row.code, row.name) for row in rows)


@permit(Role.ADMIN)
def change_streets(seat: Seat, streets: tuple[Street, ...]) -> None:
    """Replace the list of streets to choose from."""
    names = [street.name.strip() for street in streets]
    if not all(names) or len(set(names)) != len(names):
        raise InvalidInput(_("Every street needs a name, and names must be unique."))
    with seat.transaction() as session:
        for row in session.scalars(select(StreetRow)):
            session.delete(row)
        session.flush()
        session.add_all(StreetRow(code=street.code.strip(), name=street.name.strip()) for street in streets)


@permit(*STAFF)
def check_office(seat: Seat, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Check the database, the audit trail and the photos."""
    return check_store(seat.store, progress)


# --- numbers and drafts ------------------------------------------------------------------------------
