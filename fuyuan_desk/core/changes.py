"""What changed in a record, as shown to a person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FieldChange:
    """One field of an entry; `old` is '' except for a change, `hidden`: revealing would show more."""

    field: str
    name: str
    old: str
    new: str
    hidden: bool


@dataclass(frozen=True)
class RecordEvent:
    """An event in the history of a record: when, whose, which action (as in the trail), and what it changed."""

    at: datetime
    operator: str
    action: str
    changes: tuple[FieldChange, ...]
