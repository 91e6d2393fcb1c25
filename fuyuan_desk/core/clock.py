"""Instants dated in the future: they were written while the clock of a PC was wrong."""

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=2)
"""By so much two clocks that are set by hand may differ."""


def is_ahead(at: datetime, now: datetime) -> bool:
    """Return whether `at` lies after `now`, which a right clock cannot have written; both with a zone, or neither."""
    return at - now > TOLERANCE
