"""Slots of the key file that open the office for nobody who may sign in: of ended operators, and of no operator."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OfficeRow, OperatorRow
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.keys.keyring import Keyring


@dataclass(frozen=True)
class _Cleared:
    """A keyring without the slots of nobody: how many were of ended operators, and how many of no known one."""

    keys: Keyring
    ended: int = 0
    unknown: int = 0

    @property
    def has_removed(self) -> bool:
        """Whether there was any."""
        return bool(self.ended or self.unknown)


def _without_stale(session: Session, keys: Keyring) -> _Cleared:
    """Return the keyring with the slots of the active operators and of the recovery code alone."""
    rows = session.execute(select(OperatorRow.login, OperatorRow.active)).all()
    kept = keyring.keep_only(keys, [login for login, active in rows if active])
    known = keyring.keep_only(keys, [login for login, _active in rows])
    return _Cleared(kept, len(known.slots) - len(kept.slots), len(keys.slots) - len(known.slots))


def clear_stale(session: Session, folder: Path) -> bool:
    """Remove the slots of nobody with the commit of the running transaction; return whether there were any.

    Then call `key_change.finish`. Nothing is written while there is nothing to remove, and a disk that refuses is no
    obstacle: the next sign-in tries again.
    """
    try:
        keys = key_change.effective(session.connection(), folder)
        if not _without_stale(session, keys).has_removed:
            return False
        change(session, folder, keys)
    except Unusable:
        return False
    return True


def change(session: Session, folder: Path, keys: Keyring) -> None:
    """Make a keyring valid with the commit of the running transaction, without the slots of nobody.

    How many those were is logged. Then call `key_change.finish`. Raises `Unusable` when the disk refuses.
    """
    cleared = _without_stale(session, keys)
    key_change.stage(folder, cleared.keys)
    if cleared.has_removed:
        detail = {"ended": cleared.ended, "unknown": cleared.unknown}
        audit.note(session, "keys_removed", OfficeRow.__tablename__, detail=detail)
    session.flush()
    key_change.mark(session.connection(), cleared.keys)
