"""Backups (备份)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Check, Job, Shell, Tab, Tour
from fuyuan_desk.office.job import PAGE as SETTINGS

if TYPE_CHECKING:
    from fuyuan_desk.store.check import Finding


def _make_tab(shell: Shell) -> Any:
    from fuyuan_desk.backups.controller.backup import BackupController
    from fuyuan_desk.office.service.office_key import Reason

    tab = BackupController(shell.desk, shell.backup_scheduler, shell.layouts)
    tab.restore_requested.connect(shell.requests.restore)
    tab.key_change_requested.connect(lambda: shell.go(SETTINGS).change_key(Reason.LOST))
    return tab


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.backups.tour import walk

    return walk(tour)


def _check_backups(seat: Seat) -> Finding:
    from fuyuan_desk.backups.service.reach import check_backups

    return check_backups(seat)


def _check(folder: Path) -> str:
    from fuyuan_desk.backups import self_test

    return self_test.check(folder)


JOB = Job(
    "backups",
    tabs=(Tab("backup", N_("Backup"), _make_tab),),
    tables=("fuyuan_desk.backups.records",),
    office_checks=(_check_backups,),
    tour=_tour,
    checks=(Check(N_("Backup and restore"), _check),),
)
