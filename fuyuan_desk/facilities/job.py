"""Facilities (设施): lifts, cameras, detectors and what else stands in the estates."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader, Record
from fuyuan_desk.store.search.reasons import Field

PAGE = "facilities"


# the dialogs of checks stand over their facility, which need not be shown: `controller.py` opens them
_FORMS = {
    FACILITY.name: DraftForm(
        N_("Facility"),
        N_("New facility"),
        FACILITY.name,
        "estate",
        opens=False,
        in_detail=True,
        place="estate_id",
    ),
    "facility_check": DraftForm(
        N_("Check of"), N_("New check"), FACILITY.name, FACILITY.name, in_detail=True
    ),
    "facility_check_change": DraftForm(N_("Check of"), N_("Check of"), FACILITY.name, in_detail=True),
    "check_interval": DraftForm(
        N_("Interval of checks"), N_("Interval of checks"), FACILITY.name, in_detail=True
    ),
}


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.facilities.controller import facilities_page

    return facilities_page(shell.desk, shell.layouts)


def _tie_to_estates(page: Any, shell: Shell) -> None:
    from fuyuan_desk.facilities.controller import facilities_page

    page.add_section(
        _("Facilities"),
        lambda: facilities_page(shell.desk, shell.layouts, in_estate=True),
        forms=tuple(_FORMS),
    )


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.facilities.service.facilities import TABLE

    return TABLE.outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.facilities.service.facilities import TABLE

    return TABLE.found_by(session, ids)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.facilities.service.dues import tasks

    return tasks(session, today)


def _file_of_unit(session: Session, unit_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.facilities.service import facility_file

    return facility_file.of_unit(session, unit_id, reader)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.facilities.service import facility_file

    return facility_file.of_estate(session, estate_id, reader)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.facilities.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    tour.go(PAGE).open_record(tour.known.get("facility", 1))
    yield tour.picture("facilities")


JOB = Job(
    "facilities",
    pages=(
        Page(
            PAGE,
            N_("Facilities"),
            "facility",
            _make_page,
            modules=("fuyuan_desk.facilities.controller",),
            start=lambda page: page.show_list(),
            group=Group.RECORDS,
        ),
    ),
    records=(Record(FACILITY, PAGE, lambda page, key: page.open_record(key), _describe, found_by=_fields),),
    tables=("fuyuan_desk.facilities.records",),
    ties={"estates": _tie_to_estates},
    drafts=dict.fromkeys(_FORMS, PAGE),
    draft_forms=_FORMS,
    dues=Dues(
        frozenset({"facility", "estate", "building"}),
        _tasks,
        modules=("fuyuan_desk.facilities.service.dues",),
    ),
    files=(FilePart(N_("Facilities"), _file_of_unit, _file_of_estate),),
    sample=_sample,
    tour=_tour,
)
