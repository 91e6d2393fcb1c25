"""What is not done: findings, rounds and sheets that are still open; pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OpenFinding:
    """A finding that is not put right, since a day; `result_ids` are the keys of the failed items it consists of."""

    estate_id: int
    place: str
    text: str
    begun: date
    result_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class OpenRoundLine:
    """A round that was due on a day and is not done; it is missed once `latest_on` has passed."""

    estate_id: int
    day: date
    latest_on: date
    place: str
    plan: str
    lead: str


@dataclass(frozen=True)
class SheetOut:
    """A printed sheet that was not entered: who took it, and by when it was to be back; '' and None if not said."""

    estate_id: int
    number: str
    printed_on: date
    place: str
    lead: str = ""
    back_by: date | None = None
