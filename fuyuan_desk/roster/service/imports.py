"""Importing a roster in one transaction, and undoing an import."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.files import safe_name
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import bulk
from fuyuan_desk.estates.service.own_entries import is_own_new_record
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.reading.known_parts import within_known
from fuyuan_desk.roster.reading.masking import masked_difference, masked_home, masked_value
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.plan import Known, Plan, plan_import, unit_key
from fuyuan_desk.roster.reading.reader import RosterDraft, estate_missing, refuse_unconfirmed, understand
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, Home, Problem, RosterRow
from fuyuan_desk.roster.reading.streets import settle_streets
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.rules.entries import NOTHING_COMPARED, Comparison, Entry, Group, group_counts
from fuyuan_desk.roster.rules.stored import Stored
from fuyuan_desk.roster.rules.taking import CHANGING, NEW_ONLY, Take, taken
from fuyuan_desk.roster.service.alike_estates import AlikeEstate, alike_estate
from fuyuan_desk.roster.service.changes import write_changes
from fuyuan_desk.roster.service.comparing import compared, in_store, known_of, owners_of_parts, stored_of
from fuyuan_desk.roster.service.undo import changes_of, plan_undo, take_back, what_stayed
from fuyuan_desk.roster.service.unimported import count_unimported, forget_unimported, keep_unimported
from fuyuan_desk.roster.service.writer import PlanWriter
from fuyuan_desk.store.audit import reversal
from fuyuan_desk.workbook.reader import read_workbook


@dataclass(frozen=True)
class ImportReport:
    """The result of an import or of its preview.

    `estates` are those that the store has after it: one of which all rows are faulty is not there. `buildings`,
    `units`, `households` count those that are added. `duplicates` count rows about households that are there already,
    or earlier in the list; `left_out` are those that repeat an earlier row and the rejected ones, each with its reason
    in `fault`. `comparison` is of the rows of estates that were known before, `in_new_estates` counts the households of
    all others, and `applied` what was written of the comparison, by group. `problems` begin with the worst. `alike` is
    an estate that the store seems to have under another name, to be asked about.
    """

    file_name: str
    dry_run: bool
    estates: tuple[str, ...]
    sheets: int
    buildings: int
    units: int
    households: int
    duplicates: int
    rejected: int
    problems: tuple[Problem, ...]
    left_out: tuple[RosterRow, ...]
    draft: RosterDraft
    import_id: int | None = None
    comparison: Comparison = NOTHING_COMPARED
    in_new_estates: int = 0
    applied: Mapping[Group, int] = field(default_factory=dict)
    alike: AlikeEstate | None = None

    @property
    def repeats(self) -> int:
        """How many rows repeat an earlier one of the list."""
        return len(self.left_out) - self.rejected

    @property
    def known(self) -> int:
        """How many rows are about households and homes that are there already."""
        return self.duplicates - self.repeats

    @property
    def changes(self) -> int:
        """How many households that were there before are changed, or have ended."""
        return sum(self.applied.get(group, 0) for group in CHANGING)


@dataclass(frozen=True)
class _Planned:
    """An import ready to be written: what it adds, the comparison, and what of that is written."""

    plan: Plan
    stored: Stored
    comparison: Comparison
    entries: tuple[Entry, ...]
    known_rows: int

    @property
    def duplicates(self) -> int:
        """How many rows are about what is there already, or earlier in the list."""
        fresh = (Group.NEW, Group.OTHER_HOLDER, Group.MOVED)
        others = sum(entry.group in fresh for entry in self.comparison.entries)
        return self.known_rows - others + len(self.plan.duplicates)

    @property
    def applied(self) -> Counter[Group]:
        """How many entries are written, by group."""
        return group_counts(self.entries)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not (self.plan.units or self.plan.households or self.entries)


@dataclass(frozen=True)
class ImportView:
    """An earlier import; `counts` by buildings, units, households, changes, duplicates, rejected, kept, kept_homes.

    `unimported` counts the rows not imported that are still kept.
    """

    id: int
    file_name: str
    at: datetime
    operator: str
    counts: Mapping[str, int]
    undone_at: datetime | None
    unimported: int = 0


@permit(*WRITERS)
def preview_roster(
    seat: Seat, draft: RosterDraft, take: Take = NEW_ONLY, as_of: datetime | None = None
) -> ImportReport:
    """Preview an import without writing; the columns of a roster without headers are guessed."""
    with undisturbed(), seat.reading() as session:
        draft = _within_store(session, draft)
        report = _report(draft, _plan(seat, session, draft, take, as_of), None, dry_run=True)
        return replace(report, alike=alike_estate(session, draft))


@permit(*WRITERS)
def import_roster(
    seat: Seat,
    source: Path | RosterDraft,
    estate_name: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    one_estate: bool = False,
    take: Take = NEW_ONLY,
    as_of: datetime | None = None,
    password: str = "",
    hidden: bool = False,
) -> ImportReport:
    """Import a roster: add estates that are new whole, and of those that are known write what `take` says.

    `source` is a file, or a draft that was looked at; `estate_name` puts all rows into one estate, `one_estate` also
    those of a file that names several; `password` opens a protected file, `hidden` reads its hidden sheets, too.
    `as_of` is when the list was made, by default when its file was last changed: what was entered in the store later is
    kept. Raises `Locked` when the password is missing or wrong.
    All or nothing: an error or `Cancelled` leaves nothing. Once it is committed, the search finds everything.
    """
    progress = progress or Progress()
    with undisturbed():
        if isinstance(source, RosterDraft):
            return _import(seat, source, dry_run, progress, take, as_of)
        draft = understand(
            read_workbook(source, progress, password, hidden),
            estate_name or "",
            progress=progress,
            one_estate=one_estate,
        )
        return _import(seat, draft, dry_run, progress, take, as_of or made_at(source))


def made_at(file: Path) -> datetime | None:
    """Return when a list was last changed, as far as its file says."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _import(
    seat: Seat, draft: RosterDraft, dry_run: bool, progress: Progress, take: Take, as_of: datetime | None
) -> ImportReport:
    refuse_unconfirmed(draft)
    unnamed = _("{name} does not name its estate. Name the estate, then import it again.")
    if missing := estate_missing(draft, unnamed.format(name=draft.file_name)):
        raise InvalidInput(missing, {"estate": _("Enter the name of the estate.")})
    if dry_run:
        with seat.reading() as session:
            draft = _within_store(session, draft)
            _refuse_alike(session, draft)
            return _report(draft, _plan(seat, session, draft, take, as_of), None, dry_run=True)
    with seat.transaction() as session:
        draft = _within_store(session, draft)
        _refuse_alike(session, draft)
        planned = _plan(seat, session, draft, take, as_of, progress)
        report = _report(draft, planned, None, dry_run=False)
        if planned.is_empty and planned.stored.estates and not report.left_out:
            return report  # a list of which nothing is written leaves no trace
        run = _write(seat, session, draft, planned, take, as_of, progress)
        keep_unimported(session, run, seat.operator.id, draft, report.left_out)
        session.flush()
        return replace(report, import_id=run.id)


def _refuse_alike(session: Session, draft: RosterDraft) -> None:
    if found := alike_estate(session, draft):
        raise InvalidInput(found.question, {"estate": _("Say which estate this is.")})


def _write(
    seat: Seat,
    session: Session,
    draft: RosterDraft,
    planned: _Planned,
    take: Take,
    as_of: datetime | None,
    progress: Progress,
) -> ImportRun:
    writer = PlanWriter(
        session, draft.file_name, draft.addresses, planned.plan, progress, len(planned.entries)
    )
    created = writer.write()
    first = last = None
    if changes := [entry for entry in planned.entries if entry.group is not Group.NEW]:
        if take.ended_on is not None and take.ended_on > seat.today():
            fault = _("The day is in the future. Enter it once they have moved out.")
            raise InvalidInput(fault, {"ended_on": fault})
        first = reversal.last_entry(session) + 1
        write_changes(session, changes, planned.stored, take, writer.unit_of, writer.step)
        last = reversal.last_entry(session)
    run = ImportRun(
        file_name=draft.file_name,
        at=seat.now(),
        operator=seat.operator.name,
        counts=_counts(planned),
        created=created,
        findable=True,
        first_entry=first,
        last_entry=last,
        as_of=as_of,
        estates=sorted({*planned.stored.estates.values(), *_range(created.get(bulk.ESTATE))}),
    )
    session.add(run)
    session.flush()
    return run


def _range(span: Sequence[int] | None) -> range:
    return range(span[0], span[1] + 1) if span else range(0)


@permit(*WRITERS)
def preview_undo(seat: Seat, import_id: int) -> Undoing:
    """Return what undoing an import would remove and keep; refused if nothing of it could be removed."""
    with undisturbed(), seat.reading() as session:
        return plan_undo(session, _run_to_undo(session, import_id))


@permit(*WRITERS)
def undo_import(seat: Seat, import_id: int) -> Undoing:
    """Undo one import: remove what is untouched since, keep what was changed or is used, and return both.

    Refused if nothing of it could be removed. What stays cannot be undone again. The rows not imported are forgotten.
    As it removes households, it takes a second person, but for the operator's own import within a day.
    """
    with undisturbed(), seat.transaction() as session:
        run = _run_to_undo(session, import_id)
        if not is_own_new_record(seat, session, ImportRun.__tablename__, run.id):
            seat.require_second(session, ProtectedAction.REMOVE_HOUSEHOLD, run.file_name)
        undoing = take_back(session, run)
        forget_unimported(session, run.id)  # they come again with the roster
        run.undone_at = seat.now()
        session.flush()
        return undoing


@permit(*WRITERS)
def kept_records(seat: Seat, import_id: int) -> Undoing:
    """Return what is left of an import that was undone."""
    with seat.reading() as session:
        run = session.get(ImportRun, import_id)
        if run is None or run.undone_at is None:
            raise Conflict(_("This import was not undone. Reload the list."))
        return what_stayed(session, run)


def _run_to_undo(session: Session, import_id: int) -> ImportRun:
    run = session.get(ImportRun, import_id)
    if run is None or run.undone_at is not None:
        raise Conflict(_("This import was already undone. Reload the list."))
    return run


@permit(*STAFF)
def list_imports(seat: Seat) -> tuple[ImportView, ...]:
    """List the earlier imports, newest first."""
    with seat.reading() as session:
        kept = count_unimported(session)
        runs = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()))
        return tuple(_view(run, kept.get(run.id, 0)) for run in runs)


@permit(*WRITERS)
def find_home(seat: Seat, home: Home) -> int | None:
    """Find the unit of a roster's row in the store; None if it is not there."""
    place = unit_key(home.estate, home.building, home.entrance, home.unit)
    with seat.reading() as session:
        return stored_of(session, (home.estate,), seat.today()).by_place.get(place)


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return a report as plain data for `import --json`; personal data is masked."""
    return {
        "sheets": report.sheets,
        "buildings": report.buildings,
        "units": report.units,
        "households": report.households,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "problems": list(map(_problem_json, report.problems)),
        "estates": list(report.estates),
        "dry_run": report.dry_run,
        "import_id": report.import_id,
        "new": report.in_new_estates + report.comparison.count(Group.NEW),
        "changed": report.comparison.count(Group.CHANGED),
        "unchanged": report.comparison.unchanged,
        "gone": report.comparison.count(Group.GONE),
        "other_holder": report.comparison.count(Group.OTHER_HOLDER),
        "moved": report.comparison.count(Group.MOVED),
        "written": {} if report.dry_run else {group.value: count for group, count in report.applied.items()},
        "differences": list(_differences_json(report.comparison)),
    }


def _differences_json(comparison: Comparison) -> Iterator[dict[str, Any]]:
    for entry in comparison.entries:
        for one in entry.differences:
            yield {
                "row": entry.row or None,
                "unit": entry.place,
                "household": mask_name(one.whose or entry.holder, entry.is_company and not one.whose),
                "field": one.field,
                "old": masked_difference(one, one.old),
                "new": masked_difference(one, one.new),
                "group": entry.group.value,
                "kept": one.is_kept or entry.is_kept,
                "why": one.why or entry.why,
            }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "home": masked_home(problem),
        "value": masked_value(problem),
        "message": problem.message,
        "severity": problem.severity,
    }


# ---- planning ----


def _within_store(session: Session, draft: RosterDraft) -> RosterDraft:
    return within_known(draft, owners_of_parts(session, draft.parts))


def _plan(
    seat: Seat,
    session: Session,
    draft: RosterDraft,
    take: Take,
    as_of: datetime | None,
    progress: Progress | None = None,
) -> _Planned:
    stored = stored_of(session, draft.estates, seat.today())
    if not stored.estates:  # the rows of a long list stay packed
        return _Planned(plan_import(draft.rows, Known(), progress), stored, NOTHING_COMPARED, (), 0)
    known = known_of(session, stored, draft.rows)
    rows, problems = settle_streets(draft.rows, known)
    there, others = _parted(rows, stored)
    faulty = [row for row in others if row.fault]
    comparison = compared(session, there, stored, draft.stated, as_of, take.apart, faulty, draft.of_some)
    entries = tuple(taken(comparison, take))
    joining = [
        in_store(entry.listed, entry, stored)
        for entry in entries
        if entry.group is Group.NEW and entry.listed is not None
    ]
    # a home that the store does not have is added without those who moved there: they come with their history
    homes = [
        entry.listed._replace(name="", persons=(), phones=())
        for entry in entries
        if entry.group is Group.MOVED and not entry.unit and entry.listed is not None
    ]
    plan = plan_import([*others, *joining, *homes], known, progress)
    plan.problems[:0] = [*problems, *comparison.problems]
    return _Planned(plan, stored, comparison, entries, len(there))


def _parted(rows: Sequence[RosterRow], stored: Stored) -> tuple[list[RosterRow], list[RosterRow]]:
    """Part the sound rows of known estates from all others."""
    is_known = {name: same_estate(name) in stored.estates for name in {row.estate for row in rows}}
    there: list[RosterRow] = []
    others: list[RosterRow] = []
    for row in rows:
        (there if is_known[row.estate] and not row.fault else others).append(row)
    return there, others


def _counts(planned: _Planned) -> dict[str, int]:
    changes = {group.value: planned.applied[group] for group in CHANGING if planned.applied[group]}
    return {
        "buildings": len(planned.plan.buildings),
        "units": len(planned.plan.units),
        "households": len(planned.plan.households),
        "duplicates": len(planned.plan.duplicates) + len(planned.comparison.repeats),
        "rejected": len(planned.plan.rejected),
        **changes,
    }


def _report(draft: RosterDraft, planned: _Planned, import_id: int | None, dry_run: bool) -> ImportReport:
    plan, comparison = planned.plan, planned.comparison
    joining = sum(entry.group is Group.NEW and bool(entry.holder) for entry in planned.entries)
    left_out = (*plan.rejected, *plan.duplicates, *comparison.repeats)
    return ImportReport(
        file_name=draft.file_name,
        dry_run=dry_run,
        estates=tuple(dict.fromkeys(row.estate for row in draft.rows if row.estate and not row.fault)),
        sheets=draft.sheets,
        buildings=len(plan.buildings),
        units=len(plan.units),
        households=len(plan.households),
        duplicates=planned.duplicates,
        rejected=len(plan.rejected),
        problems=tuple(sorted((*draft.problems, *plan.problems), key=_rank)),
        left_out=tuple(sorted(left_out, key=lambda row: (row.sheet, row.row))),
        draft=draft,
        import_id=import_id,
        comparison=comparison,
        in_new_estates=len(plan.households) - joining,
        applied=planned.applied,
    )


def _rank(problem: Problem) -> int:
    return (ERROR, WARNING, INFO).index(problem.severity)


def _view(run: ImportRun, unimported: int) -> ImportView:
    return ImportView(
        run.id,
        run.file_name,
        run.at,
        run.operator,
        {**run.counts, "changes": changes_of(run)},
        run.undone_at,
        unimported,
    )


def rejects_name(file_name: str) -> str:
    """Return the default file name for the rows that were not imported."""
    return safe_name(f"{Path(file_name).stem[:60]}-未导入", ".xlsx")
