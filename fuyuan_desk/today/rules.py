"""In which order what is due is shown, and how it is counted."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _


class Group(StrEnum):
    """The heading a task stands under."""

    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"


_LABELS = {
    Group.OVERDUE: N_("Overdue"),
    Group.DUE: N_("Due today"),
    Group.WAITING: N_("Waiting"),
}


def label(group: Group) -> str:
    """Name a heading in the language of the screen."""
    return _(_LABELS[group])


def group_of(task: Task, today: date) -> Group:
    """Return the heading that a task stands under."""
    if task.overdue:
        return Group.OVERDUE
    return Group.DUE if task.due is not None and task.due <= today else Group.WAITING


def in_order(tasks: Iterable[Task], today: date) -> tuple[Task, ...]:
    """Sort tasks: what is overdue first, then by urgency, day, topic and title."""
    groups = list(Group)

    def rank(task: Task) -> tuple[int, int, date, int, str]:
        group = groups.index(group_of(task, today))
        return group, -task.severity, task.due or date.max, task.topic.rank, task.title

    return tuple(sorted(tasks, key=rank))


def counts(tasks: Iterable[Task], today: date) -> dict[str, int]:
    """Count by page what is overdue or due today, and all of it for the page of today."""
    counted = {"today": 0}
    for task in tasks:
        if group_of(task, today) is not Group.WAITING:
            counted["today"] += 1
            counted[task.page] = counted.get(task.page, 0) + 1
    return counted
