"""Files of homes and estates (一户一档, 一小区一档): everything known across jobs, on a page and as a paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Group, Job, Page, PageController, Shell, Tour

PAGE = "files"
_ESTATES = "estates"


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.dossiers.controller import FilesController

    def show_estates() -> None:
        shell.go(_ESTATES)

    parts = [part for job in shell.jobs for part in job.files]
    return FilesController(shell.desk, parts, lambda: shell.back_or(show_estates), show_estates)


def _tie_to_estates(page: Any, shell: Shell) -> None:
    page.unit_file_requested.connect(lambda unit_id: shell.go(PAGE).open_unit(unit_id))
    page.estate_file_requested.connect(lambda estate_id: shell.go(PAGE).open_estate(estate_id))


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.dossiers.tour import walk

    return walk(tour)


JOB = Job(
    "dossiers",
    pages=(
        Page(
            PAGE,
            N_("File"),
            "document",
            _make_page,
            ("fuyuan_desk.dossiers.controller",),
            under=_ESTATES,
            group=Group.RECORDS,
        ),
    ),
    ties={_ESTATES: _tie_to_estates},
    tour=_tour,
)
