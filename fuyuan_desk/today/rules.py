"""Order, grouping and counting of due tasks."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.formats.names import half_width


class Group(StrEnum):
    """The groups of tasks, in the order in which they are shown."""

    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"


_LABELS = {
    Group.OVERDUE: N_("Overdue"),
    Group.DUE: N_("Due today"),
    Group.WAITING: N_("Waiting"),
}


def label(group: Group) -> str:
    """Return the heading of a group in the language of the screen."""
    return _(_LABELS[group])


def group_of(task: Task, today: date) -> Group:
    """Return the group of a task."""
    if task.overdue:
        return Group.OVERDUE
    return Group.DUE if task.due is not None and task.due <= today else Group.WAITING


def in_order(tasks: Iterable[Task], today: date) -> tuple[Task, ...]:
    """Sort tasks by group; what is overdue longest first, the others by urgency and day; then by topic and title."""
    groups = list(Group)

    def rank(task: Task) -> tuple[int, tuple[int, int], int, str]:
        group, day = group_of(task, today), (task.due or date.max).toordinal()
        order = (day, -task.severity) if group is Group.OVERDUE else (-task.severity, day)
        return groups.index(group), order, task.topic.rank, task.title

    return tuple(sorted(tasks, key=rank))


def counts(tasks: Iterable[Task], today: date) -> dict[str, int]:
    """Count tasks that are overdue or due today by page, and in total under "today"."""
    counted = {"today": 0}
    for task in tasks:
        if group_of(task, today) is not Group.WAITING:
            counted["today"] += 1
            counted[task.page] = counted.get(task.page, 0) + 1
    return counted


# --- search ---

_NUMBER = re.compile(r"[A-Z]{2,4}-?\d{4}-\d{4,}")
_BETWEEN = "  "  # two blanks stand between the parts of a title


def number_typed(text: str) -> str:
    """Return the number of a record if a text is one in full, such as XC2026-0005; '' for anything else."""
    typed = half_width(text).strip().upper()
    return typed if _NUMBER.fullmatch(typed) else ""


def own_number(title: str) -> str:
    """Return the number of the record with this title, '' without one."""
    return next((part for part in title.split(_BETWEEN) if _NUMBER.fullmatch(part)), "")
