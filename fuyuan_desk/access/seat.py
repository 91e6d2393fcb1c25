"""Access control: the seat a service works from, and the permission each service declares."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from fuyuan_desk.access.independence import Requester
from fuyuan_desk.access.roles import (
    EVERYONE,
    FIELD,
    REVEALERS,
    REVIEWERS,
    ROLE_NAMES,
    STAFF,
    WRITERS,
    Role,
)
from fuyuan_desk.access.second_person import ProtectedAction, Second, SecondRefused, agree
from fuyuan_desk.core.errors import Conflict, NotAllowed
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.guards import closed, scope
from fuyuan_desk.store.store import Store

# services take seat, permission and roles from here; what must know no database takes the roles from `access.roles`
__all__ = [
    "EVERYONE",
    "FIELD",
    "REVEALERS",
    "REVIEWERS",
    "ROLE_NAMES",
    "STAFF",
    "WRITERS",
    "Operator",
    "Role",
    "Seat",
    "permit",
    "role_in",
    "utc_now",
]


@dataclass(frozen=True)
class Operator:
    """The signed-in operator; `estates` are the ones she may access, None for all."""

    id: int
    login: str
    name: str
    role: Role
    estates: frozenset[int] | None = None


def utc_now() -> datetime:
    """Return the current instant."""
    return datetime.now(UTC)


_ROLE = "role"


def role_in(session: Session) -> Role | None:
    """Return the role of the operator for whom a session was opened, None if that is nobody."""
    found: Role | None = session.info.get(_ROLE)
    return found


def _ignore(_tables: frozenset[str]) -> None:
    pass


@dataclass(frozen=True)
class Seat:
    """Context of a service call: an open store, the signed-in operator, a clock, and a change listener.

    `second` is the second person who approves an operation that requires one; `weak_password` says why the password
    of this sign-in would be refused as a new one, '' if it would not.
    """

    store: Store
    operator: Operator
    now: Callable[[], datetime] = utc_now
    on_change: Callable[[frozenset[str]], None] = field(default=_ignore)
    second: Second | None = None
    weak_password: str = ""

    def today(self) -> date:
        """Return today's date in local time."""
        return self.now().astimezone().date()

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        if not _permitted.get():
            # deny by default: a service without a declared permission has no access
            raise NotAllowed(_("This operation is not permitted to anybody yet."))
        with self.store.use() as session:
            session.info[audit.ACTOR] = self.operator.login
            session.info[_ROLE] = self.operator.role
            if self.operator.estates is not None:
                session.info[scope.ESTATES] = self.operator.estates
            session.info[closed.ASK] = lambda what: self.require_second(
                session, ProtectedAction.CLOSED_CASE, what
            )
            try:
                yield session
            except SecondRefused as refusal:
                session.rollback()
                audit.note(
                    session, "confirm_failed", "operator", self.operator.id, {"act": refusal.action.value}
                )
                session.commit()
                raise

    @property
    def requester(self) -> Requester:
        """The operator as the one who asks for a protected act now."""
        return Requester(self.operator.id, self.operator.login, self.now())

    def require_second(
        self, session: Session, action: ProtectedAction, what: str = "", of: int | None = None
    ) -> str:
        """Require a second person's approval of `action` on `what` in the running transaction; return her login.

        `of` is the operator whose access the act makes. Returns '' in a single-person office. Raises `SecondNeeded`;
        the window then asks for her and repeats the whole service call.
        """
        return agree(session, self.store, self.requester, self.second, REVIEWERS, action, what, of)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open the one transaction of a service call; it is committed at the end or rolled back."""
        with self._session() as session:
            try:
                yield session
                session.commit()
            except StaleDataError as stale:
                raise Conflict(
                    _("Somebody else changed this record meanwhile. Reload it and enter your change again.")
                ) from stale
            changed = frozenset(session.info.pop(audit.CHANGED, ()))
        if changed:
            self.on_change(changed)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session; changes made in it are rolled back."""
        with self._session() as session:
            yield session
            session.rollback()


_permitted: ContextVar[bool] = ContextVar("permitted", default=False)


def _log_refusal(seat: Seat, use: Callable[..., object]) -> None:
    service = f"{use.__module__.removeprefix('fuyuan_desk.')}.{use.__qualname__}"
    event = audit.Event("refused", "operator", seat.operator.id, None, {"service": service})
    seat.store.log_event(seat.operator.login, event)


P = ParamSpec("P")
R = TypeVar("R")
Use = Callable[Concatenate[Seat, P], R]


def permit(*roles: Role) -> Callable[[Use[P, R]], Use[P, R]]:
    """Declare which roles may use a service; other roles, and services without this, are refused."""

    def decorate(use: Use[P, R]) -> Use[P, R]:
        @functools.wraps(use)
        def checked(seat: Seat, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if seat.operator.role not in roles:
                _log_refusal(seat, use)
                needed = ", ".join(_(ROLE_NAMES[role]) for role in roles)
                raise NotAllowed(
                    _("Your role does not permit this. It requires one of: {roles}.").format(roles=needed)
                )
            token = _permitted.set(True)
            try:
                return use(seat, *args, **kwargs)
            finally:
                _permitted.reset(token)

        checked.permitted = frozenset(roles)  # type: ignore[attr-defined]  # read by the role matrix
        return checked

    return decorate
