"""The rows of a roster to look through, with what becomes of each; pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.rows import WARNING, Problem, RosterRow

NEW, CHECK, LEFT_OUT, FAULTY = "new", "check", "left-out", "faulty"
"""Imported, imported but to be checked, left out as a duplicate, not imported because of a fault."""
_Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the list, masked; `state` is one of those above, `reason` why it is not imported."""

    sheet: str
    row: int
    home: str
    holder: str
    state: str
    reason: str

    @property
    def id(self) -> _Key:
        """Place in the file, and holder as shown."""
        return self.sheet, self.row, self.holder


@dataclass(frozen=True)
class Listing:
    """All rows of a roster, those that are not imported with their reason, and the places of warnings."""

    rows: Sequence[RosterRow] = ()
    reasons: Mapping[_Key, str] = field(default_factory=dict)
    warned: Collection[tuple[str, int]] = frozenset()


def listing_of(
    rows: Sequence[RosterRow], left_out: Sequence[RosterRow], problems: Sequence[Problem]
) -> Listing:
    """Return the list of a roster's rows after its import was planned."""
    reasons = {(row.sheet, row.row, row.name): row.fault for row in left_out}
    warned = {(problem.sheet, problem.row) for problem in problems if problem.severity == WARNING}
    return Listing(rows, reasons, warned)


def counts_of(listing: Listing) -> dict[str, int]:
    """Count the rows by what becomes of them, those of which there are any."""
    counts = {FAULTY: 0, CHECK: 0, LEFT_OUT: 0}
    faulty = {(row.sheet, row.row, row.name) for row in listing.rows if row.fault}
    counts[FAULTY] = len(faulty)
    counts[LEFT_OUT] = len(listing.reasons.keys() - faulty)
    counts[CHECK] = sum(1 for row in listing.rows if _state(row, listing) == CHECK) if listing.warned else 0
    return {state: count for state, count in counts.items() if count}


def find_rows(listing: Listing, typed: str, state: str | None) -> Sequence[RosterRow]:
    """Return the rows in which something stands that is typed, and of which becomes what is asked for."""
    rows = listing.rows
    if state is not None:
        rows = [row for row in rows if _state(row, listing) == state]
    typed = "".join(typed.split()).casefold()
    return [row for row in rows if typed in _searched(row, listing)] if typed else rows


def listed(row: RosterRow, listing: Listing) -> ListedRow:
    """Return a row as it is shown."""
    reason = row.fault or listing.reasons.get((row.sheet, row.row, row.name), "")
    holder = masked_cell("name", row.name)
    return ListedRow(row.sheet, row.row, row.home.address, holder, _state(row, listing), reason)


def _state(row: RosterRow, listing: Listing) -> str:
    if row.fault:
        return FAULTY
    if (row.sheet, row.row, row.name) in listing.reasons:
        return LEFT_OUT
    return CHECK if (row.sheet, row.row) in listing.warned else NEW


def _searched(row: RosterRow, listing: Listing) -> str:
    reason = row.fault or listing.reasons.get((row.sheet, row.row, row.name), "")
    text = f"{row.sheet}\n{row.row}\n{row.home.address}\n{row.name}\n{reason}"
    return "".join(text.split(" ")).casefold()
