"""Queries and results of the audit trail services: frozen dataclasses; personal data masked unless revealed."""

from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.access.export_order import Stamp
from fuyuan_desk.core.changes import FieldChange


@dataclass(frozen=True)
class TrailQuery:
    """Filter for audit entries; days are the office's own, both included; empty choices mean all.

    `record` is a table and a record's id; every word of `text` must occur in the entry's changes.
    """

    since: date | None = None
    until: date | None = None
    operators: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    record: tuple[str, int] | None = None
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing is filtered."""
        return self == TrailQuery()


@dataclass(frozen=True)
class EntryLine:
    """An audit entry in the list: keys and their display names.

    `record_name` is '' for a record that is gone or has no name; `whole` has all that `summary` shortens.
    """

    id: int
    at: datetime
    operator: str
    operator_name: str
    action: str
    action_name: str
    table: str
    table_name: str
    record_id: int | None
    summary: str
    record_name: str = ""
    whole: str = ""


@dataclass(frozen=True)
class EntryPage:
    """A window of the entries, newest first; `more`: more than `total` entries match."""

    total: int
    rows: tuple[EntryLine, ...]
    more: bool = False


@dataclass(frozen=True)
class EntryDetail:
    """All of an entry; `block` is the first and last record of an entry for many records.

    `erased`: personal data was erased from it; `hash` is its hash in the chain.
    """

    line: EntryLine
    changes: tuple[FieldChange, ...]
    block: tuple[int, int] | None
    erased: bool
    hash: str

    @property
    def hidden(self) -> bool:
        """Whether revealing would show more."""
        return any(change.hidden for change in self.changes)


@dataclass(frozen=True)
class TrailChoices:
    """What the filters offer: key and name."""

    operators: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ExportRow:
    """An exported entry with its hash in the chain."""

    line: EntryLine
    hash: str


@dataclass(frozen=True)
class ChainProof:
    """Proof to compare an export with the store later: its first and last entry, and the end of the trail."""

    count: int
    first: int
    first_hash: str
    last: int
    last_hash: str
    entries: int
    end: int
    end_hash: str


@dataclass(frozen=True)
class TrailExport:
    """Exported rows, oldest first, and their proof; `more`: the oldest matching rows are missing."""

    rows: tuple[ExportRow, ...]
    proof: ChainProof
    more: bool
    stamp: Stamp


@dataclass(frozen=True)
class Point:
    """An entry to compare later: number, whole hash, instant."""

    number: int
    hash: str
    at: datetime


@dataclass(frozen=True)
class TrailProof:
    """What the proof sheet says; `earlier` are the last entries of earlier months, newest first.

    `entries` and `erasures` are counts; `faults` is how many the check found, which read up to entry `checked`.
    """

    office: str
    made: datetime
    operator: str
    entries: int
    end: Point
    earlier: tuple[Point, ...]
    erasures: int
    checked: int
    faults: int
