"""The second person (双人复核): critical operations require approval by another operator with her own password."""

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access import single_person
from fuyuan_desk.access.independence import (
    MAKING,
    Requester,
    has_printed_password,
    seconders,
    waits_until,
)
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
    OPERATOR = MAKING
    BULK_REVEAL = "bulk_reveal"
    REMOVE_HOUSEHOLD = "remove_household"


ACTION_NAMES = {
    ProtectedAction.RESTORE: N_("Restore a backup"),
    ProtectedAction.PURGE: N_("Erase personal data"),
    ProtectedAction.CLOSED_CASE: N_("Change a closed case"),
    ProtectedAction.UNMASKED_EXPORT: N_("Export personal data unmasked"),
    ProtectedAction.CHANGE_KEY: N_("Change the key of the office"),
    ProtectedAction.OPERATOR: N_("Make or reset an administrator or reviewer"),
    ProtectedAction.BULK_REVEAL: N_("Show or print more than 20 personal values within ten minutes"),
    ProtectedAction.REMOVE_HOUSEHOLD: N_("Remove a household"),
}


@dataclass(frozen=True)
class Second:
    """Credentials of the second person; the password is excluded from `repr`."""

    login: str
    password: str = field(repr=False)


class SecondNeeded(NotAllowed):
    """The operation requires a second person; set her on the seat and repeat it.

    `nobody` says what to do if nobody may agree at present, '' if somebody may.
    """

    def __init__(self, action: ProtectedAction, what: str = "", nobody: str = "") -> None:
        super().__init__(
            _(
                "This requires a second person: {act}. Ask a reviewer or an administrator to approve it."
            ).format(act=_(ACTION_NAMES[action]))
            if not nobody
            else _("This requires a second person: {act}. {nobody}").format(
                act=_(ACTION_NAMES[action]), nobody=nobody
            )
        )
        self.action = action
        self.what = what
        self.nobody = nobody


class SecondRefused(NotAllowed):
    """The second person cannot approve: wrong password, wrong role, or the same person."""

    def __init__(self, action: ProtectedAction, sentence: str, field_name: str = "second_password") -> None:
        super().__init__(sentence, {field_name: sentence})
        self.action = action


def agree(
    session: Session,
    store: Store,
    requester: Requester,
    second: Second | None,
    roles: Collection[str],
    action: ProtectedAction,
    what: str = "",
    of: int | None = None,
) -> str:
    """Verify the second person's approval of `action`, record it in the audit log, and return her login.

    `of` is the operator whose access is made, who may not agree to it herself. In a single-person office that was
    declared, nobody agrees: this is recorded and '' returned. Raises `SecondNeeded` without a second person,
    `SecondRefused` when she may not approve (a wrong password also lengthens the pause before the next sign-in).
    """
    with session.no_autoflush:  # a change of a closed record asks in the middle of a flush
        if second is None:
            return _without(session, requester, action, what, of)
        row = _who(session, second.login)
        if row is not None and row.id == requester.id:
            message = _("The second person must not be the signed-in operator.")
            raise SecondRefused(action, message, "second_login")
        _demand_password(store, second, action)
        if row is None or not row.active or row.role not in roles:
            message = _("This operator may not approve. Ask a reviewer or an administrator.")
            raise SecondRefused(action, message, "second_login")
        _refuse_dependent(session, requester, row, action, of)
    detail: dict[str, object] = {"act": action.value, "what": what, "by": row.login}
    audit.note(
        session,
        "confirm",
        OperatorRow.__tablename__,
        row.id,
        detail | ({} if of is None else {"operator_id": of}),
    )
    return row.login


def _without(
    session: Session, requester: Requester, action: ProtectedAction, what: str, of: int | None
) -> str:
    """Note that nobody agreed, in a single-person office; else raise `SecondNeeded`."""
    if single_person.holds(session, requester):
        detail = {"act": action.value, "what": what}
        audit.note(session, "alone", OperatorRow.__tablename__, requester.id, detail)
        return ""
    is_anybody_able = bool(seconders(session, requester, without=of))
    raise SecondNeeded(action, what, "" if is_anybody_able else _nobody_text(session, requester, of))


def _nobody_text(session: Session, requester: Requester, of: int | None) -> str:
    advice = _(
        "Nobody may agree at present. An administrator who is alone declares a single-person office under"
        " Settings → Operators."
    )
    own = _("Who forgot their own password sets a new one with the recovery code at the sign-in.")
    later = [
        _("{name} may agree from {day}.").format(name=one.name, day=single_person.day_text(one.since))
        for one in single_person.waiting(session, requester, without=of)
    ]
    return " ".join((advice, *([] if of is None else [own]), *later))


def _refuse_dependent(
    session: Session, requester: Requester, row: OperatorRow, action: ProtectedAction, of: int | None
) -> None:
    """Raise `SecondRefused` for her whose own access is made, or was made by the requester alone."""
    if row.id == of:
        message = _("Nobody agrees to their own access. Ask another reviewer or administrator.")
        raise SecondRefused(action, message, "second_login")
    if has_printed_password(session, row.id):
        message = _(
            "{name} still has the password that was printed when the office's key was changed, which others may know."
            " {name} signs in once and chooses another one first."
        ).format(name=row.name)
        raise SecondRefused(action, message, "second_login")
    until = waits_until(session, requester, row.id)
    if until is not None:
        message = _(
            "You gave {name} this access or a password, and no third person agreed. {name} may agree for you from"
            " {day}. Ask another reviewer or administrator."
        ).format(name=row.name, day=single_person.day_text(until))
        raise SecondRefused(action, message, "second_login")


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
