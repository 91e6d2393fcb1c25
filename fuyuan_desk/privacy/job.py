"""Personal data (个人信息): reports for a person, anonymising, erasing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Job, Shell, Tab, Tour

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk


def _may_reveal(desk: "Desk") -> bool:
    return desk.can_reveal


def _make_tab(shell: Shell) -> Any:
    from fuyuan_desk.privacy.controller import PeopleController

    return PeopleController(shell.desk, shell.layouts)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.privacy.tour import walk

    return walk(tour)


JOB = Job(
    "privacy",
    tabs=(Tab("people", N_("Personal data"), _make_tab, _may_reveal, lambda tab: tab.on_shown()),),
    tour=_tour,
)
