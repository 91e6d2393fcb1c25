"""Permitted hours of noisy work: the city's, an estate's stricter ones, and holidays (NOISE §12)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

Span = tuple[time, time]
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")


@dataclass(frozen=True)
class Hours:
    """The spans of a working day in which noisy work is permitted, in order, without overlap."""

    permitted: tuple[Span, ...]

    def without(self, quiet: Sequence[Span]) -> "Hours":
        """Subtract the estate's quiet hours."""
        spans = self.permitted
        for start, end in quiet:
            spans = tuple(part for span in spans for part in _subtract(span, start, end))
        return Hours(spans)


def _subtract(span: Span, start: time, end: time) -> list[Span]:
    """Subtract start…end from a span; an end before the start crosses midnight."""
    if end <= start:
        whole = [(start, time.max), (time.min, end)]
        parts = [span]
        for first, last in whole:
            parts = [piece for part in parts for piece in _subtract_same_day(part, first, last)]
        return parts
    return _subtract_same_day(span, start, end)


def _subtract_same_day(span: Span, start: time, end: time) -> list[Span]:
    before, after = (span[0], min(span[1], start)), (max(span[0], end), span[1])
    return [part for part in (before, after) if part[0] < part[1]]


def read_quiet_hours(text: str) -> tuple[Span, ...]:
    """Parse spans such as `12:00-14:00` in an estate's quiet hours, ignoring other text."""
    found = []
    for match in _SPAN.finditer(text):
        hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
        if hour < 24 and minute < 60 and end_hour <= 24 and end_minute < 60:
            end = time.max if end_hour == 24 else time(end_hour, end_minute)
            found.append((time(hour, minute), end))
    return tuple(found)


def noisy_work_permitted(moment: datetime, hours: Hours, holidays: Collection[date]) -> bool:
    """Return whether noisy work is permitted at a local moment; never on a statutory holiday."""
    if moment.date() in holidays:
        return False
    return any(start <= moment.time() < end for start, end in hours.permitted)


def format_hours(hours: Hours) -> str:
    """Format the permitted hours as `08:00–12:00、14:00–18:00`; empty when there are none."""
    return "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.permitted)
