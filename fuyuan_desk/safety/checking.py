"""Looking over from the desk: a backup – seal, every hash, database, each photo – and the chain of the trail."""

from dataclasses import dataclass
from pathlib import Path

from fuyuan_desk.access.seat import REVIEWERS, STAFF, Seat, permit
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.safety.restoring import Agreed, Preview
from fuyuan_desk.store.backup import opened
from fuyuan_desk.store.backup.restore import By
from fuyuan_desk.store.check import check_trail
from fuyuan_desk.store.keys import keyring


@permit(*STAFF)
def check_backup(seat: Seat, path: Path, progress: Progress | None = None) -> Preview:
    """Open a backup of this office with the office's own key and read all of it; may run on any thread.

    Raises `Unusable` for one that is damaged or away, `InvalidInput` for one of another office, `Cancelled`.
    """
    key = seat.store.key
    own = keyring.read(seat.store.folder).store_uid

    def unlock(ring: keyring.Keyring) -> bytes:
        if ring.store_uid != own:
            raise InvalidInput(_("This is a backup of another office. Sign in there to check it."))
        return key

    found = opened.open_with(path.absolute(), unlock, progress)
    try:
        return Agreed(found, By(seat.operator.login, {})).preview()
    finally:
        found.close()


@dataclass(frozen=True)
class ChainState:
    """How the trail stands: the number of its last entry, and each fault in words; none is good."""

    end: int
    faults: tuple[str, ...]


@permit(*REVIEWERS)
def check_chain(seat: Seat, progress: Progress | None = None) -> ChainState:
    """Look the trail over, entry by entry, while saves go on; a few seconds for 200,000. May run on any thread."""
    end, finding = check_trail(seat.store, progress)
    return ChainState(end, finding.faults)
