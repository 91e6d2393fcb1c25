"""Inspections (巡查): checklists, visits, sheets."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.inspections.kinds import CHECKLIST, ROUND, ROUND_PLAN, SHEET, VISIT
from fuyuan_desk.kit.job import Check, Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Choice, Dues, FilePart, Print, Reader, Record
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.inspections.facts import Subject
    from fuyuan_desk.kit.desk import Desk
    from fuyuan_desk.paper.document import Printed

PAGE = "inspections"
CHECKLISTS = "checklists"
ROUNDS, PLANS, SHEETS = "rounds", "round-plans", "sheets-out"
PRINT = "inspection-sheet"
_MODULES = (
    "fuyuan_desk.inspections.controller.inspections",
    "fuyuan_desk.inspections.controller.log",
    "fuyuan_desk.inspections.controller.papers",
)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.inspections import InspectionsController

    page = InspectionsController(shell.desk, settings=shell.layouts)
    page.subject_opened.connect(shell.open_record)
    page.use_way_back(shell.back_or)
    page.checklists_requested.connect(lambda: shell.go(CHECKLISTS))
    return page


def _make_checklists(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.checklists import ChecklistsController

    page = ChecklistsController(shell.desk, shell.layouts)
    page.left.connect(lambda: shell.go(PAGE))
    return page


def _may_write(desk: "Desk") -> bool:
    return desk.can_write


def _describe_versions(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.inspections.service.checklists import version_outlines

    return version_outlines(session, ids)


def _make_rounds(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.rounds import RoundsController

    page = RoundsController(shell.desk, shell.layouts)
    page.log_requested.connect(lambda planned: _log_round(shell, planned))
    page.plans_requested.connect(lambda: shell.go(PLANS))
    page.sheets_requested.connect(lambda: shell.go(SHEETS))
    page.sheet_opened.connect(lambda sheet: shell.open_record(SHEET.name, sheet))
    return page


def _make_sheets(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.sheets_out import SheetsController

    page = SheetsController(shell.desk, shell.layouts)
    page.sheet_opened.connect(lambda sheet: shell.open_record(SHEET.name, sheet))
    return page


def _show_sheets(shell: Shell, sheet_id: int) -> None:
    """List the sheets that are out with the person who took a sheet."""
    shell.go(SHEETS).show_of(sheet_id)


def _may_read_plans(desk: "Desk") -> bool:
    """Return whether the operator sees the plans: a property company sees rounds alone."""
    from fuyuan_desk.inspections.service.round_plans import find_plans

    return desk.may(find_plans)


def _make_plans(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.round_plans import PlansController

    return PlansController(shell.desk, shell.layouts)


def _log_round(shell: Shell, planned: int) -> None:
    """Open the form of a visit for a planned round, or the visit that it has."""
    shell.go(PAGE).log_round(planned)


def _tie_to_estates(page: Any, shell: Shell) -> None:
    """Add a tab with the visit log to each estate, with commands to log a round and print a sheet."""
    from fuyuan_desk.inspections.controller.log import VisitLogSection
    from fuyuan_desk.inspections.controller.papers import PapersController, no_cases
    from fuyuan_desk.inspections.controller.rounds import RoundsSection
    from fuyuan_desk.kit.on_use import OnUse
    from fuyuan_desk.widgets.progress_panel import ProgressPanel

    # on the estate's own page, so that she is there again when the preview is closed
    papers = OnUse(
        lambda: PapersController(shell.desk, page.page, ProgressPanel(), shell.desk.refused.emit, no_cases)
    )

    def make_section() -> VisitLogSection:
        section = VisitLogSection(shell.desk, shell.layouts)
        section.visit_opened.connect(lambda visit: shell.open_record(VISIT.name, visit))
        section.visit_requested.connect(lambda: shell.go(PAGE).log_estate_visit(section.estate_id))
        return section

    def make_rounds() -> RoundsSection:
        rounds = RoundsSection(shell.desk, shell.layouts)
        rounds.log_requested.connect(lambda planned: _log_round(shell, planned))
        rounds.plans_requested.connect(lambda: shell.go(PLANS))
        return rounds

    page.add_section(_("Inspections"), make_section)
    page.add_section(_("Rounds"), make_rounds)
    page.visit_requested.connect(lambda estate: shell.go(PAGE).log_estate_visit(estate))
    page.sheet_requested.connect(lambda estate: papers().print_estate(estate))


def _round(shell: Shell, estate_id: int) -> None:
    """Open the form of a round of an estate."""
    if shell.desk.can_visit:
        shell.go(PAGE).log_estate_visit(estate_id)
    else:
        shell.open_record("estate", estate_id)


def _again(shell: Shell, visit_id: int) -> None:
    """Open the form of another visit to what was visited."""
    if shell.desk.can_visit:
        shell.go(PAGE).visit_again(visit_id)
    else:
        shell.open_record(VISIT.name, visit_id)


def _report(shell: Shell, visit_id: int) -> None:
    """Show a visit, and ask when and to whom it was reported."""
    if shell.desk.can_write:
        shell.go(PAGE).report_visit(visit_id)
    else:
        shell.open_record(VISIT.name, visit_id)


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.inspections.service.for_other_jobs import visit_outlines

    return visit_outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.inspections.service.search_entries import visit_fields

    return visit_fields(session, ids)


def _sheet_fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.inspections.service.search_entries import sheet_fields

    return sheet_fields(session, ids)


def _by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.inspections.service.for_other_jobs import visit_of_uid

    return visit_of_uid(session, uid)


def _describe_sheets(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.inspections.service.printed import sheet_outlines

    return sheet_outlines(session, ids)


def _sheet_by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.inspections.service.printed import sheet_of_uid

    return sheet_of_uid(session, uid)


def _describe_rounds(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.inspections.service.rounds import round_outlines

    return round_outlines(session, ids)


def _describe_plans(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.inspections.service.round_plans import TABLE

    return TABLE.outlines(session, ids)


def _plan_fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.inspections.service.round_plans import TABLE

    return TABLE.found_by(session, ids)


def _show_plan(shell: Shell, plan_id: int) -> None:
    """List the rounds of a plan, those that are due first."""
    shell.go(ROUNDS).show_plan(plan_id)


def _plan_rounds(seat: Seat) -> None:
    from fuyuan_desk.inspections.service.round_days import plan_rounds

    plan_rounds(seat)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.inspections.service.dues import tasks

    return tasks(session, today)


def _figures(session: Session, today: date) -> list[Figure]:
    from fuyuan_desk.inspections.service.dues import figures

    return figures(session, today)


def _subjects(seat: Seat, choice: Choice) -> "Sequence[Subject]":
    from fuyuan_desk.inspections.service.subjects import estate_subjects

    if choice.case is not None:
        return ()
    return estate_subjects(seat, None if choice.estate_id is None else [choice.estate_id])


def _draw(seat: Seat, subjects: "Sequence[Subject]", choice: Choice) -> "Printed":
    from fuyuan_desk.inspections.service.page_data import blank_papers
    from fuyuan_desk.inspections.sheets import inspection_sheets

    if not subjects:
        raise NotFound(_("There are no estates or cases yet. Import a roster first."))
    sheets = blank_papers(seat, tuple(subjects))
    return inspection_sheets(sheets.sheets, sheets.office, sheets.made)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.inspections.service import visit_file

    return visit_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.inspections.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.inspections.tour import walk

    return walk(tour)


def _check(folder: Path) -> str:
    from fuyuan_desk.inspections.self_test import check

    return check(folder)


JOB = Job(
    "inspections",
    pages=(
        Page(
            PAGE,
            N_("Inspections"),
            "inspection",
            _make_page,
            modules=_MODULES,
            start=lambda page: page.entry.leave(page.show_log),
            group=Group.DAILY,
        ),
        Page(
            CHECKLISTS,
            N_("Checklists"),
            "list",
            _make_checklists,
            modules=("fuyuan_desk.inspections.controller.checklists",),
            is_shown=_may_write,
            under=PAGE,
            start=lambda page: page.leave(page.show_list),
            group=Group.DAILY,
        ),
        Page(
            ROUNDS,
            N_("Rounds"),
            "calendar",
            _make_rounds,
            modules=("fuyuan_desk.inspections.controller.rounds",),
            start=lambda page: page.show_list(),
            group=Group.DAILY,
        ),
        Page(
            PLANS,
            N_("Plans of rounds"),
            "calendar",
            _make_plans,
            modules=("fuyuan_desk.inspections.controller.round_plans",),
            is_shown=_may_read_plans,
            under=ROUNDS,
            start=lambda page: page.show_list(),
            help=ROUNDS,
            group=Group.DAILY,
        ),
        Page(
            SHEETS,
            N_("Printed sheets"),
            "print",
            _make_sheets,
            modules=("fuyuan_desk.inspections.controller.sheets_out",),
            under=ROUNDS,
            start=lambda page: page.show_list(),
            help=ROUNDS,
            group=Group.DAILY,
        ),
    ),
    records=(
        Record(
            VISIT, PAGE, lambda page, key: page.open_visit(key), _describe, by_uid=_by_uid, found_by=_fields
        ),
        Record(
            SHEET,
            PAGE,
            lambda page, key: page.open_sheet(key),
            _describe_sheets,
            by_uid=_sheet_by_uid,
            found_by=_sheet_fields,
        ),
        Record(
            CHECKLIST,
            CHECKLISTS,
            lambda page, key: page.open_version(key),
            _describe_versions,
            is_searched=False,
        ),
        Record(ROUND, ROUNDS, lambda page, key: page.open_round(key), _describe_rounds, is_searched=False),
        Record(
            ROUND_PLAN, PLANS, lambda page, key: page.open_record(key), _describe_plans, found_by=_plan_fields
        ),
    ),
    tables=("fuyuan_desk.inspections.records",),
    ties={"estates": _tie_to_estates},
    drafts={
        "visit": PAGE,
        "visit_report": PAGE,
        "visit_correction": PAGE,
        "checklist": CHECKLISTS,
        "round_plan": PLANS,
        "round_skip": ROUNDS,
        "sheet_withdraw": SHEETS,
    },
    draft_forms={
        "visit": DraftForm(N_("New visit"), N_("New visit"), "visit", place="subject"),
        "visit_report": DraftForm(N_("Report of"), N_("Report of"), "visit"),
        "visit_correction": DraftForm(N_("Correction of"), N_("Correction of"), "visit"),
        "checklist": DraftForm(N_("Checklist"), N_("Checklist"), "checklist", opens=False),
        "round_plan": DraftForm(N_("Plan of rounds"), N_("New plan of rounds"), "round_plan", opens=False),
        "round_skip": DraftForm(N_("Leaving out"), N_("Leaving out"), "planned_round", opens=False),
        "sheet_withdraw": DraftForm(N_("Writing off"), N_("Writing off"), "sheet", opens=False),
    },
    acts={
        "inspections.round": _round,
        "inspections.again": _again,
        "inspections.report": _report,
        "rounds.show": _show_plan,
        "sheets.of": _show_sheets,
    },
    dues=Dues(
        frozenset({"estate", "visit", "visit_result", "planned_round", "round_plan", "printed_sheet"}),
        _tasks,
        _figures,
        ("fuyuan_desk.inspections.service.dues",),
    ),
    prints=(Print(PRINT, _subjects, _draw),),
    files=(FilePart(N_("Inspections"), None, _file_of_estate),),
    sample=_sample,
    tour=_tour,
    checks=(Check(N_("Paper and QR"), _check),),
    at_start=_plan_rounds,
)
