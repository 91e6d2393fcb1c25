"""Backups (备份)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Job, Shell, Tab, Tour


def _make_tab(shell: Shell) -> Any:
    from fuyuan_desk.backups.controller.backup import BackupController

    tab = BackupController(shell.desk, shell.backup_scheduler, shell.layouts)
    tab.restore_requested.connect(shell.requests.restore)
    return tab


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.backups.tour import walk

    return walk(tour)


JOB = Job(
    "backups",
    tabs=(Tab("backup", N_("Backup"), _make_tab),),
    tables=("fuyuan_desk.backups.records",),
    tour=_tour,
)
