"""What the services of the trail are asked for and tell: frozen dataclasses; personal data masked unless revealed."""

from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.access.export_order import Stamp


@dataclass(frozen=True)
class TrailQuery:
    """Which acts to list; days are the office's own, both included; empty choices mean all.

    `record` is a table and a record's number; `text` is looked for in what the acts say, word by word.
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
        """Whether nothing is asked for but all."""
        return self == TrailQuery()


@dataclass(frozen=True)
class EntryLine:
    """An act as the list shows it: keys and, beside them, their names in the language of the screen."""

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


@dataclass(frozen=True)
class EntryPage:
    """A window of the acts, newest first; `more`: there are more than `total`, narrow the search to reach them."""

    total: int
    rows: tuple[EntryLine, ...]
    more: bool = False


@dataclass(frozen=True)
class FieldChange:
    """What an act says of one field; `old` is '' but for a change, `hidden` says that a reveal would show more."""

    field: str
    name: str
    old: str
    new: str
    hidden: bool


@dataclass(frozen=True)
class EntryDetail:
    """All that an act says; `block` names the first and last record of an act that tells of many.

    `erased`: personal data was erased from it; `hash` is its link of the chain.
    """

    line: EntryLine
    changes: tuple[FieldChange, ...]
    block: tuple[int, int] | None
    erased: bool
    hash: str

    @property
    def hidden(self) -> bool:
        """Whether a reveal would show more."""
        return any(change.hidden for change in self.changes)


@dataclass(frozen=True)
class TrailChoices:
    """What the filters offer: key and name, and the days that the trail reaches over."""

    operators: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, str], ...]
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True)
class ExportRow:
    """An act as it leaves the store, with its link of the chain."""

    line: EntryLine
    hash: str


@dataclass(frozen=True)
class ChainProof:
    """By what an export can be held against the store later: its first and last act, and the end of the trail."""

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
    """Rows, oldest first, and their proof; `more`: not all fitted, the oldest are missing."""

    rows: tuple[ExportRow, ...]
    proof: ChainProof
    more: bool
    stamp: Stamp
