"""At sign-in: auditing of failed attempts, the operator's last sign-in, and the page to resume."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import Draft, OfficeRow, OperatorRow
from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.office.service import older_keys
from fuyuan_desk.office.service.office_key import unprinted_text
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup.restore import ACT as RESTORE
from fuyuan_desk.store.keys import attempts, keyring
from fuyuan_desk.store.store import Store

FAILED = "sign_in_failed"
REPAIR = "repair"
PLACE = "desk:place"
_ENTRIES = ("sign_in", "recover")
_MOST = 400


@dataclass(frozen=True)
class LastVisit:
    """The operator's previous sign-in, None at the first, and the number of wrong passwords since.

    `older_keys` says what is to be renewed since the office was opened with an older key file, for an administrator.
    `unprinted` says what is to be renewed since the secrets of a new key were not printed, for an administrator.
    `restored`: an administrator's first sign-in after the office was restored from a backup.
    `weak_password` says why the password of this sign-in would be refused as a new one, '' if it would not.
    """

    at: datetime | None
    failures: int
    now: datetime
    older_keys: str = ""
    weak_password: str = ""
    restored: bool = False
    unprinted: str = ""

    @property
    def is_warning(self) -> bool:
        """Whether something happened that the operator must see."""
        return bool(self.failures or self.older_keys or self.restored or self.unprinted)

    def request(self) -> str:
        """Return the request to change a weak password, '' if it is none."""
        if not self.weak_password:
            return ""
        return _("Please change your password now. {why}").format(why=self.weak_password)

    def sentence(self) -> str:
        """Return it as a sentence, '' at the first sign-in without failures."""
        sentences = []
        if self.at is not None:
            sentences.append(_("Last signed in {when}.").format(when=_local(self.at)))
        if self.failures:
            sentences.append(_("Failed attempts with your name since: {n}.").format(n=self.failures))
        if self.at is not None and self.at > self.now:
            sentences.append(_("That is in the future: check the clock of this PC."))
        if self.older_keys:
            sentences.append(
                _(
                    "An older key file was put back into the office's folder: passwords and a recovery code that were"
                    " replaced since open the office again. Give every operator a new password, renew the recovery"
                    " code, and see who can reach the folder."
                )
            )
            sentences.append(self.older_keys)
        if self.unprinted:
            sentences.append(self.unprinted)
        if self.restored:
            sentences.append(
                _(
                    "The office was restored from a backup. If the former one, a USB drive or a PC got into other"
                    " hands, change the office's key now (Settings, Safety)."
                )
            )
        return " ".join(sentences)


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def record_failed_attempts(session: Session, store: Store) -> None:
    """Write events that happened while the store was closed to the trail: wrong passwords and repairs.

    Inside the transaction of a sign-in; `attempts.clear` when that has ended well.
    """
    _log_failures(session, store)
    repaired = store.repaired
    if repaired.has_report:
        since = None if repaired.unclosed_since is None else repaired.unclosed_since.isoformat()
        detail = {"closed": repaired.was_closed, "since": since, "done": list(repaired.done)}
        audit.note(session, REPAIR, OfficeRow.__tablename__, detail=detail)


def _log_failures(session: Session, store: Store) -> None:
    known = attempts.read(store.folder)
    if not known.pending:
        return
    uid = keyring.read(store.folder).store_uid
    operators = session.execute(select(OperatorRow.login, OperatorRow.id))
    ids = {keyring.digest(uid, login): identity for login, identity in operators}
    logged = _logged_before(session)
    for failure in known.pending:
        at = failure.at.isoformat()
        if at in logged:
            continue  # the program ended between this entry and `attempts.clear`
        way = "password" if failure.who else "recovery code"
        audit.note(session, FAILED, OperatorRow.__tablename__, ids.get(failure.who), {"at": at, "way": way})
    if known.dropped:
        audit.note(session, FAILED, OperatorRow.__tablename__, detail={"more": known.dropped})


def _logged_before(session: Session) -> set[str]:
    newest = select(AuditEntry.changes).where(AuditEntry.action == FAILED).order_by(AuditEntry.id.desc())
    return {json.loads(changes).get("at", "") for changes in session.scalars(newest.limit(_MOST))}


@permit(*EVERYONE)
def last_visit(seat: Seat) -> LastVisit:
    """Return this operator's previous sign-in, and the number of wrong passwords since."""
    with seat.reading() as session:
        entries = (
            select(AuditEntry.id, AuditEntry.at)
            .where(AuditEntry.operator == seat.operator.login, AuditEntry.action.in_(_ENTRIES))
            .order_by(AuditEntry.id.desc())
            .limit(2)
        )
        found = session.execute(entries).all()
        # on a full disk this sign-in is not logged yet
        before = next(iter(found if seat.store.is_full else found[1:]), None)
        since = AuditEntry.id > (before.id if before is not None else 0)
        failures = select(func.count()).where(
            AuditEntry.action == FAILED, AuditEntry.record_id == seat.operator.id, since
        )
        is_admin = seat.operator.role is Role.ADMIN
        exposed = older_keys.exposed(session) if is_admin else None
        restored = select(func.count()).where(AuditEntry.action == RESTORE, since)
        return LastVisit(
            before.at if before is not None else None,
            session.scalar(failures) or 0,
            seat.now(),
            "" if exposed is None else exposed.sentence,
            seat.weak_password,
            is_admin and bool(session.scalar(restored)),
            unprinted_text(session) if is_admin else "",
        )


@permit(*EVERYONE)
def disk_is_full(seat: Seat) -> bool:
    """Return whether the disk still has no room to log this sign-in, before which nothing is saved."""
    with seat.reading():  # each use tries again
        pass
    return seat.store.is_full


@permit(*EVERYONE)
def save_place(seat: Seat, place: Mapping[str, Any]) -> None:
    """Save the operator's position while the desk is locked, as a draft, which is not audited."""
    with seat.transaction() as session:
        session.execute(_own_place(seat))
        row = Draft(operator_id=seat.operator.id, form=PLACE, content=dict(place), saved_at=seat.now())
        session.add(row)


@permit(*EVERYONE)
def pop_place(seat: Seat) -> dict[str, Any] | None:
    """Return and delete the operator's saved position, None if there is none."""
    with seat.transaction() as session:
        own = select(Draft.content).where(Draft.operator_id == seat.operator.id, Draft.form == PLACE)
        content = session.scalar(own)
        session.execute(_own_place(seat))
        return content


def _own_place(seat: Seat) -> Any:
    return delete(Draft).where(Draft.operator_id == seat.operator.id, Draft.form == PLACE)
