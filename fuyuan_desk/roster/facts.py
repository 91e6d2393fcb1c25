"""Results of the roster's services that its pages show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fuyuan_desk.estates.facts.houses import KeptPlace

Cell = str | int | float | bool


@dataclass(frozen=True)
class Undoing:
    """What undoing an import removes and keeps.

    `removed` and `kept` count records by the name of their table; `places` are what stays for its own sake, not
    merely because something is in it. `changes` counts the households that were there before and are set back.
    """

    import_id: int
    file_name: str
    removed: Mapping[str, int]
    kept: Mapping[str, int]
    places: tuple[KeptPlace, ...]
    changes: int = 0


@dataclass(frozen=True)
class TableColumns:
    """A table of a roster: its sheet, and the field and the title of each column."""

    sheet: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Unimported:
    """A row that was not imported: `row` as in Excel, the home it is about, why, and its cells.

    `table` is the index of its `TableColumns`, `id` its key in the store (0 before it is kept).
    """

    table: int
    sheet: str
    row: int
    home: str
    reason: str
    cells: tuple[Cell, ...]
    id: int = 0


@dataclass(frozen=True)
class UnimportedList:
    """What is kept of an import's rows that were not imported; the cells are masked unless they are exported."""

    import_id: int
    file_name: str
    tables: tuple[TableColumns, ...]
    rows: tuple[Unimported, ...]


@dataclass(frozen=True)
class Reading:
    """How rosters of one shape are read, as somebody corrected it on a day.

    `columns` are fields by 0-based column, `words` meanings of words by field, `confirmed` the keys of unsure readings
    that were confirmed.
    """

    shape: str
    columns: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    at: datetime | None = None
    operator: str = ""

    @property
    def is_corrected(self) -> bool:
        """Whether it says anything."""
        return bool(self.columns or any(self.words.values()) or self.confirmed)
