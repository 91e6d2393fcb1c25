"""Orders at one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fuyuan_desk.core.texts import _

REPEATED = timedelta(days=365)
"""For how long orders at one place are counted together."""


@dataclass(frozen=True)
class PlaceOrder:
    """An order at a place, in one line."""

    id: int
    number: str
    title: str
    status: str


def repeated_text(earlier: Sequence[PlaceOrder]) -> str:
    """Return the how manieth order at its place an order is, by those before it; '' for the first one of a year."""
    if not earlier:
        return ""
    return _("Order number {number} at this place within a year").format(number=len(earlier) + 1)
