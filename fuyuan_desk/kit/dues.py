"""What of a book is due, for the page “Today”: each book with a part that says `filter="due"` has such tasks."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.table import Table

Say = Callable[[Line[Any], date], tuple[str, str]]
"""say(line, due): the place of a record, beside its name, and what is to be done about it."""


def due_tasks(
    table: Table[Any, Any], session: Session, today: date, topic: Topic, page: str, say: Say
) -> list[Task]:
    """List the records that are overdue, or due within the time that their part announces them."""
    book = table.book()
    part = next(part for part in book.fields if part.filter == "due")
    lines = table.find(session, BookQuery(facets={part.name: (None, today + part.ahead)}), limit=-1).rows
    tasks = []
    for line in lines:
        due = getattr(line.fields, part.name)
        place, detail = say(line, due)
        is_late = due < today
        tasks.append(
            Task(
                book.kind.name, line.id, f"{book.name(line.fields)}  {place}".strip(), detail, due, is_late,
                Severity.URGENT if is_late else Severity.NORMAL, topic, page,
            )
        )  # fmt: skip
    return tasks
