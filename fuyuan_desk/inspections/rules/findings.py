"""Findings: what failed where, and when two failures are of the same; pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.inspections.rules.visits import SubjectKind


class WhatFailed(NamedTuple):
    """An item at a place of a subject, by which failures of different visits are known to be of the same."""

    subject_kind: str
    subject_id: int
    place: RecordedPlace
    item: str

    @property
    def apart(self) -> tuple[str, int, str]:
        """What tells it apart without its place, by which alone what may be the same is looked for."""
        return self.subject_kind, self.subject_id, self.item

    def is_same(self, other: "WhatFailed") -> bool:
        """Return whether both are the same item at the same place of the same subject."""
        return self.apart == other.apart and self.place.is_same(other.place)


@dataclass(frozen=True)
class FailedItem:
    """A failed item of a visit, worded as it was on the visit; `subject` is what was visited, as it was called then.

    `severity` is a value of `ItemSeverity`, '' of a visit before 2026-12.
    """

    id: int
    visit_id: int
    visit: str
    at: datetime
    estate_id: int
    subject: str
    what: WhatFailed
    text: str
    remark: str
    clauses: tuple[str, ...]
    severity: str = ""

    @property
    def item(self) -> str:
        """The key of the item."""
        return self.what.item

    @property
    def place(self) -> str:
        """The building, gate or facility of an estate, or the renovation that was visited; '' for a whole estate."""
        whole = "" if self.what.subject_kind == SubjectKind.ESTATE else self.subject
        return self.what.place.text or whole
