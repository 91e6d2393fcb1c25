"""Diagnostics (诊断): a support report without personal data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Job, Shell, Tab, Tour


def _make_tab(shell: Shell) -> Any:
    from fuyuan_desk.diagnostics.controller import DiagnosticsController

    return DiagnosticsController(shell.desk)


def _tour(tour: Tour) -> Iterator[Path]:
    safety = tour.go("safety")
    safety.show_tab("diagnostics")
    safety.tab("diagnostics").page.make_requested.emit()
    yield tour.picture("diagnostics")
    safety.show_tab("backup")


JOB = Job("diagnostics", tabs=(Tab("diagnostics", N_("Diagnostics"), _make_tab),), tour=_tour)
