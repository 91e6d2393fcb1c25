"""The second person (双人复核): critical operations require approval by another operator with her own password."""

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.keys import attempts, keyring
from fuyuan_desk.store.store import Store


class ProtectedAction(enum.StrEnum):
    """Operation that requires a second person."""

    RESTORE = "restore"
    PURGE = "purge"
    CLOSED_CASE = "closed_case"
    UNMASKED_EXPORT = "unmasked_export"
    CHANGE_KEY = "change_key"


ACTION_NAMES = {
    ProtectedAction.RESTORE: N_("Restore a backup"),
    ProtectedAction.PURGE: N_("Erase personal data"),
    ProtectedAction.CLOSED_CASE: N_("Change a closed case"),
    ProtectedAction.UNMASKED_EXPORT: N_("Export personal data unmasked"),
    ProtectedAction.CHANGE_KEY: N_("Change the key of the office"),
}


@dataclass(frozen=True)
class Second:
    """Credentials of the second person; the password is excluded from `repr`."""

    login: str
    password: str = field(repr=False)


class SecondNeeded(NotAllowed):
    """The operation requires a second person; set her on the seat and repeat it."""

    def __init__(self, action: ProtectedAction, what: str = "") -> None:
        super().__init__(
            _(
                "This requires a second person: {act}. Ask a reviewer or an administrator to approve it."
            ).format(act=_(ACTION_NAMES[action]))
        )
        self.action = action
        self.what = what


class SecondRefused(NotAllowed):
    """The second person cannot approve: wrong password, wrong role, or the same person."""

    def __init__(self, action: ProtectedAction, sentence: str, field_name: str = "second_password") -> None:
        super().__init__(sentence, {field_name: sentence})
        self.action = action


def agree(
    session: Session,
    store: Store,
    operator_id: int,
    second: Second | None,
    roles: Collection[str],
    action: ProtectedAction,
    what: str = "",
) -> str:
    """Verify the second person's approval of `action`, record it in the audit log, and return her login.

    Raises `SecondNeeded` without one, `SecondRefused` when she may not approve (a wrong password also lengthens the
    pause before the next sign-in).
    """
    if second is None:
        raise SecondNeeded(action, what)
    row = _who(session, second.login)
    if row is not None and row.id == operator_id:
        message = _("The second person must not be the signed-in operator.")
        raise SecondRefused(action, message, "second_login")
    _demand_password(store, second, action)
    if row is None or not row.active or row.role not in roles:
        message = _("This operator may not approve. Ask a reviewer or an administrator.")
        raise SecondRefused(action, message, "second_login")
    audit.note(
        session,
        "confirm",
        OperatorRow.__tablename__,
        row.id,
        {"act": action.value, "what": what, "by": row.login},
    )
    return row.login


def _who(session: Session, login: str) -> OperatorRow | None:
    plain = keyring.normalize_login(login)
    with session.no_autoflush:
        rows = session.scalars(select(OperatorRow))
        return next((row for row in rows if keyring.normalize_login(row.login) == plain), None)


def _demand_password(store: Store, second: Second, action: ProtectedAction) -> None:
    now = datetime.now(UTC)
    try:
        attempts.refuse_during_pause(store.folder, now)
    except NotAllowed as pause:
        raise SecondRefused(action, pause.message) from pause
    try:
        key = keyring.open_with_password(keyring.read(store.folder), second.login, second.password)
    except NotAllowed as wrong:
        attempts.count_failure(store.folder, now)
        message = _(
            "The name or password of the second person is wrong. Check Caps Lock and the input method."
        )
        raise SecondRefused(action, message) from wrong
    if key != store.key:
        raise SecondRefused(
            action, _("The key file does not belong to this office. Contact technical support.")
        )
    attempts.reset_failures(store.folder)
