"""Importing a roster in one transaction, and undoing an import."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
from fuyuan_desk.estates.service.for_other_jobs import estate_addresses, estate_names
from fuyuan_desk.estates.service.own_entries import is_own_new_record
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.reading.masking import masked_home, masked_value
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.plan import (
    Held,
    HolderKey,
    Known,
    PlaceKey,
    Plan,
    holder_name,
    plan_import,
    unit_key,
)
from fuyuan_desk.roster.reading.reader import RosterDraft, refuse_unconfirmed, understand
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING, Home, Problem, RosterRow
from fuyuan_desk.roster.reading.streets import settle_streets
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.service.undo import plan_undo, take_back, what_stayed
from fuyuan_desk.roster.service.unimported import count_unimported, forget_unimported, keep_unimported
from fuyuan_desk.roster.service.writer import PlanWriter
from fuyuan_desk.workbook.reader import read_workbook


@dataclass(frozen=True)
class ImportReport:
    """The result of an import or of its preview.

    `estates` are those that the store has after it: one of which all rows are faulty is not there. `buildings`,
    `units`, `households` count new ones; `left_out` are the duplicate and rejected rows, each with its reason in
    `fault`. `differing` counts the duplicates that say something else than the store. `problems` begin with the worst.
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
    differing: int = 0


@dataclass(frozen=True)
class ImportView:
    """An earlier import; `counts` by buildings, units, households, duplicates, rejected, kept, kept_homes.

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
def preview_roster(seat: Seat, draft: RosterDraft) -> ImportReport:
    """Preview an import without writing; the columns of a roster without headers are guessed."""
    with undisturbed(), seat.reading() as session:
        return _report(draft, _plan(session, draft), None, dry_run=True)


@permit(*WRITERS)
def import_roster(
    seat: Seat,
    source: Path | RosterDraft,
    estate_name: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    one_estate: bool = False,
    password: str = "",
    hidden: bool = False,
) -> ImportReport:
    """Import a roster: add the estates, buildings, units and households that are not in the store yet.

    `source` is a file, or a draft that was looked at; `estate_name` puts all rows into one estate, `one_estate` also
    those of a file that names several; `password` opens a protected file, `hidden` reads its hidden sheets, too.
    Raises `Locked` when the password is missing or wrong.
    All or nothing: an error or `Cancelled` leaves nothing. Once it is committed, the search finds everything.
    """
    progress = progress or Progress()
    with undisturbed():
        if isinstance(source, RosterDraft):
            return _import(seat, source, dry_run, progress)
        draft = understand(
            read_workbook(source, progress, password, hidden),
            estate_name or "",
            progress=progress,
            one_estate=one_estate,
        )
        return _import(seat, draft, dry_run, progress)


def _import(seat: Seat, draft: RosterDraft, dry_run: bool, progress: Progress) -> ImportReport:
    refuse_unconfirmed(draft)
    if not all(draft.estates) or not draft.estates:
        raise InvalidInput(
            _("{name} does not name its estate. Name the estate, then import it again.").format(
                name=draft.file_name
            ),
            {"estate": _("Enter the name of the estate.")},
        )
    if dry_run:
        with seat.reading() as session:
            return _report(draft, _plan(session, draft), None, dry_run=True)
    with seat.transaction() as session:
        plan = _plan(session, draft, progress)
        created = PlanWriter(session, draft.file_name, draft.addresses, plan, progress).write()
        run = ImportRun(
            file_name=draft.file_name,
            at=seat.now(),
            operator=seat.operator.name,
            counts=_counts(plan),
            created=created,
            findable=True,
        )
        session.add(run)
        session.flush()
        report = _report(draft, plan, run.id, dry_run=False)
        keep_unimported(session, run, seat.operator.id, draft, report.left_out)
        session.flush()
        return report


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
        return _known(session, (home.estate,)).units.get(place)


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


# ---- reading ----


def _plan(session: Session, draft: RosterDraft, progress: Progress | None = None) -> Plan:
    known = _known(session, draft.estates)
    rows, problems = settle_streets(draft.rows, known)
    plan = plan_import(rows, known, progress)
    plan.problems[:0] = problems
    return plan


def _known(session: Session, estates_named: Iterable[str]) -> Known:
    wanted = set(map(same_estate, estates_named))
    names = estate_names(session)
    estates = {key: estate_id for estate_id, name in names.items() if (key := same_estate(name)) in wanted}
    if not estates:
        return Known()
    keys = {estate_id: key for key, estate_id in estates.items()}
    buildings: dict[int, PlaceKey] = {}
    for building_id, estate_id, label in bulk.buildings_of(session, keys):
        # the draft may spell the estate's name differently from the store
        name = names[estate_id]
        buildings[building_id] = unit_key(
            name, "" if same_estate(label) == keys[estate_id] else label, "", ""
        )
    units: dict[int, PlaceKey] = {}
    for unit_id, building_id, entrance, label in bulk.units_of(session, keys):
        estate, building, _entrance, _unit = buildings[building_id]
        units[unit_id] = (estate, building, entrance, unit_key("", "", "", label)[3])
    phones: dict[int, set[str]] = defaultdict(set)
    for household_id, number in bulk.phones_of(session, keys):
        phones[household_id].add(number)
    holders: dict[HolderKey, Held] = {
        (units[unit_id], holder_name(head)): Held(frozenset(phones[household_id]), id_number, people)
        for household_id, unit_id, head, id_number, people in bulk.holders_of(session, keys)
    }
    return Known(
        estates,
        {keys[estate_id]: address for estate_id, address in estate_addresses(session, keys).items()},
        {key[:2]: building_id for building_id, key in buildings.items()},
        {key: unit_id for unit_id, key in units.items()},
        holders,
    )


def _counts(plan: Plan) -> dict[str, int]:
    return {
        "buildings": len(plan.buildings),
        "units": len(plan.units),
        "households": len(plan.households),
        "duplicates": len(plan.duplicates),
        "rejected": len(plan.rejected),
    }


def _report(draft: RosterDraft, plan: Plan, import_id: int | None, dry_run: bool) -> ImportReport:
    return ImportReport(
        file_name=draft.file_name,
        dry_run=dry_run,
        estates=tuple(dict.fromkeys(row.estate for row in draft.rows if row.estate and not row.fault)),
        sheets=draft.sheets,
        **_counts(plan),
        problems=tuple(sorted((*draft.problems, *plan.problems), key=_rank)),
        left_out=tuple(sorted((*plan.rejected, *plan.duplicates), key=lambda row: (row.sheet, row.row))),
        draft=draft,
        import_id=import_id,
        differing=plan.differing,
    )


def _rank(problem: Problem) -> int:
    return (ERROR, WARNING, INFO).index(problem.severity)


def _view(run: ImportRun, unimported: int) -> ImportView:
    return ImportView(
        run.id, run.file_name, run.at, run.operator, dict(run.counts), run.undone_at, unimported
    )


def rejects_name(file_name: str) -> str:
    """Return the default file name for the rows that were not imported."""
    return safe_name(f"{Path(file_name).stem[:60]}-未导入", ".xlsx")
