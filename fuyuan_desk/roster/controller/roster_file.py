"""The roster that is being checked: its file, what a clerk decided about it, and reading it off the database worker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.facts.houses import ImportRow
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.reading.corrections import with_typed
from fuyuan_desk.roster.reading.listing import Listing, counts_of, listing_of
from fuyuan_desk.roster.reading.meanings import with_meanings
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.shapes import fields_of, with_readings
from fuyuan_desk.roster.reading.unsure import Unsure, guesses_of, unsure_readings
from fuyuan_desk.roster.rules.taking import NEW_ONLY
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport, ImportView
from fuyuan_desk.roster.view.check import Mapping as Fields
from fuyuan_desk.workbook.reader import Workbook, read_workbook


@dataclass
class Roster:
    """The file being imported, with the clerk's settings; `is_current`: the draft is read as they say.

    `read` and `guessed` are the fields that the program gave the columns, `kept` what was corrected in earlier files
    of the same shape. `words`, `confirmed` and `typed` are as in `meanings`, `unsure` and `corrections`.
    """

    path: Path
    workbook: Workbook | None = None
    draft: RosterDraft | None = None
    report: ImportReport | None = None
    estate: str = ""
    one_estate: bool = False
    mapping: Fields = field(default_factory=dict)
    is_current: bool = True
    read: Fields = field(default_factory=dict)
    guessed: Fields = field(default_factory=dict)
    kept: tuple[Reading, ...] = ()
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    typed: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)
    unsure: Collection[str] = ()

    def begin(self, workbook: Workbook, draft: RosterDraft, unsure: Collection[str]) -> None:
        """Take what was read of the file, with the keys of its unsure columns and words."""
        self.workbook, self.draft, self.unsure = workbook, draft, unsure
        self.read, self.guessed = fields_of(draft.tables), guesses_of(draft)

    def take(self, kept: tuple[Reading, ...]) -> bool:
        """Take what was corrected in earlier files; return whether the file is to be read again."""
        assert self.draft is not None  # read before
        self.kept = kept
        self.mapping = with_readings(self.draft.tables, kept)
        self.words = {}
        for reading in kept:
            self.confirmed |= reading.confirmed
            for code, words in reading.words.items():
                self.words.setdefault(code, {}).update(words)
        return bool(self.mapping or self.words)

    def copied(self) -> "Roster":
        """Return a copy with the settings of now, which may be read elsewhere while a clerk changes them."""
        typed = {place: dict(cells) for place, cells in self.typed.items()}
        words = {code: dict(meanings) for code, meanings in self.words.items()}
        return replace(self, typed=typed, words=words, confirmed=set(self.confirmed))

    def forget(self) -> None:
        """Return to what the program reads by itself."""
        for reading in self.kept:
            self.confirmed -= reading.confirmed
        self.kept, self.mapping, self.words = (), {}, {}


class Looked(NamedTuple):
    """What is shown of a roster before its import."""

    report: ImportReport
    listing: Listing
    counts: Mapping[str, int]
    unsure: tuple[Unsure, ...]


def read_file(
    path: Path, password: str, hidden: bool, progress: Progress
) -> tuple[Workbook, RosterDraft, frozenset[str]]:
    """Read a file as a roster, with the keys of its unsure columns and words; `hidden`: its hidden sheets, too."""
    with undisturbed():
        workbook = read_workbook(path, progress, password, hidden)
        draft = understand(workbook, progress=progress)
        return workbook, draft, frozenset(one.key for one in unsure_readings(draft, ()))


def read_again(roster: Roster, progress: Progress) -> RosterDraft:
    """Read a roster as the clerk's settings say."""
    assert roster.workbook is not None  # read before
    with undisturbed():
        workbook = with_typed(roster.workbook, roster.typed)
        mapping = roster.mapping or None
        draft = understand(workbook, roster.estate, mapping, progress, roster.one_estate)
        return with_meanings(draft, roster.words)


def look_at(seat: Any, roster: Roster, draft: RosterDraft) -> Looked:
    """Preview the import of a draft, with its rows and unsure readings; on the database worker."""
    report = imports.preview_roster(seat, draft, NEW_ONLY, imports.made_at(roster.path))
    with undisturbed():
        listing = listing_of(report.draft.rows, report.left_out, report.problems)
        groups = unsure_readings(draft, report.problems, roster.confirmed, roster.words, roster.guessed)
        return Looked(report, listing, counts_of(listing), groups)


# --- as the screens show it

_FIGURES = ("sheets", "buildings", "units", "households", "known", "changes", "duplicates", "rejected")


def figures_of(report: ImportReport) -> dict[str, int]:
    """Return the counts of a report; its duplicates are the rows that repeat an earlier one."""
    return {name: getattr(report, name) for name in _FIGURES} | {"duplicates": report.repeats}


def row_of(view: ImportView) -> ImportRow:
    """Return an earlier import as the list shows it."""
    return ImportRow(
        view.id, view.file_name, view.at, view.operator, dict(view.counts), view.undone_at, view.unimported
    )
