"""The checks of the self-test, in the order of their numbers."""

from functools import partial

from fuyuan_desk.cli.self_test import desk, installation, office, tables
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Check

BLOCKED = N_(
    "Allow Fuyuan Desk in the antivirus program, restart the PC and test again; if it fails again, install the "
    "program again."
)
PRINTING = N_("Restart the PC and look at the printers in its settings; until then save papers as PDF files.")


def all_checks(progress: Progress) -> tuple[Check, ...]:
    """Return the checks; those that wait for a process stop with `Cancelled` when `progress` is cancelled."""
    return (
        Check(N_("Installed files"), partial(installation.files, progress=progress)),
        Check(N_("Program code"), installation.modules),
        Check(N_("Resources"), installation.resources),
        Check(N_("Fonts"), installation.characters),
        Check(N_("Languages"), installation.languages),
        Check(N_("Encrypted store"), office.store),
        Check(N_("Process for foreign files"), tables.child_process, BLOCKED),
        Check(N_("Excel files"), tables.workbooks, BLOCKED),
        *_checks_of_jobs(),
        Check(N_("Window"), desk.window),
        Check(N_("Lock and start anew"), partial(desk.relaunch, progress=progress), BLOCKED),
        Check(N_("Second start"), partial(desk.second_start, progress=progress), BLOCKED),
        Check(N_("Printers"), desk.printers, PRINTING),
    )


def _checks_of_jobs() -> tuple[Check, ...]:
    try:
        from fuyuan_desk.shell.jobs import JOBS
    except ImportError:  # the check of the program code names what is missing
        return ()
    return tuple(check for job in JOBS for check in job.checks)
