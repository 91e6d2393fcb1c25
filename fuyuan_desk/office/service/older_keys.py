"""What is to be renewed after an older key file was put back: its passwords and its recovery code open the office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import _
from fuyuan_desk.store import rekey
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.check import Finding, collect

OLDER_KEYS = "older_keys"
_NEW_PASSWORD = ("change_password", "reset_password", "reactivate", "recover", "insert")
_NEW_CODE = "renew_recovery"
_NEW_KEY = rekey.ACT


@dataclass(frozen=True)
class Exposed:
    """What was not renewed since the office was last opened with an older key file, on `day`.

    `names` are those of operators with an old password, `has_old_code`: the recovery code is an old one.
    """

    day: date
    names: tuple[str, ...]
    has_old_code: bool

    @property
    def sentence(self) -> str:
        """What is to be renewed."""
        said = []
        if self.names:
            said.append(
                _(
                    "On {day} the office was opened with an older key file; these have no new password since: {names}."
                ).format(day=self.day, names=_(", ").join(self.names))
            )
        if self.has_old_code:
            said.append(
                _("Since an older key file was put back on {day}, the recovery code was not renewed.").format(
                    day=self.day
                )
            )
        return " ".join(said)


def exposed(session: Session) -> Exposed | None:
    """Return what is still to be renewed, None if nothing is; inside a running transaction."""
    last = (
        select(AuditEntry.id, AuditEntry.at)
        .where(AuditEntry.action == OLDER_KEYS)
        .order_by(AuditEntry.id.desc())
    )
    event = session.execute(last.limit(1)).one_or_none()
    newest_key = select(func.max(AuditEntry.id)).where(AuditEntry.action == _NEW_KEY)
    if event is None or event.id < (session.scalar(newest_key) or 0):
        return None  # no earlier key file opens the office after a change of its key
    after = AuditEntry.id > event.id
    renewed = set(
        session.scalars(
            select(AuditEntry.record_id).where(
                after,
                AuditEntry.action.in_(_NEW_PASSWORD),
                AuditEntry.table_name == OperatorRow.__tablename__,
            )
        )
    )
    active = session.execute(select(OperatorRow.id, OperatorRow.name).where(OperatorRow.active)).all()
    names = tuple(row.name for row in active if row.id not in renewed)
    has_old_code = not session.scalar(select(func.count()).where(after, AuditEntry.action == _NEW_CODE))
    return Exposed(event.at.astimezone().date(), names, has_old_code) if names or has_old_code else None


def check_renewal(seat: Seat) -> tuple[Finding, ...]:
    """Report keys that were not renewed, nothing if there are none; the calling service checks permission."""

    def faults() -> Iterator[str]:
        with seat.reading() as session:
            found = exposed(session)
        if found is not None:
            yield found.sentence

    sentences = collect(faults(), seat.store)
    return (Finding(_("Passwords after an older key file"), sentences),) if sentences else ()
