"""Verifying the chain of the audit trail from the desk."""

from dataclasses import dataclass

from fuyuan_desk.access.seat import REVIEWERS, Seat, permit
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.store.check import check_trail


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
