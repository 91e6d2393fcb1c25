"""Importing rosters (名册): lists of households that an office has in Excel."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Check, Group, Job, Page, PageController, SampleOffice, Shell, Tour

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE = "import"
_ESTATES = "estates"


def _may_import(desk: "Desk") -> bool:
    return desk.can_write


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.roster.controller.imports import ImportController

    page = ImportController(shell.desk, shell.layouts)
    page.estate_opened.connect(lambda estate: shell.open_record("estate", estate))
    page.record_opened.connect(shell.open_record)
    page.back_requested.connect(lambda: shell.go(_ESTATES))
    return page


def _tie_to_import(page: Any, shell: Shell) -> None:
    page.import_requested.connect(lambda: shell.go(PAGE).begin())


def _finish_imports(seat: Seat) -> None:
    from fuyuan_desk.roster.service.finish import finish_imports

    finish_imports(seat)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.roster.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.roster.tour import walk

    return walk(tour, PAGE)


def _check(folder: Path) -> str:
    from fuyuan_desk.roster.self_test import check

    return check(folder)


JOB = Job(
    "roster",
    pages=(
        Page(
            PAGE,
            N_("Roster import"),
            "import",
            _make_page,
            modules=("fuyuan_desk.roster.controller.imports",),
            is_shown=_may_import,
            under=_ESTATES,
            group=Group.RECORDS,
        ),
    ),
    tables=("fuyuan_desk.roster.records",),
    ties={_ESTATES: _tie_to_import, "today": _tie_to_import},
    sample=_sample,
    tour=_tour,
    checks=(Check(N_("Roster import"), _check),),
    at_start=_finish_imports,
)
