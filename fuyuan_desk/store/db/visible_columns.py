"""Columns of texts hold no invisible characters, whichever way a value comes in.

An attribute is cleaned when it is set, so that the object, its entry in the audit trail and its row agree; what
bypasses the objects – an import, and the other side of a comparison – is cleaned when it is bound. A `Text` keeps its
line breaks and tabs, a `String` is one line. Nothing is done when rows are read: a migration cleaned the older ones.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, Dialect, String, Text, event, inspect

from fuyuan_desk.core.visible import visible, visible_lines, visible_values

_KEY = "exact"
EXACT: dict[str, Any] = {_KEY: True}
"""The `info` of a column whose characters all count, such as the path of a folder."""


class _Line(String):
    """A text on one line."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _line


class _Lines(Text):
    """A text of several lines."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _lines


def _line(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return visible_lines(value) if isinstance(value, str) else value


def keep_visible(model: type[Any]) -> None:
    """Clean what is written to the text columns of a mapped class, except those that are `EXACT`."""
    # not `column_attrs`, which needs the classes of all tables
    for name, column in inspect(model).columns.items():
        if column.info.get(_KEY):
            continue
        if isinstance(column.type, JSON):
            _clean_when_set(model, name, visible_values)
        elif isinstance(column.type, Text):
            column.type = _Lines(column.type.length)
            _clean_when_set(model, name, _lines)
        elif isinstance(column.type, String):
            column.type = _Line(column.type.length)
            _clean_when_set(model, name, _line)


def _clean_when_set(model: type[Any], name: str, clean: Callable[[Any], Any]) -> None:
    @event.listens_for(getattr(model, name), "set", retval=True)
    def set_clean(_target: object, value: Any, _before: object, _initiator: object) -> Any:
        return clean(value)


def bound_at_once(column_type: Any, values: Sequence[Any]) -> bool:
    """Return whether these are texts in which there is nothing to clean, so that the driver takes them as they are."""
    return isinstance(column_type, _Line | _Lines) and "".join(filter(None, values)).isprintable()
