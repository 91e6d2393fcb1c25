"""Tasks of facilities for the page “Today”."""

from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Task
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.service.facilities import TABLE
from fuyuan_desk.kit.dues import due_tasks


def tasks(session: Session, today: date) -> list[Task]:
    """List the checks that are overdue or due soon; scrapped facilities are not checked."""
    return due_tasks(
        TABLE, session, today, rules.CHECK_DUE, "facilities",
        lambda line, due: (line.names["estate_id"] + line.names["building_id"], rules.check_detail(line.fields, due)),
    )  # fmt: skip
