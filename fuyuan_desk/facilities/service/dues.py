"""Tasks of facilities for the page “Today”."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Severity, Task
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.facilities import catalogue, rules
from fuyuan_desk.facilities.book import name
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.service import schedule
from fuyuan_desk.facilities.service.facilities import TABLE
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.dues import due_tasks

_PAGE = "facilities"


def tasks(session: Session, today: date) -> list[Task]:
    """List what is overdue or due soon, and what was never recorded; scrapped facilities are not checked.

    Once a check of a facility is recorded, each of its statutory items is a task of its own.
    """
    by_hand = due_tasks(
        TABLE, session, today, rules.CHECK_DUE, _PAGE,
        lambda line, due: (_place(line), rules.check_detail(line.fields, due)),
    )  # fmt: skip
    lines = _lines_within(session, today)
    known = schedule.dues_by_checks(
        session, [schedule.Facts(line.id, line.fields.kind, line.fields.installed_on) for line in lines]
    )
    return [
        *(task for task in by_hand if task.record_id not in known),
        *(
            _task(line, due, today)
            for line in lines
            for due in known.get(line.id, ())
            if due.announced_on <= today
        ),
        *_unrecorded(session),
    ]


def _lines_within(session: Session, today: date) -> Sequence[Line[FacilityFields]]:
    """Return the facilities of which an item may be announced: the next check is the earliest of its items."""
    ahead = timedelta(days=max(item.days_ahead for item in catalogue.items().values()))
    query = BookQuery(facets={"next_check_on": (None, today + ahead)})
    return TABLE.find(session, query, limit=-1).rows


def _task(line: Line[FacilityFields], due: schedule.Due, today: date) -> Task:
    is_late = due.due < today
    return Task(
        kind=FACILITY.name,
        record_id=line.id,
        title=f"{name(line.fields)}  {_place(line)}".strip(),
        detail=rules.item_detail(due.item, line.fields.company, due.due),
        due=due.due,
        overdue=is_late,
        severity=Severity.URGENT if is_late else Severity.NORMAL,
        topic=rules.CHECK_DUE,
        page=_PAGE,
        part=due.item.key,
    )


def _unrecorded(session: Session) -> Iterator[Task]:
    kinds = {item.kind for item in catalogue.items().values()}
    query = select(Facility.id).where(
        Facility.kind.in_(kinds),
        Facility.next_check_on.is_(None),
        Facility.state.not_in(rules.NOT_IN_SERVICE),
    )
    found = session.scalars(query.order_by(Facility.id)).all()
    if found:
        yield Task(
            kind=FACILITY.name,
            record_id=found[0],
            title=numbered(
                len(found),
                N_("Statutory checks of {n} facility are not recorded"),
                N_("Statutory checks of {n} facilities are not recorded"),
            ),
            detail=_("Record the last check, and the desk announces the next."),
            due=None,
            overdue=False,
            severity=Severity.QUIET,
            topic=rules.CHECK_DUE,
            page=_PAGE,
            office_only=True,
        )


def _place(line: Line[FacilityFields]) -> str:
    return line.names["estate_id"] + line.names["building_id"]
