"""The first page (今日), with the due tasks of all jobs, and the help."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Group, Job, Page, PageController, Shell, Tour

PAGE = "today"


def open_task(shell: Shell, task: Task) -> None:
    """Begin a task: by the act that it names, else by opening its record, or its page."""
    act = next((job.acts[task.act] for job in shell.jobs if task.act in job.acts), None)
    if act is not None:
        act(shell, task.record_id)
    elif task.record_id:
        shell.open_record(task.kind, task.record_id)
    else:
        shell.go(task.page)


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.today.controller.today import TodayController

    page = TodayController(shell.desk, [job.dues for job in shell.jobs if job.dues is not None])
    page.task_opened.connect(lambda task: open_task(shell, task))
    page.counted.connect(shell.show_counts)
    page.sample_requested.connect(shell.requests.sample)
    return page


JOB = Job(
    "today",
    pages=(
        Page(
            PAGE, N_("Today"), "today", _make_page, ("fuyuan_desk.today.controller.today",), group=Group.TOP
        ),
    ),
)


def _make_help(_shell: Shell) -> PageController:
    from fuyuan_desk.today.controller.help import HelpController

    return HelpController()


def _tour_help(tour: Tour) -> Iterator[Path]:
    tour.go("help")
    yield tour.picture("help")


HELP = Job(
    "help",
    pages=(
        Page(
            "help", N_("Help"), "help", _make_help, ("fuyuan_desk.today.controller.help",), group=Group.BOTTOM
        ),
    ),
    tour=_tour_help,
)
