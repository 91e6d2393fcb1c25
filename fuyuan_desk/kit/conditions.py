"""SQL conditions and orders of a book's list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from fuyuan_desk.store.db.base import UtcDateTime


@dataclass(frozen=True)
class Filter:
    """How a facet filters: the condition of a value, and the value in words, '' where it is told as it is."""

    where: Callable[[Session, Any], ColumnElement[bool]]
    text: Callable[[Session, Any], str] | None = None


def with_none_last(by: Any, ordered: Any) -> Any:
    """Return an order in which rows without a value come last, both ways."""
    # where every row has a value, the rule would only keep the database from reading an index in its order
    return ordered.nulls_last() if getattr(by, "nullable", True) else ordered


def chosen(column: Any, value: Any) -> ColumnElement[bool]:
    """Return the condition of a facet: a value, or a period given as first and last day, either None for open."""
    if not isinstance(value, tuple):
        return column == value  # type: ignore[no-any-return]
    first, last = value
    start: Any = first
    end: Any = None if last is None else last + timedelta(days=1)
    if isinstance(column.type, UtcDateTime):
        start, end = _midnight(start), _midnight(end)
    condition = column.is_not(None)
    if start is not None:
        condition &= column >= start
    if end is not None:
        condition &= column < end
    return condition  # type: ignore[no-any-return]


def _midnight(day: date | None) -> datetime | None:
    # days are local
    return None if day is None else datetime.combine(day, time.min).astimezone()
