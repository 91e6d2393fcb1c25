"""Reports (月报): the figures of a month or a year, on the screen, on paper and in Excel."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Group, Job, Page, PageController, Shell, Tour

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE = "month-book"
_INSPECTIONS = "inspections"


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.reports.controller import MonthBookController

    page = MonthBookController(shell.desk)
    page.left.connect(lambda: shell.back_or(lambda: shell.go(_INSPECTIONS)))
    return page


def _tie_to_inspections(page: Any, shell: Shell) -> None:
    """Add a button that opens the month book to the page of inspections."""
    page.figures_requested.connect(lambda: shell.go(PAGE))
    page.figures_button.setVisible(_may_read(shell.desk))


def _may_read(desk: "Desk") -> bool:
    from fuyuan_desk.reports.service.books import read_figures

    return desk.may(read_figures)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.reports.tour import walk

    return walk(tour)


JOB = Job(
    "reports",
    pages=(
        Page(
            PAGE,
            N_("Month book"),
            "calendar",
            _make_page,
            ("fuyuan_desk.reports.controller",),
            is_shown=_may_read,
            under=_INSPECTIONS,
            help=_INSPECTIONS,
            group=Group.DAILY,
        ),
    ),
    ties={_INSPECTIONS: _tie_to_inspections},
    tour=_tour,
)
