"""Tasks of calls for the page “Today”: who is to be called on, by tag, and what follows from calls."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import role_in
from fuyuan_desk.calls.facts import CallFields, DueFields
from fuyuan_desk.calls.rules import CALL_DUE, FOLLOW_UP, task_detail, task_title
from fuyuan_desk.calls.service.calls import TABLE
from fuyuan_desk.calls.service.due import due_lines
from fuyuan_desk.core.dues import Severity, Task
from fuyuan_desk.estates.kinds import TAG
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.dues import due_tasks

_PAGE = "calls"


def tasks(session: Session, today: date) -> list[Task]:
    """List those to be called on, one line for each tag that the operator may see, and open follow-ups."""
    due: dict[int, list[Line[DueFields]]] = defaultdict(list)
    for line in due_lines(session, role_in(session), today):
        if line.fields.due_on <= today and line.fields.tag_id is not None:
            due[line.fields.tag_id].append(line)
    return [*(_task(tag_id, lines, today) for tag_id, lines in due.items()), *_follow_ups(session, today)]


def _task(tag_id: int, lines: list[Line[DueFields]], today: date) -> Task:
    never = sum(line.fields.last_on is None for line in lines)
    earliest = min(line.fields.due_on for line in lines)
    is_late = earliest < today
    return Task(
        kind=TAG.name,
        record_id=tag_id,
        title=task_title(lines[0].names["tag_id"], len(lines)),
        detail=task_detail(never, (today - earliest).days),
        due=earliest,
        overdue=is_late,
        severity=Severity.URGENT if is_late else Severity.NORMAL,
        topic=CALL_DUE,
        page=_PAGE,
        office_only=True,
        act="calls.due",
    )


def _follow_ups(session: Session, today: date) -> list[Task]:
    def say(line: Line[CallFields], _due: date) -> tuple[str, str]:
        return line.extra["home"], line.fields.follow_up

    found = due_tasks(TABLE, session, today, FOLLOW_UP, _PAGE, say)
    return [replace(task, office_only=True) for task in found]
