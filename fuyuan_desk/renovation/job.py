"""Renovation (装修): filing, judging, the course of a case, its sheets."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Choice, Dues, FilePart, Print, Reader, Record
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.inspections.facts import Subject
    from fuyuan_desk.paper.document import Printed

PAGE = "renovation"
REGISTRATION = "registration"
_INSPECTIONS, _INSPECTION_SHEET = "inspections", "inspection-sheet"
_MODULES = (
    "fuyuan_desk.renovation.controller.cases",
    "fuyuan_desk.inspections.controller.log",
    "fuyuan_desk.inspections.controller.report",
)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.inspections.controller.log import VisitLogSection
    from fuyuan_desk.inspections.controller.report import ask_report
    from fuyuan_desk.renovation.controller.cases import RenovationController

    page = RenovationController(shell.desk, shell.layouts)

    def make_visit_log() -> VisitLogSection:
        visits = VisitLogSection(shell.desk, shell.layouts)
        visits.visit_opened.connect(lambda visit: shell.open_record("visit", visit))
        return visits

    page.use_visit_log(make_visit_log)
    page.visit_requested.connect(lambda subject: shell.go(_INSPECTIONS).log_visit(subject))
    page.visit_opened.connect(lambda visit: shell.open_record("visit", visit))
    page.report_requested.connect(lambda visit: ask_report(shell.desk, page.page, visit, lambda _visit: None))
    page.home_requested.connect(lambda unit: shell.open_record("unit", unit))
    page.estate_requested.connect(lambda estate: shell.go("estates").edit_protection(estate))
    return page


def _tie_to_estates(page: Any, shell: Shell) -> None:
    from fuyuan_desk.estates.rules.room_states import RoomStates
    from fuyuan_desk.renovation.rules.room_states import STATES
    from fuyuan_desk.renovation.service.room_states import renovations_of_rooms

    page.renovation_requested.connect(lambda unit: shell.go(PAGE).file_for(unit))
    tables = frozenset({"renovation_case", "visit", "visit_result"})
    page.add_room_states(RoomStates("renovation", N_("Renovation"), STATES, renovations_of_rooms, tables))


def _tie_to_inspections(page: Any, _shell: Shell) -> None:
    from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

    page.use_cases(inspection_subjects)


def _tie_to_rounds(page: Any, _shell: Shell) -> None:
    from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

    page.use_cases(inspection_subjects)


def _plan_rounds(seat: Seat) -> None:
    """Plan the rounds of renovations, which the job of inspections does not know by itself."""
    from fuyuan_desk.inspections.service.round_days import plan_rounds
    from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

    plan_rounds(seat, inspection_subjects(seat))


def _do(name: str) -> Callable[[Shell, int], object]:
    """Return the function that opens a case and begins an act with it."""
    return lambda shell, case_id: shell.go(PAGE).open_case(case_id, name)


def _visit(shell: Shell, case_id: int) -> None:
    """Open the form of a visit to a site."""
    from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

    if not shell.desk.can_visit:
        shell.open_record(CASE.name, case_id)
        return
    shell.desk.run(
        inspection_subjects,
        [case_id],
        done=lambda subjects: shell.go(_INSPECTIONS).log_visit(subjects[0]),
        failed=lambda _refusal: shell.open_record(CASE.name, case_id),
    )


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.renovation.service.for_other_jobs import case_outlines

    return case_outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.renovation.service.search_entries import case_fields

    return case_fields(session, ids)


def _by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.renovation.service.for_other_jobs import case_of_uid

    return case_of_uid(session, uid)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.renovation.service.dues import tasks

    return tasks(session, today)


def _figures(session: Session, today: date) -> list[Figure]:
    from fuyuan_desk.renovation.service.dues import figures

    return figures(session, today)


def _chosen(seat: Seat, choice: Choice) -> list[int]:
    from fuyuan_desk.renovation.service.choice import chosen_cases

    return chosen_cases(seat, choice)


def _subjects(seat: Seat, choice: Choice) -> "Sequence[Subject]":
    """Return the sites for a batch of inspection sheets: of one case, or all; none if an estate is chosen."""
    from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

    return () if choice.estate_id is not None else inspection_subjects(seat, _chosen(seat, choice))


def _draw(seat: Seat, ids: Sequence[int], choice: Choice) -> "Printed":
    from fuyuan_desk.office.service.settings import read_settings
    from fuyuan_desk.renovation.service.sheet_data import registration_sheets
    from fuyuan_desk.renovation.sheets import registration_form

    if not ids and choice.estate_id is not None:
        raise NotFound(_("No renovation is registered in {estate}.").format(estate=choice.estate))
    if not ids:
        raise NotFound(_("No renovation is registered yet."))
    return registration_form(registration_sheets(seat, ids), read_settings(seat).heading, seat.today())


def _file_of_unit(session: Session, unit_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.renovation.service import renovation_file

    return renovation_file.of_unit(session, unit_id, reader)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.renovation.service import renovation_file

    return renovation_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.renovation.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.renovation.tour import walk

    return walk(tour)


_DIALOGS = {  # the acts that ask for something first; `controller/progress.py` keeps their drafts
    "renovation_start": N_("Start of the work"),
    "renovation_close": N_("Closing"),
    "renovation_undo_start": N_("Undoing the start"),
    "renovation_reopen": N_("Reopening"),
}

JOB = Job(
    "renovation",
    pages=(
        Page(
            PAGE,
            N_("Renovation"),
            "renovation",
            _make_page,
            modules=_MODULES,
            start=lambda page: page.show_list(),
            group=Group.SPECIAL,
        ),
    ),
    records=(
        Record(
            CASE, PAGE, lambda page, key: page.open_case(key), _describe, by_uid=_by_uid, found_by=_fields
        ),
    ),
    tables=("fuyuan_desk.renovation.records",),
    ties={
        "estates": _tie_to_estates,
        _INSPECTIONS: _tie_to_inspections,
        "rounds": _tie_to_rounds,
        "round-plans": _tie_to_rounds,
    },
    drafts=dict.fromkeys(("renovation", *_DIALOGS), PAGE),
    draft_forms={
        "renovation": DraftForm(N_("Renovation"), N_("New renovation"), "case", place="home"),
        **{name: DraftForm(title, title, "case") for name, title in _DIALOGS.items()},
    },
    dues=Dues(
        frozenset({"renovation_case", "renovation_work", "renovation_document", "visit"}),
        _tasks,
        _figures,
        ("fuyuan_desk.renovation.service.dues",),
    ),
    acts={
        "renovation.edit": _do("edit"),
        "renovation.receive": _do("receive"),
        "renovation.start": _do("start"),
        "renovation.end": _do(""),
        "renovation.visit": _visit,
    },
    prints=(Print(REGISTRATION, _chosen, _draw), Print(_INSPECTION_SHEET, _subjects)),
    files=(FilePart(N_("Renovation"), _file_of_unit, _file_of_estate),),
    sample=_sample,
    tour=_tour,
    at_start=_plan_rounds,
)
