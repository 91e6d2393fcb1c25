"""The audit trail (操作记录)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Job, Shell, Tab, Tour

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk
    from fuyuan_desk.store.check import Finding


def _may_review(desk: "Desk") -> bool:
    return desk.can_review


def _make_tab(shell: Shell) -> Any:
    from fuyuan_desk.audit.controller import TrailController

    records = [record for job in shell.jobs for record in job.records]
    return TrailController(shell.desk, shell.layouts, records)


def _check_records(seat: Seat) -> "Finding":
    from fuyuan_desk.audit.service.records import check_records

    return check_records(seat)


def _finish_cleaning(seat: Seat) -> None:
    from fuyuan_desk.audit.service.reindex import finish_cleaning

    finish_cleaning(seat)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.audit.tour import walk

    return walk(tour)


JOB = Job(
    "audit",
    tabs=(Tab("trail", N_("Audit log"), _make_tab, _may_review, lambda tab: tab.on_shown()),),
    tables=("fuyuan_desk.store.audit.log", "fuyuan_desk.store.db.attachments"),
    office_checks=(_check_records,),
    at_start=_finish_cleaning,
    tour=_tour,
)
